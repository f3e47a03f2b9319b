/** What runs from other vantage points reached on the same day: the measured answer to "is the source address restricted?". */
import { instantMs, localDate } from '../lib/time.ts';
import type { Service } from '../model/service.ts';
import type { Elsewhere, Snapshot } from '../model/snapshot.ts';
import { compareSubjects, compareText } from './order.ts';
import { hasOwnLooks, placeStates } from './place-state.ts';

export interface ElsewhereInput {
  readonly runId: string;
  readonly vantage: string;
  readonly endedAt: string;
  /** IANA name: where people read the calendar. */
  readonly timezone: string;
  readonly services: readonly Pick<Service, 'key'>[];
  /** Runs of the same organisation; those of this vantage point or of another day count for nothing. */
  readonly others: readonly Snapshot[];
}

/** One entry for each other vantage point, by name: the newest run of the day that looked with own probes. */
export function elsewhereOf(input: ElsewhereInput): Elsewhere[] {
  const { vantage, endedAt, timezone, services, others } = input;
  const newest = new Map<string, Snapshot>();
  for (const run of others) {
    if (run.vantage === vantage || run.runId === input.runId || !hasOwnLooks(run)) continue;
    if (!isSameDay(run.endedAt, endedAt, timezone)) continue;
    const known = newest.get(run.vantage);
    if (known === undefined || compareText(known.endedAt, run.endedAt) < 0) newest.set(run.vantage, run);
  }
  return [...newest.values()]
    .toSorted((a, b) => compareText(a.vantage, b.vantage))
    .map((run) => ({
      vantage: run.vantage,
      runId: run.runId,
      endedAt: run.endedAt,
      places: placesOf(run, services),
    }));
}

function placesOf(run: Snapshot, services: ElsewhereInput['services']): Elsewhere['places'] {
  const stateOf = placeStates(run);
  const keys = new Set([...services, ...run.services].map(({ key }) => key));
  return Object.fromEntries([...keys].toSorted(compareSubjects).map((key) => [key, stateOf(key)]));
}

/** A calendar day where people read the calendar. */
export function isSameDay(a: string, b: string, timezone: string): boolean {
  if (instantMs(a) === undefined || instantMs(b) === undefined) return false;
  const [left, right] = [localDate(a, timezone), localDate(b, timezone)];
  return left.year === right.year && left.month === right.month && left.day === right.day;
}
