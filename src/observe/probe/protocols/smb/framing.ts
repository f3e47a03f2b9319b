import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** No negotiate or session answer in use comes near it (Windows Server 2022: 600 bytes). */
const MAX_MESSAGE = 64 * 1024;

/** SESSION MESSAGE of RFC 1002 §4.3.6, also the framing of direct TCP (MS-SMB2 2.1). */
export function frame(message: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(message.length);
  return Buffer.concat([header, message]);
}

const SMB1_ID = 0xff534d42;
const SMB2_ID = 0xfe534d42;

/**
 * The first message of a stream, without its header.
 *
 * @returns undefined when what comes is neither SMB1 nor SMB2.
 */
export function unframe(received: Uint8Array): Reading<Uint8Array> {
  const reader = new ByteReader(received);
  const type = reader.u8();
  if (type !== 0) return undefined;
  const length = reader.u24();
  if (reader.short) return 'more';
  if (length < 32 || length > MAX_MESSAGE) return undefined;
  const message = reader.take(length);
  if (message.length >= 4) {
    const id = new ByteReader(message).u32();
    if (id !== SMB1_ID && id !== SMB2_ID) return undefined;
  }
  return reader.short ? 'more' : message;
}

/** NetBIOS names are 16 bytes, written in 32 letters: each half-byte added to "A" (RFC 1001 §14.1). */
export function encodeNetbiosName(name: string, padding: number): Uint8Array {
  const padded = Buffer.alloc(16, padding);
  padded.write(name.slice(0, 16), 'latin1');
  const letters = [...padded].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 0x0f)]);
  return Uint8Array.from([32, ...letters, 0]);
}

const SPACE = 0x20;

/**
 * SESSION REQUEST of RFC 1002 §4.3.2 to the name by which every server answers, from a name of blanks: nobody is named.
 * Port 139 of Windows wants it before SMB.
 */
export function encodeSessionRequest(): Uint8Array {
  const called = encodeNetbiosName('*SMBSERVER', SPACE);
  const calling = encodeNetbiosName('', SPACE);
  const request = Buffer.concat([Uint8Array.of(0x81, 0, 0, called.length + calling.length), called, calling]);
  return request;
}

const NEGATIVE_REASONS: ReadonlyMap<number, string> = new Map([
  [0x80, 'not-listening-on-called-name'],
  [0x81, 'not-listening-for-calling-name'],
  [0x82, 'called-name-not-present'],
  [0x83, 'insufficient-resources'],
  [0x8f, 'unspecified'],
]);

/** POSITIVE or NEGATIVE SESSION RESPONSE, RFC 1002 §4.3.3 and §4.3.4: "accepted", or why not. */
export function parseSessionResponse(received: Uint8Array): Reading<string> {
  const reader = new ByteReader(received);
  const type = reader.u8();
  if (reader.short) return 'more';
  if (type !== 0x82 && type !== 0x83) return undefined;
  const length = reader.u24();
  const reason = length === 1 ? reader.u8() : 0;
  if (reader.short) return 'more';
  if (type === 0x82) return length === 0 ? 'accepted' : undefined;
  return length === 1 ? NEGATIVE_REASONS.get(reason) : undefined;
}
