import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/lib/app-error.ts';
import { parseVantage } from '../../src/cli/scan-options.ts';
import { Snapshot } from '../../src/model/snapshot.ts';
import { listRuns, type Run } from '../../src/track/store.ts';
import { serve, type TestServer } from '../observe/probe/loopback.ts';
import { sekisho } from './command.ts';

let folder = '';
let server: TestServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-vantage-'));
  server = await serve((socket) => socket.write('220 mail.example.jp ESMTP Postfix\r\n'), '127.87.2.1');
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function organisation(): string {
  const file = join(folder, 'org.yaml');
  writeFileSync(
    file,
    `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
vantage: office-lan
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [127.87.2.0/30] }
permission: { by: director, reference: "1", valid-until: 2099-01-01 }
probe: { ports: "${server.port}", rate: 2000, connect-timeout-ms: 300, answer-timeout-ms: 500 }
shodan: { use: no }
`,
  );
  return file;
}

const scan = async (...more: readonly string[]) =>
  sekisho(['scan', organisation(), '--reports', join(folder, 'reports'), ...more]);

const snapshotOf = (run: Run | undefined, ...parts: readonly string[]): Snapshot =>
  Snapshot.parse(JSON.parse(readFileSync(join(run?.directory ?? '', ...parts, 'snapshot.json'), 'utf8')));

describe('scan --vantage', () => {
  it('overrides the file in everything that the run keeps; each vantage point has its own history', async () => {
    const first = await scan();
    expect(first.stderr).toContain('First run: nothing to compare with.');
    const mobile = await scan('--vantage', ' mobile ');
    expect(mobile.stderr).toContain(
      'First run from vantage point "mobile": nothing to compare with. Runs from "office-lan" exist',
    );
    expect((await scan()).stderr).toContain('Since ');
    const runs = await listRuns(join(folder, 'reports'), 'kakuu');
    const [office, other, again] = runs.map((run) => snapshotOf(run));
    expect([office, other, again].map((one) => one?.vantage)).toEqual(['office-lan', 'mobile', 'office-lan']);
    expect(again?.previousRun?.runId).toBe(office?.runId);
    const header = readFileSync(runs[1]?.journalPath ?? '', 'utf8').split('\n')[0] ?? '';
    expect(JSON.parse(header)).toMatchObject({ kind: 'run', vantage: 'mobile' });
    expect(other?.services[0]?.sightings[0]?.vantage).toBe('mobile');
    expect(again?.elsewhere?.map(({ vantage, places }) => [vantage, Object.values(places)])).toEqual([
      ['mobile', ['open']],
    ]);
    const ids = [office, other, again].map((one) => one?.register.map(({ spokenId }) => spokenId));
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual(ids[0]);

    const { code } = await sekisho(['compare', '--reports', join(folder, 'reports'), '--vantages']);
    expect(code).toBe(0);
    // Judged again, the run is still from where it looked, and its numbers are the same.
    await sekisho(['assess', '--reports', join(folder, 'reports'), runs[1]?.runId ?? '']);
    const assessed = snapshotOf(runs[1], 'assessed');
    expect(assessed.vantage).toBe('mobile');
    expect(assessed.register.map(({ spokenId }) => spokenId)).toEqual(ids[1]);
  }, 60_000);

  it('refuses names that cannot be shown', async () => {
    for (const name of ['', '   ', 'x'.repeat(61), 'a\u202eb', 'a\nb', '\u3164']) {
      expect(() => parseVantage(name), JSON.stringify(name)).toThrow(AppError);
    }
    expect(parseVantage('東京 事務所')).toBe('東京 事務所');
    const { code, stderr } = await scan('--vantage', '\u001b[2J');
    expect([code, stderr]).toEqual([2, expect.stringContaining('printable')]);
  });
});
