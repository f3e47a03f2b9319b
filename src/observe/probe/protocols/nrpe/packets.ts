/** Nagios Remote Plugin Executor, packets of version 2 (nrpe common.h); every daemon of versions 2 to 4 takes them. */
import { crc32 } from 'node:zlib';
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

const BUFFER = 1024;
/** Head, buffer, two bytes of padding that C adds. */
const PACKET = 10 + BUFFER + 2;
const VERSION = 2;
const QUERY = 1;
const RESPONSE = 2;

/** The one check that is built in: it gives the version and runs nothing. */
export function encodeVersionQuery(): Uint8Array {
  const packet = Buffer.alloc(PACKET);
  packet.writeUInt16BE(VERSION, 0);
  packet.writeUInt16BE(QUERY, 2);
  packet.write('_NRPE_CHECK', 10, 'latin1');
  packet.writeUInt32BE(checksum(packet), 4);
  return packet;
}

/** Over the whole packet with the field of the sum itself empty. */
function checksum(packet: Uint8Array): number {
  const copy = Buffer.from(packet);
  copy.writeUInt32BE(0, 4);
  return crc32(copy);
}

/** @returns the daemon's words, "NRPE v4.1.0". */
export function parseResponse(received: Uint8Array): { readonly text: string } | 'more' | undefined {
  const reader = new ByteReader(received);
  const [version, type, sum, result] = [reader.u16(), reader.u16(), reader.u32(), reader.u16()];
  if (received.length >= 4 && (version !== VERSION || type !== RESPONSE)) return undefined;
  if (received.length < PACKET) return 'more';
  if (result > 3 || received.length > PACKET || checksum(received) !== sum) return undefined;
  const buffer = reader.take(BUFFER);
  const end = buffer.indexOf(0);
  return { text: decodeText(end < 0 ? buffer : buffer.subarray(0, end), 256) };
}
