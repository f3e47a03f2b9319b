import { ByteReader } from '../../../../lib/byte-reader.ts';
import { fileTime } from '../../ntlm.ts';

/** DialectRevision of MS-SMB2 2.2.3, newest last. */
const DIALECTS: ReadonlyMap<number, string> = new Map([
  [0x0202, '2.0.2'],
  [0x0210, '2.1'],
  [0x0300, '3.0'],
  [0x0302, '3.0.2'],
  [0x0311, '3.1.1'],
]);

const HEADER_LENGTH = 64;
const COMMAND = { negotiate: 0, sessionSetup: 1 } as const;
const FLAG_SERVER_TO_CLIENT = 1;
export const MORE_PROCESSING_REQUIRED = 0xc0000016;

/** SMB2 header of a request, MS-SMB2 2.2.1.2; no session, no tree. */
function encodeHeader(command: number, messageId: number): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt32BE(0xfe534d42, 0);
  header.writeUInt16LE(HEADER_LENGTH, 4);
  header.writeUInt16LE(1, 6);
  header.writeUInt16LE(command, 12);
  header.writeUInt16LE(1, 14);
  header.writeUInt32LE(messageId, 24);
  return header;
}

const CONTEXT = { preauthIntegrity: 1, encryption: 2, compression: 3, signing: 8 } as const;
const SIGNING_ENABLED = 1;
/** SMB2_GLOBAL_CAP_ENCRYPTION, MS-SMB2 2.2.3; the others would promise what we do not do. */
const CAPABILITY_ENCRYPTION = 0x40;

function encodeContext(type: number, words: readonly number[], tail: Uint8Array = new Uint8Array()): Buffer {
  const length = words.length * 2 + tail.length;
  const context = Buffer.alloc(8 + Math.ceil(length / 8) * 8);
  context.writeUInt16LE(type, 0);
  context.writeUInt16LE(length, 2);
  words.forEach((word, index) => context.writeUInt16LE(word, 8 + 2 * index));
  context.set(tail, 8 + 2 * words.length);
  return context;
}

const SALT_LENGTH = 32;

/**
 * NEGOTIATE request (MS-SMB2 2.2.3) with all dialects of SMB 2 and 3, every cipher, compression and signing algorithm of
 * the specification: what the server picks are its best. The salt may be the same each time: no key is ever made.
 */
export function encodeNegotiate(): Uint8Array {
  const salt = new Uint8Array(SALT_LENGTH).fill(0x5e);
  const contexts = [
    encodeContext(CONTEXT.preauthIntegrity, [1, SALT_LENGTH, 1], salt),
    encodeContext(CONTEXT.encryption, [4, 2, 1, 4, 3]),
    // Count, padding, no chained compression; then LZNT1, LZ77, LZ77+Huffman, LZ4.
    encodeContext(CONTEXT.compression, [4, 0, 0, 0, 1, 2, 3, 5]),
    encodeContext(CONTEXT.signing, [3, 2, 1, 0]),
  ];
  const dialects = [...DIALECTS.keys()];
  const bodyLength = 36 + 2 * dialects.length;
  const contextOffset = Math.ceil((HEADER_LENGTH + bodyLength) / 8) * 8;
  const body = Buffer.alloc(contextOffset - HEADER_LENGTH);
  body.writeUInt16LE(36, 0);
  body.writeUInt16LE(dialects.length, 2);
  body.writeUInt16LE(SIGNING_ENABLED, 4);
  body.writeUInt32LE(CAPABILITY_ENCRYPTION, 8);
  body.fill(0x5e, 12, 28);
  body.writeUInt32LE(contextOffset, 28);
  body.writeUInt16LE(contexts.length, 32);
  dialects.forEach((dialect, index) => body.writeUInt16LE(dialect, 36 + 2 * index));
  // The last context is not padded, MS-SMB2 2.2.3.1.
  const last = contexts.pop() ?? Buffer.alloc(0);
  const lastLength = 8 + last.readUInt16LE(2);
  return Buffer.concat([encodeHeader(COMMAND.negotiate, 0), body, ...contexts, last.subarray(0, lastLength)]);
}

/** SESSION_SETUP request (MS-SMB2 2.2.5) that carries a security token. */
export function encodeSessionSetup(token: Uint8Array): Uint8Array {
  const body = Buffer.alloc(24);
  body.writeUInt16LE(25, 0);
  body.writeUInt8(SIGNING_ENABLED, 3);
  body.writeUInt16LE(HEADER_LENGTH + body.length, 12);
  body.writeUInt16LE(token.length, 14);
  return Buffer.concat([encodeHeader(COMMAND.sessionSetup, 1), body, token]);
}

export interface Smb2Negotiation {
  /** "3.1.1" */
  readonly dialect: string;
  readonly signingRequired: boolean;
  /** As Windows prints it, lower case. */
  readonly serverGuid: string;
  /** The same 16 bytes as text when they are some: Samba puts its NetBIOS name there. */
  readonly serverGuidText?: string;
  readonly encryption: boolean;
  readonly cipher?: string;
  readonly compression?: string;
  readonly signingAlgorithm?: string;
  /** ISO-8601 UTC. */
  readonly systemTime?: string;
  readonly startTime?: string;
  readonly maxTransactSize: number;
}

interface Header {
  readonly status: number;
  readonly reader: ByteReader;
}

/** @returns undefined unless `message` is a whole header of an answer to `command`. */
function readHeader(message: Uint8Array, command: number): Header | undefined {
  const reader = new ByteReader(message);
  if (reader.u32() !== 0xfe534d42 || reader.u16le() !== HEADER_LENGTH) return undefined;
  reader.skip(2);
  const status = reader.u32le();
  if (reader.u16le() !== command) return undefined;
  reader.skip(2);
  const flags = reader.u32le();
  reader.skip(44);
  if (reader.short || (flags & FLAG_SERVER_TO_CLIENT) === 0) return undefined;
  return { status, reader };
}

/** NEGOTIATE response, MS-SMB2 2.2.4. */
export function parseNegotiateResponse(message: Uint8Array): Smb2Negotiation | undefined {
  const header = readHeader(message, COMMAND.negotiate);
  if (header === undefined || header.status !== 0) return undefined;
  const { reader } = header;
  if (reader.u16le() !== 65) return undefined;
  const securityMode = reader.u16le();
  const revision = reader.u16le();
  const contextCount = reader.u16le();
  const guid = reader.take(16);
  const capabilities = reader.u32le();
  const maxTransactSize = reader.u32le();
  reader.skip(8);
  const systemTime = fileTime(reader.u64le());
  const startTime = fileTime(reader.u64le());
  reader.skip(4);
  const contextOffset = reader.u32le();
  if (reader.short) return undefined;
  const dialect = DIALECTS.get(revision) ?? (revision === 0x02ff ? '2.x' : undefined);
  if (dialect === undefined) return undefined;
  const chosen = dialect === '3.1.1' ? readContexts(message.subarray(contextOffset), contextCount) : {};
  const guidText = printable(guid);
  return {
    dialect,
    signingRequired: (securityMode & 2) !== 0,
    serverGuid: guidOf(guid),
    ...(guidText === undefined ? {} : { serverGuidText: guidText }),
    encryption: chosen.cipher !== undefined || (capabilities & CAPABILITY_ENCRYPTION) !== 0,
    ...chosen,
    ...(systemTime === undefined ? {} : { systemTime }),
    ...(startTime === undefined ? {} : { startTime }),
    maxTransactSize,
  };
}

const CIPHERS = ['none', 'AES-128-CCM', 'AES-128-GCM', 'AES-256-CCM', 'AES-256-GCM'];
const COMPRESSIONS = ['none', 'LZNT1', 'LZ77', 'LZ77+Huffman', 'Pattern_V1', 'LZ4'];
const SIGNINGS = ['HMAC-SHA256', 'AES-CMAC', 'AES-GMAC'];
const MAX_CONTEXTS = 16;

type Chosen = Pick<Smb2Negotiation, 'cipher' | 'compression' | 'signingAlgorithm'>;

/** The negotiate contexts of 3.1.1, MS-SMB2 2.2.4.1, each beginning at a multiple of eight. */
function readContexts(bytes: Uint8Array, count: number): Chosen {
  const reader = new ByteReader(bytes);
  let chosen: Chosen = {};
  for (let i = 0; i < Math.min(count, MAX_CONTEXTS); i += 1) {
    const type = reader.u16le();
    const length = reader.u16le();
    reader.skip(4);
    const data = new ByteReader(reader.take(length));
    if (reader.short) break;
    chosen = { ...chosen, ...readContext(type, data) };
    reader.skip(Math.min(reader.left, (8 - (length % 8)) % 8));
  }
  return chosen;
}

function readContext(type: number, data: ByteReader): Chosen {
  const count = data.u16le();
  if (type === CONTEXT.compression) data.skip(6);
  const id = data.u16le();
  if (data.short || count === 0) return {};
  // Zero is no cipher and no compression, but it is a signing algorithm.
  if (type === CONTEXT.encryption) return id === 0 ? {} : { cipher: CIPHERS[id] ?? String(id) };
  if (type === CONTEXT.compression) return id === 0 ? {} : { compression: COMPRESSIONS[id] ?? String(id) };
  return type === CONTEXT.signing ? { signingAlgorithm: SIGNINGS[id] ?? String(id) } : {};
}

/** Security token of a SESSION_SETUP response (MS-SMB2 2.2.6) that wants another step. */
export function parseSessionSetupResponse(
  message: Uint8Array,
): { readonly status: number; readonly token: Uint8Array } | undefined {
  const header = readHeader(message, COMMAND.sessionSetup);
  if (header === undefined) return undefined;
  const { status, reader } = header;
  if (reader.u16le() !== 9) return undefined;
  reader.skip(2);
  const offset = reader.u16le();
  const length = reader.u16le();
  return { status, token: reader.short ? new Uint8Array() : message.subarray(offset, offset + length) };
}

function guidOf(bytes: Uint8Array): string {
  const reader = new ByteReader(bytes);
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const head = [hex(reader.u32le(), 8), hex(reader.u16le(), 4), hex(reader.u16le(), 4), hex(reader.u16(), 4)];
  return `${head.join('-')}-${Buffer.from(bytes.subarray(10)).toString('hex')}`;
}

const PRINTABLE = /^[\w.-]{1,16}$/;

function printable(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('latin1').replace(/\0+$/, '');
  return PRINTABLE.test(text) ? text : undefined;
}
