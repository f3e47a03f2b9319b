import type { Observation } from '../../model/observation.ts';
import type { CoverageReason, Gap } from '../../model/snapshot.ts';
import { parseAddress } from '../../lib/address.ts';
import type { SourceContext } from '../source.ts';
import type { Readings } from './records.ts';
import { countAddresses, spanText, type Span } from './spans.ts';

/** Why a place was not looked at: message ids of the report. */
export type Reason = Extract<
  CoverageReason,
  | 'bad-key'
  | 'credit-cap'
  | 'incomplete-answer'
  | 'interrupted'
  | 'ipv6-not-supported'
  | 'network'
  | 'no-history'
  | 'no-credits'
  | 'not-accepted'
  | 'plan-lacks'
  | 'rate-limited'
  | 'too-many-addresses'
  | 'unreadable-record'
>;

/**
 * Takes in what a passive source learnt: writes each new observation to the journal once, and keeps the counts for the
 * coverage. Knows what an earlier, killed attempt at the run has already written.
 */
export interface Collector {
  add(readings: Readings): void;
  looked(spans: readonly Span[]): void;
  notLooked(spans: readonly Span[], reason: Reason): void;
  missed(what: string, reason: Reason, count: number): void;
  /** Listed too, but the look at the ranges is whole without it. */
  aside(what: string, reason: Reason, count: number): void;
  /** Addresses with data, in this attempt or an earlier one. */
  answered(): ReadonlySet<string>;
  totals(): {
    readonly looked: number;
    readonly notLooked: readonly Gap[];
    readonly asides: readonly Gap[];
    readonly outOfScope: number;
    readonly dataDate: string | undefined;
  };
}

interface Seen {
  readonly observedAt: string;
  readonly facts: string;
}

/** @param onNewest is told of each observation that is the newest of its place, those of an earlier attempt first. */
export function createCollector(
  context: SourceContext,
  source: Observation['source'],
  onNewest: (observation: Observation) => void = () => undefined,
): Collector {
  const ids = new Set<string>();
  const newest = new Map<string, Seen>();
  const answered = new Set<string>();
  const notLooked: Gap[] = [];
  const asides: Gap[] = [];
  let looked = 0n;
  let outOfScope = 0;
  let unreadable = 0;
  let dataDate: string | undefined;

  const remember = (observation: Observation): void => {
    ids.add(observation.id);
    answered.add(observation.address);
    if (dataDate === undefined || observation.observedAt > dataDate) dataDate = observation.observedAt;
    if (observation.probe === 'history') return;
    const seen = { observedAt: observation.observedAt, facts: JSON.stringify(observation.facts) };
    newest.set(placeOf(observation), seen);
    onNewest(observation);
  };
  for (const observation of context.earlier.observations) {
    if (observation.source === source) remember(observation);
  }

  const write = (observation: Observation): void => {
    if (observation.probe !== 'history' && isStale(observation, newest.get(placeOf(observation)))) return;
    if (observation.probe === 'history' && ids.has(observation.id)) return;
    const fresh = withFreeId(observation, ids);
    context.record.observation(fresh);
    remember(fresh);
  };

  return {
    add: (readings) => {
      outOfScope += readings.outOfScope;
      unreadable += readings.unreadable;
      for (const observation of readings.observations) write(observation);
    },
    looked: (spans) => {
      looked += countAddresses(spans);
    },
    notLooked: (spans, reason) => {
      for (const span of spans) {
        notLooked.push({ what: spanText(span), reason, count: Number(countAddresses([span])) });
      }
    },
    missed: (what, reason, count) => {
      notLooked.push({ what, reason, count });
    },
    aside: (what, reason, count) => {
      asides.push({ what, reason, count });
    },
    answered: () => answered,
    totals: () => ({
      looked: Number(looked),
      notLooked: joinNeighbours(notLooked),
      asides: [
        ...asides,
        ...(unreadable === 0
          ? []
          : [{ what: 'records', reason: 'unreadable-record' as const, count: unreadable }]),
      ],
      outOfScope,
      dataDate,
    }),
  };
}

function placeOf({ address, port, transport }: Observation): string {
  return `${address} ${port} ${transport}`;
}

/** The index moves while one pages through it, and host answers repeat what a search has brought: the newest counts. */
function isStale(observation: Observation, seen: Seen | undefined): boolean {
  if (seen === undefined || observation.observedAt > seen.observedAt) return false;
  return observation.observedAt < seen.observedAt || JSON.stringify(observation.facts) === seen.facts;
}

/** The same record can come twice with different facts: a search leaves out what the host answer has. */
function withFreeId(observation: Observation, ids: ReadonlySet<string>): Observation {
  let id = observation.id;
  for (let n = 2; ids.has(id); n += 1) id = `${observation.id}-${n}`;
  return { ...observation, id };
}

/** Single addresses in a row become one range, so that a long outage is one line. */
function joinNeighbours(entries: readonly Gap[]): Gap[] {
  const joined: Gap[] = [];
  for (const entry of entries) {
    const previous = joined.at(-1);
    if (previous !== undefined && previous.reason === entry.reason && follows(previous.what, entry.what)) {
      const first = previous.what.split('-')[0] ?? '';
      const last = entry.what.split('-').at(-1) ?? '';
      joined[joined.length - 1] = {
        what: `${first}-${last}`,
        reason: entry.reason,
        count: previous.count + entry.count,
      };
    } else joined.push(entry);
  }
  return joined;
}

function follows(before: string, after: string): boolean {
  const last = parseAddress(before.split('-').at(-1) ?? '');
  const first = parseAddress(after.split('-')[0] ?? '');
  if (last === undefined || first === undefined) return false;
  return last.family === first.family && last.value + 1n === first.value;
}
