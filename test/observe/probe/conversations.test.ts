import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import { Conversations, type ConversationsOptions } from '../../../src/observe/probe/conversations.ts';
import type { Connection } from '../../../src/observe/probe/connection.ts';
import type { ProbeResult } from '../../../src/observe/probe/probe.ts';

const HOST = { address: '127.0.0.1', siteId: 'hq' };
const result = (protocol: string): ProbeResult => ({ protocol, status: 'open', facts: {}, evidence: [] });

function setUp(over: Partial<ConversationsOptions> = {}) {
  const observations: Observation[] = [];
  const conversations = new Conversations({
    perHost: 6,
    converse: () => Promise.resolve(result('ssh')),
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

  it('stops asking a host that accepts everything and says nothing, but lists every open port', async () => {
    let asked = 0;
    const { conversations, observations } = setUp({
      converse: () => {
        asked += 1;
        return Promise.resolve(result('unknown'));
      },
    });
    for (let port = 1; port <= 40; port += 1) conversations.begin(HOST, port);
    conversations.begin({ address: '127.0.0.2', siteId: 'hq' }, 1);
    await conversations.ended();
    expect(asked).toBeLessThan(20);
    expect(observations.filter(({ address }) => address === HOST.address).length).toBe(40);
    expect(observations.filter(({ note }) => note?.includes('many ports') === true).length).toBeGreaterThan(
      20,
    );
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
