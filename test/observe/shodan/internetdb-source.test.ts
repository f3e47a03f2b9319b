import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/app-error.ts';
import { Observation } from '../../../src/model/observation.ts';
import { SourceCoverage } from '../../../src/model/snapshot.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { createInternetDbSource, predictInternetDb } from '../../../src/observe/shodan/internetdb-source.ts';
import { createPacer } from '../../../src/observe/shodan/pacer.ts';
import { listAddresses, spansInScope } from '../../../src/observe/shodan/spans.ts';
import { fixtureText, scopeWith, settingFor, virtualClock, type Setting } from './setting.ts';
import { REAL, sendJson, startStandIn, type Handler, type StandIn } from './stand-in.ts';

let standIn: StandIn | undefined;
afterEach(async () => {
  await standIn?.close();
  standIn = undefined;
});

const NOTHING = { detail: 'No information available' };

async function run(
  scope: Scope,
  handler: Handler,
  more: { earlier?: Parameters<typeof settingFor>[1]; setting?: Setting; timeoutMs?: number } = {},
) {
  standIn = await startStandIn(handler);
  const setting = more.setting ?? settingFor(scope, more.earlier);
  const clock = virtualClock();
  const source = createInternetDbSource({
    env: { INTERNETDB_URL: standIn.origin },
    clock,
    pacer: createPacer(clock),
    limits: { timeoutMs: more.timeoutMs ?? 1000, tries: 3 },
  });
  const coverage = await source.run(setting.context);
  expect(() => SourceCoverage.parse(coverage)).not.toThrow();
  for (const observation of setting.observations) expect(() => Observation.parse(observation)).not.toThrow();
  return { coverage, asked: standIn.asked, clock, ...setting };
}

const scopeOf = (...ranges: string[]): Scope => scopeWith({ ranges, internetdb: true });

describe('InternetDB', () => {
  it('is off unless asked for, and goes nowhere but to the real service or this machine', async () => {
    const source = createInternetDbSource({ env: {} });
    expect(await source.run(settingFor(scopeWith({})).context)).toMatchObject({
      state: 'off',
      reason: 'switched-off',
      requests: 0,
    });
    expect(() => createInternetDbSource({ env: { INTERNETDB_URL: 'http://192.0.2.1' } })).toThrow(AppError);
  });

  it('gives one observation per port, dated by Last-Modified', async () => {
    const { coverage, observations, asked, done } = await run(
      scopeOf('198.18.1.52-198.18.1.53'),
      (one, response) => {
        if (one.path === '/198.18.1.52') {
          sendJson(response, fixtureText('internetdb.json'), 200, {
            'last-modified': 'Sat, 13 Jan 2024 06:12:59 GMT',
          });
        } else sendJson(response, NOTHING, 404);
      },
    );
    expect(observations.map(({ port }) => port)).toEqual([22, 80, 443, 3306, 8081, 8090]);
    expect(observations[0]).toMatchObject({
      source: 'internetdb',
      address: '198.18.1.52',
      transport: 'unknown',
      status: 'open',
      observedAt: '2024-01-13T06:12:59.000Z',
      collectedAt: '2026-12-01T00:00:00.000Z',
    });
    expect(observations[0]?.facts.passive).toMatchObject({
      tags: ['database', 'eol-product'],
      module: 'internetdb',
    });
    expect(observations[0]?.facts.passive?.vulns).toHaveLength(134);
    expect(observations[0]?.facts.passive?.vulns.some(({ verified }) => verified)).toBe(false);
    expect(observations[0]?.note).toContain('whole host');
    expect(coverage).toMatchObject({
      state: 'complete',
      addresses: 2,
      looked: 2,
      answered: 1,
      requests: 2,
      dataDate: '2024-01-13T06:12:59.000Z',
    });
    expect(asked[0]?.headers['user-agent']).toBe('sekisho');
    expect(done).toEqual(['internetdb/198.18.1.52', 'internetdb/198.18.1.53']);
  });

  it('works through a /16, leaves out what is beyond it and IPv6, and says so; a resumed run skips quickly', async () => {
    const scope = scopeOf('198.18.0.0/15', '2001:db8::/64');
    const all = listAddresses(spansInScope(scope), 65_536);
    const setting = settingFor(scope, { done: all.slice(0, -3).map((address) => `internetdb/${address}`) });
    const stages: string[] = [];
    const context = {
      ...setting.context,
      progress: (...stage: [string, number, number]) => stages.push(stage.join(' ')),
    };
    const { coverage, asked } = await run(scope, (_, response) => sendJson(response, NOTHING, 404), {
      setting: { ...setting, context },
    });
    expect(asked.map(({ path }) => path)).toEqual(all.slice(-3).map((address) => `/${address}`));
    // Done and total are those of this attempt: the time left is reckoned from them.
    expect(stages).toEqual([0, 1, 2, 3].map((done) => `internetdb ${done} 3`));
    expect(coverage).toMatchObject({
      state: 'partial',
      looked: 65_536,
      notLooked: [
        { what: '198.19.0.0-198.19.255.255', reason: 'too-many-addresses', count: 65_536 },
        { what: '2001:db8::-2001:db8::ffff:ffff:ffff:ffff', reason: 'ipv6-not-supported' },
      ],
    });
  });

  it('tells the dry run how long it takes', () => {
    expect(predictInternetDb(scopeOf('198.18.0.0/15', '2001:db8::/64'))).toEqual({
      lookups: 65_536,
      tooMany: 65_536,
      minSeconds: 68_813,
    });
  });

  it('outlives an outage when there is much to ask, and gives up when it does not end', async () => {
    const scope = scopeOf('198.18.0.0/22');
    const mended = await run(scope, (_, response, nth) =>
      nth > 9 && nth < 28 ? sendJson(response, '', 503) : sendJson(response, NOTHING, 404),
    );
    expect(mended.coverage).toMatchObject({
      state: 'partial',
      reason: 'network',
      looked: 1018,
      notLooked: [{ what: '198.18.0.9-198.18.0.14', reason: 'network', count: 6 }],
    });
    expect(mended.clock.slept.filter((ms) => ms > 10_000)).toEqual([60_000, 300_000]);
    await standIn?.close();
    const dead = await run(scope, (_, response) => sendJson(response, '', 503));
    expect(dead.coverage).toMatchObject({ state: 'failed', reason: 'network', looked: 0 });
    expect(dead.clock.slept.filter((ms) => ms > 10_000)).toEqual([60_000, 300_000, 900_000]);
    expect(dead.asked).toHaveLength(4 * 3 * 3);
  });

  it('is complete for what it can know: IPv6 is listed, and is all that is missing', async () => {
    const nothing: Handler = (_, response) => sendJson(response, NOTHING, 404);
    const both = await run(scopeOf('198.18.1.1', '2001:db8::1'), nothing);
    expect(both.coverage).toMatchObject({
      state: 'complete',
      looked: 1,
      addresses: 2,
      notLooked: [{ what: '2001:db8::1', reason: 'ipv6-not-supported', count: 1 }],
    });
    await standIn?.close();
    const only = await run(scopeOf('2001:db8::1'), nothing);
    expect(only.coverage).toMatchObject({ state: 'off', reason: 'ipv6-not-supported', requests: 0 });
  });

  it('waits a second from answer to request', async () => {
    const { clock } = await run(scopeOf('198.18.1.0/30'), (_, response) => sendJson(response, NOTHING, 404));
    expect(clock.slept).toEqual([1050, 1050, 1050]);
  });

  const BAD: readonly (readonly [string, Handler, string, number])[] = [
    ['429', (_, r) => sendJson(r, { detail: 'slow down' }, 429), 'rate-limited', 3],
    ['403 HTML', (_, r) => sendJson(r, REAL.forbidden, 403), 'rate-limited', 3],
    ['422', (_, r) => sendJson(r, { detail: [{ msg: 'bad' }] }, 422), 'not-accepted', 1],
    ['500', (_, r) => sendJson(r, 'Internal Server Error', 500), 'network', 3],
    ['404 HTML', (_, r) => sendJson(r, '<h1>404</h1>', 404), 'network', 1],
    ['404 other text', (_, r) => sendJson(r, { detail: 'Not Found' }, 404), 'network', 1],
    ['302', (_, r) => sendJson(r, '', 302, { location: 'http://127.0.0.2:1/' }), 'network', 1],
    ['200 HTML', (_, r) => sendJson(r, REAL.justAMoment), 'network', 3],
    ['200 empty', (_, r) => sendJson(r, ''), 'network', 3],
    ['200 null', (_, r) => sendJson(r, 'null'), 'network', 3],
    ['200 without ports', (_, r) => sendJson(r, { ip: '198.18.1.1' }), 'network', 3],
    ['200 __proto__', (_, r) => sendJson(r, '{"__proto__":{"ip":"198.18.1.1","ports":[]}}'), 'network', 3],
    ['another address', (_, r) => sendJson(r, fixtureText('internetdb.json')), 'network', 3],
    [
      'gzip unasked',
      (_, r) => {
        r.writeHead(200, { 'content-encoding': 'gzip' });
        r.end(gzipSync('{"ip":"198.18.1.1","ports":[]}'));
      },
      'network',
      3,
    ],
    [
      'huge',
      (_, r) => sendJson(r, `{"ip":"198.18.1.1","ports":[],"x":"${'x'.repeat(2_000_000)}"}`),
      'network',
      3,
    ],
    ['reset', (_, r) => r.destroy(), 'network', 3],
    [
      'cut',
      (_, r) => {
        r.writeHead(200, { 'content-length': '100' });
        r.write('{"ip"');
        setTimeout(() => r.destroy(), 10);
      },
      'network',
      3,
    ],
    ['stall', () => undefined, 'network', 3],
    [
      'stall in the body',
      (_, r) => {
        r.writeHead(200);
        r.write('{');
      },
      'network',
      3,
    ],
  ];
  it.each(BAD)('%s is no answer', async (_, handler, reason, requests) => {
    const { coverage, asked, observations, done } = await run(scopeOf('198.18.1.1'), handler, {
      timeoutMs: 150,
    });
    expect(coverage).toMatchObject({
      state: 'failed',
      reason,
      looked: 0,
      answered: 0,
      notLooked: [{ what: '198.18.1.1', reason, count: 1 }],
    });
    expect(asked).toHaveLength(requests);
    expect(asked.length).toBe(coverage.requests);
    expect([observations, done]).toEqual([[], []]);
  });

  it('dates by the run when no date is given, or one to come', async () => {
    for (const headers of [{}, { 'last-modified': 'Fri, 01 Jan 2038 00:00:00 GMT' }]) {
      const { observations } = await run(scopeOf('198.18.1.1'), (_, r) =>
        sendJson(r, { ip: '198.18.1.1', ports: [22, 22, 'x', 99999] }, 200, headers),
      );
      expect(observations.map(({ observedAt, port }) => `${port} ${observedAt}`)).toEqual([
        '22 2026-12-01T00:00:00.000Z',
      ]);
      await standIn?.close();
    }
  });

  it('gives up after three addresses in a row', async () => {
    const { coverage, asked } = await run(scopeOf('198.18.1.0/28'), (_, r) => sendJson(r, '', 503));
    expect(asked).toHaveLength(9);
    expect(coverage).toMatchObject({
      state: 'failed',
      reason: 'network',
      notLooked: [{ what: '198.18.1.0-198.18.1.15', count: 16 }],
    });
  });

  it('stops when the run is stopped', async () => {
    const scope = scopeOf('198.18.1.0/30');
    const setting = settingFor(scope);
    const { coverage } = await run(
      scope,
      (one, response) => {
        if (one.path.endsWith('.1')) setting.controller.abort();
        else sendJson(response, NOTHING, 404);
      },
      { setting },
    );
    expect(coverage).toMatchObject({ state: 'partial', reason: 'interrupted', looked: 1, requests: 2 });
  });

  it('does not ask again what is done', async () => {
    const scope = scopeOf('198.18.1.0/31');
    const { coverage, asked } = await run(scope, (_, r) => sendJson(r, NOTHING, 404), {
      earlier: { done: ['internetdb/198.18.1.0'] },
    });
    expect(asked.map(({ path }) => path)).toEqual(['/198.18.1.1']);
    expect(coverage).toMatchObject({ state: 'complete', looked: 2 });
  });
});
