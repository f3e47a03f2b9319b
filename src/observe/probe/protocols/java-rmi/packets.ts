/** Java Remote Method Protocol (Oracle, "Java RMI Specification" §10) and the registry's call list(). */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

/** "JRMI", version 2, StreamProtocol. */
export function encodeHeader(): Uint8Array {
  return Uint8Array.of(0x4a, 0x52, 0x4d, 0x49, 0, 2, 0x4b);
}

const PROTOCOL_ACK = 0x4e;

/**
 * ProtocolAck with our own address and port as the server sees them; nothing may follow.
 *
 * @returns the address.
 */
export function parseAck(received: Uint8Array): { readonly seenAs: string } | 'more' | undefined {
  const reader = new ByteReader(received);
  if (received.length > 0 && reader.u8() !== PROTOCOL_ACK) return undefined;
  const length = reader.u16();
  if (reader.short) return 'more';
  if (length === 0 || length > 255) return undefined;
  const host = reader.take(length);
  // An address, with or without a scope, or a name.
  if (!host.every((byte) => /[\w.:%-]/.test(String.fromCodePoint(byte)))) return undefined;
  const port = reader.u32();
  if (reader.short) return 'more';
  return port > 65_535 || reader.left > 0 ? undefined : { seenAs: decodeText(host, 255) };
}

/** ObjID of the registry, operation 1 (list) and the hash of its interface. */
const LIST = '000000000000000000000000000000000000000000000000000144154dc9d4e63bdf';

/** Our end of the connection (no name, no port), then the call: it reads the names that are bound, and nothing else. */
export function encodeListCall(): Uint8Array {
  const endpoint = Buffer.alloc(6);
  return Buffer.concat([endpoint, Buffer.from(`50aced00057722${LIST}`, 'hex')]);
}

export interface RegistryAnswer {
  /** Names bound, at most 32; undefined: the registry answered with an exception. */
  readonly names: readonly string[] | undefined;
}

const RETURN = 0x51;
const STREAM = 0xac_ed_00_05;
const BLOCK_DATA = 0x77;
const NORMAL = 1;
const EXCEPTIONAL = 2;
/** Class description of String[] in serialized form with flags and no fields, up to RMI's annotation. */
const STRING_ARRAY = Buffer.from(
  '757200135b4c6a6176612e6c616e672e537472696e673badd256e7e91d7b47020000',
  'hex',
);
const STRING = 0x74;
const NULL = 0x70;
const END_OF_BLOCK = 0x78;
const MAX_NAMES = 32;

/** ReturnData: read byte by byte as the one form that list() has; nothing is deserialized. */
export function parseListAnswer(received: Uint8Array): RegistryAnswer | 'more' | undefined {
  const reader = new ByteReader(received);
  const [message, stream, block, length, kind] = [
    reader.u8(),
    reader.u32(),
    reader.u8(),
    reader.u8(),
    reader.u8(),
  ];
  if (reader.short) return received.length > 0 && message !== RETURN ? undefined : 'more';
  if (message !== RETURN || stream !== STREAM || block !== BLOCK_DATA || length !== 15) return undefined;
  if (kind === EXCEPTIONAL) return { names: undefined };
  if (kind !== NORMAL) return undefined;
  // UID of the call.
  reader.skip(14);
  const array = reader.take(STRING_ARRAY.length);
  if (!STRING_ARRAY.subarray(0, array.length).equals(array)) return undefined;
  if (!skipAnnotation(reader)) return undefined;
  const count = reader.u32();
  return reader.short ? 'more' : readNames(reader, count);
}

/** RMI annotates a class with nothing, or with the place where its code lies; then no superclass. */
function skipAnnotation(reader: ByteReader): boolean {
  const type = reader.u8();
  if (type === STRING) reader.skip(reader.u16());
  const [end, superclass] = [reader.u8(), reader.u8()];
  if (reader.short) return true;
  return (type === NULL || type === STRING) && end === END_OF_BLOCK && superclass === NULL;
}

function readNames(reader: ByteReader, count: number): RegistryAnswer | 'more' | undefined {
  const names: string[] = [];
  while (names.length < Math.min(count, MAX_NAMES)) {
    const type = reader.u8();
    if (!reader.short && type !== STRING) return undefined;
    const bytes = reader.take(reader.u16());
    if (reader.short) return 'more';
    names.push(decodeText(bytes, 256));
  }
  return { names };
}
