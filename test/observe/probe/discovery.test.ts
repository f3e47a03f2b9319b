import { describe, expect, it } from 'vitest';
import type { Attempt, Dialer } from '../../../src/observe/probe/dialer.ts';
import { discover, type DiscoveryOptions } from '../../../src/observe/probe/discovery.ts';
import type { SweepResult } from '../../../src/model/observation.ts';

type Answer = 'open' | 'closed' | 'no-answer' | 'aborted';

/** A network in the test's hands: says for each place and each try how it answers. */
function network(answer: (address: string, port: number, tries: number) => Answer) {
  const tries = new Map<string, number>();
  const order: string[] = [];
  const attempt = (address: string, port: number): Promise<Attempt> => {
    const key = `${address}:${port}`;
    tries.set(key, (tries.get(key) ?? 0) + 1);
    order.push(key);
    const status = answer(address, port, tries.get(key) ?? 1);
    if (status === 'open')
      return Promise.resolve({
        status,
        rttMs: 1,
        connection: { close: () => undefined },
      } as unknown as Attempt);
    return Promise.resolve({ status, rttMs: 1, message: '' });
  };
  return { tries, order, dialer: { attempt } as unknown as Dialer };
}

const targets = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ address: `127.0.0.${i + 1}`, siteId: 'hq' }));

function run(dialer: Dialer, over: Partial<DiscoveryOptions> = {}) {
  return discover({
    dialer,
    targets: targets(4),
    ports: [22, 80, 443],
    connectTimeoutMs: 100,
    outstanding: 8,
    resumeAt: 0,
    earlier: [],
    signal: new AbortController().signal,
    onOpen: (_target, _port, connection) => connection.close(),
    onProgress: () => undefined,
    ...over,
  });
}

describe('observe/probe/discovery', () => {
  it('looks at every place and sorts the answers', async () => {
    const { dialer } = network((address, port) =>
      address.endsWith('.1') ? (port === 22 ? 'open' : 'closed') : 'no-answer',
    );
    const outcome = await run(dialer);
    expect(outcome).toMatchObject({ total: 12, looked: 12, lost: 0 });
    expect([...outcome.responding]).toEqual([['127.0.0.1', { open: [22], closed: [80, 443] }]]);
    expect(outcome.unfinished.size).toBe(0);
  });

  it('passes over places that another tool asked in vain: looked at, silent beside those that answered, never asked', async () => {
    const { dialer, order } = network(() => 'open');
    const results: SweepResult[] = [];
    const watermarks: number[] = [];
    const outcome = await run(dialer, {
      isDark: (address, port) => !(address === '127.0.0.3' && port === 80),
      onProgress: (some, watermark) => {
        results.push(...some);
        watermarks.push(watermark);
      },
    });
    expect(order).toEqual(['127.0.0.3:80']);
    expect(outcome).toMatchObject({ total: 12, looked: 12 });
    expect(outcome.unfinished.size).toBe(0);
    // Without its silent ports the host would look as if it answered on every port.
    expect(results.filter(({ noAnswer }) => noAnswer.length > 0)).toEqual([
      { address: '127.0.0.3', open: [], closed: [], noAnswer: [22, 443], unreachable: [] },
    ]);
    expect(watermarks.at(-1)).toBe(12);
  });

  it('goes from host to host, not from port to port: one port of all hosts before the next', async () => {
    const { dialer, order } = network(() => 'closed');
    await run(dialer, { outstanding: 1 });
    expect(order.slice(0, 4)).toEqual(['127.0.0.1:22', '127.0.0.2:22', '127.0.0.3:22', '127.0.0.4:22']);
  });

  it('asks silent ports of hosts that answer once more, and dark hosts only when packets get lost', async () => {
    const quiet = network((address, port) => (address.endsWith('.1') && port === 22 ? 'open' : 'no-answer'));
    await run(quiet.dialer);
    expect(quiet.tries.get('127.0.0.1:80')).toBe(2);
    expect(quiet.tries.get('127.0.0.2:80')).toBe(1);
    const lossy = network((address, port, tries) =>
      address.endsWith('.1')
        ? port === 22 || tries === 2
          ? 'open'
          : 'no-answer'
        : tries === 2 && address.endsWith('.2')
          ? 'open'
          : 'no-answer',
    );
    const outcome = await run(lossy.dialer);
    expect(outcome.responding.get('127.0.0.2')?.open).toEqual([22, 80, 443]);
    expect(outcome.lost).toBe(5);
  });

  it('asks everything twice when nothing answered at all', async () => {
    const { dialer, tries } = network(() => 'no-answer');
    await run(dialer);
    expect([...tries.values()]).toEqual(Array.from({ length: 12 }, () => 2));
  });

  it('records the silent ports of hosts that answer, and none of dark hosts', async () => {
    const found: SweepResult[] = [];
    const { dialer } = network((address, port) =>
      address.endsWith('.1') && port === 22 ? 'open' : 'no-answer',
    );
    await run(dialer, { onProgress: (results) => found.push(...results) });
    expect(found.filter(({ noAnswer }) => noAnswer.length > 0)).toMatchObject([
      { address: '127.0.0.1', noAnswer: [80, 443] },
    ]);
  });

  it('says which places it did not come to when it is stopped', async () => {
    const stop = new AbortController();
    let seen = 0;
    const { dialer } = network(() => {
      seen += 1;
      if (seen === 5) stop.abort();
      return seen <= 5 ? 'closed' : 'aborted';
    });
    const outcome = await run(dialer, { signal: stop.signal, outstanding: 1 });
    expect(outcome.looked).toBe(5);
    expect([...outcome.unfinished.values()].flat().length).toBe(7);
  });

  it('resumes: does not look again at what was done, and keeps what was found', async () => {
    const found: SweepResult[] = [];
    let watermark = 0;
    const first = network((_address, port) => (port === 22 ? 'open' : 'closed'));
    const stop = new AbortController();
    await run(first.dialer, {
      signal: stop.signal,
      outstanding: 1,
      onOpen: (target) => {
        if (target.address.endsWith('.4')) stop.abort();
      },
      onProgress: (results, mark) => {
        found.push(...results);
        watermark = mark;
      },
    });
    expect(watermark).toBe(4);
    const second = network((_address, port) => (port === 22 ? 'open' : 'closed'));
    const outcome = await run(second.dialer, { resumeAt: watermark, earlier: found });
    expect(second.tries.has('127.0.0.1:22')).toBe(false);
    expect(outcome.responding.get('127.0.0.1')).toEqual({ open: [22], closed: [80, 443] });
    expect(outcome.looked).toBe(12);
  });

  it('does not count attempts that were stopped as looks: a resumed run makes them again', async () => {
    const stop = new AbortController();
    let watermark = 0;
    const first = network((address, port) => {
      if (address.endsWith('.2') && port === 22) stop.abort();
      return stop.signal.aborted ? 'aborted' : 'closed';
    });
    // All places are begun at once; the stop takes those that are still waiting.
    const outcome = await run(first.dialer, {
      signal: stop.signal,
      outstanding: 12,
      onProgress: (_results, mark) => {
        watermark = mark;
      },
    });
    expect(watermark).toBe(1);
    expect(outcome.looked).toBe(1);
    const second = network(() => 'closed');
    const resumed = await run(second.dialer, { resumeAt: watermark });
    expect(second.tries.get('127.0.0.2:22')).toBe(1);
    expect(resumed.unfinished.size).toBe(0);
  });

  it('has nothing to do without targets', async () => {
    const { dialer } = network(() => 'open');
    expect((await run(dialer, { targets: [] })).total).toBe(0);
  });
});
