import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/model/scope.ts';
import { scopeWith } from './setting.ts';
import { pathsOf, run } from './small-shodan.ts';
import { banner, shodan, type World } from './world.ts';
import { REAL } from './stand-in.ts';

const RANGE = '198.18.1.0/31';
const OWN = ['/api-info', '/shodan/host/198.18.1.0', '/shodan/host/198.18.1.1'];

function scopeFor(search: Partial<Scope['shodan']['search']>, more: Partial<Scope['shodan']> = {}): Scope {
  return scopeWith({
    ranges: [RANGE],
    exclusions: ['203.0.113.9'],
    shodan: {
      maxCredits: 12,
      ...more,
      search: { domains: [], organisations: [], asns: [], pivots: false, ...search },
    },
  });
}

const queriesOf = (asked: Awaited<ReturnType<typeof run>>['asked']): string[] =>
  asked.filter(({ query }) => query.has('query')).map(({ query }) => query.get('query') ?? '');

const elsewhere = (count: number) =>
  Array.from({ length: count }, (_, i) => banner(`203.0.${Math.floor(i / 200)}.${(i % 200) + 10}`, 443));

describe('searches from the organisation file', () => {
  it('counts each, then searches the cheapest first, after the ranges', async () => {
    const scope = scopeFor({
      domains: ['example.jp'],
      organisations: ['Example Seiki, K.K.'],
      asns: ['AS64500'],
    });
    const { asked, coverage, done } = await run(
      scope,
      shodan({
        found: { 'asn:AS64500': elsewhere(3), 'org:"Example Seiki, K.K."': elsewhere(101) },
      }),
    );
    expect(pathsOf(asked)).toEqual([
      ...OWN,
      ...Array.from({ length: 4 }, () => '/shodan/host/count'),
      '/shodan/host/search 1',
      '/shodan/host/search 1',
      '/shodan/host/search 2',
      '/api-info',
    ]);
    expect(queriesOf(asked)).toEqual([
      'hostname:"example.jp"',
      'ssl.cert.subject.cn:"example.jp"',
      'org:"Example Seiki, K.K."',
      'asn:AS64500',
      'asn:AS64500',
      'org:"Example Seiki, K.K."',
      'org:"Example Seiki, K.K."',
    ]);
    expect(coverage).toMatchObject({
      state: 'complete',
      looked: 2,
      answered: 0,
      notLooked: [],
      credits: { spent: 3, left: 97 },
      refusedByScope: 0,
    });
    expect(done.slice(-3)).toEqual([
      'shodan/search/asn:AS64500/1',
      'shodan/search/org:"Example Seiki, K.K."/1',
      'shodan/search/org:"Example Seiki, K.K."/2',
    ]);
  });

  it('tells own records, candidates and what is excluded apart', async () => {
    const { observations, candidates, coverage, asked } = await run(
      scopeFor({ domains: ['example.jp'] }),
      shodan({
        found: {
          'hostname:"example.jp"': [
            banner('198.18.1.1', 8443),
            banner('203.0.113.9', 443),
            banner('203.0.113.10', 443, {
              product: 'nginx',
              version: '1.18.0',
              hostnames: ['VPN.example.jp', 'notexample.jp', 'x example.jp', 'other.test'],
            }),
            banner('203.0.113.10', 22, { timestamp: '2026-11-25T00:00:00', product: undefined }),
            { port: 1 },
          ],
        },
      }),
    );
    expect(observations.map(({ address, port }) => `${address} ${port}`)).toEqual(['198.18.1.1 8443']);
    const found = { why: 'domain', by: 'hostname:"example.jp"', source: 'shodan' };
    expect(candidates).toEqual([
      {
        kind: 'address',
        value: '203.0.113.10',
        found: [{ ...found, at: '2026-11-25T00:00:00.000Z' }],
        shows: ['443/tcp nginx 1.18.0', '22/tcp ssh'],
      },
      {
        kind: 'name',
        value: 'vpn.example.jp',
        found: [{ ...found, at: '2026-11-20T00:00:00.000Z' }],
        shows: ['203.0.113.10 443/tcp nginx 1.18.0'],
      },
    ]);
    expect(coverage).toMatchObject({
      state: 'complete',
      answered: 1,
      refusedByScope: 1,
      notLooked: [{ what: 'records', reason: 'unreadable-record', count: 1 }],
    });
    // Candidates are never asked about one by one.
    expect(asked.some(({ path }) => path.includes('203.0.113'))).toBe(false);
  });

  it('leaves a careless search out, says so, and is whole without it', async () => {
    const { asked, coverage, logged } = await run(
      scopeFor({ asns: ['AS4713'], domains: ['example.jp'] }),
      shodan({
        found: { 'hostname:"example.jp"': elsewhere(1) },
        override: ({ path, query }) =>
          path === '/shodan/host/count' && query.get('query') === 'asn:AS4713'
            ? { status: 200, body: { total: 12_345_678 } }
            : undefined,
      }),
    );
    expect(queriesOf(asked).filter((query) => query === 'asn:AS4713')).toHaveLength(1);
    expect(coverage).toMatchObject({
      state: 'complete',
      notLooked: [{ what: 'asn:AS4713', reason: 'credit-cap', count: 12_345_678 }],
      credits: { spent: 1 },
    });
    expect(coverage.reason).toBeUndefined();
    expect(logged()).toContain('more records than one search may bring');
  });

  it('stays within the credits of the run and names what it did not search', async () => {
    const { coverage, candidates } = await run(
      scopeFor({ asns: ['AS64500', 'AS64501', 'AS64502'] }, { maxCredits: 4 }),
      shodan({
        found: {
          'asn:AS64500': elsewhere(90),
          'asn:AS64501': elsewhere(100),
          'asn:AS64502': elsewhere(100),
        },
        override: ({ path, query }) =>
          path === '/shodan/host/search' && query.get('query') !== 'asn:AS64500'
            ? { status: 401, body: REAL.noCredits }
            : undefined,
      }),
    );
    expect(candidates).toHaveLength(90);
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'no-credits',
      looked: 2,
      notLooked: [
        { what: 'asn:AS64501', reason: 'no-credits', count: 100 },
        { what: 'asn:AS64502', reason: 'no-credits', count: 100 },
      ],
      credits: { spent: 1 },
    });
  });

  it('names a filter that the plan lacks, and the ranges stay whole', async () => {
    const override: World['override'] = ({ path }) =>
      path === '/shodan/host/count' ? { status: 401, body: REAL.upgrade } : undefined;
    const { coverage, asked } = await run(
      scopeFor({ domains: ['example.jp'], asns: ['AS64500'] }),
      shodan({ override }),
    );
    expect(asked.filter(({ path }) => path.endsWith('/count'))).toHaveLength(1);
    expect(coverage).toMatchObject({ state: 'complete', looked: 2 });
    expect(coverage.notLooked.map(({ what, reason }) => `${what} ${reason}`)).toEqual([
      'hostname:"example.jp" plan-lacks',
      'ssl.cert.subject.cn:"example.jp" plan-lacks',
      'asn:AS64500 plan-lacks',
    ]);
  });

  it('says when a search brought fewer records than were counted', async () => {
    const { coverage } = await run(
      scopeFor({ asns: ['AS64500'] }),
      shodan({
        override: ({ path }) => {
          if (path === '/shodan/host/count') return { status: 200, body: { total: 70 } };
          if (path !== '/shodan/host/search') return undefined;
          return { status: 200, body: { total: 70, matches: elsewhere(60) } };
        },
      }),
    );
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'incomplete-answer',
      notLooked: [{ what: 'asn:AS64500', reason: 'incomplete-answer', count: 10 }],
    });
  });

  it('keeps 500 candidates and counts the rest', async () => {
    const { coverage, candidates } = await run(
      scopeFor({ asns: ['AS64500'] }, { maxCredits: 40 }),
      shodan({ found: { 'asn:AS64500': elsewhere(750) } }),
    );
    expect(candidates).toHaveLength(500);
    expect(coverage).toMatchObject({
      state: 'complete',
      notLooked: [{ what: 'candidates', reason: 'too-many-addresses', count: 250 }],
    });
  });

  it('does not pay twice for a page that an earlier attempt has done', async () => {
    const earlier = { done: ['shodan/search/asn:AS64500/1'] };
    const { coverage, asked } = await run(
      scopeFor({ asns: ['AS64500'] }, { maxCredits: 8 }),
      shodan({ found: { 'asn:AS64500': elsewhere(150) }, credits: 99 }),
      { earlier },
    );
    expect(pathsOf(asked).filter((path) => path.includes('search'))).toEqual(['/shodan/host/search 2']);
    expect(coverage).toMatchObject({ state: 'complete', credits: { spent: 2, left: 98 } });
  });

  it('is not asked at all when the organisation file names nothing', async () => {
    const { asked } = await run(scopeFor({}), shodan({}));
    expect(pathsOf(asked)).toEqual([...OWN, '/api-info']);
  });
});

describe('pivots', () => {
  const FINGERPRINT = { sha1: 'AB'.repeat(20), sha256: 'cd'.repeat(32) };
  const web = (address: string, more: object = {}): Record<string, unknown> =>
    banner(address, 443, {
      data: 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n',
      http: { status: 200, html: '<html></html>', html_hash: -77, favicon: { hash: 1234, data: '' } },
      ssl: {
        cert: {
          subject: { CN: 'www.example.jp' },
          issuer: { CN: 'CA' },
          fingerprint: FINGERPRINT,
        },
      },
      ...more,
    });
  const cert = `ssl.cert.fingerprint:${FINGERPRINT.sha1}`;

  it('searches for what few others show, and only that', async () => {
    const own = web('198.18.1.1');
    const { asked, candidates, coverage } = await run(
      scopeFor({ pivots: true }),
      shodan({
        banners: [own],
        found: {
          [cert]: [own, web('203.0.113.20')],
          'http.favicon.hash:1234': elsewhere(51),
          'http.html_hash:-77': [own],
        },
      }),
    );
    expect(queriesOf(asked)).toEqual([cert, 'http.favicon.hash:1234', 'http.html_hash:-77', cert]);
    expect(candidates).toEqual([
      {
        kind: 'address',
        value: '203.0.113.20',
        found: [{ why: 'same-certificate', by: cert, source: 'shodan', at: '2026-11-20T00:00:00.000Z' }],
        shows: ['443/tcp ssh'],
      },
    ]);
    expect(coverage).toMatchObject({ state: 'complete', notLooked: [], credits: { spent: 1 } });
  });

  it('follows no hash of nothing and no certificate that a device left the factory with', async () => {
    const plain = { html: '', html_hash: 0, favicon: { hash: 0, data: '' }, status: 200 };
    const factory = { subject: { CN: 'localhost' }, issuer: { CN: 'localhost' }, fingerprint: FINGERPRINT };
    const named = { subject: { CN: 'a.example.jp' }, issuer: { CN: 'a.example.jp' } };
    const { asked } = await run(
      scopeFor({ pivots: true }),
      shodan({ banners: [web('198.18.1.1', { http: plain, ssl: { cert: factory } })] }),
    );
    expect(queriesOf(asked)).toEqual([]);
    const own = web('198.18.1.1', { http: plain, ssl: { cert: { ...named, fingerprint: FINGERPRINT } } });
    const other = await run(scopeFor({ pivots: true, domains: ['example.jp'] }), shodan({ banners: [own] }));
    expect(queriesOf(other.asked)).toContain(cert);
  });

  it('counts at most thirty, and a failure there makes no run incomplete', async () => {
    const banners = Array.from({ length: 40 }, (_, i) =>
      banner('198.18.1.1', 1000 + i, {
        data: 'HTTP/1.1 200 OK\r\n\r\n',
        http: { status: 200, html: '', html_hash: i + 1 },
      }),
    );
    const override: World['override'] = ({ path }) =>
      path === '/shodan/host/search' ? { status: 401, body: REAL.noCredits } : undefined;
    const found = Object.fromEntries(banners.map((_, i) => [`http.html_hash:${i + 1}`, elsewhere(2)]));
    const { asked, coverage } = await run(scopeFor({ pivots: true }), shodan({ banners, found, override }));
    expect(asked.filter(({ path }) => path.endsWith('/count'))).toHaveLength(30);
    expect(asked.filter(({ path }) => path.endsWith('/search'))).toHaveLength(1);
    expect(coverage).toMatchObject({ state: 'complete', credits: { spent: 0 } });
    expect(coverage.notLooked).toHaveLength(30);
    expect(coverage.notLooked[0]).toMatchObject({ reason: 'no-credits', count: 2 });
  });

  it('counts nothing when no credit is left to search with', async () => {
    const { asked, coverage } = await run(
      scopeFor({ pivots: true }, { maxCredits: 0 }),
      shodan({ banners: [web('198.18.1.1')] }),
    );
    expect(queriesOf(asked)).toEqual([]);
    expect(coverage).toMatchObject({
      state: 'complete',
      notLooked: [{ what: 'pivots', reason: 'credit-cap', count: 3 }],
    });
  });

  it('knows the marks of an earlier attempt, and asks for nothing unless told to', async () => {
    const first = await run(scopeFor({}), shodan({ banners: [web('198.18.1.1')] }));
    expect(queriesOf(first.asked)).toEqual([]);
    const earlier = { done: first.done, observations: first.observations };
    const second = await run(scopeFor({ pivots: true }), shodan({}), { earlier });
    expect(queriesOf(second.asked)).toEqual([cert, 'http.favicon.hash:1234', 'http.html_hash:-77']);
  });
});

describe('history that the plan does not include', () => {
  const scope = scopeWith({ ranges: ['198.18.1.0/30'], shodan: { history: true } });
  it.each([
    ['401 with a sentence', 401, REAL.upgrade],
    ['403 HTML', 403, REAL.forbidden],
    ['401 HTML', 401, REAL.unauthorized],
  ])('%s: the answer without it is taken, and the report says so', async (_, status, body) => {
    const { coverage, asked, observations, logged } = await run(
      scope,
      shodan({
        banners: [banner('198.18.1.2', 22)],
        override: ({ query }) => (query.get('history') === 'true' ? { status, body } : undefined),
      }),
    );
    expect(asked.filter(({ query }) => query.has('history'))).toHaveLength(1);
    expect(observations).toHaveLength(1);
    expect(coverage).toMatchObject({
      state: 'complete',
      looked: 4,
      notLooked: [{ what: 'history', reason: 'no-history', count: 0 }],
    });
    expect(logged()).toContain('the plan gives no history');
  });

  it('is missed too when ten places come without one older record', async () => {
    const banners = Array.from({ length: 10 }, (_, i) => banner('198.18.1.2', 2000 + i));
    const without = await run(scope, shodan({ banners }));
    expect(without.coverage).toMatchObject({
      state: 'complete',
      notLooked: [{ what: 'history', reason: 'no-history', count: 0 }],
    });
    const older = banner('198.18.1.2', 2000, { timestamp: '2025-01-01T00:00:00' });
    const known = await run(scope, shodan({ banners: [...banners, older] }));
    expect(known.coverage.notLooked).toEqual([]);
    const few = await run(scope, shodan({ banners: banners.slice(1) }));
    expect(few.coverage.notLooked).toEqual([]);
  });

  it('is not what is wrong with a key that is refused for everything', async () => {
    const { coverage, asked } = await run(
      scope,
      shodan({
        override: ({ path }) => (path === '/api-info' ? undefined : { status: 401, body: REAL.unauthorized }),
      }),
    );
    expect(asked).toHaveLength(3);
    expect(coverage).toMatchObject({ state: 'failed', reason: 'bad-key', looked: 0 });
    expect(coverage.notLooked.every(({ reason }) => reason === 'bad-key')).toBe(true);
  });
});
