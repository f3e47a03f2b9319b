import { afterEach, describe, expect, it } from 'vitest';
import { probeSsh } from '../../../../../src/observe/probe/tcp/ssh/probe.ts';
import { contextFor, serve, type Loopback } from '../context.ts';
import { recorded } from '../recorded.ts';

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
    expect(server.received.every((sent) => sent.toString('latin1').startsWith('SSH-2.0-sekisho\r\n'))).toBe(
      true,
    );
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
