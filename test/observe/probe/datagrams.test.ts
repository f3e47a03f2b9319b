import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { Budget } from '../../../src/observe/probe/budget.ts';
import { DatagramDialer, type DatagramPlace } from '../../../src/observe/probe/datagrams.ts';
import { MAX_REQUEST } from '../../../src/observe/probe/question.ts';
import { Guard } from '../../../src/scope/guard.ts';
import { scopeOf, siteOf } from '../../scope/scope-fixture.ts';

const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** A UDP server on loopback; `answer` gets what came and a way to answer. */
function serve(
  answer: (sent: Buffer, reply: (text: string, from?: Socket) => void) => void,
): Promise<number> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (sent, from) =>
    answer(sent, (text, other = socket) => other.send(text, from.port, from.address)),
  );
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)));
}

function setUp(over: Partial<DatagramPlace> & { port: number; signal?: AbortSignal }) {
  const dialer = new DatagramDialer({
    guard: new Guard(scopeOf({ sites: [siteOf(['127.0.0.0/24'])] }), () => new Date()),
    budget: new Budget({ rate: 10_000, perHost: 4, total: 16 }),
    signal: over.signal ?? new AbortController().signal,
    answerTimeoutMs: 150,
  });
  const line = dialer.open({
    address: '127.0.0.1',
    protocol: 'test',
    tries: 2,
    fromAnyPort: false,
    ...over,
  });
  return { dialer, line };
}

const text = (received: Uint8Array): string => Buffer.from(received).toString();
const ask = Buffer.from('ask');

describe('observe/probe/datagrams', () => {
  it('gives what the parser makes of the answer and keeps both sides as evidence', async () => {
    const port = await serve((sent, reply) => reply(`heard ${sent.toString()}`));
    const { line, dialer } = setUp({ port });
    expect(await line.exchange(ask, text)).toBe('heard ask');
    expect(line.outcome()).toBe('answered');
    expect(dialer.sent).toBe(1);
    const [evidence] = line.evidence();
    expect(Buffer.from(evidence?.sent ?? '', 'base64').toString()).toBe('ask');
    expect(Buffer.from(evidence?.received ?? '', 'base64').toString()).toBe('heard ask');
    line.close();
  });

  it('asks once more when nothing came, and then gives up without calling the port closed', async () => {
    let heard = 0;
    const port = await serve(() => (heard += 1));
    const { line } = setUp({ port });
    expect(await line.exchange(ask, text)).toBeUndefined();
    expect(heard).toBe(2);
    expect(line.outcome()).toBe('no-answer');
    expect(line.evidence()).toEqual([]);
    line.close();
  });

  it('takes the second answer when the first one is lost', async () => {
    let heard = 0;
    const port = await serve((_sent, reply) => {
      heard += 1;
      if (heard === 2) reply('late');
    });
    const { line } = setUp({ port });
    expect(await line.exchange(ask, text)).toBe('late');
    line.close();
  });

  it('hears that a port is closed (ICMP port unreachable)', async () => {
    const port = await serve(() => undefined);
    sockets.pop()?.close();
    const { line } = setUp({ port });
    const began = performance.now();
    expect(await line.exchange(ask, text)).toBeUndefined();
    expect(line.outcome()).toBe('closed');
    expect(performance.now() - began).toBeLessThan(140);
    expect(await line.exchange(ask, text)).toBeUndefined();
    line.close();
  });

  it('passes over datagrams that the parser does not want, up to a bound', async () => {
    const port = await serve((_sent, reply) => {
      for (let i = 0; i < 100; i += 1) reply('flood');
    });
    const { line } = setUp({ port });
    let seen = 0;
    expect(
      await line.exchange(ask, () => {
        seen += 1;
        return undefined;
      }),
    ).toBeUndefined();
    expect(seen).toBeLessThanOrEqual(32);
    expect(line.outcome()).toBe('answered');
    line.close();
  });

  it('hears another port of the same address only when it was asked to', async () => {
    const other = createSocket('udp4');
    sockets.push(other);
    await new Promise<void>((resolve) => other.bind(0, '127.0.0.1', resolve));
    const port = await serve((_sent, reply) => reply('from elsewhere', other));
    const deaf = setUp({ port, tries: 1 });
    expect(await deaf.line.exchange(ask, text)).toBeUndefined();
    deaf.line.close();
    const open = setUp({ port, fromAnyPort: true });
    expect(await open.line.exchange(ask, text)).toBe('from elsewhere');
    open.line.close();
  });

  it('sends nothing outside the scope', async () => {
    const { line, dialer } = setUp({ port: 9, address: '127.1.0.1' });
    expect(await line.exchange(ask, text)).toBeUndefined();
    expect(line.outcome()).toBe('refused-by-scope');
    expect(dialer.sent).toBe(0);
  });

  it('sends from an address of its own, not from the one that it asks', async () => {
    const heard: string[] = [];
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.on('message', (_sent, from) => heard.push(from.address));
    await new Promise<void>((resolve) => socket.bind(31_999, '127.0.0.77', resolve));
    const { line } = setUp({ port: 31_999, address: '127.0.0.77', tries: 1 });
    await line.exchange(ask, text);
    expect(heard).toEqual(['127.0.0.1']);
    line.close();
  });

  it('stops at once when the run is stopped', async () => {
    const stop = new AbortController();
    const port = await serve(() => stop.abort());
    const { line } = setUp({ port, signal: stop.signal });
    expect(await line.exchange(ask, text)).toBeUndefined();
    expect(line.outcome()).toBe('aborted');
    line.close();
  });

  it('refuses a request large enough to flood a third party', async () => {
    const { line } = setUp({ port: 9 });
    await expect(line.exchange(new Uint8Array(MAX_REQUEST + 1), text)).rejects.toThrow(/too large/);
  });
});
