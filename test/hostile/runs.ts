import { readFileSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal } from '../../src/track/read-journal.ts';

/** Folders of the runs of an organisation, oldest first. */
export function runsUnder(reports: string, organisation = 'kakuu'): string[] {
  const folder = join(reports, organisation);
  return readdirSync(folder)
    .filter((name) => /^\d{8}T/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

export function newestRun(reports: string): string {
  return runsUnder(reports).at(-1) ?? '';
}

/** The journal of the newest run. */
export function journalUnder(reports: string): ReturnType<typeof readJournal> {
  return readJournal(join(newestRun(reports), 'journal.jsonl'));
}

/** Every file under a folder, with its text. */
export function filesUnder(folder: string): { readonly path: string; readonly text: string }[] {
  // Newer versions of Node walk into links to folders, older ones do not: a file is listed once, under its real path.
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => realpathSync(join(entry.parentPath, entry.name)));
  return [...new Set(found)].toSorted().map((path) => ({ path, text: readFileSync(path, 'latin1') }));
}
