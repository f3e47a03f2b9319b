import { jsonLine } from '../lib/hostile-text.ts';
import { advisoryAgeOf, type AdvisoryAge } from '../model/advisory.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { JournalProblems } from '../track/read-journal.ts';
import type { Run } from '../track/store.ts';

/** What a person at the terminal reads when the run has ended: health first, then what was found, then where the report is. */
export function describeScan(
  snapshot: Snapshot,
  files: readonly string[],
  { corruptCount, corruptLines }: JournalProblems,
): string {
  const lines = snapshot.coverage.map(
    ({ source, state, reason, looked, addresses, answered }) =>
      `${source}: ${state}${reason === undefined ? '' : ` (${reason})`}${state === 'off' ? '' : `, ${looked} of ${addresses} addresses, ${answered} answered`}`,
  );
  if (corruptCount > 0) {
    lines.push(
      `The journal is damaged: ${corruptCount} lines cannot be read (${corruptLines.slice(0, 10).join(', ')}). What they held is missing here; a new run looks again.`,
    );
  } else if (!snapshot.complete)
    lines.push('The run was stopped before its end: what was not looked at is listed in the report.');
  lines.push(
    `${snapshot.services.length} services. Priorities: ${count(snapshot.findings.map(({ priority }) => priority))}.`,
  );
  lines.push(
    snapshot.previousRun === undefined
      ? 'First run: nothing to compare with.'
      : `Since ${snapshot.previousRun.endedAt}: ${count(snapshot.changes.map(({ kind }) => kind))}.`,
  );
  const age = advisoryAgeOf(snapshot);
  if (age.stale) lines.push(staleLine(age));
  return [...lines, ...files].join('\n');
}

/** Old advisory data is told aloud wherever somebody may act on what it says, or on what it does not. */
export function staleLine({ date, days }: AdvisoryAge): string {
  return `The list of known-exploited vulnerabilities is of ${date}, ${days ?? 0} days old: what became known since is missing. Bring it up to date: sekisho kb update`;
}

/** One line for scripts: run, outcome counts, files. */
export function scanJson(snapshot: Snapshot, run: Run, files: readonly string[]): string {
  const tally = (values: readonly string[]): Record<string, number> => Object.fromEntries(counts(values));
  const age = advisoryAgeOf(snapshot);
  return jsonLine({
    run: snapshot.runId,
    directory: run.directory,
    complete: snapshot.complete,
    coverage: snapshot.coverage.map(({ source, state, reason, looked, addresses, answered, credits }) => ({
      source,
      state,
      reason,
      looked,
      addresses,
      answered,
      credits,
    })),
    advisoryData: { date: age.date, ageDays: age.days ?? null, stale: age.stale },
    services: snapshot.services.length,
    priorities: tally(snapshot.findings.map(({ priority }) => priority)),
    changes: tally(snapshot.changes.map(({ kind }) => kind)),
    files,
  });
}

function count(values: readonly string[]): string {
  const parts = counts(values).map(([value, n]) => `${value} ${n}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function counts(values: readonly string[]): [string, number][] {
  const tally = new Map<string, number>();
  for (const value of values) tally.set(value, (tally.get(value) ?? 0) + 1);
  return [...tally].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
