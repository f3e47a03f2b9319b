import { AppError } from '../lib/app-error.ts';
import type { Knowledge } from '../model/knowledge.ts';
import { FORMATS } from '../report/formats.ts';
import { readJournal } from '../track/read-journal.ts';
import { findRun, readSnapshot } from '../track/store.ts';
import { viewOf, writeReports } from './report-files.ts';
import type { Terminal } from './terminal.ts';

export interface ReportOptions {
  readonly reports: string;
  readonly org?: string;
  readonly lang?: readonly ('ja' | 'en')[];
  readonly format?: string;
}

/** `sekisho report [RUN]`: renders a stored run again, without a packet: files into its folder, or one form to stdout. */
export async function reportCommand(
  reference: string,
  options: ReportOptions,
  knowledge: Knowledge,
  terminal: Terminal,
): Promise<void> {
  const run = await findRun(options.reports, options.org, reference);
  const snapshot = await readSnapshot(run.snapshotPath);
  const journal = await readJournal(run.journalPath);
  const input = { snapshot, journal, knowledge };
  if (options.format === undefined) {
    const files = await writeReports({
      ...input,
      directory: run.directory,
      languages: options.lang ?? ['ja', 'en'],
    });
    terminal.say(files.join('\n'));
    return;
  }
  const format = Object.hasOwn(FORMATS, options.format)
    ? FORMATS[options.format as keyof typeof FORMATS]
    : undefined;
  if (format === undefined) {
    throw new AppError(
      'usage',
      `There is no format "${options.format}". Known: ${Object.keys(FORMATS).join(', ')}.`,
    );
  }
  for (const lang of options.lang ?? ['ja']) terminal.result(format.render(viewOf(input, lang)));
}
