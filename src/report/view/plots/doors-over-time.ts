/** How many doors each connection point had, month by month, as the stored runs tell. */
import { isBlind } from '../../../model/coverage.ts';
import { instantMs, localDate } from '../../../lib/time.ts';
import type { RunSummary } from '../../../model/history.ts';
import type { DoorsOverTimePlot } from '../../view-model-sections.ts';
import { siteName, type Context } from '../context.ts';
import { isComplete } from '../cover.ts';

const MONTHS_DRAWN = 12;
const SITES_DRAWN = 20;

type Counted = Pick<RunSummary, 'runId' | 'endedAt' | 'complete' | 'passive' | 'blind' | 'doors'>;
type Counts = readonly (number | undefined)[];

/** Months with an own look by this. Undefined: fewer than two, so nothing moves yet. */
export function buildDoorsOverTime(context: Context): DoorsOverTimePlot | undefined {
  const { m, snapshot } = context;
  const say = m.plots.doorsOverTime;
  const newest = newestOfMonth(context);
  const now = monthOf(snapshot.endedAt, snapshot.timezone);
  const first = Math.min(...newest.keys());
  if (newest.size < 2 || now === undefined) return undefined;
  const months = range(Math.max(first, now - MONTHS_DRAWN + 1), now);
  if (months.filter((month) => newest.has(month)).length < 2) return undefined;
  const runs = months.map((month) => newest.get(month));
  const countsOf = (ids: (siteId: string) => boolean): Counts =>
    runs.map((run) =>
      run === undefined
        ? undefined
        : Object.entries(run.doors).reduce((sum, [id, count]) => (ids(id) ? sum + count : sum), 0),
    );
  const known = snapshot.sites.map(({ id }) => id);
  const sites = known
    .map((id) => ({ name: siteName(context, id), counts: countsOf((one) => one === id) }))
    .filter(({ counts }) => peak(counts) > 0)
    .toSorted((a, b) => (b.counts.at(-1) ?? 0) - (a.counts.at(-1) ?? 0) || peak(b.counts) - peak(a.counts));
  const gone = { name: say.gone, counts: countsOf((id) => !known.includes(id)) };
  const named = [...sites, ...(peak(gone.counts) > 0 ? [gone] : [])];
  const all = { name: say.all, counts: countsOf(() => true) };
  const rows = named.length === 1 ? named : [all, ...named.slice(0, SITES_DRAWN)];
  const texts = months.map(
    (month) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`,
  );
  let year = 0;
  return {
    kind: 'doors-over-time',
    id: 'plot-doors-over-time',
    title: say.title,
    label: say.label(rows.length, months.length),
    note: say.note,
    months: months.map((month) => {
      const isNew = Math.floor(month / 12) !== year;
      year = Math.floor(month / 12);
      return { text: m.plots.monthName((month % 12) + 1), over: isNew ? m.plots.yearName(year) : '' };
    }),
    rows,
    text: {
      head: [say.site, ...texts],
      rows: rows.map(({ name, counts }) => [
        name,
        ...counts.map((count) => (count === undefined ? say.noRunWord : m.number(count))),
      ]),
    },
    more: named.length > SITES_DRAWN ? say.moreSites(named.length - SITES_DRAWN) : undefined,
  };
}

function peak(counts: Counts): number {
  return Math.max(0, ...counts.map((count) => count ?? 0));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** The newest run of each month that looked for itself; one that was finished goes before one that was not. */
function newestOfMonth(context: Context): Map<number, Counted> {
  const { history, snapshot } = context;
  const own = thisRun(context);
  const runs = [...history.filter(({ runId }) => runId !== own.runId), own].filter(
    // What was cut short and found nothing says nothing.
    ({ passive, blind, complete, doors }) =>
      !passive && !blind && (complete || Object.keys(doors).length > 0),
  );
  const newest = new Map<number, Counted>();
  for (const run of runs.toSorted((a, b) => (a.endedAt < b.endedAt ? -1 : Number(a.endedAt > b.endedAt)))) {
    const month = monthOf(run.endedAt, snapshot.timezone);
    if (month === undefined) continue;
    if (run.complete || newest.get(month)?.complete !== true) newest.set(month, run);
  }
  return newest;
}

/** Months since the year 0 at a place. */
function monthOf(at: string, timezone: string): number | undefined {
  if (instantMs(at) === undefined) return undefined;
  const { year, month } = localDate(at, timezone);
  return year * 12 + month - 1;
}

function thisRun(context: Context): Counted {
  const { snapshot, findings } = context;
  const places = new Map(
    findings
      .filter(({ inputs }) => inputs.role === 'door' && inputs.reach === 'everyone')
      .map(({ subject, siteId }) => [subject, siteId ?? '']),
  );
  const doors = new Map<string, number>();
  for (const siteId of places.values()) doors.set(siteId, (doors.get(siteId) ?? 0) + 1);
  const { runId, endedAt, passive, coverage } = snapshot;
  return {
    runId,
    endedAt,
    complete: isComplete(context),
    passive,
    blind: isBlind(coverage),
    doors: Object.fromEntries(doors),
  };
}
