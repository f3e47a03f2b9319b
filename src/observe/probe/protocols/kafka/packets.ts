/** Apache Kafka, "Protocol guide": ApiVersions (key 18) version 0 and Metadata (key 3) version 1. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

const API_VERSIONS = 18;
const METADATA = 3;
/** Comes back in the answer, which proves that it is one. */
const CORRELATION = 0x5ec1_5a0b;

/** Request header version 1 without a client id. */
function request(key: number, version: number, body: Uint8Array): Uint8Array {
  const packet = Buffer.alloc(14 + body.length);
  packet.writeInt32BE(packet.length - 4, 0);
  packet.writeInt16BE(key, 4);
  packet.writeInt16BE(version, 6);
  packet.writeInt32BE(CORRELATION, 8);
  packet.writeInt16BE(-1, 12);
  packet.set(body, 14);
  return packet;
}

export function encodeApiVersions(): Uint8Array {
  return request(API_VERSIONS, 0, new Uint8Array(0));
}

/** An empty list of topics: the answer holds the brokers and no topic. */
export function encodeMetadata(): Uint8Array {
  return request(METADATA, 1, new Uint8Array(4));
}

/** Key of an interface → its lowest and highest version. */
export type ApiVersions = ReadonlyMap<number, readonly [lowest: number, highest: number]>;

const MAX_APIS = 200;

export function parseApiVersions(received: Uint8Array): Reading<ApiVersions> {
  const reader = new ByteReader(received);
  const size = reader.u32();
  if (!reader.short && (size < 16 || size > 10 + 6 * MAX_APIS)) return undefined;
  const correlation = reader.u32();
  if (!reader.short && correlation !== CORRELATION) return undefined;
  const error = reader.u16();
  const count = reader.u32();
  if (reader.short) return 'more';
  if (error !== 0 || size !== 10 + 6 * count) return undefined;
  if (received.length < size + 4) return 'more';
  return new Map(
    Array.from({ length: count }, () => [reader.u16(), [reader.u16(), reader.u16()] as const] as const),
  );
}

interface Brokers {
  /** "host:port" */
  readonly addresses: readonly string[];
  readonly controller: number;
}

const MAX_ANSWER = 16_384;
const MAX_BROKERS = 64;

export function parseMetadata(received: Uint8Array): Reading<Brokers> {
  const reader = new ByteReader(received);
  const size = reader.u32();
  const correlation = reader.u32();
  if (reader.short) return 'more';
  if (correlation !== CORRELATION || size > MAX_ANSWER || size < 16) return undefined;
  if (received.length < size + 4) return 'more';
  const count = reader.u32();
  if (count > MAX_BROKERS) return undefined;
  const addresses = Array.from({ length: count }, () => readBroker(reader));
  const controller = reader.u32() | 0;
  return reader.short ? undefined : { addresses, controller };
}

/** Number, host, port, rack. A rack that is not given has the length −1. */
function readBroker(reader: ByteReader): string {
  reader.skip(4);
  const host = reader.latin1(reader.u16());
  const port = reader.u32();
  const rack = reader.u16();
  reader.skip(rack === 0xffff ? 0 : rack);
  return `${host}:${port}`;
}
