import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classifyGreeting,
  isSettled,
  mayBecomeMore,
} from '../../../../../src/observe/probe/tcp/greeting/classify.ts';
import { recorded } from '../recorded.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('greetings', () => {
  it.each([
    ['ssh', 'SSH-2.0-OpenSSH_9.2p1\r\n'],
    ['ssh', 'Keep out\r\nSSH-2.0-x\r\n'],
    ['rfb', 'RFB 003.008\n'],
    ['telnet', '\xff\xfd\x18\xff\xfd\x20'],
    ['telnet', 'Welcome\r\n\xff\xfb\x01login: '],
    ['ftp', '220 (vsFTPd 3.0.3)\r\n'],
    ['ftp', '220-Welcome to our file server\r\n220 FTP ready\r\n'],
    ['smtp', '220 mail.example ESMTP Postfix\r\n'],
    ['smtp', '220 x Microsoft ESMTP MAIL Service ready\r\n'],
    ['pop3', '+OK Dovecot ready.\r\n'],
    ['imap', '* OK [CAPABILITY IMAP4rev1] ready\r\n'],
    ['imap', '* BYE too many connections\r\n'],
    ['text', '200 news.example NNTP ready\r\n'],
    ['text', '220 VMware Authentication Daemon Version 1.10: SSL Required\r\n'],
    ['text', '-ERR unknown command\r\n'],
    ['text', '+OKAY\r\n'],
  ])('%s: %j', (kind, text) => {
    expect(classifyGreeting(ascii(text))).toBe(kind);
  });

  it('of MySQL and MariaDB, error packets too', () => {
    expect(classifyGreeting(recorded('mariadb 10.11', 'mysql greeting'))).toBe('mysql');
    const error = ascii(
      "\x45\0\0\0\xff\x6a\x04Host '192.0.2.1' is not allowed to connect to this MariaDB server",
    );
    expect(classifyGreeting(error)).toBe('mysql');
    expect(classifyGreeting(ascii('J\0\0\0\n5.7.40\0'))).toBe('mysql');
  });

  it('are no text and no telnet when they are noise', () => {
    expect(classifyGreeting(Buffer.from('0001feff03ff', 'hex'))).toBeUndefined();
    expect(classifyGreeting(Buffer.from('8e12fffb0190', 'hex'))).toBeUndefined();
    expect(classifyGreeting(new Uint8Array())).toBeUndefined();
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        classifyGreeting(bytes);
        isSettled(bytes);
        mayBecomeMore(bytes);
      }),
    );
  });
});

describe('a greeting that comes in pieces', () => {
  it('is settled when more cannot change its kind', () => {
    expect(isSettled(ascii('SSH-2'))).toBe(true);
    expect(isSettled(ascii('220 mail'))).toBe(false);
    expect(isSettled(ascii('220 mail ESMTP\r\n'))).toBe(true);
    expect(isSettled(ascii('220-files\r\n'))).toBe(false);
    expect(isSettled(ascii('220-files\r\n220 ready\r\n'))).toBe(true);
    expect(isSettled(ascii('login: '))).toBe(false);
  });

  it('is waited for while it begins like a protocol', () => {
    expect(
      ['S', 'SS', '22', '220 x', 'RFB 00', 'HTT'].map((text) => mayBecomeMore(ascii(text))),
    ).not.toContain(false);
    expect(['login: ', 'Welcome', '-ERR'].map((text) => mayBecomeMore(ascii(text)))).not.toContain(true);
  });
});
