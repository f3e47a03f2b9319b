import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCatalogue, type KeptKev } from '../../src/knowledge/kev-list.ts';
import { dataDirectory } from '../../src/lib/data-directory.ts';
import { keptPath, loadKept, saveKept } from '../../src/knowledge/kev-store.ts';
import { bytesOf, catalogue } from './kev.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-kev-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function kept(savedAt = '2026-11-20T00:00:00Z'): KeptKev {
  const read = readCatalogue(bytesOf(catalogue()));
  if (!read.ok) throw new Error(read.reason);
  return { list: read.list, origin: 'https://example/', savedAt };
}

describe('dataDirectory', () => {
  it.each([
    [{ SEKISHO_DATA: '/a', XDG_DATA_HOME: '/b', HOME: '/c' }, '/a'],
    [{ SEKISHO_DATA: '', XDG_DATA_HOME: '/b', HOME: '/c' }, '/b/sekisho'],
    [{ XDG_DATA_HOME: 'relative', HOME: '/c' }, '/c/.local/share/sekisho'],
    [{ HOME: '/c' }, '/c/.local/share/sekisho'],
    [{ USERPROFILE: '/d' }, '/d/.local/share/sekisho'],
    [{ HOME: '' }, undefined],
    [{}, undefined],
  ])('%o', (environment, expected) => {
    expect(dataDirectory(environment)).toBe(expected);
  });
});

describe('the kept list', () => {
  it('is read as it was saved, in folders that are made for it', async () => {
    const directory = join(folder, 'share', 'sekisho');
    await saveKept(directory, kept());
    expect(loadKept(keptPath(directory))).toEqual({ state: 'kept', kept: kept() });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toEqual(['known-exploited.json']);
  });

  it('leaves the mode of a folder that was there', async () => {
    chmodSync(folder, 0o755);
    await saveKept(folder, kept());
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it.each([
    ['a full disk', 'ENOSPC', 'the disk is full'],
    ['a read-only disk', 'EROFS', 'read-only'],
  ])('stays as it is on %s', async (_what, code, words) => {
    await saveKept(folder, kept());
    const before = readFileSync(keptPath(folder), 'utf8');
    const failing = {
      write: () => Promise.reject(Object.assign(new Error(code), { code })),
      rename: () => Promise.reject(new Error('not reached')),
    };
    await expect(saveKept(folder, kept('2026-11-21T00:00:00Z'), failing)).rejects.toThrow(words);
    expect(readFileSync(keptPath(folder), 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['known-exploited.json']);
  });

  it('says which folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(saveKept(join(folder, 'file', 'below'), kept())).rejects.toThrow(/below.*file/s);
    expect(loadKept(keptPath(join(folder, 'file', 'below')))).toEqual({ state: 'none' });
  });

  it('is none, or unusable with a reason, and never an exception', async () => {
    const path = keptPath(folder);
    expect(loadKept(path)).toEqual({ state: 'none' });
    await saveKept(folder, kept());
    truncateSync(path, statSync(path).size - 20);
    expect(loadKept(path)).toMatchObject({
      state: 'unusable',
      reason: expect.stringContaining('in the middle') as string,
    });
    truncateSync(path, 0);
    expect(loadKept(path)).toMatchObject({ state: 'unusable', reason: 'is empty' });
    truncateSync(path, 33 * 1024 * 1024);
    expect(loadKept(path)).toMatchObject({
      state: 'unusable',
      reason: expect.stringContaining('more than any') as string,
    });
    rmSync(path);
    mkdirSync(path);
    expect(loadKept(path)).toEqual({ state: 'unusable', reason: 'is not a file' });
    expect(existsSync(path)).toBe(true);
  });
});
