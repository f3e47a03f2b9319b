import { createServer, type AddressInfo, type Server } from 'node:net';
import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { TlsFacts } from '../../../../../src/model/facts.ts';
import { certificatesOf } from '../../../../../src/observe/probe/tcp/tls/certificate.ts';
import { lookAtTls } from '../../../../../src/observe/probe/tcp/tls/look.ts';
import { openTls } from '../../../../../src/observe/probe/tcp/tls/open.ts';
import { testContext } from './probe-context.ts';
import { serverFlightBytes } from './flight-bytes.ts';
import { der, identity, pem, tlsServer } from './tls-server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function start(options: Parameters<typeof tlsServer>[0]): Promise<number> {
  const { port, server } = await tlsServer(options);
  servers.push(server);
  return port;
}

async function plain(onConnection: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(onConnection);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const accepted = (facts: TlsFacts | undefined): string[] =>
  (facts?.versions ?? []).filter((one) => one.accepted).map(({ version }) => version);

describe('lookAtTls', () => {
  it('tells versions, ciphers, certificate and ALPN of a server that has everything', async () => {
    const context = testContext(await start({ ...identity('device'), ALPNProtocols: ['http/1.1'] }));
    const look = await lookAtTls(context);
    const facts = TlsFacts.parse(look?.facts);
    expect(accepted(facts)).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
    expect(facts.versions.map(({ version }) => version)).toEqual([
      'SSLv2',
      'SSLv3',
      'TLSv1',
      'TLSv1.1',
      'TLSv1.2',
      'TLSv1.3',
    ]);
    expect(facts.versions.at(-1)?.cipher).toMatch(/^TLS_(AES|CHACHA20)/);
    expect(facts.versions[2]?.cipher).toMatch(/^TLS_ECDHE_RSA_WITH_AES_(128|256)_CBC_SHA$/);
    expect(facts).toMatchObject({
      handshake: 'complete',
      version: 'TLSv1.3',
      alpn: 'http/1.1',
      sni: null,
      clientCertificateRequested: false,
    });
    expect(facts.certificates).toHaveLength(1);
    expect(facts.certificates[0]?.subject).toContain('CN=GW-0001');
    expect(facts.alert).toBeUndefined();
    expect(look?.evidence.length).toBeGreaterThanOrEqual(5);
    expect(facts.secureRenegotiation).toBe(true);
    expect(facts.weakCiphers?.accepted.map(({ group }) => group)).toEqual(['anonymous', 'static-rsa']);
    expect(facts.serverForm).toMatch(
      /^0300:!28_0301:0301\.c01[34]\.ff01-000b_0302:.*_0303:0303\.c0(2f|30)\.ff01-000b_0304:0304\.130[12]\.002b-0033$/,
    );
    expect(facts.jarm).toBeUndefined();
    expect(context.open()).toBe(0);
    // Six as ever, five for weak suites, one for SSLv2.
    expect(context.dialled()).toBeLessThanOrEqual(12);
  });

  it('costs a modern server eight connections, and ten more for JARM', async () => {
    const port = await start({
      ...identity('device'),
      minVersion: 'TLSv1.2',
      ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
    });
    const context = testContext(port);
    const look = await lookAtTls(context);
    expect(look?.facts.weakCiphers).toEqual({ accepted: [], complete: true });
    expect(context.dialled()).toBe(8);
    const other = testContext(port);
    expect((await lookAtTls(other, undefined, { jarm: true }))?.facts.jarm).toMatch(/^[0-9a-f]{62}$/);
    expect(other.dialled()).toBe(18);
    expect(other.open()).toBe(0);
  });

  it('does not ask a slow server for weak suites: its time is needed for what stands inside', async () => {
    const answer = serverFlightBytes({ version: 0x0303, cipher: 0xc02f, certificates: [der('device.crt')] });
    let connections = 0;
    const port = await plain((socket) => {
      socket.on('error', () => undefined);
      connections += 1;
      const wait = connections === 1 ? 2100 : 0;
      socket.once('data', () => setTimeout(() => socket.end(answer), wait));
    });
    const context = testContext(port, { answerTimeoutMs: 4000 });
    const look = await lookAtTls(context);
    expect(look?.facts.handshake).toBe('certificate-only');
    expect(look?.facts.weakCiphers).toBeUndefined();
    expect(context.dialled()).toBe(6);
  });

  it('brief: versions and certificate, at most six connections', async () => {
    const context = testContext(await start(identity('device')), { hostNames: ['gw.example'] });
    const look = await lookAtTls(context, undefined, { depth: 'brief' });
    expect(accepted(look?.facts)).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
    expect(look?.facts.weakCiphers).toBeUndefined();
    expect(context.dialled()).toBe(6);
  });

  it('asks a server no more that leaves two hellos unanswered', async () => {
    const answer = serverFlightBytes({ version: 0x0303, cipher: 0xc02f, certificates: [der('device.crt')] });
    let connections = 0;
    const port = await plain((socket) => {
      socket.on('error', () => undefined);
      connections += 1;
      if (connections === 1) socket.once('data', () => socket.write(answer));
    });
    const context = testContext(port, { answerTimeoutMs: 100 });
    const look = await lookAtTls(context);
    expect(look?.facts).toMatchObject({ handshake: 'certificate-only', version: 'TLSv1.2' });
    expect(look?.facts.weakCiphers).toBeUndefined();
    // A form with holes would change with the weather.
    expect(look?.facts.serverForm).toBeUndefined();
    expect(context.dialled()).toBe(6);
  });

  it('uses the connection it is given, and asks no version twice', async () => {
    const context = testContext(
      await start({
        ...identity('device'),
        maxVersion: 'TLSv1.2',
        minVersion: 'TLSv1.2',
        ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
      }),
    );
    const look = await lookAtTls(context, await context.dial());
    expect(accepted(look?.facts)).toEqual(['TLSv1.2']);
    expect(look?.facts.versions).toHaveLength(5);
    // hello, SSLv3, 1.0, 1.1, 1.3, Node's own; weak suites, those without forward secrecy
    expect(context.dialled()).toBe(8);
    expect(context.open()).toBe(0);
  });

  it('sees an old device: TLS 1.0 only, old cipher, short key, SHA-1', async () => {
    const port = await start({ ...identity('old'), maxVersion: 'TLSv1', ciphers: 'AES128-SHA:@SECLEVEL=0' });
    const context = testContext(port);
    const look = await lookAtTls(context);
    expect(look?.facts).toMatchObject({
      handshake: 'complete',
      version: 'TLSv1',
      cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA',
    });
    expect(accepted(look?.facts)).toEqual(['TLSv1']);
    expect(look?.facts.versions.find(({ version }) => version === 'TLSv1.2')?.accepted).toBe(false);
    expect(look?.facts.certificates[0]).toMatchObject({ keyBits: 1024, signature: 'sha1WithRSAEncryption' });
  });

  it('shows the chain as sent', async () => {
    const port = await start({ key: pem('issued.key'), cert: pem('issued-chain.crt') });
    const look = await lookAtTls(testContext(port));
    expect(look?.facts.certificates.map(({ selfSigned }) => selfSigned)).toEqual([false, true]);
  });

  it('tells the certificate with and without the name apart', async () => {
    const named = createSecureContext(identity('named'));
    const options = {
      ...identity('device'),
      SNICallback: (name: string, done: (error: null, context?: typeof named) => void) =>
        done(null, name === 'vpn.example.jp' ? named : undefined),
    };
    const both = await lookAtTls(testContext(await start(options), { hostNames: ['VPN.example.jp'] }));
    expect(both?.facts.sni).toBe('vpn.example.jp');
    expect(both?.facts.certificates[0]?.names).toEqual(['vpn.example.jp', 'www.example.jp']);
    expect(both?.facts.withoutSni?.subject).toContain('GW-0001');
    const modern = await start({ ...options, minVersion: 'TLSv1.3' });
    const onlyThirteen = await lookAtTls(testContext(modern, { hostNames: ['vpn.example.jp'] }));
    expect(accepted(onlyThirteen?.facts)).toEqual(['TLSv1.3']);
    expect(onlyThirteen?.facts.certificates[0]?.names).toContain('vpn.example.jp');
    expect(onlyThirteen?.facts.withoutSni?.subject).toContain('GW-0001');
    const same = await lookAtTls(
      testContext(await start(identity('named')), { hostNames: ['vpn.example.jp'] }),
    );
    expect(same?.facts.withoutSni).toBeUndefined();
  });

  it.each([
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ] as const)('sees that a client certificate is requested (%s)', async (minVersion, maxVersion) => {
    const port = await start({
      ...identity('device'),
      requestCert: true,
      rejectUnauthorized: true,
      ca: pem('ca.crt'),
      minVersion,
      maxVersion,
    });
    const look = await lookAtTls(testContext(port));
    expect(look?.facts.clientCertificateRequested).toBe(true);
    expect(look?.facts.clientCertificateRequired).toBe(true);
    expect(look?.facts.certificates[0]?.subject).toContain('GW-0001');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'sees that it may be done without, when it is only asked for (%s)',
    async (version) => {
      const port = await start({
        ...identity('device'),
        requestCert: true,
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
      });
      const look = await lookAtTls(testContext(port, { answerTimeoutMs: 300 }));
      expect(look?.facts).toMatchObject({
        handshake: 'complete',
        clientCertificateRequested: true,
        clientCertificateRequired: false,
      });
    },
  );

  it('does not take the end of a connection for a demand', async () => {
    const { port, server } = await tlsServer({
      ...identity('device'),
      requestCert: true,
      rejectUnauthorized: false,
    });
    servers.push(server);
    server.on('secureConnection', (socket: Server & { end(): void }) => socket.end());
    const look = await lookAtTls(testContext(port));
    expect(look?.facts.clientCertificateRequested).toBe(true);
    expect(look?.facts.clientCertificateRequired).toBeUndefined();
  });

  it('keeps the certificate of a server that Node refuses', async () => {
    // SSLv3 and RC4 are no longer in OpenSSL: the server is made by hand.
    const answer = serverFlightBytes({ version: 0x0300, cipher: 0x0004, certificates: [der('tiny.crt')] });
    const port = await plain((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(answer));
    });
    const look = await lookAtTls(testContext(port, { answerTimeoutMs: 500 }));
    expect(look?.facts).toMatchObject({
      handshake: 'certificate-only',
      version: 'SSLv3',
      cipher: 'TLS_RSA_WITH_RC4_128_MD5',
    });
    expect(look?.facts.certificates[0]).toMatchObject({
      keyBits: 512,
      signature: 'md5WithRSAEncryption',
      selfSigned: true,
    });
  });

  it('tells the alert of a server that refuses everything', async () => {
    const port = await plain((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.from('15030300020228', 'hex')));
    });
    const look = await lookAtTls(testContext(port));
    expect(look?.facts).toMatchObject({ handshake: 'refused', alert: 'handshake_failure', certificates: [] });
    expect(accepted(look?.facts)).toEqual([]);
  });

  it('tries a short hello when the long one is hung up on', async () => {
    const answer = serverFlightBytes({ version: 0x0301, cipher: 0x0005, certificates: [] });
    const port = await plain((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (hello) => (hello.length > 128 ? socket.destroy() : socket.end(answer)));
    });
    const look = await lookAtTls(testContext(port, { answerTimeoutMs: 500 }));
    expect(accepted(look?.facts)).toContain('TLSv1');
  });

  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a record of another kind', '\x17\x03\x03\x00\x02ab'],
    ['a cut alert', '\x15\x03'],
  ])('is undefined for %s', async (_name, text) => {
    const port = await plain((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(text, 'latin1'));
    });
    const context = testContext(port);
    expect(await lookAtTls(context)).toBeUndefined();
    expect(context.open()).toBe(0);
    expect(context.dialled()).toBeLessThanOrEqual(3);
  });

  it('is undefined, after one wait, for silence', async () => {
    const context = testContext(await plain((socket) => socket.on('error', () => undefined)), {
      answerTimeoutMs: 150,
    });
    const before = performance.now();
    expect(await lookAtTls(context)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(1000);
    expect(context.dialled()).toBe(1);
  });
});

describe('openTls', () => {
  it('sends no server name for an address, and the name of the context otherwise', async () => {
    const seen: (string | false | null)[] = [];
    const { port, server } = await tlsServer(identity('device'));
    servers.push(server);
    server.on('secureConnection', (socket: { servername: string | false | null }) =>
      seen.push(socket.servername),
    );
    for (const [index, hostNames] of [[], ['127.0.0.1'], ['::1'], ['gw.own.example']].entries()) {
      const context = testContext(port, { hostNames });
      const connection = await openTls(context, await context.dial());
      expect(certificatesOf(connection.tls)).toHaveLength(1);
      await expect.poll(() => seen.length).toBe(index + 1);
      connection.close();
    }
    expect(seen).toEqual([false, false, false, 'gw.own.example']);
  });

  it('fails with a DialError and closes when the peer does not speak TLS', async () => {
    const port = await plain((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('220 hello\r\n'));
    });
    const context = testContext(port);
    await expect(openTls(context, await context.dial())).rejects.toMatchObject({ status: 'protocol-error' });
    expect(context.open()).toBe(0);
  });
});
