import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRun, writeSnapshot, type Run } from '../../src/track/store.ts';
import { runGolden } from '../golden/golden.ts';
import { sekisho } from './command.ts';

let root = '';
let run: Run;

/** The golden run in a store, with the organisation file in which it asks for Japanese alone. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sekisho-report-'));
  const golden = await runGolden();
  const [, snapshot] = golden.snapshots;
  run = await createRun(root, snapshot.organisation.id, new Date(snapshot.startedAt));
  await writeSnapshot(run.snapshotPath, { ...snapshot, runId: run.runId });
  const folder = new URL('../golden/', import.meta.url);
  writeFileSync(run.journalPath, readFileSync(new URL('second.jsonl', folder)));
  const file = readFileSync(new URL('organisation.yaml', folder), 'utf8').replace(/^languages:.*\n/m, '');
  writeFileSync(join(run.directory, 'organisation.yaml'), `${file}\nlanguages: [ja]\n`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  for (const name of readdirSync(run.directory))
    if (/\.(html|txt|md|xlsx|pdf|csv)$/.test(name)) rmSync(join(run.directory, name));
});

const report = async (...more: readonly string[]) => sekisho(['report', '--reports', root, ...more]);
const written = (): string[] =>
  readdirSync(run.directory)
    .filter((name) => /\.(html|txt|md|xlsx|pdf)$/.test(name))
    .toSorted();

describe('sekisho report', () => {
  it('writes every file of the run in the languages of the organisation, for its owner only, and the list of runs', async () => {
    const { code, stderr } = await report();
    expect(code, stderr).toBe(0);
    expect(written()).toEqual([
      'director.ja.html',
      'full.ja.html',
      'full.ja.md',
      'rescuer.ja.html',
      'sheets.ja.xlsx',
      'small.ja.html',
      'weekly.ja.txt',
    ]);
    for (const name of written()) expect(statSync(join(run.directory, name)).mode & 0o777, name).toBe(0o600);
    const index = readFileSync(join(root, run.organisation ?? '', 'index.html'), 'utf8');
    expect(index).toContain(`href="${run.runId}/small.ja.html"`);
    expect(existsSync(join(root, run.organisation ?? '', 'index.en.html'))).toBe(false);
  }, 30_000);

  it('writes one view alone, weekly as a text', async () => {
    await report('--view', 'director', '--lang', 'en');
    await report('--view', 'weekly', '--lang', 'en');
    expect(written()).toEqual(['director.en.html', 'weekly.en.txt']);
    const { code, stderr } = await report('--view', 'big');
    expect([code, stderr]).toEqual([2, expect.stringContaining('small, rescuer, weekly, director, full')]);
  }, 30_000);

  it('prints one form, or puts it where it is wanted', async () => {
    const html = await report('--format', 'html', '--view', 'small', '--lang', 'en');
    expect(html.stdout).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect((await report('--format', 'md', '--lang', 'ja')).stdout).toMatch(/^# 境界点検レポート/);
    expect((await report('--format', 'text', '--view', 'weekly', '--lang', 'ja')).stdout).toContain(
      '[境界点検]',
    );
    expect(JSON.parse((await report('--format', 'json')).stdout)).toMatchObject({ runId: run.runId });
    const out = join(root, 'sheets.xlsx');
    const sheet = await report('--format', 'xlsx', '--out', out);
    expect([sheet.code, sheet.stdout, sheet.stderr]).toEqual([0, '', out]);
    expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK');
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(written()).toEqual([]);
  }, 30_000);

  it.each([
    [['--format', 'docx'], 'There is no format "docx". There is: html (small, rescuer'],
    [['--format', 'json', '--view', 'small'], 'There is no view "small" in the format json'],
    [['--format', 'xlsx'], '--out FILE.xlsx'],
    [['--format', 'xlsx', '--view', 'small', '--out', 'x.xlsx'], 'leave out --view'],
    [['--format', 'html', '--pdf'], 'leave out --format'],
    [['--out', 'x.html'], 'add --format or --pdf'],
    [['--format', 'html', '--lang', 'ja,en'], 'One form is in one language'],
    [['--pdf', '--out', 'x.pdf'], 'add --view with one view'],
    [['--index', '--format', 'html'], 'leave out the other options'],
    [['20200101T000000Z', '--index'], '--org'],
  ])('refuses %s with a sentence that helps, and writes nothing', async (argv, text) => {
    const { code, stdout, stderr } = await report(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(text);
    expect(written()).toEqual([]);
  });

  it('never replaces a device or a pipe', async () => {
    const pipe = join(root, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { code, stderr } = await report('--format', 'html', '--out', pipe);
    expect([code, stderr]).toEqual([2, expect.stringContaining('this is no file')]);
    expect(statSync(pipe).isFIFO()).toBe(true);
    rmSync(pipe);
  });

  it('tells which runs the trends lack, and a fault in the answers', async () => {
    const broken = await createRun(root, run.organisation ?? '', new Date('2020-01-01T00:00:00Z'));
    writeFileSync(broken.snapshotPath, '{');
    const { stderr } = await report('--format', 'html', run.runId);
    expect(stderr).toContain(`${broken.runId} are damaged`);
    rmSync(broken.directory, { recursive: true });
    const answers = join(run.directory, 'answers.yaml');
    writeFileSync(answers, 'findings: { B-01: { nonsense: 1 } }\n');
    const faulty = await report('--format', 'html');
    rmSync(answers);
    expect([faulty.code, faulty.stderr]).toEqual([2, expect.stringMatching(/answers\.yaml:1:/)]);
  }, 30_000);

  it('tells what a damaged journal lacks, and leaves the files as they are when it is gone', async () => {
    const whole = readFileSync(run.journalPath);
    await report('--view', 'small');
    const before = written();
    try {
      writeFileSync(run.journalPath, Buffer.concat([whole, Buffer.from('\0\n{}\n{"torn')]));
      const damaged = await report('--format', 'csv');
      expect(damaged.code).toBe(0);
      expect(damaged.stderr).toContain(`3 lines of ${run.journalPath} cannot be read`);
      rmSync(run.journalPath);
      const gone = await report();
      expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('Put it back from your backup')]);
      expect(written()).toEqual(before);
    } finally {
      writeFileSync(run.journalPath, whole);
    }
    expect((await report('--format', 'csv')).stderr).toBe('');
  }, 30_000);

  it('renders the snapshot of an earlier version, without the newer fields', async () => {
    const old: Record<string, unknown> = JSON.parse(readFileSync(run.snapshotPath, 'utf8'));
    for (const field of ['pages', 'exposures', 'candidates', 'assets', 'elsewhere']) delete old[field];
    const other = join(root, 'elsewhere');
    mkdirSync(other);
    writeFileSync(join(other, 'snapshot.json'), JSON.stringify(old));
    writeFileSync(join(other, 'journal.jsonl'), readFileSync(run.journalPath));
    const { code, stderr } = await report(other);
    expect(code, stderr).toBe(0);
    // No copy of the organisation file: both languages.
    expect(readdirSync(other).filter((name) => name.endsWith('.html'))).toHaveLength(8);
  }, 30_000);

  it('rewrites the lists of all organisations', async () => {
    const { code, stderr } = await report('--index', '--lang', 'en,ja');
    const folder = join(root, run.organisation ?? '');
    expect([code, stderr.split('\n')]).toEqual([
      0,
      [join(folder, 'index.html'), join(folder, 'index.ja.html')],
    ]);
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain('<html lang="en">');
    const empty = mkdtempSync(join(tmpdir(), 'sekisho-none-'));
    expect((await sekisho(['report', '--index', '--reports', empty])).code).toBe(2);
    rmSync(empty, { recursive: true });
  });
});

describe('sekisho report --pdf', () => {
  it('says what to install when there is no browser', async () => {
    const { code, stderr } = await sekisho(
      ['report', '--reports', root, '--pdf', '--view', 'small', '--lang', 'ja'],
      {
        CHROMIUM: '/nowhere/chromium',
      },
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('apt-get install chromium')]);
    expect(written()).toEqual([]);
    expect(readdirSync(run.directory).filter((name) => name.startsWith('pdf-'))).toEqual([]);
  });

  it('tells when the browser does not do it, with its last words', async () => {
    const { code, stderr } = await sekisho(
      ['report', '--reports', root, '--pdf', '--view', 'small', '--lang', 'ja'],
      {
        CHROMIUM: '/bin/ls',
      },
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/has not printed the page.*--headless.*print it from there/s),
    ]);
    expect(written()).toEqual([]);
  });

  it('can be stopped, with the code for it, and leaves nothing behind', async () => {
    const hanging = join(root, 'hanging');
    writeFileSync(hanging, `#!/bin/sh\ntouch '${root}/started'\nexec sleep 60\n`, { mode: 0o700 });
    const printing = sekisho(['report', '--reports', root, '--pdf', '--view', 'small', '--lang', 'ja'], {
      CHROMIUM: hanging,
    });
    await vi.waitFor(() => expect(existsSync(join(root, 'started'))).toBe(true), 20_000);
    process.emit('SIGINT');
    const { code, stderr } = await printing;
    expect([code, stderr]).toEqual([130, expect.stringContaining('this PDF was not written')]);
    expect(stderr).not.toContain('packets');
    expect(readdirSync(run.directory).filter((name) => /pdf/.test(name))).toEqual([]);
  }, 30_000);

  it.skipIf(!existsSync('/usr/bin/chromium'))(
    'prints A4 with the Chromium of this machine',
    async () => {
      const path = join(root, 'small.pdf');
      const { code, stderr } = await sekisho(
        ['report', '--reports', root, '--pdf', '--view', 'small', '--lang', 'ja', '--out', path],
        { CHROMIUM: '/usr/bin/chromium' },
      );
      expect(code, stderr).toBe(0);
      const pdf = readFileSync(path);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      // Points: 210 × 297 mm.
      expect(pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
      expect(readdirSync(root).filter((name) => name.startsWith('pdf-'))).toEqual([]);
    },
    60_000,
  );
});
