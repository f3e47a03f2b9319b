import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';
import { boundedBytes } from '../fields.ts';

const LIST_IDENTITY = 0x0063;
const HEADER = 24;
const IDENTITY_ITEM = 0x000c;
const MAX_LENGTH = 1024;

/** ListIdentity (CIP volume 2, §2-4.2): a header of 24 octets with nothing else. */
export function encodeListIdentity(): Uint8Array {
  const header = Buffer.alloc(HEADER);
  header.writeUInt16LE(LIST_IDENTITY, 0);
  return header;
}

export interface Identity {
  /** ODVA vendor number. */
  readonly vendor: number;
  readonly deviceType: number;
  readonly productCode: number;
  /** "20.11" */
  readonly revision: string;
  readonly serial: number;
  readonly product: string;
  /** Address that the device has by its own account: an inner one behind a router. */
  readonly address: string;
}

/** The first identity of an answer to ListIdentity, from TCP or UDP. */
export function parseIdentity(received: Uint8Array): Reading<Identity> {
  const reader = new ByteReader(received);
  const command = reader.u16le();
  const length = reader.u16le();
  reader.skip(4);
  const status = reader.u32le();
  reader.skip(8);
  const options = reader.u32le();
  if (received.length >= 2 && command !== LIST_IDENTITY) return undefined;
  if (reader.short) return 'more';
  if (status !== 0 || options !== 0 || length < 2 || length > MAX_LENGTH) return undefined;
  if (received.length < HEADER + length) return 'more';
  return readIdentity(new ByteReader(received.subarray(HEADER, HEADER + length)));
}

function readIdentity(reader: ByteReader): Identity | undefined {
  const count = reader.u16le();
  const type = reader.u16le();
  const length = reader.u16le();
  const item = new ByteReader(reader.take(length));
  const version = item.u16le();
  const family = item.u16();
  item.skip(2);
  const address = item.take(4).join('.');
  item.skip(8);
  if (reader.short || count < 1 || type !== IDENTITY_ITEM || version !== 1 || family !== 2) return undefined;
  const vendor = item.u16le();
  const deviceType = item.u16le();
  const productCode = item.u16le();
  const revision = `${item.u8()}.${item.u8()}`;
  item.skip(2);
  const serial = item.u32le();
  const product = boundedBytes(item.take(item.u8()));
  if (item.short) return undefined;
  return { vendor, deviceType, productCode, revision, serial, product, address };
}

/** ODVA vendor numbers of makers that are met most. */
const VENDORS: Readonly<Record<number, string>> = {
  1: 'Rockwell Automation/Allen-Bradley',
  5: 'Rockwell Automation/Reliance Electric',
  26: 'Festo',
  40: 'WAGO',
  47: 'OMRON',
  90: 'HMS Industrial Networks',
  161: 'Mitsubishi Electric',
  243: 'Schneider Electric',
  283: 'Hilscher',
  356: 'Fanuc Robotics America',
  367: 'KEYENCE',
  678: 'Cognex',
  1251: 'Siemens',
};

/** @returns undefined for a number that is not in the table. */
export function vendorName(vendor: number): string | undefined {
  return VENDORS[vendor];
}
