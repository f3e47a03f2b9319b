import { join } from 'node:path';
import type { Logger } from 'pino';
import { AppError } from '../lib/app-error.ts';
import { writeFileAtomically } from '../lib/atomic-file.ts';
import { formatInstant } from '../lib/time.ts';
import { formatPorts } from '../lib/port-list.ts';
import type { Scope } from '../model/scope.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { conclude, observe, type ConcludeInput } from '../pipeline.ts';
import { openJournal } from '../track/journal.ts';
import { readJournal, type JournalContent } from '../track/read-journal.ts';
import { createRun, listRuns, lockOrganisation, writeSnapshot, type Run } from '../track/store.ts';
import { newestSnapshots, previousSnapshot } from '../track/vantages.ts';
import { outcomeOf } from '../track/outcome.ts';
import { readBeside } from './beside-run.ts';
import { ExitCode } from './exit-code.ts';
import { importSources } from './import-sources.ts';
import { refreshIndex } from './index-page.ts';
import { onInterrupt } from './interrupt.ts';
import { createLog } from './log.ts';
import type { PreparedScan } from './prepare.ts';
import { createProgress } from './progress.ts';
import { writeReports } from './report-files.ts';
import { ORGANISATION_COPY } from './names.ts';
import type { ScanOptions } from './scan-options.ts';
import { createSources } from './sources.ts';
import { writeStderr } from './terminal.ts';
import { describeScan, scanJson } from './scan-summary.ts';

/** `sekisho scan`: one run from the organisation file to the reports. */
export async function scanCommand(input: PreparedScan): Promise<ExitCode> {
  const { options, scope, now } = input;
  const lock = await lockOrganisation(options.reports, scope.id, now());
  try {
    return await runLocked(input);
  } finally {
    lock.release();
  }
}

async function runLocked(input: PreparedScan): Promise<ExitCode> {
  const { options, scope, knowledge, terminal, toolVersion } = input;
  const log = createLog({ file: options.logFile, verbose: options.verbose === true });
  const { run, earlier, kin } = await openRun(input);
  const interrupt = onInterrupt((text) => terminal.say(text));
  try {
    await collect(input, run, earlier, interrupt.signal, log);
    const journal = await readJournal(run.journalPath);
    const snapshot = conclude({ journal, scope, knowledge, ...kin, toolVersion });
    await writeSnapshot(run.snapshotPath, snapshot);
    // A run is not lost over a slip in a file of notes.
    const beside = await readBeside(run, (text) => terminal.say(text));
    const { languages } = scope;
    const files = await writeReports({
      ...beside,
      directory: run.directory,
      snapshot,
      journal,
      knowledge,
      languages,
    });
    await refreshIndex(options.reports, scope.id, languages, terminal);
    if (options.quiet !== true) terminal.say(describeScan(snapshot, files, journal.problems, kin.others));
    if (options.json === true) terminal.result(scanJson(snapshot, run, files));
    return interrupt.signal.aborted ? ExitCode.interrupted : exitCode(snapshot, options);
  } finally {
    interrupt.dispose();
  }
}

interface OpenRun {
  readonly run: Run;
  /** What a killed attempt at this run has left. */
  readonly earlier: JournalContent | undefined;
  readonly kin: Kin;
}

/** What the run is compared with, and the newest runs from elsewhere. */
type Kin = Required<Pick<ConcludeInput, 'previous' | 'others'>>;

/** Read before anything is sent: what is damaged stops the run now and not at its end. */
async function kinOf(
  { options: { reports }, scope: { id, vantage } }: PreparedScan,
  before?: string,
): Promise<Kin> {
  return {
    previous: await previousSnapshot(reports, id, vantage, before),
    others: await newestSnapshots(reports, id, { without: vantage }),
  };
}

/** A new run, or with `--resume` the newest one of this organisation that has not come to its end. */
async function openRun(input: PreparedScan): Promise<OpenRun> {
  const { options, scope, organisation, now } = input;
  if (options.resume !== true) {
    // Before a folder is made: a run that is stopped here must not leave an empty one behind.
    const kin = await kinOf(input);
    const run = await createRun(options.reports, scope.id, now());
    await writeFileAtomically(join(run.directory, ORGANISATION_COPY), organisation.text);
    return { run, earlier: undefined, kin };
  }
  const run = (await listRuns(options.reports, scope.id)).at(-1);
  const earlier = run === undefined ? undefined : await readJournal(run.journalPath);
  if (run === undefined || earlier?.header === undefined) {
    throw new AppError(
      'resume',
      `There is no run of ${scope.id} under ${options.reports} to resume: leave out --resume.`,
    );
  }
  if (earlier.complete) {
    throw new AppError(
      'resume',
      `The newest run, ${run.runId}, came to its end: there is nothing to resume. Leave out --resume.`,
    );
  }
  const { header } = earlier;
  if (
    header.scopeDigest !== scope.digest ||
    header.ports !== formatPorts(scope.probe.ports) ||
    header.passive !== (options.passive === true) ||
    header.vantage !== scope.vantage
  ) {
    throw new AppError(
      'resume',
      `The run ${run.runId} was begun with other ranges, ports, --passive or from another vantage point: it cannot be resumed with these. Leave out --resume to begin a new run.`,
    );
  }
  return { run, earlier, kin: await kinOf(input, run.runId) };
}

async function collect(
  input: PreparedScan,
  run: Run,
  earlier: JournalContent | undefined,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  const { options, scope, terminal, now, toolVersion } = input;
  const failure = new AbortController();
  const journal = openJournal(run.journalPath, { onFailure: (error) => failure.abort(error) });
  const progress = createProgress(terminal.isInteractive && options.quiet !== true, writeStderr, () =>
    performance.now(),
  );
  try {
    if (earlier === undefined) journal.append(runHeader(run, scope, options, toolVersion, now()));
    // A journal that cannot be written ends the sending at once: what is not recorded must not be asked.
    const stop = AbortSignal.any([signal, failure.signal]);
    const imports = await importSources(input, { signal: stop, progress: progress.update });
    const sources = [...createSources(input), ...imports];
    await observe({ sources, scope, journal, earlier, now, signal: stop, log, progress: progress.update });
    journal.append({ kind: 'end', endedAt: formatInstant(now()), complete: !stop.aborted });
  } finally {
    progress.clear();
    journal.close();
  }
}

function runHeader(run: Run, scope: Scope, options: ScanOptions, toolVersion: string, now: Date) {
  return {
    kind: 'run',
    schemaVersion: 1,
    runId: run.runId,
    scopeDigest: scope.digest,
    startedAt: formatInstant(now),
    toolVersion,
    vantage: scope.vantage,
    passive: options.passive === true,
    portProfile: scope.probe.portProfile,
    ports: formatPorts(scope.probe.ports),
  } as const;
}

function exitCode(snapshot: Snapshot, { failOn }: ScanOptions): ExitCode {
  switch (outcomeOf(snapshot.changes, snapshot.coverage, snapshot.complete, failOn)) {
    case 'new-p1':
      return ExitCode.newActNow;
    case 'incomplete':
      return ExitCode.incomplete;
    case 'changed':
      return ExitCode.changed;
    case 'nothing':
      return ExitCode.nothingNew;
  }
}
