import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProtocolFacts } from '../../../src/model/facts.ts';
import { Budget } from '../../../src/observe/probe/budget.ts';
import { DatagramDialer } from '../../../src/observe/probe/datagrams.ts';
import type { ProbeResult } from '../../../src/observe/probe/probe.ts';
import type { UdpQuestion } from '../../../src/observe/probe/question.ts';
import { sweepUdp, type UdpSweepOptions } from '../../../src/observe/probe/udp-sweep.ts';
import { Guard } from '../../../src/scope/guard.ts';
import { scopeOf, siteOf } from '../../scope/scope-fixture.ts';

const PORT = 31_711;
const ALIVE = '127.66.0.1';
const DARK = '127.66.0.2';
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

function serve(address: string, answer: string | undefined, heard: string[] = []): Promise<void> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (sent, from) => {
    heard.push(sent.toString());
    if (answer !== undefined) socket.send(answer, from.port, from.address);
  });
  return new Promise((resolve) => socket.bind(PORT, address, resolve));
}

/** Asks "name?" and understands "name!". */
function question(name: string, ports = [PORT]): UdpQuestion {
  const read = (received: Uint8Array): ProtocolFacts | undefined =>
    Buffer.from(received).toString() === `${name}!`
      ? { name, access: 'unknown', fields: [], concerns: [] }
      : undefined;
  return { protocol: name, ports, read, ask: (line) => line.exchange(Buffer.from(`${name}?`), read) };
}

async function sweep(over: Partial<UdpSweepOptions>) {
  const results = new Map<string, ProbeResult>();
  const done: number[] = [];
  const dialer = new DatagramDialer({
    guard: new Guard(scopeOf({ sites: [siteOf(['127.66.0.0/24'])] }), () => new Date()),
    budget: new Budget({ rate: 10_000, perHost: 4, total: 64 }),
    signal: over.signal ?? new AbortController().signal,
    answerTimeoutMs: 150,
  });
  const outcome = await sweepUdp({
    dialer,
    targets: [ALIVE, DARK].map((address) => ({ address, siteId: 'hq' })),
    questions: [question('one')],
    donePorts: new Set(),
    isAlive: (address) => address === ALIVE,
    signal: new AbortController().signal,
    onAnswer: ({ address }, port, result) => results.set(`${address} ${port}`, result),
    onPortDone: (port) => done.push(port),
    ...over,
  });
  return { outcome, results, done, sent: dialer.sent };
}

describe('observe/probe/udp-sweep', () => {
  it('tells answered, refused and silent apart, and asks a silent host again only when it is alive', async () => {
    const heard: string[] = [];
    await serve(ALIVE, undefined, heard);
    const { outcome, results, done } = await sweep({});
    expect(heard.length).toBe(2);
    expect(results.size).toBe(0);
    // DARK has no socket there: this kernel refuses for it.
    expect(outcome.responding).toEqual(new Map([[DARK, { open: [], closed: [PORT] }]]));
    expect(outcome).toMatchObject({ ports: [PORT], unfinished: [] });
    expect(done).toEqual([PORT]);
    const dark: string[] = [];
    await serve(DARK, undefined, dark);
    await sweep({});
    expect(dark.length).toBe(1);
  });

  it('keeps the answer as facts of the protocol and as bytes', async () => {
    await serve(ALIVE, 'one!');
    await serve(DARK, 'what?');
    const { results } = await sweep({});
    expect(results.get(`${ALIVE} ${PORT}`)).toMatchObject({
      protocol: 'one',
      status: 'open',
      facts: { datagram: { text: 'one!' }, protocols: [{ name: 'one' }] },
    });
    expect(results.get(`${DARK} ${PORT}`)).toMatchObject({
      protocol: 'unknown',
      facts: { datagram: { text: 'what?' } },
    });
  });

  it('takes nothing from a host that sends our own words back', async () => {
    await serve(ALIVE, 'one?');
    const { results } = await sweep({});
    expect(results.get(`${ALIVE} ${PORT}`)).toMatchObject({ protocol: 'unknown', facts: {} });
    expect(results.get(`${ALIVE} ${PORT}`)?.facts.datagram).toBeUndefined();
  });

  it('asks the next question of a port when the first one is not understood, and stops when one is', async () => {
    const heard: string[] = [];
    await serve(ALIVE, 'two!', heard);
    const { results } = await sweep({ questions: [question('one'), question('two'), question('three')] });
    expect(heard).toEqual(['one?', 'two?']);
    expect(results.get(`${ALIVE} ${PORT}`)?.protocol).toBe('two');
  });

  it('leaves out ports that an earlier attempt has finished, and says which ones a stopped run did not', async () => {
    const heard: string[] = [];
    await serve(ALIVE, 'one!', heard);
    expect((await sweep({ donePorts: new Set([PORT]) })).outcome.unfinished).toEqual([]);
    expect(heard).toEqual([]);
    const stop = new AbortController();
    stop.abort();
    const stopped = await sweep({ signal: stop.signal });
    expect(stopped.outcome.unfinished).toEqual([PORT]);
    expect(stopped.sent).toBe(0);
  });
});
