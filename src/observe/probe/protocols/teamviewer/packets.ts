/** TeamViewer's own protocol on 5938, first form of its packets (measured by nmap's and Nerva's authors; not published by the maker). */
import { ByteReader } from '../../../../lib/byte-reader.ts';

const MAGIC = 0x17_24;
const PING = 0x10;
/** Answers of a client to strangers: a greeting, ping, its answer, hello and its answer. */
const COMMANDS: ReadonlySet<number> = new Set([0x0a, PING, 0x11, 0x16, 0x17]);
const MAX_LENGTH = 1024;

export function encodePing(): Uint8Array {
  return Uint8Array.of(0x17, 0x24, PING, 4, 0, 0, 0, 0, 0);
}

/** Magic number, command, length (least significant byte first), as many bytes and no more. */
export function parsePacket(received: Uint8Array): { readonly command: number } | 'more' | undefined {
  const reader = new ByteReader(received);
  const [magic, command] = [reader.u16(), reader.u8()];
  const length = reader.u16le();
  if (reader.short)
    return [0x17, 0x24].slice(0, received.length).every((byte, at) => received[at] === byte)
      ? 'more'
      : undefined;
  if (magic !== MAGIC || !COMMANDS.has(command) || length > MAX_LENGTH) return undefined;
  if (reader.left < length) return 'more';
  // Our own ping, said back, is no answer.
  if (Buffer.from(encodePing()).equals(received)) return undefined;
  return reader.left === length ? { command } : undefined;
}
