import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';
import { boundedBytes } from '../fields.ts';

const MAGIC_COOKIE = 0x2112a442;
const TRANSACTION = Buffer.from('sekisho-stun', 'latin1');
const HEADER = 20;
const MAX_LENGTH = 2048;
const SUCCESS = 0x0101;
const ERROR = 0x0111;

/** Binding request without attributes, RFC 8489 §2 and §5. */
export function encodeBinding(): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(0x0001, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  return Buffer.concat([header, TRANSACTION]);
}

export interface Binding {
  readonly isSuccess: boolean;
  /** SOFTWARE (§14.14), and addresses of the server that it names itself: OTHER-ADDRESS, RESPONSE-ORIGIN (RFC 5780 §7). */
  readonly software?: string;
  readonly otherAddress?: string;
  readonly origin?: string;
}

const SOFTWARE = 0x8022;
const RESPONSE_ORIGIN = 0x802b;
const OTHER_ADDRESS = 0x802c;

/** Answer to a Binding request, all its attributes whole (RFC 8489 §5 and §14). */
export function parseBinding(received: Uint8Array): Reading<Binding> {
  const reader = new ByteReader(received);
  const type = reader.u16();
  const length = reader.u16();
  const cookie = reader.u32();
  if (reader.short) return isStart(received) ? 'more' : undefined;
  if ((type !== SUCCESS && type !== ERROR) || cookie !== MAGIC_COOKIE) return undefined;
  if (length % 4 !== 0 || length > MAX_LENGTH) return undefined;
  if (received.length < HEADER + length) return 'more';
  return readAttributes(received.subarray(HEADER, HEADER + length), type === SUCCESS);
}

function isStart(received: Uint8Array): boolean {
  const starts = ['0101', '0111'].map((type) => Buffer.from(type, 'hex'));
  return starts.some(
    (start) => Buffer.compare(received.subarray(0, 2), start.subarray(0, received.length)) === 0,
  );
}

function readAttributes(bytes: Uint8Array, isSuccess: boolean): Binding | undefined {
  const reader = new ByteReader(bytes);
  const values = new Map<number, Uint8Array>();
  while (reader.left > 0 && !reader.short) {
    const type = reader.u16();
    const length = reader.u16();
    values.set(type, reader.take(length));
    reader.skip(Math.min(reader.left, (4 - (length % 4)) % 4));
  }
  if (reader.short) return undefined;
  const software = values.get(SOFTWARE);
  const other = addressText(values.get(OTHER_ADDRESS));
  const origin = addressText(values.get(RESPONSE_ORIGIN));
  return {
    isSuccess,
    ...(software === undefined ? {} : { software: boundedBytes(software).trim() }),
    ...(other === undefined ? {} : { otherAddress: other }),
    ...(origin === undefined ? {} : { origin }),
  };
}

/** "192.0.2.1:3478" of MAPPED-ADDRESS and its kin (§14.1), IPv4 only. */
function addressText(value: Uint8Array | undefined): string | undefined {
  if (value?.length !== 8 || value[1] !== 1) return undefined;
  const reader = new ByteReader(value);
  reader.skip(2);
  const port = reader.u16();
  return `${reader.take(4).join('.')}:${port}`;
}
