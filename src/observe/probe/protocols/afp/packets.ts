/**
 * Apple Filing Protocol over the Data Stream Interface: DSIGetStatus, whose answer is the block of FPGetSrvrInfo (Apple,
 * "Apple Filing Protocol Reference"). Needs no session.
 */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

export interface AfpServerInfo {
  readonly serverName: string;
  /** "Netatalk3.1.13", "TimeCapsule8,119", "Windows NT" … */
  readonly machineType: string;
  readonly versions: readonly string[];
  /** Ways to log in: "No User Authent", "DHX2", "Cleartxt Passwrd" … */
  readonly authenticationMethods: readonly string[];
  readonly utf8Name?: string;
}

const GET_STATUS = 3;
const MAX_INFO = 4096;
const REQUEST_ID = 0x51;

export function encodeGetStatus(): Uint8Array {
  return Uint8Array.of(0, GET_STATUS, 0, REQUEST_ID, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/** Reply: flags 1, command 3, any request id, error 0, length, reserved; then the block. */
export function parseStatus(received: Uint8Array): AfpServerInfo | 'more' | undefined {
  const reader = new ByteReader(received);
  const [flags, command] = [reader.u8(), reader.u8()];
  if (received.length > 1 && (flags !== 1 || command !== GET_STATUS)) return undefined;
  reader.skip(2);
  const [error, length] = [reader.u32(), reader.u32()];
  reader.skip(4);
  if (reader.short) return received.length === 0 || flags === 1 ? 'more' : undefined;
  if (error !== 0 || length < 18 || length > MAX_INFO) return undefined;
  const block = reader.take(length);
  return reader.short ? 'more' : parseServerInfo(block);
}

/** Flag bit 8: a name in UTF-8 is there. */
const HAS_UTF8_NAME = 0x100;

function parseServerInfo(block: Uint8Array): AfpServerInfo | undefined {
  const reader = new ByteReader(block);
  const [machineAt, versionsAt, methodsAt] = [reader.u16(), reader.u16(), reader.u16()];
  reader.skip(2);
  const flags = reader.u16();
  const serverName = readPascal(reader);
  if (reader.offset % 2 === 1) reader.skip(1);
  const tail = reader.offset;
  const machineType = readPascal(at(block, machineAt));
  const versions = readPascalList(at(block, versionsAt));
  const authenticationMethods = readPascalList(at(block, methodsAt));
  const isAfp = versions?.some((version) => version.startsWith('AFP')) === true;
  if (serverName === undefined || machineType === undefined || authenticationMethods === undefined)
    return undefined;
  if (!isAfp || machineAt < tail) return undefined;
  const utf8Name = (flags & HAS_UTF8_NAME) === 0 ? undefined : readUtf8Name(block, tail, machineAt);
  return {
    serverName,
    machineType,
    versions,
    authenticationMethods,
    ...(utf8Name === undefined ? {} : { utf8Name }),
  };
}

function at(block: Uint8Array, offset: number): ByteReader {
  return new ByteReader(block.subarray(offset));
}

function readPascal(reader: ByteReader): string | undefined {
  const bytes = reader.take(reader.u8());
  return reader.short ? undefined : decodeText(bytes, 255);
}

/** A count of at most 32 and as many Pascal strings. */
function readPascalList(reader: ByteReader): readonly string[] | undefined {
  const count = reader.u8();
  if (reader.short || count > 32) return undefined;
  const texts = Array.from({ length: count }, () => readPascal(reader));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** Behind the name: offsets of signature, addresses and directory names, then that of the name in UTF-8. */
function readUtf8Name(block: Uint8Array, tail: number, machineAt: number): string | undefined {
  if (tail + 8 > machineAt) return undefined;
  const offset = at(block, tail + 6).u16();
  const reader = at(block, offset);
  const bytes = reader.take(reader.u16());
  return reader.short || offset === 0 || bytes.length === 0 ? undefined : decodeText(bytes, 255);
}
