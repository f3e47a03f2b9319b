import { jsonLine, showable } from '../lib/hostile-text.ts';
import { advisoryAgeOf, type AdvisoryAge } from '../model/advisory.ts';
import { isBlind } from '../model/coverage.ts';
import type { Snapshot, SourceCoverage } from '../model/snapshot.ts';
import { INTERNETDB_ADVICE, gaveNothing } from '../observe/shodan/advice.ts';
import { isBeyondRanges } from '../observe/shodan/beyond-queries.ts';
import type { JournalProblems } from '../track/read-journal.ts';
import type { Run } from '../track/store.ts';

/** What a person at the terminal reads when the run has ended: health first, then what was found, then where the report is. */
export function describeScan(
  snapshot: Snapshot,
  files: readonly string[],
  { corruptCount, corruptLines }: JournalProblems,
  others: readonly Pick<Snapshot, 'vantage'>[] = [],
): string {
  const lines = coverageLines(snapshot.coverage);
  if (isAccountOfNoUse(snapshot.coverage)) lines.push(INTERNETDB_ADVICE);
  if (corruptCount > 0) {
    lines.push(
      `The journal is damaged: ${corruptCount} lines cannot be read (${corruptLines.slice(0, 10).join(', ')}). What they held is missing here; a new run looks again.`,
    );
  } else if (!snapshot.complete)
    lines.push('The run was stopped before its end: what was not looked at is listed in the report.');
  if (isBlind(snapshot.coverage)) lines.push(BLIND);
  lines.push(
    `${snapshot.services.length} services. Priorities: ${count(snapshot.findings.map(({ priority }) => priority))}.`,
  );
  lines.push(
    snapshot.previousRun === undefined
      ? firstRunLine(snapshot, others)
      : `Since ${snapshot.previousRun.endedAt}: ${count(snapshot.changes.map(({ kind }) => kind))}.`,
  );
  const age = advisoryAgeOf(snapshot);
  if (age.stale) lines.push(staleLine(age));
  return [...lines, ...files].join('\n');
}

const BLIND =
  'NOTHING WAS LOOKED AT: no source could be asked, so this run says nothing about the boundary. Give it one: a permission to probe, a Shodan key (SHODAN_API_KEY), or files of other tools (sekisho import).';

const MOST_FILES = 8;

/** Files that were read whole are counted once there are many; one with holes is always named. */
function coverageLines(coverage: readonly SourceCoverage[]): string[] {
  const whole = coverage.filter(({ file, state }) => file !== undefined && state === 'complete');
  const folded = new Set(whole.length > MOST_FILES ? whole : []);
  const lines = coverage
    .filter((one) => !folded.has(one))
    .flatMap((one) => [one.file === undefined ? coverageLine(one) : fileLine(one), ...shodanLines(one)]);
  return folded.size === 0 ? lines : [...lines, `${folded.size} imported files: read whole`];
}

function fileLine({ source, file, state, reason, looked }: SourceCoverage): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  const how = state === 'complete' ? 'read whole' : `${state}${why}`;
  return `${source}, file ${showable(file ?? '', 100)}: ${how}, ${looked} addresses of the scope in it`;
}

function coverageLine({
  source,
  state,
  reason,
  looked,
  addresses,
  answered,
  credits,
}: SourceCoverage): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  if (state === 'off') return `${source}: ${state}${why}`;
  const spent =
    credits === undefined
      ? ''
      : `, ${credits.spent} credits spent${credits.left === undefined ? '' : `, ${credits.left} left`}`;
  return `${source}: ${state}${why}, ${looked} of ${addresses} addresses, ${answered} answered${spent}`;
}

const MOST_SEARCHES = 5;

/** Searches beyond the ranges do not count as addresses: those that were not made are named. */
function shodanLines({ source, notLooked }: SourceCoverage): string[] {
  if (source !== 'shodan') return [];
  const missing = notLooked.filter(({ what }) => isBeyondRanges(what));
  const lines = missing
    .slice(0, MOST_SEARCHES)
    .map(
      ({ what, reason, count: records }) =>
        `  not searched: ${what} (${reason}${records > 0 ? `, ${records} records` : ''})`,
    );
  if (missing.length > MOST_SEARCHES)
    lines.push(`  not searched: ${missing.length - MOST_SEARCHES} more, listed in the report`);
  return lines;
}

function isAccountOfNoUse(coverage: readonly SourceCoverage[]): boolean {
  const isOff = coverage.some(({ source, state }) => source === 'internetdb' && state === 'off');
  const shodan = coverage.find(({ source }) => source === 'shodan');
  return isOff && shodan !== undefined && gaveNothing(shodan);
}

/** A vantage point that was renamed by mistake has no history under its new name: whoever reads this sees it. */
function firstRunLine({ vantage }: Snapshot, others: readonly Pick<Snapshot, 'vantage'>[]): string {
  const names = [...new Set(others.map((run) => run.vantage))].filter((name) => name !== vantage).toSorted();
  if (names.length === 0) return 'First run: nothing to compare with.';
  return `First run from vantage point "${vantage}": nothing to compare with. Runs from ${names.map((name) => `"${name}"`).join(', ')} exist; if one of these is meant, use that name.`;
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
    coverage: snapshot.coverage.map(
      ({ source, file, state, reason, looked, addresses, answered, credits }) => ({
        source,
        file,
        state,
        reason,
        looked,
        addresses,
        answered,
        credits,
      }),
    ),
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
