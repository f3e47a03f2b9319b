/** This run against the one before, and what moved in between. */
import type { RunSummary } from '../../model/history.ts';
import type { Priority } from '../../model/finding.ts';
import type { Change } from '../../model/snapshot.ts';
import type { CardTable } from '../view-model-card.ts';
import type { SheetCell } from '../view-model-sections.ts';
import {
  idsCell,
  isReached,
  lookedCount,
  numberCell,
  placesOf,
  PRIORITIES,
  priorityCell,
} from './card-cells.ts';
import { sortedChanges } from './changes.ts';
import type { Context } from './context.ts';
import { isComplete } from './cover.ts';
import { wasProbed } from './glance.ts';
import { ownLook } from './passive.ts';

interface Counts {
  readonly services: number | undefined;
  readonly doors: number | undefined;
  readonly recorded: number | undefined;
  readonly priorities: Readonly<Record<Priority, number | undefined>>;
}

/** Kinds of change that are counted, in this order; the others are no coming or going. */
const MOVES = [
  'new',
  're-opened',
  'closed',
  'not-seen',
  'not-checked',
] as const satisfies readonly Change['kind'][];
const CLOSED_DAYS = 90;

export function compareTable(context: Context): CardTable {
  const { m, dates, snapshot, history } = context;
  const say = m.card.compare;
  const { previousRun } = snapshot;
  const before = history.find(({ runId }) => runId === previousRun?.runId);
  const [now, then] = [countsNow(context), before === undefined ? undefined : countsThen(before)];
  // What records hold and what answers are two things: the one less the other is no number.
  const isAlike = before !== undefined && (ownLook(context) === 'looked') === !isUnlooked(before);
  const row = (name: SheetCell, of: (counts: Counts) => number | undefined): SheetCell[] => {
    const [last, current] = [then === undefined ? undefined : of(then), of(now)];
    return then === undefined
      ? [name, numberCell(context, current)]
      : [
          name,
          numberCell(context, last),
          numberCell(context, current),
          isAlike ? differenceCell(context, last, current) : { text: m.dash },
        ];
  };
  const rows = [
    row({ text: say.services }, ({ services }) => services),
    row({ text: say.doors }, ({ doors }) => doors),
    row({ text: say.recorded }, ({ recorded }) => recorded),
    ...PRIORITIES.map((priority) =>
      row(priorityCell(context, priority), ({ priorities }) => priorities[priority]),
    ),
  ];
  const isUnknown = then === undefined && now.services === undefined;
  return {
    id: 'card-compare',
    title: say.title,
    head: [
      say.what,
      ...(before === undefined ? [] : [say.last(dates.numeric(before.endedAt))]),
      say.now(dates.numeric(snapshot.endedAt)),
      ...(before === undefined ? [] : [say.difference]),
    ],
    rows: isUnknown ? [] : rows,
    notes: [...(isUnknown ? [say.unknown] : []), ...compareNotes(context, before)],
  };
}

function countsNow(context: Context): Counts {
  const { snapshot, findings } = context;
  const doors = findings.filter(({ inputs }) => inputs.role === 'door');
  const count = (of: Priority): number => findings.filter(({ priority }) => priority === of).length;
  const reached = doors.filter(({ inputs }) => inputs.reach === 'everyone');
  return {
    services: lookedCount(context, snapshot.services.length),
    doors: wasProbed(context) ? placesOf(reached) : undefined,
    recorded: lookedCount(context, placesOf(doors.filter((one) => !isReached(one)))),
    priorities: {
      P1: lookedCount(context, count('P1')),
      P2: lookedCount(context, count('P2')),
      P3: lookedCount(context, count('P3')),
      P4: lookedCount(context, count('P4')),
    },
  };
}

/** By the same rule as for this run: a run without own looks knows no zero, and no reachable door. */
function countsThen(before: RunSummary): Counts {
  const { services, doors, recordedDoors, priorities } = before;
  const unlooked = isUnlooked(before);
  const known = (n: number): number | undefined => (unlooked && n === 0 ? undefined : n);
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((all, n) => all + n, 0);
  return {
    services: known(services),
    doors: unlooked ? undefined : sum(doors),
    recorded: known(sum(recordedDoors)),
    priorities: {
      P1: known(priorities.P1),
      P2: known(priorities.P2),
      P3: known(priorities.P3),
      P4: known(priorities.P4),
    },
  };
}

function isUnlooked({ passive, blind }: RunSummary): boolean {
  return passive || blind;
}

function differenceCell({ m }: Context, last: number | undefined, now: number | undefined): SheetCell {
  if (last === undefined || now === undefined) return { text: m.dash };
  const by = now - last;
  if (by === 0) return { text: m.card.compare.same };
  return { text: `${by > 0 ? '+' : '−'}${m.number(Math.abs(by))}` };
}

function compareNotes(context: Context, before: RunSummary | undefined): string[] {
  const { m, snapshot } = context;
  const say = m.card.compare;
  const { previousRun } = snapshot;
  if (previousRun === undefined) return [say.first];
  if (before === undefined) return [say.notKept];
  const notes = [
    ...(previousRun.scopeDigest === snapshot.scopeDigest ? [] : [say.otherScope]),
    ...(isUnlooked(before) ? [say.passiveBefore] : []),
    ...(before.complete && isComplete(context) ? [] : [say.partly]),
  ];
  return notes.length === 0 ? [] : [m.lines(notes)];
}

/** Section 3 has each of them in words. */
export function movesTable(context: Context): CardTable {
  const { m, snapshot } = context;
  const say = m.card.moves;
  const { register, previousRun } = snapshot;
  const recently = closedRecently(context);
  const changes = sortedChanges(snapshot.changes);
  const rows = MOVES.map((kind): SheetCell[] => {
    const of = changes.filter((change) => change.kind === kind);
    // Only an own look closes anything.
    const isKnown = kind !== 'closed' || of.length > 0 || ownLook(context) === 'looked';
    const { mark, name } = m.ids.changeKind[kind];
    return [
      { text: `${mark} ${name}` },
      numberCell(context, isKnown ? of.length : undefined),
      idsCell(context, of),
    ];
  });
  const closed: SheetCell[] = [
    { text: say.closedRecently(CLOSED_DAYS) },
    numberCell(context, recently.length),
    idsCell(context, recently),
  ];
  return {
    id: 'card-moves',
    title: say.title,
    head: [say.what, say.count, say.ids],
    rows: previousRun === undefined ? [] : [...rows, ...(register.length === 0 ? [] : [closed])],
    notes: previousRun === undefined ? [say.first] : [say.base(register.length)],
  };
}

function closedRecently({ snapshot, dates }: Context): Context['snapshot']['register'] {
  return snapshot.register
    .filter(({ state, closedAt }) => {
      const days = closedAt === undefined ? undefined : dates.daysBetween(closedAt, snapshot.endedAt);
      return state === 'closed' && days !== undefined && days <= CLOSED_DAYS;
    })
    .toSorted((a, b) => ((a.closedAt ?? '') < (b.closedAt ?? '') ? 1 : -1));
}
