import { ByteReader } from '../../../../lib/byte-reader.ts';
import { boundedBytes } from '../fields.ts';

const MESSAGE_ID = 0x4a69;
const TOKEN = Buffer.from('seki', 'latin1');

/** Confirmable GET /.well-known/core (RFC 7252 §3 and §7.2, RFC 6690 §4). */
export function encodeDiscovery(): Uint8Array {
  const header = Buffer.of(0x40 | TOKEN.length, 0x01, MESSAGE_ID >> 8, MESSAGE_ID & 0xff);
  // Two options Uri-Path (11): the second comes with delta 0.
  const path = Buffer.concat([
    Buffer.of(0xbb),
    Buffer.from('.well-known', 'latin1'),
    Buffer.of(0x04),
    Buffer.from('core', 'latin1'),
  ]);
  return Buffer.concat([header, TOKEN, path]);
}

export interface Answer {
  /** "2.05", "4.01", "4.04" … */
  readonly code: string;
  /** Content-Format, 40 is a list of links; undefined when absent. */
  readonly format: number | undefined;
  readonly payload: string;
  /** Message id and token are those of `encodeDiscovery`. */
  readonly isOurs: boolean;
}

const ACKNOWLEDGEMENT = 2;
const CONTENT_FORMAT = 12;
const MAX_OPTIONS = 32;

/** An answer of CoAP (RFC 7252 §3): version 1, a success or error code, options in order. */
export function parseAnswer(received: Uint8Array): Answer | undefined {
  const reader = new ByteReader(received);
  const first = reader.u8();
  const code = reader.u8();
  const id = reader.u16();
  const tokenLength = first & 0xf;
  const token = reader.take(tokenLength);
  const major = code >> 5;
  if (reader.short || first >> 6 !== 1 || tokenLength > 8) return undefined;
  if (major !== 2 && major !== 4 && major !== 5) return undefined;
  const options = readOptions(reader);
  if (options === undefined) return undefined;
  const isAnswerToUs = ((first >> 4) & 3) !== ACKNOWLEDGEMENT || id === MESSAGE_ID;
  return {
    code: `${major}.${String(code & 0x1f).padStart(2, '0')}`,
    format: options.format,
    payload: Buffer.from(reader.take(reader.left)).toString('utf8'),
    isOurs: isAnswerToUs && Buffer.compare(token, TOKEN) === 0,
  };
}

/** Options up to the payload marker or the end; only Content-Format is kept. */
function readOptions(reader: ByteReader): { readonly format: number | undefined } | undefined {
  let number = 0;
  let format: number | undefined;
  for (let count = 0; count < MAX_OPTIONS && reader.left > 0; count += 1) {
    const head = reader.u8();
    if (head === 0xff) return reader.left > 0 ? { format } : undefined;
    const delta = extended(head >> 4, reader);
    const length = extended(head & 0xf, reader);
    if (delta === undefined || length === undefined) return undefined;
    number += delta;
    const value = reader.take(length);
    if (number === CONTENT_FORMAT && value.length <= 2)
      format = value.reduce((sum, byte) => sum * 256 + byte, 0);
  }
  return reader.short || reader.left > 0 ? undefined : { format };
}

/** 13 and 14 stand for one and two more octets (§3.1); 15 is reserved. */
function extended(nibble: number, reader: ByteReader): number | undefined {
  if (nibble < 13) return nibble;
  if (nibble === 13) return reader.u8() + 13;
  return nibble === 14 ? reader.u16() + 269 : undefined;
}

const MAX_RESOURCES = 24;

/** Paths of a list of links (RFC 6690 §2): `</sensors/temp>;rt="…"`. Undefined when it is no such list. */
export function resourcesOf(payload: string): readonly string[] | undefined {
  if (!/^\s{0,4}<[^<>]{0,256}>/.test(payload)) return undefined;
  return [...payload.matchAll(/<([^<>]{1,256})>/g)]
    .slice(0, MAX_RESOURCES)
    .map(([, path = '']) => boundedBytes(Buffer.from(path)));
}
