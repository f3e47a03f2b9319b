import { showable } from '../../lib/hostile-text.ts';
import type { RunSummary } from '../../model/history.ts';
import { makeDates, type Dates } from '../dates.ts';
import { messagesFor, textOf, type Messages } from '../messages/index.ts';
import type { IndexInput, IndexLink, IndexRow, IndexRun, IndexView } from './index-model.ts';
import { linksOf, type LinkedView } from './links.ts';
import { trendsOf } from './trends.ts';

const ROWS = 400;
const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const;
/** Kinds that tell of no change. */
const UNMOVED: readonly string[] = ['not-checked', 'content-varied'];

/** Pure: the same runs give the same page. */
export function buildIndex(input: IndexInput): IndexView {
  const { lang, organisation, timezone, tlp, runs } = input;
  const m = messagesFor(lang);
  const say = m.files.index;
  const summaries = runs.flatMap(({ summary }) => summary ?? []);
  const dates = makeDates(timezone, lang, summaries[0]?.endedAt ?? '');
  const unread = runs.length - summaries.length;
  const trends = trendsOf(summaries.toReversed(), input, dates, m);
  return {
    lang,
    title: say.title,
    organisation: showable(organisation[lang], 120),
    tlp: `TLP:${showable(tlp.toUpperCase().replace(/^TLP:\s*/, ''), 20)}`,
    lead: [
      runs.length === 0 ? say.none : say.lead(runs.length),
      ...(unread === 0 ? [] : [say.unread(unread)]),
    ],
    newest: newestOf(runs, dates, lang, m),
    rows: runs.slice(0, ROWS).map((run) => rowOf(run, dates, lang, m)),
    more: runs.length > ROWS ? say.more(runs.length - ROWS) : undefined,
    plots: trends.plots,
    plotsNote: trends.left === 0 ? undefined : say.moreVantages(trends.left),
  };
}

function newestOf(
  runs: readonly IndexRun[],
  dates: Dates,
  lang: IndexInput['lang'],
  m: Messages,
): IndexView['newest'] {
  const found = new Map<LinkedView, { readonly link: IndexLink; readonly of: string }[]>();
  for (const run of runs) {
    const { summary } = run;
    if (summary === undefined) continue;
    const of = m.files.index.of(dates.moment(summary.endedAt), showable(summary.vantage, 60));
    const links = linksOf(run, lang, m);
    const fresh = new Set(links.map(({ view }) => view).filter((view) => !found.has(view)));
    for (const { view, link } of links)
      if (fresh.has(view)) found.set(view, [...(found.get(view) ?? []), { link, of }]);
  }
  return [...found.values()].flat();
}

function rowOf(run: IndexRun, dates: Dates, lang: IndexInput['lang'], m: Messages): IndexRow {
  const { runId, summary, state } = run;
  const say = m.files.index;
  const links = linksOf(run, lang, m).map(({ link }) => link);
  if (summary === undefined) {
    return {
      date: startOf(runId, dates),
      runId,
      vantage: say.unknownDoors,
      health: [state === 'damaged' ? say.health.damaged : say.health.unfinished],
      priorities: undefined,
      doors: say.unknownDoors,
      doorsNote: '',
      changes: [say.unknownDoors],
      links,
    };
  }
  const recorded = sum(summary.recordedDoors);
  const looked = !summary.passive && !summary.blind;
  return {
    date: dates.moment(summary.endedAt, false),
    runId,
    vantage: showable(summary.vantage, 60),
    health: healthOf(summary, m),
    priorities: summary.blind
      ? undefined
      : PRIORITIES.map((priority) => ({ priority, count: summary.priorities[priority] })),
    doors: looked ? m.number(sum(summary.doors)) : say.unknownDoors,
    doorsNote: recorded === 0 ? '' : say.recorded(recorded),
    changes: changesText(summary, m),
    links,
  };
}

function healthOf({ complete, passive, blind }: RunSummary, m: Messages): string[] {
  const { health } = m.files.index;
  if (blind) return [health.blind];
  return [complete ? health.complete : health.partial, ...(passive ? [health.passive] : [])];
}

function changesText({ changes }: RunSummary, m: Messages): string[] {
  const kinds: Readonly<Record<string, { readonly mark: string; readonly name: string }>> = m.ids.changeKind;
  const lines = Object.entries(changes)
    .filter(([kind]) => !UNMOVED.includes(kind))
    .map(([kind, count]) => {
      const { mark, name } = kinds[kind] ?? { mark: '', name: textOf({}, kind) };
      return `${mark} ${name} ${m.number(count)}`.trimStart();
    });
  return lines.length === 0 ? [m.files.index.noChanges] : lines;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

/** "20261120T000500Z-2" began at that moment. */
function startOf(runId: string, dates: Dates): string {
  const [, y = '', mo = '', d = '', h = '', mi = '', s = ''] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(runId) ?? [];
  return dates.moment(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`, false);
}
