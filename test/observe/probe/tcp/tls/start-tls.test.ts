import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { probeGreeting } from '../../../../../src/observe/probe/tcp/greeting/probe.ts';
import { lookAtTlsAfter } from '../../../../../src/observe/probe/tcp/tls/start-tls.ts';
import { UPGRADES, type StartTlsProtocol } from '../../../../../src/observe/probe/tcp/tls/upgrades.ts';
import { testContext } from './probe-context.ts';
import { identity } from './tls-server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** The server's words in turn, the first without being asked when `greets`; TLS begins after the last. */
interface Script {
  readonly greets: boolean;
  readonly words: readonly (string | Buffer)[];
}

/** What real servers said (2026-11-21, Debian 12). */
const RECORDED: Readonly<Record<Exclude<StartTlsProtocol, 'mysql'>, Script>> = {
  // Postfix 3.7.11
  smtp: {
    greets: true,
    words: [
      '220 mx.example ESMTP Postfix\r\n',
      '250-mx.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 CHUNKING\r\n',
      '220 2.0.0 Ready to start TLS\r\n',
    ],
  },
  // ProFTPD 1.3.8
  ftp: { greets: true, words: ['220 ProFTPD Server (x) [127.0.0.1]\r\n', '234 AUTH TLS successful\r\n'] },
  // Dovecot 2.3.19
  pop3: { greets: true, words: ['+OK Dovecot (Debian) ready.\r\n', '+OK Begin TLS negotiation now.\r\n'] },
  imap: {
    greets: true,
    words: [
      '* OK [CAPABILITY IMAP4rev1 SASL-IR STARTTLS AUTH=PLAIN] Dovecot (Debian) ready.\r\n',
      's1 OK Begin TLS negotiation now.\r\n',
    ],
  },
  sieve: {
    greets: true,
    words: [
      '"IMPLEMENTATION" "Dovecot (Debian) Pigeonhole"\r\n"SASL" "PLAIN"\r\n"STARTTLS"\r\n"VERSION" "1.0"\r\nOK "Dovecot (Debian) ready."\r\n',
      'OK "Begin TLS negotiation now."\r\n',
    ],
  },
  // RFC 4642 §2.2.2: no server at hand.
  nntp: { greets: true, words: ['200 news.example ready\r\n', '382 Continue with TLS negotiation\r\n'] },
  // PostgreSQL 15.18
  postgresql: { greets: false, words: ['S'] },
  // slapd 2.5.13
  ldap: { greets: false, words: [Buffer.from('300c02010178070a010004000400', 'hex')] },
  // xrdp 0.9.21
  rdp: { greets: false, words: [Buffer.from('030000130ed000001234000201080001000000', 'hex')] },
  // Prosody 0.12.3
  xmpp: {
    greets: false,
    words: [
      "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' from='sekisho.invalid' xmlns='jabber:client' version='1.0' xml:lang='en'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
      "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    ],
  },
};
/** MariaDB 10.11.19 with a certificate. */
const MARIADB = Buffer.from(
  '640000000a352e352e352d31302e31312e31392d4d6172696144422d302b646562313275310007000000672934693774626e00feff080200ff81150000000000001d00000025685e7d796b2c376c403838006d7973716c5f6e61746976655f70617373776f726400',
  'hex',
);

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const secureContext = createSecureContext({ ...identity('device'), minVersion: 'TLSv1.2' });

function beginTls(socket: Socket): void {
  const tls = new TLSSocket(socket, { isServer: true, secureContext });
  tls.on('error', () => undefined);
}

async function scripted({ greets, words }: Script): Promise<{ port: number; said: string[] }> {
  const said: string[] = [];
  const port = await listen((socket) => {
    let at = 0;
    if (greets) socket.write(words[at++] ?? '');
    const onData = (chunk: Buffer): void => {
      said.push(chunk.toString('latin1'));
      const word = words[at];
      at += 1;
      if (word === undefined) return;
      if (at === words.length) socket.off('data', onData);
      socket.write(word);
      if (at === words.length) beginTls(socket);
    };
    socket.on('data', onData);
  });
  return { port, said };
}

describe('lookAtTlsAfter', () => {
  it.each(Object.entries(RECORDED))(
    '%s: versions and certificate behind the command',
    async (name, script) => {
      const { port } = await scripted(script);
      const context = testContext(port);
      const look = await lookAtTlsAfter(context, name as StartTlsProtocol);
      expect(look?.facts).toMatchObject({ handshake: 'complete', startTls: true, version: 'TLSv1.3' });
      expect(look?.facts.versions.filter(({ accepted }) => accepted).map(({ version }) => version)).toEqual([
        'TLSv1.2',
        'TLSv1.3',
      ]);
      expect(look?.facts.certificates[0]?.subject).toContain('GW-0001');
      expect(look?.facts.weakCiphers).toBeUndefined();
      expect(context.dialled()).toBe(6);
      expect(context.open()).toBe(0);
    },
  );

  it('MySQL: one connection, because broken handshakes are counted there', async () => {
    const requests: Buffer[] = [];
    const port = await listen((socket) => {
      socket.write(MARIADB);
      socket.once('readable', () => {
        const request = socket.read(36) as Buffer | null;
        if (request !== null) requests.push(request);
        beginTls(socket);
      });
    });
    const context = testContext(port);
    const look = await lookAtTlsAfter(context, 'mysql');
    expect(look?.facts).toMatchObject({ handshake: 'complete', startTls: true, version: 'TLSv1.3' });
    expect(requests[0]?.toString('hex')).toBe(`20000001008a00000000000121${'00'.repeat(23)}`);
    expect(context.dialled()).toBe(1);
    expect(context.open()).toBe(0);
  });

  it.each([
    ['postgresql', { greets: false, words: ['N', ''] }],
    // A byte more would be read as if it came from inside (CVE-2021-23222).
    ['postgresql', { greets: false, words: ['SE', ''] }],
    ['ldap', { greets: false, words: [Buffer.from('300c02010178070a010204000400', 'hex'), ''] }],
    ['rdp', { greets: false, words: [Buffer.from('030000130ed000001234000300080002000000', 'hex'), ''] }],
    ['rdp', { greets: false, words: [Buffer.from('0300000b06d00000123400', 'hex'), ''] }],
    ['smtp', { greets: true, words: ['220 mx ESMTP\r\n', '250 mx\r\n', '454 4.7.0 not available\r\n', ''] }],
    ['imap', { greets: true, words: ['* OK hi\r\n', 's1 BAD no\r\n', ''] }],
    ['xmpp', { greets: false, words: ['<stream:stream><stream:features></stream:features>', ''] }],
  ] as const)('%s: a refusal ends it', async (name, script) => {
    const { port } = await scripted(script);
    const context = testContext(port, { answerTimeoutMs: 300 });
    expect(await lookAtTlsAfter(context, name)).toBeUndefined();
    expect(context.dialled()).toBe(1);
    expect(context.open()).toBe(0);
  });

  it('LDAP: the long form of lengths, as Active Directory writes it', async () => {
    const answer = Buffer.from('3084000000100201017884000000070a010004000400', 'hex');
    const { port } = await scripted({ greets: false, words: [answer] });
    expect((await lookAtTlsAfter(testContext(port), 'ldap'))?.facts.handshake).toBe('complete');
  });

  it('no upgrade throws or agrees at what is none of its answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(UPGRADES) as StartTlsProtocol[]).filter((one) => one !== 'mysql')),
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        async (name, bytes) => {
          const read = async (): Promise<{ bytes: Uint8Array; ended: 'closed' }> => ({
            bytes,
            ended: 'closed',
          });
          const connection = { write: () => undefined, read } as never;
          await UPGRADES[name].ready(connection, 1);
          const agreed = await UPGRADES[name].command(connection, 1);
          expect(agreed && !(bytes.length === 1 && bytes[0] === 0x53)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('probeGreeting', () => {
  it.each([
    ['smtp', 'STARTTLS'],
    ['pop3', 'STLS'],
    ['imap', 's1 STARTTLS'],
    ['ftp', 'AUTH TLS'],
  ] as const)(
    '%s: goes on with TLS on the same connection, and says nothing after it',
    async (name, command) => {
      const heard: string[] = [];
      const answers: Readonly<Record<string, string>> = {
        EHLO: '250-mx\r\n250 STARTTLS\r\n',
        FEAT: '211-x\r\n AUTH TLS\r\n211 End\r\n',
        CAPA: '+OK\r\nSTLS\r\n.\r\n',
        a1: '* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n',
      };
      const { words } = RECORDED[name];
      const port = await listen((socket) => {
        socket.write(words[0] ?? '');
        const onData = (chunk: Buffer): void => {
          const line = chunk.toString('latin1').trimEnd();
          heard.push(line);
          if (line !== command) {
            socket.write(answers[line.split(' ')[0] ?? ''] ?? '500 ?\r\n');
            return;
          }
          socket.off('data', onData);
          socket.write(words.at(-1) ?? '');
          beginTls(socket);
        };
        socket.on('data', onData);
      });
      const context = testContext(port);
      const result = await probeGreeting(context, await context.dial(), name);
      expect(result).toMatchObject({ protocol: name, status: 'open' });
      expect(result.facts.greeting?.startTls).toBe(true);
      expect(result.facts.tls).toMatchObject({ handshake: 'complete', startTls: true });
      expect(new Set(heard.filter((line) => /quit|logout/i.test(line)))).toEqual(new Set());
      // The first connection is used for the first hello.
      expect(heard.slice(0, 2)).toContain(command);
      expect(context.dialled()).toBe(6);
      expect(context.open()).toBe(0);
    },
  );
});
