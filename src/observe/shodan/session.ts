import type { Address } from '../../lib/address.ts';
import type { SourceContext } from '../source.ts';
import { ShodanError, type ShodanErrorKind } from './answer.ts';
import type { CandidateWriter } from './candidates.ts';
import type { CreditBudget, ShodanClient } from './client.ts';
import type { Collector, Reason } from './collector.ts';
import type { Marks } from './pivots.ts';
import type { RecordContext } from './records.ts';

export interface CountedBudget extends CreditBudget {
  readonly limit: number;
  /** Credits that requests sent so far have cost at most. */
  spent(): number;
}

/** One run of the Shodan source. */
export interface Session {
  readonly context: SourceContext;
  readonly client: ShodanClient;
  readonly collector: Collector;
  readonly budget: CountedBudget;
  readonly candidates: CandidateWriter;
  /** What own services show, when that is to be searched for elsewhere. */
  readonly marks: Marks;
  readonly recordContext: () => RecordContext;
  /** Where an address lies. What the organisation excludes it already knows: that is no candidate. */
  readonly judge: (address: Address) => 'inside' | 'excluded' | 'outside';
  /** What came of asking for the history of hosts. */
  readonly history: {
    /** The plan gives host answers without it only. */
    refused: boolean;
    /** Places in host answers that were asked for with history, and older records that came with them. */
    places: number;
    older: number;
  };
  /** Set when going on is pointless: the key is refused, the run was stopped, or Shodan does not answer any more. */
  stopped: Reason | undefined;
  /** Requests in a row that failed after all their tries. */
  failuresInARow: number;
}

export function createBudget(limit: number): CountedBudget {
  let spent = 0;
  return {
    limit,
    take: () => {
      if (spent >= limit) return false;
      spent += 1;
      return true;
    },
    giveBack: () => {
      spent -= 1;
    },
    spent: () => spent,
  };
}

export type Outcome<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly reason: Reason };

const MAX_FAILURES_IN_A_ROW = 3;

const REASONS: Readonly<Record<ShodanErrorKind, Reason>> = {
  'bad-key': 'bad-key',
  'no-credits': 'no-credits',
  'plan-lacks': 'plan-lacks',
  'bad-request': 'not-accepted',
  'rate-limited': 'rate-limited',
  'broken-answer': 'network',
  network: 'network',
  'credit-cap': 'credit-cap',
  interrupted: 'interrupted',
};

/**
 * One call to Shodan whose failure becomes a reason. Nothing is sent once the session has stopped or when `blocked` says
 * that the call is of no use.
 */
export async function attempt<T>(
  session: Session,
  blocked: Reason | undefined,
  call: (client: ShodanClient, signal: AbortSignal) => Promise<T>,
): Promise<Outcome<T>> {
  const { signal, log } = session.context;
  if (signal.aborted) session.stopped = 'interrupted';
  const before = session.stopped ?? blocked;
  if (before !== undefined) return { done: false, reason: before };
  try {
    const value = await call(session.client, signal);
    session.failuresInARow = 0;
    return { done: true, value };
  } catch (error) {
    if (!(error instanceof ShodanError)) throw error;
    const reason = REASONS[error.kind];
    log.warn({ reason, status: error.status }, `Shodan: ${error.message}`);
    if (reason === 'bad-key' || reason === 'interrupted') session.stopped = reason;
    if (reason === 'network' || reason === 'rate-limited') {
      session.failuresInARow += 1;
      if (session.failuresInARow >= MAX_FAILURES_IN_A_ROW) session.stopped = reason;
    }
    return { done: false, reason };
  }
}
