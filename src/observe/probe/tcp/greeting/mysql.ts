import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../text.ts';

export interface MySqlGreeting {
  /** Server version as sent; MariaDB's compatibility prefix "5.5.5-" is taken off. */
  readonly version?: string;
  /** Version text, or the words of an error packet. */
  readonly text: string;
  /** CLIENT_SSL in the capability flags. */
  readonly startTls?: boolean;
}

const ERROR = 0xff;
const CLIENT_SSL = 0x0800;
const MAX_PACKET = 1024;
/** MariaDB 10 and later show themselves to old replicas as 5.5.5 (MariaDB, "Connection handshake"). */
const COMPATIBILITY_PREFIX = /^5\.5\.5-(?=\d)/;

/** Length of the first packet with its header; a packet longer than a greeting can be gives undefined. */
function packetLength(bytes: Uint8Array): number | undefined {
  const [low = 0, middle = 0, high = 0, sequence] = bytes;
  const length = low + middle * 256 + high * 65_536;
  return sequence === 0 && length >= 5 && length <= MAX_PACKET ? length + 4 : undefined;
}

export function isMySqlGreeting(bytes: Uint8Array): boolean {
  if (bytes.length < 7 || packetLength(bytes) === undefined) return false;
  const text = Buffer.from(bytes.subarray(5, 40)).toString('latin1');
  // Protocol 10 (9 before MySQL 3.22): a version number and its NUL. Error: a number and a sentence about the host.
  if (bytes[4] === 10 || bytes[4] === 9) return /^\d{1,2}\.\d/.test(text);
  return bytes[4] === ERROR && /^[\s\S]{2}(?:#\w{5})?[A-Z'"]/.test(text);
}

export function isWholeMySqlGreeting(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const length = packetLength(bytes);
  return length === undefined || bytes.length >= length;
}

/** Handshake version 10 or an error packet such as "Host … is not allowed to connect to this MariaDB server". */
export function parseMySqlGreeting(bytes: Uint8Array): MySqlGreeting | undefined {
  const reader = new ByteReader(bytes.subarray(4, packetLength(bytes) ?? 0));
  const first = reader.u8();
  if (reader.short) return undefined;
  if (first === ERROR) {
    reader.skip(2);
    const text = decodeText(reader.take(reader.left)).replace(/^#\w{5}/, '');
    return text === '' ? undefined : { text };
  }
  const end = reader.bytes.indexOf(0, 1);
  if (end < 0) return undefined;
  const text = reader.latin1(end - 1);
  const version = text.replace(COMPATIBILITY_PREFIX, '');
  // NUL, connection id, eight bytes of scramble and a filler stand before the lower capability flags.
  reader.skip(1 + 4 + 8 + 1);
  const capabilities = reader.u16le();
  return { version, text, ...(reader.short ? {} : { startTls: (capabilities & CLIENT_SSL) !== 0 }) };
}
