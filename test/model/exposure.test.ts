import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, compareInstants, DAY_MS, instantMs } from '../../src/lib/time.ts';
import {
  exposureOf,
  mergeExposures,
  openingOf,
  shutAfter,
  shutBefore,
  type OpenLook,
  type ShutLook,
} from '../../src/model/exposure.ts';
import { Exposure, EXPOSURE_GAP_DAYS } from '../../src/model/service.ts';

const DAY_0 = '2026-01-01T00:00:00Z';
const day = (n: number): string => addDays(DAY_0, n);
const open = (n: number, source: OpenLook['source'] = 'shodan'): OpenLook => ({ at: day(n), source });
const closed = (n: number, source: OpenLook['source'] = 'nmap'): ShutLook => ({
  at: day(n),
  source,
  status: 'closed',
});
const silent = (n: number, source: OpenLook['source'] = 'probe'): ShutLook => ({
  at: day(n),
  source,
  status: 'no-answer',
});

function ends(exposure: Exposure | undefined): [string, string][] {
  return (exposure?.spans ?? []).map(({ from, to }) => [from, to]);
}

const source = fc.constantFrom<OpenLook['source']>('probe', 'shodan', 'nmap');
const openLook = fc.record({ at: fc.integer({ min: 0, max: 400 }).map(day), source });
const shutLook = fc.record({
  at: fc.integer({ min: 0, max: 400 }).map(day),
  source,
  status: fc.constantFrom<ShutLook['status']>('closed', 'no-answer'),
});

describe('model/exposure', () => {
  it('knows nothing without a look that found it open', () => {
    expect(exposureOf({ open: [], shut: [closed(3)] })).toBeUndefined();
    expect(exposureOf({ open: [{ at: 'yesterday', source: 'nmap' }], shut: [] })).toBeUndefined();
    expect(mergeExposures([undefined, undefined], [closed(3)])).toBeUndefined();
  });

  it('takes looks close to each other for one span, and a longer silence for a gap', () => {
    const exposure = exposureOf({
      open: [open(35), open(0), open(71, 'probe'), open(70, 'probe')],
      shut: [],
    });
    expect(exposure).toEqual({
      first: day(0),
      last: day(71),
      spans: [{ from: day(0), to: day(71), sources: ['probe', 'shodan'], looks: 4 }],
      shut: [],
    });
    expect(ends(exposureOf({ open: [open(0), open(36)], shut: [] }))).toEqual([
      [day(0), day(0)],
      [day(36), day(36)],
    ]);
  });

  it('is broken by a refusal, and by the silence of who had got in', () => {
    expect(ends(exposureOf({ open: [open(0), open(20)], shut: [closed(10)] }))).toHaveLength(2);
    expect(ends(exposureOf({ open: [open(0, 'probe'), open(20)], shut: [silent(10)] }))).toHaveLength(2);
    // A source that never got in may be shut out: Shodan's looks are not called in question by it.
    expect(ends(exposureOf({ open: [open(0), open(20)], shut: [silent(10)] }))).toHaveLength(1);
    expect(ends(exposureOf({ open: [open(0), open(20)], shut: [closed(0), closed(20)] }))).toHaveLength(1);
  });

  it('names the newest look before that found it shut, and the first after', () => {
    const exposure = exposureOf({
      open: [open(10), open(20), open(60), open(70)],
      shut: [closed(2), closed(6), silent(8), closed(30), closed(40), closed(80), closed(90)],
    });
    if (exposure === undefined) throw new Error('open');
    expect(shutBefore(exposure, 0)).toEqual(closed(6));
    expect(shutBefore(exposure, 1)).toEqual(closed(40));
    expect(shutAfter(exposure)).toEqual(closed(80));
    expect(openingOf(exposure)).toBe(1);
    expect(openingOf({ ...exposure, shut: [] })).toBe(0);
    expect(shutBefore({ ...exposure, shut: [silent(8)] }, 0)).toBeUndefined();
  });

  it('takes a certificate for a hint only when it is older than the first look and can be true', () => {
    const from = (certificateFrom: string): string | undefined =>
      exposureOf({ open: [open(10)], shut: [], certificateFrom })?.certificateFrom;
    expect(from('2025-12-01T00:00:00Z')).toBe('2025-12-01T00:00:00Z');
    expect(from('1994-12-31T00:00:00Z')).toBeUndefined();
    expect(from(day(10))).toBeUndefined();
    expect(from('2049-01-01T00:00:00Z')).toBeUndefined();
    expect(from('once')).toBeUndefined();
  });

  it('cuts a span when it turns out later that it was shut in between', () => {
    const known = exposureOf({ open: [open(0), open(10), open(20)], shut: [] });
    expect(mergeExposures([known], [closed(5)])).toMatchObject({
      spans: [
        { from: day(0), to: day(0), looks: 1 },
        { from: day(20), to: day(20), looks: 1 },
      ],
    });
  });

  it('stays small over many years', () => {
    const openings = Array.from({ length: 300 }, (_, n) => open(n * 3));
    const shut = openings.flatMap((_, n) => [closed(n * 3 + 1), closed(n * 3 + 2)]);
    const exposure = exposureOf({ open: openings, shut });
    if (exposure === undefined) throw new Error('open');
    expect(exposure.spans.length).toBeLessThanOrEqual(50);
    expect(exposure.shut.length).toBeLessThanOrEqual(50);
    expect(exposure.first).toBe(day(0));
    expect(exposure.last).toBe(day(897));
    // What is kept of the shut looks still holds the spans apart.
    expect(mergeExposures([exposure])).toEqual(exposure);
    const years = Array.from({ length: 500 }, (_, n) => closed(10 + 7 * n));
    expect(exposureOf({ open: [open(0)], shut: years })?.shut).toEqual([closed(10), closed(10 + 7 * 499)]);
  });

  it('has sorted spans apart from each other, each look in one of them, and no refusal inside of one', () => {
    fc.assert(
      fc.property(
        fc.array(openLook, { maxLength: 30 }),
        fc.array(shutLook, { maxLength: 30 }),
        (looks, shut) => {
          const exposure = exposureOf({ open: looks, shut });
          if (exposure === undefined) return looks.length === 0;
          Exposure.parse(exposure);
          const { spans } = exposure;
          for (const [n, span] of spans.entries()) {
            expect(compareInstants(span.from, span.to)).toBeLessThanOrEqual(0);
            const before = spans[n - 1];
            if (before !== undefined) expect(compareInstants(before.to, span.from)).toBeLessThan(0);
            const inside = shut.filter(
              ({ at, status }) =>
                status === 'closed' && compareInstants(span.from, at) < 0 && compareInstants(at, span.to) < 0,
            );
            const atOpen = new Set(looks.map(({ at }) => at));
            expect(inside.filter(({ at }) => !atOpen.has(at))).toEqual([]);
          }
          for (const { at, source: who } of looks) {
            const home = spans.filter(
              ({ from, to }) => compareInstants(from, at) <= 0 && compareInstants(at, to) <= 0,
            );
            expect(home).toHaveLength(1);
            expect(home[0]?.sources).toContain(who);
          }
          expect(spans.reduce((sum, span) => sum + span.looks, 0)).toBeLessThanOrEqual(looks.length);
          return exposure.first === spans[0]?.from && exposure.last === spans.at(-1)?.to;
        },
      ),
    );
  });

  it('does not change when the same is merged again', () => {
    fc.assert(
      fc.property(
        fc.array(openLook, { maxLength: 30 }),
        fc.array(shutLook, { maxLength: 30 }),
        (looks, shut) => {
          const exposure = exposureOf({ open: looks, shut });
          expect(mergeExposures([exposure, exposure])).toEqual(exposure);
        },
      ),
    );
  });

  it('comes to the same run after run as all at once, however the runs are put together', () => {
    const atDay = fc.record({ openNow: fc.boolean(), who: source, days: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(fc.array(atDay, { minLength: 3, maxLength: 15 }), fc.nat(), (history, cut) => {
        let now = 0;
        const runs = history.map(({ openNow, who, days }) => {
          now += days;
          return openNow ? { open: [open(now, who)], shut: [] } : { open: [], shut: [closed(now, who)] };
        });
        const whole = exposureOf({
          open: runs.flatMap((run) => run.open),
          shut: runs.flatMap((run) => run.shut),
        });
        let carried: Exposure | undefined;
        let shut: ShutLook[] = [];
        for (const run of runs) {
          shut = [...shut, ...run.shut];
          carried = mergeExposures([carried, exposureOf(run)], shut);
        }
        expect(carried).toEqual(whole);
        const at = cut % runs.length;
        const part = (some: typeof runs): Exposure | undefined =>
          exposureOf({ open: some.flatMap((run) => run.open), shut: some.flatMap((run) => run.shut) });
        expect(mergeExposures([part(runs.slice(at)), part(runs.slice(0, at))], shut)).toEqual(whole);
      }),
    );
  });

  it('does not depend on the order when nobody found it shut', () => {
    const looks = fc.array(openLook, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(looks, looks, looks, (a, b, c) => {
        const [x, y, z] = [a, b, c].map((some) => exposureOf({ open: some, shut: [] }));
        const left = mergeExposures([mergeExposures([x, y]), z]);
        const right = mergeExposures([x, mergeExposures([z, y])]);
        expect(ends(left)).toEqual(ends(right));
        expect(left?.spans.map(({ sources }) => sources)).toEqual(right?.spans.map(({ sources }) => sources));
        for (const [n, span] of (left?.spans ?? []).entries()) {
          const next = left?.spans[n + 1];
          if (next === undefined) continue;
          const gap = (instantMs(next.from) ?? 0) - (instantMs(span.to) ?? 0);
          expect(gap).toBeGreaterThan(EXPOSURE_GAP_DAYS * DAY_MS);
        }
      }),
    );
  });
});
