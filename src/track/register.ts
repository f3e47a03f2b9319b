/** One line of the register, carried one run further, and the changes that this makes. */
import { compareInstants, daysBetween, earliest, instantMs, latest } from '../lib/time.ts';
import type { Finding } from '../model/finding.ts';
import type { Service } from '../model/service.ts';
import type { Change, RegisterEntry } from '../model/snapshot.ts';
import { appearanceOf, differences, merged, type Detail } from './appearance.ts';
import { openSightings, type Weight } from './weigh.ts';

/** Seen again within this many days after closing, a finding keeps its first date (CyHy's rule). */
export const REOPEN_DAYS = 90;
/** Looks in a row that must miss a thing before it is called closed. */
export const LOOKS_TO_CLOSE = 2;

export interface Step {
  readonly entry: RegisterEntry;
  readonly changes: readonly Change[];
}

export interface StepInput {
  readonly entry: RegisterEntry;
  readonly finding: Finding | undefined;
  /** The same finding in the previous run. */
  readonly findingBefore: Finding | undefined;
  readonly service: Service | undefined;
  readonly weight: Weight;
  readonly now: string;
}

export function change(entry: RegisterEntry, kind: Change['kind'], details: readonly Detail[] = []): Change {
  return {
    kind,
    key: entry.key,
    spokenId: entry.spokenId,
    subject: entry.subject,
    ...(entry.siteId === undefined ? {} : { siteId: entry.siteId }),
    class: entry.class,
    ...(entry.productId === undefined ? {} : { productId: entry.productId }),
    priority: entry.priority,
    trace: entry.trace,
    details: [...details],
    firstSeen: entry.firstSeen,
  };
}

/** A finding that was never in the register. */
export function enter(input: Omit<StepInput, 'entry' | 'findingBefore'>, spokenId: string): Step {
  const { finding, service, weight, now } = input;
  if (finding === undefined) throw new Error('a finding that is not listed cannot enter the register');
  const counted = weight.kind === 'missed' && weight.counts ? 1 : 0;
  const entry: RegisterEntry = {
    ...describedBy(finding),
    spokenId,
    state: weight.kind === 'missed' ? 'not-seen' : 'open',
    misses: counted,
    firstSeen: earliest([finding.firstSeen, ...datesOf(service)]) ?? now,
    lastSeen: latest([finding.lastSeen, ...datesOf(service)]) ?? now,
    seenBy: seenBy({}, service),
    appearance: service === undefined ? {} : merged({}, appearanceOf(service)),
  };
  return { entry, changes: [change(entry, 'new')] };
}

/** Carries a known entry on. */
export function advance(input: StepInput): Step {
  const { entry, weight } = input;
  switch (weight.kind) {
    case 'nothing':
      return { entry: noted(input), changes: [] };
    case 'not-checked': {
      const kept = noted(input);
      return { entry: kept, changes: [change(kept, 'not-checked', [reason(weight.reason)])] };
    }
    case 'missed':
      return miss(input, weight);
    case 'disputed':
      return reopen(input, { state: 'not-seen', misses: 1 });
    case 'seen':
      return entry.state === 'closed' ? reopen(input, { state: 'open', misses: 0 }) : see(input);
  }
}

function reason(what: string): Detail {
  return { what, from: '', to: '' };
}

function miss(input: StepInput, weight: Extract<Weight, { kind: 'missed' }>): Step {
  const entry = noted(input);
  if (entry.state === 'closed') return { entry, changes: [] };
  const misses = entry.misses + (weight.counts ? 1 : 0);
  if (weight.counts && weight.mayClose && misses >= LOOKS_TO_CLOSE) {
    const closed: RegisterEntry = { ...entry, state: 'closed', misses, closedAt: input.now };
    return { entry: closed, changes: [change(closed, 'closed', [reason(weight.how)])] };
  }
  const notSeen: RegisterEntry = { ...entry, state: 'not-seen', misses };
  return {
    entry: notSeen,
    changes: entry.state === 'not-seen' ? [] : [change(notSeen, 'not-seen', [reason(weight.how)])],
  };
}

function see(input: StepInput): Step {
  const { entry, finding } = input;
  if (finding === undefined) return { entry, changes: [] };
  const judged = isEaseFromIgnorance(input) ? entry : finding;
  const { appearance, details } = compareFacts(input);
  const next: RegisterEntry = {
    ...noted(input),
    ...describedBy(finding),
    ...keyOf(entry, finding),
    // A conversation that failed this time does not make an RDP server something unknown.
    class: finding.inputs.class === 'unknown' ? entry.class : finding.inputs.class,
    priority: judged.priority,
    trace: judged.trace,
    state: 'open',
    misses: 0,
    appearance,
  };
  const changes: Change[] = [];
  if (next.priority !== entry.priority) {
    const kind = next.priority < entry.priority ? 'raised' : 'lowered';
    changes.push({ ...change(next, kind), priorityBefore: entry.priority });
  }
  if (details.length > 0) changes.push(change(next, 'changed', details));
  return { entry: next, changes };
}

function reopen(input: StepInput, to: Pick<RegisterEntry, 'state' | 'misses'>): Step {
  const { entry, finding, now } = input;
  if (finding === undefined) return { entry, changes: [] };
  const { appearance, details } = compareFacts(input);
  const next: RegisterEntry = {
    ...noted(input),
    ...describedBy(finding),
    ...keyOf(entry, finding),
    ...to,
    firstSeen: firstSeenAgain(input),
    reopenedAt: now,
    appearance,
  };
  const opened = change(next, 're-opened', details);
  const moved = next.priority !== entry.priority;
  return { entry: next, changes: [moved ? { ...opened, priorityBefore: entry.priority } : opened] };
}

function describedBy(
  finding: Finding,
): Pick<RegisterEntry, 'key' | 'subject' | 'siteId' | 'productId' | 'class' | 'priority' | 'trace'> {
  return {
    key: finding.key,
    subject: finding.subject,
    ...(finding.siteId === undefined ? {} : { siteId: finding.siteId }),
    ...(finding.productId === undefined ? {} : { productId: finding.productId }),
    class: finding.inputs.class,
    priority: finding.priority,
    trace: finding.trace,
  };
}

/** An entry whose transport is known does not forget it because a passive source does not tell (see `alias.ts`). */
function keyOf(entry: RegisterEntry, finding: Finding): Pick<RegisterEntry, 'key' | 'subject'> {
  const vague = finding.subject.endsWith('/unknown');
  const { key, subject } = vague ? entry : finding;
  return { key, subject };
}

/** The entry with what was learnt about when and by whom it was seen, whatever the state. */
function noted({ entry, finding, service }: StepInput): RegisterEntry {
  // The place may be open for another reason: then its dates are not those of this finding.
  if (finding === undefined) return entry;
  return {
    ...entry,
    firstSeen: firstSeen(entry, finding, service),
    lastSeen: latest([entry.lastSeen, finding.lastSeen, ...datesOf(service)]) ?? entry.lastSeen,
    seenBy: seenBy(entry.seenBy ?? {}, service),
  };
}

function datesOf(service: Service | undefined): string[] {
  const dated = openSightings(service).filter(({ undated }) => undated !== true);
  return dated.flatMap(({ first, last }) => [first, last]);
}

function seenBy(before: NonNullable<RegisterEntry['seenBy']>, service: Service | undefined) {
  const now = { ...before };
  for (const { source, last } of openSightings(service)) {
    const date = latest([now[source], last]);
    if (date !== undefined) now[source] = date;
  }
  return now;
}

/** After a closing, records from before it no longer move the first date: it was decided when the finding came back. */
function firstSeen(entry: RegisterEntry, finding: Finding, service: Service | undefined): string {
  if (entry.closedAt !== undefined) return entry.firstSeen;
  return earliest([entry.firstSeen, finding.firstSeen, ...datesOf(service)]) ?? entry.firstSeen;
}

function firstSeenAgain({ entry, service, now }: StepInput): string {
  const { closedAt } = entry;
  if (closedAt === undefined || instantMs(closedAt) === undefined) return entry.firstSeen;
  if (daysBetween(closedAt, now) <= REOPEN_DAYS) return entry.firstSeen;
  return earliest(datesOf(service).filter((date) => compareInstants(date, closedAt) > 0)) ?? now;
}

/** Facts of a service are news only if somebody looked since: a passive record from before our last look repeats the past. */
function compareFacts({ entry, service, weight }: StepInput): {
  appearance: RegisterEntry['appearance'];
  details: Detail[];
} {
  const newest = latest(datesOf(service));
  const own = weight.kind === 'seen' && weight.own;
  const fresh = own || (newest !== undefined && compareInstants(newest, entry.lastSeen) > 0);
  if (service === undefined || !fresh) return { appearance: entry.appearance, details: [] };
  const now = appearanceOf(service);
  return { appearance: merged(entry.appearance, now), details: differences(entry.appearance, now) };
}

/**
 * A priority that falls only because less is known is no improvement: our own probe did not look this time, or facts are
 * missing that were there in the previous run. If they are missing next time too, the fall is told.
 */
function isEaseFromIgnorance({ entry, finding, findingBefore, weight }: StepInput): boolean {
  if (finding === undefined || finding.priority <= entry.priority) return false;
  if (weight.kind === 'seen' && !weight.own && entry.seenBy?.probe !== undefined) return true;
  return (
    finding.verdict === 'unknown' &&
    findingBefore !== undefined &&
    finding.missing.some((input) => !findingBefore.missing.includes(input))
  );
}
