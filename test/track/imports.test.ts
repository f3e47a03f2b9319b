import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/lib/app-error.ts';
import type { ImportHeader } from '../../src/model/import.ts';
import { readEntries, readPlaces } from '../../src/track/import-lines.ts';
import { createImport } from '../../src/track/import-writer.ts';
import { forgetImport, importId, listImports } from '../../src/track/imports.ts';
import { MAX_LINE_BYTES } from '../../src/track/journal-entry.ts';
import { createRun, listRuns } from '../../src/track/store.ts';
import { observationOf } from './build.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sekisho-imports-'));
  folder = join(root, 'example', 'imports');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const SHA = 'ab'.repeat(32);
const header = (change: Partial<ImportHeader> = {}): ImportHeader => ({
  kind: 'import',
  schemaVersion: 1,
  id: importId(SHA, 'nmap'),
  file: 'scan.xml',
  bytes: 10,
  sha256: SHA,
  vantage: 'unknown',
  importedAt: '2026-11-20T00:00:00Z',
  scopeDigest: 'scope',
  settingsDigest: 'settings',
  source: 'nmap',
  tally: {
    type: 'nmap',
    records: 1,
    observations: 1,
    assets: 0,
    addresses: 1,
    outOfScope: 0,
    ignored: 0,
    broken: 0,
    faults: [],
    cut: false,
  },
  ...change,
});
const record = {
  source: 'shodan',
  address: '2001:db8::1',
  port: 8443,
  transport: 'unknown',
  observedAt: '2026-11-01T00:00:00.123Z',
  text: '{"a":"\\u0000 \\"",\n"b":"能\u2028"}',
} as const;
const asset = { range: '203.0.113.10', name: '本社', file: 'assets.csv', line: 2 };

async function write(ports: readonly number[], change: Partial<ImportHeader> = {}) {
  const writer = await createImport(root, 'example');
  for (const port of ports) writer.observation(observationOf(port, { note: 'x'.repeat(1000) }));
  writer.asset(asset);
  await writer.drain();
  return writer.finish(header(change));
}

const pathOf = (id = header().id): string => join(folder, `${id}.jsonl`);
async function listOf<T>(lines: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const line of lines) list.push(line);
  return list;
}
const all = async () => listOf(readEntries(pathOf(), () => true));

describe('the store of imports', () => {
  it('gives back what was written, in order, and where it was', async () => {
    expect(await write([22, 443])).toEqual({ replaced: false });
    const { imports, damaged } = await listImports(root, 'example');
    expect(imports).toEqual([{ path: pathOf(), header: header() }]);
    expect(damaged).toEqual([]);
    expect(await all()).toEqual([
      { line: 2, value: { kind: 'observation', ...observationOf(22, { note: 'x'.repeat(1000) }) } },
      { line: 3, value: { kind: 'observation', ...observationOf(443, { note: 'x'.repeat(1000) }) } },
      { line: 4, value: { kind: 'asset', asset } },
    ]);
    const places = await listOf(readPlaces(pathOf()));
    expect(places.map(({ line, value }) => [line, value?.port])).toEqual([
      [2, 22],
      [3, 443],
    ]);
    const some = await listOf(readEntries(pathOf(), (line) => line === 3));
    expect(some.map(({ line }) => line)).toEqual([3]);
  });

  it('gives back a record as it was, and where and when it was, between others', async () => {
    const writer = await createImport(root, 'example');
    writer.observation(observationOf(22));
    writer.record(record);
    // The longest that is kept.
    writer.record({ ...record, port: 1, text: '能"\n'.repeat(87_000) });
    writer.asset(asset);
    await writer.finish(header());
    const lines = await all();
    expect(lines.map(({ value }) => value?.kind)).toEqual(['observation', 'record', 'record', 'asset']);
    expect(lines[1]).toEqual({ line: 3, value: { kind: 'record', ...record } });
    expect(lines[2]?.value).toEqual({ kind: 'record', ...record, port: 1, text: '能"\n'.repeat(87_000) });
    const { source: _source, text: _text, ...place } = record;
    expect((await listOf(readPlaces(pathOf())))[1]).toEqual({ line: 3, value: { kind: 'record', ...place } });
  });

  it('counts a record that lost its text as damaged', async () => {
    const writer = await createImport(root, 'example');
    writer.record(record);
    await writer.finish(header());
    writeFileSync(pathOf(), readFileSync(pathOf(), 'utf8').replace('"text"', '"test"'));
    expect(await all()).toEqual([{ line: 2, value: undefined }]);
  });

  it('is for its owner only, and no run', async () => {
    const before = process.umask(0);
    try {
      await write([22]);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(pathOf()).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(before);
    }
    await createRun(root, 'example', new Date('2026-11-20T00:00:00Z'));
    expect((await listRuns(root, 'example')).map(({ runId }) => runId)).toEqual(['20261120T000000Z']);
  });

  it('replaces the same file and says so; lists the oldest first', async () => {
    await write([22]);
    const other = 'cd'.repeat(32);
    await write([80], { id: importId(other, 'nmap'), sha256: other, importedAt: '2026-11-19T00:00:00Z' });
    expect(await write([443], { vantage: 'taipei' })).toEqual({ replaced: true });
    const { imports } = await listImports(root, 'example');
    expect(imports.map(({ header: one }) => [one.importedAt, one.vantage])).toEqual([
      ['2026-11-19T00:00:00Z', 'unknown'],
      ['2026-11-20T00:00:00Z', 'taipei'],
    ]);
    expect((await all())[0]?.value).toMatchObject({ port: 443 });
  });

  it('holds nothing of an import that was given up or not finished', async () => {
    const writer = await createImport(root, 'example');
    for (let port = 1; port < 3000; port += 1)
      writer.observation(observationOf(port, { note: 'x'.repeat(1000) }));
    expect((await listImports(root, 'example')).imports).toEqual([]);
    await writer.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('clears away what a killed import of this computer has left, and nothing else', async () => {
    mkdirSync(folder, { recursive: true });
    const host = hostname().replaceAll(/[^A-Za-z0-9]/g, '-');
    const dead = `.${host}.999999999.00000000.tmp`;
    const others = [`.${host}.${process.pid}.00000000.tmp`, '.elsewhere.999999999.00000000.tmp', 'notes.txt'];
    for (const name of [dead, ...others]) writeFileSync(join(folder, name), 'x');
    await write([22]);
    expect(readdirSync(folder).toSorted()).toEqual([...others, `${header().id}.jsonl`].toSorted());
  });

  it('shortens a list of faults that is too long for the first line, and nothing else', async () => {
    const faults = Array.from({ length: 20 }, (_, i) => ({ line: i, why: '能'.repeat(3000) }));
    await write([22], { tally: { ...header().tally, broken: 20, faults } });
    const [stored] = (await listImports(root, 'example')).imports;
    expect(stored?.header.tally.broken).toBe(20);
    expect(stored?.header.tally.faults.length).toBeGreaterThan(3);
    expect(await all()).toHaveLength(2);
  });

  it('counts damage and goes on: a flipped byte, a torn end, a lost line break', async () => {
    await write([22, 80, 443]);
    const bytes = readFileSync(pathOf());
    const at = bytes.indexOf('"address"');
    bytes[at] = 0x7b;
    writeFileSync(pathOf(), bytes);
    expect((await all()).map(({ value }) => value?.kind)).toEqual([
      undefined,
      'observation',
      'observation',
      'asset',
    ]);
    truncateSync(pathOf(), bytes.length - 5);
    expect((await all()).map(({ value }) => value?.kind)).toEqual([
      undefined,
      'observation',
      'observation',
      undefined,
    ]);
    appendFileSync(pathOf(), '\n{"kind":"run"}\n{"kind":"asset"}\n');
    expect((await all()).slice(-2).map(({ value }) => value)).toEqual([undefined, undefined]);
  });

  it('names an import whose first line is damaged, or of a newer version', async () => {
    await write([22]);
    const bytes = readFileSync(pathOf(), 'utf8');
    writeFileSync(pathOf(), bytes.replace('"sha256"', '"sha255"'));
    expect((await listImports(root, 'example')).damaged).toEqual([
      { path: pathOf(), why: 'its first line is damaged' },
    ]);
    writeFileSync(pathOf(), bytes.replace('"schemaVersion":1', '"schemaVersion":2'));
    expect((await listImports(root, 'example')).damaged[0]?.why).toContain('newer version');
    writeFileSync(pathOf(), '');
    expect((await listImports(root, 'example')).damaged).toHaveLength(1);
  });

  it('cuts what is too long for a line without losing the fact', async () => {
    const writer = await createImport(root, 'example');
    const evidence = {
      label: 'x',
      sent: '',
      received: 'A'.repeat(MAX_LINE_BYTES),
      receivedBytes: 1,
      sha256: 'ab',
      truncated: false,
    };
    writer.observation(observationOf(1, { evidence: [evidence] }));
    writer.observation(observationOf(2));
    await writer.finish(header());
    const [first, second] = await all();
    expect(first?.value).toMatchObject({
      port: 1,
      evidence: [{ received: '', sha256: 'ab', truncated: true }],
    });
    expect(second?.value).toMatchObject({ port: 2 });
  });

  it('forgets one by its id, never by a path', async () => {
    await write([22]);
    const outside = join(root, 'x.jsonl');
    writeFileSync(outside, '');
    for (const id of ['../../x', 'nope', '']) {
      const error: unknown = await forgetImport(root, 'example', id).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AppError);
      expect(String(error)).toContain(header().id);
    }
    expect(existsSync(outside)).toBe(true);
    await forgetImport(root, 'example', header().id);
    expect((await listImports(root, 'example')).imports).toEqual([]);
  });

  it('refuses the name of an organisation that leads elsewhere', async () => {
    await expect(createImport(root, '../x')).rejects.toThrow(/cannot name a folder/);
  });

  it('does not wait for a pipe that lies among them', async () => {
    await write([22]);
    const pipe = join(folder, `${'0'.repeat(16)}-nmap.jsonl`);
    execFileSync('mkfifo', [pipe]);
    const { imports, damaged } = await listImports(root, 'example');
    expect(imports).toHaveLength(1);
    expect(damaged).toEqual([{ path: pipe, why: 'it is not a file' }]);
  });
});
