import { showable } from '../../lib/hostile-text.ts';
import type { Candidate, CandidateReason } from '../../model/snapshot.ts';
import { placeRecord } from './record-place.ts';
import type { RawRecord } from './records.ts';
import type { BannerRecord } from './schema.ts';

/** Which search brought a record, and why it was made. */
export interface Lead {
  readonly why: CandidateReason;
  /** Text of the search. */
  readonly by: string;
}

/** Writes down what searches found outside the scope. */
export interface CandidateWriter {
  take(records: readonly RawRecord[], lead: Lead, collectedAt: string): void;
  /** Addresses and names that came after the limit was reached. */
  leftOut(): number;
}

/** As many as a reader would go through. Precise searches come first, and each brings its newest records first. */
const MAX_VALUES = 500;
const MAX_SHOWS = 5;
const MAX_SHOWN = 100;
const MAX_NAMES = 20;

/** @param domains the organisation's own: host names under them are candidates too. */
export function createCandidateWriter(
  write: (candidate: Candidate) => void,
  domains: readonly string[],
): CandidateWriter {
  const values = new Set<string>();
  const leftOut = new Set<string>();
  return {
    take: (records, lead, collectedAt) => {
      const found = records.flatMap(({ value }) => candidatesOfRecord(value, lead, collectedAt, domains));
      for (const candidate of mergeByValue(found)) {
        if (!values.has(candidate.value) && values.size >= MAX_VALUES) {
          leftOut.add(candidate.value);
          continue;
        }
        values.add(candidate.value);
        write(candidate);
      }
    },
    leftOut: () => leftOut.size,
  };
}

/** The address of a record, and the names of the organisation's domains that Shodan knows it by. Pure; for any JSON value. */
export function candidatesOfRecord(
  value: unknown,
  { why, by }: Lead,
  collectedAt: string,
  domains: readonly string[],
): Candidate[] {
  const placed = placeRecord(value, collectedAt);
  if (placed === undefined) return [];
  const { record, address, observedAt } = placed;
  const found = [{ why, by, source: 'shodan' as const, at: observedAt }];
  const shows = showsOf(record);
  const names = ownNames(record.hostnames, domains);
  return [
    { kind: 'address', value: address.text, found, shows: [shows] },
    ...names.map((name): Candidate => ({
      kind: 'name',
      value: name,
      found,
      shows: [`${address.text} ${shows}`],
    })),
  ];
}

/** "443/tcp nginx 1.18.0" */
function showsOf({ port, transport, product, version, http, crawl }: BannerRecord): string {
  const software = product === undefined ? http?.server : `${product} ${version ?? ''}`;
  return showable(`${port}/${transport ?? '?'} ${software ?? crawl?.module ?? ''}`, MAX_SHOWN);
}

function ownNames(hostnames: readonly string[], domains: readonly string[]): string[] {
  const names = hostnames
    .map((name) => name.toLowerCase().replace(/\.$/, ''))
    .filter((name) => isHostName(name) && domains.some((domain) => isUnder(name, domain)));
  return [...new Set(names)].slice(0, MAX_NAMES);
}

function isHostName(name: string): boolean {
  return name.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z0-9-]{2,63}$/.test(name);
}

export function isUnder(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** One search brings an address once for each of its open ports. */
function mergeByValue(candidates: readonly Candidate[]): Candidate[] {
  const merged = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const known = merged.get(candidate.value);
    const found = [...(known?.found ?? []), ...candidate.found].toSorted((a, b) => (a.at < b.at ? 1 : -1));
    const shows = [...new Set([...(known?.shows ?? []), ...candidate.shows])].slice(0, MAX_SHOWS);
    merged.set(candidate.value, { ...candidate, found: found.slice(0, 1), shows });
  }
  return [...merged.values()];
}
