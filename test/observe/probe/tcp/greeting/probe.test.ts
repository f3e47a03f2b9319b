import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  isWholeMySqlGreeting,
  parseMySqlGreeting,
} from '../../../../../src/observe/probe/tcp/greeting/mysql.ts';
import { probeGreeting, type GreetingProtocol } from '../../../../../src/observe/probe/tcp/greeting/probe.ts';
import { linesUntil, parseReply } from '../../../../../src/observe/probe/tcp/greeting/replies.ts';
import {
  isNewsGreeting,
  newsFacts,
  parseSieve,
} from '../../../../../src/observe/probe/tcp/greeting/text-protocols.ts';
import { contextFor, serve, type Loopback } from '../context.ts';
import { recorded } from '../recorded.ts';

let server: Loopback | undefined;
afterEach(() => server?.close());

/** A server of lines: greets, then answers each command by its first word. */
async function ask(
  protocol: GreetingProtocol,
  greeting: string,
  answers: Record<string, string>,
  isInsideTls = false,
) {
  server = await serve((socket) => {
    socket.write(greeting);
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('latin1').split('\r\n').slice(0, -1)) {
        socket.write(answers[line.replace(/^a\d /, '').split(' ')[0] ?? ''] ?? '500 what?\r\n');
      }
    });
  });
  const context = contextFor(server.port, { answerTimeoutMs: 500 });
  const result = await probeGreeting(context, await context.dial(), protocol, isInsideTls);
  expect(context.held()).toBe(0);
  return { ...result, said: server.received[0]?.toString('latin1').split('\r\n').slice(0, -1) };
}

describe('replies', () => {
  it('end with the line whose number is followed by a space', () => {
    const bytes = Buffer.from('211-Features:\r\n AUTH TLS\r\n 211 x\r\n211 End\r\n');
    expect(parseReply(bytes)).toEqual({ code: 211, lines: ['Features:', ' AUTH TLS', ' 211 x', 'End'] });
    expect(parseReply(bytes.subarray(0, -1))).toBe('more');
    expect(parseReply(Buffer.from('hello\r\n'))).toBeUndefined();
  });

  it('are bounded', () => {
    expect(parseReply(Buffer.from('220-x\r\n'.repeat(200)))).toBeUndefined();
    expect(parseReply(Buffer.alloc(40_000, 'a'))).toBeUndefined();
    expect(linesUntil(Buffer.from('x\r\n'.repeat(200)), () => false)).toBeUndefined();
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        parseReply(bytes);
        linesUntil(bytes, (line) => line === '.');
        isWholeMySqlGreeting(bytes);
        parseMySqlGreeting(bytes);
      }),
    );
  });
});

describe('FTP and SMTP', () => {
  it('FTP: features, then QUIT, and no USER', async () => {
    const result = await ask('ftp', '220 (vsFTPd 3.0.3)\r\n', {
      FEAT: '211-Features:\r\n AUTH TLS\r\n PASV\r\n211 End\r\n',
      QUIT: '221 Goodbye.\r\n',
    });
    expect(result.facts.greeting).toEqual({
      protocol: 'ftp',
      text: '220 (vsFTPd 3.0.3)',
      capabilities: ['AUTH TLS', 'PASV'],
      startTls: true,
    });
    // Refused by this server: the conversation ends as if it had not been offered.
    expect(result.said).toEqual(['FEAT', 'AUTH TLS', 'QUIT']);
    expect(result.facts.tls).toBeUndefined();
  });

  it('FTP that wants a log-in first: whether TLS is offered is not known', async () => {
    const result = await ask('ftp', '220 ready\r\n', {
      FEAT: '530 Please login with USER and PASS.\r\n',
      QUIT: '221 .\r\n',
    });
    expect(result.facts.greeting).toEqual({ protocol: 'ftp', text: '220 ready' });
    expect(result.said).toEqual(['FEAT', 'QUIT']);
  });

  it('SMTP: EHLO with a name that belongs to nobody', async () => {
    const result = await ask('smtp', '220 mx.example ESMTP\r\n', {
      EHLO: '250-mx.example\r\n250-SIZE 10\r\n250 STARTTLS\r\n',
      QUIT: '221 bye\r\n',
    });
    expect(result.facts.greeting).toMatchObject({
      protocol: 'smtp',
      capabilities: ['SIZE 10', 'STARTTLS'],
      startTls: true,
    });
    expect(result.said).toEqual(['EHLO sekisho.invalid', 'STARTTLS', 'QUIT']);
  });

  it('a guess that was wrong is put right by the answers', async () => {
    const result = await ask('ftp', '220 welcome\r\n', {
      FEAT: '502 5.5.2 Error: command not recognized\r\n',
      EHLO: '250 mx.example\r\n',
      QUIT: '221 bye\r\n',
    });
    expect(result).toMatchObject({
      protocol: 'smtp',
      facts: { greeting: { protocol: 'smtp', startTls: false } },
    });
  });

  it('refusals are kept as text and nothing is asked', async () => {
    const result = await ask('smtp', '220-busy\r\n', {});
    expect(result.facts.greeting).toEqual({ protocol: 'smtp', text: '220-busy' });
    expect(result.said).toEqual([]);
  });

  it('inside TLS it has another name', async () => {
    const answers = { EHLO: '250 mx\r\n', QUIT: '221 bye\r\n' };
    expect((await ask('smtp', '220 mx ESMTP\r\n', answers, true)).protocol).toBe('smtps');
  });
});

describe('POP3 and IMAP', () => {
  it('POP3: CAPA and QUIT', async () => {
    const result = await ask('pop3', '+OK ready\r\n', {
      CAPA: '+OK\r\nSTLS\r\nUIDL\r\n.\r\n',
      QUIT: '+OK bye\r\n',
    });
    expect(result.facts.greeting).toEqual({
      protocol: 'pop3',
      text: '+OK ready',
      capabilities: ['STLS', 'UIDL'],
      startTls: true,
    });
    expect(result.said).toEqual(['CAPA', 'STLS', 'QUIT']);
  });

  it('POP3 without CAPA: not asked is not absent', async () => {
    const result = await ask('pop3', '+OK ready\r\n', { CAPA: '-ERR unknown\r\n', QUIT: '+OK\r\n' });
    expect(result.facts.greeting).toEqual({ protocol: 'pop3', text: '+OK ready' });
  });

  it('IMAP: CAPABILITY and LOGOUT', async () => {
    const result = await ask('imap', '* OK ready\r\n', {
      CAPABILITY: '* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na1 OK done\r\n',
      LOGOUT: '* BYE\r\na2 OK bye\r\n',
    });
    expect(result.facts.greeting).toMatchObject({
      capabilities: ['IMAP4rev1', 'LOGINDISABLED'],
      startTls: false,
    });
    expect(result.said).toEqual(['a1 CAPABILITY', 'a2 LOGOUT']);
  });
});

describe('MySQL and other text', () => {
  it('reads the version of the recorded MariaDB without its compatibility prefix', () => {
    expect(parseMySqlGreeting(recorded('mariadb 10.11', 'mysql greeting'))).toEqual({
      version: '10.11.19-MariaDB-0+deb12u1',
      text: '5.5.5-10.11.19-MariaDB-0+deb12u1',
      startTls: false,
    });
  });

  it('keeps the words of a refusal, which has no version', async () => {
    const words = "Host '192.0.2.1' is not allowed to connect to this MariaDB server";
    const packet = `${String.fromCodePoint(words.length + 3)}\0\0\0\xff\x6a\x04${words}`;
    server = await serve((socket) => socket.end(Buffer.from(packet, 'latin1')));
    const context = contextFor(server.port);
    const result = await probeGreeting(context, await context.dial(), 'mysql');
    expect(result.facts.greeting).toEqual({ protocol: 'mysql', text: words });
    expect(server.received[0]).toHaveLength(0);
  });

  it('calls other text unknown and says nothing to it', async () => {
    const result = await ask('text', '200 gate.example ready\r\n', {});
    expect(result).toMatchObject({
      protocol: 'unknown',
      facts: { greeting: { protocol: 'unknown-text', text: '200 gate.example ready\r\n' } },
    });
    expect(result.said).toEqual([]);
  });
});

describe('protocols that are told by their words', () => {
  /** Dovecot 2.3.19 with Pigeonhole, Debian 12. */
  const sieve =
    '"IMPLEMENTATION" "Dovecot (Debian) Pigeonhole"\r\n"NOTIFY" "mailto"\r\n"SASL" "PLAIN"\r\n"VERSION" "1.0"\r\nOK "Dovecot (Debian) ready."\r\n';

  it('ManageSieve says what it can do of itself', async () => {
    const result = await ask('text', sieve, { LOGOUT: 'OK "Logout completed."\r\n' });
    expect(result).toMatchObject({
      protocol: 'sieve',
      facts: {
        greeting: {
          protocol: 'sieve',
          startTls: false,
          capabilities: [
            'IMPLEMENTATION Dovecot (Debian) Pigeonhole',
            'NOTIFY mailto',
            'SASL PLAIN',
            'VERSION 1.0',
          ],
        },
      },
    });
    expect(result.said).toEqual(['LOGOUT']);
  });

  it('a news server is asked for its capabilities', async () => {
    const result = await ask(
      'text',
      '200 news.example InterNetNews NNRP server INN 2.7.1 ready (posting ok)\r\n',
      {
        CAPABILITIES: '101 Capability list:\r\nVERSION 2\r\nREADER\r\nSTARTTLS\r\n.\r\n',
        STARTTLS: '502 Command unavailable\r\n',
        QUIT: '205 Bye!\r\n',
      },
    );
    expect(result).toMatchObject({
      protocol: 'nntp',
      facts: {
        greeting: { protocol: 'nntp', startTls: true, capabilities: ['VERSION 2', 'READER', 'STARTTLS'] },
      },
    });
    expect(result.said).toEqual(['CAPABILITIES', 'STARTTLS', 'QUIT']);
  });

  it('an old news server does not know the question', async () => {
    const result = await ask('text', '201 Leafnode NNTP daemon ready\r\n', {
      CAPABILITIES: '500 Unknown command\r\n',
      QUIT: '205 bye\r\n',
    });
    expect(result.facts.greeting).toEqual({ protocol: 'nntp', text: '201 Leafnode NNTP daemon ready\r\n' });
  });

  it('a number alone is nobody’s', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (!/^20[01] /.test(text)) expect(isNewsGreeting(text)).toBe(false);
        expect(parseSieve(text)?.protocol).toBeOneOf([undefined, 'sieve']);
        expect(newsFacts(text, text.split('\n')).protocol).toBe('nntp');
      }),
    );
    expect(isNewsGreeting('200 ready\r\n')).toBe(false);
  });
});
