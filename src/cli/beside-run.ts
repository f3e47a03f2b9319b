import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../lib/app-error.ts';
import { showable } from '../lib/hostile-text.ts';
import type { Answers } from '../model/answers.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { RunSummary } from '../model/history.ts';
import { readOrganisationFile } from '../scope/organisation-file.ts';
import { readAnswers } from '../track/answers.ts';
import { readHistory, type UnreadRun } from '../track/history.ts';
import { readJournal, type JournalContent } from '../track/read-journal.ts';
import type { Run } from '../track/store.ts';
import { ORGANISATION_COPY } from './names.ts';

export type Languages = readonly ('ja' | 'en')[];

/** What is stored around a run and told in its report. */
export interface BesideRun {
  readonly answers: Answers | undefined;
  readonly history: readonly RunSummary[];
  /** Damaged runs, which the trends lack. */
  readonly damaged: readonly string[];
}

/**
 * @param onFault told that the answers cannot be read; they are left out then. Without it a fault is thrown.
 * @throws ConfigError, AppError `answers-file`
 */
export async function readBeside(run: Run, onFault?: (message: string) => void): Promise<BesideRun> {
  const answers = await readAnswers(run).catch((error: unknown) => {
    if (onFault === undefined || !(error instanceof AppError)) throw error;
    onFault(`The reports are made without the answers: ${error.message}`);
    return undefined;
  });
  // A run that was named by a path outside an organisation's folder stands alone.
  if (run.organisation === undefined) return { answers, history: [], damaged: [] };
  const { runs, unread } = await readHistory(rootOf(run), run.organisation, run.runId);
  return { answers, history: runs.map(({ summary }) => summary), damaged: damagedIds(unread) };
}

/**
 * The journal of a finished run, for what is made from it again.
 *
 * @param say told what is missing because of damage
 * @throws AppError `journal-missing`, `journal-newer`
 */
export async function readEvidence(run: Run, say: (text: string) => void): Promise<JournalContent> {
  const journal = await readJournal(run.journalPath).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'journal-missing') throw error;
    throw new AppError(
      error.code,
      `${error.message}. What was sent and answered stands in it. Put it back from your backup; the files of the run stay as they are.`,
      { cause: error },
    );
  });
  const { corruptCount, tornBytes } = journal.problems;
  const damaged = corruptCount + (tornBytes > 0 ? 1 : 0);
  if (damaged > 0)
    say(
      `${damaged === 1 ? 'A line' : `${damaged} lines`} of ${run.journalPath} cannot be read: what was sent and answered there is missing.`,
    );
  return journal;
}

/** The folder of all organisations. */
export function rootOf(run: Run): string {
  return dirname(dirname(resolve(run.directory)));
}

function damagedIds(unread: readonly UnreadRun[]): string[] {
  return unread.flatMap(({ runId, state }) => (state === 'damaged' ? [runId] : []));
}

/** undefined: there is nothing to say. */
export function damagedLine({ damaged }: BesideRun): string | undefined {
  if (damaged.length === 0) return undefined;
  const named = damaged.slice(0, 5).map((id) => showable(id, 40));
  const more = damaged.length > named.length ? ` and ${damaged.length - named.length} more` : '';
  return `The trends lack what cannot be read: the snapshots of ${named.join(', ')}${more} are damaged.`;
}

/** Those of the organisation file as it was for the run; both when it is gone or cannot be read any more. */
export function languagesOf(run: Run, knowledge: Knowledge): Languages {
  const file = join(run.directory, ORGANISATION_COPY);
  try {
    const { scope } = readOrganisationFile(readFileSync(file, 'utf8'), file, {
      portProfiles: knowledge.ports,
      hasProduct: (id) => knowledge.products.has(id),
    });
    return scope.languages;
  } catch {
    return ['ja', 'en'];
  }
}
