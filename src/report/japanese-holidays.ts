/** Japanese national holidays by rule, so that a deadline can say 「月・祝」 without a table that ages. */

interface Day {
  readonly month: number;
  readonly day: number;
}

const FIRST_YEAR = 2024;
const LAST_YEAR = 2035;

/** Holidays that fall on the same date every year (Act on National Holidays, article 2). */
const FIXED: readonly Day[] = [
  { month: 1, day: 1 },
  { month: 2, day: 11 },
  { month: 2, day: 23 },
  { month: 4, day: 29 },
  { month: 5, day: 3 },
  { month: 5, day: 4 },
  { month: 5, day: 5 },
  { month: 8, day: 11 },
  { month: 11, day: 3 },
  { month: 11, day: 23 },
];

/** "Happy Monday" holidays: the n-th Monday of the month. */
const MONDAYS: readonly { readonly month: number; readonly nth: number }[] = [
  { month: 1, nth: 2 },
  { month: 7, nth: 3 },
  { month: 9, nth: 3 },
  { month: 10, nth: 2 },
];

function weekday(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

function nthMonday(year: number, month: number, nth: number): number {
  const first = weekday(year, month, 1);
  return 1 + ((8 - first) % 7) + (nth - 1) * 7;
}

/**
 * Day of the equinox in Japan. The approximation of the Hydrographic Department (Ebisawa), good for 1980 to 2099;
 * the date itself becomes law in the official gazette of the February before.
 */
function equinoxes(year: number): readonly Day[] {
  const years = year - 1980;
  const drift = 0.242194 * years - Math.floor(years / 4);
  return [
    { month: 3, day: Math.floor(20.8431 + drift) },
    { month: 9, day: Math.floor(23.2488 + drift) },
  ];
}

function iso(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function holidaysOf(year: number): ReadonlySet<string> {
  const national = new Set<string>([
    ...[...FIXED, ...equinoxes(year)].map(({ month, day }) => iso(year, month, day)),
    ...MONDAYS.map(({ month, nth }) => iso(year, month, nthMonday(year, month, nth))),
  ]);
  const all = new Set(national);
  for (const date of national) {
    // Article 3(2): a holiday on a Sunday moves the day off to the next day that is not a holiday itself.
    if (new Date(`${date}T00:00:00Z`).getUTCDay() === 0) {
      let substitute = dayAfter(date);
      while (national.has(substitute)) substitute = dayAfter(substitute);
      all.add(substitute);
    }
    // Article 3(3): a day between two holidays is a day off as well (22 September 2026, 21 September 2032).
    const between = dayAfter(date);
    if (national.has(dayAfter(between))) all.add(between);
  }
  return all;
}

const known = new Map<number, ReadonlySet<string>>();

/** Whether a local date "2026-11-23" is a day off by law in Japan. Years outside 2024–2035 are never said to be one. */
export function isJapaneseHoliday(date: string): boolean {
  const year = Number(date.slice(0, 4));
  if (!Number.isInteger(year) || year < FIRST_YEAR || year > LAST_YEAR) return false;
  const holidays = known.get(year) ?? holidaysOf(year);
  known.set(year, holidays);
  return holidays.has(date);
}
