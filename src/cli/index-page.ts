import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../lib/app-error.ts';
import { writeFileAtomically } from '../lib/atomic-file.ts';
import { renderIndex } from '../report/index-page/index-page.tsx';
import type { IndexInput, IndexRun } from '../report/index-page/index-model.ts';
import { readHistory, type HistoryRun } from '../track/history.ts';
import { compareRunIds, listRuns, organisationFolder } from '../track/store.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes the page that lists the runs of an organisation, one in each language: "index.html" in the first of them, and
 * "index.LANG.html" in the others. Returns their paths.
 *
 * @throws AppError `write-failed`, `read-failed`, `organisation-id`
 */
export async function writeIndex(
  root: string,
  organisation: string,
  languages: readonly ('ja' | 'en')[],
): Promise<string[]> {
  const { runs, unread } = await readHistory(root, organisation);
  const summaries = new Map(runs.map(({ summary }) => [summary.runId, summary]));
  const unreadStates = new Map(unread.map(({ runId, state }) => [runId, state]));
  const listed = await Promise.all(
    (await listRuns(root, organisation)).map(async ({ runId, directory }): Promise<IndexRun> => ({
      runId,
      summary: summaries.get(runId),
      state: summaries.has(runId) ? 'read' : (unreadStates.get(runId) ?? 'unfinished'),
      files: await readdir(directory).catch(() => []),
    })),
  );
  const input = {
    ...about(organisation, runs),
    runs: listed.toSorted((a, b) => compareRunIds(b.runId, a.runId)),
  };
  const paths: string[] = [];
  for (const [n, lang] of languages.entries()) {
    const name = n === 0 ? 'index.html' : `index.${lang}.html`;
    const path = join(organisationFolder(root, organisation), name);
    await writeFileAtomically(path, renderIndex({ ...input, lang }));
    paths.push(path);
  }
  return paths;
}

/** As the newest run has it. */
function about(
  organisation: string,
  runs: readonly HistoryRun[],
): Pick<IndexInput, 'organisation' | 'sites' | 'timezone' | 'tlp'> {
  const newest = runs.at(-1);
  return {
    organisation: newest?.organisation ?? { ja: organisation, en: organisation },
    sites: newest?.sites ?? [],
    timezone: newest?.timezone ?? 'UTC',
    tlp: newest?.tlp ?? 'AMBER',
  };
}

/** The same after other work: the list is a convenience, and that it cannot be written must not undo what was done. */
export async function refreshIndex(
  root: string,
  organisation: string,
  languages: readonly ('ja' | 'en')[],
  terminal: Terminal,
): Promise<void> {
  try {
    await writeIndex(root, organisation, languages);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    terminal.say(`The list of runs (index.html) was not brought up to date: ${error.message}`);
  }
}
