/** Who found a place open, who did not, and what may be made of the difference. */
import { z } from 'zod';
import { compareInstants, DAY_MS, instantMs, latest } from '../lib/time.ts';
import type { Finding } from './finding.ts';
import type { SourceName } from './observation.ts';
import { EXPOSURE_GAP_DAYS, type Service, type Sighting } from './service.ts';
import type { Snapshot } from './snapshot.ts';

/** Services on the Internet that go round all addresses by themselves; what they know is open to everyone. */
export const CRAWLERS: readonly SourceName[] = ['shodan', 'internetdb', 'censys'];

/**
 * - agree, contradiction: an own probe and somebody else found it open, and say the same of it, or do not
 * - probe-only: nobody else did
 * - passive-only: an own probe did not, a crawler did · imported-only: only files of other tools say so · tool-only: only another
 *   tool, started by this run, says so
 *
 * Reasons of probe-only:
 * - no-source-asked: no crawler was asked · not-all-asked: those that were did not answer in full
 * - not-this-port: a crawler knows the address without this port · not-this-address: they do not know it at all
 *
 * Reasons of the others:
 * - not-looked: own probes did not look · stale: nor did anybody else for `EXPOSURE_GAP_DAYS`
 * - refused, silent: what an own probe met there
 */
export const Corroboration = z.object({
  verdict: z.enum(['agree', 'contradiction', 'probe-only', 'passive-only', 'imported-only', 'tool-only']),
  reason: z
    .enum([
      'no-source-asked',
      'not-all-asked',
      'not-this-port',
      'not-this-address',
      'not-looked',
      'stale',
      'refused',
      'silent',
    ])
    .nullable(),
  /** Newest own look that got in, newest of somebody else, and newest own look that did not get in. ISO-8601 UTC. */
  ownAt: z.string().nullable(),
  otherAt: z.string().nullable(),
  missedAt: z.string().nullable(),
});
export type Corroboration = z.infer<typeof Corroboration>;

type Run = Pick<Snapshot, 'coverage' | 'services' | 'findings' | 'endedAt'>;

/** Pure. Undefined for a service that nobody got an answer from, which is none. */
export function createCorroboration(run: Run): (service: Service) => Corroboration | undefined {
  const known = new Set(
    run.services
      .filter((service) => reachedSightings(service).some(isCrawlers))
      .map(({ address }) => address),
  );
  const reach = new Map(run.findings.map(({ subject, inputs }) => [subject, inputs.reach]));
  return (service) => {
    const open = reachedSightings(service);
    const own = open.filter(({ source }) => source === 'probe');
    const others = open.filter(({ source }) => source !== 'probe');
    const dates = { ownAt: newestOf(own), otherAt: newestOf(others), missedAt: null };
    if (own.length > 0 && others.length > 0) {
      const verdict = service.contradictions.length > 0 ? 'contradiction' : 'agree';
      return { verdict, reason: null, ...dates };
    }
    if (own.length > 0)
      return { verdict: 'probe-only', reason: whyProbeOnly(run, known.has(service.address)), ...dates };
    if (others.length === 0) return undefined;
    const missed = missedBy(service, reach.get(service.key), run.endedAt);
    return {
      verdict: hearsayOf(others),
      reason: missed?.reason ?? (isStale(dates.otherAt, run.endedAt) ? 'stale' : 'not-looked'),
      ...dates,
      missedAt: missed?.at ?? null,
    };
  };
}

/** Those that got an answer, be it nonsense. */
export function reachedSightings({ sightings }: Pick<Service, 'sightings'>): Sighting[] {
  return sightings.filter(({ status }) => status === 'open' || status === 'protocol-error');
}

function isCrawlers({ source }: Sighting): boolean {
  return CRAWLERS.includes(source);
}

/** By the dates of looks; by those of files when there is no other. */
function newestOf(sightings: readonly Sighting[]): string | null {
  const dated = sightings.filter(({ undated }) => undated !== true);
  return latest((dated.length > 0 ? dated : sightings).map(({ last }) => last)) ?? null;
}

function hearsayOf(others: readonly Sighting[]): Corroboration['verdict'] {
  if (others.some(isCrawlers)) return 'passive-only';
  return others.every(({ file }) => file !== undefined) ? 'imported-only' : 'tool-only';
}

/** A file speaks of the addresses that somebody put into it: only a crawler that was asked itself can be silent about one. */
function whyProbeOnly({ coverage }: Run, isAddressKnown: boolean): Corroboration['reason'] {
  if (isAddressKnown) return 'not-this-port';
  const asked = coverage.filter(
    ({ source, file, state }) =>
      CRAWLERS.includes(source) && file === undefined && (state === 'complete' || state === 'partial'),
  );
  if (asked.length === 0) return 'no-source-asked';
  return asked.some(({ state }) => state === 'complete') ? 'not-this-address' : 'not-all-asked';
}

/** How an own probe failed to get in; undefined: none looked. Silence of the dark is in no sighting, only in the judgement. */
function missedBy(
  { sightings }: Service,
  reach: Finding['inputs']['reach'] | undefined,
  endedAt: string,
): { reason: 'refused' | 'silent'; at: string } | undefined {
  const failed = sightings
    .filter(
      ({ source, status }) => source === 'probe' && ['closed', 'no-answer', 'unreachable'].includes(status),
    )
    .toSorted((a, b) => compareInstants(a.last, b.last))
    .at(-1);
  if (failed !== undefined)
    return { reason: failed.status === 'closed' ? 'refused' : 'silent', at: failed.last };
  return reach === 'passive-only' || reach === 'some' ? { reason: 'silent', at: endedAt } : undefined;
}

function isStale(newest: string | null, endedAt: string): boolean {
  const [at, end] = [newest === null ? undefined : instantMs(newest), instantMs(endedAt)];
  return at !== undefined && end !== undefined && end - at > EXPOSURE_GAP_DAYS * DAY_MS;
}
