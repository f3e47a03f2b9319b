import type { Reason } from './collector.ts';
import { readMatches } from './records.ts';
import { PAGE_SIZE, blockedBy, countAll, searchPages, type Counted } from './search-pages.ts';
import type { Session } from './session.ts';
import type { ListQuery, Span } from './spans.ts';

export interface SearchOutcome {
  /** Ranges whose search was not finished, with the reason. */
  readonly unfinished: readonly { readonly spans: readonly Span[]; readonly reason: Reason }[];
}

/**
 * Asks for every banner of the ranges: first how many there are (free), then page by page. A query without any banner is
 * not searched, that would cost a credit.
 */
export async function searchRanges(session: Session, queries: readonly ListQuery[]): Promise<SearchOutcome> {
  const { counted, failed, ...rest } = await countAll(session, queries);
  const unfinished = failed.map(({ query, reason }) => ({ spans: query.spans, reason }));
  let { blocked } = rest;
  logPlan(session, counted);
  for (const [index, { query, total }] of counted.entries()) {
    session.context.progress('shodan search', index, counted.length);
    const search = { text: query.text, kind: 'net' } as const;
    const { reason, short } = await searchPages(session, search, total, blocked, (matches) =>
      session.collector.add(readMatches(matches, session.recordContext())),
    );
    if (short > 0) session.collector.missed(query.text, 'incomplete-answer', short);
    if (reason === undefined) session.collector.looked(query.spans);
    else {
      unfinished.push({ spans: query.spans, reason });
      blocked = blockedBy(reason) ?? blocked;
    }
  }
  return { unfinished };
}

function logPlan(session: Session, counted: readonly Counted<ListQuery>[]): void {
  const banners = counted.reduce((sum, { total }) => sum + total, 0);
  const credits = counted.reduce((sum, { total }) => sum + Math.ceil(total / PAGE_SIZE), 0);
  const limit = session.budget.limit;
  session.context.log.info({ queries: counted.length, banners, credits, limit }, 'Shodan: searches planned');
}
