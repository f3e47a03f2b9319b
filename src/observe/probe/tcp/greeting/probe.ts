import type { GreetingFacts } from '../../../../model/facts.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext, ProbeResult } from '../../probe.ts';
import { decodeText } from '../text.ts';
import { lookAtTlsAfter } from '../tls/start-tls.ts';
import { OWN_NAME, type StartTlsProtocol } from '../tls/upgrades.ts';
import { isWholeMySqlGreeting, parseMySqlGreeting } from './mysql.ts';
import { isNewsGreeting, newsFacts, parseSieve } from './text-protocols.ts';
import { completeLines, linesUntil, parseReply, type Reply } from './replies.ts';

export type GreetingProtocol = 'ftp' | 'smtp' | 'pop3' | 'imap' | 'mysql' | 'text';

/** A text that is not a protocol known here has no end to wait for. */
const QUIET_MS = 700;

interface Conversation {
  readonly greeting: GreetingFacts;
  /** What ends it politely; absent when the server has not been asked anything. */
  readonly farewell?: string;
}

type Ask = (connection: Connection, timeoutMs: number) => Promise<Conversation | undefined>;

const CONVERSATIONS: Readonly<Record<GreetingProtocol, Ask>> = {
  ftp: (connection, timeoutMs) => ask220(connection, timeoutMs, 'ftp'),
  smtp: (connection, timeoutMs) => ask220(connection, timeoutMs, 'smtp'),
  pop3: askPop3,
  imap: askImap,
  mysql: readMySql,
  text: readText,
};

const FAREWELL_MS = 1000;

/**
 * Greeting of a server that speaks first and the list of what it can do; TLS when it offers to go on with it (STARTTLS);
 * then a polite end. No user name, no mail, no log-in. Over a TLS connection the same, named "…s". Closes `connection`.
 */
export async function probeGreeting(
  context: ProbeContext,
  connection: Connection,
  protocol: GreetingProtocol,
  isInsideTls = false,
): Promise<ProbeResult> {
  try {
    const heard = await CONVERSATIONS[protocol](connection, context.answerTimeoutMs);
    const label = `${protocol} greeting`;
    if (heard === undefined) {
      const evidence = [connection.evidence(label)];
      return { protocol: nameOf(protocol, isInsideTls), status: 'protocol-error', facts: {}, evidence };
    }
    const { greeting, farewell } = heard;
    const name = nameOf(greeting.protocol, isInsideTls);
    const upgrade = isInsideTls ? undefined : upgradeOf(greeting);
    if (upgrade === undefined) {
      await sayFarewell(context, connection, farewell);
      return { protocol: name, status: 'open', facts: { greeting }, evidence: [connection.evidence(label)] };
    }
    const plain = connection.evidence(label);
    const tls = await lookAtTlsAfter(context, upgrade, connection);
    if (tls === undefined) await sayFarewell(context, connection, farewell);
    return {
      protocol: name,
      status: 'open',
      facts: { greeting, ...(tls !== undefined && { tls: tls.facts }) },
      evidence: [plain, ...(tls?.evidence ?? [connection.evidence(`${protocol} start tls`)])],
    };
  } finally {
    connection.close();
  }
}

function upgradeOf({ protocol, startTls }: GreetingFacts): StartTlsProtocol | undefined {
  if (startTls !== true) return undefined;
  return (['smtp', 'ftp', 'pop3', 'imap', 'mysql', 'sieve', 'nntp'] as const).find((one) => one === protocol);
}

async function sayFarewell(
  context: ProbeContext,
  connection: Connection,
  farewell: string | undefined,
): Promise<void> {
  if (farewell === undefined) return;
  say(connection, farewell);
  const timeoutMs = Math.min(context.answerTimeoutMs, FAREWELL_MS);
  // IMAP says BYE before the line that ends the answer.
  await readLines(connection, timeoutMs, (line) => !line.startsWith('* '));
}

const TLS_NAMES: Readonly<Record<string, string>> = {
  ftp: 'ftps',
  smtp: 'smtps',
  pop3: 'pop3s',
  imap: 'imaps',
  nntp: 'nntps',
};

function nameOf(protocol: string, isInsideTls: boolean): string {
  if (isInsideTls) return TLS_NAMES[protocol] ?? 'tls';
  return protocol === 'text' || protocol === 'unknown-text' ? 'unknown' : protocol;
}

function say(connection: Connection, line: string): void {
  connection.write(Buffer.from(`${line}\r\n`, 'latin1'));
}

async function readReply(connection: Connection, timeoutMs: number): Promise<Reply | undefined> {
  const { bytes } = await connection.read((received) => parseReply(received) !== 'more', timeoutMs);
  const reply = parseReply(bytes);
  return reply === 'more' ? undefined : reply;
}

/**
 * FTP (RFC 959, RFC 2389) and SMTP (RFC 5321) greet alike. The likelier one's question is asked first; only when it is
 * not understood, the other's.
 */
async function ask220(
  connection: Connection,
  timeoutMs: number,
  guess: 'ftp' | 'smtp',
): Promise<Conversation | undefined> {
  const { bytes } = await connection.read((received) => parseReply(received) !== 'more', timeoutMs);
  const greeting = parseReply(bytes);
  if (greeting === undefined) return undefined;
  const text = decodeText(bytes).trimEnd();
  if (greeting === 'more' || greeting.code !== 220) return { greeting: { protocol: guess, text } };

  const order = guess === 'ftp' ? [askFeat, askEhlo] : [askEhlo, askFeat];
  let found: Partial<GreetingFacts> = {};
  let protocol: string = guess;
  for (const ask of order) {
    const answer = await ask(connection, timeoutMs);
    if (answer.isCertain) {
      ({ protocol, facts: found } = answer);
      break;
    }
    if (answer.isOver) break;
  }
  return { greeting: { protocol, text, ...found }, farewell: 'QUIT' };
}

interface Asked {
  readonly protocol: 'ftp' | 'smtp';
  readonly isCertain: boolean;
  /** Nothing came back: do not ask more. */
  readonly isOver: boolean;
  readonly facts: Partial<GreetingFacts>;
}

async function askFeat(connection: Connection, timeoutMs: number): Promise<Asked> {
  say(connection, 'FEAT');
  const reply = await readReply(connection, timeoutMs);
  const base = { protocol: 'ftp', isOver: reply === undefined } as const;
  // 211: the list. 530: log in first, which only FTP says to FEAT.
  if (reply?.code === 530) return { ...base, isCertain: true, facts: {} };
  if (reply?.code !== 211) return { ...base, isCertain: false, facts: {} };
  const capabilities = reply.lines.slice(1, -1).map((line) => line.trim());
  const startTls = capabilities.some((line) => /^AUTH\b.*\b(?:TLS|SSL)\b/i.test(line));
  return { ...base, isCertain: true, facts: { capabilities, startTls } };
}

async function askEhlo(connection: Connection, timeoutMs: number): Promise<Asked> {
  say(connection, `EHLO ${OWN_NAME}`);
  const reply = await readReply(connection, timeoutMs);
  const base = { protocol: 'smtp', isOver: reply === undefined } as const;
  if (reply?.code !== 250) return { ...base, isCertain: false, facts: {} };
  const capabilities = reply.lines.slice(1);
  const startTls = capabilities.some((line) => /^STARTTLS\b/i.test(line));
  return { ...base, isCertain: true, facts: { capabilities, startTls } };
}

/** RFC 1939, RFC 2449. */
async function askPop3(connection: Connection, timeoutMs: number): Promise<Conversation | undefined> {
  const text = await readFirstLine(connection, timeoutMs);
  if (text === undefined) return undefined;
  say(connection, 'CAPA');
  const lines = await readLines(connection, timeoutMs, (line) => line === '.' || line.startsWith('-ERR'));
  if (lines?.at(-1) !== '.') return { greeting: { protocol: 'pop3', text }, farewell: 'QUIT' };
  const capabilities = lines.slice(1, -1);
  const startTls = capabilities.some((line) => /^STLS\b/i.test(line));
  return { greeting: { protocol: 'pop3', text, capabilities, startTls }, farewell: 'QUIT' };
}

/** RFC 9051 §6.1.1. */
async function askImap(connection: Connection, timeoutMs: number): Promise<Conversation | undefined> {
  const text = await readFirstLine(connection, timeoutMs);
  if (text === undefined) return undefined;
  if (text.startsWith('* BYE')) return { greeting: { protocol: 'imap', text } };
  const farewell = 'a2 LOGOUT';
  say(connection, 'a1 CAPABILITY');
  const lines = await readLines(connection, timeoutMs, (line) => /^a1 /i.test(line));
  const list = lines?.find((line) => /^\* CAPABILITY /i.test(line));
  if (list === undefined) return { greeting: { protocol: 'imap', text }, farewell };
  const capabilities = list
    .slice('* CAPABILITY '.length)
    .split(' ')
    .filter((word) => word !== '');
  const startTls = capabilities.some((word) => /^STARTTLS$/i.test(word));
  return { greeting: { protocol: 'imap', text, capabilities, startTls }, farewell };
}

/**
 * Nothing is sent, but for TLS when it is offered: the server counts a handshake that breaks off, and blocks a host after
 * many (max_connect_errors).
 */
async function readMySql(connection: Connection, timeoutMs: number): Promise<Conversation | undefined> {
  const { bytes } = await connection.read(isWholeMySqlGreeting, timeoutMs);
  const greeting = parseMySqlGreeting(bytes);
  return greeting === undefined ? undefined : { greeting: { protocol: 'mysql', ...greeting } };
}

async function readText(connection: Connection, timeoutMs: number): Promise<Conversation | undefined> {
  const { bytes } = await connection.read((received) => received.length > 4096, QUIET_MS);
  const text = decodeText(bytes);
  const sieve = parseSieve(text);
  if (sieve !== undefined) return { greeting: sieve, farewell: 'LOGOUT' };
  if (!isNewsGreeting(text)) return { greeting: { protocol: 'unknown-text', text } };
  say(connection, 'CAPABILITIES');
  const lines = await readLines(connection, timeoutMs, (line) => line === '.' || /^[45]\d\d/.test(line));
  return { greeting: newsFacts(text, lines), farewell: 'QUIT' };
}

async function readFirstLine(connection: Connection, timeoutMs: number): Promise<string | undefined> {
  const { bytes } = await connection.read(
    (received) => received.length > 8192 || received.includes(0x0a),
    timeoutMs,
  );
  return completeLines(bytes)[0] ?? (bytes.length > 0 ? decodeText(bytes) : undefined);
}

async function readLines(
  connection: Connection,
  timeoutMs: number,
  isLast: (line: string) => boolean,
): Promise<readonly string[] | undefined> {
  const { bytes } = await connection.read((received) => linesUntil(received, isLast) !== 'more', timeoutMs);
  const lines = linesUntil(bytes, isLast);
  return lines === 'more' ? undefined : lines;
}
