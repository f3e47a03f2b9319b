import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/app-error.ts';
import { predictShodan } from '../../../src/observe/shodan/plan.ts';
import { createShodanSource } from '../../../src/observe/shodan/shodan-source.ts';
import { KEY, fixtureText, scopeWith, settingFor } from './setting.ts';
import { pathsOf, run } from './small-shodan.ts';
import { banner, shodan, type World } from './world.ts';
import { REAL, sendJson } from './stand-in.ts';

describe('whether Shodan is asked', () => {
  const coverageOf = async (use: 'auto' | 'yes' | 'no', apiKey: string | undefined) => {
    const source = createShodanSource({ apiKey, env: {} });
    return source.run(settingFor(scopeWith({ shodan: { use } })).context);
  };

  it.each([
    ['auto', undefined, 'off', 'no-key'],
    ['auto', ' \n', 'off', 'no-key'],
    ['yes', undefined, 'failed', 'no-key'],
    ['no', KEY, 'off', 'switched-off'],
  ] as const)('use %s, key %j → %s, %s', async (use, key, state, reason) => {
    expect(await coverageOf(use, key)).toMatchObject({
      state,
      reason,
      addresses: 16,
      looked: 0,
      requests: 0,
    });
  });

  it('sends the key to no other machine', () => {
    for (const url of [
      'http://192.0.2.1',
      'https://api.shodan.example',
      'http://localhost.example:1',
      'http://127.0.0.1@192.0.2.1/',
      'http://2130706433.example',
      'ftp://127.0.0.1',
      'nonsense',
      'http://[::2]/',
    ]) {
      expect(() => createShodanSource({ apiKey: KEY, env: { SHODAN_API_URL: url } }), url).toThrow(AppError);
    }
    expect(() =>
      createShodanSource({ apiKey: KEY, env: { SHODAN_API_URL: 'http://[::1]:8080' } }),
    ).not.toThrow();
  });
});

describe('a small scope', () => {
  it('looks up every address, spends nothing, and shows the account first and last', async () => {
    const scope = scopeWith({ ranges: ['198.18.1.20-198.18.1.23'], exclusions: ['198.18.1.22'] });
    const { coverage, asked, observations, done, logged } = await run(scope, (one, response) => {
      if (one.path === '/api-info') sendJson(response, fixtureText('api-info.json'));
      else if (one.path.endsWith('.21')) sendJson(response, fixtureText('host-eight-services.json'));
      else sendJson(response, REAL.nothing, 404);
    });
    expect(pathsOf(asked)).toEqual([
      '/api-info',
      '/shodan/host/198.18.1.20',
      '/shodan/host/198.18.1.21',
      '/shodan/host/198.18.1.23',
      '/api-info',
    ]);
    expect(coverage).toMatchObject({
      state: 'complete',
      addresses: 3,
      looked: 3,
      answered: 1,
      notLooked: [],
      credits: { spent: 0, left: 100 },
      dataDate: '2026-01-04T01:54:11.643Z',
    });
    expect(coverage.reason).toBeUndefined();
    expect(observations).toHaveLength(8);
    expect(done).toEqual(['shodan/host/198.18.1.20', 'shodan/host/198.18.1.21', 'shodan/host/198.18.1.23']);
    expect(logged()).toContain('"credits":100');
  });

  it('asks for IPv6 by search only', async () => {
    const v6 = banner('', 22, { ip_str: undefined, ipv6: '2001:db8::22' });
    const scope = scopeWith({ ranges: ['198.18.1.1', '2001:db8::/64'] });
    const { coverage, asked, observations } = await run(scope, shodan({ banners: [v6] }));
    expect(pathsOf(asked)).toEqual([
      '/api-info',
      '/shodan/host/count',
      '/shodan/host/search 1',
      '/shodan/host/198.18.1.1',
      '/api-info',
    ]);
    expect(asked[1]?.query.get('query')).toBe('net:2001:db8::/64');
    expect(observations.map(({ address }) => address)).toEqual(['2001:db8::22']);
    expect(coverage).toMatchObject({ state: 'complete', credits: { spent: 1, left: 99 } });
  });

  it('asks for history when told, and marks what is old', async () => {
    const scope = scopeWith({ ranges: ['198.18.1.1'], shodan: { history: true } });
    const banners = [
      banner('198.18.1.1', 22),
      banner('198.18.1.1', 22, { timestamp: '2024-05-05T00:00:00' }),
    ];
    const { asked, observations } = await run(scope, shodan({ banners }));
    expect(asked[1]?.query.get('history')).toBe('true');
    expect(observations.map(({ probe, observedAt }) => `${probe} ${observedAt}`)).toEqual([
      'banner 2026-11-20T00:00:00.000Z',
      'history 2024-05-05T00:00:00.000Z',
    ]);
  });

  it('drops and counts records about other addresses', async () => {
    const scope = scopeWith({ ranges: ['198.18.1.1'] });
    const { coverage, observations } = await run(scope, (one, response) => {
      if (one.path === '/api-info') sendJson(response, { plan: 'dev', query_credits: -1 });
      else
        sendJson(response, {
          ip_str: '198.18.1.1',
          ports: [22],
          data: [banner('198.18.1.1', 22), banner('192.0.2.7', 22), 'x', null],
        });
    });
    expect(observations.map(({ address }) => address)).toEqual(['198.18.1.1']);
    expect(coverage).toMatchObject({
      refusedByScope: 1,
      state: 'complete',
      notLooked: [{ what: 'records', reason: 'unreadable-record', count: 2 }],
      credits: { spent: 0 },
    });
    expect(coverage.credits).not.toHaveProperty('left');
  });
});

describe('a large scope', () => {
  const scope = scopeWith({ ranges: ['198.18.0.0/16'], shodan: { maxCredits: 3 } });
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => banner(`198.18.${i % 3}.7`, 1000 + i));

  it('counts first, searches every page, then looks up what it found', async () => {
    const { coverage, asked, observations, done } = await run(scope, shodan({ banners: many(250) }));
    expect(pathsOf(asked)).toEqual([
      '/api-info',
      '/shodan/host/count',
      '/shodan/host/search 1',
      '/shodan/host/search 2',
      '/shodan/host/search 3',
      '/shodan/host/198.18.0.7',
      '/shodan/host/198.18.1.7',
      '/shodan/host/198.18.2.7',
      '/api-info',
    ]);
    expect(asked[1]?.query.get('query')).toBe('net:198.18.0.0/16');
    expect(coverage).toMatchObject({
      state: 'complete',
      looked: 65_536,
      answered: 3,
      credits: { spent: 3, left: 97 },
    });
    // What the host answers repeat is not written twice.
    expect(observations).toHaveLength(250);
    expect(done).toContain('shodan/net/net:198.18.0.0/16/3');
    expect(done).toContain('shodan/host/198.18.2.7');
  });

  it('does not pay for a search that finds nothing', async () => {
    const { coverage, asked } = await run(scope, shodan({}));
    expect(pathsOf(asked)).toEqual(['/api-info', '/shodan/host/count', '/api-info']);
    expect(coverage).toMatchObject({
      state: 'complete',
      looked: 65_536,
      answered: 0,
      credits: { spent: 0, left: 100 },
    });
  });

  it('stops before the limit of credits is passed, and says what is missing', async () => {
    const { coverage, asked } = await run(scope, shodan({ banners: many(950) }));
    expect(asked.filter(({ query }) => query.has('page'))).toHaveLength(3);
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'credit-cap',
      looked: 0,
      answered: 3,
      notLooked: [{ what: '198.18.0.0-198.18.255.255', reason: 'credit-cap', count: 65_536 }],
      credits: { spent: 3, left: 97 },
    });
  });

  it('takes the newest of records that come twice', async () => {
    const banners = [
      banner('198.18.0.7', 22, { timestamp: '2026-11-20T00:00:00', product: 'new' }),
      banner('198.18.0.7', 22, { timestamp: '2026-11-10T00:00:00', product: 'old' }),
    ];
    const { observations } = await run(scope, shodan({ banners }));
    expect(observations.map(({ facts }) => facts.passive?.product)).toEqual(['new']);
  });

  it('writes a host record again when it says more than the search did', async () => {
    const { observations } = await run(
      scope,
      shodan({
        banners: [banner('198.18.0.7', 22)],
        override: ({ path }) =>
          path.endsWith('/198.18.0.7')
            ? {
                status: 200,
                body: {
                  ip_str: '198.18.0.7',
                  ports: [22],
                  data: [banner('198.18.0.7', 22, { vulns: ['CVE-2024-6387'] })],
                },
              }
            : undefined,
      }),
    );
    expect(observations.map(({ facts }) => facts.passive?.vulns.length)).toEqual([0, 1]);
  });

  it('does not call a search complete that brought fewer records than were counted', async () => {
    const { coverage } = await run(
      scope,
      shodan({
        override: ({ path }) => {
          if (path === '/shodan/host/count') return { status: 200, body: { total: 120 } };
          if (path !== '/shodan/host/search') return undefined;
          return { status: 200, body: { total: 120, matches: [banner('198.18.0.7', 22)] } };
        },
      }),
    );
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'incomplete-answer',
      notLooked: [{ what: 'net:198.18.0.0/16', reason: 'incomplete-answer', count: 118 }],
    });
  });

  it('goes on with the next page when the total has moved', async () => {
    const { coverage, observations } = await run(
      scope,
      shodan({
        override: ({ path, query }) => {
          if (path === '/shodan/host/count') return { status: 200, body: { total: 100 } };
          if (path !== '/shodan/host/search') return undefined;
          const page = Number(query.get('page'));
          return {
            status: 200,
            body: { total: 101, matches: many(101).slice((page - 1) * 100, page * 100) },
          };
        },
      }),
    );
    expect(coverage.state).toBe('complete');
    expect(observations).toHaveLength(101);
  });

  it('looks up each address instead when the plan has no search and the scope is not too large', async () => {
    const override: World['override'] = ({ path }) =>
      path === '/shodan/host/count' ? { status: 401, body: REAL.upgrade } : undefined;
    const medium = scopeWith({ ranges: ['198.18.1.0/26', '2001:db8::/64'] });
    const { coverage, asked } = await run(medium, shodan({ banners: [banner('198.18.1.5', 22)], override }));
    expect(asked.filter(({ path }) => path.startsWith('/shodan/host/198.'))).toHaveLength(64);
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'plan-lacks',
      looked: 64,
      answered: 1,
      notLooked: [{ what: '2001:db8::-2001:db8::ffff:ffff:ffff:ffff', reason: 'plan-lacks' }],
    });
    const wide = await run(scope, shodan({ override }));
    expect(wide.coverage).toMatchObject({ state: 'failed', reason: 'plan-lacks', looked: 0 });
    expect(pathsOf(wide.asked)).toEqual(['/api-info', '/shodan/host/count', '/api-info']);
  });

  it('goes on with lookups when the credits are spent', async () => {
    const medium = scopeWith({ ranges: ['198.18.1.0/25'] });
    const override: World['override'] = ({ path }) =>
      path === '/shodan/host/search' ? { status: 401, body: REAL.noCredits } : undefined;
    const { coverage } = await run(
      medium,
      shodan({ banners: [banner('198.18.1.5', 22)], credits: 0, override }),
    );
    expect(coverage).toMatchObject({
      state: 'complete',
      looked: 128,
      answered: 1,
      credits: { spent: 0, left: 0 },
    });
  });

  it('is failed when nothing could be searched and the scope is too large for lookups', async () => {
    const override: World['override'] = ({ path }) =>
      path === '/shodan/host/search' ? { status: 401, body: REAL.noCredits } : undefined;
    const { coverage } = await run(scope, shodan({ banners: many(10), override }));
    expect(coverage).toMatchObject({ state: 'failed', reason: 'no-credits', looked: 0 });
  });
});

describe('the estimate for the dry run', () => {
  it('tells lookups from searches', () => {
    expect(predictShodan(scopeWith({ ranges: ['198.18.1.0/28'] }))).toMatchObject({
      queries: 0,
      hostLookups: 16,
      beyond: 0,
      pivots: 0,
      mostCredits: 0,
      minSeconds: 19,
    });
    expect(predictShodan(scopeWith({ ranges: ['198.18.0.0/16'] }))).toMatchObject({
      queries: 1,
      hostLookups: 0,
      mostCredits: 10,
      minSeconds: 4,
    });
    const search = { domains: ['example.jp'], organisations: ['Example'], asns: ['AS64500'], pivots: true };
    expect(predictShodan(scopeWith({ ranges: ['198.18.1.1'], shodan: { search } }))).toMatchObject({
      queries: 0,
      hostLookups: 1,
      beyond: 4,
      pivots: 30,
      mostRecords: 200,
      mostCredits: 10,
      minSeconds: 8,
    });
    expect(predictShodan(scopeWith({ shodan: { use: 'no', search } }))).toMatchObject({
      queries: 0,
      hostLookups: 0,
      beyond: 0,
      pivots: 0,
      mostCredits: 0,
      minSeconds: 0,
    });
  });

  it('is what a run really sends at least', async () => {
    const scope = scopeWith({ ranges: ['198.18.1.0/29', '2001:db8::/64'] });
    const { coverage } = await run(scope, shodan({}));
    const { queries, hostLookups } = predictShodan(scope);
    expect(coverage.requests).toBe(queries + hostLookups + 2);
  });
});
