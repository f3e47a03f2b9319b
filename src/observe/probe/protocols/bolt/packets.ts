/** Neo4j, "Bolt Protocol": handshake and message HELLO; "PackStream". */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** Offers, best first: range, minor, major. From 5.1 on HELLO carries no credentials any more. */
const OFFERS = [
  [0, 6, 7, 5],
  [0, 0, 0, 5],
  [0, 4, 4, 4],
  [0, 0, 0, 3],
];

export function encodeHandshake(): Uint8Array {
  return Uint8Array.of(0x60, 0x60, 0xb0, 0x17, ...OFFERS.flat());
}

export interface BoltVersion {
  readonly major: number;
  readonly minor: number;
}

/** Four bytes, which must be one of those offered. */
export function parseVersion(received: Uint8Array): Reading<BoltVersion> {
  const [first = 0, second = 0, minor, major] = received;
  if (first !== 0 || second !== 0 || received.length > 4) return undefined;
  if (minor === undefined || major === undefined) return 'more';
  const isOffered = OFFERS.some(
    ([, range = 0, highest = 0, one]) => one === major && minor <= highest && minor >= highest - range,
  );
  return isOffered ? { major, minor } : undefined;
}

/** A message in one chunk: HELLO with the names of the program, no user. */
export function encodeHello(): Uint8Array {
  const agent = [...text('user_agent'), ...text('sekisho/1')];
  const message = [
    0xb1,
    0x01,
    0xa2,
    ...agent,
    ...text('bolt_agent'),
    0xa1,
    ...text('product'),
    ...text('sekisho/1'),
  ];
  return Uint8Array.of(0, message.length, ...message, 0, 0);
}

function text(value: string): readonly number[] {
  return [0x80 + value.length, ...Buffer.from(value, 'latin1')];
}

const SUCCESS = 0x70;
const FAILURE = 0x7f;

export interface HelloAnswer {
  readonly isSuccess: boolean;
  /** Texts of the outermost map: server, connection_id, code, message. */
  readonly texts: ReadonlyMap<string, string>;
}

export function parseHelloAnswer(received: Uint8Array): Reading<HelloAnswer> {
  const reader = new ByteReader(received);
  const length = reader.u16();
  const message = new ByteReader(reader.take(length));
  if (reader.short) return received.length > 2 && received[2] !== 0xb1 ? undefined : 'more';
  const isStructure = message.u8() === 0xb1;
  const kind = message.u8();
  const texts = readMap(message);
  if (!isStructure || (kind !== SUCCESS && kind !== FAILURE) || texts === undefined || message.short)
    return undefined;
  return { isSuccess: kind === SUCCESS, texts };
}

/** Stops at the first value that is no text: what is wanted stands before it. */
function readMap(reader: ByteReader): ReadonlyMap<string, string> | undefined {
  const marker = reader.u8();
  if (marker < 0xa0 || marker > 0xaf) return undefined;
  const texts = new Map<string, string>();
  for (let left = marker - 0xa0; left > 0; left -= 1) {
    const name = readText(reader);
    const value = name === undefined ? undefined : readText(reader);
    if (name === undefined || value === undefined) break;
    texts.set(name, value);
  }
  return texts;
}

function readText(reader: ByteReader): string | undefined {
  const marker = reader.u8();
  if (marker >= 0x80 && marker <= 0x8f) return reader.latin1(marker - 0x80);
  if (marker === 0xd0) return reader.latin1(reader.u8());
  return marker === 0xd1 ? reader.latin1(reader.u16()) : undefined;
}
