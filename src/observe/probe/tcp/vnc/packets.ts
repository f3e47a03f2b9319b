import { ByteReader } from '../../../../lib/byte-reader.ts';

export interface RfbVersion {
  /** "003.008" as sent. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

/** ProtocolVersion, RFC 6143 §7.1.1: twelve bytes "RFB xxx.yyy\n". */
export function parseRfbVersion(received: Uint8Array): RfbVersion | 'more' | undefined {
  const text = Buffer.from(received.subarray(0, 12)).toString('latin1');
  if (text.length < 12) return 'RFB 000.000\n'.startsWith(text.replace(/\d/g, '0')) ? 'more' : undefined;
  const match = /^RFB (\d{3})\.(\d{3})\n$/.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = ''] = match;
  return { text: `${major}.${minor}`, major: Number(major), minor: Number(minor) };
}

/**
 * Minor version to answer with: the highest of 3.8, 3.7, 3.3 that is not above the server's. Apple says 003.889 and
 * RealVNC 004 and 005, all of which speak 3.8; 3.4 to 3.6 are to be taken for 3.3 (RFC 6143 §7.1.1).
 */
export function answerMinor({ major, minor }: RfbVersion): 3 | 7 | 8 {
  if (major > 3 || minor >= 8) return 8;
  return minor === 7 ? 7 : 3;
}

export function encodeRfbVersion(minor: 3 | 7 | 8): Uint8Array {
  return Buffer.from(`RFB 003.00${minor}\n`, 'latin1');
}

export interface Security {
  readonly types: readonly number[];
  /** The server's words when it offers nothing. */
  readonly refusal?: string;
}

/** A reason is a sentence; a declared 4 GiB is a lie that must not be waited for. */
const MAX_REASON = 1024;

/** Security types (RFC 6143 §7.1.2); for 3.3 the server dictates one (§7.1.2, appendix A). */
export function parseSecurity(received: Uint8Array, minor: 3 | 7 | 8): Security | 'more' {
  const reader = new ByteReader(received);
  if (minor === 3) {
    const type = reader.u32();
    if (reader.short) return 'more';
    return type === 0 ? parseRefusal(reader) : { types: [type] };
  }
  const count = reader.u8();
  if (reader.short) return 'more';
  if (count === 0) return parseRefusal(reader);
  const types = [...reader.take(count)];
  return reader.short ? 'more' : { types };
}

function parseRefusal(reader: ByteReader): Security | 'more' {
  const length = Math.min(reader.u32(), MAX_REASON);
  if (reader.short) return 'more';
  const text = Buffer.from(reader.take(length)).toString('utf8');
  return reader.short ? 'more' : { types: [], refusal: text };
}

const MAX_SHOWN = 64;

/**
 * What a server says to a version that does not exist, after its own version line: how it turns such a client away tells the
 * program. Measured on TigerVNC 1.12 (a reason in words), LibVNCServer 0.9.14 and TightVNC 1.3 (close without a word) and
 * QEMU 7.2 (an empty list).
 *
 * @param received without the version line. @param isClosed the server has ended the connection.
 */
export function parseVersionRefusal(received: Uint8Array, isClosed: boolean): string | undefined {
  if (received.length === 0) return isClosed ? 'closed' : undefined;
  const reader = new ByteReader(received);
  // No types, then a reason.
  reader.skip(1);
  const length = reader.u32();
  const reason = reader.take(Math.min(length, MAX_REASON));
  const isText = length > 0 && reason.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (!reader.short && isText) return `reason: ${Buffer.from(reason).toString('latin1')}`;
  return Buffer.from(received.subarray(0, MAX_SHOWN)).toString('hex');
}

export const NONE = 1;
export const VENCRYPT = 19;

export interface VeNCryptVersion {
  readonly major: number;
  readonly minor: number;
}

/** The two bytes that a server sends once VeNCrypt is selected. */
export function parseVeNCryptVersion(received: Uint8Array): VeNCryptVersion | 'more' {
  const [major, minor] = received;
  return major === undefined || minor === undefined ? 'more' : { major, minor };
}

/** Answer to our version 0.2: one byte 0 (agreed), a count, then sub-types of four bytes each. Not 0: refused. */
export function parseSubTypes(received: Uint8Array): readonly number[] | 'more' | undefined {
  const reader = new ByteReader(received);
  const refused = reader.u8() !== 0;
  if (reader.short) return 'more';
  if (refused) return undefined;
  const count = reader.u8();
  const types = Array.from({ length: count }, () => reader.u32());
  return reader.short ? 'more' : types;
}

/** IANA registry "Remote Framebuffer Security Types", with the names in use for ranges that it gives to vendors. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'Invalid',
  1: 'None',
  2: 'VNC Authentication',
  5: 'RA2',
  6: 'RA2ne',
  13: 'RA2 two-step',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'SASL',
  21: 'MD5 hash authentication',
  22: 'xvp',
  23: 'Secure Tunnel',
  24: 'Integrated SSH',
  30: 'Apple Remote Desktop',
  33: 'Apple RSA-SRP',
  35: 'Apple Kerberos',
  36: 'Apple SRP',
  113: 'UltraVNC MS-Logon II',
  129: 'RA2 256',
  130: 'RA2ne 256',
  133: 'RA2 256 two-step',
  0xfffffffa: 'UltraVNC MS-Logon',
};

export function securityTypeName(id: number): string {
  const known = TYPE_NAMES[id];
  if (known !== undefined) return known;
  if ((id >= 3 && id <= 15) || (id >= 128 && id <= 255)) return `RealVNC ${id}`;
  if (id >= 30 && id <= 35) return `Apple ${id}`;
  return `type ${id}`;
}

/** VeNCrypt sub-types; numbers below 256 are security types without TLS. */
const SUB_TYPE_NAMES: Readonly<Record<number, string>> = {
  256: 'Plain',
  257: 'TLSNone',
  258: 'TLSVnc',
  259: 'TLSPlain',
  260: 'X509None',
  261: 'X509Vnc',
  262: 'X509Plain',
  263: 'TLSSASL',
  264: 'X509SASL',
};

export function subTypeName(id: number): string {
  return SUB_TYPE_NAMES[id] ?? securityTypeName(id);
}

const OPEN_SUB_TYPES: readonly number[] = [NONE, 257, 260];
/** Wrappers that hide what is asked inside: Tight, Ultra, TLS. They follow the plain types beside them, if there are any. */
const WRAPPERS: readonly number[] = [16, 17, 18];

/**
 * Whether the screen opens without a password: true when a type None is offered, plain or inside TLS; false when every
 * type asks for something; undefined when what is inside a wrapper decides and was not seen.
 *
 * @param subTypes of VeNCrypt; undefined when they could not be read.
 */
export function isPasswordless(
  types: readonly number[],
  subTypes: readonly number[] | undefined,
): boolean | undefined {
  if (types.includes(NONE)) return true;
  if (subTypes?.some((type) => OPEN_SUB_TYPES.includes(type)) === true) return true;
  if (types.includes(VENCRYPT) && (subTypes === undefined || subTypes.length === 0)) return undefined;
  return types.some((type) => !WRAPPERS.includes(type)) ? false : undefined;
}
