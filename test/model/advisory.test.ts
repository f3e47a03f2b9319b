import { describe, expect, it } from 'vitest';
import { advisoryAge, advisoryAgeOf } from '../../src/model/advisory.ts';

describe('age of the advisory data', () => {
  it.each([
    ['2026-11-20T00:00:00Z', 0, false],
    ['2026-12-04T23:59:59Z', 14, false],
    ['2026-12-05T00:00:00Z', 15, true],
    ['2027-11-20T00:00:00Z', 365, true],
    // Data of tomorrow (another time zone), or a run judged again by newer data.
    ['2026-11-19T20:00:00Z', 0, false],
  ])('at %s', (at, days, stale) => {
    expect(advisoryAge('2026-11-20', at)).toEqual({ date: '2026-11-20', days, stale });
  });

  it('claims nothing of dates that cannot be read', () => {
    for (const [date, at] of [
      ['', '2026-11-20T00:00:00Z'],
      ['2026-11-20', ''],
      ['2026-02-30', '2026-11-20T00:00:00Z'],
    ] as const)
      expect(advisoryAge(date, at)).toEqual({ date, days: undefined, stale: false });
  });

  it('is what a snapshot kept, or as of the end of its run where it kept nothing', () => {
    const endedAt = '2026-11-20T00:00:00Z';
    const age = (tool: { advisoryData: string; advisoryAgeDays?: number }) =>
      advisoryAgeOf({ tool, endedAt });
    expect(age({ advisoryData: '2026-11-05', advisoryAgeDays: 3 })).toMatchObject({ days: 3, stale: false });
    expect(age({ advisoryData: '2026-11-05' })).toMatchObject({ days: 15, stale: true });
  });
});
