/**
 * Dates without a library. Instants are ISO-8601 UTC texts ("2026-11-20T00:05:00Z", with or without milliseconds);
 * where said, a bare date ("2026-11-20") stands for its first moment in UTC.
 */

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
export const DAY_MS = 86_400_000;

/** True for an ISO-8601 UTC date and time that exists in the calendar. Leap seconds and other offsets are refused. */
export function isInstant(text: string): boolean {
  return calendarDay(INSTANT.exec(text)) && !Number.isNaN(Date.parse(text));
}

/** True for "YYYY-MM-DD" that exists in the calendar. */
export function isDate(text: string): boolean {
  return calendarDay(DATE.exec(text));
}

/** Date.parse takes 30 February for 2 March; this does not. */
function calendarDay(match: RegExpExecArray | null): boolean {
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Milliseconds since 1970 of an instant or a bare date; undefined when the text is neither. */
export function instantMs(text: string): number | undefined {
  return isInstant(text) || isDate(text) ? Date.parse(text) : undefined;
}

function requireMs(text: string): number {
  const ms = instantMs(text);
  if (ms === undefined)
    throw new RangeError(`"${text}" is not an ISO-8601 date such as 2026-11-20T00:05:00Z`);
  return ms;
}

/** "2026-11-20T00:05:00Z": UTC, whole seconds (cut, not rounded), the form of every date that this tool writes. */
export function formatInstant(date: Date): string {
  return `${date.toISOString().slice(0, -5)}Z`;
}

/**
 * Whole days of 24 hours from `from` to `to`, cut towards zero; negative when `to` is earlier.
 *
 * @throws RangeError when either is neither an instant nor a date.
 */
export function daysBetween(from: string, to: string): number {
  const days = Math.trunc((requireMs(to) - requireMs(from)) / DAY_MS);
  return days === 0 ? 0 : days;
}

/**
 * `days` times 24 hours later; a bare date stays a bare date.
 *
 * @throws RangeError when `iso` is neither an instant nor a date, or the result lies outside the years 0–9999.
 */
export function addDays(iso: string, days: number): string {
  const moved = formatInstant(new Date(requireMs(iso) + days * DAY_MS));
  if (!isInstant(moved)) throw new RangeError(`${iso} moved by ${days} days leaves the calendar`);
  return isDate(iso) ? moved.slice(0, 10) : moved;
}

/** Orders instants and dates by time; texts that are neither come last, by code unit. */
export function compareInstants(a: string, b: string): number {
  const left = instantMs(a);
  const right = instantMs(b);
  if (left !== undefined && right !== undefined) return left - right;
  if (left === right) return a < b ? -1 : Number(a > b);
  return left === undefined ? 1 : -1;
}

/** The earliest of the texts that are instants or dates; undefined when none is. */
export function earliest(texts: Iterable<string | undefined>): string | undefined {
  return pick(texts, (candidate, best) => candidate < best);
}

/** The latest of the texts that are instants or dates; undefined when none is. */
export function latest(texts: Iterable<string | undefined>): string | undefined {
  return pick(texts, (candidate, best) => candidate > best);
}

function pick(
  texts: Iterable<string | undefined>,
  better: (candidate: number, best: number) => boolean,
): string | undefined {
  let best: { text: string; ms: number } | undefined;
  for (const text of texts) {
    const ms = text === undefined ? undefined : instantMs(text);
    if (text === undefined || ms === undefined) continue;
    if (best === undefined || better(ms, best.ms)) best = { text, ms };
  }
  return best?.text;
}

export interface LocalDate {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  /** 0 = Sunday … 6 = Saturday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

/** Making a formatter costs far more than using it: a report formats thousands of dates in one zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
}

/**
 * The calendar and clock of a place at an instant.
 *
 * @param timeZone IANA name, "Asia/Tokyo".
 * @throws RangeError when `iso` is neither an instant nor a date, or the zone is not known.
 */
export function localDate(iso: string, timeZone: string): LocalDate {
  const parts = new Map(
    formatterFor(timeZone)
      .formatToParts(requireMs(iso))
      .map(({ type, value }) => [type, Number(value)] as const),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const [year, month, day] = [part('year'), part('month'), part('day')];
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, weekday, hour: part('hour'), minute: part('minute') };
}
