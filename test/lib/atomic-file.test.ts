import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePrivateDirectory, writeFileAtomically, writeNewFile } from '../../src/lib/atomic-file.ts';
import { AppError } from '../../src/lib/app-error.ts';

let folder: string;
let umask: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-atomic-'));
  umask = process.umask();
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true, force: true });
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;

function diskError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return error;
}

describe('writeFileAtomically', () => {
  it('writes text and bytes, and replaces what was there', async () => {
    const path = join(folder, 'a.json');
    await writeFileAtomically(path, '関所');
    expect(readFileSync(path, 'utf8')).toBe('関所');
    await writeFileAtomically(path, new Uint8Array([0, 255]));
    expect([...readFileSync(path)]).toEqual([0, 255]);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it.each([0o000, 0o022, 0o077, 0o777])('sets the exact mode under umask %o', async (mask) => {
    process.umask(mask);
    await writeFileAtomically(join(folder, 'private'), 'x');
    await writeFileAtomically(join(folder, 'shared'), 'x', 0o644);
    expect(modeOf(join(folder, 'private'))).toBe(0o600);
    expect(modeOf(join(folder, 'shared'))).toBe(0o644);
  });

  it('tightens a file that was readable by all', async () => {
    const path = join(folder, 'a');
    writeFileSync(path, 'old', { mode: 0o644 });
    await writeFileAtomically(path, 'new');
    expect(modeOf(path)).toBe(0o600);
  });

  it('on a full disk keeps the old file, leaves nothing behind and says so', async () => {
    const path = join(folder, 'a');
    writeFileSync(path, 'old');
    const error = await errorOf(
      writeFileAtomically(path, 'new content', 0o600, {
        write: async (file) => {
          await file.writeFile('new c');
          throw diskError('ENOSPC');
        },
        rename,
      }),
    );
    expect(error.code).toBe('write-failed');
    expect(error.message).toContain('the disk is full. Free some space');
    expect(error.message).toContain('What stood there before is unchanged');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('leaves nothing behind when the rename fails', async () => {
    const path = join(folder, 'a');
    mkdirSync(path);
    const error = await errorOf(writeFileAtomically(path, 'x'));
    expect(error.message).toContain('a folder of that name is in the way');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('says that the folder is missing', async () => {
    const error = await errorOf(writeFileAtomically(join(folder, 'none', 'a'), 'x'));
    expect(error.message).toContain('the folder does not exist');
  });

  it('replaces a symbolic link instead of writing through it', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, join(folder, 'link'));
    await writeFileAtomically(join(folder, 'link'), 'new');
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(join(folder, 'link'), 'utf8')).toBe('new');
  });
});

describe('makePrivateDirectory', () => {
  it.each([0o000, 0o022, 0o277])('makes every missing level 0700 under umask %o', async (mask) => {
    chmodSync(folder, 0o755);
    process.umask(mask);
    await makePrivateDirectory(join(folder, 'a', 'b'));
    process.umask(umask);
    await makePrivateDirectory(join(folder, 'a', 'b', 'c', 'd'));
    for (const path of ['a', 'a/b', 'a/b/c', 'a/b/c/d']) expect(modeOf(join(folder, path))).toBe(0o700);
    expect(modeOf(folder)).toBe(0o755);
  });

  it('tightens a folder that exists', async () => {
    mkdirSync(join(folder, 'open'), { mode: 0o755 });
    await makePrivateDirectory(join(folder, 'open'));
    expect(modeOf(join(folder, 'open'))).toBe(0o700);
  });

  it('says that a file is in the way', async () => {
    writeFileSync(join(folder, 'a'), '');
    const error = await errorOf(makePrivateDirectory(join(folder, 'a')));
    expect(error.message).toContain('a file of that name is in the way');
    expect(existsSync(join(folder, 'a'))).toBe(true);
  });
});

describe('writeNewFile', () => {
  it('writes for the owner only, and never over what is there', async () => {
    const path = join(folder, 'a');
    await writeNewFile(path, 'first');
    await expect(writeNewFile(path, 'second')).rejects.toMatchObject({ code: 'EEXIST' });
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['first', 0o600]);
  });

  it('leaves no empty file behind on a full disk, for it would be taken for the real one', async () => {
    const full = writeNewFile(join(folder, 'a'), 'text', async (file) => {
      await file.writeFile('te');
      throw diskError('ENOSPC');
    });
    await expect(full).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
