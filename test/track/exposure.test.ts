import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/lib/time.ts';
import { exposureOf } from '../../src/model/exposure.ts';
import { serviceKey, type Exposure, type Service } from '../../src/model/service.ts';
import type { Snapshot, SourceCoverage } from '../../src/model/snapshot.ts';
import { withEarlierLooks } from '../../src/track/exposure.ts';
import {
  emptyCoverage,
  findingFor,
  hq,
  probed,
  serviceOf,
  sighting,
  snapshotOf,
  scopeOf,
  WEEK,
  Series,
} from './build.ts';

const [week1, week2, week3, week4, week5] = WEEK;

function seenBy(source: 'probe' | 'shodan', when: string, change: Partial<Service> = {}): Service {
  const exposure = exposureOf({ open: [{ at: when, source }], shut: [] });
  return serviceOf({
    sightings: [sighting(source, when)],
    ...(exposure === undefined ? {} : { exposure }),
    ...change,
  });
}

/** Runs, each of which knows the one before. */
class Runs {
  previous: Snapshot | undefined;

  at(now: string, services: readonly Service[], coverage: readonly SourceCoverage[] = [probed()]): Snapshot {
    const merged = withEarlierLooks({ services, coverage, previous: this.previous, now });
    const tracked = new Series().at(now, { services: merged.services, coverage });
    const input = {
      services: merged.services,
      findings: [],
      coverage,
      scope: scopeOf(),
      previous: undefined,
      now,
    };
    this.previous = {
      ...snapshotOf(tracked, { ...input, complete: true }),
      exposures: merged.exposures,
    };
    return this.previous;
  }
}

function exposureAt(snapshot: Snapshot, key = serviceKey(hq, 3389, 'tcp')): Exposure | undefined {
  return (
    snapshot.services.find((one) => one.key === key)?.exposure ??
    snapshot.exposures?.find((one) => one.key === key)?.exposure
  );
}

describe('track/exposure', () => {
  it('adds the looks of earlier runs', () => {
    const runs = new Runs();
    runs.at(week1, [seenBy('probe', week1)]);
    runs.at(week2, [seenBy('probe', week2)]);
    const third = runs.at(week3, [seenBy('probe', week3)]);
    expect(exposureAt(third)).toEqual({
      first: week1,
      last: week3,
      spans: [{ from: week1, to: week3, sources: ['probe'], looks: 3 }],
      shut: [],
    });
    expect(third.exposures).toEqual([]);
  });

  it('knows that the previous run looked and found it shut', () => {
    const runs = new Runs();
    runs.at(week1, []);
    expect(exposureAt(runs.at(week2, [seenBy('probe', week2)]))).toMatchObject({
      first: week2,
      shut: [{ at: week1, source: 'probe', status: 'no-answer' }],
    });
    const refused = new Runs();
    refused.at(week1, [], [probed({ closed: '3389' })]);
    expect(exposureAt(refused.at(week2, [seenBy('probe', week2)]))?.shut).toEqual([
      { at: week1, source: 'probe', status: 'closed' },
    ]);
  });

  it.each<[string, SourceCoverage[]]>([
    ['was off', [emptyCoverage('probe', 'off')]],
    ['did not ask for the port', [probed({ ports: '443' })]],
    ['did not ask for the address', [probed({ addresses: ['198.51.100.0/24'] })]],
    ['did not come so far', [probed({ unfinished: [{ address: hq, ports: '3389' }] })]],
    [
      'got no answer from anywhere',
      [
        {
          ...probed(),
          lookedAt: { ports: '443,3389', addresses: ['203.0.113.0/24'], unfinished: [], responding: [] },
        },
      ],
    ],
  ])('does not take "not looked" for shut: the previous run %s', (_, coverage) => {
    const runs = new Runs();
    runs.at(week1, [], coverage);
    expect(exposureAt(runs.at(week2, [seenBy('probe', week2)]))?.shut).toEqual([]);
  });

  it('keeps the history of a place that is gone, and looks on', () => {
    const runs = new Runs();
    runs.at(week1, [seenBy('probe', week1)]);
    runs.at(week2, []);
    const gone = runs.at(week3, []);
    expect(gone.exposures).toEqual([
      {
        key: '203.0.113.10:3389/tcp',
        exposure: {
          first: week1,
          last: week1,
          spans: [{ from: week1, to: week1, sources: ['probe'], looks: 1 }],
          shut: [
            { at: week2, source: 'probe', status: 'no-answer' },
            { at: week3, source: 'probe', status: 'no-answer' },
          ],
        },
      },
    ]);
    const back = runs.at(week4, [seenBy('probe', week4)]);
    expect(back.exposures).toEqual([]);
    expect(exposureAt(back)?.spans.map(({ from, to }) => [from, to])).toEqual([
      [week1, week1],
      [week4, week4],
    ]);
    expect(exposureAt(runs.at(week5, [seenBy('probe', week5)]))?.spans.at(-1)).toMatchObject({
      from: week4,
      to: week5,
    });
  });

  it('forgets what was last seen more than 400 days ago', () => {
    const runs = new Runs();
    runs.at(week1, [seenBy('probe', week1)]);
    expect(runs.at(addDays(week1, 400), []).exposures).toHaveLength(1);
    expect(runs.at(addDays(week1, 402), []).exposures).toEqual([]);
  });

  it('remembers what a passive source has forgotten', () => {
    const runs = new Runs();
    runs.at(week1, [seenBy('shodan', week1)], []);
    const second = runs.at(week3, [seenBy('shodan', week3)], []);
    expect(exposureAt(second)).toMatchObject({ first: week1, last: week3 });
  });

  it('adds that the own probe of this run looked at a record in vain', () => {
    const silent = new Runs().at(week1, [seenBy('shodan', '2026-11-01T00:00:00Z')]);
    expect(exposureAt(silent)?.shut).toEqual([{ at: week1, source: 'probe', status: 'no-answer' }]);
    // Its own sighting has said so already, with its own time.
    const refused = seenBy('shodan', '2026-11-01T00:00:00Z', {
      sightings: [sighting('probe', week1, 'closed'), sighting('shodan', '2026-11-01T00:00:00Z')],
    });
    expect(exposureAt(new Runs().at(week1, [refused], [probed({ closed: '3389' })]))?.shut).toEqual([]);
  });

  it('knows a place again whose transport became known', () => {
    const runs = new Runs();
    runs.at(week1, [seenBy('shodan', week1, { transport: 'unknown' })], []);
    const known = runs.at(week2, [seenBy('probe', week2)]);
    expect(exposureAt(known)).toMatchObject({ first: week1, last: week2 });
    expect(known.exposures).toEqual([]);
    // The way back, in a passive run: the history of the TCP port is shown and kept.
    const passive = runs.at(
      week3,
      [serviceOf({ transport: 'unknown', sightings: [sighting('internetdb', week3)] })],
      [],
    );
    expect(exposureAt(passive, serviceKey(hq, 3389, 'unknown'))).toMatchObject({ first: week1, last: week2 });
    expect(exposureAt(passive)).toMatchObject({ first: week1, last: week2 });
    expect(exposureAt(runs.at(week4, [seenBy('probe', week4)]))).toMatchObject({ first: week1, last: week4 });
  });

  it('does not guess which of TCP and UDP was meant', () => {
    const runs = new Runs();
    runs.at(week1, [seenBy('shodan', week1, { transport: 'unknown' })], []);
    const both = runs.at(week2, [seenBy('probe', week2), seenBy('probe', week2, { transport: 'udp' })]);
    expect(exposureAt(both)).toMatchObject({ first: week2 });
    expect(both.exposures?.map(({ key }) => key)).toEqual([serviceKey(hq, 3389, 'unknown')]);
  });

  it('reads a snapshot from before exposures were kept by its sightings', () => {
    const runs = new Runs();
    const old = serviceOf({
      sightings: [sighting('probe', week1), sighting('shodan', week1, 'open', '2026-10-20T00:00:00Z')],
    });
    const first = runs.at(week1, [old]);
    const { exposures: _, ...before } = { ...first, services: [old] };
    runs.previous = before;
    expect(exposureAt(runs.at(week2, [seenBy('probe', week2)]))).toMatchObject({
      first: '2026-10-20T00:00:00Z',
      last: week2,
      spans: [{ sources: ['probe', 'shodan'] }],
    });
  });

  it('comes to the same when a run is judged again', () => {
    const runs = new Runs();
    const first = runs.at(week1, [seenBy('shodan', week1)]);
    const second = runs.at(week2, [seenBy('probe', week2)]);
    runs.previous = first;
    expect(runs.at(week2, [seenBy('probe', week2)])).toEqual(second);
  });
});

describe('first date of a finding', () => {
  it('is the oldest look, be it of a history or a file', () => {
    const series = new Series();
    const service = serviceOf({
      sightings: [
        sighting('probe', week2),
        sighting('shodan', '2026-11-05T00:00:00Z', 'open', '2026-07-01T00:00:00Z'),
        { ...sighting('nmap', '2026-05-01T00:00:00Z'), file: 'may.xml' },
        { ...sighting('nmap', '2026-04-01T00:00:00Z', 'closed'), file: 'april.xml' },
      ],
    });
    series.at(week1, { services: [serviceOf({ sightings: [sighting('probe', week1)] })] });
    const { register, findings } = series.at(week2, {
      services: [service],
      findings: [findingFor(service, { firstSeen: week2, lastSeen: week2 })],
    });
    expect(register[0]?.firstSeen).toBe('2026-05-01T00:00:00Z');
    expect(findings[0]?.firstSeen).toBe('2026-05-01T00:00:00Z');
  });

  it('is not moved by a file from before it was closed', () => {
    const series = new Series();
    series.at(week1, { services: [serviceOf({ sightings: [sighting('probe', week1)] })] });
    series.at(week2, {});
    series.at(week3, {});
    const file = { ...sighting('nmap', '2026-01-01T00:00:00Z'), file: 'january.xml' };
    const again = series.at(week4, {
      services: [serviceOf({ sightings: [sighting('probe', week4), file] })],
    });
    expect(again.register[0]).toMatchObject({ firstSeen: week1, reopenedAt: week4 });
  });

  it('is not re-opened by what a tool saw before it was closed, and is by what it saw after', () => {
    const closed = (): Series => {
      const series = new Series();
      series.at(week1, { services: [serviceOf({ sightings: [sighting('probe', week1)] })] });
      series.at(week2, {});
      series.at(week3, {});
      return series;
    };
    const off = { coverage: [emptyCoverage('probe', 'off')] };
    const nmap = (when: string): Service => serviceOf({ sightings: [sighting('nmap', when)] });
    expect(closed().at(week4, { services: [nmap(week2)], ...off }).changes).toEqual([]);
    expect(
      closed()
        .at(week4, { services: [nmap(week4)], ...off })
        .changes.map(({ kind }) => kind),
    ).toEqual(['re-opened']);
  });

  it('is not said to be gone because a newer file does not name it', () => {
    const series = new Series();
    const off = [emptyCoverage('probe', 'off'), emptyCoverage('nmap', 'complete')];
    const file = { ...sighting('nmap', week1), file: 'one.xml' };
    series.at(week1, { services: [serviceOf({ sightings: [file] })], coverage: off });
    const { changes, register } = series.at(week2, { coverage: off });
    expect(changes.map(({ kind }) => kind)).toEqual(['not-checked']);
    expect(register[0]).toMatchObject({ state: 'open', misses: 0 });
  });
});
