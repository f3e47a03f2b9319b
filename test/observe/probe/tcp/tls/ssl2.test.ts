import { createServer, type AddressInfo, type Server } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { certificateFacts } from '../../../../../src/observe/probe/tcp/tls/certificate.ts';
import { lookAtTls } from '../../../../../src/observe/probe/tcp/tls/look.ts';
import { parseSsl2Answer, ssl2Hello } from '../../../../../src/observe/probe/tcp/tls/ssl2.ts';
import { testContext } from './probe-context.ts';
import { der } from './tls-server.ts';

/** SERVER-HELLO of OpenSSL 1.0.1e (Node 0.10.26, secureProtocol SSLv2_method) with the certificate old.crt. */
const HEAD = Buffer.from('823e0400010002020e00150010', 'hex');
const CIPHERS = Buffer.from('0100800200800300800400800500800600400700c0', 'hex');
const CONNECTION_ID = Buffer.from('3b5e724f80698dfafb11b815c886575c', 'hex');
const HELLO = Buffer.concat([HEAD, der('old.crt'), CIPHERS, CONNECTION_ID]);
/** The same server with its usual list of ciphers: it speaks SSLv2 and has no cipher for it (CVE-2015-3197). */
const WITHOUT_CIPHERS = Buffer.concat([
  Buffer.from('82290400010002020e00000010', 'hex'),
  der('old.crt'),
  CONNECTION_ID,
]);

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers an SSLv2 hello and hangs up at anything else, as the real one does. */
async function ssl2Server(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (hello) => ((hello[0] ?? 0) >= 0x80 ? socket.write(HELLO) : socket.destroy()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('ssl2Hello', () => {
  it('is the message of the draft', () => {
    expect(Buffer.from(ssl2Hello(new Uint8Array(16))).toString('hex')).toBe(
      `80310100020018000000100100800200800300800400800500800600400700c0080080${'00'.repeat(16)}`,
    );
  });
});

describe('parseSsl2Answer', () => {
  it('reads ciphers and certificate of a real server', () => {
    const answer = parseSsl2Answer(HELLO);
    if (answer === undefined || answer === 'more') throw new Error('not read');
    expect(answer.ciphers).toHaveLength(7);
    expect(answer.ciphers.slice(0, 2)).toEqual([
      'SSL_CK_RC4_128_WITH_MD5',
      'SSL_CK_RC4_128_EXPORT40_WITH_MD5',
    ]);
    expect(certificateFacts(answer.certificate ?? new Uint8Array())?.subject).toBe('CN=old.example');
    expect(parseSsl2Answer(WITHOUT_CIPHERS)).toMatchObject({ ciphers: [] });
  });

  it('waits for every part of it', () => {
    for (let length = 0; length < HELLO.length; length += 1)
      expect(parseSsl2Answer(HELLO.subarray(0, length))).toBe('more');
  });

  it.each([
    ['an alert of TLS', Buffer.from('15030100020228', 'hex')],
    ['a hello of SSLv3', Buffer.from('160300004a02000046', 'hex')],
    ['an error of SSLv2', Buffer.from('8003000001', 'hex')],
    ['HTTP', Buffer.from('HTTP/1.0 400 Bad Request\r\n')],
    ['another version', Buffer.concat([HEAD.subarray(0, 5), Buffer.from('0301', 'hex'), HELLO.subarray(7)])],
  ])('%s is none', (_name, bytes) => expect(parseSsl2Answer(bytes)).toBeUndefined());

  it('never throws, and keeps its bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(HELLO.length), fc.nat(255), (tail, at, value) => {
        parseSsl2Answer(tail);
        const mutated = Buffer.from(HELLO);
        mutated[at] = value;
        const answer = parseSsl2Answer(Buffer.concat([mutated, tail]));
        if (typeof answer === 'object') expect(answer.ciphers.length).toBeLessThanOrEqual(32);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a server of SSLv2 alone', () => {
  it('shows its certificate at the third hello', async () => {
    const context = testContext(await ssl2Server());
    const look = await lookAtTls(context);
    expect(look?.facts).toMatchObject({
      handshake: 'certificate-only',
      version: 'SSLv2',
      versions: [{ version: 'SSLv2', accepted: true, cipher: 'SSL_CK_RC4_128_WITH_MD5' }],
    });
    expect(look?.facts.certificates[0]).toMatchObject({ keyBits: 1024, subject: 'CN=old.example' });
    expect(context.dialled()).toBe(3);
    expect(context.open()).toBe(0);
  });
});
