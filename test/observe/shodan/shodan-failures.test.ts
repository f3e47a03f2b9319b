import { describe, expect, it } from 'vitest';
import { scopeWith, settingFor } from './setting.ts';
import { pathsOf, run } from './small-shodan.ts';
import { banner, shodan, type World } from './world.ts';
import { REAL } from './stand-in.ts';

describe('failures', () => {
  const scope = scopeWith({ ranges: ['198.18.1.0/29'] });

  it.each([
    ['bad key', 401, REAL.unauthorized, 'bad-key', 1],
    ['outage', 502, REAL.badGateway, 'network', 2],
    ['HTML with status 200', 200, REAL.justAMoment, 'network', 2],
    ['too many requests', 429, REAL.slowDown, 'rate-limited', 2],
    ['forbidden', 403, REAL.forbidden, 'plan-lacks', 1],
  ])(
    '%s at the first call: nothing more is sent, nothing is called absent',
    async (_, status, body, reason, requests) => {
      const { coverage, asked, observations, done } = await run(
        scope,
        shodan({ override: () => ({ status, body }) }),
      );
      expect(asked).toHaveLength(requests);
      expect(coverage).toMatchObject({
        state: 'failed',
        reason,
        looked: 0,
        answered: 0,
        notLooked: [{ what: '198.18.1.0-198.18.1.7', reason, count: 8 }],
      });
      expect([observations, done]).toEqual([[], []]);
    },
  );

  it('loses one address to a broken answer, not the others', async () => {
    const override: World['override'] = ({ path }) =>
      path.endsWith('.3') ? { status: 200, body: '{"ip_str":"198.18.1.3","data":[{"por' } : undefined;
    const { coverage, done } = await run(scope, shodan({ override }));
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'network',
      looked: 7,
      notLooked: [{ what: '198.18.1.3', reason: 'network', count: 1 }],
    });
    expect(done).not.toContain('shodan/host/198.18.1.3');
  });

  it('gives up after three failures in a row', async () => {
    const override: World['override'] = ({ path }, nth) =>
      nth > 3 && path !== '/api-info' ? { status: 503, body: '' } : undefined;
    const { coverage, asked } = await run(scope, shodan({ override }));
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'network',
      looked: 2,
      notLooked: [{ what: '198.18.1.2-198.18.1.7', reason: 'network', count: 6 }],
    });
    expect(asked).toHaveLength(3 + 3 * 2);
  });

  it('stops at once when the key is refused on the way', async () => {
    const override: World['override'] = (_, nth) =>
      nth > 3 ? { status: 401, body: REAL.unauthorized } : undefined;
    const { coverage, asked } = await run(scope, shodan({ override }));
    expect(asked).toHaveLength(4);
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'bad-key',
      looked: 2,
      notLooked: [{ count: 6 }],
    });
  });

  it('keeps going when an address is not accepted', async () => {
    const override: World['override'] = ({ path }) =>
      path.startsWith('/shodan/host/') ? { status: 400, body: REAL.invalid } : undefined;
    const { coverage, asked } = await run(scope, shodan({ override }));
    expect(coverage).toMatchObject({ state: 'failed', reason: 'not-accepted', looked: 0 });
    expect(asked).toHaveLength(10);
  });

  it('notes a lookup that failed after a search had found the address', async () => {
    const override: World['override'] = ({ path }) =>
      path.endsWith('/198.18.0.7') ? { status: 500, body: '' } : undefined;
    const large = scopeWith({ ranges: ['198.18.0.0/16'] });
    const { coverage, observations } = await run(
      large,
      shodan({ banners: [banner('198.18.0.7', 22)], override }),
    );
    expect(observations).toHaveLength(1);
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'network',
      looked: 65_536,
      notLooked: [{ what: 'host/198.18.0.7', reason: 'network', count: 1 }],
    });
  });

  it('stops at once when the run is stopped, and keeps what it has', async () => {
    const setting = settingFor(scope);
    const override: World['override'] = ({ path }) => {
      if (path.endsWith('.2')) setting.controller.abort();
      return undefined;
    };
    const { coverage, asked, observations } = await run(
      scope,
      shodan({ banners: [banner('198.18.1.1', 22)], override }),
      { setting },
    );
    expect(asked).toHaveLength(4);
    expect(observations).toHaveLength(1);
    expect(coverage).toMatchObject({
      state: 'partial',
      reason: 'interrupted',
      looked: 2,
      notLooked: [{ what: '198.18.1.2-198.18.1.7', reason: 'interrupted', count: 6 }],
    });
  });

  it('is partial, not failed, when stopped before anything was asked', async () => {
    const setting = settingFor(scope);
    setting.controller.abort();
    const { coverage, asked } = await run(scope, shodan({}), { setting });
    expect(asked).toHaveLength(0);
    expect(coverage).toMatchObject({ state: 'partial', reason: 'interrupted', looked: 0, requests: 0 });
  });
});

describe('resuming', () => {
  it('does not look up again what is done, and counts it as looked at', async () => {
    const scope = scopeWith({ ranges: ['198.18.1.0/30'] });
    const first = await run(scope, shodan({ banners: [banner('198.18.1.1', 22)] }));
    const earlier = { done: first.done.slice(0, 3), observations: first.observations };
    const second = await run(scope, shodan({ banners: [banner('198.18.1.1', 22)] }), { earlier });
    expect(pathsOf(second.asked)).toEqual(['/api-info', '/shodan/host/198.18.1.3', '/api-info']);
    expect(second.observations).toEqual([]);
    expect(second.coverage).toMatchObject({
      state: 'complete',
      looked: 4,
      answered: 1,
      dataDate: first.coverage.dataDate,
    });
  });

  it('goes on with the next page, and counts the pages already paid for', async () => {
    const scope = scopeWith({ ranges: ['198.18.0.0/16'], shodan: { maxCredits: 3 } });
    const banners = Array.from({ length: 250 }, (_, i) => banner('198.18.0.7', 1000 + i));
    const earlier = { done: ['shodan/net/net:198.18.0.0/16/1', 'shodan/net/net:198.18.0.0/16/2'] };
    const { coverage, asked } = await run(scope, shodan({ banners, credits: 98 }), { earlier });
    expect(pathsOf(asked).filter((path) => path.includes('search'))).toEqual(['/shodan/host/search 3']);
    expect(coverage).toMatchObject({ state: 'complete', credits: { spent: 3, left: 97 } });
  });

  it('sends no page more when the pages already paid for have used up the limit', async () => {
    const scope = scopeWith({ ranges: ['198.18.0.0/16'], shodan: { maxCredits: 2 } });
    const banners = Array.from({ length: 250 }, (_, i) => banner('198.18.0.7', 1000 + i));
    const earlier = { done: ['shodan/net/net:198.18.0.0/16/1', 'shodan/net/net:198.18.0.0/16/2'] };
    const { coverage, asked } = await run(scope, shodan({ banners }), { earlier });
    expect(asked.filter(({ query }) => query.has('page'))).toHaveLength(0);
    expect(coverage).toMatchObject({ state: 'failed', reason: 'credit-cap', credits: { spent: 2 } });
  });
});
