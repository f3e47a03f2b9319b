import type { Observation } from '../../model/observation.ts';
import { isUnder } from './candidates.ts';
import type { BeyondQuery } from './beyond-queries.ts';
import { BannerRecord } from './schema.ts';

/** Something that an own service shows and that few others should, as the search for it. */
export interface Mark extends BeyondQuery {
  readonly why: 'same-certificate' | 'favicon' | 'same-page';
}

export interface Pivot extends Mark {
  /** Own places that show it. */
  readonly places: number;
}

/** What own services show, gathered from their newest records. */
export interface Marks {
  note(observation: Observation): void;
  /** Search → places that show it. */
  readonly places: ReadonlyMap<string, { readonly why: Pivot['why']; readonly at: ReadonlySet<string> }>;
}

/** Counts are free and take a second each. */
export const MOST_PIVOTS = 30;
/** What more services than this show is a product's own icon or page, or the certificate of a provider. */
export const MOST_COMMON = 50;

export function createMarks(domains: readonly string[]): Marks {
  const places = new Map<string, { why: Pivot['why']; at: Set<string> }>();
  return {
    places,
    note: (observation) => {
      if (observation.probe !== 'banner') return;
      const place = `${observation.address} ${observation.port}`;
      for (const { text, why } of marksOf(observation, domains)) {
        const known = places.get(text);
        if (known === undefined) places.set(text, { why, at: new Set([place]) });
        else known.at.add(place);
      }
    },
  };
}

const ORDER: readonly Pivot['why'][] = ['same-certificate', 'favicon', 'same-page'];

/** The most telling first: a certificate belongs to one owner, an icon and a page often to a product. */
export function findPivots({ places }: Marks): Pivot[] {
  return [...places]
    .map(([text, { why, at }]) => ({ text, why, places: at.size }))
    .toSorted((a, b) => ORDER.indexOf(a.why) - ORDER.indexOf(b.why))
    .slice(0, MOST_PIVOTS);
}

/** Never throws, whatever the record holds. A hash of 0 is that of nothing. */
export function marksOf(observation: Observation, domains: readonly string[]): Mark[] {
  const { favicon } = observation.facts.http ?? {};
  const record = recordIn(observation);
  const page = record?.http?.html_hash ?? 0;
  const certificate = mayLead(observation, domains) ? fingerprintOf(record) : undefined;
  return [
    ...(certificate === undefined
      ? []
      : [{ text: `ssl.cert.fingerprint:${certificate}`, why: 'same-certificate' as const }]),
    ...(favicon === undefined || favicon.mmh3 === 0
      ? []
      : [{ text: `http.favicon.hash:${favicon.mmh3}`, why: 'favicon' as const }]),
    ...(page === 0 ? [] : [{ text: `http.html_hash:${page}`, why: 'same-page' as const }]),
  ];
}

/** The raw record lies in the evidence, also that of an earlier attempt at the run; a long one was cut and says no more. */
function recordIn({ evidence: [evidence] }: Observation): BannerRecord | undefined {
  if (evidence === undefined || evidence.truncated) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(evidence.received, 'base64').toString('utf8'));
    return BannerRecord.safeParse(value).data;
  } catch {
    return undefined;
  }
}

/** Self-signed ones are mostly those that devices leave the factory with, unless they name the organisation. */
function mayLead({ facts }: Observation, domains: readonly string[]): boolean {
  const leaf = facts.tls?.certificates[0];
  if (leaf === undefined) return false;
  const names = leaf.names.map((name) => name.toLowerCase());
  return !leaf.selfSigned || names.some((name) => domains.some((domain) => isUnder(name, domain)));
}

/** The filter is used with SHA-1 fingerprints by most who publish searches. */
function fingerprintOf(record: BannerRecord | undefined): string | undefined {
  const { sha1, sha256 } = record?.ssl?.cert?.fingerprint ?? {};
  return [sha1, sha256].find((text) => text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text));
}
