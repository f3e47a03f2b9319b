/** memcached: doc/protocol.txt and doc/protocol-binary.txt of its source. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { settled, type Reading } from '../../question.ts';

/** "VERSION 1.6.18", "VERSION 1.4.25 Ubuntu", "VERSION 1.4.4_4_gaf1a6b1"; or the refusal of a server started with `-Y`. */
const VERSION = /^VERSION (\d{1,3}(?:\.\d{1,4}){1,3}[\w.+~-]{0,40}(?: [\w()]{1,30})?)\r\n$/;
const REFUSED = 'CLIENT_ERROR unauthenticated\r\n';
const MAX_LINE = 120;

export type Answer = { readonly version: string } | 'unauthenticated';

/** The whole answer to the text command `version`, and nothing after it. */
export function parseAnswer(received: Uint8Array): Reading<Answer> {
  const text = Buffer.from(received.subarray(0, MAX_LINE)).toString('latin1');
  if (text === REFUSED) return 'unauthenticated';
  const version = VERSION.exec(text)?.[1];
  if (version !== undefined) return { version };
  const isBeginning = REFUSED.startsWith(text) || 'VERSION '.startsWith(text.slice(0, 8));
  return isBeginning && !text.includes('\n') && text.length < MAX_LINE ? 'more' : undefined;
}

const VERSION_COMMAND = 0x0b;
const NOOP_COMMAND = 0x0a;

/** Request header of the binary protocol with nothing behind it. */
export function encodeBinary(command: 'version' | 'noop'): Uint8Array {
  const packet = new Uint8Array(24);
  packet[0] = 0x80;
  packet[1] = command === 'version' ? VERSION_COMMAND : NOOP_COMMAND;
  return packet;
}

interface BinaryAnswer {
  /** 0: done · 0x20: log in first (protocol-binary.txt, "Response Status"). */
  readonly status: number;
  readonly text: string;
}

export function parseBinary(received: Uint8Array): Reading<BinaryAnswer> {
  const reader = new ByteReader(received);
  const magic = reader.u8();
  const command = reader.u8();
  if (reader.short) return magic === 0x81 || received.length === 0 ? 'more' : undefined;
  if (magic !== 0x81 || (command !== VERSION_COMMAND && command !== NOOP_COMMAND)) return undefined;
  reader.skip(4);
  const status = reader.u16();
  const length = reader.u32();
  reader.skip(12);
  if (length > MAX_LINE) return undefined;
  const text = reader.latin1(length);
  return reader.short ? 'more' : { status, text };
}

const REQUEST_ID = 0x5ec1;

/** The frame header of UDP (request id, number 0 of 1) before the text command. */
export function encodeDatagram(): Uint8Array {
  const header = Uint8Array.of(REQUEST_ID >> 8, REQUEST_ID & 0xff, 0, 0, 0, 1, 0, 0);
  return Buffer.concat([header, Buffer.from('version\r\n')]);
}

/** One datagram that holds the whole answer. */
export function parseDatagram(received: Uint8Array): Answer | undefined {
  const reader = new ByteReader(received);
  reader.skip(2);
  const isWhole = reader.u16() === 0 && reader.u16() === 1 && reader.u16() === 0;
  if (!isWhole || reader.short) return undefined;
  return settled(parseAnswer(received.subarray(8)));
}
