/** How long findings are open, and how long those that were closed had been. Both from the register. */
import type { Priority } from '../../model/finding.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { CardTable } from '../view-model-card.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { median, numberCell, PRIORITIES, priorityCell } from './card-cells.ts';
import type { Context } from './context.ts';

type Entry = Pick<Snapshot['register'][number], 'key' | 'state' | 'priority' | 'firstSeen' | 'closedAt'>;

/** Last day of each, whole days since it was first seen. */
const BUCKETS = [7, 14, 30, 90, Number.POSITIVE_INFINITY] as const;

export function agesTable(context: Context): CardTable {
  const { m } = context;
  const say = m.card.ages;
  const entries = entriesOf(context);
  const open = entries.filter(({ state }) => state === 'open');
  const closed = entries.filter(({ state }) => state === 'closed');
  const of = (all: readonly Entry[], priority: Priority): Entry[] =>
    all.filter((one) => one.priority === priority);
  const present = PRIORITIES.filter(
    (priority) => of(open, priority).length + of(closed, priority).length > 0,
  );
  const total = present.length < 2 ? [] : [row(context, { text: say.total }, open, closed)];
  return {
    id: 'card-ages',
    title: say.title,
    head: [say.what, say.open, ...say.buckets, say.median, say.oldest, say.toClose],
    rows: [
      ...present.map((priority) =>
        row(context, priorityCell(context, priority), of(open, priority), of(closed, priority)),
      ),
      ...total,
    ],
    notes: [m.lines(notes(context, entries, open, closed))],
  };
}

/** The register, and findings that it lacks. */
function entriesOf({ snapshot }: Context): Entry[] {
  const known = new Set(snapshot.register.map(({ key }) => key));
  const others = snapshot.findings.filter(({ key }) => !known.has(key));
  return [
    ...snapshot.register,
    ...others.map((one) => ({ ...one, state: 'open' as const, closedAt: undefined })),
  ];
}

function row(
  context: Context,
  name: SheetCell,
  open: readonly Entry[],
  closed: readonly Entry[],
): SheetCell[] {
  const { m } = context;
  const ages = open.flatMap((one) => daysTo(context, one, context.snapshot.endedAt) ?? []);
  const taken = closingDays(context, closed);
  const days = (n: number | undefined): string => (n === undefined ? m.dash : m.card.days(n));
  const inBucket = (age: number, index: number): boolean =>
    age <= (BUCKETS[index] ?? 0) && (index === 0 || age > (BUCKETS[index - 1] ?? 0));
  return [
    name,
    numberCell(context, open.length),
    ...BUCKETS.map((_, index) => {
      const count = ages.filter((age) => inBucket(age, index)).length;
      return { text: count === 0 ? m.dash : m.number(count) };
    }),
    { text: days(median(ages)) },
    { text: days(ages.length === 0 ? undefined : ages.reduce((most, n) => Math.max(most, n))) },
    { text: taken.length === 0 ? m.dash : m.card.ages.closed(days(median(taken)), taken.length) },
  ];
}

function daysTo({ dates }: Context, { firstSeen }: Entry, at: string): number | undefined {
  return dates.daysBetween(firstSeen, at);
}

/** A snapshot from before closings were dated cannot tell how long they took. */
function closingDays(context: Context, closed: readonly Entry[]): number[] {
  return closed.flatMap((one) =>
    one.closedAt === undefined ? [] : (daysTo(context, one, one.closedAt) ?? []),
  );
}

function notes(
  context: Context,
  entries: readonly Entry[],
  open: readonly Entry[],
  closed: readonly Entry[],
): string[] {
  const { m, snapshot } = context;
  const say = m.card.ages;
  if (entries.length === 0) return [say.none];
  const here = new Set(snapshot.findings.map(({ key }) => key));
  const elsewhere = open.filter(({ key }) => !here.has(key)).length;
  const unseen = entries.filter(({ state }) => state === 'not-seen').length;
  const undated = closed.length - closingDays(context, closed).length;
  return [
    say.base(entries.length),
    ...(unseen === 0 ? [] : [say.notSeen(unseen)]),
    ...(elsewhere === 0 ? [] : [say.notInRun(elsewhere)]),
    ...(closed.length === 0 ? [say.noneClosed] : []),
    ...(undated === 0 ? [] : [say.undated(undated)]),
  ];
}
