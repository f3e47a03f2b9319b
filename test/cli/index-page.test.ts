import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeIndex } from '../../src/cli/index-page.ts';
import { createRun, writeSnapshot } from '../../src/track/store.ts';
import { snapshot } from '../report/fixture.ts';
import { sekisho } from './command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-index-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const reports = (): string => join(folder, 'reports');

function organisation(): string {
  const file = join(folder, 'org.yaml');
  writeFileSync(
    file,
    `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
languages: [en, ja]
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [127.87.11.0/30] }
permission: { by: director, reference: "1", valid-until: 2099-01-01 }
probe: { ports: "9", rate: 2000, connect-timeout-ms: 300, udp: false }
shodan: { use: no }
`,
  );
  return file;
}

describe('list of runs', () => {
  it('is brought up to date by every scan, in the languages of the organisation', async () => {
    const file = organisation();
    await sekisho(['scan', file, '--reports', reports(), '--quiet']);
    await sekisho(['scan', file, '--reports', reports(), '--quiet']);
    const page = readFileSync(join(reports(), 'kakuu', 'index.html'), 'utf8');
    expect(page).toContain('<html lang="en">');
    expect(page.match(/full\.en\.html/g)?.length).toBe(3);
    expect(readFileSync(join(reports(), 'kakuu', 'index.ja.html'), 'utf8')).toContain('<html lang="ja">');
  }, 60_000);

  it('does not undo a scan when it cannot be written', async () => {
    const file = organisation();
    mkdirSync(join(reports(), 'kakuu', 'index.html', 'in-the-way'), { recursive: true });
    const { code, stderr } = await sekisho(['scan', file, '--reports', reports()]);
    expect(code).toBe(0);
    expect(stderr).toContain('The list of runs (index.html) was not brought up to date');
    expect(stderr).toContain('full.en.html');
  }, 60_000);

  it('lists what is running or damaged beside the rest, and the rest is read from what was kept', async () => {
    const good = await createRun(reports(), 'kakuu', new Date('2026-11-20T00:00:00Z'));
    await writeSnapshot(good.snapshotPath, { ...snapshot, runId: good.runId });
    const running = await createRun(reports(), 'kakuu', new Date('2026-11-21T00:00:00Z'));
    const broken = await createRun(reports(), 'kakuu', new Date('2026-11-22T00:00:00Z'));
    writeFileSync(broken.snapshotPath, 'x');
    const [path] = await writeIndex(reports(), 'kakuu', ['en']);
    const page = readFileSync(path ?? '', 'utf8');
    for (const { runId } of [good, running, broken]) expect(page).toContain(runId);
    expect(page).toContain('stopped or running (no result)');
    expect(page).toContain('cannot be read');
    expect(page).toContain('Kakuu Seiki K.K.');
    const kept = join(reports(), 'kakuu', 'history.json');
    expect(readFileSync(kept, 'utf8')).toContain(good.runId);
    // Written over whatever its mode is.
    chmodSync(kept, 0o400);
    expect(await writeIndex(reports(), 'kakuu', ['ja', 'en'])).toHaveLength(2);
  });
});
