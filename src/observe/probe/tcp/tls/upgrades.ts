import type { Connection } from '../../connection.ts';
import { isWholeMySqlGreeting, parseMySqlGreeting } from '../greeting/mysql.ts';
import { linesUntil, parseReply } from '../greeting/replies.ts';
import { encodeConnectionRequest, parseConfirm, PROTOCOL } from '../rdp/packets.ts';

/** How one protocol is brought to the point where the next bytes are a ClientHello. */
interface Upgrade {
  /** From the first byte of a fresh connection to where the command may be given. */
  ready(connection: Connection, timeoutMs: number): Promise<boolean>;
  /** The command; true when the server agrees. */
  command(connection: Connection, timeoutMs: number): Promise<boolean>;
}

export type StartTlsProtocol =
  | 'smtp'
  | 'ftp'
  | 'pop3'
  | 'imap'
  | 'nntp'
  | 'sieve'
  | 'mysql'
  | 'postgresql'
  | 'ldap'
  | 'rdp'
  | 'xmpp';

/** Name in EHLO and in the stream of XMPP: ours, and one that can never be anybody's (RFC 6761 §6.4). */
export const OWN_NAME = 'sekisho.invalid';
const MAX_BYTES = 32_768;

export const UPGRADES: Readonly<Record<StartTlsProtocol, Upgrade>> = {
  // RFC 3207.
  smtp: {
    ready: async (connection, timeoutMs) =>
      (await reply(connection, timeoutMs)) === 220 &&
      (await said(connection, `EHLO ${OWN_NAME}`, timeoutMs)) === 250,
    command: async (connection, timeoutMs) => (await said(connection, 'STARTTLS', timeoutMs)) === 220,
  },
  // RFC 4217.
  ftp: {
    ready: async (connection, timeoutMs) => (await reply(connection, timeoutMs)) === 220,
    command: async (connection, timeoutMs) => (await said(connection, 'AUTH TLS', timeoutMs)) === 234,
  },
  // RFC 2595.
  pop3: {
    ready: (connection, timeoutMs) => line(connection, timeoutMs, /^\+OK/),
    command: (connection, timeoutMs) => line(connection, timeoutMs, /^\+OK/, 'STLS'),
  },
  imap: {
    ready: (connection, timeoutMs) => line(connection, timeoutMs, /^\* OK/),
    command: (connection, timeoutMs) =>
      lastLine(connection, timeoutMs, { end: /^s1 /i, good: /^s1 OK/i, text: 's1 STARTTLS' }),
  },
  // RFC 4642.
  nntp: {
    ready: (connection, timeoutMs) => line(connection, timeoutMs, /^20[01] /),
    command: (connection, timeoutMs) => line(connection, timeoutMs, /^382/, 'STARTTLS'),
  },
  // RFC 5804 §2.2.
  sieve: {
    ready: (connection, timeoutMs) => lastLine(connection, timeoutMs, { end: SIEVE_END, good: /^OK/i }),
    command: (connection, timeoutMs) =>
      lastLine(connection, timeoutMs, { end: SIEVE_END, good: /^OK/i, text: 'STARTTLS' }),
  },
  // MySQL, "Protocol::SSLRequest": nothing is answered, TLS begins at once.
  mysql: {
    ready: async (connection, timeoutMs) => {
      const { bytes } = await connection.read(isWholeMySqlGreeting, timeoutMs);
      return parseMySqlGreeting(bytes)?.startTls === true;
    },
    command: (connection) => {
      connection.write(MYSQL_SSL_REQUEST);
      return Promise.resolve(true);
    },
  },
  // PostgreSQL, "SSL Session Encryption": one byte, S or N.
  postgresql: {
    ready: () => Promise.resolve(true),
    command: async (connection, timeoutMs) => {
      connection.write(Buffer.from('0000000804d2162f', 'hex'));
      const { bytes } = await connection.read((received) => received.length > 0, timeoutMs);
      return bytes.length === 1 && bytes[0] === 'S'.codePointAt(0);
    },
  },
  // RFC 4511 §4.14.
  ldap: {
    ready: () => Promise.resolve(true),
    command: async (connection, timeoutMs) => {
      connection.write(LDAP_START_TLS);
      const { bytes } = await connection.read(isWholeLdapMessage, timeoutMs);
      return isLdapSuccess(bytes);
    },
  },
  // MS-RDPBCGR 2.2.1.1: X.224 connection request that offers TLS and CredSSP, both of which begin with TLS.
  rdp: {
    ready: () => Promise.resolve(true),
    command: async (connection, timeoutMs) => {
      connection.write(encodeConnectionRequest(PROTOCOL.tls | PROTOCOL.hybrid));
      const { bytes } = await connection.read((received) => parseConfirm(received) !== 'more', timeoutMs);
      const confirm = parseConfirm(bytes);
      return (
        typeof confirm === 'object' && confirm.kind === 'selected' && confirm.protocol !== PROTOCOL.standard
      );
    },
  },
  // RFC 6120 §5.4.
  xmpp: {
    ready: async (connection, timeoutMs) => {
      const text = await element(
        connection,
        timeoutMs,
        /<\/(?:stream:)?features>|<\/stream:stream>/,
        XMPP_STREAM,
      );
      return /<starttls[\s/>]/.test(text);
    },
    command: async (connection, timeoutMs) => {
      const request = '<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>';
      return /<proceed/.test(
        await element(connection, timeoutMs, /<(?:proceed|failure)[^>]{0,200}>/, request),
      );
    },
  },
};

/** RFC 5804 §1.2: a response ends with one of these, and text may follow. */
const SIEVE_END = /^(?:OK|NO|BYE)\b/i;
/**
 * CLIENT_SSL, CLIENT_PROTOCOL_41 and CLIENT_SECURE_CONNECTION; 16 MiB; utf8: 32 bytes of payload, number 1 in the sequence.
 */
const MYSQL_SSL_REQUEST = Buffer.concat([
  Buffer.from('200000010 08a0000 00000001 21'.replaceAll(' ', ''), 'hex'),
  Buffer.alloc(23),
]);
/** Message 1, ExtendedRequest with the name 1.3.6.1.4.1.1466.20037. */
const LDAP_START_TLS = Buffer.concat([
  Buffer.from('301d02010177188016', 'hex'),
  Buffer.from('1.3.6.1.4.1.1466.20037', 'latin1'),
]);
const XMPP_STREAM = `<?xml version="1.0"?><stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" version="1.0" to="${OWN_NAME}">`;

function say(connection: Connection, text: string): void {
  connection.write(Buffer.from(`${text}\r\n`, 'latin1'));
}

/** Number of a reply of SMTP or FTP; undefined when none came. */
async function reply(connection: Connection, timeoutMs: number): Promise<number | undefined> {
  const { bytes } = await connection.read((received) => parseReply(received) !== 'more', timeoutMs);
  const found = parseReply(bytes);
  return found === 'more' ? undefined : found?.code;
}

function said(connection: Connection, text: string, timeoutMs: number): Promise<number | undefined> {
  say(connection, text);
  return reply(connection, timeoutMs);
}

/** One line, after `text` when it is given. */
function line(connection: Connection, timeoutMs: number, good: RegExp, text?: string): Promise<boolean> {
  return lastLine(connection, timeoutMs, { end: /^/, good, ...(text !== undefined && { text }) });
}

interface Lines {
  readonly end: RegExp;
  readonly good: RegExp;
  /** Said before. */
  readonly text?: string;
}

async function lastLine(
  connection: Connection,
  timeoutMs: number,
  { end, good, text }: Lines,
): Promise<boolean> {
  if (text !== undefined) say(connection, text);
  const isLast = (one: string): boolean => end.test(one);
  const { bytes } = await connection.read((received) => linesUntil(received, isLast) !== 'more', timeoutMs);
  const lines = linesUntil(bytes, isLast);
  return Array.isArray(lines) && good.test(String(lines.at(-1)));
}

async function element(
  connection: Connection,
  timeoutMs: number,
  end: RegExp,
  request: string,
): Promise<string> {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, MAX_BYTES)).toString('latin1');
  connection.write(Buffer.from(request, 'latin1'));
  const { bytes } = await connection.read(
    (received) => received.length > MAX_BYTES || end.test(text(received)),
    timeoutMs,
  );
  return text(bytes);
}

/** Short form of the length (OpenLDAP) or the long one with four bytes (Active Directory). */
function ldapBody(bytes: Uint8Array): { readonly at: number; readonly length: number } | undefined {
  const [, length = 0] = bytes;
  if (length < 0x80) return { at: 2, length };
  const size = length & 0x7f;
  if (size > 4 || bytes.length < 2 + size) return undefined;
  return {
    at: 2 + size,
    length: Number.parseInt(Buffer.from(bytes.subarray(2, 2 + size)).toString('hex'), 16),
  };
}

function isWholeLdapMessage(bytes: Uint8Array): boolean {
  if (bytes.length < 2) return false;
  const body = ldapBody(bytes);
  return (
    bytes[0] !== 0x30 ||
    bytes.length >= MAX_BYTES ||
    (body !== undefined && bytes.length >= body.at + body.length)
  );
}

/** Message 1, ExtendedResponse (0x78), result code 0 as its first element. */
function isLdapSuccess(bytes: Uint8Array): boolean {
  const at = ldapBody(bytes)?.at;
  if (bytes[0] !== 0x30 || at === undefined) return false;
  const text = Buffer.from(bytes.subarray(at, at + 16)).toString('hex');
  return /^02010178(?:[0-7]\p{ASCII_Hex_Digit}|84\p{ASCII_Hex_Digit}{8})0a0100/u.test(text);
}

export function isStartTlsProtocol(name: string): name is StartTlsProtocol {
  return Object.hasOwn(UPGRADES, name);
}
