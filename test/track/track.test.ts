import { describe, expect, it } from 'vitest';
import { parseRange } from '../../src/lib/address.ts';
import { addDays } from '../../src/lib/time.ts';
import type { Service } from '../../src/model/service.ts';
import { Snapshot } from '../../src/model/snapshot.ts';
import { reopenedKeys } from '../../src/track/track.ts';
import {
  emptyCoverage,
  findingFor,
  hq,
  kinds,
  probed,
  scopeOf,
  Series,
  serviceOf,
  sighting,
  taipei,
  WEEK,
} from './build.ts';

const [w1, w2, w3, w4, w5] = WEEK;
const rdpAt = (at: string, change: Partial<Service> = {}): Service =>
  serviceOf({ sightings: [sighting('probe', at)], ...change });
const gone = { services: [], coverage: [probed({ closed: '3389' })] };
const passiveOnly = [emptyCoverage('probe', 'off'), emptyCoverage('shodan', 'complete')];
const fromShodan = (record: string, change: Partial<Service> = {}): Service =>
  serviceOf({ sightings: [sighting('shodan', record)], ...change });

describe('the first run', () => {
  it('finds everything new and counts in order of priority, site, address and port', () => {
    const services = [
      rdpAt(w1, { address: taipei, siteId: 'taipei' }),
      rdpAt(w1, { address: '203.0.113.9', port: 443 }),
      rdpAt(w1, { address: '203.0.113.100' }),
      rdpAt(w1, { address: '203.0.113.9', port: 22 }),
      rdpAt(w1, { address: '203.0.113.1' }),
    ];
    const findings = services.map((service, n) => findingFor(service, { priority: n === 4 ? 'P2' : 'P1' }));
    const tracked = new Series().at(w1, { services, findings });
    expect(tracked.findings.map(({ spokenId, subject }) => `${spokenId} ${subject}`)).toEqual([
      'B-04 198.51.100.7:3389/tcp',
      'B-02 203.0.113.9:443/tcp',
      'B-03 203.0.113.100:3389/tcp',
      'B-01 203.0.113.9:22/tcp',
      'B-05 203.0.113.1:3389/tcp',
    ]);
    expect(kinds(tracked)).toEqual(['new B-01', 'new B-02', 'new B-03', 'new B-04', 'new B-05']);
    expect(tracked.previousRun).toBeUndefined();
  });

  it('makes a snapshot that can be written', () => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    expect(Snapshot.parse(series.previous)).toEqual(series.previous);
    const tracked = series.at(w2, { services: [rdpAt(w2)] });
    expect(tracked.previousRun).toEqual({ runId: '20261106T000000Z', endedAt: w1, scopeDigest: 'scope-1' });
  });

  it('takes the first date of whoever saw it first', () => {
    const service = serviceOf({
      sightings: [
        sighting('probe', w1),
        sighting('shodan', '2026-10-01T00:00:00Z', 'open', '2025-03-01T00:00:00Z'),
      ],
    });
    const finding = findingFor(service, { firstSeen: w1 });
    const tracked = new Series().at(w1, { services: [service], findings: [finding] });
    expect(tracked.findings[0]?.firstSeen).toBe('2025-03-01T00:00:00Z');
    expect(tracked.register[0]).toMatchObject({
      lastSeen: w1,
      seenBy: { probe: w1, shodan: '2026-10-01T00:00:00Z' },
    });
  });

  it('gives a clear finding no number', () => {
    const service = rdpAt(w1);
    const tracked = new Series().at(w1, {
      services: [service],
      findings: [findingFor(service, { verdict: 'clear' })],
    });
    expect(tracked).toMatchObject({ register: [], changes: [] });
    expect(tracked.findings[0]?.spokenId).toBe('');
  });
});

describe('closing', () => {
  it('takes two looks; spoken ids are never used again', () => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    expect(kinds(series.at(w2, gone))).toEqual(['not-seen B-01']);
    expect(series.previous?.register[0]).toMatchObject({ state: 'not-seen', misses: 1 });
    const closed = series.at(w3, gone);
    expect(kinds(closed)).toEqual(['closed B-01']);
    expect(closed.register[0]).toMatchObject({ state: 'closed', closedAt: w3, firstSeen: w1, lastSeen: w1 });
    expect(kinds(series.at(w4, gone))).toEqual([]);
    const other = series.at(w5, { services: [rdpAt(w5, { address: '203.0.113.1' })], coverage: [probed()] });
    expect(kinds(other)).toEqual(['new B-02']);
  });

  it('does not count a run that did not look, and says so each time', () => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    series.at(w2, gone);
    for (const week of [w3, w4]) {
      const tracked = series.at(week, { coverage: [probed({ ports: '443' })] });
      expect(kinds(tracked)).toEqual(['not-checked B-01']);
      expect(tracked.changes[0]?.details).toEqual([{ what: 'port-not-asked', from: '', to: '' }]);
      expect(tracked.register[0]).toMatchObject({ state: 'not-seen', misses: 1 });
    }
    expect(kinds(series.at(w5, gone))).toEqual(['closed B-01']);
  });

  it('accepts silence only from a run in which something answered', () => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    const dead = probed();
    const nothing = {
      ...dead,
      lookedAt: { ports: '1-65535', addresses: ['203.0.113.0/24'], unfinished: [], responding: [] },
    };
    expect(kinds(series.at(w2, { coverage: [nothing] }))).toEqual(['not-seen B-01']);
    expect(kinds(series.at(w3, { coverage: [nothing] }))).toEqual([]);
    expect(series.previous?.register[0]).toMatchObject({ state: 'not-seen', misses: 0 });
    series.at(w4, { coverage: [dead] });
    expect(kinds(series.at(w5, { coverage: [dead] }))).toEqual(['closed B-01']);
  });

  it('leaves places alone that an incomplete run did not finish, and closes those that it did', () => {
    const series = new Series();
    const other = '203.0.113.20';
    series.at(w1, { services: [rdpAt(w1), rdpAt(w1, { address: other })] });
    const coverage = [probed({ unfinished: [{ address: other, ports: '1-65535' }], state: 'partial' })];
    expect(kinds(series.at(w2, { coverage, complete: false }))).toEqual([
      'not-seen B-01',
      'not-checked B-02',
    ]);
    expect(kinds(series.at(w3, { coverage, complete: false }))).toEqual(['closed B-01', 'not-checked B-02']);
  });

  it('applies to a finding that is no longer made of an open service', () => {
    const series = new Series();
    const open = [probed({ open: '3389' })];
    series.at(w1, { services: [rdpAt(w1)], coverage: open });
    const mended = { services: [rdpAt(w2)], findings: [], coverage: open };
    expect(kinds(series.at(w2, { ...mended, complete: false }))).toEqual(['not-checked B-01']);
    expect(kinds(series.at(w2, mended))).toEqual(['not-seen B-01']);
    expect(series.previous?.register[0]).toMatchObject({ lastSeen: w1, seenBy: { probe: w1 } });
    const clear = { ...mended, findings: [findingFor(rdpAt(w3), { verdict: 'clear' })] };
    const closed = series.at(w3, clear);
    expect(kinds(closed)).toEqual(['closed B-01']);
    expect(closed.findings[0]?.spokenId).toBe('B-01');
  });

  it('does not take a failed conversation for mended', () => {
    const series = new Series();
    const open = [probed({ open: '3389' })];
    series.at(w1, { services: [rdpAt(w1)], coverage: open });
    const mute = rdpAt(w2, { class: 'unknown', protocol: 'unknown' });
    for (const services of [[mute], []]) {
      const tracked = series.at(w2, { services, findings: [], coverage: open });
      expect(tracked.changes.map(({ kind, details }) => [kind, details[0]?.what])).toEqual([
        ['not-checked', 'no-conversation'],
      ]);
    }
    const listed = series.at(w3, { services: [mute], coverage: open });
    expect(kinds(listed)).toEqual([]);
    expect(listed.register[0]).toMatchObject({ class: 'rdp', state: 'open' });
  });
});

describe('passive sources', () => {
  const dropped = { services: [], coverage: passiveOnly };

  it('never close on their own', () => {
    const series = new Series();
    series.at(w1, { services: [fromShodan(w1)], coverage: passiveOnly });
    expect(kinds(series.at(w2, dropped))).toEqual(['not-seen B-01']);
    expect(kinds(series.at(w3, dropped))).toEqual([]);
    series.at(w4, { services: [], coverage: [probed({ closed: '3389' }), ...passiveOnly.slice(1)] });
    expect(kinds(series.at(w5, gone))).toEqual(['closed B-01']);
  });

  it('that failed say nothing', () => {
    const series = new Series();
    series.at(w1, { services: [fromShodan(w1)], coverage: passiveOnly });
    const tracked = series.at(w2, {
      coverage: [emptyCoverage('probe', 'off'), emptyCoverage('shodan', 'partial')],
    });
    expect(tracked.changes[0]).toMatchObject({
      kind: 'not-checked',
      details: [{ what: 'passive-incomplete' }],
    });
  });

  it('do not stand in for our own look', () => {
    const series = new Series();
    series.at(w3, { services: [rdpAt(w3)] });
    const stale = series.at(w4, { services: [fromShodan(w1)], coverage: passiveOnly });
    expect(stale.changes[0]).toMatchObject({ kind: 'not-checked', details: [{ what: 'probe-off' }] });
    expect(kinds(series.at(w5, dropped))).toEqual(['not-checked B-01']);
    expect(stale.findings[0]).toMatchObject({ firstSeen: w1, lastSeen: w3 });
  });

  it('do not lower what an own probe had found, and raise nothing when it looks again', () => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    const hearsay = fromShodan(w2);
    const passive = series.at(w3, {
      services: [hearsay],
      findings: [findingFor(hearsay, { priority: 'P4', trace: 'T0' })],
      coverage: passiveOnly,
    });
    expect(kinds(passive)).toEqual([]);
    expect(passive.register[0]).toMatchObject({ priority: 'P1', trace: 'T1', state: 'open', lastSeen: w2 });
    expect(kinds(series.at(w4, { services: [rdpAt(w4)] }))).toEqual([]);
  });

  it('keep a thing at "not seen" while their record is newer than our last sight of it', () => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    const coverage = [probed({ closed: '3389' })];
    const newer = fromShodan(w2);
    expect(kinds(series.at(w3, { services: [newer], coverage }))).toEqual(['not-seen B-01']);
    expect(kinds(series.at(w4, { services: [newer], coverage }))).toEqual([]);
    expect(series.previous?.register[0]).toMatchObject({ state: 'not-seen', misses: 2 });
    expect(kinds(series.at(w5, { services: [], coverage }))).toEqual(['closed B-01']);
  });

  it('with a record older than our last sight do not hinder closing, nor re-open', () => {
    const series = new Series();
    series.at(w2, { services: [rdpAt(w2)] });
    const stale = { services: [fromShodan(w1)], coverage: [probed({ closed: '3389' })] };
    series.at(w3, stale);
    expect(kinds(series.at(w4, stale))).toEqual(['closed B-01']);
    expect(kinds(series.at(w5, { ...stale, coverage: passiveOnly }))).toEqual([]);
    expect(series.previous?.register[0]?.state).toBe('closed');
  });

  it.each([
    ['InternetDB', (at: string) => sighting('internetdb', at)],
    // Copied today, written who knows when.
    ['a file', (at: string) => ({ ...sighting('masscan', at), file: 'list.txt', undated: true as const })],
  ])('without dates neither hinder closing nor re-open: %s', (_, record) => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    const undated = (at: string) => ({
      services: [serviceOf({ sightings: [record(at)] })],
      coverage: [probed({ closed: '3389' })],
    });
    series.at(w2, undated(w2));
    expect(kinds(series.at(w3, undated(w3)))).toEqual(['closed B-01']);
    expect(kinds(series.at(w4, { ...undated(w4), coverage: passiveOnly }))).toEqual([]);
  });

  it('with a record newer than the closing re-open it, as disputed when we find it shut', () => {
    for (const [coverage, state] of [
      [passiveOnly, 'open'],
      [[probed({ closed: '3389' })], 'not-seen'],
    ] as const) {
      const series = new Series();
      series.at(w1, { services: [rdpAt(w1)] });
      series.at(w2, gone);
      series.at(w3, gone);
      expect(kinds(series.at(w5, { services: [fromShodan(w4)], coverage }))).toEqual(['re-opened B-01']);
      expect(series.previous?.register[0]).toMatchObject({ state, firstSeen: w1, reopenedAt: w5 });
    }
  });

  it('list something that we find shut: told once as new, and not as seen', () => {
    const series = new Series();
    const coverage = [probed({ closed: '3389' })];
    expect(kinds(series.at(w2, { services: [fromShodan(w1)], coverage }))).toEqual(['new B-01']);
    expect(series.previous?.register[0]?.state).toBe('not-seen');
    expect(kinds(series.at(w3, { services: [fromShodan(w1)], coverage }))).toEqual([]);
    expect(series.previous?.register[0]?.state).toBe('not-seen');
  });

  it('that do not tell TCP from UDP mean the same door', () => {
    const series = new Series();
    const vague = (at: string): Service =>
      serviceOf({ transport: 'unknown', sightings: [sighting('internetdb', at)] });
    const first = series.at(w1, {
      services: [vague(w1)],
      coverage: [emptyCoverage('internetdb', 'complete')],
    });
    expect(kinds(first)).toEqual(['new B-01']);
    const probedNow = series.at(w2, { services: [rdpAt(w2)] });
    expect(kinds(probedNow)).toEqual([]);
    expect(probedNow.findings[0]).toMatchObject({ spokenId: 'B-01', firstSeen: w1 });
    const passive = series.at(w3, {
      services: [vague(w3)],
      coverage: [emptyCoverage('internetdb', 'complete')],
    });
    expect(kinds(passive)).toEqual(['not-checked B-01']);
    expect(passive.findings[0]).toMatchObject({ spokenId: 'B-01', firstSeen: w1 });
    expect(passive.register.map(({ subject }) => subject)).toEqual(['203.0.113.10:3389/tcp']);
    series.at(w4, gone);
    expect(kinds(series.at(w5, gone))).toEqual(['closed B-01']);
  });
});

describe('coming back', () => {
  const closedBy = (series: Series): void => {
    series.at(w1, { services: [rdpAt(w1)] });
    series.at(w2, gone);
    series.at(w3, gone);
  };

  it('after "not seen" is no news', () => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    series.at(w2, gone);
    expect(kinds(series.at(w3, { services: [rdpAt(w3)] }))).toEqual([]);
    expect(series.previous?.register[0]).toMatchObject({ state: 'open', misses: 0, firstSeen: w1 });
    expect(kinds(series.at(w4, gone))).toEqual(['not-seen B-01']);
  });

  it('within 90 days keeps the first date', () => {
    const series = new Series();
    closedBy(series);
    const day90 = addDays(w3, 90);
    const service = rdpAt(day90, {
      version: { state: 'known', value: '2', certainty: 'confirmed', how: 'x' },
    });
    const tracked = series.at(day90, {
      services: [service],
      findings: [findingFor(service, { priority: 'P2' })],
    });
    expect(tracked.changes).toMatchObject([
      { kind: 're-opened', spokenId: 'B-01', firstSeen: w1, priority: 'P2', priorityBefore: 'P1' },
    ]);
    expect(tracked.findings[0]?.firstSeen).toBe(w1);
  });

  it('later begins anew under the same spoken id, and history does not bring the old date back', () => {
    const series = new Series();
    closedBy(series);
    const day91 = addDays(w3, 91);
    const service = (at: string): Service =>
      serviceOf({
        sightings: [sighting('probe', at), sighting('shodan', w1, 'open', '2024-01-01T00:00:00Z')],
      });
    const tracked = series.at(day91, { services: [service(day91)] });
    expect(kinds(tracked)).toEqual(['re-opened B-01']);
    expect(tracked.findings[0]?.firstSeen).toBe(day91);
    const next = addDays(day91, 7);
    expect(series.at(next, { services: [service(next)] }).findings[0]?.firstSeen).toBe(day91);
  });

  it('is known to the judgement before and for 90 days after', () => {
    const series = new Series();
    expect(reopenedKeys(undefined, w1).size).toBe(0);
    series.at(w1, { services: [rdpAt(w1)] });
    expect(reopenedKeys(series.previous, w2).size).toBe(0);
    series.at(w2, gone);
    series.at(w3, gone);
    expect(reopenedKeys(series.previous, w4)).toEqual(new Set([findingFor(rdpAt(w1)).key]));
    series.at(w4, { services: [rdpAt(w4)] });
    expect(reopenedKeys(series.previous, addDays(w4, 90)).size).toBe(1);
    expect(reopenedKeys(series.previous, addDays(w4, 91)).size).toBe(0);
  });
});

describe('scope', () => {
  it('places that left the organisation file are told once and never closed', () => {
    const series = new Series();
    series.at(w1, { services: [rdpAt(w1)] });
    const changed = scopeOf({ exclusions: [parseRange(hq)], digest: 'scope-2' });
    const tracked = series.at(w2, { scope: changed, coverage: [probed({ closed: '3389' })] });
    expect(tracked.changes).toMatchObject([{ kind: 'not-checked', details: [{ what: 'scope-changed' }] }]);
    expect(tracked.previousRun?.scopeDigest).toBe('scope-1');
    for (const week of [w3, w4]) {
      expect(kinds(series.at(week, { scope: changed, coverage: [probed({ closed: '3389' })] }))).toEqual([]);
    }
    expect(series.previous?.register[0]).toMatchObject({ state: 'open', misses: 0 });
  });
});
