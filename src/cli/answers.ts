import { AppError } from '../lib/app-error.ts';
import { describeWriteError, writeNewFile } from '../lib/atomic-file.ts';
import { showable } from '../lib/hostile-text.ts';
import { unknownIds, type Answers } from '../model/answers.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { answersTemplate } from '../report/answers-template.ts';
import { answersPaths, findAnswers, readAnswersFile } from '../track/answers.ts';
import { findRun, readSnapshot, type Run } from '../track/store.ts';
import type { Terminal } from './terminal.ts';

/** Ids printed at once. */
const IDS = 30;

export interface AnswersOptions {
  readonly reports: string;
  readonly org?: string;
  readonly allRuns?: boolean;
  readonly check?: boolean;
}

/** `sekisho answers [RUN]`: a commented file to fill in. An existing one is never overwritten. */
export async function writeAnswersCommand(
  reference: string,
  options: AnswersOptions,
  knowledge: () => Knowledge,
  terminal: Terminal,
): Promise<void> {
  const run = await findRun(options.reports, options.org, reference);
  const path = pathFor(run, options.allRuns === true);
  const before = await findAnswers(run);
  if (before === path) throw alreadyThere(path);
  const snapshot = await readSnapshot(run.snapshotPath);
  const text = answersTemplate({ snapshot, knowledge: knowledge(), evidence: () => [] });
  try {
    // Made only if it is not there: what somebody has written must not be lost, whoever is quicker.
    await writeNewFile(path, text);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? alreadyThere(path) : unwritten(path, error);
  }
  const hides =
    before === undefined ? [] : [`Beside it there is ${before}: only the file beside the run counts for it.`];
  terminal.say(
    [
      `Wrote ${path}. Next:`,
      `  1. answer what you can; leave the rest empty`,
      `  2. sekisho answers ${reference} --check`,
      `  3. sekisho report ${reference}`,
      ...hides,
    ].join('\n'),
  );
}

function pathFor(run: Run, allRuns: boolean): string {
  const { own, all } = answersPaths(run);
  if (!allRuns) return own;
  if (all !== undefined) return all;
  throw new AppError(
    'usage',
    `${run.directory} lies in no organisation's folder, so there are no other runs. Leave out --all-runs.`,
  );
}

function alreadyThere(path: string): AppError {
  return new AppError(
    'file-exists',
    `${path} is there already and is left as it is. Go on writing in it, or move it away for a new one.`,
  );
}

function unwritten(path: string, error: unknown): AppError {
  return new AppError('write-failed', `Could not write ${path}: ${describeWriteError(error)}`, {
    cause: error,
  });
}

/** `sekisho answers [RUN] --check`: reads the file that counts for the run. @throws ConfigError with every fault */
export async function checkAnswersCommand(
  reference: string,
  options: AnswersOptions,
  terminal: Terminal,
): Promise<void> {
  const run = await findRun(options.reports, options.org, reference);
  const path = await findAnswers(run);
  if (path === undefined) {
    throw new AppError(
      'no-file',
      `There is no ${answersPaths(run).own}. Write one with "sekisho answers ${showable(reference, 200)}".`,
    );
  }
  const answers = await readAnswersFile(path);
  const snapshot = await readSnapshot(run.snapshotPath);
  terminal.result([`${path} can be read.`, ...describe(answers, snapshot)].join('\n'));
}

function describe(answers: Answers, snapshot: Snapshot): string[] {
  const { findings = {}, sites = {}, told = [], touched = [], management } = answers;
  const held = [
    counted('finding', Object.keys(findings)),
    counted('site', Object.keys(sites)),
    ...(management === undefined ? [] : ['management']),
    ...(told.length === 0 ? [] : [`${told.length} told`]),
    ...(touched.length === 0 ? [] : [`${touched.length} touched`]),
  ];
  const unknown = unknownIds(answers, snapshot);
  const closed = new Set(snapshot.register.map(({ spokenId }) => spokenId));
  const gone = unknown.findings.filter((id) => closed.has(id));
  const never = unknown.findings.filter((id) => !closed.has(id));
  const line = (text: string, ids: readonly string[]): string[] =>
    ids.length === 0 ? [] : [`${text}: ${listed(ids)}`];
  const missing = [
    ...line('Not open in this run, so not in its report', gone),
    ...line('Not a finding of this run', never),
    ...line('Not a site of this run', unknown.sites),
  ];
  return [
    `It answers: ${held.join(', ')}.`,
    ...(missing.length === 0 ? ['Every number and site in it is one of this run.'] : missing),
  ];
}

function counted(what: string, ids: readonly string[]): string {
  return ids.length === 0
    ? `no ${what}s`
    : `${ids.length} ${what}${ids.length === 1 ? '' : 's'} (${listed(ids)})`;
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, IDS).map((id) => showable(id, 60));
  return ids.length > IDS ? `${shown.join(', ')} … and ${ids.length - IDS} more` : shown.join(', ');
}
