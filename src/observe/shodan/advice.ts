import type { SourceCoverage } from '../../model/snapshot.ts';

export const INTERNETDB_ADVICE =
  'Shodan gave nothing for this account. InternetDB needs no key and is free for non-commercial use; the organisation file can turn it on: internetdb: { use: true }';

const ACCOUNT_REASONS: ReadonlySet<string> = new Set(['bad-key', 'plan-lacks', 'no-credits']);

/** Shodan was asked, and the account is why nothing came of it. */
export function gaveNothing({ state, reason = '' }: Pick<SourceCoverage, 'state' | 'reason'>): boolean {
  return state === 'failed' && ACCOUNT_REASONS.has(reason);
}
