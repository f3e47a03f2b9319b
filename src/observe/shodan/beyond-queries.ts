import type { Scope } from '../../model/scope.ts';
import type { CandidateReason } from '../../model/snapshot.ts';
import { PAGE_SIZE } from './search-pages.ts';

/** One search beyond the ranges, and what it means to be found by it. */
export interface BeyondQuery {
  readonly text: string;
  readonly why: CandidateReason;
}

/** The searches that the organisation file asks for; its schema lets no quote or backslash through. */
export function beyondQueries({ domains, organisations, asns }: Scope['shodan']['search']): BeyondQuery[] {
  const queries: BeyondQuery[] = [
    ...domains.map((domain) => ({ text: `hostname:"${domain}"`, why: 'domain' as const })),
    ...domains.map((domain) => ({
      text: `ssl.cert.subject.cn:"${domain}"`,
      why: 'certificate-name' as const,
    })),
    ...organisations.map((name) => ({ text: `org:"${name}"`, why: 'organisation' as const })),
    ...asns.map((asn) => ({ text: `asn:${asn}`, why: 'asn' as const })),
  ];
  return [...new Map(queries.map((query) => [query.text, query])).values()];
}

/** One search may take a quarter of the credits, at most ten: `asn:` of a provider finds millions of records. */
export function mostRecordsOfOneSearch(maxCredits: number): number {
  return PAGE_SIZE * Math.min(10, Math.max(1, Math.floor(maxCredits / 4)));
}

/** Is this what a search beyond the ranges is named in the coverage? */
export function isBeyondRanges(what: string): boolean {
  return /^(?:hostname|ssl\.cert\.[a-z.]{1,30}|org|asn|http\.[a-z._]{1,30}):/.test(what);
}
