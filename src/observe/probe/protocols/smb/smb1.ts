import { ByteReader } from '../../../../lib/byte-reader.ts';
import { fileTime } from '../../ntlm.ts';

const HEADER_LENGTH = 32;
const COMMAND = { negotiate: 0x72, sessionSetup: 0x73 } as const;
const FLAG_REPLY = 0x80;
/** Case-insensitive and canonical paths, as every client sets them. */
const FLAGS = 0x18;
/** Long names, extended security, NT status codes, Unicode: MS-CIFS 2.2.3.1, MS-SMB 2.2.3.1. */
const FLAGS2 = 0xc801;
const FLAG2_UNICODE = 0x8000;
const CAPABILITY_EXTENDED_SECURITY = 0x80000000;
/** Unicode, NT SMBs, status codes, extended security. */
const CAPABILITIES = 0x8000_0054;
const MAX_TEXT = 256;

function encodeHeader(command: number, messageId: number): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt32BE(0xff534d42, 0);
  header.writeUInt8(command, 4);
  header.writeUInt8(FLAGS, 9);
  header.writeUInt16LE(FLAGS2, 10);
  header.writeUInt16LE(messageId, 30);
  return header;
}

/** SMB_COM_NEGOTIATE (MS-CIFS 2.2.4.52) with "NT LM 0.12" alone: a server without SMB1 can only refuse. */
export function encodeNegotiate(): Uint8Array {
  const dialect = Buffer.from('\x02NT LM 0.12\0', 'latin1');
  return Buffer.concat([encodeHeader(COMMAND.negotiate, 1), Uint8Array.of(0, dialect.length, 0), dialect]);
}

/** SMB_COM_SESSION_SETUP_ANDX with extended security (MS-SMB 2.2.4.6.1); our own names are left empty. */
export function encodeSessionSetup(token: Uint8Array): Uint8Array {
  const words = Buffer.alloc(24);
  words.writeUInt8(0xff, 0);
  words.writeUInt16LE(0xfff0, 4);
  words.writeUInt16LE(2, 6);
  words.writeUInt16LE(token.length, 14);
  words.writeUInt32LE(CAPABILITIES, 20);
  // Two empty texts in Unicode, after one byte when the token ends at an odd place.
  const padding = Buffer.alloc(((HEADER_LENGTH + 1 + words.length + 2 + token.length) % 2) + 4);
  const bytes = Buffer.concat([token, padding]);
  const count = Buffer.alloc(2);
  count.writeUInt16LE(bytes.length);
  const wordCount = Uint8Array.of(words.length / 2);
  return Buffer.concat([encodeHeader(COMMAND.sessionSetup, 2), wordCount, words, count, bytes]);
}

export interface Smb1Negotiation {
  /** false: the server refuses the one dialect of SMB1 that was offered. */
  readonly accepted: boolean;
  readonly signing?: 'required' | 'enabled' | 'disabled';
  /** Log-on for each user, or (share) one password for each share as in Windows 9x. */
  readonly security?: 'user' | 'share';
  readonly extendedSecurity?: boolean;
  readonly systemTime?: string;
}

interface Header {
  readonly status: number;
  readonly flags2: number;
  readonly reader: ByteReader;
}

/** @returns undefined unless `message` begins as an answer to `command`; the reader stands at the word count. */
function readHeader(message: Uint8Array, command: number): Header | undefined {
  const reader = new ByteReader(message);
  if (reader.u32() !== 0xff534d42 || reader.u8() !== command) return undefined;
  const status = reader.u32le();
  const flags = reader.u8();
  const flags2 = reader.u16le();
  reader.skip(20);
  return reader.short || (flags & FLAG_REPLY) === 0 ? undefined : { status, flags2, reader };
}

const NO_DIALECT = 0xffff;
const MODE = { user: 1, signingEnabled: 4, signingRequired: 8 } as const;

/** Answer to SMB_COM_NEGOTIATE: MS-CIFS 2.2.4.52.2, MS-SMB 2.2.4.5.2. */
export function parseNegotiateResponse(message: Uint8Array): Smb1Negotiation | undefined {
  const header = readHeader(message, COMMAND.negotiate);
  if (header === undefined) return undefined;
  const { reader, status } = header;
  const wordCount = reader.u8();
  const dialect = reader.u16le();
  if (wordCount === 0) return status === 0 ? undefined : { accepted: false };
  if (reader.short) return undefined;
  if (dialect === NO_DIALECT) return { accepted: false };
  if (dialect !== 0 || wordCount !== 17) return undefined;
  const mode = reader.u8();
  reader.skip(16);
  const capabilities = reader.u32le();
  const systemTime = fileTime(reader.u64le());
  if (reader.short) return undefined;
  return {
    accepted: true,
    signing: signingOf(mode),
    security: (mode & MODE.user) === 0 ? 'share' : 'user',
    extendedSecurity: (capabilities & CAPABILITY_EXTENDED_SECURITY) !== 0,
    ...(systemTime === undefined ? {} : { systemTime }),
  };
}

function signingOf(mode: number): 'required' | 'enabled' | 'disabled' {
  if ((mode & MODE.signingRequired) !== 0) return 'required';
  return (mode & MODE.signingEnabled) === 0 ? 'disabled' : 'enabled';
}

export interface Smb1Session {
  readonly status: number;
  /** NativeOS: "Windows 6.1", "Windows Server 2016 Standard 14393". */
  readonly nativeOs?: string;
  /** NativeLanMan: "Samba 4.17.12-Debian". */
  readonly nativeLanManager?: string;
  readonly token: Uint8Array;
}

/** Answer to SMB_COM_SESSION_SETUP_ANDX with extended security, MS-SMB 2.2.4.6.2. */
export function parseSessionSetupResponse(message: Uint8Array): Smb1Session | undefined {
  const header = readHeader(message, COMMAND.sessionSetup);
  if (header === undefined) return undefined;
  const { reader, status, flags2 } = header;
  const wordCount = reader.u8();
  if (wordCount !== 4)
    return wordCount === 0 && !reader.short ? { status, token: new Uint8Array() } : undefined;
  reader.skip(6);
  const tokenLength = reader.u16le();
  const bytes = new ByteReader(reader.take(reader.u16le()));
  const token = bytes.take(tokenLength);
  if (reader.short || bytes.short) return undefined;
  const isUnicode = (flags2 & FLAG2_UNICODE) !== 0;
  const textAt = HEADER_LENGTH + 1 + 8 + 2 + tokenLength;
  if (isUnicode && textAt % 2 === 1) bytes.skip(1);
  const rest = bytes.take(bytes.left);
  const decoded = Buffer.from(rest).toString(isUnicode ? 'utf16le' : 'latin1');
  const [nativeOs, nativeLanManager] = decoded.split('\0', 2).map((text) => text.slice(0, MAX_TEXT));
  return {
    status,
    token,
    ...(nativeOs ? { nativeOs } : {}),
    ...(nativeLanManager ? { nativeLanManager } : {}),
  };
}
