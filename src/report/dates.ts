import { isJapaneseHoliday } from './japanese-holidays.ts';

export type Language = 'ja' | 'en';

/** Dates as people read them, in the organisation's own time zone. Every function takes ISO-8601 and gives '–' for anything else. */
export interface Dates {
  /** 2026年11月20日（金） · Fri 20 November 2026 */
  readonly full: (at: string) => string;
  /** 11月20日（金）; with the year when it is not the year of the run. */
  readonly short: (at: string) => string;
  /** 2026-11-20, for tables. */
  readonly numeric: (at: string) => string;
  /** 09:04 */
  readonly clock: (at: string) => string;
  /** Day and time of day; with the zone unless `zone` is false. */
  readonly moment: (at: string, zone?: boolean) => string;
  /** Abbreviation of the zone: JST, UTC+8. */
  readonly zone: string;
  /** Whole days from one moment to another, never below 0; undefined when one cannot be read. */
  readonly daysBetween: (from: string, to: string) => number | undefined;
}

interface Local {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly clock: string;
  readonly iso: string;
}

const WEEKDAYS = {
  ja: ['日', '月', '火', '水', '木', '金', '土'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const;
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAY_MS = 86_400_000;

export function makeDates(timezone: string, lang: Language, now: string): Dates {
  const read = localReader(timezone);
  const thisYear = read(now)?.year;
  const abbreviation = zoneName(timezone, now);
  const japan = timezone === 'Asia/Tokyo' || timezone === 'Japan';
  const render = (at: string, write: (local: Local) => string): string => {
    const local = read(at);
    return local === undefined ? '–' : write(local);
  };
  const withYear = (local: Local): string => writeDay(local, lang, true, japan);
  return {
    full: (at) => render(at, withYear),
    short: (at) => render(at, (local) => writeDay(local, lang, local.year !== thisYear, japan)),
    numeric: (at) => render(at, ({ iso }) => iso),
    clock: (at) => render(at, ({ clock }) => clock),
    moment: (at, zone = true) =>
      render(at, (local) => {
        const day = writeDay(local, lang, zone || local.year !== thisYear, japan);
        const time = zone ? `${local.clock} ${abbreviation}` : local.clock;
        return lang === 'ja' ? `${day}${time}` : `${day}, ${time}`;
      }),
    zone: abbreviation,
    daysBetween: (from, to) => {
      const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
      return Number.isFinite(days) ? Math.max(0, Math.floor(days)) : undefined;
    },
  };
}

/** `at` plus whole days, ISO-8601 UTC; the text itself when it is no date. */
export function addDays(at: string, days: number): string {
  const time = Date.parse(at);
  return Number.isFinite(time) ? new Date(time + days * DAY_MS).toISOString() : at;
}

function writeDay(local: Local, lang: Language, year: boolean, japan: boolean): string {
  const weekday = WEEKDAYS[lang][local.weekday] ?? '';
  const off = japan && isJapaneseHoliday(local.iso);
  if (lang === 'ja') {
    return `${year ? `${local.year}年` : ''}${local.month}月${local.day}日（${weekday}${off ? '・祝' : ''}）`;
  }
  const name = MONTHS[local.month - 1] ?? '';
  return `${weekday} ${local.day} ${name}${year ? ` ${local.year}` : ''}${off ? ' (holiday)' : ''}`;
}

function localReader(timezone: string): (at: string) => Local | undefined {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    calendar: 'gregory',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const read = (at: string): Local | undefined => {
    // A bare date is a calendar day, not a moment: it must not move with the zone.
    const bare = /^(\d{4})-(\d{2})-(\d{2})$/.exec(at);
    const time = Date.parse(at);
    if (!Number.isFinite(time)) return undefined;
    if (bare !== null) return localDay(Number(bare[1]), Number(bare[2]), Number(bare[3]), '00:00');
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
    return localDay(
      Number(part('year')),
      Number(part('month')),
      Number(part('day')),
      `${part('hour')}:${part('minute')}`,
    );
  };
  // A large run says the same moments thousands of times, and asking for the calendar is slow.
  const known = new Map<string, Local | undefined>();
  return (at) => {
    if (!known.has(at)) known.set(at, read(at));
    return known.get(at);
  };
}

function localDay(year: number, month: number, day: number, clock: string): Local {
  const utc = new Date(Date.UTC(year, month - 1, day));
  return { year, month, day, weekday: utc.getUTCDay(), clock, iso: utc.toISOString().slice(0, 10) };
}

function zoneName(timezone: string, now: string): string {
  if (timezone === 'Asia/Tokyo' || timezone === 'Japan') return 'JST';
  const time = Date.parse(now);
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'shortOffset' });
  const name = format
    .formatToParts(Number.isFinite(time) ? time : 0)
    .find(({ type }) => type === 'timeZoneName');
  return (name?.value ?? timezone).replace('GMT', 'UTC');
}
