import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHistory, HISTORY_FILE } from '../../src/track/history.ts';
import { createRun, writeSnapshot, type Run } from '../../src/track/store.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { coverage, snapshot } from '../report/fixture.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sekisho-history-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function store(at: string, change: Partial<Snapshot> = {}): Promise<Run> {
  const run = await createRun(root, 'kakuu', new Date(at));
  await writeSnapshot(run.snapshotPath, { ...snapshot, runId: run.runId, endedAt: at, ...change });
  return run;
}

const cacheOf = (): string => readFileSync(join(root, 'kakuu', HISTORY_FILE), 'utf8');

describe('readHistory', () => {
  it('sums up each run, oldest first: doors by site, records apart, priorities, changes', async () => {
    const full = [coverage()];
    const first = await store('2026-10-20T00:00:00Z', { coverage: full });
    const second = await store('2026-11-20T00:00:00Z');
    const { runs, unread } = await readHistory(root, 'kakuu');
    expect(unread).toEqual([]);
    expect(runs.map(({ summary }) => summary.runId)).toEqual([first.runId, second.runId]);
    const [one, two] = runs.map(({ summary }) => summary);
    expect(one).toMatchObject({
      endedAt: '2026-10-20T00:00:00Z',
      vantage: '東京',
      complete: true,
      passive: false,
      blind: false,
      services: snapshot.services.length,
      priorities: { P1: 2, P2: 2, P3: 2, P4: 3 },
    });
    const doors = snapshot.findings.filter(({ inputs }) => inputs.role === 'door');
    const sum = (of: Readonly<Record<string, number>>): number =>
      Object.values(of).reduce((a, b) => a + b, 0);
    expect(sum(one?.doors ?? {})).toBe(doors.filter(({ inputs }) => inputs.reach === 'everyone').length);
    expect(sum(one?.recordedDoors ?? {})).toBe(
      doors.filter(({ inputs }) => inputs.reach === 'passive-only').length,
    );
    expect(Object.keys(one?.doors ?? {})).not.toContain('cloudy');
    expect(sum(one?.changes ?? {})).toBe(snapshot.changes.length);
    // A source that looked at a part only leaves holes, as the cover says.
    expect(two?.complete).toBe(false);
    expect(runs[0]?.organisation).toEqual({ ja: '架空精機株式会社', en: 'Kakuu Seiki K.K.' });
  });

  it('ends with the run that was asked for, and keeps what it knows of later ones', async () => {
    const first = await store('2026-10-20T00:00:00Z');
    await store('2026-11-20T00:00:00Z');
    await readHistory(root, 'kakuu');
    const before = cacheOf();
    const { runs } = await readHistory(root, 'kakuu', first.runId);
    expect(runs).toHaveLength(1);
    expect(cacheOf()).toBe(before);
  });

  it('tells what has no snapshot and what cannot be read, and goes on', async () => {
    const good = await store('2026-10-20T00:00:00Z');
    const running = await createRun(root, 'kakuu', new Date('2026-11-01T00:00:00Z'));
    const broken = await store('2026-11-02T00:00:00Z');
    writeFileSync(broken.snapshotPath, '{"schemaVersion":1');
    const other = await store('2026-11-03T00:00:00Z');
    writeFileSync(other.snapshotPath, '{"schemaVersion":2}');
    const { runs, unread } = await readHistory(root, 'kakuu');
    expect(runs.map(({ summary }) => summary.runId)).toEqual([good.runId]);
    expect(unread).toEqual([
      { runId: running.runId, state: 'unfinished' },
      { runId: broken.runId, state: 'damaged' },
      { runId: other.runId, state: 'damaged' },
    ]);
  });

  it('reads a snapshot of an earlier version, without the newer fields', async () => {
    const run = await store('2026-10-20T00:00:00Z');
    const old: Record<string, unknown> = JSON.parse(readFileSync(run.snapshotPath, 'utf8'));
    for (const field of ['pages', 'exposures', 'candidates', 'assets', 'elsewhere', 'register'])
      delete old[field];
    writeFileSync(run.snapshotPath, JSON.stringify(old));
    expect((await readHistory(root, 'kakuu')).runs).toHaveLength(1);
  });

  it('does not read a snapshot twice, and does when it is another one', async () => {
    const run = await store('2026-10-20T00:00:00Z');
    const { atime, size } = statSync(run.snapshotPath);
    // A whole second: a date has no room for the rest of a time stamp, and could not be put back.
    const mtime = new Date('2026-10-20T00:00:01Z');
    utimesSync(run.snapshotPath, atime, mtime);
    await readHistory(root, 'kakuu');
    expect(statSync(join(root, 'kakuu', HISTORY_FILE)).mode & 0o777).toBe(0o600);
    // Same size and time: only who reads it would see that it is no snapshot any more.
    writeFileSync(run.snapshotPath, 'x'.repeat(size));
    utimesSync(run.snapshotPath, atime, mtime);
    expect((await readHistory(root, 'kakuu')).runs).toHaveLength(1);
    utimesSync(run.snapshotPath, atime, new Date(mtime.getTime() + 5000));
    expect((await readHistory(root, 'kakuu')).unread).toEqual([{ runId: run.runId, state: 'damaged' }]);
  });

  it('makes anew what was kept when it is damaged, of another form, or of a run that is gone', async () => {
    const run = await store('2026-10-20T00:00:00Z');
    const gone = await store('2026-11-20T00:00:00Z');
    const { runs } = await readHistory(root, 'kakuu');
    const path = join(root, 'kakuu', HISTORY_FILE);
    for (const text of [
      '',
      '{',
      '[]',
      '{"schema":99,"entries":[]}',
      '{"schema":1,"entries":[{"summary":1},null]}',
    ]) {
      writeFileSync(path, text);
      expect((await readHistory(root, 'kakuu')).runs, text).toEqual(runs);
    }
    rmSync(gone.directory, { recursive: true });
    expect((await readHistory(root, 'kakuu')).runs.map(({ summary }) => summary.runId)).toEqual([run.runId]);
    expect(cacheOf()).not.toContain(gone.runId);
  });

  it('says nothing of an organisation without runs, and leaves no file', async () => {
    expect(await readHistory(root, 'kakuu')).toEqual({ runs: [], unread: [] });
    expect(existsSync(join(root, 'kakuu'))).toBe(false);
  });
});
