/** Since when each door is known to be open, against the time of which logs are left. */
import { DAY_MS, instantMs } from '../../../lib/time.ts';
import type { LifelineRow, LifelinesPlot } from '../../view-model-sections.ts';
import type { Context, Entry } from '../context.ts';
import { logDays } from '../numbers.ts';
import { makeAxis, type Axis } from './axis.ts';
import { openTime, type OpenTime } from './open-time.ts';
import { doorEntries, moreText, plotRow, rowNames, ROWS_DRAWN } from './rows.ts';
import { LETTERS, noticesOf, noticeText, type Letter, type Notice } from './ticks.ts';

const TICKS_DRAWN = 6;
const NOTICES_WRITTEN = 12;

interface Life {
  readonly entry: Entry;
  readonly time: OpenTime | undefined;
  readonly notices: readonly Notice[];
  /** Days of logs left; undefined: nobody has answered. */
  readonly logs: number | undefined;
}

/** Undefined: no door to draw. */
export function buildLifelines(context: Context): LifelinesPlot | undefined {
  const all = doorEntries(context);
  const end = instantMs(context.snapshot.endedAt);
  if (all.length === 0 || end === undefined) return undefined;
  const lives = all.slice(0, ROWS_DRAWN).map((entry): Life => ({
    entry,
    time: openTime(entry.service),
    notices: noticesOf(context, entry.finding),
    logs: entry.finding === undefined ? undefined : logDays(context, entry.finding),
  }));
  const moments = lives.flatMap(({ time }) =>
    time === undefined ? [] : [...time.spans.flatMap(({ from, to }) => [from, to]), ...time.shut],
  );
  const axis = makeAxis(context, Math.min(end, ...moments), Math.max(end, ...moments));
  const say = context.m.plots.lifelines;
  const letters = new Set(lives.flatMap(({ notices }) => drawnNotices(notices).map(({ what }) => what)));
  const rows = lives.map((life) => lifeline(context, life, axis, end));
  return {
    kind: 'lifelines',
    id: 'plot-lifelines',
    title: say.title,
    label: say.label(rows.length),
    note: say.note,
    axis: axis.ticks,
    now: { at: axis.at(end), text: say.now(monthDay(context)) },
    letters: LETTERS.filter((letter) => letters.has(letter)).map((letter) => say.letters[letter]),
    rows,
    text: {
      head: [
        context.m.plots.id,
        context.m.plots.door,
        say.first,
        say.last,
        say.known,
        say.notices,
        say.logDays,
      ],
      rows: lives.map((life, index) => textRow(context, life, rows[index])),
    },
    more: moreText(context, all.length),
  };
}

function monthDay({ dates, snapshot }: Context): string {
  return dates.numeric(snapshot.endedAt).slice(5);
}

function lifeline(context: Context, life: Life, axis: Axis, end: number): LifelineRow {
  const { entry, time, notices, logs } = life;
  const say = context.m.plots.lifelines;
  const open = openText(context, time);
  const logText = logs === undefined ? say.logsUnknown : say.logs(logs);
  const drawn = drawnNotices(notices);
  const first = time?.spans[0]?.from;
  const since = first === undefined ? [] : [say.firstSeen(dayText(context, first))];
  return {
    ...plotRow(context, entry, [...since, open, logText, ...drawn.map((one) => noticeText(context, one))]),
    bars: (time?.spans ?? [])
      .filter(({ to }) => to >= axis.start)
      .map(({ from, to, seen }) => ({ from: axis.at(from), to: axis.at(to), seen })),
    gaps: (time?.gaps ?? [])
      .filter(({ to }) => to >= axis.start)
      .map(({ from, to }) => ({ from: axis.at(from), to: axis.at(to) })),
    shut: (time?.shut ?? []).filter((at) => at >= axis.start).map(axis.at),
    earlier: first !== undefined && first < axis.start,
    ticks: ticksOf(context, drawn, axis),
    logsFrom: logs === undefined ? undefined : axis.at(logs === 0 ? axis.end : end - logs * DAY_MS),
    open,
    logs: logText,
  };
}

/** What is older than the picture stands at its edge, each kind once: that it was known before matters, not when. */
function ticksOf(context: Context, notices: readonly Notice[], axis: Axis): LifelineRow['ticks'] {
  const earlier = new Map(notices.filter(({ ms }) => ms < axis.start).map((one) => [one.what, one]));
  return [...earlier.values(), ...notices.filter(({ ms }) => ms >= axis.start)].map((one) => ({
    at: axis.at(one.ms),
    earlier: one.ms < axis.start,
    letter: context.m.plots.lifelines.letters[one.what].letter,
    text: noticeText(context, one),
  }));
}

/** Of each kind the first and the newest: between them nothing changes in what they say. */
function drawnNotices(notices: readonly Notice[]): Notice[] {
  const kept = new Map<Letter, Notice[]>();
  for (const one of notices) kept.set(one.what, [...(kept.get(one.what) ?? []).slice(0, 1), one]);
  return LETTERS.flatMap((letter) => kept.get(letter) ?? [])
    .slice(0, TICKS_DRAWN)
    .toSorted((a, b) => a.ms - b.ms);
}

function openText(context: Context, time: OpenTime | undefined): string {
  const say = context.m.plots.lifelines;
  const last = time?.spans.at(-1);
  if (time === undefined || last === undefined) return say.undated;
  const days = Math.floor((last.to - last.from) / DAY_MS);
  if (time.shut.some((at) => at > last.to)) return say.shutSince(dayText(context, last.to));
  return days === 0 ? say.seenOn(dayText(context, last.to)) : say.open(days);
}

function dayText({ dates }: Context, ms: number): string {
  return dates.numeric(new Date(ms).toISOString());
}

function textRow(context: Context, life: Life, row: LifelineRow | undefined): string[] {
  if (row === undefined) return [];
  const say = context.m.plots.lifelines;
  const { entry, time, notices, logs } = life;
  const [first, last] = [time?.spans[0], time?.spans.at(-1)];
  const written = notices.slice(-NOTICES_WRITTEN).map((one) => noticeText(context, one));
  const daysText = logs === 0 ? say.none : context.m.plots.days(logs ?? 0);
  return [
    ...rowNames(context, row, entry.finding),
    first === undefined ? say.dateUnknown : dayText(context, first.from),
    last === undefined ? say.dateUnknown : dayText(context, last.to),
    row.open,
    written.length === 0 ? context.m.dash : written.join(context.m.clauseSeparator),
    logs === undefined ? say.noAnswer : daysText,
  ];
}

/** Numbers of the doors of the picture of which nobody has told how far back their logs go. */
export function unansweredLogs(context: Context): string[] {
  return doorEntries(context)
    .slice(0, ROWS_DRAWN)
    .flatMap((entry) =>
      entry.finding !== undefined && logDays(context, entry.finding) === undefined
        ? [plotRow(context, entry, []).id]
        : [],
    );
}
