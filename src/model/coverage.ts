import type { SourceCoverage } from './snapshot.ts';

/** Every source was left out, or looked at no address of the scope (a file about others): such a run says nothing about the boundary. */
export function isBlind(coverage: readonly Pick<SourceCoverage, 'state' | 'looked'>[]): boolean {
  return coverage.length > 0 && coverage.every(({ state, looked }) => state === 'off' || looked === 0);
}
