import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../src/model/scope.ts';
import type { Identity, Service } from '../../src/model/service.ts';
import type { SourceCoverage } from '../../src/model/snapshot.ts';
import {
  emptyCoverage,
  expectationOf,
  kinds,
  probed,
  scopeOf,
  Series,
  serviceOf,
  sighting,
  WEEK,
} from './build.ts';

const [w1, w2] = WEEK;
const identity = (productId: string): Identity => ({
  productId,
  certainty: 'confirmed',
  version: { state: 'unknown' },
  matched: [],
  observations: [],
});
const rdp = (change: Partial<Service> = {}): Service =>
  serviceOf({ sightings: [sighting('probe', w1)], ...change });

function stateOf(
  expectation: Partial<Expectation>,
  services: Service[],
  coverage: SourceCoverage[] = [probed({ open: services.length === 0 ? '' : '3389' })],
): string | undefined {
  const scope = scopeOf({ expected: [expectationOf(expectation)] });
  return new Series().at(w1, { services, coverage, scope }).expected[0]?.state;
}

describe('expected states', () => {
  it('as declared', () => {
    expect(stateOf({}, [rdp()])).toBe('as-declared');
    expect(stateOf({ class: 'rdp' }, [rdp()])).toBe('as-declared');
    expect(stateOf({ product: 'Alpha' }, [rdp({ identity: identity('alpha') })])).toBe('as-declared');
    const unsure = rdp({ identity: identity('beta'), candidates: [identity('alpha')] });
    expect(stateOf({ product: 'alpha' }, [unsure])).toBe('as-declared');
    expect(stateOf({}, [], [probed({ open: '3389' })])).toBe('as-declared');
  });

  it('differs only from what is known', () => {
    expect(stateOf({ class: 'ssh' }, [rdp()])).toBe('differs');
    expect(stateOf({ product: 'alpha' }, [rdp({ identity: identity('beta') })])).toBe('differs');
    expect(stateOf({ class: 'ssh' }, [rdp({ class: 'unknown' })])).toBe('not-checked');
    expect(stateOf({ product: 'alpha' }, [rdp()])).toBe('not-checked');
    expect(stateOf({ product: 'alpha' }, [], [probed({ open: '3389' })])).toBe('not-checked');
  });

  it('missing only where we looked', () => {
    expect(stateOf({}, [], [probed({ closed: '3389' })])).toBe('missing');
    expect(stateOf({}, [], [probed()])).toBe('missing');
    expect(stateOf({}, [], [probed({ ports: '443' })])).toBe('not-checked');
    expect(stateOf({}, [], [emptyCoverage('probe', 'off')])).toBe('not-checked');
    expect(stateOf({ transport: 'udp' }, [], [probed()])).toBe('not-checked');
    const stale = serviceOf({ sightings: [sighting('shodan', w1)] });
    expect(stateOf({}, [stale], [probed({ closed: '3389' })])).toBe('missing');
    expect(stateOf({}, [stale], [emptyCoverage('shodan', 'complete')])).toBe('as-declared');
  });

  it('expired after the last day, by the calendar of the organisation', () => {
    const on = (now: string): string | undefined => {
      const scope = scopeOf({ expected: [expectationOf({ until: '2026-11-20' })] });
      return new Series().at(now, { services: [rdp()], scope }).expected[0]?.state;
    };
    expect(on('2026-11-20T14:59:59Z')).toBe('as-declared');
    expect(on('2026-11-20T15:00:00Z')).toBe('expired');
  });

  it('are sorted by place', () => {
    const expected = [{ port: 3389 }, { port: 443 }, { address: '203.0.113.9' }].map(expectationOf);
    const { expected: states } = new Series().at(w1, { scope: scopeOf({ expected }) });
    expect(states.map(({ key }) => key)).toEqual([
      '203.0.113.9:3389/tcp',
      '203.0.113.10:443/tcp',
      '203.0.113.10:3389/tcp',
    ]);
  });
});

describe('expiring', () => {
  it('is told at 30 days, at 7 and at the end, each once', () => {
    const scope = scopeOf({ expected: [expectationOf({ until: '2026-12-31', ticket: 'CHG-7' })] });
    const series = new Series();
    const told: string[] = [];
    for (let day = 0; day < 60; day += 1) {
      const now = new Date(Date.UTC(2026, 10, 20 + day)).toISOString();
      const services = [serviceOf({ sightings: [sighting('probe', now)] })];
      const tracked = series.at(now, { services, coverage: [probed({ open: '3389' })], scope });
      for (const change of tracked.changes.filter(({ kind }) => kind === 'expiring')) {
        told.push(now.slice(0, 10));
        expect(change).toMatchObject({
          spokenId: 'B-01',
          ticket: 'CHG-7',
          details: [{ what: 'until', from: '', to: '2026-12-31' }],
        });
      }
    }
    expect(told).toEqual(['2026-12-01', '2026-12-24', '2027-01-01']);
  });

  it('is told again when the date was moved, and for a service that was never seen', () => {
    const series = new Series();
    const run = (now: string, until: string) =>
      series.at(now, { scope: scopeOf({ expected: [expectationOf({ until, class: 'rdp' })] }) });
    const first = run(w1, '2026-11-20');
    expect(kinds(first)).toEqual(['expiring ']);
    expect(first.changes[0]).toMatchObject({ subject: '203.0.113.10:3389/tcp', class: 'rdp', siteId: 'hq' });
    expect(run(w1, '2026-11-20').changes).toEqual([]);
    expect(kinds(run(w2, '2026-12-01'))).toEqual(['expiring ']);
    expect(run(w2, '2027-12-01').changes).toEqual([]);
  });
});
