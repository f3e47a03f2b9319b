import type { CreditBudget } from './client.ts';
import type { Reason } from './collector.ts';
import type { RawRecord } from './records.ts';
import { attempt, type Session } from './session.ts';

export const PAGE_SIZE = 100;

/** One search, as it is sent and as it is remembered when it is done. */
export interface Search {
  /** As a person would type it. */
  readonly text: string;
  /** Kind of its units of work: `shodan/<kind>/<text>/<page>`. */
  readonly kind: 'net' | 'search';
}

export interface Counted<T> {
  readonly query: T;
  readonly total: number;
}

export interface CountOutcome<T> {
  /** Fewest records first: when credits run out, most searches are done. */
  readonly counted: readonly Counted<T>[];
  readonly failed: readonly { readonly query: T; readonly reason: Reason }[];
  /** Why nothing of the kind need be tried any more. */
  readonly blocked: Reason | undefined;
}

/** How many records each search would find. Free. */
export async function countAll<T extends { readonly text: string }>(
  session: Session,
  queries: readonly T[],
): Promise<CountOutcome<T>> {
  const counted: Counted<T>[] = [];
  const failed: { query: T; reason: Reason }[] = [];
  let blocked: Reason | undefined;
  for (const [index, query] of queries.entries()) {
    session.context.progress('shodan count', index, queries.length);
    const outcome = await attempt(session, blocked, (client, signal) => client.count(query.text, signal));
    if (outcome.done) counted.push({ query, total: outcome.value });
    else {
      failed.push({ query, reason: outcome.reason });
      blocked = blockedBy(outcome.reason) ?? blocked;
    }
  }
  return { counted: counted.toSorted((a, b) => a.total - b.total), failed, blocked };
}

/** Reasons that hold for every further search. */
export function blockedBy(reason: Reason): Reason | undefined {
  return ['plan-lacks', 'no-credits', 'credit-cap'].includes(reason) ? reason : undefined;
}

/** Pages that an earlier attempt at the same run has paid for. */
export function pagesAlreadyPaid(done: ReadonlySet<string>): number {
  return [...done].filter((unit) => /^shodan\/(?:net|search)\//.test(unit)).length;
}

export interface PagesOutcome {
  /** Why not all pages were asked for; undefined: they were. */
  readonly reason: Reason | undefined;
  /** Records that were counted and did not come, although every page did. */
  readonly short: number;
}

/** All pages of one search: none when it finds nothing. */
export async function searchPages(
  session: Session,
  { text, kind }: Search,
  counted: number,
  blocked: Reason | undefined,
  take: (matches: readonly RawRecord[]) => void,
): Promise<PagesOutcome> {
  const { context } = session;
  let total = counted;
  let received = 0;
  for (let page = 1; page <= Math.ceil(total / PAGE_SIZE); page += 1) {
    const unit = `shodan/${kind}/${text}/${page}`;
    if (context.alreadyDone.has(unit)) {
      received += Math.min(PAGE_SIZE, total - received);
      continue;
    }
    const outcome = await attempt(session, blocked, (client, signal) =>
      client.search(text, page, session.budget as CreditBudget, signal),
    );
    if (!outcome.done) return { reason: outcome.reason, short: 0 };
    const { matches } = outcome.value;
    total = outcome.value.total;
    received += matches.length;
    take(matches);
    context.record.done(unit);
    if (matches.length === 0) break;
  }
  // The index moves while one pages: the newest total counts, and records may come twice, but none may be missing.
  const short = Math.max(0, total - received);
  if (short > 0)
    context.log.warn({ query: text, total, received }, 'Shodan sent fewer records than it counted');
  return { reason: undefined, short };
}
