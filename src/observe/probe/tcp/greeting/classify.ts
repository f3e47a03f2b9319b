import { isMySqlGreeting } from './mysql.ts';

export type GreetingKind = 'ssh' | 'rfb' | 'telnet' | 'ftp' | 'smtp' | 'pop3' | 'imap' | 'mysql' | 'text';

/** Enough to tell any protocol that speaks first; SSH may have lines of text before (RFC 4253 §4.2). */
const LOOK_AT = 2048;

/**
 * What kind of server says this as its first words. May be asked again as bytes come in: an answer other than `text`,
 * `ftp` and `smtp` stays.
 *
 * @returns undefined for nothing at all and for bytes that are neither text nor a protocol known here.
 */
export function classifyGreeting(received: Uint8Array): GreetingKind | undefined {
  const bytes = received.subarray(0, LOOK_AT);
  if (bytes.length === 0) return undefined;
  const text = Buffer.from(bytes).toString('latin1');
  if (/^SSH-/m.test(text)) return 'ssh';
  if (text.startsWith('RFB ')) return 'rfb';
  if (isTelnet(bytes)) return 'telnet';
  if (isMySqlGreeting(bytes)) return 'mysql';
  if (/^220[ -]/.test(text)) return mailOrFiles(text);
  if (/^\+OK(?:\s|$)/.test(text)) return 'pop3';
  if (/^\* (?:OK|PREAUTH|BYE)(?:\s|$)/.test(text)) return 'imap';
  return isText(bytes) ? 'text' : undefined;
}

/** FTP and SMTP greet with the same number; who guesses wrong here is put right by asking. */
function mailOrFiles(text: string): GreetingKind {
  // VMware's authentication daemon (902/tcp) greets and refuses like an FTP server and is none.
  if (/VMware Authentication Daemon/i.test(text)) return 'text';
  if (/ftp/i.test(text)) return 'ftp';
  return /e?smtp|\bmail\b|postfix|sendmail|exim|\bmta\b|exchange/i.test(text) ? 'smtp' : 'ftp';
}

const IAC = 255;
const WILL = 251;

/** A negotiation of options at the start or amid text. Random bytes hold the same pair sooner or later. */
function isTelnet(bytes: Uint8Array): boolean {
  const at = bytes.indexOf(IAC);
  if (at < 0 || (bytes[at + 1] ?? 0) < WILL || bytes[at + 1] === IAC) return false;
  return isText(bytes.subarray(0, at));
}

/** No control characters but white space, escape and bell; bytes above 0x7f may be any encoding. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || [7, 8, 9, 10, 12, 13, 27].includes(byte));
}

/** The web server's form of an answer, to whatever it was asked. */
export function isHttpAnswer(received: Uint8Array): boolean {
  return /^HTTP\/\d/.test(Buffer.from(received.subarray(0, 16)).toString('latin1'));
}

/** How protocols begin whose first words may come byte by byte. */
const BEGINNINGS = ['SSH-2.0-', 'SSH-1.99-', 'RFB 003.', '220 ', '220-', '+OK ', '* OK ', 'HTTP/1.'];

/** Too short to tell, and a known protocol may begin like this: worth waiting for. */
export function mayBecomeMore(received: Uint8Array): boolean {
  const text = Buffer.from(received.subarray(0, 16)).toString('latin1');
  return BEGINNINGS.some((beginning) => beginning.startsWith(text) || text.startsWith('220'));
}

/** Nothing that may still come would change the mind: no need to wait for the rest of the line. */
export function isSettled(received: Uint8Array): boolean {
  const kind = classifyGreeting(received);
  if (kind === undefined) return received.length >= 64;
  if (kind === 'text' || kind === 'ftp' || kind === 'smtp')
    return received.includes(0x0a) && !isContinued(received);
  return true;
}

/** A line "220-…" announces more lines. */
function isContinued(received: Uint8Array): boolean {
  const text = Buffer.from(received.subarray(0, LOOK_AT)).toString('latin1');
  return received.length < LOOK_AT && text.startsWith('220-') && !/^220 [^\n]*\n/m.test(text);
}
