import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathsOf } from '../observe/shodan/small-shodan.ts';
import { banner, shodan, type World } from '../observe/shodan/world.ts';
import { REAL, sendJson, type Handler } from '../observe/shodan/stand-in.ts';
import { buildCommand, type BuiltCommand } from './built-command.ts';
import { scanWithShodan, type Case, type ShodanRun } from './shodan-run.ts';

/** Of two addresses. */
const records = (count: number) =>
  Array.from({ length: count }, (_, i) => banner(`198.18.${i % 2}.7`, 2000 + i));

/** Searched, and too large for a look-up of each address. */
const TWO_NETWORKS = '198.18.0.0/23';
/** Looked up one by one. */
const FOUR = '198.18.1.0/30';

const html = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(body);
};

/** Half an answer, then the connection is gone. */
const cut = (response: ServerResponse): void => {
  const body = JSON.stringify({ total: 250, matches: records(100) });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.write(body.slice(0, body.length / 2));
  setTimeout(() => response.destroy(), 50);
};

/** The first request for which it applies is answered so; the next one as ever. */
function once(applies: (path: string) => boolean, answer: (response: ServerResponse) => void, then: Handler) {
  let isDone = false;
  const handler: Handler = (asked, response, nth) => {
    if (isDone || !applies(asked.path)) then(asked, response, nth);
    else {
      isDone = true;
      answer(response);
    }
  };
  return handler;
}

const observed = ({ journal }: ShodanRun): number =>
  journal.filter(({ kind }) => kind === 'observation').length;

let command: BuiltCommand;
beforeAll(async () => {
  command = await buildCommand();
}, 120_000);
afterAll(() => command.remove());

const scan = async (one: Omit<Case, 'main'>): Promise<ShodanRun> =>
  scanWithShodan({ ...one, main: command.main });

/** The longest first: five run at a time. */
describe.concurrent('sekisho scan --passive with Shodan', { timeout: 180_000 }, () => {
  it('pages through all records, at most one request a second', async () => {
    const at: number[] = [];
    const small = shodan({ banners: records(250) });
    const run = await scan({
      range: TWO_NETWORKS,
      shodan: 'history: false',
      handler: (...all) => {
        at.push(performance.now());
        small(...all);
      },
    });
    expect(pathsOf(run.asked).slice(0, 5)).toEqual([
      '/api-info',
      '/shodan/host/count',
      '/shodan/host/search 1',
      '/shodan/host/search 2',
      '/shodan/host/search 3',
    ]);
    expect(run.shodan).toMatchObject({
      state: 'complete',
      looked: 512,
      answered: 2,
      notLooked: [],
      credits: { spent: 3, left: 97 },
      dataDate: '2026-11-20T00:00:00.000Z',
    });
    expect(observed(run)).toBe(250);
    expect(run.snapshot.services).toHaveLength(250);
    expect(run.stderr).toContain('3 credits spent, 97 left');
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1050);
  });

  it('gives up on an outage after five tries, and every address is a hole', async () => {
    const run = await scan({
      range: FOUR,
      handler: (_, response) => html(response, 500, REAL.badGateway),
    });
    expect(run.asked).toHaveLength(5);
    expect(run.code).toBe(30);
    expect(run.shodan).toMatchObject({ state: 'failed', reason: 'network', looked: 0, answered: 0 });
    expect(run.report).toContain('the network failed');
  });

  it('does not take HTML with status 200 for an answer', async () => {
    const run = await scan({
      range: TWO_NETWORKS,
      handler: (asked, response, nth) =>
        asked.path === '/api-info' ? shodan({})(asked, response, nth) : html(response, 200, REAL.justAMoment),
    });
    expect(run.code).toBe(30);
    expect(run.shodan).toMatchObject({
      state: 'failed',
      reason: 'network',
      looked: 0,
      notLooked: [{ what: '198.18.0.0-198.18.1.255', reason: 'network', count: 512 }],
    });
  });

  it('keeps the pages before a connection that is cut in every body', async () => {
    const small = shodan({ banners: records(250) });
    const run = await scan({
      range: TWO_NETWORKS,
      shodan: 'history: false',
      handler: (asked, response, nth) =>
        asked.query.get('page') === '2' ? cut(response) : small(asked, response, nth),
    });
    expect(run.code).toBe(30);
    expect(run.shodan).toMatchObject({
      state: 'partial',
      reason: 'network',
      looked: 0,
      answered: 2,
      notLooked: [{ what: '198.18.0.0-198.18.1.255', reason: 'network', count: 512 }],
    });
    expect(run.shodan.credits?.spent).toBe(1);
    expect(observed(run)).toBe(250);
  });

  it('sends nothing to a server whose certificate it does not know', async () => {
    const run = await scan({ range: FOUR, handler: shodan({}), trusted: false });
    expect(run.asked).toEqual([]);
    expect(run.code).toBe(30);
    expect(run.shodan).toMatchObject({ state: 'failed', reason: 'network', looked: 0 });
  });

  it('does not call it absence when the key is refused', async () => {
    const run = await scan({
      range: FOUR,
      handler: (_, response) => html(response, 401, REAL.unauthorized),
    });
    expect(run.asked).toHaveLength(1);
    expect(run.code).toBe(30);
    expect(run.shodan).toMatchObject({
      state: 'failed',
      reason: 'bad-key',
      looked: 0,
      notLooked: [{ what: '198.18.1.0-198.18.1.3', reason: 'bad-key', count: 4 }],
    });
    expect(run.report).toContain('the API key was not accepted');
    expect(run.stderr).toContain('internetdb: { use: true }');
  });

  it('says that the credits were spent before it began', async () => {
    const run = await scan({
      range: TWO_NETWORKS,
      handler: shodan({
        banners: records(10),
        credits: 0,
        override: ({ path }) =>
          path === '/shodan/host/search' ? { status: 401, body: REAL.noCredits } : undefined,
      }),
    });
    expect(run.code).toBe(30);
    expect(run.shodan).toMatchObject({
      state: 'failed',
      reason: 'no-credits',
      looked: 0,
      credits: { spent: 0, left: 0 },
    });
    expect(run.report).toContain('no Shodan credits are left');
  });

  it('keeps what was paid for when the credits run out in the middle', async () => {
    const run = await scan({
      range: TWO_NETWORKS,
      shodan: 'history: false',
      handler: shodan({
        banners: records(250),
        credits: 2,
        override: ({ query }) =>
          query.get('page') === '3' ? { status: 401, body: REAL.noCredits } : undefined,
      }),
    });
    expect(run.code).toBe(30);
    expect(run.shodan).toMatchObject({
      state: 'partial',
      reason: 'no-credits',
      looked: 0,
      answered: 2,
      notLooked: [{ what: '198.18.0.0-198.18.1.255', reason: 'no-credits', count: 512 }],
      credits: { spent: 2, left: 0 },
    });
    // Pages one and two; the free look-ups of the two addresses bring the rest.
    expect(observed(run)).toBe(250);
  });

  it('falls back when the plan has no search, and says what it could not look at', async () => {
    const forbidden: World['override'] = ({ path }) =>
      path === '/api-info' ? undefined : { status: 403, body: REAL.forbidden };
    const run = await scan({ range: TWO_NETWORKS, handler: shodan({ override: forbidden }) });
    expect(run.code).toBe(30);
    expect(run.asked).toHaveLength(3);
    expect(run.shodan).toMatchObject({ state: 'failed', reason: 'plan-lacks', looked: 0 });
    expect(run.report).toContain('the Shodan plan does not include it');
  });

  it('takes host answers without history where the plan gives no other', async () => {
    const run = await scan({
      range: '198.18.1.7',
      handler: shodan({
        banners: records(2),
        override: ({ query }) =>
          query.get('history') === 'true' ? { status: 403, body: REAL.forbidden } : undefined,
      }),
    });
    // What it found is new; nothing is missing.
    expect(run.code).toBe(10);
    expect(run.shodan).toMatchObject({
      state: 'complete',
      looked: 1,
      answered: 1,
      notLooked: [{ what: 'history', reason: 'no-history', count: 0 }],
    });
    expect(run.report).toContain('the Shodan plan gives no history');
  });

  it('waits as long as it is told after 429, and takes 404 with its own sentence for "nothing known"', async () => {
    const at: number[] = [];
    const slowDown = (response: ServerResponse): void => {
      at.push(performance.now());
      sendJson(response, REAL.slowDown, 429, { 'retry-after': '4' });
    };
    const handler = once((path) => path.endsWith('.1.1'), slowDown, shodan({}));
    const run = await scan({
      range: FOUR,
      handler: (...all) => {
        if (at.length === 1) at.push(performance.now());
        handler(...all);
      },
    });
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(4000);
    expect(run.asked).toHaveLength(7);
    expect(run.code).toBe(0);
    expect(run.shodan).toMatchObject({ state: 'complete', looked: 4, answered: 0, notLooked: [] });
  });

  it('asks again after broken answers of three kinds, and after a slow one', async () => {
    const banners = [0, 1, 2, 3].map((last) => banner(`198.18.1.${last}`, 22));
    const plain = shodan({ banners });
    const slow: Handler = (asked, response, nth) => {
      if (asked.path.endsWith('.1.3')) setTimeout(() => plain(asked, response, nth), 3000);
      else plain(asked, response, nth);
    };
    const handler = [
      ['.1.0', (response: ServerResponse) => html(response, 200, REAL.badGateway)] as const,
      [
        '.1.1',
        (response: ServerResponse) => sendJson(response, '{"ip_str":"198.18.1.1","data":[{"po'),
      ] as const,
      ['.1.2', (response: ServerResponse) => sendJson(response, { error: 'Search timed out' })] as const,
    ].reduce<Handler>((then, [end, answer]) => once((path) => path.endsWith(end), answer, then), slow);
    const run = await scan({ range: FOUR, handler });
    expect(run.asked).toHaveLength(9);
    expect(run.shodan).toMatchObject({ state: 'complete', looked: 4, answered: 4, notLooked: [] });
    expect(observed(run)).toBe(4);
  });

  it('lists what searches find elsewhere, and contacts none of it', async () => {
    const elsewhere = banner('203.0.113.20', 443, { hostnames: ['old.example.jp'] });
    const run = await scan({
      range: '198.18.1.7',
      shodan: 'search: { domains: [example.jp], asns: [AS64500] }',
      handler: shodan({ found: { 'hostname:"example.jp"': [elsewhere], 'asn:AS64500': records(501) } }),
    });
    expect(run.asked.some(({ path }) => path.includes('203.0.113.20'))).toBe(false);
    const candidates = run.journal.flatMap((entry) =>
      entry.kind === 'candidate' ? [entry.candidate.value] : [],
    );
    expect(candidates).toEqual(['203.0.113.20', 'old.example.jp']);
    expect(run.shodan).toMatchObject({
      state: 'complete',
      notLooked: [{ what: 'asn:AS64500', reason: 'credit-cap', count: 501 }],
      credits: { spent: 1, left: 99 },
    });
    expect(run.stderr).toContain('not searched: asn:AS64500 (credit-cap, 501 records)');
  });
});
