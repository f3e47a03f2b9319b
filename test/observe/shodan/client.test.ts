import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { ShodanError } from '../../../src/observe/shodan/answer.ts';
import { createShodanClient, type ShodanClient } from '../../../src/observe/shodan/client.ts';
import { loadLibrary } from '../../../src/observe/shodan/fenced-library.ts';
import { createPacer } from '../../../src/observe/shodan/pacer.ts';
import { createBudget } from '../../../src/observe/shodan/session.ts';
import { KEY, fixtureText, holdsKey, virtualClock } from './setting.ts';
import { REAL, sendJson, startStandIn, type Handler, type StandIn } from './stand-in.ts';

const signal = new AbortController().signal;
let standIn: StandIn | undefined;

afterEach(async () => {
  await standIn?.close();
  standIn = undefined;
});

async function clientFor(
  handler: Handler,
  more: { tries?: number; timeoutMs?: number; maxBytes?: number } = {},
) {
  standIn = await startStandIn(handler);
  const clock = virtualClock();
  const client = createShodanClient({
    apiKey: KEY,
    origin: standIn.origin,
    pacer: createPacer(clock),
    clock,
    now: () => new Date('2026-02-01T00:00:00Z'),
    log: pino({ enabled: false }),
    timeoutMs: 2000,
    ...more,
  });
  return { client, clock, asked: standIn.asked };
}

const html = (response: ServerResponse, status: number, body: string, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'text/html', ...headers });
  response.end(body);
};

async function failureOf(work: Promise<unknown>): Promise<ShodanError> {
  const error: unknown = await work.then(
    (value) => new Error(`no failure but ${JSON.stringify(value)}`),
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(ShodanError);
  expect(holdsKey((error as Error).message, (error as Error).stack ?? '', { ...(error as Error) })).toBe(
    false,
  );
  return error as ShodanError;
}

const calls: Record<string, (client: ShodanClient) => Promise<unknown>> = {
  apiInfo: (client) => client.apiInfo(signal),
  count: (client) => client.count('net:198.18.1.0/28', signal),
  search: (client) => client.search('net:198.18.1.0/28', 1, createBudget(100), signal),
  host: (client) => client.host('198.18.1.21', { history: false }, signal),
};

/** Route, what it answers, the failure it must become, and how many requests it may cost. */
const BAD: readonly (readonly [string, Handler, string, number])[] = [
  ['401 HTML', (_, r) => html(r, 401, REAL.unauthorized), 'bad-key', 1],
  ['401 without a body', (_, r) => html(r, 401, ''), 'bad-key', 1],
  ['401 credits', (_, r) => sendJson(r, REAL.noCredits, 401), 'no-credits', 1],
  ['200 credits', (_, r) => sendJson(r, REAL.noCredits), 'no-credits', 1],
  ['401 plan', (_, r) => sendJson(r, REAL.upgrade, 401), 'plan-lacks', 1],
  ['403 HTML', (_, r) => html(r, 403, REAL.forbidden), 'plan-lacks', 1],
  ['403 JSON', (_, r) => sendJson(r, { error: 'Requires membership or higher' }, 403), 'plan-lacks', 1],
  ['404 HTML', (_, r) => html(r, 404, '<h1>404 Not Found</h1>'), 'broken-answer', 1],
  ['404 another text', (_, r) => sendJson(r, { error: 'No information' }, 404), 'broken-answer', 1],
  ['400 invalid', (_, r) => sendJson(r, REAL.invalid, 400), 'bad-request', 1],
  ['429 JSON', (_, r) => sendJson(r, REAL.slowDown, 429), 'rate-limited', 5],
  ['429 HTML', (_, r) => html(r, 429, 'Too Many Requests'), 'rate-limited', 5],
  ['200 rate limit', (_, r) => sendJson(r, REAL.slowDown), 'rate-limited', 5],
  ['500', (_, r) => html(r, 500, 'oops'), 'network', 5],
  ['502 HTML', (_, r) => html(r, 502, REAL.badGateway), 'network', 5],
  ['503 challenge', (_, r) => html(r, 503, REAL.justAMoment), 'network', 5],
  ['504 empty', (_, r) => html(r, 504, ''), 'network', 5],
  ['520', (_, r) => html(r, 520, 'error code: 520'), 'network', 5],
  ['500 JSON that speaks of credits', (_, r) => sendJson(r, REAL.noCredits, 500), 'network', 5],
  ['200 HTML', (_, r) => html(r, 200, REAL.justAMoment), 'broken-answer', 5],
  ['200 empty', (_, r) => html(r, 200, ''), 'broken-answer', 5],
  ['200 null', (_, r) => sendJson(r, 'null'), 'broken-answer', 5],
  ['200 list', (_, r) => sendJson(r, '[]'), 'broken-answer', 5],
  ['200 number', (_, r) => sendJson(r, '0'), 'broken-answer', 5],
  [
    '200 maintenance',
    (_, r) => sendJson(r, { error: 'Shodan is undergoing maintenance' }),
    'broken-answer',
    5,
  ],
  [
    '200 error object',
    (_, r) => sendJson(r, { error: { code: 1 }, total: 0, matches: [] }),
    'broken-answer',
    5,
  ],
  ['200 "nothing known"', (_, r) => sendJson(r, REAL.nothing), 'broken-answer', 5],
  ['200 truncated', (_, r) => sendJson(r, '{"total": 3, "matches": [{"port": 1'), 'broken-answer', 5],
  ['200 without total', (_, r) => sendJson(r, '{}'), 'broken-answer', 1],
  [
    '200 of other types',
    (_, r) => sendJson(r, '{"total":"0","matches":{},"data":"","ports":0,"plan":1}'),
    'broken-answer',
    1,
  ],
  [
    '200 __proto__',
    (_, r) =>
      sendJson(r, '{"__proto__":{"total":0,"matches":[],"plan":"x","query_credits":1,"ports":[],"data":[]}}'),
    'broken-answer',
    1,
  ],
  ['204', (_, r) => html(r, 204, ''), 'broken-answer', 1],
  [
    '302 to another host',
    (_, r) => html(r, 302, '', { location: 'http://127.0.0.2:1/x' }),
    'broken-answer',
    1,
  ],
  [
    '301 to a UNIX socket',
    (_, r) => html(r, 301, '', { location: 'http://unix:/tmp/x.sock:/y' }),
    'broken-answer',
    1,
  ],
  ['307 to itself', (asked, r) => html(r, 307, '', { location: asked.path }), 'broken-answer', 1],
  [
    'gzip that is none',
    (_, r) => sendJson(r, '{"total":0}', 200, { 'content-encoding': 'gzip' }),
    'broken-answer',
    5,
  ],
  [
    'unknown encoding',
    (_, r) => sendJson(r, '{"total":0}', 200, { 'content-encoding': 'br' }),
    'broken-answer',
    5,
  ],
  ['reset', (_, r) => r.destroy(), 'network', 5],
  [
    'reset in the body',
    (_, r) => {
      r.writeHead(200, { 'content-length': '1000' });
      r.write('{"total":');
      setTimeout(() => r.destroy(), 10);
    },
    'network',
    5,
  ],
  [
    'key in the error',
    (asked, r) =>
      sendJson(r, { error: `see /x?key=${asked.query.get('key')}&a and ${encodeURIComponent(KEY)}` }, 400),
    'bad-request',
    1,
  ],
];

describe('Shodan client: answers that are none', () => {
  for (const [name, handler, kind, requests] of BAD) {
    for (const [call, run] of Object.entries(calls)) {
      it(`${name} → ${kind} (${call})`, async () => {
        const { client, asked } = await clientFor(handler);
        const error = await failureOf(run(client));
        expect(error.kind).toBe(kind);
        expect(asked).toHaveLength(requests);
        expect(client.requests()).toBe(requests);
      });
    }
  }

  it('gives up on a server that stalls before the headers', async () => {
    const { client } = await clientFor(() => undefined, { timeoutMs: 100, tries: 1 });
    const error = await failureOf(client.count('net:198.18.1.0/28', signal));
    expect(error).toMatchObject({ kind: 'network', status: undefined });
    expect(error.message).toContain('timeout');
  });

  it('gives up on a body that stalls, and nothing is thrown afterwards', async () => {
    const { client } = await clientFor(
      (_, r) => {
        r.writeHead(200);
        r.write('{"total"');
      },
      { timeoutMs: 100, tries: 1 },
    );
    expect((await failureOf(client.count('net:198.18.1.0/28', signal))).kind).toBe('network');
    await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('refuses a connection that nobody takes', async () => {
    const { client } = await clientFor(() => undefined, { tries: 2 });
    await standIn?.close();
    const error = await failureOf(client.apiInfo(signal));
    expect(error).toMatchObject({ kind: 'network' });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('stops a body over the limit: announced, in chunks, and unpacked', async () => {
    const sizes: Handler[] = [
      (_, r) => {
        r.writeHead(200, { 'content-length': '10000000' });
        r.write(' '.repeat(1000));
      },
      (_, r) => {
        r.writeHead(200);
        for (let i = 0; i < 40; i += 1) r.write(' '.repeat(1000));
      },
      (_, r) => {
        r.writeHead(200, { 'content-encoding': 'gzip' });
        r.end(gzipSync(`{"total":0,"x":"${' '.repeat(100_000)}"}`));
      },
    ];
    for (const handler of sizes) {
      const { client } = await clientFor(handler, { maxBytes: 20_000, tries: 1 });
      expect((await failureOf(client.count('net:198.18.1.0/28', signal))).kind).toBe('broken-answer');
      await standIn?.close();
    }
  });

  it('refuses what is no address before anything is sent', async () => {
    const { client, asked } = await clientFor((_, r) => sendJson(r, {}));
    for (const text of [
      '../../api-info',
      '198.18.1.1?minify=true&x=',
      '',
      '198.18.1.1/24',
      'localhost',
      '010.0.0.1',
    ]) {
      await expect(client.host(text, { history: false }, signal)).rejects.toThrow(RangeError);
    }
    expect(asked).toHaveLength(0);
  });

  it('refuses a host answer about another address, or about none', async () => {
    const { client } = await clientFor((_, r) => sendJson(r, { ip_str: '198.18.1.22', data: [], ports: [] }));
    expect((await failureOf(client.host('198.18.1.21', { history: false }, signal))).kind).toBe(
      'broken-answer',
    );
  });

  it('stops at once when the run is stopped: waiting, sending, or pausing between tries', async () => {
    const before = new AbortController();
    before.abort();
    const { client, asked } = await clientFor(() => undefined);
    expect((await failureOf(client.apiInfo(before.signal))).kind).toBe('interrupted');
    expect(asked).toHaveLength(0);
    const during = new AbortController();
    setTimeout(() => during.abort(), 50);
    const started = performance.now();
    expect((await failureOf(client.apiInfo(during.signal))).kind).toBe('interrupted');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('Shodan client: good answers', () => {
  it('reads the account', async () => {
    const { client, asked } = await clientFor((_, r) => sendJson(r, fixtureText('api-info.json')));
    expect(await client.apiInfo(signal)).toEqual({ plan: 'dev', query_credits: 100 });
    expect(asked[0]?.path).toBe('/api-info');
    expect(asked[0]?.query.get('key')).toBe(KEY);
    expect(asked[0]?.headers['user-agent']).toBe('sekisho');
  });

  it('counts zero only from an integer', async () => {
    const { client } = await clientFor((_, r) => sendJson(r, { matches: [], total: 0 }));
    expect(await client.count('net:198.18.1.0/28', signal)).toBe(0);
  });

  it('searches with minify=false and keeps the very text of each record', async () => {
    const body =
      '{"total": 1, "matches": [ {"port": 1, "ssl": {"cert": {"serial": 15745316675568561342}}} ]}';
    const { client, asked } = await clientFor((_, r) => sendJson(r, body));
    const page = await client.search('net:198.18.1.0/28', 2, createBudget(1), signal);
    expect(page.total).toBe(1);
    expect(page.matches[0]?.text).toBe('{"port": 1, "ssl": {"cert": {"serial": 15745316675568561342}}}');
    const [query] = asked.map((one) => Object.fromEntries(one.query));
    expect(query).toEqual({ key: KEY, query: 'net:198.18.1.0/28', page: '2', minify: 'false' });
  });

  it('unpacks gzip', async () => {
    const { client } = await clientFor((_, r) => {
      r.writeHead(200, { 'content-encoding': 'gzip' });
      r.end(gzipSync(fixtureText('search-smb.json')));
    });
    expect(await client.count('net:198.18.1.0/28', signal)).toBe(5);
  });

  it('reads a host, asks for its history on demand, and takes the exact 404 for "nothing known"', async () => {
    const { client, asked } = await clientFor((one, r) =>
      one.path.endsWith('.21')
        ? sendJson(r, fixtureText('host-eight-services.json'))
        : sendJson(r, REAL.nothing, 404),
    );
    const report = await client.host('198.18.1.21', { history: true }, signal);
    expect(report?.records).toHaveLength(8);
    expect(report?.records[0]?.text).toContain('"port": 22');
    expect(asked[0]?.query.get('history')).toBe('true');
    expect(await client.host('::ffff:198.18.1.22', { history: false }, signal)).toBeUndefined();
    expect(asked[1]?.path).toBe('/shodan/host/198.18.1.22');
    expect(asked[1]?.query.has('history')).toBe(false);
  });

  it('tries again, with growing pauses and one second between requests', async () => {
    const { client, clock, asked } = await clientFor((_, r, nth) =>
      nth < 4 ? html(r, 502, REAL.badGateway) : sendJson(r, { total: 7 }),
    );
    expect(await client.count('net:198.18.1.0/28', signal)).toBe(7);
    expect(asked).toHaveLength(4);
    expect(clock.slept).toEqual([1000, 50, 2000, 4000]);
  });

  it('honours Retry-After in seconds and as a date, up to a minute', async () => {
    const headers = ['7', 'Sun, 01 Feb 2026 00:00:20 GMT', '86400', 'soon'];
    const { client, clock } = await clientFor((_, r, nth) => {
      const header = headers[nth - 1];
      if (header === undefined) sendJson(r, { total: 1 });
      else sendJson(r, REAL.slowDown, 429, { 'retry-after': header });
    });
    expect(await client.count('net:198.18.1.0/28', signal)).toBe(1);
    expect(clock.slept).toEqual([7000, 20_000, 60_000, 8000]);
  });

  it('lets one request out at a time, a second after the answer to the one before', async () => {
    let open = 0;
    let most = 0;
    const { client, clock } = await clientFor((_, r) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        sendJson(r, { total: 1 });
      }, 5);
    });
    await Promise.all(Array.from({ length: 5 }, () => client.count('net:198.18.1.0/28', signal)));
    expect(most).toBe(1);
    expect(clock.slept).toEqual([1050, 1050, 1050, 1050]);
  });

  it('never sends a search that could cost more than is left', async () => {
    const { client, asked } = await clientFor((_, r) => html(r, 200, ''));
    const budget = createBudget(2);
    expect((await failureOf(client.search('net:198.18.1.0/28', 1, budget, signal))).kind).toBe('credit-cap');
    expect(asked).toHaveLength(2);
    expect(budget.spent()).toBe(2);
  });

  it('gives the credit back for an answer that cannot have cost one', async () => {
    const { client } = await clientFor((_, r) => sendJson(r, REAL.noCredits, 401));
    const budget = createBudget(2);
    await failureOf(client.search('net:198.18.1.0/28', 1, budget, signal));
    expect(budget.spent()).toBe(0);
  });
});

describe('fence around shodan-client', () => {
  it('leaves the got of everybody else as it was', async () => {
    const { client } = await clientFor((_, r) => sendJson(r, { total: 1 }));
    await client.count('net:198.18.1.0/28', signal);
    const loadCommonJs = createRequire(import.meta.url);
    const got = loadCommonJs('got') as { readonly extend?: unknown };
    expect(typeof got.extend).toBe('function');
  });

  it('takes the place of an old got that lies beneath shodan-client, as where overrides do not reach', async () => {
    const project = mkdtempSync(join(tmpdir(), 'sekisho-nested-'));
    const modules = join(project, 'node_modules');
    const real = join(dirname(createRequire(import.meta.url).resolve('shodan-client/package.json')), '..');
    mkdirSync(modules);
    cpSync(join(real, 'shodan-client'), join(modules, 'shodan-client'), { recursive: true });
    for (const name of ['got', 'lodash', 'debug']) symlinkSync(join(real, name), join(modules, name));
    const old = join(modules, 'shodan-client', 'node_modules', 'got');
    mkdirSync(old, { recursive: true });
    writeFileSync(join(old, 'package.json'), '{"name":"got","version":"10.7.0","main":"index.js"}');
    writeFileSync(join(old, 'index.js'), 'throw new Error("the old got was loaded")');
    try {
      const library = loadLibrary(join(project, 'x.js'));
      // Outside of a fence nothing may be sent at all.
      await expect(library.client.count('net:198.18.1.1', KEY, {})).rejects.toThrow(/limits in place/);
      expect(() => createRequire(join(modules, 'shodan-client', 'x.js'))('got')).toThrow(/old got/);
    } finally {
      rmSync(project, { recursive: true });
    }
  });
});
