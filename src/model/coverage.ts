import type { SourceCoverage } from './snapshot.ts';

/** Every source was left out or could not be asked: such a run says nothing about the boundary. */
export function isBlind(coverage: readonly Pick<SourceCoverage, 'state'>[]): boolean {
  return coverage.length > 0 && coverage.every(({ state }) => state === 'off');
}
