import { beyondQueries, mostRecordsOfOneSearch, type BeyondQuery } from './beyond-queries.ts';
import type { Lead } from './candidates.ts';
import type { Reason } from './collector.ts';
import { findPivots, MOST_COMMON } from './pivots.ts';
import { placeRecord } from './record-place.ts';
import { readMatches, type RawRecord } from './records.ts';
import { blockedBy, countAll, searchPages } from './search-pages.ts';
import type { Session } from './session.ts';

/**
 * Searches for what belongs to the organisation without lying in its ranges: by the names in its file, then by what its
 * own services show. Records inside the scope count like all others; the rest becomes candidates for the owner to judge.
 */
export async function searchBeyond(session: Session): Promise<void> {
  const { search, maxCredits } = session.context.scope.shodan;
  await searchNames(session, beyondQueries(search), mostRecordsOfOneSearch(maxCredits));
  if (search.pivots) await followPivots(session);
  const leftOut = session.candidates.leftOut();
  if (leftOut > 0) session.collector.aside('candidates', 'too-many-addresses', leftOut);
}

async function searchNames(
  session: Session,
  queries: readonly BeyondQuery[],
  mostRecords: number,
): Promise<void> {
  const { counted, failed, ...rest } = await countAll(session, queries);
  for (const { query, reason } of failed) missed(session, query.text, reason);
  let { blocked } = rest;
  for (const [index, { query, total }] of counted.entries()) {
    session.context.progress('shodan search', index, counted.length);
    if (total > mostRecords) {
      session.context.log.warn(
        { query: query.text, total, mostRecords },
        'Shodan: the search finds more records than one search may bring: it is left out',
      );
      session.collector.aside(query.text, 'credit-cap', total);
      continue;
    }
    const gap = await searchFor(session, query, total, blocked);
    if (gap === undefined) continue;
    missed(session, query.text, gap.reason, gap.count);
    blocked = blockedBy(gap.reason) ?? blocked;
  }
}

/** A plan without a filter is no fault of the run: what was not searched is listed, and the ranges are whole without it. */
function missed({ collector }: Session, what: string, reason: Reason, count = 0): void {
  if (reason === 'plan-lacks') collector.aside(what, reason, count);
  else collector.missed(what, reason, count);
}

/** Suggestions only: whatever keeps them from being looked for is listed and makes no run incomplete. */
async function followPivots(session: Session): Promise<void> {
  const { budget, collector } = session;
  const pivots = findPivots(session.marks);
  if (pivots.length > 0 && budget.spent() >= budget.limit) {
    collector.aside('pivots', 'credit-cap', pivots.length);
    return;
  }
  const own = new Map(pivots.map(({ text, places }) => [text, places]));
  const { counted, failed, ...rest } = await countAll(session, pivots);
  for (const { query, reason } of failed) collector.aside(query.text, reason, 0);
  let { blocked } = rest;
  // What so many show belongs to a product or a provider; what only own services show leads nowhere.
  const telling = counted.filter(
    ({ query, total }) => total <= MOST_COMMON && total > (own.get(query.text) ?? 0),
  );
  for (const [index, { query, total }] of telling.entries()) {
    session.context.progress('shodan search', index, telling.length);
    const gap = await searchFor(session, query, total, blocked);
    if (gap === undefined) continue;
    collector.aside(query.text, gap.reason, gap.count);
    blocked = blockedBy(gap.reason) ?? blocked;
  }
}

/** @returns what is missing. */
async function searchFor(
  session: Session,
  { text, why }: BeyondQuery,
  total: number,
  blocked: Reason | undefined,
): Promise<{ readonly reason: Reason; readonly count: number } | undefined> {
  const search = { text, kind: 'search' } as const;
  const { reason, short } = await searchPages(session, search, total, blocked, (matches) =>
    takeMatches(session, matches, { why, by: text }),
  );
  if (reason !== undefined) return { reason, count: total };
  return short > 0 ? { reason: 'incomplete-answer', count: short } : undefined;
}

function takeMatches(session: Session, matches: readonly RawRecord[], lead: Lead): void {
  const context = session.recordContext();
  const outside = new Set(
    matches.filter(({ value }) => {
      const address = placeRecord(value, context.collectedAt)?.address;
      return address !== undefined && session.judge(address) === 'outside';
    }),
  );
  session.candidates.take([...outside], lead, context.collectedAt);
  const others = matches.filter((match) => !outside.has(match));
  session.collector.add(readMatches(others, context));
}
