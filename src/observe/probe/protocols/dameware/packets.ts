/** DameWare Mini Remote Control: the server's first packet (as nmap's users sent it in; not published by the maker). */
import { ByteReader } from '../../../../lib/byte-reader.ts';

const LENGTH = 40;
const KIND = 0x11_30;
const START = [0x30, 0x11, 0, 0];

/** 40 bytes: kind 0x1130, 20 that differ, a one and zeros at fixed places. */
export function parseGreeting(received: Uint8Array): true | 'more' | undefined {
  const reader = new ByteReader(received);
  const kind = reader.u32le();
  if (reader.short)
    return START.slice(0, received.length).every((byte, at) => received[at] === byte) ? 'more' : undefined;
  if (kind !== KIND) return undefined;
  if (received.length < LENGTH) return 'more';
  const isGreeting =
    received.length <= LENGTH + 1 &&
    received[15] === 0x40 &&
    isZero(received.subarray(25, 28)) &&
    received[28] === 1 &&
    isZero(received.subarray(29, 36)) &&
    isZero(received.subarray(37, 40));
  return isGreeting ? true : undefined;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
