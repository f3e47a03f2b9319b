/** Log-in as seen in services that speak text or greet first: Telnet, FTP, mail, databases. */
import type { Facts } from '../model/facts.ts';
import type { AuthenticationFact } from '../model/service.ts';
import type { LogIn } from './log-in.ts';

/** "login:", "Username:", "Password:", Japanese consoles, and Cisco's "User Access Verification". */
const LOGIN_PROMPT =
  /(?:log[ -]?in|user ?name|user ?id|user|account|pass ?word|passcode|ログイン|ユーザー?名?|パスワード)\s{0,4}[:：>]|user access verification/i;
/** A last line such as "Router>", "ap7#", "root@cam:~$": a command prompt, with nobody having been asked. */
const COMMAND_PROMPT = /^[\w.@:~/[\]()-]{0,40} ?[>#$]$/;

export function telnetLogIn({ telnet, greeting }: Facts): LogIn | undefined {
  const text = telnet?.text ?? (greeting?.protocol === 'telnet' ? greeting.text : undefined);
  if (text === undefined) return undefined;
  if (LOGIN_PROMPT.test(text)) return { kind: 'password', facts: ['telnet-login', 'clear-text'] };
  const last =
    text
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? '';
  if (COMMAND_PROMPT.test(last.trim())) return { kind: 'none', facts: ['telnet-no-login', 'clear-text'] };
  return { kind: 'unknown', facts: ['clear-text'] };
}

/** Servers that shake hands only with a name and password; without one they say so. */
const PASSWORD_DATABASES = new Set(['mysql', 'mariadb', 'mssql', 'postgresql', 'oracle']);
/** MySQL error 1130 and 1129, Redis protected mode, PostgreSQL pg_hba: our address may not come in at all. */
const TURNED_AWAY = /is not allowed to connect|is blocked because of|^-DENIED|no pg_hba\.conf entry/im;
/** Redis and MongoDB refuse a command before log-in; Redis 6 and later with ACL answer NOPERM. */
const WANTS_LOGIN = /^-NOAUTH|^-NOPERM|requires authentication|not authorized|authentication required/im;
/** Redis and memcached answered a command: nobody was asked for anything. */
const ANSWERS_ANYBODY = /^\+PONG|^redis_version:|^STAT (?:pid|version) |^VERSION \d/im;

export function databaseLogIn({ greeting }: Facts): LogIn | undefined {
  if (greeting === undefined) return undefined;
  const { protocol, text } = greeting;
  const isDatabase = PASSWORD_DATABASES.has(protocol) || /^(?:redis|memcached|mongodb)$/.test(protocol);
  if (!isDatabase) return undefined;
  if (TURNED_AWAY.test(text)) return { kind: 'unknown', facts: ['database-refused'] };
  if (WANTS_LOGIN.test(text) || PASSWORD_DATABASES.has(protocol))
    return { kind: 'password', facts: ['database-login'] };
  return ANSWERS_ANYBODY.test(text) ? { kind: 'none', facts: ['database-none'] } : undefined;
}

/** FTP, SMTP, POP3, IMAP. `startTls` false means that it was asked and is not offered. */
export function greetingLogIn({ greeting, tls }: Facts): LogIn | undefined {
  if (greeting === undefined) return undefined;
  const open: AuthenticationFact[] =
    tls?.handshake !== 'complete' && greeting.startTls === false ? ['clear-text'] : [];
  const protocol = greeting.protocol.replace(/s$/, '');
  if (protocol === 'ftp') return { kind: 'unknown', facts: ['ftp-not-asked', ...open] };
  const asks =
    protocol === 'pop3' ||
    protocol === 'imap' ||
    (protocol === 'smtp' && greeting.capabilities?.some((line) => /\bAUTH[ =]/i.test(line)) === true);
  return asks ? { kind: 'password', facts: ['mail-login', ...open] } : undefined;
}
