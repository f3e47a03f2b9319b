/** Runs of one organisation by the place that they looked from. */
import { open } from 'node:fs/promises';
import type { Snapshot } from '../model/snapshot.ts';
import { isSameDay } from './elsewhere.ts';
import { compareRunIds, listRuns, readSnapshot, type Run } from './store.ts';

/** What is needed to choose among runs, without reading them whole. */
export type RunHead =
  | {
      readonly state: 'read';
      readonly run: Run;
      readonly vantage: string;
      readonly endedAt: string;
      readonly passive: boolean;
    }
  /** unfinished: it has no snapshot (yet) · damaged: it has one that cannot be read. */
  | { readonly state: 'unfinished' | 'damaged'; readonly run: Run };

/** The fields sought stand in front; only many sites push them further back. */
const HEAD_BYTES = 64 * 1024;

export async function readHead(run: Run): Promise<RunHead> {
  const text = await readStart(run.snapshotPath);
  if (text === undefined) return { state: 'unfinished', run };
  const fields = fieldsOf(text) ?? (await wholeSnapshot(run));
  if (fields === undefined) return { state: 'damaged', run };
  const { vantage, endedAt, passive } = fields;
  return { state: 'read', run, vantage, endedAt, passive };
}

async function readStart(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    // Anything else but a missing file shows again when the snapshot is read whole.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  }
}

/**
 * Snapshots are written with one space of indentation for each level, and JSON texts hold no line break: a line that begins with
 * one space and a name is a field of the snapshot itself.
 */
function fieldsOf(text: string): Pick<Snapshot, 'vantage' | 'endedAt' | 'passive'> | undefined {
  const field = (name: string): unknown => {
    const [, value] = new RegExp(`^ "${name}": (.*),$`, 'm').exec(text) ?? [];
    try {
      return value === undefined ? undefined : JSON.parse(value);
    } catch {
      return undefined;
    }
  };
  const [vantage, endedAt, passive] = [field('vantage'), field('endedAt'), field('passive')];
  if (typeof vantage !== 'string' || typeof endedAt !== 'string' || typeof passive !== 'boolean')
    return undefined;
  return { vantage, endedAt, passive };
}

async function wholeSnapshot(run: Run): Promise<Snapshot | undefined> {
  return readSnapshot(run.snapshotPath).catch(() => undefined);
}

/**
 * What the next run from a vantage point is compared with: its newest run that has a snapshot, and that began before `before`
 * (a run id) when given. A damaged one on the way there is an error, never skipped: its register holds since when things are open.
 *
 * @throws AppError as `readSnapshot`
 */
export async function previousSnapshot(
  root: string,
  organisation: string,
  vantage: string,
  before?: string,
): Promise<Snapshot | undefined> {
  const runs = await listRuns(root, organisation);
  for (const run of runs.toReversed()) {
    if (before !== undefined && compareRunIds(run.runId, before) >= 0) continue;
    const head = await readHead(run);
    const mayBeMeant = head.state === 'damaged' || (head.state === 'read' && head.vantage === vantage);
    if (mayBeMeant) return readSnapshot(run.snapshotPath);
  }
  return undefined;
}

export interface NewestOptions {
  /** Leave this vantage point out. */
  readonly without?: string;
  /** Of the runs with own looks only those of this calendar day count. */
  readonly day?: { readonly at: string; readonly timezone: string };
  /** A run that may be damaged and is then left out: it is being made again. */
  readonly madeAgain?: string;
}

/**
 * Of each vantage point its newest run, which knows all numbers that it has given, and its newest run with own looks, where that
 * is another one. Newest first.
 */
export async function newestHeads(
  root: string,
  organisation: string,
  { without, day }: NewestOptions = {},
): Promise<Extract<RunHead, { state: 'read' }>[]> {
  const [named, looked] = [new Set<string>(), new Set<string>()];
  const chosen: Extract<RunHead, { state: 'read' }>[] = [];
  const runs = await listRuns(root, organisation);
  for (const run of runs.toReversed()) {
    const head = await readHead(run);
    if (head.state !== 'read' || head.vantage === without) continue;
    const isNewest = !named.has(head.vantage);
    const isLook =
      !head.passive &&
      !looked.has(head.vantage) &&
      (day === undefined || isSameDay(head.endedAt, day.at, day.timezone));
    named.add(head.vantage);
    if (isLook) looked.add(head.vantage);
    if (isNewest || isLook) chosen.push(head);
  }
  return chosen;
}

/** The same, read. @throws AppError as `readSnapshot`: a number that only a damaged register knows would be given again. */
export async function newestSnapshots(
  root: string,
  organisation: string,
  options: NewestOptions = {},
): Promise<Snapshot[]> {
  const heads = await newestHeads(root, organisation, options);
  const read = heads.map(async ({ run }) => {
    const snapshot = readSnapshot(run.snapshotPath);
    return run.runId === options.madeAgain ? snapshot.catch(() => undefined) : snapshot;
  });
  return (await Promise.all(read)).filter((one) => one !== undefined);
}
