/** AMQP 0-9-1 (sections 2.2.4 and 4.2) and AMQP 1.0 (parts 2.2 and 5.3.3). */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** Protocol headers by what they begin: the four bytes after "AMQP". */
const HEADERS = {
  '0-9-1': [0, 0, 9, 1],
  '1.0': [0, 1, 0, 0],
  '1.0-tls': [2, 1, 0, 0],
  '1.0-sasl': [3, 1, 0, 0],
  '0-10': [1, 1, 0, 10],
  '0-9': [1, 1, 0, 9],
  '0-8': [1, 1, 8, 0],
} as const;
export type Version = keyof typeof HEADERS;
const VERSIONS = Object.entries(HEADERS) as readonly [Version, readonly number[]][];

export function encodeHeader(version: Version): Uint8Array {
  return Uint8Array.of(0x41, 0x4d, 0x51, 0x50, ...HEADERS[version]);
}

/** Eight bytes: the version that the server speaks, sent when the client asked for another. */
export function parseHeader(received: Uint8Array): Reading<Version> {
  const start = Buffer.from('AMQP', 'latin1');
  if (received.subarray(0, 4).some((byte, at) => byte !== start[at])) return undefined;
  if (received.length < 8) return 'more';
  const found = VERSIONS.find(([, bytes]) => bytes.every((byte, at) => received[4 + at] === byte));
  return found?.[0];
}

export interface Start {
  /** "0-9" as the frame gives it; "8-0" of servers of the first version. */
  readonly version: string;
  /** Texts among the server properties: product, version, platform, cluster_name … */
  readonly properties: ReadonlyMap<string, string>;
  readonly mechanisms: readonly string[];
}

const METHOD_FRAME = 1;
const FRAME_END = 0xce;
const MAX_FRAME = 16_384;

/** The method connection.start in its frame. */
export function parseStart(received: Uint8Array): Reading<Start> {
  const reader = new ByteReader(received);
  const type = reader.u8();
  const channel = reader.u16();
  const size = reader.u32();
  if (received.length > 0 && type !== METHOD_FRAME) return undefined;
  if (reader.short) return 'more';
  if (channel !== 0 || size < 14 || size > MAX_FRAME) return undefined;
  const body = new ByteReader(reader.take(size));
  const end = reader.u8();
  // The first bytes decide at once, so that nobody is waited for who declares a long frame of something else.
  if (body.u16() !== 10 || body.u16() !== 10) return body.short ? 'more' : undefined;
  if (reader.short) return 'more';
  return end === FRAME_END ? readStart(body) : undefined;
}

function readStart(body: ByteReader): Start | undefined {
  const version = `${body.u8()}-${body.u8()}`;
  const properties = readTexts(body.take(body.u32()));
  const mechanisms = body.latin1(body.u32());
  body.take(body.u32());
  if (body.short || properties === undefined || !/^(?:0-9|0-10|8-0)$/.test(version)) return undefined;
  return { version, properties, mechanisms: mechanisms.split(' ').filter((one) => one !== '') };
}

/** Lengths of the values that are not counted, by the letter of their type (RabbitMQ, "AMQP 0-9-1 errata"). */
const LENGTHS: Readonly<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  l: 8,
  f: 4,
  d: 8,
  D: 5,
  T: 8,
  V: 0,
};

/** Long strings of a field table; everything else is passed over. */
function readTexts(table: Uint8Array): ReadonlyMap<string, string> | undefined {
  const reader = new ByteReader(table);
  const texts = new Map<string, string>();
  while (reader.left > 0) {
    const name = reader.latin1(reader.u8());
    const type = reader.latin1(1);
    const length = LENGTHS[type] ?? ('SFAx'.includes(type) ? reader.u32() : undefined);
    if (length === undefined || reader.short) return undefined;
    const value = reader.latin1(length);
    if (type === 'S') texts.set(name, value);
  }
  return reader.short ? undefined : texts;
}

/** The SASL header and the frame sasl-mechanisms behind it (AMQP 1.0, 5.3.3.1): names of mechanisms. */
export function parseMechanisms(received: Uint8Array): Reading<readonly string[]> {
  const header = parseHeader(received);
  if (header !== '1.0-sasl') return header === 'more' ? 'more' : undefined;
  const reader = new ByteReader(received.subarray(8));
  const size = reader.u32();
  const dataOffset = reader.u8();
  const type = reader.u8();
  if (reader.short) return 'more';
  if (type !== 1 || dataOffset !== 2 || size < 12 || size > 2048) return undefined;
  reader.skip(2);
  const body = reader.take(size - 8);
  return reader.short ? 'more' : readSymbols(new ByteReader(body));
}

const SASL_MECHANISMS = 0x40;
const MAX_MECHANISMS = 16;

/** A described list of one field: a symbol or an array of symbols, in their short or long forms. */
function readSymbols(body: ByteReader): readonly string[] | undefined {
  const isDescribed = body.u8() === 0 && body.u8() === 0x53 && body.u8() === SASL_MECHANISMS;
  const list = body.u8();
  body.skip(list === 0xd0 ? 8 : 2);
  if (!isDescribed || (list !== 0xc0 && list !== 0xd0) || body.short) return undefined;
  const form = body.u8();
  if (form === 0xa3) return finish(body, [body.latin1(body.u8())]);
  if (form !== 0xe0 && form !== 0xf0) return undefined;
  const isLong = form === 0xf0;
  body.skip(isLong ? 4 : 1);
  const count = Math.min(isLong ? body.u32() : body.u8(), MAX_MECHANISMS);
  const item = body.u8();
  if (item !== 0xa3 && item !== 0xb3) return undefined;
  const length = (): number => (item === 0xa3 ? body.u8() : body.u32());
  return finish(
    body,
    Array.from({ length: count }, () => body.latin1(length())),
  );
}

function finish(body: ByteReader, names: readonly string[]): readonly string[] | undefined {
  return body.short || names.some((name) => !/^[A-Z0-9_-]{1,40}$/.test(name)) ? undefined : names;
}
