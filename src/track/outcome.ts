import { Priority } from '../model/finding.ts';
import { isBlind } from '../model/coverage.ts';
import type { Change, SourceCoverage } from '../model/snapshot.ts';

/** What a run comes to, most pressing first; `cli` makes exit codes of it. */
export const OUTCOMES = ['new-p1', 'incomplete', 'changed', 'nothing'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** P1 is the most urgent. */
export function isAtLeast(priority: Priority, threshold: Priority): boolean {
  return Priority.options.indexOf(priority) <= Priority.options.indexOf(threshold);
}

/**
 * - new-p1: a P1 is new, open again, or became P1
 * - incomplete: the run was cut short, no source was asked at all, or one failed or looked at a part only (one that was switched off did not)
 * - changed: something at or above `failOn`, before or after, changed; not having been checked is no change, nor is a page
 *   that differs in its text only
 */
export function outcomeOf(
  changes: readonly Change[],
  coverage: readonly SourceCoverage[],
  complete: boolean,
  failOn: Priority,
): Outcome {
  const alarms: readonly Change['kind'][] = ['new', 're-opened', 'raised'];
  if (changes.some(({ kind, priority }) => priority === 'P1' && alarms.includes(kind))) return 'new-p1';
  const hasGaps = coverage.some(({ state }) => state === 'failed' || state === 'partial');
  if (!complete || isBlind(coverage) || hasGaps) return 'incomplete';
  const counts = changes.some(
    ({ kind, priority, priorityBefore }) =>
      kind !== 'not-checked' &&
      kind !== 'content-varied' &&
      (isAtLeast(priority, failOn) || (priorityBefore !== undefined && isAtLeast(priorityBefore, failOn))),
  );
  return counts ? 'changed' : 'nothing';
}
