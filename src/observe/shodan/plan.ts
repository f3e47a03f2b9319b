import type { Scope } from '../../model/scope.ts';
import { beyondQueries, mostRecordsOfOneSearch } from './beyond-queries.ts';
import { SHODAN_PAUSE_MS } from './pacer.ts';
import { MOST_PIVOTS } from './pivots.ts';
import { countAddresses, listAddresses, listQueries, spansInScope, type Span } from './spans.ts';

/** Up to here one free lookup per address beats a search that costs a credit. */
const SMALL_SCOPE = 32n;

/** Which calls the ranges of a scope need. */
export interface Plan {
  readonly lookups: readonly string[];
  readonly search: readonly Span[];
}

export function planFor(spans: readonly Span[]): Plan {
  const v4 = spans.filter(({ family }) => family === 4);
  const isSmall = countAddresses(v4) <= SMALL_SCOPE;
  return isSmall
    ? {
        lookups: listAddresses(v4, Number(SMALL_SCOPE)),
        // Lookups of IPv6 addresses are patchy; searches work.
        search: spans.filter(({ family }) => family === 6),
      }
    : { lookups: [], search: spans };
}

export interface ShodanEstimate {
  /** Searches over many networks; each costs one credit per hundred banners found, and none when nothing is found. */
  readonly queries: number;
  /** Free lookups that are certain; every address that a search finds adds one. */
  readonly hostLookups: number;
  /** Searches for names, organisations and AS numbers, at the same price. */
  readonly beyond: number;
  /** More records than this, and a search of that kind is left out. */
  readonly mostRecords: number;
  /** Most searches for icons, certificates and pages: each is counted first, and costs at most one credit. */
  readonly pivots: number;
  /** None is certain to be spent. */
  readonly mostCredits: number;
  /** Shortest duration: one request a second. */
  readonly minSeconds: number;
}

/** What a run over this scope will ask of Shodan, for the dry run. Pure. */
export function predictShodan({
  shodan,
  ...scope
}: Pick<Scope, 'sites' | 'exclusions' | 'shodan'>): ShodanEstimate {
  const isOff = shodan.use === 'no';
  const plan = planFor(isOff ? [] : spansInScope(scope));
  const queries = listQueries(plan.search).length;
  const hostLookups = plan.lookups.length;
  const beyond = isOff ? 0 : beyondQueries(shodan.search).length;
  const pivots = !isOff && shodan.search.pivots ? MOST_PIVOTS : 0;
  const accountCalls = isOff ? 0 : 2;
  return {
    queries,
    hostLookups,
    beyond,
    mostRecords: mostRecordsOfOneSearch(shodan.maxCredits),
    pivots,
    mostCredits: queries + beyond + pivots === 0 ? 0 : shodan.maxCredits,
    minSeconds: Math.ceil(((queries + hostLookups + beyond + accountCalls) * SHODAN_PAUSE_MS) / 1000),
  };
}
