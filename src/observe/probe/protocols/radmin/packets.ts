/** Radmin Server (the greeting of its viewer and the answers, as nmap's users sent them in; not published by the maker). */
import { ByteReader } from '../../../../lib/byte-reader.ts';

const MARK = 1;
const HEAD = 9;
const MAX_LENGTH = 1024;
const GREETING = 8;
const REFUSED = 0x2f;

/** One payload byte, which asks how to log in. */
export function encodeGreeting(): Uint8Array {
  return encodePacket(Uint8Array.of(GREETING));
}

/** Mark, length, sum of the payload's words (least significant byte first, padded with zeros), payload. */
function encodePacket(payload: Uint8Array): Uint8Array {
  const packet = Buffer.alloc(HEAD + payload.length);
  packet.writeUInt8(MARK, 0);
  packet.writeUInt32BE(payload.length, 1);
  packet.writeUInt32BE(sum(payload), 5);
  packet.set(payload, HEAD);
  return packet;
}

function sum(payload: Uint8Array): number {
  const reader = new ByteReader(Buffer.concat([payload, Buffer.alloc((4 - (payload.length % 4)) % 4)]));
  let total = 0;
  while (reader.left > 0) total = (total + reader.u32le()) >>> 0;
  return total;
}

export interface RadminAnswer {
  /** 2 or 3 (which 3.x is not told); undefined: not known from this answer. */
  readonly generation: '2' | '3' | undefined;
  readonly isRefused: boolean;
}

/** The answer to the greeting; its length and sum must be right. */
export function parseAnswer(received: Uint8Array): RadminAnswer | 'more' | undefined {
  const reader = new ByteReader(received);
  const [mark, length, declared] = [reader.u8(), reader.u32(), reader.u32()];
  if (received.length > 0 && mark !== MARK) return undefined;
  if (received.length >= 5 && (length === 0 || length > MAX_LENGTH)) return undefined;
  const payload = reader.take(length);
  if (reader.short) return 'more';
  if (reader.left > 0 || sum(payload) !== declared) return undefined;
  const [kind, generation] = payload;
  if (kind === REFUSED && length === 9) return { generation: '3', isRefused: true };
  // The greeting itself, said back, is no answer.
  if (kind !== GREETING || length < 8) return undefined;
  return { generation: generation === 2 ? '3' : generation === 1 ? '2' : undefined, isRefused: false };
}
