/** The stored runs of an organisation, read one after the other: what is needed to answer a question, without the journals. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, errorText } from '../lib/app-error.ts';
import { SNAPSHOT_SCHEMA, Snapshot } from '../model/snapshot.ts';
import { listRuns, readSnapshot, type Run } from '../track/store.ts';

/** Of an older run: enough to answer, and quick to check. Its services are checked when one may be an answer. */
const OlderRun = z.object({
  schemaVersion: z.literal(SNAPSHOT_SCHEMA),
  organisation: Snapshot.shape.organisation,
  vantage: z.string(),
  endedAt: z.string(),
  services: z.array(z.unknown()),
});

export type StoredRun =
  | {
      readonly state: 'read';
      readonly organisation: Snapshot['organisation'];
      readonly runId: string;
      readonly vantage: string;
      readonly endedAt: string;
      /** As on disk. */
      readonly services: readonly unknown[];
      /** The whole of it, of the newest run of its vantage point. */
      readonly newest: Snapshot | undefined;
    }
  | { readonly state: 'unread'; readonly runId: string; readonly why: string };

/** Newest first. A run that cannot be read is told, never passed over. */
export async function* storedRuns(root: string, organisation: string): AsyncGenerator<StoredRun> {
  const runs = await listRuns(root, organisation);
  const seen = new Set<string>();
  // The next file is read while this one is judged.
  let ahead = readAhead(runs.at(-1));
  for (const [n, run] of runs.toReversed().entries()) {
    const text = ahead;
    ahead = readAhead(runs.at(-2 - n));
    yield await storedRun(run, await text, seen);
  }
}

async function readAhead(run: Run | undefined): Promise<string | undefined> {
  return run === undefined ? undefined : readFile(run.snapshotPath, 'utf8').catch(() => undefined);
}

/** @param seen vantage points whose newest run has been read; the run adds its own. */
async function storedRun(run: Run, text: string | undefined, seen: Set<string>): Promise<StoredRun> {
  const { runId } = run;
  const json = text === undefined ? undefined : parsed(text);
  const { success, data } = OlderRun.safeParse(json);
  if (success && seen.has(data.vantage)) return { state: 'read', runId, ...data, newest: undefined };
  const whole = Snapshot.safeParse(json);
  if (!success || !whole.success) return unread(run);
  seen.add(data.vantage);
  return { state: 'read', runId, ...data, newest: whole.data };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The store has the words for what is wrong with it. */
async function unread({ runId, snapshotPath }: Run): Promise<StoredRun> {
  const error: unknown = await readSnapshot(snapshotPath).then(
    () => new Error('it changed while it was read'),
    (reason: unknown) => reason,
  );
  const isUnfinished = error instanceof AppError && error.code === 'snapshot-missing';
  return {
    state: 'unread',
    runId,
    why: isUnfinished ? 'it has no snapshot: it is running, or was stopped' : errorText(error),
  };
}
