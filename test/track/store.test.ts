import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/lib/app-error.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { openJournal } from '../../src/track/journal.ts';
import {
  createRun,
  findRun,
  listRuns,
  lockOrganisation,
  readSnapshot,
  writeSnapshot,
  type Run,
} from '../../src/track/store.ts';
import { previousSnapshot } from '../../src/track/vantages.ts';
import { Series, serviceOf, sighting, WEEK } from './build.ts';

let root: string;
let umask: number;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sekisho-store-'));
  umask = process.umask();
});
afterEach(() => {
  process.umask(umask);
  rmSync(root, { recursive: true, force: true });
});

function snapshot(runId: string): Snapshot {
  const series = new Series();
  series.at(WEEK[0], { services: [serviceOf({ sightings: [sighting('probe', WEEK[0])] })] });
  if (series.previous === undefined) throw new Error('no snapshot');
  return { ...series.previous, runId };
}

async function finished(organisation: string, at: string): Promise<Run> {
  const run = await createRun(root, organisation, new Date(at));
  await writeSnapshot(run.snapshotPath, snapshot(run.runId));
  return run;
}

async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return error;
}

describe('run folders', () => {
  it('are named by UTC time, with a number when two begin in one second', async () => {
    const at = new Date('2026-11-20T00:05:00.999Z');
    const runs = [];
    for (let n = 0; n < 11; n += 1) runs.push((await createRun(root, 'example', at)).runId);
    expect(runs.slice(0, 3)).toEqual(['20261120T000500Z', '20261120T000500Z-2', '20261120T000500Z-3']);
    expect((await listRuns(root, 'example')).map(({ runId }) => runId)).toEqual(runs);
  });

  it('made at the same moment are different folders', async () => {
    const at = new Date('2026-11-20T00:05:00Z');
    const runs = await Promise.all(Array.from({ length: 5 }, async () => createRun(root, 'example', at)));
    expect(new Set(runs.map(({ directory }) => directory)).size).toBe(5);
  });

  it.each([0o000, 0o022])('and all in them are for their owner only, under umask %o', async (mask) => {
    mkdirSync(join(root, 'example'), { mode: 0o755 });
    process.umask(mask);
    const lock = await lockOrganisation(root, 'example', new Date());
    const run = await finished('example', WEEK[0]);
    openJournal(run.journalPath).close();
    const modes = (path: string): string[] =>
      [path, ...readdirSync(path, { recursive: true }).map((name) => join(path, String(name)))].map((one) => {
        const found = statSync(one);
        return `${relative(root, one)} ${found.isDirectory() ? 'd' : 'f'} ${(found.mode & 0o777).toString(8)}`;
      });
    expect(modes(join(root, 'example')).toSorted()).toEqual([
      'example d 700',
      'example/.lock f 600',
      'example/20261106T000000Z d 700',
      'example/20261106T000000Z/journal.jsonl f 600',
      'example/20261106T000000Z/snapshot.json f 600',
    ]);
    lock.release();
  });

  it('are listed oldest first, and nothing else is', async () => {
    await finished('example', WEEK[1]);
    await finished('example', WEEK[0]);
    mkdirSync(join(root, 'example', 'notes'));
    writeFileSync(join(root, 'example', '20261120T000500Z'), 'a file');
    expect((await listRuns(root, 'example')).map(({ runId }) => runId)).toEqual([
      '20261106T000000Z',
      '20261113T000000Z',
    ]);
    expect(await listRuns(root, 'nobody')).toEqual([]);
  });

  it.each(['../etc', '.', '', 'a/b', 'a\\b', '-x', 'a\u0000'])(
    'refuse the organisation id %j',
    async (id) => {
      expect((await errorOf(createRun(root, id, new Date()))).code).toBe('organisation-id');
      expect((await errorOf(listRuns(root, id))).code).toBe('organisation-id');
    },
  );
});

describe('snapshots', () => {
  it('come back as they were written, and equal ones are equal bytes', async () => {
    const run = await finished('example', WEEK[0]);
    const bytes = readFileSync(run.snapshotPath);
    expect(await readSnapshot(run.snapshotPath)).toEqual(snapshot(run.runId));
    const shuffled = Object.fromEntries(Object.entries(snapshot(run.runId)).toReversed());
    await writeSnapshot(run.snapshotPath, shuffled as Snapshot);
    expect(readFileSync(run.snapshotPath).equals(bytes)).toBe(true);
  });

  it('that are missing, damaged or newer say what to do', async () => {
    const run = await finished('example', WEEK[0]);
    const text = readFileSync(run.snapshotPath, 'utf8');
    const codes: string[] = [];
    for (const broken of [text.slice(0, 100), '', 'null', text.replace('"register"', '"registr"')]) {
      writeFileSync(run.snapshotPath, broken);
      const error = await errorOf(readSnapshot(run.snapshotPath));
      codes.push(error.code);
      expect(error.message).toContain(`move the folder ${run.directory} away`);
    }
    expect(new Set(codes)).toEqual(new Set(['snapshot-corrupt']));
    writeFileSync(run.snapshotPath, text.replace('"schemaVersion": 1', '"schemaVersion": 2'));
    const newer = await errorOf(readSnapshot(run.snapshotPath));
    expect(newer.code).toBe('snapshot-newer');
    expect(newer.message).toContain('Update sekisho');
    expect((await errorOf(readSnapshot(join(root, 'none')))).code).toBe('snapshot-missing');
  });

  it('to compare with: the newest run that has one, before the given run', async () => {
    expect(await previousSnapshot(root, 'example', 'here')).toBeUndefined();
    const [first, second] = [await finished('example', WEEK[0]), await finished('example', WEEK[1])];
    await createRun(root, 'example', new Date(WEEK[2]));
    expect((await previousSnapshot(root, 'example', 'here'))?.runId).toBe(second.runId);
    expect((await previousSnapshot(root, 'example', 'here', second.runId))?.runId).toBe(first.runId);
    expect(await previousSnapshot(root, 'example', 'here', first.runId)).toBeUndefined();
  });

  it('that are damaged are not skipped: since when things are open would be lost in silence', async () => {
    await finished('example', WEEK[0]);
    const newest = await finished('example', WEEK[1]);
    writeFileSync(newest.snapshotPath, '{');
    expect((await errorOf(previousSnapshot(root, 'example', 'here'))).code).toBe('snapshot-corrupt');
  });
});

describe('findRun', () => {
  it('takes a run id, "latest" and paths', async () => {
    const first = await finished('example', WEEK[0]);
    const second = await finished('example', WEEK[1]);
    const started = await createRun(root, 'example', new Date(WEEK[2]));
    expect(await findRun(root, 'example', first.runId)).toEqual(first);
    expect(await findRun(root, undefined, started.runId)).toEqual(started);
    expect((await findRun(root, undefined, 'latest')).runId).toBe(second.runId);
    for (const path of [first.directory, `${first.directory}/`, first.snapshotPath]) {
      expect(await findRun('/nowhere', undefined, path)).toMatchObject({
        runId: first.runId,
        organisation: 'example',
        snapshotPath: first.snapshotPath,
      });
    }
  });

  it('takes a folder that was copied elsewhere', async () => {
    const first = await finished('example', WEEK[0]);
    const copy = join(root, 'copy of a run');
    mkdirSync(copy);
    writeFileSync(join(copy, 'snapshot.json'), readFileSync(first.snapshotPath));
    expect(await findRun(root, undefined, copy)).toMatchObject({ organisation: undefined, directory: copy });
  });

  it('says what there is when nothing fits, and asks when several do', async () => {
    expect((await errorOf(findRun(root, 'example', 'latest'))).message).toContain('There are no runs yet');
    const run = await finished('example', WEEK[0]);
    const missing = await errorOf(findRun(root, undefined, '20200101T000000Z'));
    expect(missing.message).toContain(`Newest runs: example/${run.runId}`);
    await finished('other', WEEK[0]);
    const ambiguous = await errorOf(findRun(root, undefined, run.runId));
    expect(ambiguous.code).toBe('run-ambiguous');
    expect(ambiguous.message).toContain('example, other');
    chmodSync(root, 0o700);
    writeFileSync(join(root, 'README.md'), '');
    expect((await errorOf(findRun(root, undefined, join(root, 'README.md')))).code).toBe('run-not-found');
  });
});
