const KEPT = 32;

/**
 * The first bytes in hex of a page that is a gzip file (RFC 1952 §2.3.1), undefined of any other: its header tells when the
 * file was made, and decoding it as text would lose that.
 */
export function firstBytesOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
  return Buffer.from(bytes.subarray(0, KEPT)).toString('hex');
}
