import { afterEach, describe, expect, it } from 'vitest';
import { DialError } from '../../../../../src/observe/probe/connection.ts';
import { probeSsh } from '../../../../../src/observe/probe/tcp/ssh/probe.ts';
import { contextFor, serve, type Loopback } from '../context.ts';
import { recorded } from '../recorded.ts';
import { answering, disconnect, failure, serveSsh } from './small-server.ts';

let server: Loopback | undefined;
afterEach(() => server?.close());

/** Replays what OpenSSH said on its three connections, whichever host key each asked for. */
async function replayOpenSsh(): Promise<Loopback> {
  const byHostKey: [string, string][] = [
    ['ssh-ed25519', 'ssh key exchange'],
    ['ecdsa-sha2-nistp256', 'ssh ecdsa-sha2-nistp256'],
    ['rsa-sha2-512', 'ssh rsa-sha2-512'],
  ];
  return serve((socket) => {
    socket.once('data', (sent) => {
      const text = sent.toString('latin1');
      const [, label = ''] = byHostKey.find(([name]) => text.includes(name)) ?? [];
      socket.write(recorded('openssh 9.2p1', label));
    });
  });
}

describe('SSH conversation', () => {
  it('reads banner, algorithms and one host key of each type on three connections', async () => {
    server = await replayOpenSsh();
    const context = contextFor(server.port);
    const result = await probeSsh(context, await context.dial());
    expect(result).toMatchObject({ protocol: 'ssh', status: 'open' });
    expect(result.facts.ssh).toMatchObject({ protocol: '2.0', software: 'OpenSSH_9.2p1' });
    expect(result.facts.ssh?.hostKeys.map(({ type, bits }) => [type, bits])).toEqual([
      ['ssh-ed25519', 256],
      ['ecdsa-sha2-nistp256', 256],
      ['ssh-rsa', 3072],
    ]);
    expect(result.facts.ssh?.authMethods).toBeUndefined();
    expect([context.dials(), context.held()]).toEqual([3, 0]);
    for (const sent of server.received) {
      // RFC 4253 §4.2: the name and version of the software hold neither space nor minus sign.
      expect(sent.toString('latin1')).toMatch(/^SSH-2\.0-sekisho_\d+\.\d+\.\d+[\w.+]*\r\n/);
    }
    // SERVICE_REQUEST (5) and USERAUTH_REQUEST (50) would be the way to a log-in.
    expect(messages(server.received[0] ?? Buffer.alloc(0))).toEqual([20, 30, 1]);
  });

  it('ends with the banner where the other side knows only SSH 1', async () => {
    server = await serve((socket) => socket.write('SSH-1.5-Cisco-1.25\n'));
    const context = contextFor(server.port);
    const result = await probeSsh(context, await context.dial());
    expect(result.facts.ssh).toMatchObject({ protocol: '1.5', software: 'Cisco-1.25', hostKeys: [] });
    expect(context.dials()).toBe(1);
  });

  it('keeps the banner when nothing but garbage follows', async () => {
    server = await serve((socket) => socket.write(`SSH-2.0-dropbear\r\n${'x'.repeat(3000)}`));
    const context = contextFor(server.port);
    const result = await probeSsh(context, await context.dial());
    expect(result).toMatchObject({ status: 'open', note: 'no list of algorithms came' });
    expect(result.facts.ssh).toMatchObject({ software: 'dropbear', hostKeys: [] });
  });

  it('gives up on lines without end', async () => {
    server = await serve((socket) => {
      const timer = setInterval(() => socket.write('a1b2c3d4\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const context = contextFor(server.port, { answerTimeoutMs: 200 });
    const result = await probeSsh(context, await context.dial());
    expect(result).toMatchObject({ status: 'protocol-error', facts: {} });
    expect(context.held()).toBe(0);
  });
});

describe('methods of authentication', () => {
  const password = answering(failure('publickey,password'));

  it('without the opt-in cost no connection and no byte', async () => {
    const small = await serveSsh({ answer: password });
    server = small;
    const context = contextFor(small.port);
    const result = await probeSsh(context, await context.dial());
    expect(result.facts.ssh).not.toHaveProperty('authMethods');
    expect(result.facts.ssh).not.toHaveProperty('authBanner');
    const looks = context.dials();
    expect(result.evidence).toHaveLength(looks);
    await expect.poll(() => small.messages.flat().filter(([number]) => number === 1).length).toBe(looks);
    for (const sent of small.messages) expect(sent.map(([number]) => number)).toEqual([20, 30, 1]);
  });

  it('with the opt-in take one connection more, after the others', async () => {
    const small = await serveSsh({ answer: password });
    server = small;
    const without = contextFor(small.port);
    await probeSsh(without, await without.dial());
    const context = contextFor(small.port, { sshAuthMethods: true });
    const result = await probeSsh(context, await context.dial());
    expect(result).toMatchObject({
      status: 'open',
      facts: { ssh: { software: 'small', authMethods: ['publickey', 'password'] } },
    });
    expect(result).not.toHaveProperty('note');
    expect([context.dials(), context.held()]).toEqual([without.dials() + 1, 0]);
    expect(result.evidence.map(({ label }) => label).slice(-2)).toEqual([
      'ssh authentication methods',
      'ssh authentication methods, decrypted',
    ]);
    const asking = small.messages.map((sent) => sent.some(([number]) => number === 50));
    expect(asking).toEqual([...asking.slice(1).map(() => false), true]);
  });

  it('keep the other facts when they cannot be learnt, and say why', async () => {
    const small = await serveSsh({ answer: (_, peer) => peer.say(disconnect(11, 'no')) });
    server = small;
    const context = contextFor(small.port, { sshAuthMethods: true });
    const result = await probeSsh(context, await context.dial());
    expect(result).toMatchObject({
      status: 'open',
      facts: { ssh: { software: 'small', hostKeys: [{ type: 'ssh-ed25519' }] } },
      note: 'authentication methods not learnt: the server disconnected (11): no',
    });
    expect(result.facts.ssh).not.toHaveProperty('authMethods');
  });

  it('are not asked where the dialer has no connection left', async () => {
    const small = await serveSsh({ answer: password });
    server = small;
    const context = contextFor(small.port, { sshAuthMethods: true });
    const first = await context.dial();
    const refusing = {
      ...context,
      dial: () => Promise.reject(new DialError('aborted', 'the run was stopped')),
    };
    const result = await probeSsh(refusing, first);
    expect(result).toMatchObject({
      status: 'open',
      facts: { ssh: { software: 'small' } },
      note: 'authentication methods not asked: the run was stopped',
    });
  });

  it('are not asked of SSH 1 or of a server without a key exchange', async () => {
    for (const line of ['SSH-1.5-Cisco-1.25\n', `SSH-2.0-dropbear\r\n${'x'.repeat(3000)}`]) {
      const loopback = await serve((socket) => socket.write(line));
      const context = contextFor(loopback.port, { sshAuthMethods: true });
      const result = await probeSsh(context, await context.dial());
      expect(result).toMatchObject({ status: 'open', note: expect.stringContaining('methods not asked') });
      expect(context.dials()).toBe(1);
      await loopback.close();
    }
  });
});

/** Numbers of the messages in what a client sent. */
function messages(sent: Buffer): number[] {
  const numbers: number[] = [];
  let at = sent.indexOf('\n') + 1;
  while (at + 5 < sent.length) {
    numbers.push(sent[at + 5] ?? 0);
    at += 4 + sent.readUInt32BE(at);
  }
  return numbers;
}
