/** Runs on disk that were damaged: the next scan says what is wrong and what to do, and takes nothing away. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sekisho } from '../cli/command.ts';
import type { Listening } from '../servers/listening.ts';
import { startSmtp } from '../servers/mail.ts';
import { runChild } from './child.ts';
import { CONTROLS } from './controls.ts';
import { writeOrganisation } from './organisation.ts';
import { filesUnder, runsUnder } from './runs.ts';

let base = '';
let good = '';
let reports = '';
let file = '';
let server: Listening;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'sekisho-hostile-store-'));
  good = join(base, 'good');
  server = await startSmtp({ host: '127.91.0.1', port: 0 });
  file = writeOrganisation(base, { ranges: ['127.91.0.0/30'], ports: [server.port, 9] });
  expect((await sekisho(['scan', file, '--reports', good])).code).toBe(10);
});
beforeEach(() => {
  reports = join(base, 'reports');
  cpSync(good, reports, { recursive: true });
});
afterEach(() => rmSync(reports, { recursive: true, force: true }));
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

const scan = (...more: string[]) => sekisho(['scan', file, '--reports', reports, '--json', ...more]);
const inRun = (name: string): string => join(runsUnder(reports)[0] ?? '', name);
const summary = (stdout: string) =>
  z
    .object({ complete: z.boolean(), services: z.number(), changes: z.record(z.string(), z.number()) })
    .parse(JSON.parse(stdout));

/** Breaks the JSON of the observation, in the middle of the journal. */
function flipByte(): void {
  const journal = readFileSync(inRun('journal.jsonl'));
  journal[journal.indexOf('"kind":"observation"') + 22] = 0x22;
  writeFileSync(inRun('journal.jsonl'), journal);
}

/** As a kill would leave the run. */
function unfinish(): void {
  const journal = readFileSync(inRun('journal.jsonl'), 'utf8');
  writeFileSync(inRun('journal.jsonl'), journal.slice(0, journal.lastIndexOf('{"kind":"end"')));
  rmSync(inRun('snapshot.json'));
}

describe('a damaged store', () => {
  it('does not need the journals of earlier runs: no change is made up', async () => {
    flipByte();
    const { code, stdout } = await scan();
    expect(code).toBe(0);
    expect(summary(stdout)).toEqual({ complete: true, services: 1, changes: {} });
  });

  it('asks again what a flipped byte took, and does not call the resumed run whole', async () => {
    flipByte();
    unfinish();
    const { code, stdout } = await scan('--resume');
    expect(code).toBe(30);
    expect(summary(stdout)).toMatchObject({ complete: false, services: 1 });
    const { stdout: services } = await sekisho(['services', '--json', '--reports', reports]);
    expect(JSON.parse(services)).toMatchObject({ protocol: 'smtp', product: { id: 'postfix' } });
  });

  it('resumes a journal that was cut in the middle of a line', async () => {
    unfinish();
    const journal = readFileSync(inRun('journal.jsonl'));
    writeFileSync(inRun('journal.jsonl'), journal.subarray(0, Math.floor(journal.length * 0.7)));
    const { code, stdout } = await scan('--resume');
    expect(code).toBe(10);
    expect(summary(stdout)).toMatchObject({ complete: true, services: 1 });
  });

  it('names a journal that cannot be resumed at all', async () => {
    unfinish();
    writeFileSync(inRun('journal.jsonl'), '\u0000garbage\n');
    const { code, stderr } = await scan('--resume');
    expect([code, stderr]).toEqual([2, expect.stringContaining('leave out --resume')]);
    expect((await scan()).code).toBe(10);
  });

  it.each([
    [
      'garbage',
      '\u0000\u001b[31mnot json',
      /is damaged .* Put back a copy from your backup; .* move the folder/,
    ],
    ['cut short', '{"schemaVersion":1,', /is damaged/],
    ['of a newer version', '{"schemaVersion":99}', /newer version of sekisho \(format 99.*Update sekisho/],
  ])(
    'stops at a snapshot that is %s, says what to do and takes nothing away',
    async (_what, text, message) => {
      writeFileSync(inRun('snapshot.json'), text);
      const before = filesUnder(reports);
      const accepted = server.accepted();
      const { code, stdout, stderr } = await scan();
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n {4}at /);
      expect(server.accepted()).toBe(accepted);
      const after = new Map(filesUnder(reports).map(({ path, text: content }) => [path, content]));
      for (const { path, text: content } of before) expect(after.get(path), path).toBe(content);
    },
  );

  it('lists a damaged run as such, in one clean line', async () => {
    writeFileSync(inRun('snapshot.json'), '\u0000\u001b[31m\u009bnot json');
    for (const more of [[], ['--json']]) {
      const { code, stdout } = await runChild(['runs', '--reports', reports, ...more], { folder: base });
      expect(code).toBe(0);
      expect(stdout).toContain('damaged');
      expect(stdout).not.toMatch(CONTROLS);
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('takes over the lock of a process that is dead, and no other', async () => {
    const lock = (pid: number): void =>
      writeFileSync(
        join(reports, 'kakuu', '.lock'),
        JSON.stringify({ pid, host: hostname(), since: '2026-01-01T00:00:00Z' }),
      );
    // No process has this number: the highest that Linux gives out is 4,194,303.
    lock(4_194_304);
    expect((await scan()).code).toBe(0);
    lock(process.ppid);
    const { code, stderr } = await scan();
    expect([code, stderr]).toEqual([2, expect.stringContaining(`process ${process.ppid}`)]);
    writeFileSync(join(reports, 'kakuu', '.lock'), 'garbage');
    expect((await scan()).code).toBe(0);
  });
});
