import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../lib/app-error.ts';
import { writeFileAtomically } from '../lib/atomic-file.ts';
import type { Knowledge } from '../model/knowledge.ts';
import { FILE_FORMATS, FORMATS } from '../report/formats.ts';
import type { ViewName } from '../report/views.ts';
import { findRun, listOrganisations, listRuns, readSnapshot, type Run } from '../track/store.ts';
import { damagedLine, languagesOf, readBeside, readEvidence, rootOf, type Languages } from './beside-run.ts';
import { refreshIndex, writeIndex } from './index-page.ts';
import { onInterrupt } from './interrupt.ts';
import { printPdf } from './print-pdf.ts';
import { fileName, PAGES, viewOf, writeReports, type ReportInput } from './report-files.ts';
import type { Terminal } from './terminal.ts';

export interface ReportOptions {
  readonly reports: string;
  readonly org?: string;
  readonly lang?: Languages;
  readonly format?: string;
  readonly view?: ViewName;
  readonly pdf?: boolean;
  readonly out?: string;
  readonly index?: boolean;
}

export interface ReportContext {
  readonly knowledge: Knowledge;
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * `sekisho report [RUN]`: renders a stored run again, without a packet: its files (all of them, or those of one view), one form to stdout
 * or into a file, PDF, or the list of runs alone.
 */
export async function reportCommand(
  reference: string,
  options: ReportOptions,
  context: ReportContext,
): Promise<void> {
  refuseContradictions(reference, options);
  if (options.out !== undefined) await requireFile(options.out);
  if (options.index === true) return rewriteIndexes(options, context);
  const run = await findRun(options.reports, options.org, reference);
  const snapshot = await readSnapshot(run.snapshotPath);
  const journal = await readEvidence(run, (text) => context.terminal.say(text));
  const beside = await readBeside(run);
  const input = { snapshot, journal, knowledge: context.knowledge, ...beside };
  const { terminal } = context;
  const damaged = damagedLine(beside);
  if (damaged !== undefined) terminal.say(damaged);
  if (options.format !== undefined) return writeForm(options.format, input, options, terminal);
  const languages = options.lang ?? languagesOf(run, context.knowledge);
  const files =
    options.pdf === true
      ? await writePdf(run, input, { ...options, languages }, context)
      : await writeReports({ ...input, directory: run.directory, languages, only: options.view });
  if (run.organisation !== undefined)
    await refreshIndex(rootOf(run), run.organisation, languagesOf(run, context.knowledge), terminal);
  terminal.say(files.join('\n'));
}

/** @throws AppError `usage` before anything is read or written */
function refuseContradictions(reference: string, options: ReportOptions): void {
  const { format, pdf, out, index, lang = [], view } = options;
  const refuse = (why: string): never => {
    throw new AppError('usage', why);
  };
  if (index === true && (format ?? pdf ?? out ?? view) !== undefined)
    refuse('--index rewrites the list of runs and nothing else: leave out the other options.');
  if (index === true && reference !== 'latest')
    refuse('--index rewrites the list of all runs of an organisation: name it with --org, not a run.');
  if (format !== undefined && pdf === true) refuse('--pdf prints the pages of a view: leave out --format.');
  if (out !== undefined && format === undefined && pdf !== true)
    refuse('--out names the file for one form: add --format or --pdf.');
  if (format !== undefined && lang.length > 1) refuse('One form is in one language: --lang ja or --lang en.');
  if (out !== undefined && pdf === true && (view === undefined || lang.length !== 1))
    refuse('--out names one PDF: add --view with one view and --lang with one language.');
}

/** What is there would be replaced, a device or a pipe as well. @throws AppError `usage` */
async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw new AppError(
    'usage',
    `--out ${path}: this is no file. Name a file; without --out a text goes to stdout.`,
  );
}

/** @throws AppError `usage` for a form, or a view in a form, that there is not */
async function writeForm(
  name: string,
  input: ReportInput,
  { lang = ['ja'], view, out }: ReportOptions,
  terminal: Terminal,
): Promise<void> {
  const form = ALIASES[name] ?? name;
  const language = lang[0] ?? 'ja';
  if (form === 'xlsx') {
    if (view !== undefined && view !== 'full')
      throw new AppError('usage', 'The spreadsheet is the same for every view: leave out --view.');
    if (out === undefined)
      throw new AppError('usage', 'A spreadsheet is no text: name a file for it with --out FILE.xlsx.');
    await writeFileAtomically(out, await FILE_FORMATS.xlsx.render(viewOf(input, language)));
    return terminal.say(out);
  }
  const format = isFormat(form) ? FORMATS[form] : undefined;
  if (format === undefined) throw new AppError('usage', `There is no format "${name}". ${known()}`);
  // A form with one view needs no --view.
  const views: readonly ViewName[] = format.views;
  const chosen = view ?? (views.includes('full') ? 'full' : (views[0] ?? 'full'));
  if (!views.includes(chosen))
    throw new AppError('usage', `There is no view "${chosen}" in the format ${form}. ${known()}`);
  const text = format.render(viewOf(input, language), chosen);
  if (out === undefined) return terminal.result(text);
  await writeFileAtomically(out, text);
  terminal.say(out);
}

const ALIASES: Readonly<Record<string, string>> = { md: 'markdown', txt: 'text' };

function isFormat(name: string): name is keyof typeof FORMATS {
  return Object.hasOwn(FORMATS, name);
}

function known(): string {
  const forms = Object.entries(FORMATS).map(([name, { views }]) => `${name} (${views.join(', ')})`);
  return `There is: ${[...forms, ...Object.keys(FILE_FORMATS)].join('; ')}; and --pdf.`;
}

async function writePdf(
  run: Run,
  input: ReportInput,
  { view, out, languages }: ReportOptions & { readonly languages: Languages },
  { terminal, environment }: ReportContext,
): Promise<string[]> {
  const interrupt = onInterrupt((text) => terminal.say(text), 'Stopping the browser …');
  const files: string[] = [];
  try {
    for (const lang of languages) {
      const whole = viewOf(input, lang);
      for (const name of view === undefined ? PAGES : [view]) {
        const path = out ?? join(run.directory, fileName(name, lang, 'pdf'));
        const html = FORMATS.html.render(whole, name);
        await printPdf({ html, path, environment, signal: interrupt.signal });
        files.push(path);
      }
    }
  } finally {
    interrupt.dispose();
  }
  return files;
}

async function rewriteIndexes(options: ReportOptions, { knowledge, terminal }: ReportContext): Promise<void> {
  const names = options.org === undefined ? await listOrganisations(options.reports) : [options.org];
  const files: string[] = [];
  for (const name of names) {
    const newest = (await listRuns(options.reports, name)).at(-1);
    if (newest === undefined) continue;
    const languages = options.lang ?? languagesOf(newest, knowledge);
    files.push(...(await writeIndex(options.reports, name, languages)));
  }
  if (files.length === 0)
    throw new AppError(
      'run-not-found',
      `There are no runs under ${options.reports}: there is nothing to list.`,
    );
  terminal.say(files.join('\n'));
}
