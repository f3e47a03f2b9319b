/** TFTP: RFC 1350. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

export interface TftpError {
  readonly code: number;
  readonly message: string;
}

/** A read request; the name must be one that no server has. */
export function encodeReadRequest(name: string): Uint8Array {
  return Buffer.from(`\0\u0001${name}\0octet\0`, 'latin1');
}

const ERROR = 5;
const DATA = 3;
const LAST_CODE = 8;

/** ERROR: opcode, code 0 to 8 (RFC 2347 added 8), a text that ends with the datagram's only zero byte. */
export function parseError(received: Uint8Array): TftpError | undefined {
  const reader = new ByteReader(received);
  const [opcode, code] = [reader.u16(), reader.u16()];
  if (reader.short || opcode !== ERROR || code > LAST_CODE) return undefined;
  const text = reader.take(reader.left);
  const end = text.indexOf(0);
  // Some servers forget the closing zero; none sends more text than a sentence.
  if ((end >= 0 && end !== text.length - 1) || text.length > 512) return undefined;
  const message = text.subarray(0, end < 0 ? text.length : end);
  return message.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13)
    ? // Some repeat the name, which is our own.
      { code, message: decodeText(message, 256).replace(/\/?sekisho-[0-9a-f]{12}/, '…') }
    : undefined;
}

/** DATA of block 1: the server gave a file for a name that nobody has. */
export function isFirstData(received: Uint8Array): boolean {
  const reader = new ByteReader(received);
  const [opcode, block] = [reader.u16(), reader.u16()];
  return !reader.short && opcode === DATA && block === 1 && received.length <= 516;
}
