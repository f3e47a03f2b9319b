import { randomBytes } from 'node:crypto';
import { lstat, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../lib/app-error.ts';
import {
  describeWriteError,
  makePrivateDirectory,
  syncFolder,
  writeFileAtomically,
} from '../lib/atomic-file.ts';

export interface NamedContent {
  /** Relative, with "/". */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** @throws AppError `file-exists` */
export async function requireNewFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  throw new AppError(
    'file-exists',
    `${path} is there already and is left as it is. Name another folder with --out.`,
  );
}

/**
 * Writes a whole new folder or nothing, readable by its owner only (0700, 0600).
 *
 * @param at time of change of all files and folders: an archive of the folder tells it. Undefined: when they are written
 * @throws AppError `file-exists`, `write-failed`
 */
export async function writeNewFolder(path: string, files: readonly NamedContent[], at?: Date): Promise<void> {
  const target = resolve(path);
  const temporary = join(
    dirname(target),
    `.${basename(target)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    await makePrivateDirectory(temporary);
    const folders = [...new Set(files.map((file) => dirname(file.path)))].filter((one) => one !== '.');
    for (const folder of folders) await makePrivateDirectory(join(temporary, folder));
    for (const file of files) await writeFileAtomically(join(temporary, file.path), file.content);
    if (at !== undefined)
      for (const one of [...files.map((file) => file.path), ...folders, '.'])
        await utimes(join(temporary, one), at, at);
    await requireNewFolder(target);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof AppError && error.code !== 'write-failed') throw error;
    // The folder that was named, not the one that has just been taken away.
    const cause = error instanceof AppError ? error.cause : error;
    throw new AppError('write-failed', `Could not write ${path}: ${describeWriteError(cause)}`, { cause });
  }
  await syncFolder(dirname(target));
}
