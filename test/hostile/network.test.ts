/** No network at all: a network namespace of its own in which not even the loopback is up. Needs root on Linux. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshot } from '../../src/track/store.ts';
import { sekisho } from '../cli/command.ts';
import { startSmtp } from '../servers/mail.ts';
import type { Listening } from '../servers/listening.ts';
import { runChild } from './child.ts';
import { writeOrganisation } from './organisation.ts';
import { newestRun } from './runs.ts';

const ALONE = ['/usr/bin/unshare', '-n'];
const canUnshare = spawnSync(ALONE[0] ?? '', ['-n', 'true']).status === 0;

let folder = '';
let server: Listening;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-hostile-network-'));
  server = await startSmtp({ host: '127.92.0.1', port: 0 });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!canUnshare)('without a network', () => {
  it('says so, exits 30 and closes nothing, however often', async () => {
    const file = writeOrganisation(folder, { ranges: ['127.92.0.0/28'], ports: [server.port, 9] });
    const good = join(folder, 'good');
    expect((await sekisho(['scan', file, '--reports', good])).code).toBe(10);
    const reports = join(folder, 'reports');
    cpSync(good, reports, { recursive: true });
    // Two looks that do not see a thing close it: so the network is away twice.
    for (let round = 0; round < 2; round += 1) {
      const { code, stdout, stderr, uncaught, seconds } = await runChild(
        ['scan', file, '--reports', reports, '--json'],
        { folder, within: ALONE },
      );
      expect(uncaught).toEqual([]);
      expect(code).toBe(30);
      expect(seconds).toBeLessThan(15);
      expect(stderr).toContain('probe: failed (network)');
      expect(JSON.parse(stdout)).toMatchObject({ services: 0, changes: { 'not-checked': 1 } });
    }
    const { register, coverage } = await readSnapshot(join(newestRun(reports), 'snapshot.json'));
    expect(register).toMatchObject([{ state: 'open', misses: 0 }]);
    expect(coverage).toContainEqual(
      expect.objectContaining({ source: 'probe', state: 'failed', reason: 'network' }),
    );
    // Back again: as if nothing had been.
    const { code, stdout } = await sekisho(['scan', file, '--reports', reports, '--json']);
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ services: 1, changes: {} })]);
  }, 60_000);

  it('does not wait for names that nobody can resolve', async () => {
    const file = writeOrganisation(folder, { ranges: ['192.0.2.0/28'], ports: [443] });
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('ranges:', 'hosts: [a.example, b.example], ranges:'));
    const { code, stderr, seconds } = await runChild(['scan', file, '--reports', join(folder, 'reports')], {
      folder,
      within: ALONE,
    });
    expect([code, stderr]).toEqual([30, expect.stringContaining('probe: failed (network)')]);
    expect(seconds).toBeLessThan(30);
  });
});
