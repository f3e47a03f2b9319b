/** Runs side by side, place by place: which doors are reachable from where. Pure. */
import { compareInstants, instantMs } from '../lib/time.ts';
import type { SourceName } from '../model/observation.ts';
import { serviceKey, type Service } from '../model/service.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { parseServiceKey } from './alias.ts';
import { appearanceOf, differences } from './appearance.ts';
import { compareSubjects } from './order.ts';
import { placeStates, type PlaceState } from './place-state.ts';
import { openSightings } from './weigh.ts';

/**
 * - only-from: own looks of some runs got in, those of others were refused or heard nothing
 * - differs: where more than one got in, they saw different things
 * - not-compared: some of the runs did not look, and what the others say agrees
 * - same: every run looked, and they agree
 */
export const VERDICTS = ['only-from', 'differs', 'not-compared', 'same'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What one run has of one place. */
export interface ComparedCell {
  readonly state: PlaceState;
  /** Sources other than the own probes that list it as open. */
  readonly recordedBy: readonly SourceName[];
  readonly service: Service | undefined;
}

export interface ComparedPlace {
  /** Service key. */
  readonly key: string;
  /** One for each run, in the order given. */
  readonly cells: readonly ComparedCell[];
  readonly verdict: Verdict;
  /** Names of the facts that differ between runs that got in: product, version, certificate … */
  readonly differs: readonly string[];
}

/** Every place that any of the runs found; those that differ first, then by address. */
export function comparePlaces(runs: readonly Pick<Snapshot, 'services' | 'coverage'>[]): ComparedPlace[] {
  const readers = runs.map((run) => cellReader(run));
  return placesOf(runs)
    .map((key) =>
      comparedPlace(
        key,
        readers.map((read) => read(key)),
      ),
    )
    .toSorted(
      (a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || compareSubjects(a.key, b.key),
    );
}

/** A record without transport is about the place whose transport another run has learnt. */
function placesOf(runs: readonly Pick<Snapshot, 'services'>[]): string[] {
  const keys = new Set(runs.flatMap(({ services }) => services.map(({ key }) => key)));
  const known = (key: string): boolean => {
    const place = parseServiceKey(key);
    if (place?.transport !== 'unknown') return false;
    return (['tcp', 'udp'] as const).some((one) => keys.has(serviceKey(place.address, place.port, one)));
  };
  return [...keys].filter((key) => !known(key));
}

function cellReader(run: Pick<Snapshot, 'services' | 'coverage'>): (key: string) => ComparedCell {
  const stateOf = placeStates(run);
  const services = new Map(run.services.map((service) => [service.key, service]));
  return (key) => {
    const place = parseServiceKey(key);
    const vague = place === undefined ? key : serviceKey(place.address, place.port, 'unknown');
    const service = services.get(key) ?? services.get(vague);
    const others = openSightings(service).flatMap(({ source }) => (source === 'probe' ? [] : [source]));
    return { state: stateOf(key), recordedBy: [...new Set(others)].toSorted(), service };
  };
}

function comparedPlace(key: string, cells: readonly ComparedCell[]): ComparedPlace {
  const differs = differingFacts(cells);
  return { key, cells, differs, verdict: verdictOf(cells, differs) };
}

function verdictOf(cells: readonly ComparedCell[], differs: readonly string[]): Verdict {
  const states = cells.map(({ state }) => state);
  const isShut = states.includes('closed') || states.includes('no-answer');
  if (states.includes('open') && isShut) return 'only-from';
  if (differs.length > 0) return 'differs';
  return states.includes('not-looked') ? 'not-compared' : 'same';
}

/** A fact that only one run has learnt is no difference. */
function differingFacts(cells: readonly ComparedCell[]): string[] {
  const seen = cells.flatMap(({ state, service }) =>
    state === 'open' && service !== undefined ? [appearanceOf(service)] : [],
  );
  const names = seen.flatMap((one, n) =>
    seen.slice(n + 1).flatMap((other) => differences(one, other).map(({ what }) => what)),
  );
  return [...new Set(names)].toSorted();
}

/** Whole hours between the first and the last end of the runs, rounded up; undefined when a date cannot be read. */
export function hoursApart(runs: readonly Pick<Snapshot, 'endedAt'>[]): number | undefined {
  const ends = runs.map(({ endedAt }) => endedAt).toSorted(compareInstants);
  const [first, last] = [instantMs(ends[0] ?? ''), instantMs(ends.at(-1) ?? '')];
  return first === undefined || last === undefined ? undefined : Math.ceil((last - first) / 3_600_000);
}
