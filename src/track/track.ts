/** From one run to the next: what is new, what changed, what closed, and of what this run can say nothing. */
import type { Finding } from '../model/finding.ts';
import type { Scope } from '../model/scope.ts';
import { watchContent } from './content.ts';
import { expectationKey, expectedStates, expiring } from './expected.ts';
import type { Service } from '../model/service.ts';
import type {
  Change,
  Elsewhere,
  ExpectedState,
  RegisterEntry,
  SeenPage,
  Snapshot,
  SourceCoverage,
} from '../model/snapshot.ts';
import { instantMs, daysBetween } from '../lib/time.ts';
import { entriesOf, parseServiceKey } from './alias.ts';
import { lookOf, type Place, type RunLook } from './look.ts';
import { bySeverityAndPlace, compareSubjects, sortChanges } from './order.ts';
import { advance, enter, REOPEN_DAYS, type Step } from './register.ts';
import { sharedIds } from './shared-ids.ts';
import { siteFinder } from './sites.ts';
import { spokenNumber } from './spoken-id.ts';
import { isListed, weigh, type Weight } from './weigh.ts';

export interface TrackInput {
  readonly findings: readonly Finding[];
  readonly services: readonly Service[];
  readonly coverage: readonly SourceCoverage[];
  readonly scope: Scope;
  readonly previous: Snapshot | undefined;
  /** ISO-8601 UTC. */
  readonly now: string;
  /** false when the run was stopped or killed. */
  readonly complete: boolean;
  /** Registers of other vantage points: what is known there keeps its spoken id here. */
  readonly otherRegisters?: readonly (readonly RegisterEntry[])[];
  /** What other vantage points reached on the same day. */
  readonly elsewhere?: readonly Elsewhere[];
}

export interface Tracked {
  /** The findings given, in their order, with spoken id and the dates that the register knows. */
  readonly findings: Finding[];
  /** Everything ever found, by spoken id. */
  readonly register: RegisterEntry[];
  readonly changes: Change[];
  readonly expected: ExpectedState[];
  /** Top pages as they last came. */
  readonly pages: SeenPage[];
  readonly previousRun: Snapshot['previousRun'];
}

/**
 * Pure. What counts for closing is, place by place, what the coverage says was looked at: an incomplete run still closes
 * what it did look at, and nothing else.
 */
export function track(input: TrackInput): Tracked {
  const { scope, previous, now } = input;
  const run = new Run(input);
  const steps = run.steps();
  const register = steps
    .map(({ entry }) => entry)
    .toSorted((a, b) => spokenNumber(a.spokenId) - spokenNumber(b.spokenId));
  const content = run.content();
  const changes = [
    ...toldOnce(onePerSubject(steps.flatMap((step) => step.changes)), content.changes),
    ...content.changes,
    ...expiring(scope, register, previous, now),
  ];
  return {
    findings: input.findings.map((finding) => run.completed(finding)),
    register,
    changes: sortChanges(withTickets(changes, scope), scope),
    expected: expectedStates(scope, run.services, run.look, now, input.elsewhere).toSorted((a, b) =>
      compareSubjects(a.key, b.key),
    ),
    pages: content.pages,
    previousRun:
      previous === undefined
        ? undefined
        : { runId: previous.runId, endedAt: previous.endedAt, scopeDigest: previous.scopeDigest },
  };
}

/**
 * Keys of findings that count as re-opened if they are found now: closed, or open again for at most 90 days. Goes into the
 * judgement, which comes before `track`.
 */
export function reopenedKeys(previous: Snapshot | undefined, now: string): ReadonlySet<string> {
  const recent = ({ reopenedAt }: RegisterEntry): boolean =>
    reopenedAt !== undefined &&
    instantMs(reopenedAt) !== undefined &&
    daysBetween(reopenedAt, now) <= REOPEN_DAYS;
  return new Set(
    (previous?.register ?? [])
      .filter((entry) => entry.state === 'closed' || recent(entry))
      .map(({ key }) => key),
  );
}

class Run {
  readonly services: ReadonlyMap<string, Service>;
  readonly look: RunLook;
  readonly #input: TrackInput;
  readonly #siteOf: (address: string) => string | undefined;
  readonly #before: ReadonlyMap<string, Finding>;
  /** Entry of each listed finding, by the finding's key. */
  readonly #entries = new Map<string, RegisterEntry>();

  constructor(input: TrackInput) {
    this.#input = input;
    this.services = new Map(input.services.map((service) => [service.key, service]));
    this.look = lookOf(input.coverage);
    this.#siteOf = siteFinder(input.scope);
    this.#before = new Map((input.previous?.findings ?? []).map((finding) => [finding.key, finding]));
  }

  steps(): Step[] {
    const { findings, previous, scope, otherRegisters } = this.#input;
    const register = previous?.register ?? [];
    const listed = uniqueByKey(findings.filter(isListed).toSorted(bySeverityAndPlace(scope)));
    const known = entriesOf(listed, register);
    const findingOf = new Map([...known].map(([finding, entry]) => [entry.key, finding]));
    const entering = listed.filter((finding) => !known.has(finding));
    const ids = sharedIds({
      entering,
      used: [...register, ...(previous?.findings ?? [])].map(({ spokenId }) => spokenId),
      others: otherRegisters ?? [],
    });
    const carried = register.map((entry) => this.#advance(entry, findingOf.get(entry.key)));
    const entered = entering.map((finding) => this.#enter(finding, ids.get(finding) ?? ''));
    return [...carried, ...entered];
  }

  /** After `steps`. */
  content(): ReturnType<typeof watchContent> {
    const { findings, services, previous, scope, now } = this.#input;
    const byPlace = new Map<string, Finding>();
    for (const finding of findings.toSorted(bySeverityAndPlace(scope)))
      if (!byPlace.has(finding.subject)) byPlace.set(finding.subject, finding);
    return watchContent({
      services,
      before: previous?.pages ?? [],
      findingOf: (subject) => byPlace.get(subject),
      entryOf: (key) => this.#entries.get(key),
      now,
    });
  }

  /** The finding with what the register knows. A finding that is clear and never was in the register has no spoken id. */
  completed(finding: Finding): Finding {
    const entry = this.#entries.get(finding.key);
    if (entry === undefined) return finding;
    const { spokenId, firstSeen, lastSeen } = entry;
    return { ...finding, spokenId, firstSeen, lastSeen };
  }

  #enter(finding: Finding, spokenId: string): Step {
    const service = this.services.get(finding.subject);
    const step = enter(
      { finding, service, now: this.#input.now, weight: this.#weigh(undefined, finding, service) },
      spokenId,
    );
    this.#entries.set(finding.key, step.entry);
    return step;
  }

  #advance(entry: RegisterEntry, finding: Finding | undefined): Step {
    const service = this.services.get(finding?.subject ?? entry.subject);
    const weight = this.#weigh(entry, finding, service);
    const findingBefore = this.#before.get(entry.key);
    const step = advance({ entry, finding, findingBefore, service, weight, now: this.#input.now });
    this.#entries.set(finding?.key ?? entry.key, step.entry);
    const toldBefore =
      weight.kind === 'not-checked' &&
      weight.reason === 'scope-changed' &&
      this.#input.previous?.scopeDigest === this.#input.scope.digest;
    return toldBefore ? { entry: step.entry, changes: [] } : step;
  }

  #weigh(
    entry: RegisterEntry | undefined,
    finding: Finding | undefined,
    service: Service | undefined,
  ): Weight {
    const place = placeOf(entry, finding);
    // A subject that is no place cannot have been looked at.
    if (place === undefined)
      return finding === undefined
        ? { kind: 'not-checked', reason: 'no-conversation' }
        : { kind: 'seen', own: true };
    const inScope = this.#siteOf(place.address) !== undefined;
    const { coverage, complete } = this.#input;
    return weigh({ place, inScope, entry, finding, service }, { look: this.look, coverage, complete });
  }
}

/** The more exact of the two: a transport that was once learnt tells where to look. */
function placeOf(entry: RegisterEntry | undefined, finding: Finding | undefined): Place | undefined {
  const places = [finding?.subject, entry?.subject].map((key) =>
    key === undefined ? undefined : parseServiceKey(key),
  );
  return (
    places.find((place) => place !== undefined && place.transport !== 'unknown') ?? places[0] ?? places[1]
  );
}

function uniqueByKey(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ key }) => !seen.has(key) && seen.add(key));
}

/** Facts belong to the service: several findings on it would tell the same change several times. The most urgent tells it. */
function onePerSubject(changes: readonly Change[]): Change[] {
  const teller = new Map<string, Change>();
  for (const one of changes) {
    if (one.kind !== 'changed') continue;
    const known = teller.get(one.subject);
    if (known === undefined || one.priority < known.priority) teller.set(one.subject, one);
  }
  return changes.filter((one) => one.kind !== 'changed' || teller.get(one.subject) === one);
}

/** A title that the content watch tells of is not told again as a changed fact. */
function toldOnce(changes: readonly Change[], content: readonly Change[]): Change[] {
  const told = new Set(
    content
      .filter(({ details }) => details.some(({ what }) => what === 'page-title'))
      .map(({ subject }) => subject),
  );
  return changes.flatMap((one) => {
    if (!told.has(one.subject)) return [one];
    const details = one.details.filter(({ what }) => what !== 'title');
    return one.kind === 'changed' && details.length === 0 ? [] : [{ ...one, details }];
  });
}

function withTickets(changes: readonly Change[], scope: Scope): Change[] {
  const tickets = new Map(scope.expected.map((one) => [expectationKey(one), one.ticket]));
  return changes.map((one) => {
    const ticket = tickets.get(one.subject);
    return ticket === undefined ? one : { ...one, ticket };
  });
}
