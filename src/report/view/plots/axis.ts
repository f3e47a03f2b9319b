/** A common axis of dates with ticks at the beginnings of months in the organisation's own zone. Pure. */
import { DAY_MS, instantMs, localDate } from '../../../lib/time.ts';
import type { LifelinesPlot } from '../../view-model-sections.ts';
import type { Context } from '../context.ts';

export interface Axis {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly ticks: LifelinesPlot['axis'];
  /** 0 at the start, 1 at the end; what lies outside is moved to the edge. */
  readonly at: (ms: number) => number;
}

const LEAST_MS = 30 * DAY_MS;
/** Older than this is said in words: bars of days would be too thin to see. */
const MOST_MS = 731 * DAY_MS;
const MOST_TICKS = 13;
const MONTH_STEPS = [1, 2, 3, 6, 12] as const;
const DAYS_BELOW = 45 * DAY_MS;

export function makeAxis(context: Context, first: number, last: number): Axis {
  const end = last;
  const start = Math.max(Math.min(first, end - LEAST_MS), end - MOST_MS);
  const at = (ms: number): number => {
    const share = (ms - start) / (end - start);
    return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 10_000;
  };
  const ticks = end - start <= DAYS_BELOW ? dayTicks(context, start, end) : monthTicks(context, start, end);
  let year = 0;
  return {
    start,
    end,
    at,
    ticks: ticks.map((tick) => {
      const over = tick.year === year ? '' : context.m.plots.yearName(tick.year);
      year = tick.year;
      return { at: at(tick.ms), text: tick.text, over };
    }),
  };
}

interface Tick {
  readonly ms: number;
  readonly year: number;
  readonly text: string;
}

function monthTicks({ m, snapshot }: Context, start: number, end: number): Tick[] {
  const { year, month } = localDate(new Date(start).toISOString(), snapshot.timezone);
  const all: Tick[] = [];
  for (let index = 1; ; index += 1) {
    const count = year * 12 + month - 1 + index;
    const [tickYear, tickMonth] = [Math.floor(count / 12), (count % 12) + 1];
    const ms = midnight(tickYear, tickMonth, 1, snapshot.timezone);
    if (ms > end) break;
    all.push({ ms, year: tickYear, text: m.plots.monthName(tickMonth) });
  }
  const step = MONTH_STEPS.find((months) => all.length / months <= MOST_TICKS) ?? 12;
  const first = all.findIndex(({ ms }) => (localMonth(ms, snapshot.timezone) - 1) % step === 0);
  return all.filter((_, index) => (index - Math.max(0, first)) % step === 0);
}

function localMonth(ms: number, timezone: string): number {
  return localDate(new Date(ms).toISOString(), timezone).month;
}

function dayTicks({ m, snapshot }: Context, start: number, end: number): Tick[] {
  const ticks: Tick[] = [];
  for (let back = 0; ; back += 7) {
    const { year, month, day } = localDate(new Date(end - back * DAY_MS).toISOString(), snapshot.timezone);
    const ms = midnight(year, month, day, snapshot.timezone);
    if (ms < start) return ticks.toReversed();
    ticks.push({ ms, year, text: m.plots.dayName(month, day) });
  }
}

/** First moment of a day at a place, in milliseconds since 1970; where the clocks jump over midnight, at most an hour off. */
function midnight(year: number, month: number, day: number, timezone: string): number {
  const wanted = Date.UTC(year, month - 1, day);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) {
    const local = localDate(new Date(guess).toISOString(), timezone);
    const shown = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
    guess += wanted - shown;
  }
  return guess;
}

/**
 * Milliseconds of an instant, of a day (its first moment at the organisation's place) or of a month; undefined for anything else,
 * and for dates that no calendar of a report has.
 */
export function momentMs(text: string, timezone: string): number | undefined {
  const day = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text);
  if (day === null) return instantMs(text);
  const full = day[3] === undefined ? `${text}-01` : text;
  return instantMs(full) === undefined
    ? undefined
    : midnight(Number(day[1]), Number(day[2]), Number(day[3] ?? 1), timezone);
}
