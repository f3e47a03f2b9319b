import type { CreditBudget, ShodanClient } from './client.ts';
import type { Reason } from './collector.ts';
import { readMatches } from './records.ts';
import { attempt, type Session } from './session.ts';
import type { ListQuery, Span } from './spans.ts';

const PAGE_SIZE = 100;

export interface SearchOutcome {
  /** Ranges whose search was not finished, with the reason. */
  readonly unfinished: readonly { readonly spans: readonly Span[]; readonly reason: Reason }[];
}

interface Counted {
  readonly query: ListQuery;
  readonly total: number;
}

/**
 * Asks for every banner of the ranges: first how many there are (free), then page by page. A query without any banner is
 * not searched, that would cost a credit. Small queries first: when credits run out, most ranges are done.
 */
export async function searchRanges(session: Session, queries: readonly ListQuery[]): Promise<SearchOutcome> {
  const unfinished: { spans: readonly Span[]; reason: Reason }[] = [];
  const counted: Counted[] = [];
  let blocked: Reason | undefined;
  for (const [index, query] of queries.entries()) {
    session.context.progress('shodan count', index, queries.length);
    const outcome = await attempt(session, blocked, (client, signal) => client.count(query.text, signal));
    if (outcome.done) counted.push({ query, total: outcome.value });
    else {
      unfinished.push({ spans: query.spans, reason: outcome.reason });
      blocked = blockedBy(outcome.reason) ?? blocked;
    }
  }
  logPlan(session, counted);
  const inOrder = counted.toSorted((a, b) => a.total - b.total);
  for (const [index, { query, total }] of inOrder.entries()) {
    session.context.progress('shodan search', index, inOrder.length);
    const reason = await searchPages(session, query, total, blocked);
    if (reason === undefined) session.collector.looked(query.spans);
    else {
      unfinished.push({ spans: query.spans, reason });
      blocked = blockedBy(reason) ?? blocked;
    }
  }
  return { unfinished };
}

/** Reasons that hold for every further search. */
function blockedBy(reason: Reason): Reason | undefined {
  return ['plan-lacks', 'no-credits', 'credit-cap'].includes(reason) ? reason : undefined;
}

function logPlan(session: Session, counted: readonly Counted[]): void {
  const banners = counted.reduce((sum, { total }) => sum + total, 0);
  const credits = counted.reduce((sum, { total }) => sum + Math.ceil(total / PAGE_SIZE), 0);
  const limit = session.budget.limit;
  session.context.log.info({ queries: counted.length, banners, credits, limit }, 'Shodan: searches planned');
}

/** All pages of one query: none when it finds nothing. @returns why it was not finished. */
async function searchPages(
  session: Session,
  query: ListQuery,
  counted: number,
  blocked: Reason | undefined,
): Promise<Reason | undefined> {
  const { context, collector } = session;
  let total = counted;
  let received = 0;
  for (let page = 1; page <= Math.ceil(total / PAGE_SIZE); page += 1) {
    const unit = `shodan/net/${query.text}/${page}`;
    if (context.alreadyDone.has(unit)) {
      received += Math.min(PAGE_SIZE, total - received);
      continue;
    }
    const outcome = await attempt(session, blocked, (client: ShodanClient, signal) =>
      client.search(query.text, page, session.budget as CreditBudget, signal),
    );
    if (!outcome.done) return outcome.reason;
    const { matches } = outcome.value;
    total = outcome.value.total;
    received += matches.length;
    collector.add(readMatches(matches, session.recordContext()));
    context.record.done(unit);
    if (matches.length === 0) break;
  }
  // The index moves while one pages: the newest total counts, and records may come twice, but none may be missing.
  if (received >= total) return undefined;
  context.log.warn({ query: query.text, total, received }, 'Shodan sent fewer records than it counted');
  collector.missed(query.text, 'incomplete-answer', total - received);
  return undefined;
}
