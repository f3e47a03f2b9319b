import { sha256Hex } from '../../../../lib/hash.ts';

export const MAX_FAVICON_BYTES = 512 * 1024;

export interface FaviconFacts {
  readonly path: string;
  /** As Shodan computes `http.favicon.hash`: signed. */
  readonly mmh3: number;
  readonly sha256: string;
  readonly bytes: number;
}

/** undefined when the bytes are no picture: many servers answer every path with a page. */
export function faviconFacts(path: string, bytes: Uint8Array, contentType: string): FaviconFacts | undefined {
  if (bytes.length === 0 || bytes.length > MAX_FAVICON_BYTES || !isImage(bytes, contentType))
    return undefined;
  return { path, mmh3: faviconHash(bytes), sha256: sha256Hex(bytes), bytes: bytes.length };
}

/** MurmurHash3 (x86, 32 bit, seed 0) over base64 text with a line break every 76 characters and at the end. */
export function faviconHash(bytes: Uint8Array): number {
  const base64 = Buffer.from(bytes).toString('base64');
  // Python's base64.encodebytes, which Shodan uses.
  const text = base64.replace(/.{1,76}/g, '$&\n');
  return murmur3(Buffer.from(text, 'latin1'));
}

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** MurmurHash3_x86_32, Austin Appleby, public domain. Signed. */
export function murmur3(data: Uint8Array, seed = 0): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const wholeBlocks = data.length - (data.length % 4);
  let hash = seed;
  for (let at = 0; at < wholeBlocks; at += 4) {
    hash ^= scramble(view.getInt32(at, true));
    hash = Math.imul(rotate(hash, 13), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let at = data.length - 1; at >= wholeBlocks; at -= 1) tail = (tail << 8) | (data[at] ?? 0);
  if (wholeBlocks < data.length) hash ^= scramble(tail);
  return mix(hash ^ data.length);
}

function scramble(block: number): number {
  return Math.imul(rotate(Math.imul(block, C1), 15), C2);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

/** Hexadecimal first bytes: ico, cur, png, gif, jpeg, bmp, and "RIFF" of webp. */
const MAGIC = ['00000100', '00000200', '89504e47', '47494638', 'ffd8ff', '424d', '52494646'];

function isImage(bytes: Uint8Array, contentType: string): boolean {
  const head = Buffer.from(bytes.subarray(0, 512));
  const hex = head.toString('hex');
  if (MAGIC.some((magic) => hex.startsWith(magic))) return true;
  const text = head.toString('latin1').trimStart().toLowerCase();
  if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return true;
  // A page that calls itself an image is still a page.
  return /^\s*image\//i.test(contentType) && !text.startsWith('<');
}
