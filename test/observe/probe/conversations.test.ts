import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import { Conversations, type ConversationsOptions } from '../../../src/observe/probe/conversations.ts';
import type { Connection } from '../../../src/observe/probe/connection.ts';
import type { ProbeResult } from '../../../src/observe/probe/probe.ts';

const HOST = { address: '127.0.0.1', siteId: 'hq' };
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const result = (protocol: string): ProbeResult => ({ protocol, status: 'open', facts: {}, evidence: [] });

function setUp(over: Partial<ConversationsOptions> = {}) {
  const observations: Observation[] = [];
  const conversations = new Conversations({
    perHost: 6,
    converse: () => Promise.resolve(result('ssh')),
    lookAgain: (_target, _port, before) => Promise.resolve(before),
    ports: range(1, 40),
    now: () => new Date('2026-11-20T00:00:00Z'),
    vantage: 'here',
    onResult: (observation) => observations.push(observation),
    signal: new AbortController().signal,
    ...over,
  });
  return { conversations, observations };
}

function connection(): Connection & { closed: number } {
  const fake = { closed: 0, close: () => void (fake.closed += 1) };
  return fake as unknown as Connection & { closed: number };
}

describe('observe/probe/conversations', () => {
  it('runs at most ⌊(N−1)/2⌋ at once on one host and gives waiting connections back', async () => {
    let running = 0;
    let highest = 0;
    const given: boolean[] = [];
    const { conversations, observations } = setUp({
      converse: async (_target, _port, first) => {
        given.push(first !== undefined);
        running += 1;
        highest = Math.max(highest, running);
        await sleep(5);
        running -= 1;
        return result('ssh');
      },
    });
    const firsts = Array.from({ length: 6 }, connection);
    firsts.forEach((first, i) => conversations.begin(HOST, 1000 + i, first));
    await conversations.ended();
    expect(highest).toBe(2);
    expect(given).toEqual([true, true, false, false, false, false]);
    expect(firsts.every(({ closed }) => closed > 0)).toBe(true);
    expect(observations.length).toBe(6);
  });

  it('turns a probe that throws into an observation that says so', async () => {
    const { conversations, observations } = setUp({ converse: () => Promise.reject(new Error('boom')) });
    conversations.begin(HOST, 22);
    await conversations.ended();
    expect(observations[0]).toMatchObject({
      port: 22,
      status: 'open',
      protocol: 'unknown',
      note: 'the probe failed: boom',
    });
  });

  it('asks a host that accepts everything on telling ports only, quickly, and lists every open port', async () => {
    const asked: { port: number; isQuick: boolean }[] = [];
    const { conversations, observations } = setUp({
      ports: [...range(1, 40), 443],
      converse: (_target, port, _first, isQuick) => {
        asked.push({ port, isQuick });
        return Promise.resolve(result('unknown'));
      },
      lookAgain: (target, _port, before) =>
        target === HOST ? Promise.reject(new Error('no second look at a facade')) : Promise.resolve(before),
    });
    for (let port = 1; port <= 40; port += 1) conversations.begin(HOST, port);
    conversations.begin(HOST, 443);
    conversations.begin({ address: '127.0.0.2', siteId: 'hq' }, 1);
    await conversations.ended();
    expect(asked.filter(({ isQuick }) => isQuick).map(({ port }) => port)).toEqual([22, 443]);
    expect(asked.length).toBeLessThan(10);
    expect(observations.filter(({ address }) => address === HOST.address).length).toBe(41);
    expect(observations.filter(({ note }) => note?.includes('every port') === true).length).toBeGreaterThan(
      30,
    );
    expect(observations.every(({ note }) => note?.includes('failed') !== true)).toBe(true);
  });

  it('asks some more ports of a host that accepts everything when one of the telling ones speaks', async () => {
    const asked: number[] = [];
    const { conversations } = setUp({
      ports: [1, 2, 3, 4, 443, ...range(1000, 1099)],
      converse: (_target, port) => {
        asked.push(port);
        return Promise.resolve(result(port === 443 ? 'https' : 'unknown'));
      },
    });
    for (const port of [1, 2, 3, 4, 443]) conversations.begin(HOST, port);
    for (let port = 1000; port < 1100; port += 1) conversations.begin(HOST, port);
    await conversations.ended();
    expect(asked).toContain(443);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.length).toBeLessThan(30);
  });

  it('knows a host that accepts everything before the sweep is over', async () => {
    const { conversations, observations } = setUp({
      ports: range(1, 1000),
      converse: () => Promise.resolve(result('unknown')),
    });
    for (let port = 1; port <= 30; port += 1) conversations.begin(HOST, port);
    await sleep(20);
    expect(observations.filter(({ note }) => note?.includes('every port') === true).length).toBeGreaterThan(
      20,
    );
    await conversations.ended();
    expect(observations.length).toBe(30);
  });

  it('asks every port of a host on which just the ports that were asked for are open and speak', async () => {
    let quick = 0;
    const { conversations, observations } = setUp({
      ports: range(1, 30),
      converse: (_target, port, _first, isQuick) => {
        quick += Number(isQuick);
        return Promise.resolve(result(port % 5 === 0 ? 'unknown' : 'ssh'));
      },
    });
    for (let port = 1; port <= 30; port += 1) conversations.begin(HOST, port);
    await conversations.ended();
    expect(quick).toBe(0);
    expect(observations.filter(({ note }) => note !== undefined)).toEqual([]);
  });

  it('goes on with a silent host once the sweep shows that it does not accept everything', async () => {
    const asked: number[] = [];
    const { conversations } = setUp({
      converse: (_target, port) => {
        asked.push(port);
        return Promise.resolve(result(port === 8 ? 'ssh' : 'unknown'));
      },
    });
    for (let port = 1; port <= 8; port += 1) conversations.begin(HOST, port);
    await sleep(20);
    expect(asked.length).toBeLessThan(8);
    await conversations.ended();
    expect(asked.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('takes a second look at what was not understood, after the first looks at its host, and keeps one result', async () => {
    const order: string[] = [];
    const { conversations, observations } = setUp({
      converse: async (_target, port) => {
        await sleep(port);
        order.push(`first ${port}`);
        return result(port === 5 ? 'unknown' : 'ssh');
      },
      lookAgain: (_target, port, before) => {
        order.push(`second ${port}`);
        return Promise.resolve({ ...before, protocol: 'smb' });
      },
    });
    conversations.begin(HOST, 5);
    conversations.begin(HOST, 30);
    await sleep(15);
    expect(observations).toEqual([]);
    await conversations.ended();
    expect(order).toEqual(['first 5', 'first 30', 'second 5']);
    expect(observations.map(({ port, protocol }) => [port, protocol])).toEqual([
      [30, 'ssh'],
      [5, 'smb'],
    ]);
  });

  it('keeps the first result when the second look fails', async () => {
    const { conversations, observations } = setUp({
      converse: () => Promise.resolve(result('tls')),
      lookAgain: () => Promise.reject(new Error('boom')),
    });
    conversations.begin(HOST, 5);
    await conversations.ended();
    expect(observations).toMatchObject([{ protocol: 'tls', note: 'the second look failed: boom' }]);
  });

  it('asks nothing more after the run was stopped, and leaves the port to a resumed run', async () => {
    const stop = new AbortController();
    stop.abort();
    const { conversations, observations } = setUp({
      signal: stop.signal,
      converse: () => Promise.reject(new Error('must not be asked')),
    });
    conversations.begin(HOST, 22);
    await conversations.ended();
    expect(observations).toEqual([]);
  });
});
