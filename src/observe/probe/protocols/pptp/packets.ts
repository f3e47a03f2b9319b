import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

const COOKIE = 0x1a2b3c4d;
const LENGTH = 156;
const REPLY = 2;

/** Start-Control-Connection-Request (RFC 2637 §2.1): version 1.0, any framing, any bearer, no names. */
export function encodeStartRequest(): Buffer {
  const request = Buffer.alloc(LENGTH);
  request.writeUInt16BE(LENGTH, 0);
  request.writeUInt16BE(1, 2);
  request.writeUInt32BE(COOKIE, 4);
  request.writeUInt16BE(1, 8);
  request.writeUInt16BE(0x0100, 12);
  request.writeUInt32BE(3, 16);
  request.writeUInt32BE(3, 20);
  return request;
}

export interface StartReply {
  /** 1 done · 2 general error · 3 exists already · 4 not authorised · 5 version not supported (RFC 2637 §2.2). */
  readonly result: number;
  readonly firmware: number;
  readonly hostName: string;
  readonly vendor: string;
}

/** Start-Control-Connection-Reply (RFC 2637 §2.2). */
export function parseStartReply(received: Uint8Array): Reading<StartReply> {
  const reader = new ByteReader(received);
  const head = [reader.u16(), reader.u16(), reader.u32(), reader.u16()];
  if (received.length < 10) return isBeginning(received) ? 'more' : undefined;
  if (head[0] !== LENGTH || head[1] !== 1 || head[2] !== COOKIE || head[3] !== REPLY) return undefined;
  if (received.length < LENGTH) return 'more';
  // Reserved and version.
  reader.skip(4);
  const result = reader.u8();
  // Error, framing, bearer, channels.
  reader.skip(1 + 4 + 4 + 2);
  const firmware = reader.u16();
  const hostName = words(reader.take(64));
  const vendor = words(reader.take(64));
  return result >= 1 && result <= 5 ? { result, firmware, hostName, vendor } : undefined;
}

const BEGINNING = [0x00, LENGTH, 0x00, 0x01, 0x1a, 0x2b, 0x3c, 0x4d, 0x00, REPLY];
const isBeginning = (received: Uint8Array): boolean => received.every((byte, at) => byte === BEGINNING[at]);

/** Text up to the first zero byte, without control characters. */
function words(field: Uint8Array): string {
  const end = field.indexOf(0);
  const text = Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('latin1');
  return text.replace(/[^\x20-\x7e]/g, '').trim();
}
