/** From stored runs to hits: where the thing asked for stands or stood, since when, and what the newest run knows of it now. */
import { compareInstants, daysBetween, earliest, instantMs, latest } from '../lib/time.ts';
import { openingOf } from '../model/exposure.ts';
import { EXPOSURE_GAP_DAYS, Service, serviceKey, type Sighting } from '../model/service.ts';
import type { ImportHeader } from '../model/import.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { compareSubjects, compareText } from '../track/order.ts';
import { placeStates, type PlaceState } from '../track/place-state.ts';
import { openSightings } from '../track/weigh.ts';
import { ANSWERS, matchService, mayMatch, type Match } from './ask-match.ts';
import type { Question } from './ask-question.ts';
import type { StoredRun } from './ask-store.ts';

/**
 * - now: the newest run from there got in; or it only has a record of at most `EXPOSURE_GAP_DAYS` that no own look contradicts
 * - recorded: the newest run has a record of it, but its own look did not get in
 * - imported: only a file of another tool has it, and no own look was made
 * - was: an older run has it, or the record is old
 */
export const STATES = ['now', 'recorded', 'imported', 'was'] as const;
export type HitState = (typeof STATES)[number];

export interface Hit {
  readonly asked: string;
  readonly organisation: Snapshot['organisation'];
  /** Service key. */
  readonly place: string;
  readonly match: Match;
  readonly service: Service;
  readonly state: HitState;
  /** What the newest run found when it looked there. */
  readonly look: PlaceState;
  /** First date at which what was asked for was seen there; undefined when no look has a date. */
  readonly since: string | undefined;
  /** Newest date. */
  readonly until: string | undefined;
  /** Since when something at all was open there, as far as the newest run that has it can tell. */
  readonly openSince: string | undefined;
  readonly sources: readonly Sighting['source'][];
  /** Newest run in which it was found; undefined for a file that no run has taken in yet. */
  readonly run: string | undefined;
  /** Names of the imported files that have it. Hostile text. */
  readonly files: readonly string[];
  readonly vantage: string;
  /** End of the newest run from that vantage point, or when the file was taken in: the state is as of then. */
  readonly asOf: string;
}

type ReadRun = Extract<StoredRun, { state: 'read' }>;

interface Newest {
  readonly endedAt: string;
  readonly looks: (key: string) => PlaceState;
}

/** Where a service was read. */
interface Origin {
  readonly organisation: Snapshot['organisation'];
  readonly vantage: string;
  readonly run: string | undefined;
  readonly file: string | undefined;
  readonly isNewest: boolean;
  /** Own looks of the newest run from there. */
  readonly looks: ((key: string) => PlaceState) | undefined;
  readonly asOf: string;
}

/** Takes runs in, the newest of each vantage point before its older ones. */
export class HitCollector {
  readonly #questions: readonly Question[];
  readonly #newest = new Map<string, Newest>();
  readonly #hits = new Map<string, Hit>();
  /** Question, organisation and place → the hit of a newest run that has it. */
  readonly #present = new Map<string, string>();

  constructor(questions: readonly Question[]) {
    this.#questions = questions;
  }

  /** @returns how many services that may be an answer could not be read. */
  take(run: ReadRun): number {
    const line = JSON.stringify([run.organisation.id, run.vantage]);
    if (run.newest !== undefined)
      this.#newest.set(line, { endedAt: run.endedAt, looks: placeStates(run.newest) });
    const newest = this.#newest.get(line);
    if (newest === undefined) return 0;
    const origin: Origin = {
      organisation: run.organisation,
      vantage: run.vantage,
      run: run.runId,
      file: undefined,
      isNewest: run.newest !== undefined,
      looks: newest.looks,
      asOf: newest.endedAt,
    };
    let unreadable = 0;
    for (const stored of run.services) {
      const questions = this.#questions.filter((question) => mayMatch(stored, question));
      if (questions.length === 0) continue;
      const service = Service.safeParse(stored).data;
      if (service === undefined) unreadable += 1;
      else for (const question of questions) this.#ask(question, service, origin);
    }
    return unreadable;
  }

  /** What a file says that no run has taken in. No run of its vantage point has looked since. */
  takeImported(
    organisation: Snapshot['organisation'],
    { file, vantage, importedAt }: Pick<ImportHeader, 'file' | 'vantage' | 'importedAt'>,
    services: readonly Service[],
  ): void {
    const origin: Origin = {
      organisation,
      vantage,
      file,
      isNewest: false,
      run: undefined,
      looks: undefined,
      asOf: importedAt,
    };
    for (const service of services)
      for (const question of this.#questions) this.#ask(question, service, origin);
  }

  /** What is there and affected first; what is not affected last. */
  hits(): Hit[] {
    const rank = ({ match, state }: Hit): readonly [number, number, number] => [
      Number(match.answer === 'not-affected'),
      STATES.indexOf(state),
      ANSWERS.indexOf(match.answer),
    ];
    return [...this.#hits.values()].toSorted((a, b) => {
      const [left, right] = [rank(a), rank(b)];
      return (
        left[0] - right[0] ||
        left[1] - right[1] ||
        left[2] - right[2] ||
        compareText(a.organisation.id, b.organisation.id) ||
        compareSubjects(a.place, b.place) ||
        compareText(a.vantage, b.vantage) ||
        compareText(a.asked, b.asked)
      );
    });
  }

  #ask(question: Question, service: Service, from: Origin): void {
    const match = matchService(service, question);
    if (match === undefined) return;
    const hit = hitOf(question.word, match, service, from);
    const isAffected = match.answer !== 'not-affected';
    const names = namesOf(service);
    const known =
      names.map((key) => idOf(hit, key, isAffected)).find((id) => this.#hits.has(id)) ??
      (from.file === undefined
        ? undefined
        : names.map((key) => this.#present.get(presenceOf(hit, key, isAffected))).find(Boolean));
    const before = known === undefined ? undefined : this.#hits.get(known);
    if (known !== undefined && before !== undefined) {
      this.#hits.set(known, merged(before, hit));
      return;
    }
    // That it once was of a release that is not affected is no news; that it was of one that is, is.
    if (!isAffected && names.some((key) => this.#hits.has(idOf(hit, key, true)))) return;
    const id = idOf(hit, service.key, isAffected);
    this.#hits.set(id, hit);
    if (hit.state === 'now' || hit.state === 'recorded')
      this.#present.set(presenceOf(hit, service.key, isAffected), id);
  }
}

function idOf({ asked, organisation, vantage, run }: Hit, key: string, isAffected: boolean): string {
  return JSON.stringify([asked, organisation.id, vantage, run === undefined, key, isAffected]);
}

function presenceOf({ asked, organisation }: Hit, key: string, isAffected: boolean): string {
  return JSON.stringify([asked, organisation.id, key, isAffected]);
}

/** What is known, from a newer run, with what an older run or a file adds. */
function merged(known: Hit, other: Hit): Hit {
  return {
    ...known,
    since: earliest([known.since, other.since]),
    ...(known.run === undefined ? { until: latest([known.until, other.until]) } : {}),
    ...(other.run === undefined ? { files: distinct([...known.files, ...other.files]) } : {}),
  };
}

function hitOf(asked: string, match: Match, service: Service, from: Origin): Hit {
  const { organisation, run, vantage, asOf, file } = from;
  const open = openSightings(service);
  const seen = datesOf(service);
  return {
    asked,
    organisation,
    place: service.key,
    match,
    service,
    ...stateOf(service, from),
    since: earliest(seen),
    until: latest(seen),
    openSince: openSince(service) ?? earliest(seen),
    sources: distinct(open.map(({ source }) => source)),
    files: distinct([...open.map((one) => one.file), file]),
    run,
    vantage,
    asOf,
  };
}

function stateOf(service: Service, { isNewest, file, looks, asOf }: Origin): Pick<Hit, 'state' | 'look'> {
  const look = looks?.(service.key) ?? 'not-looked';
  if (file !== undefined) return { state: 'imported', look };
  if (!isNewest) return { state: 'was', look };
  if (look === 'open') return { state: 'now', look };
  if (look === 'closed' || look === 'no-answer') return { state: 'recorded', look };
  if (openSightings(service).every((one) => one.file !== undefined)) return { state: 'imported', look };
  const until = latest(datesOf(service));
  const isFresh =
    until !== undefined && instantMs(asOf) !== undefined && daysBetween(until, asOf) <= EXPOSURE_GAP_DAYS;
  return { state: isFresh ? 'now' : 'was', look };
}

function distinct<T extends string>(values: readonly (T | undefined)[]): T[] {
  return [...new Set(values.filter((one) => one !== undefined))].toSorted(compareText);
}

/** Keys that mean the same place: a passive source may not have known the transport. */
function namesOf({ key, address, port, transport }: Service): string[] {
  const others = transport === 'unknown' ? (['tcp', 'udp'] as const) : (['unknown'] as const);
  return [key, ...others.map((one) => serviceKey(address, port, one))];
}

/** Beginning of what may be one opening: nobody found it shut since. */
function openSince({ exposure }: Service): string | undefined {
  return exposure?.spans[openingOf(exposure)]?.from;
}

function datesOf(service: Service): string[] {
  return openSightings(service)
    .filter(({ undated }) => undated !== true)
    .flatMap(({ first, last }) => [first, last])
    .toSorted(compareInstants);
}
