import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cipherName, suiteGroup, suitesOf } from '../../../../../src/observe/probe/tcp/tls/ciphers.ts';
import { askWeakCiphers } from '../../../../../src/observe/probe/tcp/tls/weak-ciphers.ts';
import { serverFlightBytes } from './flight-bytes.ts';
import { testContext, type TestContext } from './probe-context.ts';
import { identity, tlsServer } from './tls-server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const REFUSAL = Buffer.from('15030300020228', 'hex');

/** Takes the first suite of its own list that is offered; undefined: says nothing at all. */
async function serverWith(suites: (version: number) => readonly number[] | undefined): Promise<TestContext> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (hello) => {
      const { version, offered } = readHello(hello);
      const own = suites(version);
      const cipher = own?.find((one) => offered.has(one));
      if (own === undefined) return;
      socket.write(cipher === undefined ? REFUSAL : serverFlightBytes({ version, cipher, certificates: [] }));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return testContext((server.address() as AddressInfo).port, { answerTimeoutMs: 150 });
}

function readHello(hello: Buffer): { version: number; offered: Set<number> } {
  const at = 44 + (hello[43] ?? 0);
  const offered = new Set<number>();
  for (let one = at + 2; one < at + 2 + hello.readUInt16BE(at); one += 2)
    offered.add(hello.readUInt16BE(one));
  return { version: hello.readUInt16BE(9), offered };
}

describe('groups', () => {
  it.each([
    [0x0001, 'null'],
    [0xc015, 'null'],
    [0x0017, 'anonymous'],
    [0x00a6, 'anonymous'],
    [0x0003, 'export'],
    [0x0062, 'export'],
    [0x0064, 'export'],
    [0xc011, 'rc4'],
    [0x0009, 'des'],
    [0xfefe, 'des'],
    [0x000a, '3des'],
    [0xfeff, '3des'],
    [0x0007, '3des'],
    [0x002f, 'static-rsa'],
    [0x009d, 'static-rsa'],
    [0xc02f, undefined],
    [0x0033, undefined],
    [0x1301, undefined],
    [0x1234, undefined],
  ])('%i', (number, group) => expect(suiteGroup(number)).toBe(group));

  it('an offer holds the suites of its groups, the signal of RFC 5746 and nothing better', () => {
    const offer = suitesOf(['rc4', 'des']);
    expect(offer.at(-1)).toBe(0x00ff);
    expect(offer.slice(0, -1).every((one) => ['rc4', 'des'].includes(suiteGroup(one) ?? ''))).toBe(true);
    expect(offer.map(cipherName)).toContain('TLS_RSA_WITH_RC4_128_SHA');
  });
});

describe('askWeakCiphers', () => {
  it('asks a good server twice and finds nothing', async () => {
    const context = await serverWith(() => [0xc02f]);
    const { weakCiphers } = await askWeakCiphers(context, [0x0303], null);
    expect(weakCiphers).toEqual({ accepted: [], complete: true });
    expect(context.dialled()).toBe(2);
  });

  it('takes away each group that was chosen until it is refused', async () => {
    const context = await serverWith(() => [0x000a, 0x0005, 0x002f]);
    const { weakCiphers, answers } = await askWeakCiphers(context, [0x0301], null);
    expect(weakCiphers?.accepted).toEqual([
      { group: '3des', version: 'TLSv1', cipher: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA' },
      { group: 'rc4', version: 'TLSv1', cipher: 'TLS_RSA_WITH_RC4_128_SHA' },
      { group: 'static-rsa', version: 'TLSv1', cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA' },
    ]);
    expect(weakCiphers?.complete).toBe(true);
    expect(answers).toHaveLength(4);
    expect(context.dialled()).toBe(4);
  });

  it('asks the lowest version first, then the highest', async () => {
    const context = await serverWith((version) => (version === 0x0300 ? [0x0003] : [0x003b]));
    const { weakCiphers } = await askWeakCiphers(context, [0x0300, 0x0301, 0x0303], null);
    expect(weakCiphers?.accepted.map(({ group, version }) => `${group} ${version}`)).toEqual([
      'export SSLv3',
      'null TLSv1.2',
    ]);
    expect(weakCiphers?.complete).toBe(true);
    expect(context.dialled()).toBe(5);
  });

  it('stops after four, and says that this may not be all', async () => {
    const context = await serverWith(() => [0x0001, 0x0018, 0x0003, 0x0005, 0x0009, 0x000a]);
    const { weakCiphers } = await askWeakCiphers(context, [0x0301], null);
    expect(weakCiphers?.accepted.map(({ group }) => group)).toEqual(['null', 'anonymous', 'export', 'rc4']);
    expect(weakCiphers?.complete).toBe(false);
    expect(context.dialled()).toBe(5);
  });

  it('stops at silence', async () => {
    const context = await serverWith(() => undefined);
    const { weakCiphers } = await askWeakCiphers(context, [0x0301, 0x0303], null);
    expect(weakCiphers).toEqual({ accepted: [], complete: false });
    expect(context.dialled()).toBe(2);
  });

  it('does not take a suite that was not offered for an answer', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      const bytes = serverFlightBytes({ version: 0x0303, cipher: 0xc02f, certificates: [] });
      socket.once('data', () => socket.write(bytes));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const context = testContext((server.address() as AddressInfo).port, { answerTimeoutMs: 150 });
    expect((await askWeakCiphers(context, [0x0303], null)).weakCiphers).toEqual({
      accepted: [],
      complete: false,
    });
  });

  it('asks nothing of a server of TLS 1.3 alone', async () => {
    const context = testContext(1);
    expect((await askWeakCiphers(context, [], null)).weakCiphers).toBeUndefined();
    expect(context.dialled()).toBe(0);
  });

  it('finds what a real server takes', async () => {
    const { port, server } = await tlsServer({
      ...identity('device'),
      ciphers: 'NULL-SHA256:AES128-SHA:@SECLEVEL=0',
      maxVersion: 'TLSv1.2',
    });
    servers.push(server);
    const { weakCiphers } = await askWeakCiphers(testContext(port), [0x0301, 0x0302, 0x0303], null);
    expect(weakCiphers).toEqual({
      accepted: [
        { group: 'null', version: 'TLSv1.2', cipher: 'TLS_RSA_WITH_NULL_SHA256' },
        { group: 'static-rsa', version: 'TLSv1.2', cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA' },
      ],
      complete: true,
    });
  });
});
