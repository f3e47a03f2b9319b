import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  compareInstants,
  daysBetween,
  earliest,
  formatInstant,
  instantMs,
  isDate,
  isInstant,
  latest,
  localDate,
} from '../../src/lib/time.ts';

const instants = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('isInstant', () => {
  it.each([
    '2026-11-20T00:05:00Z',
    '2026-11-20T23:59:59.999Z',
    '2024-02-29T12:00:00Z',
    '0001-01-01T00:00:00Z',
  ])('takes %s', (text) => expect(isInstant(text)).toBe(true));

  it.each([
    '',
    '2026-11-20',
    '2026-11-20T00:05Z',
    '2026-11-20T00:05:00',
    '2026-11-20T00:05:00+09:00',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T00:60:00Z',
    ' 2026-11-20T00:05:00Z',
    '2026-11-20T00:05:00Z\n',
    '２０２６-11-20T00:05:00Z',
  ])('refuses %j', (text) => expect(isInstant(text)).toBe(false));

  it('takes whatever Date writes', () => {
    fc.assert(fc.property(instants, (text) => isInstant(text)));
  });
});

describe('isDate', () => {
  it('knows the calendar', () => {
    expect(['2024-02-29', '2026-12-31'].map(isDate)).toEqual([true, true]);
    expect(['2025-02-29', '2026-11-31', '2026-1-1', '2026-11-20T00:00:00Z'].map(isDate)).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });
});

describe('daysBetween and addDays', () => {
  it('counts whole days of 24 hours, cut towards zero', () => {
    expect(daysBetween('2026-11-20T00:00:00Z', '2026-11-20T23:59:59Z')).toBe(0);
    expect(daysBetween('2026-11-20T00:00:01Z', '2026-11-20T00:00:00Z')).toBe(0);
    expect(Object.is(daysBetween('2026-11-20T00:00:01Z', '2026-11-20T00:00:00Z'), 0)).toBe(true);
    expect(daysBetween('2026-11-20', '2026-12-20T12:00:00Z')).toBe(30);
    expect(daysBetween('2026-12-20', '2026-11-20')).toBe(-30);
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
  });

  it('keeps a bare date bare', () => {
    expect(addDays('2026-11-20', 60)).toBe('2027-01-19');
    expect(addDays('2026-11-20T09:30:15.500Z', -1)).toBe('2026-11-19T09:30:15Z');
  });

  it('undo each other', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -5000, max: 5000 }), (text, days) => {
        const whole = formatInstant(new Date(text));
        const moved = addDays(whole, days);
        return daysBetween(whole, moved) === days && addDays(moved, -days) === whole;
      }),
    );
  });

  it('say what they expected', () => {
    expect(() => daysBetween('yesterday', '2026-11-20')).toThrow(/"yesterday" is not an ISO-8601 date/);
    expect(() => addDays('2026-02-30', 1)).toThrow(RangeError);
    expect(() => addDays('9999-12-31', 1)).toThrow(/leaves the calendar/);
  });
});

describe('ordering', () => {
  it('is by time, not by text: with and without milliseconds', () => {
    expect(compareInstants('2026-11-20T00:00:00.500Z', '2026-11-20T00:00:00Z')).toBeGreaterThan(0);
    expect(compareInstants('2026-11-20', '2026-11-20T00:00:00Z')).toBe(0);
    expect(['soon', '2026-11-20', 'late', '2020-01-01'].toSorted(compareInstants)).toEqual([
      '2020-01-01',
      '2026-11-20',
      'late',
      'soon',
    ]);
  });

  it('finds the ends and leaves out what is no date', () => {
    const texts = ['x', undefined, '2026-11-20T00:00:00.500Z', '2026-11-20T00:00:00Z', '2025-01-01'];
    expect(earliest(texts)).toBe('2025-01-01');
    expect(latest(texts)).toBe('2026-11-20T00:00:00.500Z');
    expect(earliest(['x', undefined])).toBeUndefined();
    expect(instantMs('x')).toBeUndefined();
  });
});

describe('localDate', () => {
  it('tells the clock of a place', () => {
    expect(localDate('2026-11-19T15:05:00Z', 'Asia/Tokyo')).toEqual({
      year: 2026,
      month: 11,
      day: 20,
      weekday: 5,
      hour: 0,
      minute: 5,
    });
    expect(localDate('2026-03-08T06:59:00Z', 'America/New_York')).toMatchObject({
      day: 8,
      hour: 1,
      minute: 59,
    });
    expect(localDate('2026-03-08T07:00:00Z', 'America/New_York')).toMatchObject({
      day: 8,
      hour: 3,
      weekday: 0,
    });
    expect(localDate('2026-11-20', 'Asia/Kathmandu')).toMatchObject({ hour: 5, minute: 45 });
  });

  it('agrees with UTC in UTC', () => {
    fc.assert(
      fc.property(instants, (text) => {
        const date = new Date(text);
        const local = localDate(text, 'UTC');
        expect(local).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
          weekday: date.getUTCDay(),
          hour: date.getUTCHours(),
          minute: date.getUTCMinutes(),
        });
      }),
    );
  });

  it('refuses zones and dates that do not exist', () => {
    expect(() => localDate('2026-11-20', 'Asia/Tokio')).toThrow(RangeError);
    expect(() => localDate('today', 'Asia/Tokyo')).toThrow(RangeError);
  });
});

it('formatInstant cuts milliseconds', () => {
  expect(formatInstant(new Date('2026-11-20T00:05:00.999Z'))).toBe('2026-11-20T00:05:00Z');
});
