import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errorText } from '../lib/app-error.ts';
import { makePrivateDirectory } from '../lib/atomic-file.ts';
import { formatInstant } from '../lib/time.ts';
import type { Knowledge } from '../model/knowledge.ts';
import { conclude, type ConcludeInput } from '../pipeline.ts';
import { readOrganisationFile } from '../scope/organisation-file.ts';
import { readJournal } from '../track/read-journal.ts';
import { findRun, writeSnapshot, type Run } from '../track/store.ts';
import { newestSnapshots, previousSnapshot } from '../track/vantages.ts';
import { readBeside } from './beside-run.ts';
import { ORGANISATION_COPY } from './names.ts';
import { writeReports } from './report-files.ts';
import { describeScan } from './scan-summary.ts';
import type { Terminal } from './terminal.ts';

/**
 * `sekisho assess RUN`: judges what was observed then by what is known today. The run itself stays as it was, since later
 * runs build on it; the new judgement goes into a folder `assessed` in it.
 */
export async function assessCommand(
  reference: string,
  options: { readonly reports: string; readonly org?: string },
  {
    knowledge,
    toolVersion,
    terminal,
    now,
  }: {
    readonly knowledge: Knowledge;
    readonly toolVersion: string;
    readonly terminal: Terminal;
    readonly now: () => Date;
  },
): Promise<void> {
  const run = await findRun(options.reports, options.org, reference);
  const file = join(run.directory, ORGANISATION_COPY);
  const { scope } = readOrganisationFile(readText(file), file, {
    portProfiles: knowledge.ports,
    hasProduct: (id) => knowledge.products.has(id),
  });
  const journal = await readJournal(run.journalPath);
  const kin = await kinOf(run, options.reports, {
    vantage: journal.header?.vantage ?? scope.vantage,
    timezone: scope.timezone,
    at: journal.end?.endedAt ?? journal.header?.startedAt ?? '',
  });
  const snapshot = conclude({
    journal,
    scope,
    knowledge,
    ...kin,
    toolVersion,
    judgedAt: formatInstant(now()),
  });
  const directory = join(run.directory, 'assessed');
  await makePrivateDirectory(directory);
  await writeSnapshot(join(directory, 'snapshot.json'), snapshot);
  const beside = await readBeside(run);
  const files = await writeReports({
    ...beside,
    directory,
    snapshot,
    journal,
    knowledge,
    languages: scope.languages,
  });
  terminal.say(describeScan(snapshot, files, journal.problems));
}

/**
 * What the run is compared with. Its own snapshot is among the others when it is the newest of its vantage point: its numbers hold. One
 * that is damaged is made again here, so it is no reason to stop.
 */
async function kinOf(
  run: Run,
  root: string,
  { vantage, timezone, at }: { vantage: string; timezone: string; at: string },
): Promise<Pick<ConcludeInput, 'previous' | 'others'>> {
  if (run.organisation === undefined) return { previous: undefined };
  return {
    previous: await previousSnapshot(root, run.organisation, vantage, run.runId),
    others: await newestSnapshots(root, run.organisation, {
      day: { at, timezone },
      madeAgain: run.runId,
    }),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('no-file', `The run keeps no organisation file (${file}): ${errorText(error)}`, {
      cause: error,
    });
  }
}
