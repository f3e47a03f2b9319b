/** How the numbers moved, month by month. */
import { showable } from '../../lib/hostile-text.ts';
import type { RunSummary } from '../../model/history.ts';
import type { Dates } from '../dates.ts';
import type { Messages } from '../messages/index.ts';
import type { DoorsOverTimePlot } from '../view-model-sections.ts';
import type { IndexInput } from './index-model.ts';

const VANTAGES = 3;
const MONTHS = 24;
const SITES = 12;

interface Series {
  readonly vantage: string;
  readonly months: readonly string[];
  /** The last run of each month; undefined: there was none. */
  readonly runs: readonly (RunSummary | undefined)[];
}

/**
 * Doors of each site and urgent findings for each vantage point, those first that looked last. Runs from records alone, and those
 * that saw nothing, are no point on a line: their zeros are no result.
 *
 * @param summaries oldest first
 */
export function trendsOf(
  summaries: readonly RunSummary[],
  input: Pick<IndexInput, 'lang' | 'sites'>,
  dates: Dates,
  m: Messages,
): { readonly plots: readonly DoorsOverTimePlot[]; readonly left: number } {
  const looks = summaries.filter(
    ({ passive, blind, complete, doors }) =>
      !passive && !blind && (complete || Object.keys(doors).length > 0),
  );
  const vantages = [...new Set(looks.toReversed().map(({ vantage }) => vantage))];
  const series = vantages
    .map((vantage) =>
      monthly(
        looks.filter((run) => run.vantage === vantage),
        vantage,
        dates,
      ),
    )
    .filter(({ months }) => months.length > 1);
  return {
    plots: series
      .slice(0, VANTAGES)
      .flatMap((one, index) => [doorsPlot(one, index, input, m), urgentPlot(one, index, m)]),
    left: Math.max(0, series.length - VANTAGES),
  };
}

function monthly(runs: readonly RunSummary[], vantage: string, dates: Dates): Series {
  const last = new Map<string, RunSummary>();
  for (const run of runs) {
    const month = dates.numeric(run.endedAt).slice(0, 7);
    // One that was finished goes before one that was not.
    if (run.complete || last.get(month)?.complete !== true) last.set(month, run);
  }
  const known = [...last.keys()].filter((month) => /^\d{4}-\d{2}$/.test(month)).toSorted();
  const months = monthsBetween(known.at(0), known.at(-1));
  return { vantage, months, runs: months.map((month) => last.get(month)) };
}

function monthsBetween(first: string | undefined, last: string | undefined): string[] {
  if (first === undefined || last === undefined) return [];
  const number = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const [from, to] = [Math.max(number(first), number(last) - MONTHS + 1), number(last)];
  return Array.from({ length: to - from + 1 }, (_, n) => {
    const month = from + n;
    return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
}

function doorsPlot(
  { vantage, months, runs }: Series,
  index: number,
  { lang, sites }: Pick<IndexInput, 'lang' | 'sites'>,
  m: Messages,
): DoorsOverTimePlot {
  const say = m.files.index;
  const seen = new Set(runs.flatMap((run) => Object.keys(run?.doors ?? {})));
  const known = sites.filter(({ id }) => seen.has(id));
  const other = [...seen].filter((id) => !known.some((site) => site.id === id));
  const rows = known.slice(0, SITES).map((site) => ({
    name: showable(site[lang], 60),
    counts: runs.map((run) => (run === undefined ? undefined : (run.doors[site.id] ?? 0))),
  }));
  // Doors of sites that are no longer in the file, of no site, and of those that find no room.
  const rest = [...other, ...known.slice(SITES).map(({ id }) => id)];
  const restRow = {
    name: say.otherSite,
    counts: runs.map((run) =>
      run === undefined ? undefined : rest.reduce((sum, id) => sum + (run.doors[id] ?? 0), 0),
    ),
  };
  return plotOf(`doors-${index + 1}`, {
    title: say.doorsTitle,
    label: say.doorsLabel(showable(vantage, 60)),
    vantage,
    months,
    rows: rest.length === 0 ? rows : [...rows, restRow],
    m,
  });
}

function urgentPlot({ vantage, months, runs }: Series, index: number, m: Messages): DoorsOverTimePlot {
  const say = m.files.index;
  const rows = (['P1', 'P2'] as const).map((priority) => ({
    name: `${priority} ${m.ids.priority[priority]}`,
    counts: runs.map((run) => run?.priorities[priority]),
  }));
  const title = say.urgentTitle(rows.map(({ name }) => name).join(m.listSeparator));
  const label = m.label(say.perVantage(showable(vantage, 60)), title);
  return plotOf(`urgent-${index + 1}`, { title, label, vantage, months, rows, m });
}

interface Parts extends Pick<DoorsOverTimePlot, 'title' | 'label' | 'rows'> {
  /** "2026-11" */
  readonly months: readonly string[];
  readonly vantage: string;
  readonly m: Messages;
}

function plotOf(id: string, { title, label, vantage, months, rows, m }: Parts): DoorsOverTimePlot {
  const say = m.files.index;
  return {
    kind: 'doors-over-time',
    id,
    title,
    label,
    note: say.perVantage(showable(vantage, 60)),
    months: months.map((month, at) => ({
      text: m.plots.monthName(Number(month.slice(5))),
      over: at === 0 || month.endsWith('-01') ? m.plots.yearName(Number(month.slice(0, 4))) : '',
    })),
    rows,
    text: {
      head: [say.month, ...rows.map(({ name }) => name)],
      rows: months.map((month, at) => [
        month,
        ...rows.map(({ counts }) => {
          const count = counts[at];
          return count === undefined ? say.noRun : m.number(count);
        }),
      ]),
    },
  };
}
