/** Transparent Network Substrate: no public specification; the layout is that of Wireshark's packet-tns.c and of Oracle's error manual. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** A name that no database has; the listener refuses it before anybody could be named. */
const CONNECT_DATA =
  '(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=sekisho.invalid)(CID=(PROGRAM=sekisho)(HOST=sekisho)(USER=))))';
const HEADER = 8;
const CONNECT_OFFSET = 58;

/** CONNECT of protocol 314 that also speaks 300, with its data behind a head of 58 bytes. */
export function encodeConnect(): Uint8Array {
  const data = Buffer.from(CONNECT_DATA, 'latin1');
  const packet = Buffer.alloc(CONNECT_OFFSET + data.length);
  packet.writeUInt16BE(packet.length, 0);
  packet[4] = 1;
  const words = [314, 300, 0, 2048, 32_767, 0x7f08, 0, 1, data.length, CONNECT_OFFSET];
  for (const [at, word] of words.entries()) packet.writeUInt16BE(word, HEADER + 2 * at);
  packet.writeUInt32BE(2048, 28);
  // Neither native network services nor redirects by other means are wanted.
  packet[32] = 0x41;
  packet[33] = 0x41;
  data.copy(packet, CONNECT_OFFSET);
  return packet;
}

export type TnsAnswer =
  | { readonly kind: 'refuse' | 'redirect'; readonly text: string }
  | { readonly kind: 'resend' | 'accept' };

const KINDS: Readonly<Record<number, TnsAnswer['kind']>> = {
  2: 'accept',
  4: 'refuse',
  5: 'redirect',
  11: 'resend',
};
const MAX_PACKET = 4096;

export function parseTns(received: Uint8Array): Reading<TnsAnswer> {
  const reader = new ByteReader(received);
  const length = reader.u16();
  const checksum = reader.u16();
  const kind = KINDS[reader.u8()];
  reader.skip(1);
  const headerChecksum = reader.u16();
  if (reader.short)
    return received.length > 1 && (length < HEADER || length > MAX_PACKET) ? undefined : 'more';
  const isPacket = length >= HEADER && length <= MAX_PACKET && checksum === 0 && headerChecksum === 0;
  if (!isPacket || kind === undefined) return undefined;
  const body = new ByteReader(reader.take(length - HEADER));
  if (reader.short) return 'more';
  if (kind === 'accept' || kind === 'resend') return isFitting(kind, body) ? { kind } : undefined;
  body.skip(kind === 'refuse' ? 2 : 0);
  const text = body.latin1(body.u16());
  return body.short || !/^\((?:DESCRIPTION|ADDRESS)\s{0,3}=/i.test(text) ? undefined : { kind, text };
}

/** RESEND has no body; ACCEPT begins with a protocol version between 300 and 400. */
function isFitting(kind: 'accept' | 'resend', body: ByteReader): boolean {
  if (kind === 'resend') return body.left === 0;
  const version = body.u16();
  return version >= 300 && version < 400 && body.left >= 14;
}

/**
 * VSNNUM: five numbers in 32 bits. Up to 12.2 they have 8, 4, 8, 4 and 8 bits, from 18 on 8, 8, 4, 8 and 4 (Oracle Database
 * JDBC and OCI documentation of OCIServerRelease2).
 */
export function versionOf(number: number): string | undefined {
  if (!Number.isInteger(number) || number <= 0 || number > 0xffff_ffff) return undefined;
  const widths = number >>> 24 >= 18 ? [8, 8, 4, 8, 4] : [8, 4, 8, 4, 8];
  let shift = 32;
  const parts = widths.map((width) => {
    shift -= width;
    return (number >>> shift) & ((1 << width) - 1);
  });
  return parts.join('.');
}
