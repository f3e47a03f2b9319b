/**
 * Where runs lie on disk: `reports/<organisation>/<run id>/` with `journal.jsonl` and `snapshot.json`. Only the owner may
 * read them (0700, 0600): they are a map of how to get in.
 */
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError, errorText } from '../lib/app-error.ts';
import { describeWriteError, makePrivateDirectory, writeFileAtomically } from '../lib/atomic-file.ts';
import { jsonChunks } from '../lib/json-chunks.ts';
import { formatInstant } from '../lib/time.ts';
import { SNAPSHOT_SCHEMA, Snapshot } from '../model/snapshot.ts';
import { acquireLock, type Lock } from './lock.ts';

export interface Run {
  /** Undefined when the run was named by a path outside an organisation's folder. */
  readonly organisation: string | undefined;
  /** "20261120T000500Z", with "-2" … when two runs began in one second. */
  readonly runId: string;
  readonly directory: string;
  readonly journalPath: string;
  readonly snapshotPath: string;
}

const RUN_ID = /^(\d{8}T\d{6}Z)(?:-(\d{1,6}))?$/;
const ORGANISATION = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

function runAt(directory: string, organisation: string | undefined): Run {
  return {
    organisation,
    runId: basename(resolve(directory)),
    directory,
    journalPath: join(directory, 'journal.jsonl'),
    snapshotPath: join(directory, 'snapshot.json'),
  };
}

/** @throws AppError `organisation-id` for anything that could name a folder elsewhere. */
export function organisationFolder(root: string, organisation: string): string {
  if (ORGANISATION.test(organisation)) return join(root, organisation);
  throw new AppError(
    'organisation-id',
    `"${organisation}" cannot name a folder under ${root}: use letters, digits and hyphens.`,
  );
}

/**
 * Makes the folder of a new run.
 *
 * @throws AppError `write-failed`, `organisation-id`
 */
export async function createRun(root: string, organisation: string, now: Date): Promise<Run> {
  const folder = organisationFolder(root, organisation);
  await makePrivateDirectory(folder);
  const base = formatInstant(now).replaceAll(/[-:]/g, '');
  for (let n = 1; ; n += 1) {
    const directory = join(folder, n === 1 ? base : `${base}-${n}`);
    try {
      // Not recursive: mkdir(2) fails on an existing folder, so two runs never share one.
      await mkdir(directory, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new AppError('write-failed', `Could not make ${directory}: ${describeWriteError(error)}`, {
        cause: error,
      });
    }
    await makePrivateDirectory(directory);
    return runAt(directory, organisation);
  }
}

/** One run at a time for one organisation. @throws AppError `locked`, `write-failed`, `organisation-id` */
export async function lockOrganisation(root: string, organisation: string, now: Date): Promise<Lock> {
  const folder = organisationFolder(root, organisation);
  await makePrivateDirectory(folder);
  return acquireLock(join(folder, '.lock'), now);
}

/** Runs of an organisation, oldest first; none when it has no folder. @throws AppError `organisation-id` */
export async function listRuns(root: string, organisation: string): Promise<Run[]> {
  const folder = organisationFolder(root, organisation);
  const names = await foldersIn(folder);
  return names
    .filter((name) => RUN_ID.test(name))
    .toSorted(compareRunIds)
    .map((name) => runAt(join(folder, name), organisation));
}

/** By time, then by the number behind it: "-10" comes after "-9". */
export function compareRunIds(a: string, b: string): number {
  const [, aTime = '', aNumber = '1'] = RUN_ID.exec(a) ?? [];
  const [, bTime = '', bNumber = '1'] = RUN_ID.exec(b) ?? [];
  if (aTime !== bTime) return aTime < bTime ? -1 : 1;
  return Number(aNumber) - Number(bNumber);
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // A link to a folder counts: runs are written through it, so they must be found through it as well.
    const isFolder = await Promise.all(
      entries.map(async (entry) =>
        entry.isSymbolicLink()
          ? (await stat(join(folder, entry.name)).catch(() => undefined))?.isDirectory() === true
          : entry.isDirectory(),
      ),
    );
    return entries.filter((_, index) => isFolder[index]).map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new AppError('read-failed', `Cannot read ${folder}: ${errorText(error)}`, { cause: error });
  }
}

/** Written in the order of the schema, so that equal snapshots are equal bytes. @throws AppError `write-failed` */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<void> {
  await writeFileAtomically(path, withLineBreak(jsonChunks(Snapshot.parse(snapshot))));
}

function* withLineBreak(chunks: Iterable<string>): Generator<string> {
  yield* chunks;
  yield '\n';
}

const versioned = z.object({ schemaVersion: z.number() });

/** @throws AppError `snapshot-missing`, `snapshot-newer`, `snapshot-corrupt` */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const json = parseJson(path, await readText(path));
  const version = versioned.safeParse(json).data?.schemaVersion;
  if (version !== undefined && version > SNAPSHOT_SCHEMA) {
    throw new AppError(
      'snapshot-newer',
      `${path} was written by a newer version of sekisho (format ${version}, this one reads ${SNAPSHOT_SCHEMA}). Update sekisho to read it.`,
    );
  }
  const parsed = Snapshot.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw corrupt(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a snapshot'}`);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is none. The run may have been stopped before it was made; if its journal is there, resume the run.'
        : errorText(error);
    throw new AppError('snapshot-missing', `Cannot read the snapshot ${path}: ${why}`, { cause: error });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw corrupt(path, errorText(error));
  }
}

function corrupt(path: string, why: string): AppError {
  return new AppError(
    'snapshot-corrupt',
    `The snapshot ${path} is damaged (${why}). Put back a copy from your backup; if there is none, move the folder ${dirname(path)} away: the run before it is used then.`,
  );
}

async function latestRun(root: string, organisation: string): Promise<Run | undefined> {
  const runs = await listRuns(root, organisation);
  for (const run of runs.toReversed()) {
    if (await exists(run.snapshotPath)) return run;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * The run that a person means.
 *
 * @param organisation when undefined, all organisations under `root` are searched; the answer must be one.
 * @param reference a run id, "latest" (the newest with a snapshot), or the path of a run's folder or of a file in it.
 * @throws AppError `run-not-found` or `run-ambiguous`, saying what there is.
 */
export async function findRun(
  root: string,
  organisation: string | undefined,
  reference: string,
): Promise<Run> {
  const byPath = RUN_ID.test(reference) || reference === 'latest' ? undefined : await runAtPath(reference);
  if (byPath !== undefined) return byPath;
  const organisations = organisation === undefined ? await listOrganisations(root) : [organisation];
  const found: Run[] = [];
  for (const name of organisations) {
    const run =
      reference === 'latest'
        ? await latestRun(root, name)
        : (await listRuns(root, name)).find(({ runId }) => runId === reference);
    if (run !== undefined) found.push(run);
  }
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) throw await notFound(root, organisations, reference);
  const names = found.map((run) => run.organisation ?? '').join(', ');
  throw new AppError(
    'run-ambiguous',
    `"${reference}" is a run of several organisations: ${names}. Say which one.`,
  );
}

async function runAtPath(path: string): Promise<Run | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const directory = resolve(found.isDirectory() ? path : dirname(path));
  const run = runAt(directory, undefined);
  if (!(await exists(run.journalPath)) && !(await exists(run.snapshotPath))) return undefined;
  const parent = basename(dirname(directory));
  return RUN_ID.test(run.runId) && ORGANISATION.test(parent) ? runAt(directory, parent) : run;
}

/** Organisations that have a run under `root`, by name. */
export async function listOrganisations(root: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await listFolders(root)) if ((await listRuns(root, name)).length > 0) names.push(name);
  return names;
}

/** Folders under `root` that may be those of organisations, by name: some may hold imports only, or neither. */
export async function listFolders(root: string): Promise<string[]> {
  return (await foldersIn(root)).filter((name) => ORGANISATION.test(name)).toSorted();
}

async function notFound(
  root: string,
  organisations: readonly string[],
  reference: string,
): Promise<AppError> {
  const runs = (await Promise.all(organisations.map(async (name) => listRuns(root, name)))).flat();
  const newest = runs.slice(-3).map((run) => `${run.organisation ?? ''}/${run.runId}`);
  const what = reference === 'latest' ? 'no finished run' : `no run "${reference}"`;
  const others = newest.length === 0 ? await listOrganisations(root) : [];
  const none =
    others.length === 0
      ? 'There are no runs yet.'
      : `There are no runs of ${organisations.join(', ')}; there are of ${others.slice(0, 10).join(', ')}.`;
  const there = newest.length === 0 ? none : `Newest runs: ${newest.join(', ')}.`;
  return new AppError('run-not-found', `There is ${what} under ${root}. ${there}`);
}
