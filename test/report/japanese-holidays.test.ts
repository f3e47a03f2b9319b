import { describe, expect, it } from 'vitest';
import { isJapaneseHoliday } from '../../src/report/japanese-holidays.ts';

/** Cabinet Office of Japan, list of national holidays 2024–2027 (as announced), days off in order. */
const DAYS_OFF: Record<string, string> = {
  2024: '01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 11-03 11-04 11-23',
  2025: '01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24',
  2026: '01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23',
  2027: '01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23',
};

function daysOff(year: number): string[] {
  const days: string[] = [];
  for (let at = Date.UTC(year, 0, 1); new Date(at).getUTCFullYear() === year; at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    if (isJapaneseHoliday(date)) days.push(date.slice(5));
  }
  return days;
}

describe('report/japanese-holidays', () => {
  it.each(Object.keys(DAYS_OFF))('knows the days off of %s', (year) => {
    expect(daysOff(Number(year)).join(' ')).toBe(DAYS_OFF[year]);
  });

  it('moves the equinoxes', () => {
    const vernal = [2024, 2027, 2028, 2031, 2035].map((year) =>
      daysOff(year).find((day) => /^03-2[01]$/.test(day)),
    );
    expect(vernal).toEqual(['03-20', '03-21', '03-20', '03-21', '03-21']);
    expect(isJapaneseHoliday('2032-09-21')).toBe(true); // between Respect for the Aged Day and the equinox
  });

  it('says nothing about years it was not made for, nor about what is no date', () => {
    for (const text of ['2023-01-01', '2036-01-01', '', 'x', '2026-13-01', '2026-11-24']) {
      expect(isJapaneseHoliday(text)).toBe(false);
    }
  });
});
