import { describe, expect, it } from 'vitest';
import { addDays, makeDates } from '../../src/report/dates.ts';

const NOW = '2026-11-20T00:38:00Z';

describe('report/dates', () => {
  it('writes Japanese dates with weekday and holiday, in the zone of the organisation', () => {
    const dates = makeDates('Asia/Tokyo', 'ja', NOW);
    expect(dates.full('2026-11-22T15:00:00Z')).toBe('2026年11月23日（月・祝）');
    expect(dates.short('2026-11-22T14:59:59Z')).toBe('11月22日（日）');
    expect(dates.short('2027-03-31T14:59:59Z')).toBe('2027年3月31日（水）');
    expect(dates.moment('2026-11-20T00:04:11Z')).toBe('2026年11月20日（金）09:04 JST');
    expect(dates.zone).toBe('JST');
  });

  it('writes English dates, and no Japanese holiday elsewhere', () => {
    expect(makeDates('Asia/Tokyo', 'en', NOW).full('2026-11-23')).toBe('Mon 23 November 2026 (holiday)');
    const taipei = makeDates('Asia/Taipei', 'en', NOW);
    expect(taipei.full('2026-11-23')).toBe('Mon 23 November 2026');
    expect(taipei.zone).toBe('UTC+8');
  });

  it('does not move a bare date with the zone', () => {
    expect(makeDates('America/Los_Angeles', 'en', NOW).numeric('2026-11-18')).toBe('2026-11-18');
  });

  it('shows a dash for what is no date', () => {
    const dates = makeDates('Asia/Tokyo', 'ja', NOW);
    for (const text of ['', 'yesterday', '<script>']) expect(dates.full(text)).toBe('–');
    expect(dates.daysBetween('x', NOW)).toBeUndefined();
    expect(dates.daysBetween('2026-11-18', NOW)).toBe(2);
    expect(dates.daysBetween('2027-11-18', NOW)).toBe(0);
    expect(addDays('x', 3)).toBe('x');
  });
});
