/** Random histories: hosts open and close, probes and passive sources look at parts of them, runs are cut short. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, compareInstants, daysBetween } from '../../src/lib/time.ts';
import type { Priority } from '../../src/model/finding.ts';
import type { Service, Sighting } from '../../src/model/service.ts';
import type { RegisterEntry, SourceCoverage } from '../../src/model/snapshot.ts';
import { lookedAt } from '../../src/track/look.ts';
import type { Tracked } from '../../src/track/track.ts';
import { emptyCoverage, findingFor, Series, serviceOf, sighting, WEEK } from './build.ts';

const ADDRESSES = ['203.0.113.1', '203.0.113.2', '198.51.100.1'] as const;
const PORTS = [443, 3389] as const;
const PLACES = ADDRESSES.flatMap((address) => PORTS.map((port) => ({ address, port })));

/** What is true at one place in one week, and what the sources have of it. */
interface PlaceState {
  readonly open: boolean;
  readonly refuses: boolean;
  readonly shodan: 'none' | 'fresh' | 'old';
  readonly version: string | undefined;
  readonly priority: Priority;
}

interface Week {
  readonly days: number;
  readonly places: readonly PlaceState[];
  readonly probe: 'complete' | 'partial' | 'failed' | 'off';
  readonly ports: string;
  readonly addresses: readonly string[];
  /** Places that the run did not finish. */
  readonly unfinished: readonly number[];
  readonly shodan: SourceCoverage['state'];
  readonly complete: boolean;
}

const placeState: fc.Arbitrary<PlaceState> = fc.record({
  open: fc.boolean(),
  refuses: fc.boolean(),
  shodan: fc.constantFrom('none', 'none', 'fresh', 'old'),
  version: fc.constantFrom(undefined, '1', '2'),
  priority: fc.constantFrom('P1', 'P2', 'P3', 'P4'),
});
const week: fc.Arbitrary<Week> = fc.record({
  days: fc.constantFrom(1, 7, 7, 40, 89, 100),
  places: fc.array(placeState, { minLength: PLACES.length, maxLength: PLACES.length }),
  probe: fc.constantFrom('complete', 'complete', 'complete', 'partial', 'failed', 'off'),
  ports: fc.constantFrom('443,3389', '443,3389', '443', '3389'),
  addresses: fc.subarray([...ADDRESSES]),
  unfinished: fc.subarray(PLACES.map((_, n) => n)),
  shodan: fc.constantFrom('complete', 'partial', 'failed', 'off'),
  complete: fc.boolean(),
});
const history = fc.array(week, { minLength: 2, maxLength: 8 });

interface Ran {
  readonly now: string;
  readonly week: Week;
  readonly coverage: readonly SourceCoverage[];
  readonly services: readonly Service[];
  readonly before: readonly RegisterEntry[];
  readonly tracked: Tracked;
}

function wasProbed(one: Week, place: (typeof PLACES)[number], n: number): boolean {
  if (one.probe === 'off' || one.probe === 'failed') return false;
  if (one.probe === 'partial' && one.unfinished.includes(n)) return false;
  return one.addresses.includes(place.address) && one.ports.split(',').includes(String(place.port));
}

function probeCoverage(one: Week): SourceCoverage {
  if (one.probe === 'off' || one.probe === 'failed') return emptyCoverage('probe', one.probe);
  const answered = (address: string, want: (state: PlaceState) => boolean): string =>
    PLACES.flatMap((place, n) => {
      const state = one.places[n];
      const hit = state !== undefined && wasProbed(one, place, n) && place.address === address && want(state);
      return hit ? [String(place.port)] : [];
    }).join(',');
  return {
    ...emptyCoverage('probe', one.probe),
    lookedAt: {
      ports: one.ports,
      addresses: [...one.addresses],
      unfinished:
        one.probe === 'partial'
          ? one.unfinished.flatMap((n) => {
              const place = PLACES[n];
              return place === undefined ? [] : [{ address: place.address, ports: String(place.port) }];
            })
          : [],
      responding: ADDRESSES.map((address) => ({
        address,
        open: answered(address, ({ open }) => open),
        closed: answered(address, ({ open, refuses }) => !open && refuses),
      })).filter(({ open, closed }) => open !== '' || closed !== ''),
    },
  };
}

function servicesIn(one: Week, now: string): Service[] {
  return PLACES.flatMap((place, n) => {
    const state = one.places[n];
    if (state === undefined) return [];
    const sightings: Sighting[] = [];
    if (wasProbed(one, place, n)) sightings.push(sighting('probe', now, state.open ? 'open' : 'closed'));
    if (one.shodan === 'complete' && state.shodan !== 'none') {
      const record = addDays(now, state.shodan === 'fresh' ? -1 : -60);
      sightings.push(sighting('shodan', record, 'open', addDays(record, -10)));
    }
    if (!sightings.some(({ status }) => status === 'open')) return [];
    const version =
      state.version === undefined
        ? ({ state: 'unknown' } as const)
        : ({ state: 'known', value: state.version, certainty: 'confirmed', how: 'x' } as const);
    return [
      serviceOf({ ...place, siteId: place.address.startsWith('203') ? 'hq' : 'taipei', version, sightings }),
    ];
  });
}

function run(weeks: readonly Week[]): Ran[] {
  const series = new Series();
  let now: string = WEEK[0];
  return weeks.map((one) => {
    now = addDays(now, one.days);
    const services = servicesIn(one, now);
    const coverage = [probeCoverage(one), emptyCoverage('shodan', one.shodan)];
    const before = series.previous?.register ?? [];
    const findings = services.map((service) => {
      const n = PLACES.findIndex(({ address, port }) => address === service.address && port === service.port);
      return findingFor(service, { priority: one.places[n]?.priority ?? 'P4' });
    });
    const tracked = series.at(now, { services, findings, coverage, complete: one.complete });
    return { now, week: one, coverage, services, before, tracked };
  });
}

function entryOf(register: readonly RegisterEntry[], key: string): RegisterEntry | undefined {
  return register.find((entry) => entry.key === key);
}

function holds(check: (ran: Ran, earlier: readonly Ran[]) => void): void {
  fc.assert(
    fc.property(history, (weeks) => {
      const all = run(weeks);
      for (const [n, ran] of all.entries()) check(ran, all.slice(0, n));
    }),
    { numRuns: 300 },
  );
}

function lookIn(ran: Ran, subject: string): string {
  const place = PLACES.find(({ address, port }) => `${address}:${port}/tcp` === subject);
  if (place === undefined) throw new Error(subject);
  return lookedAt(ran.coverage, { ...place, transport: 'tcp' });
}

const shut = (look: string): boolean => look === 'closed' || look === 'no-answer';

describe('random histories', () => {
  it('reach every kind of change: else the properties below say nothing', () => {
    const kinds = fc
      .sample(history, { numRuns: 300, seed: 3 })
      .flatMap(run)
      .flatMap(({ tracked }) => tracked.changes.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(
      new Set(['new', 're-opened', 'changed', 'raised', 'lowered', 'closed', 'not-seen', 'not-checked']),
    );
  });

  it('close nothing outside the coverage, and nothing on one look', () => {
    holds((ran, earlier) => {
      for (const change of ran.tracked.changes.filter(({ kind }) => kind === 'closed')) {
        expect(shut(lookIn(ran, change.subject))).toBe(true);
        const looks = earlier.filter((one) => entryOf(one.tracked.register, change.key) !== undefined);
        expect(looks.some((one) => shut(lookIn(one, change.subject)))).toBe(true);
      }
      for (const entry of ran.before.filter(({ state }) => state !== 'closed')) {
        if (shut(lookIn(ran, entry.subject))) continue;
        expect(entryOf(ran.tracked.register, entry.key)?.state).not.toBe('closed');
      }
    });
  });

  it('never call closed what an own probe got into', () => {
    holds((ran) => {
      for (const { key, state, subject } of ran.tracked.register) {
        if (lookIn(ran, subject) === 'open') expect([key, state]).toEqual([key, 'open']);
      }
    });
  });

  it('count misses only where we looked', () => {
    holds((ran) => {
      for (const entry of ran.before) {
        const now = entryOf(ran.tracked.register, entry.key);
        if (lookIn(ran, entry.subject) !== 'not-looked' || now === undefined) continue;
        expect(now.misses).toBeLessThanOrEqual(entry.misses);
      }
    });
  });

  it('keep the first date of what came back within 90 days, and begin anew after', () => {
    holds((ran) => {
      for (const change of ran.tracked.changes.filter(({ kind }) => kind === 're-opened')) {
        const before = entryOf(ran.before, change.key);
        if (before?.closedAt === undefined) throw new Error('re-opened without having been closed');
        if (daysBetween(before.closedAt, ran.now) <= 90) expect(change.firstSeen).toBe(before.firstSeen);
        else expect(compareInstants(change.firstSeen, before.closedAt)).toBeGreaterThan(0);
      }
    });
  });

  it('never move a first date forward but by re-opening', () => {
    holds((ran) => {
      for (const entry of ran.before) {
        const now = entryOf(ran.tracked.register, entry.key);
        if (now?.reopenedAt === ran.now) continue;
        expect(compareInstants(now?.firstSeen ?? '', entry.firstSeen)).toBeLessThanOrEqual(0);
        expect(compareInstants(now?.lastSeen ?? '', entry.lastSeen)).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it('give each key one spoken id for life, each id to one key, and forget nobody', () => {
    holds((ran) => {
      const ids = ran.tracked.register.map(({ spokenId }) => spokenId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((id) => /^B-\d{2,}$/.test(id))).toBe(true);
      for (const { key, spokenId } of ran.before)
        expect(entryOf(ran.tracked.register, key)?.spokenId).toBe(spokenId);
      for (const finding of ran.tracked.findings)
        expect(finding.spokenId).toBe(entryOf(ran.tracked.register, finding.key)?.spokenId);
    });
  });

  it('tell as new exactly what was never in the register', () => {
    holds((ran) => {
      const added = ran.tracked.register.filter(({ key }) => entryOf(ran.before, key) === undefined);
      const told = ran.tracked.changes.filter(({ kind }) => kind === 'new');
      expect(told.map(({ key }) => key).toSorted()).toEqual(added.map(({ key }) => key).toSorted());
    });
  });

  it('say "not checked" of what they could not see, never nothing', () => {
    holds((ran) => {
      const told = new Set(ran.tracked.changes.map(({ key }) => key));
      const listed = new Set(ran.tracked.findings.map(({ key }) => key));
      for (const { key, state, subject, seenBy } of ran.before) {
        const ownOnly = seenBy?.probe !== undefined;
        if (state === 'closed' || listed.has(key) || !ownOnly) continue;
        if (lookIn(ran, subject) === 'not-looked') expect(told.has(key)).toBe(true);
      }
    });
  });

  it('are the same however findings and services are ordered', () => {
    fc.assert(
      fc.property(week, (one) => {
        const services = servicesIn(one, WEEK[0]);
        const coverage = [probeCoverage(one)];
        const forward = new Series().at(WEEK[0], { services, coverage });
        const backward = new Series().at(WEEK[0], { services: services.toReversed(), coverage });
        expect(backward.register).toEqual(forward.register);
        expect(backward.changes).toEqual(forward.changes);
      }),
    );
  });
});

describe('identical input', () => {
  it('gives no change at all', () => {
    fc.assert(
      fc.property(week, fc.integer({ min: 0, max: 400 }), (one, later) => {
        const series = new Series();
        const input = {
          services: servicesIn(one, WEEK[0]),
          coverage: [probeCoverage(one), emptyCoverage('shodan', one.shodan)],
          complete: one.complete,
        };
        const first = series.at(WEEK[0], input);
        const second = series.at(addDays(WEEK[0], later), input);
        expect(second.changes).toEqual([]);
        expect(second.findings).toEqual(first.findings);
        expect(second.register.map(({ misses: _misses, ...entry }) => entry)).toEqual(
          first.register.map(({ misses: _misses, ...entry }) => entry),
        );
      }),
      { numRuns: 300 },
    );
  });
});
