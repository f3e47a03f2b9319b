import { stat } from 'node:fs/promises';
import { AppError } from '../lib/app-error.ts';
import { jsonLine, showable } from '../lib/hostile-text.ts';
import type { ImportHeader, ImportSettings, ImportTally, ImportType } from '../model/import.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Scope } from '../model/scope.ts';
import { endOfDay } from '../scope/time-zone.ts';
import { forgetImport, listImports } from '../track/imports.ts';
import { ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { loadOrganisation } from './organisation.ts';
import { createProgress } from './progress.ts';
import { faultText, settingsFor, takeIn, type TakenIn } from './take-in.ts';
import { writeStderr, type Terminal } from './terminal.ts';

export interface ImportOptions {
  readonly orgFile: string;
  readonly reports: string;
  readonly as?: ImportType | 'auto';
  readonly vantage?: string;
  /** "2026-11-20" */
  readonly observed?: string;
  readonly list?: boolean;
  readonly forget?: string;
  readonly json?: boolean;
}

export interface ImportInput {
  readonly files: readonly string[];
  readonly options: ImportOptions;
  readonly knowledge: Knowledge;
  readonly toolVersion: string;
  readonly terminal: Terminal;
  readonly now: () => Date;
}

/** `sekisho import FILE…`: keeps what other tools have seen, for the runs that come. Sends nothing. */
export async function importCommand(input: ImportInput): Promise<ExitCode> {
  const { files, options, knowledge, terminal } = input;
  const { scope } = loadOrganisation(options.orgFile, knowledge);
  if (options.list === true) return listCommand(scope, options, terminal);
  if (options.forget !== undefined) {
    await forgetImport(options.reports, scope.id, options.forget);
    terminal.say(`${options.forget} is forgotten. Runs that took it in keep what they learnt from it.`);
    return ExitCode.nothingNew;
  }
  if (files.length === 0) throw new AppError('usage', 'Name the files to take in, or use --list.');
  const interrupt = onInterrupt(() => terminal.say(STOPPING));
  try {
    return await takeInAll(input, scope, interrupt.signal);
  } finally {
    interrupt.dispose();
  }
}

const STOPPING =
  'Stopping: nothing of the file that is being read is kept; press Ctrl-C again to quit at once.';

type Outcome = 'whole' | 'in part' | 'not';

async function takeInAll(input: ImportInput, scope: Scope, signal: AbortSignal): Promise<ExitCode> {
  const { files, options, terminal } = input;
  const outcomes: Outcome[] = [];
  for (const file of files) {
    if (signal.aborted) break;
    outcomes.push(await takeInOne(file, input, scope, signal));
  }
  if (signal.aborted) return ExitCode.interrupted;
  if (outcomes.every((outcome) => outcome === 'not')) return ExitCode.usage;
  if (options.json !== true)
    terminal.say(`Next: sekisho scan ${options.orgFile} --passive takes in what is kept, without a packet.`);
  return outcomes.every((outcome) => outcome === 'whole') ? ExitCode.nothingNew : ExitCode.incomplete;
}

/** One bad file does not stop the others; a disk that is full does. */
async function takeInOne(
  file: string,
  { options, toolVersion, terminal, now }: ImportInput,
  scope: Scope,
  signal: AbortSignal,
): Promise<Outcome> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  const progress = createProgress(terminal.isInteractive, writeStderr, () => performance.now());
  try {
    const taken = await takeIn(settingsOf(file, options, scope), {
      reports: options.reports,
      scope,
      toolVersion,
      now: now(),
      signal,
      progress: (bytes) => progress.update('import', megabytes(bytes), megabytes(size)),
    });
    progress.clear();
    if (options.json === true) terminal.result(jsonLine(asJson(taken)));
    else terminal.say(describeTakenIn(taken));
    const { cut, broken } = taken.header.tally;
    return cut || broken > 0 ? 'in part' : 'whole';
  } catch (error) {
    progress.clear();
    if (!(error instanceof AppError) || error.code === 'write-failed') throw error;
    if (options.json === true) terminal.result(jsonLine({ file, error: error.message }));
    else terminal.say(error.message);
    return 'not';
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function settingsOf(file: string, { as, vantage, observed }: ImportOptions, scope: Scope): ImportSettings {
  const settings = settingsFor(file, scope);
  return {
    ...settings,
    as: as ?? settings.as,
    vantage: vantage ?? settings.vantage,
    observedAt: observed === undefined ? settings.observedAt : endOfDay(observed, scope.timezone),
  };
}

const FAULTS_SHOWN = 5;

/** What became of one file, for who has just handed it over. */
export function describeTakenIn({ header, replaced }: TakenIn): string {
  const { file, tally, vantage, id } = header;
  const lines = [`${showable(file, 100)}: ${whatLine(tally)}`];
  if (tally.outOfScope > 0)
    lines.push(`  left out, outside the ranges of the organisation file: ${tally.outOfScope}`);
  if (tally.ignored > 0) lines.push(`  no statement about an open place: ${tally.ignored}`);
  if (tally.cut)
    lines.push('  THE FILE IS CUT: it ends before its end; what is missing in it is missing here');
  if (tally.broken > 0) {
    lines.push(`  CANNOT BE READ: ${tally.broken}`);
    lines.push(...tally.faults.slice(0, FAULTS_SHOWN).map((fault) => `    ${faultText(fault)}`));
    if (tally.broken > FAULTS_SHOWN) lines.push(`    and ${tally.broken - FAULTS_SHOWN} more`);
  }
  lines.push(
    `  ${datesLine(tally)}${header.source === undefined ? '' : `, seen from vantage point "${showable(vantage, 60)}"`}`,
  );
  lines.push(`  kept as ${id}${replaced ? ', in place of the same file taken in before' : ''}`);
  return lines.join('\n');
}

function whatLine({ type, records, observations, assets, addresses }: ImportTally): string {
  const what = type === 'ledger' ? `rows ${assets}` : `observations ${observations}`;
  return `${type}; in scope: records ${records}, ${what}, addresses ${addresses}`;
}

function datesLine({ oldest, newest, observations }: ImportTally): string {
  if (oldest === undefined || newest === undefined) {
    return observations === 0
      ? 'no dated observation'
      : 'no record has a date of its own: give the day of the look with --observed YYYY-MM-DD, or nobody can tell how old this is';
  }
  const [from, to] = [oldest.slice(0, 10), newest.slice(0, 10)];
  return from === to ? `data of ${from}` : `data of ${from} to ${to}`;
}

function asJson({ header, replaced }: TakenIn): unknown {
  const { id, file, vantage, sha256, bytes, tally } = header;
  return { file, id, replaced, vantage, sha256, bytes, ...tally };
}

async function listCommand(scope: Scope, options: ImportOptions, terminal: Terminal): Promise<ExitCode> {
  const { imports, damaged } = await listImports(options.reports, scope.id);
  for (const { path, why } of damaged)
    terminal.say(`${path} cannot be read: ${why}. Remove it and take the file in again.`);
  if (imports.length === 0)
    terminal.say(`Nothing has been taken in for ${scope.id} under ${options.reports}.`);
  for (const { header } of imports) {
    const isOther = header.scopeDigest !== scope.digest;
    terminal.result(
      options.json === true
        ? jsonLine({ ...header, otherScope: isOther })
        : `${header.id}  ${showable(header.file, 60)}  ${listText(header)}${isOther ? '  under OTHER RANGES than today: take it in again' : ''}`,
    );
  }
  return damaged.length === 0 ? ExitCode.nothingNew : ExitCode.incomplete;
}

function listText({ importedAt, tally }: ImportHeader): string {
  const partly = tally.cut || tally.broken > 0 ? ', read in part' : '';
  return `${whatLine(tally)}, ${datesLine(tally)}, taken in ${importedAt}${partly}`;
}
