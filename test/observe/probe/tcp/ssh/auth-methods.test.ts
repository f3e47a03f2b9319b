import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { CIPHERS, MACS } from '../../../../../src/observe/probe/tcp/ssh/algorithms.ts';
import {
  askAuthMethods,
  type AuthMethodsAnswer,
} from '../../../../../src/observe/probe/tcp/ssh/auth-methods.ts';
import { clientOffer } from '../../../../../src/observe/probe/tcp/ssh/key-exchange.ts';
import { MESSAGE, sshString } from '../../../../../src/observe/probe/tcp/ssh/packets.ts';
import { contextFor, serve, type LoopbackContext } from '../context.ts';
import {
  accept,
  answering,
  banner,
  disconnect,
  failure,
  serveSsh,
  success,
  type SmallServer,
  type SmallServerOptions,
} from './small-server.ts';

let server: { close(): Promise<void> } | undefined;
afterEach(() => server?.close());

let context: LoopbackContext;

async function ask(
  options: SmallServerOptions,
  timeoutMs = 1500,
): Promise<{ answer: AuthMethodsAnswer; small: SmallServer }> {
  const small = await serveSsh(options);
  server = small;
  context = contextFor(small.port);
  const answer = await askAuthMethods(await context.dial(), () => timeoutMs);
  expect(context.held()).toBe(0);
  return { answer, small };
}

const numbers = (messages: readonly Uint8Array[] | undefined): (number | undefined)[] =>
  (messages ?? []).map(([number]) => number);
/** The client closes without waiting, so its last packet may still be on its way. */
const settled = (small: SmallServer): Promise<void> =>
  expect.poll(() => numbers(small.messages[0]).at(-1), { timeout: 2000 }).toBe(MESSAGE.disconnect);

describe('methods of authentication', () => {
  it('are asked with "none" once, and then we leave', async () => {
    const { answer, small } = await ask({ answer: answering(failure('publickey,password')) });
    expect(answer.facts).toEqual({ authMethods: ['publickey', 'password'] });
    expect(answer.note).toBeUndefined();
    await settled(small);
    const sent = small.messages[0] ?? [];
    expect(numbers(sent)).toEqual([20, 30, 21, 5, 50, 1]);
    expect(Buffer.from(sent[4] ?? []).toString('latin1')).toContain('ssh-connection\0\0\0\x04none');
    expect(Buffer.from(sent[0] ?? []).toString('latin1')).not.toMatch(/kex-strict|ext-info/);
  });

  it('are "none" where the server lets everybody in, which is left at once', async () => {
    const { answer, small } = await ask({ answer: answering(success) });
    expect(answer.facts).toEqual({ authMethods: ['none'] });
    await settled(small);
    // No SSH_MSG_GLOBAL_REQUEST (80), no SSH_MSG_CHANNEL_OPEN (90).
    expect(numbers(small.messages[0])).toEqual([20, 30, 21, 5, 50, 1]);
  });

  it('are not "none" where the server only says so and refuses', async () => {
    const { answer } = await ask({ answer: answering(failure('none')) });
    expect(answer).toMatchObject({
      facts: { authMethods: [] },
      note: 'the server names no method of authentication',
    });
  });

  it('come with the text shown before log-in, bounded over all banners', async () => {
    const { answer } = await ask({
      answer: answering(banner('部外者の接続を禁じる'), banner('second'), failure('password')),
    });
    expect(answer.facts).toEqual({
      authMethods: ['password'],
      authBanner: '部外者の接続を禁じる\nsecond',
    });
    const flood = Array.from({ length: 20 }, () => banner('z'.repeat(2000)));
    const { answer: long } = await ask({ answer: answering(...flood, failure('password')) });
    expect(long.facts.authBanner).toHaveLength(2048);
    expect(long.facts.authMethods).toEqual(['password']);
  });

  it('tell when "none" was one of several steps', async () => {
    const { answer } = await ask({ answer: answering(failure('password', true)) });
    expect(answer).toMatchObject({
      facts: { authMethods: ['password'] },
      note: 'the server takes "none" as one of several steps',
    });
  });

  it('are kept as evidence in clear, which the wire no longer shows', async () => {
    const { answer } = await ask({ answer: answering(banner('hello'), failure('publickey')) });
    const [wire, clear] = answer.evidence.map((one) => ({
      label: one.label,
      received: Buffer.from(one.received, 'base64').toString('latin1'),
      sent: Buffer.from(one.sent, 'base64').toString('latin1'),
    }));
    expect(wire?.received).toContain('SSH-2.0-small');
    expect(wire?.received).not.toContain('publickey\0');
    expect(clear?.label).toBe('ssh authentication methods, decrypted');
    expect(clear?.received).toContain('hello');
    expect(clear?.received).toContain('publickey\0');
    expect(clear?.sent).toContain('sekisho');
  });
});

const noise = [
  Buffer.concat([Uint8Array.of(MESSAGE.ignore), sshString('padding')]),
  Buffer.concat([Uint8Array.of(MESSAGE.debug, 0), sshString('debug'), sshString('')]),
  Uint8Array.of(MESSAGE.unimplemented, 0, 0, 0, 0),
];
const extInfo = Buffer.concat([
  Uint8Array.of(MESSAGE.extInfo, 0, 0, 0, 1),
  sshString('server-sig-algs'),
  sshString('ssh-ed25519'),
]);

describe('every way to the answer', () => {
  it.each(clientOffer().keyExchange)('key exchange %s', async (name) => {
    const { answer } = await ask(
      { offer: { keyExchange: [name] }, answer: answering(failure('password')) },
      4000,
    );
    expect(answer).toMatchObject({ facts: { authMethods: ['password'] } });
  });

  it.each(Object.keys(CIPHERS).flatMap((cipher) => Object.keys(MACS).map((mac) => [cipher, mac] as const)))(
    'cipher %s with %s',
    async (cipher, mac) => {
      const { answer } = await ask({
        offer: { encryption: [cipher], mac: [mac] },
        answer: answering(failure('password')),
      });
      expect(answer).toMatchObject({ facts: { authMethods: ['password'] } });
    },
  );

  it('over messages that may come at any time, each counted', async () => {
    const { answer } = await ask({
      noise,
      answer: ([message], peer) => {
        if (message === MESSAGE.serviceRequest) peer.say(extInfo, ...noise, accept);
        if (message === MESSAGE.userauthRequest)
          peer.say(...noise, banner('b'), ...noise, failure('password'));
      },
    });
    expect(answer.facts).toEqual({ authMethods: ['password'], authBanner: 'b' });
  });
});

describe('what goes wrong', () => {
  it.each<[string, SmallServerOptions, RegExp]>([
    [
      'no cipher',
      { offer: { encryption: ['rijndael-cbc@lysator.liu.se'] }, answer: () => {} },
      /no cipher in common/,
    ],
    [
      'no code',
      { offer: { mac: ['hmac-md5'] }, answer: () => {} },
      /no message authentication code in common/,
    ],
    ['no exchange', { offer: { keyExchange: ['x'] }, answer: () => {} }, /no key exchange in common/],
    ['compression', { offer: { compression: ['zlib'] }, answer: () => {} }, /insists on compression/],
    [
      'a bad half',
      { publicKey: Buffer.alloc(32), answer: () => {} },
      /half of the key exchange is not valid/,
    ],
    [
      'a short half',
      { publicKey: Buffer.alloc(5, 1), answer: () => {} },
      /half of the key exchange is not valid/,
    ],
    ['no reply', { insteadOfReply: Uint8Array.of(99), answer: () => {} }, /no host key came/],
    [
      'no NEWKEYS',
      { insteadOfNewKeys: Uint8Array.of(99), answer: answering(failure('password')) },
      /did not begin to encrypt/,
    ],
    ['an empty payload', { insteadOfReply: new Uint8Array(), answer: () => {} }, /damaged/],
    [
      'a farewell',
      { insteadOfReply: disconnect(12, 'too many'), answer: () => {} },
      /the server disconnected \(12\): too many/,
    ],
    ['no service', { answer: (_, peer) => peer.say(Uint8Array.of(99)) }, /does not offer log-in/],
    ['a channel', { answer: answering(Uint8Array.of(90)) }, /no list of methods/],
    ['a cut list', { answer: answering(failure('password').subarray(0, 9)) }, /no list of methods/],
    ['new keys asked for', { answer: answering(Uint8Array.of(MESSAGE.kexInit)) }, /no list of methods/],
    ['a hang-up', { answer: (_, peer) => void peer.socket.end() }, /no answer \(closed\)/],
  ])('is a note: %s', async (_name, options, expected) => {
    const { answer } = await ask(options);
    expect(answer.facts).toEqual({});
    expect(answer.note).toMatch(/^authentication methods not learnt: /);
    expect(answer.note).toMatch(expected);
    expect(answer.evidence).toHaveLength(2);
  });

  it.each(['aes128-ctr', 'aes128-gcm@openssh.com', '3des-cbc'])(
    'a wrong code ends it, and what it covers is not believed: %s',
    async (cipher) => {
      const { answer, small } = await ask({
        offer: { encryption: [cipher] },
        answer: ([message], peer) => {
          if (message === MESSAGE.serviceRequest) peer.say(accept);
          if (message !== MESSAGE.userauthRequest) return;
          peer.sayDamaged(success, (sealed) => {
            sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
            return sealed;
          });
        },
      });
      expect(answer).toMatchObject({ facts: {}, note: expect.stringContaining('damaged') });
      expect(numbers(small.messages[0])).not.toContain(90);
    },
  );

  it('silence is waited for once for each answer', async () => {
    const began = performance.now();
    const { answer } = await ask({ answer: () => {} }, 300);
    expect(answer.note).toMatch(/no answer \(timeout\)/);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('interjections without end do not lengthen the wait, nor their number', async () => {
    const drip: SmallServerOptions = {
      answer: (_, peer) => {
        const timer = setInterval(() => peer.say(...noise.slice(0, 1)), 20);
        peer.socket.on('close', () => clearInterval(timer));
      },
    };
    const began = performance.now();
    const { answer } = await ask(drip, 400);
    expect(answer.note).toMatch(/no answer \(timeout\)/);
    expect(performance.now() - began).toBeLessThan(2000);
    await server?.close();
    const flood = Array.from({ length: 100 }, () => noise[0] ?? accept);
    const { answer: flooded } = await ask({ answer: answering(...flood, success) });
    expect(flooded).toMatchObject({ facts: {}, note: expect.stringContaining('more than 64 packets') });
  });

  it('no bytes whatever make it throw', async () => {
    const payload = fc.uint8Array({ minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.array(payload, { maxLength: 4 }), fc.boolean(), async (payloads, early) => {
        const { answer, small } = await ask(
          {
            ...(early && payloads[0] !== undefined ? { insteadOfReply: payloads[0] } : {}),
            answer: ([message], peer) => {
              if (message === MESSAGE.serviceRequest) peer.say(accept);
              else {
                peer.say(...payloads);
                peer.socket.end();
              }
            },
          },
          200,
        );
        expect(numbers(small.messages[0]).filter((number) => (number ?? 0) > 50)).toEqual([]);
        expect(answer.evidence).toHaveLength(2);
        await small.close();
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['garbage', (): Buffer => randomBytes(4000)],
    ['a web server', (): Buffer => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'an identification and garbage',
      (): Buffer => Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), randomBytes(900)]),
    ],
    ['nothing', (): Buffer => Buffer.alloc(0)],
  ])('a server that is none: %s', async (_name, bytes) => {
    const loopback = await serve((socket) => void socket.end(bytes()));
    server = loopback;
    const reached = contextFor(loopback.port);
    const answer = await askAuthMethods(await reached.dial(), () => 300);
    expect(answer).toMatchObject({
      facts: {},
      note: expect.stringMatching(/^authentication methods not learnt/),
    });
    expect(reached.held()).toBe(0);
  });
});
