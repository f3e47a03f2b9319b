/** What each vantage point of the same day reached: the measured answer to "from where may one connect?". */
import { showable } from '../../../lib/hostile-text.ts';
import type { Elsewhere } from '../../../model/snapshot.ts';
import type { PlotRow, ReachPlot, ReachState } from '../../view-model-sections.ts';
import { seenByProbe, type Context, type Entry } from '../context.ts';
import { isDoor, moreText, plotRow, rowNames, ROWS_DRAWN } from './rows.ts';

const POINTS_DRAWN = 5;

interface Seen {
  readonly row: PlotRow;
  readonly names: readonly string[];
  readonly cells: readonly ReachState[];
}

/** Undefined: this run looked from one vantage point alone. */
export function buildReach(context: Context): ReachPlot | undefined {
  const { m, snapshot } = context;
  const others = (snapshot.elsewhere ?? []).slice(0, POINTS_DRAWN);
  if (others.length === 0) return undefined;
  const say = m.plots.reach;
  const own = context.entries
    .filter(({ service, finding }) => isDoor(service, finding))
    .map((entry) => ownRow(context, entry, others));
  const all = [...own, ...onlyThere(context, others)];
  if (all.length === 0) return undefined;
  const sorted = [...all.filter(differs), ...all.filter((one) => !differs(one))];
  const drawn = sorted.slice(0, ROWS_DRAWN);
  const columns = [
    say.here(showable(snapshot.vantage, 40)),
    ...others.map(({ vantage }) => showable(vantage, 40)),
  ];
  return {
    kind: 'reach',
    id: 'plot-reach',
    title: say.title,
    label: say.label(drawn.length, columns.length),
    note: say.note,
    columns,
    rows: drawn.map(({ row, cells }) => ({ ...row, cells })),
    text: {
      head: [m.plots.id, m.plots.door, ...columns],
      rows: drawn.map(({ names, cells }) => [...names, ...cells.map((cell) => say.states[cell])]),
    },
    more: moreText(context, sorted.length),
  };
}

/** One vantage point got in and another, which looked, did not. */
function differs({ cells }: Seen): boolean {
  return cells.includes('open') && cells.some((cell) => cell === 'shut' || cell === 'silent');
}

function ownRow(context: Context, entry: Entry, others: readonly Elsewhere[]): Seen {
  const { service, finding } = entry;
  const row = plotRow(context, entry, []);
  return {
    row,
    names: rowNames(context, row, finding),
    cells: [ownState(context, entry), ...others.map((one) => stateAt(one, service.key))],
  };
}

function ownState(context: Context, { service }: Entry): ReachState {
  if (seenByProbe(service)) return 'open';
  const reason = context.corroboration(service)?.reason;
  if (reason === 'refused') return 'shut';
  return reason === 'silent' ? 'silent' : 'not-looked';
}

const STATES = { open: 'open', closed: 'shut', 'no-answer': 'silent', 'not-looked': 'not-looked' } as const;

function stateAt({ places }: Elsewhere, key: string): ReachState {
  return Object.hasOwn(places, key) ? STATES[places[key] ?? 'not-looked'] : 'not-looked';
}

/** Places that another vantage point reached and that are no service of this run. */
function onlyThere(context: Context, others: readonly Elsewhere[]): Seen[] {
  const keys = new Set(
    others.flatMap(({ places }) => Object.keys(places).filter((key) => places[key] === 'open')),
  );
  return [...keys]
    .filter((key) => context.service(key) === undefined)
    .toSorted()
    .map((key) => {
      const place = showable(key, 80);
      const row = {
        priority: undefined,
        trace: undefined,
        unowned: false,
        id: '',
        anchor: undefined,
        name: place,
        detail: '',
        tip: place,
      };
      const cells: ReachState[] = ['not-open', ...others.map((one) => stateAt(one, key))];
      return { row, names: [`${context.m.dash} ${context.m.doors.notJudged}`, place], cells };
    });
}
