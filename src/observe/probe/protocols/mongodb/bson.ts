/** BSON 1.1 (bsonspec.org), as far as the answers to hello and buildInfo need it. */
import { ByteReader } from '../../../../lib/byte-reader.ts';

/** Texts, numbers and truth values of the outermost document; the texts of its lists are joined by ", ". */
export type Document = ReadonlyMap<string, string | number | boolean>;

export type Value = string | number | { readonly [name: string]: Value };

export function encodeDocument(fields: { readonly [name: string]: Value }): Uint8Array {
  const items = Object.entries(fields).map(([name, value]) => encodeField(name, value));
  const body = Buffer.concat([...items, Uint8Array.of(0)]);
  return Buffer.concat([int32(body.length + 4), body]);
}

function encodeField(name: string, value: Value): Uint8Array {
  const key = Buffer.from(`${name}\0`, 'latin1');
  if (typeof value === 'number') return Buffer.concat([Uint8Array.of(0x10), key, int32(value)]);
  if (typeof value === 'object') return Buffer.concat([Uint8Array.of(0x03), key, encodeDocument(value)]);
  const text = Buffer.from(`${value}\0`, 'latin1');
  return Buffer.concat([Uint8Array.of(0x02), key, int32(text.length), text]);
}

export function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

const STRING = 0x02;
const LIST = 0x04;
const MAX_DOCUMENT = 65_536;
const MAX_ELEMENTS = 200;
/** Lengths of the types whose value is not wanted. */
const LENGTHS: Readonly<Record<number, number>> = { 0x06: 0, 0x07: 12, 0x09: 8, 0x0a: 0, 0x11: 8, 0x13: 16 };

/** @returns undefined when the bytes are no whole document. */
export function parseDocument(bytes: Uint8Array): Document | undefined {
  const reader = new ByteReader(bytes);
  const length = reader.u32le();
  if (reader.short || length < 5 || length > MAX_DOCUMENT || length > bytes.length) return undefined;
  const inner = new ByteReader(bytes.subarray(4, length));
  const found = new Map<string, string | number | boolean>();
  for (let count = 0; count < MAX_ELEMENTS; count += 1) {
    const type = inner.u8();
    if (type === 0) return inner.short || inner.left > 0 ? undefined : found;
    const name = readName(inner);
    const value = readValue(inner, type);
    if (inner.short || name === undefined || value === undefined) return undefined;
    if (value !== null && !found.has(name)) found.set(name, value);
  }
  return found;
}

function readName(reader: ByteReader): string | undefined {
  const end = reader.bytes.indexOf(0, reader.offset);
  if (end < 0 || end - reader.offset > 128) return undefined;
  const name = reader.latin1(end - reader.offset);
  reader.skip(1);
  return name;
}

/** @returns null for a value that is passed over, undefined for a type that is not known. */
function readValue(reader: ByteReader, type: number): string | number | boolean | null | undefined {
  switch (type) {
    case 0x01:
      return readDouble(reader);
    case STRING:
      return readText(reader, reader.u32le());
    case 0x03:
      reader.skip(reader.u32le() - 4);
      return null;
    case LIST:
      return readList(reader);
    case 0x05:
      reader.skip(reader.u32le() + 1);
      return null;
    case 0x08:
      return reader.u8() === 1;
    case 0x10:
      return reader.u32le() | 0;
    case 0x12:
      return Number(BigInt.asIntN(64, reader.u64le()));
    default:
      return skip(reader, LENGTHS[type]);
  }
}

function readDouble(reader: ByteReader): number | undefined {
  const bytes = reader.take(8);
  return bytes.length < 8 ? undefined : Buffer.from(bytes).readDoubleLE();
}

function skip(reader: ByteReader, length: number | undefined): null | undefined {
  if (length === undefined) return undefined;
  reader.skip(length);
  return null;
}

function readText(reader: ByteReader, length: number): string | undefined {
  if (length < 1 || length > reader.left) return undefined;
  return Buffer.from(reader.take(length).subarray(0, -1)).toString('utf8');
}

/** A list is a document with the names "0", "1" …; lists within lists are passed over. */
function readList(reader: ByteReader): string | null | undefined {
  const start = reader.offset;
  const length = reader.u32le();
  if (length < 5 || start + length > reader.bytes.length) return undefined;
  const inner = new ByteReader(reader.bytes.subarray(start + 4, start + length));
  reader.skip(length - 4);
  const texts: string[] = [];
  while (inner.left > 1 && texts.length < 16) {
    if (inner.u8() !== STRING) return null;
    const name = readName(inner);
    const text = name === undefined ? undefined : readText(inner, inner.u32le());
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts.join(', ');
}
