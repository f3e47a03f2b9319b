import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import Encoding from 'encoding-japanese';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readJournal } from '../../src/track/read-journal.ts';
import { listRuns, readSnapshot } from '../../src/track/store.ts';
import { sekisho } from './command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-import-'));
  organisation();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const at = (...names: string[]): string => join(folder, ...names);
const store = (): string => at('reports', 'kakuu', 'imports');
const stored = (): string[] => (existsSync(store()) ? readdirSync(store()) : []);

function organisation(more = ''): void {
  writeFileSync(
    at('org.yaml'),
    `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [203.0.113.0/24] }
shodan: { use: no }
${more}`,
  );
}

function put(name: string, content: string | Uint8Array): string {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
  return at(name);
}

const flags = (): string[] => ['--org-file', at('org.yaml'), '--reports', at('reports')];
const take = async (...words: string[]) => sekisho(['import', ...words, ...flags()]);
const scan = async (...words: string[]) =>
  sekisho(['scan', at('org.yaml'), '--passive', '--reports', at('reports'), ...words]);

const banner = (last: number, port = 443, time = '2026-01-01T00:00:00'): string =>
  JSON.stringify({
    ip_str: `203.0.113.${last}`,
    port,
    transport: 'tcp',
    timestamp: time,
    data: 'SSH-2.0-OpenSSH_8.9\n',
    _shodan: { module: 'ssh' },
  });
const naabu = (last: number, time = '2026-02-01T00:00:00Z'): string =>
  JSON.stringify({ ip: `203.0.113.${last}`, timestamp: time, port: 8443, protocol: 'tcp', tls: false });

const Tally = z.object({
  id: z.string(),
  file: z.string(),
  type: z.string(),
  records: z.number(),
  outOfScope: z.number(),
  broken: z.number(),
  cut: z.boolean(),
  replaced: z.boolean(),
  faults: z.array(z.object({ line: z.number(), why: z.string() })),
});
const tallies = (stdout: string) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => Tally.parse(JSON.parse(line)));

async function newest() {
  const runs = await listRuns(at('reports'), 'kakuu');
  const run = runs.at(-1);
  if (run === undefined) throw new Error('no run');
  return { snapshot: await readSnapshot(run.snapshotPath), journal: await readJournal(run.journalPath) };
}

describe('sekisho import', () => {
  it('tells type, counts, dates and what to do next, and keeps the file for runs to come', async () => {
    const file = put(
      'export.json.gz',
      gzipSync(
        `${banner(1)}\n${banner(2, 22, '2026-03-01T00:00:00')}\n{"ip_str":"192.0.2.1","port":1,"timestamp":"2026-01-01T00:00:00","_shodan":{}}\n`,
      ),
    );
    const { code, stderr, stdout } = await take(file);
    expect(stderr).toMatch(/export\.json\.gz: shodan; in scope: records 2, observations 2, addresses 2/);
    expect(stderr).toMatch(/left out, outside the ranges of the organisation file: 1/);
    expect(stderr).toMatch(/data of 2026-01-01 to 2026-03-01/);
    expect(stderr).toMatch(/Next: sekisho scan .*org\.yaml --passive/);
    expect([code, stdout]).toEqual([0, '']);
    const list = await take('--list');
    expect(list.stdout).toMatch(/^[0-9a-f]{16}-shodan {2}export\.json\.gz {2}shodan; in scope: records 2/);
  });

  it('takes each file apart: a bad one does not stop the others, and the exit code tells', async () => {
    const good = put('good.jsonl', `${banner(1)}\n`);
    const partly = put('partly.jsonl', `${banner(1)}\nnot json {\n${banner(2)}\n`);
    const junk = put('junk.bin', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]));
    const cut = put('cut.json.gz', gzipSync(`${banner(1)}\n`.repeat(2000)).subarray(0, 120));
    expect((await take(good)).code).toBe(0);
    const one = await take(partly);
    expect([one.code, one.stderr]).toEqual([30, expect.stringMatching(/CANNOT BE READ: 1\n {4}line 2: /)]);
    expect((await take(junk)).code).toBe(2);
    expect((await take(at('gone.json'))).stderr).toContain('does not exist');
    const broken = await take(cut);
    expect([broken.code, broken.stderr]).toEqual([30, expect.stringContaining('THE FILE IS CUT')]);
    const all = await take(junk, at('gone.json'), good, partly, '--json');
    expect(all.code).toBe(30);
    const lines = all.stdout.split('\n').map((line): unknown => JSON.parse(line));
    expect(lines.map((line) => z.object({ error: z.string() }).safeParse(line).success)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(stored()).toHaveLength(3);
  });

  it('keeps nothing of a file of which nothing can be read', async () => {
    const { code, stderr } = await take(
      put('bad.csv', 'ip,name\nfoo.example,x\nbar.example,y\n'),
      '--as',
      'ledger',
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/none of its 2 records can be read.*line 2: "foo\.example"/),
    ]);
    expect(stored()).toEqual([]);
  });

  it('replaces the same file and says so; forgets by id', async () => {
    const file = put('a.jsonl', `${naabu(1)}\n`);
    const [first] = tallies((await take(file, '--json')).stdout);
    const again = await take(file, '--vantage', 'taipei office', '--json');
    expect(tallies(again.stdout)).toMatchObject([{ id: first?.id, replaced: true }]);
    expect((await take('--list', '--json')).stdout).toContain('"vantage":"taipei office"');
    expect((await take('--forget', 'x')).code).toBe(2);
    expect((await take('--forget', first?.id ?? '')).code).toBe(0);
    expect(stored()).toEqual([]);
  });

  it('dates what carries no date by what the user says, at the end of the local day', async () => {
    const file = put(
      'idb.jsonl',
      `${JSON.stringify({ ip: '203.0.113.9', ports: [80], cpes: [], hostnames: [], tags: [], vulns: [] })}\n`,
    );
    expect((await take(file, '--observed', '2026-02-30')).code).toBe(2);
    const { stdout } = await take(file, '--observed', '2026-02-03', '--json');
    expect(stdout).toContain('"oldest":"2026-02-03T14:59:59.000Z"');
  });

  it('reads a Shift_JIS ledger by the mapping of the organisation file, and names a wrong one', async () => {
    const text = '番号,固定番地,所属\r\n1,２０３．０．１１３．１０,総務課\r\n2,192.0.2.9,営業課\r\n';
    const bytes = Buffer.from(Encoding.convert(Encoding.stringToCode(text), { to: 'SJIS', from: 'UNICODE' }));
    const file = put('devices.csv', bytes);
    organisation('imports:\n  - { file: devices.csv, columns: { address: 固定番地, owner: 所属 } }\n');
    const read = await take(file, '--json');
    expect(tallies(read.stdout)).toMatchObject([{ type: 'ledger', records: 1, outOfScope: 1, broken: 0 }]);
    const [name = ''] = stored();
    expect(readFileSync(join(store(), name), 'utf8')).toContain('"owner":"総務課"');
    organisation('imports:\n  - { file: devices.csv, columns: { address: 番地 } }\n');
    const wrong = await take(file);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/no column "番地".*2 "固定番地"/)]);
  });

  it('asks for files, and for a date that exists, before it does anything', async () => {
    expect((await take()).code).toBe(2);
    expect((await take(put('a', ''), '--as', 'nessus')).stderr).toContain('ledger');
    expect(existsSync(at('reports'))).toBe(false);
  });
});

describe('a run', () => {
  it('does not wait for a pipe that the organisation file names, and says so', async () => {
    spawnSync('mkfifo', [at('pipe.json')]);
    organisation('imports:\n  - { file: pipe.json }\n  - { file: words.txt }\n');
    put('words.txt', 'words');
    const { code, stderr } = await scan();
    expect(code).toBe(30);
    expect(stderr).toMatch(/pipe\.json is a pipe or a device.*sekisho import\. The run goes on without it\./);
  }, 20_000);

  it('takes in what the organisation file and --import name, and what is stored, each with its own coverage', async () => {
    put('a/scan.jsonl', `${naabu(1)}\n`);
    put('b/scan.jsonl', `${naabu(2)}\n${naabu(1, '2026-03-01T00:00:00Z')}\n`);
    put('export.jsonl', `${banner(1, 8443)}\nbroken {\n`);
    put('devices.csv', 'ip,name\n203.0.113.1,vpn\n');
    organisation(
      'imports:\n  - { file: a/scan.jsonl, vantage: office }\n  - { file: devices.csv }\n  - { file: gone.xml, as: nmap }\n',
    );
    await take(at('export.jsonl'));
    const { code, stderr } = await scan('--import', at('b/scan.jsonl'));
    expect([code, stderr]).toEqual([30, expect.stringContaining('gone.xml is not there')]);
    const { snapshot, journal } = await newest();
    const files = snapshot.coverage.filter(({ file }) => file !== undefined);
    expect(
      files.map(({ source, vantage, state, reason, looked }) => [source, vantage, state, reason, looked]),
    ).toEqual([
      ['naabu', 'office', 'complete', undefined, 1],
      ['naabu', 'unknown', 'complete', undefined, 2],
      ['nmap', 'unknown', 'failed', 'file-missing', 0],
      ['shodan', 'shodan', 'partial', 'file-broken-records', 1],
    ]);
    expect(new Set(files.map(({ file }) => file)).size).toBe(4);
    expect(snapshot.assets).toMatchObject([{ range: '203.0.113.1', name: 'vpn' }]);
    expect(journal.observations.map(({ address, source }) => `${address} ${source}`).toSorted()).toEqual([
      '203.0.113.1 naabu',
      '203.0.113.1 naabu',
      '203.0.113.1 shodan',
      '203.0.113.2 naabu',
    ]);
    expect(snapshot.services.map(({ key }) => key)).toEqual(['203.0.113.1:8443/tcp', '203.0.113.2:8443/tcp']);
  });

  it('reads a named file again only when it has changed', async () => {
    const file = put('scan.jsonl', `${naabu(1)}\n`);
    organisation('imports:\n  - { file: scan.jsonl }\n');
    expect((await scan()).stderr).toContain('scan.jsonl: naabu');
    const [name = ''] = stored();
    const before = statSync(join(store(), name)).mtimeMs;
    expect((await scan()).stderr).not.toContain('scan.jsonl: naabu');
    expect(statSync(join(store(), name)).mtimeMs).toBe(before);
    writeFileSync(file, `${naabu(1)}\n${naabu(2)}\n`);
    await scan();
    const { snapshot } = await newest();
    expect(snapshot.services).toHaveLength(2);
    expect(stored()).toHaveLength(2);
    organisation('imports:\n  - { file: scan.jsonl, vantage: office }\n');
    await scan();
    const after = (await newest()).snapshot.coverage.filter(({ source }) => source === 'naabu');
    expect(after.map(({ vantage }) => vantage)).toEqual(['office', 'unknown']);
  });

  it('believes the newest version of a list of devices only', async () => {
    organisation('imports:\n  - { file: devices.csv }\n');
    put('devices.csv', 'ip,name\n203.0.113.1,old\n203.0.113.2,gone\n');
    await scan();
    put('devices.csv', 'ip,name\n203.0.113.1,new\n');
    await scan();
    expect((await newest()).snapshot.assets).toMatchObject([
      { range: '203.0.113.1', name: 'new', file: 'devices.csv' },
    ]);
    expect(stored()).toHaveLength(2);
  });

  it('says in a dry run which files it would read', async () => {
    put('scan.jsonl', `${naabu(1)}\n`);
    await take(at('scan.jsonl'));
    organisation('imports:\n  - { file: gone.xml }\n');
    const { code, stdout } = await scan('--dry-run', '--import', put('more.jsonl', `${naabu(2)}\n`));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /to read: .*gone\.xml \(NOT THERE\)\n {2}to read: .*more\.jsonl \(\d+ bytes, as auto\)\n {2}kept: scan\.jsonl/,
    );
    expect(stored()).toHaveLength(1);
  });

  it('goes on without an import whose store is damaged, and says so', async () => {
    await take(put('a.jsonl', `${naabu(1)}\n`), put('b.jsonl', `${naabu(2)}\n`));
    const [name = ''] = stored();
    writeFileSync(join(store(), name), 'x');
    const { code, stderr } = await scan();
    expect([code, stderr]).toEqual([30, expect.stringContaining('its first line is damaged')]);
    expect((await newest()).snapshot.services).toHaveLength(1);
  });

  it('doubles nothing when it is resumed', async () => {
    await take(put('a.jsonl', `${naabu(1)}\n`), put('devices.csv', 'ip\n203.0.113.1\n'));
    await scan();
    const [run] = await listRuns(at('reports'), 'kakuu');
    if (run === undefined) throw new Error('no run');
    const lines = readFileSync(run.journalPath, 'utf8').split('\n');
    rmSync(run.snapshotPath);
    writeFileSync(run.journalPath, lines.filter((line) => !line.includes('"kind":"end"')).join('\n'));
    expect((await scan('--resume')).code).not.toBe(1);
    const { journal, snapshot } = await newest();
    const count = (kind: string): number =>
      readFileSync(run.journalPath, 'utf8').split(`"kind":"${kind}"`).length - 1;
    expect([count('observation'), count('asset')]).toEqual([1, 1]);
    expect([journal.observations.length, snapshot.assets?.length]).toEqual([1, 1]);
  });
});

describe('an import that is interrupted', () => {
  const child = (words: readonly string[], reports: string) =>
    spawn(
      process.execPath,
      ['--import', 'tsx', MAIN, 'import', ...words, '--org-file', at('org.yaml'), '--reports', reports],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        cwd: resolve(import.meta.dirname, '../..'),
      },
    );

  /** Enough for several seconds. */
  async function bigFile(): Promise<string> {
    const file = createWriteStream(at('big.jsonl'));
    for (let n = 0; n < 30; n += 1) {
      const lines = Array.from({ length: 1000 }, (_, i) => banner(i % 250, 1 + n * 1000 + i));
      if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'finish');
    return at('big.jsonl');
  }

  it('by kill -9 leaves nothing that counts, and the next one clears away the rest', async () => {
    const running = child([await bigFile()], at('reports'));
    const halfway = (): boolean =>
      stored().some((name) => name.endsWith('.tmp') && statSync(join(store(), name)).size > 1_000_000);
    const until = Date.now() + 40_000;
    while (!halfway() && running.exitCode === null && Date.now() < until) await sleep(20);
    running.kill('SIGKILL');
    await once(running, 'exit');
    expect(stored().map((name) => name.endsWith('.tmp'))).toEqual([true]);
    expect((await take('--list')).stderr).toContain('Nothing has been taken in');
    expect((await take(put('a.jsonl', `${naabu(1)}\n`))).code).toBe(0);
    expect(stored()).toHaveLength(1);
    expect(stored()[0]).toMatch(/-naabu\.jsonl$/);
  }, 60_000);

  it('by a full disk says so, leaves nothing and keeps what was there', async () => {
    // Without root the limit of a file's size stands in for the disk: the write fails in the same way.
    const small = at('small');
    mkdirSync(small);
    const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', small]).status === 0;
    try {
      const reports = join(small, 'reports');
      await sekisho([
        'import',
        put('a.jsonl', `${naabu(1)}\n`),
        '--org-file',
        at('org.yaml'),
        '--reports',
        reports,
      ]);
      const before = readdirSync(join(reports, 'kakuu', 'imports'));
      expect(before).toHaveLength(1);
      const words = [MAIN, 'import', await bigFile(), '--org-file', at('org.yaml'), '--reports', reports];
      const full = spawnSync(
        'sh',
        [
          '-c',
          `${isMounted ? '' : 'ulimit -f 4096;'} exec "$@"`,
          'sh',
          process.execPath,
          '--import',
          'tsx',
          ...words,
        ],
        {
          cwd: resolve(import.meta.dirname, '../..'),
          encoding: 'utf8',
        },
      );
      expect([full.status, full.stderr]).toEqual([
        1,
        expect.stringMatching(/Could not write .*Nothing was taken in/s),
      ]);
      if (isMounted) expect(full.stderr).toContain('the disk is full. Free some space');
      expect(readdirSync(join(reports, 'kakuu', 'imports'))).toEqual(before);
    } finally {
      if (isMounted) spawnSync('umount', [small]);
    }
  }, 60_000);

  it('by Ctrl-C ends with 130 and keeps nothing', async () => {
    const running = child([await bigFile()], at('reports'));
    const until = Date.now() + 40_000;
    while (stored().length === 0 && running.exitCode === null && Date.now() < until) await sleep(20);
    running.kill('SIGINT');
    const [code] = (await once(running, 'exit')) as [number | null];
    expect(code).toBe(130);
    expect(stored()).toEqual([]);
  }, 60_000);
});
