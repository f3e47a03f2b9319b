/** The key under which an organisation's own hosts get their labels. Whoever has it can undo the labels: it never leaves this folder. */
import { randomBytes } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import { AppError, errorText } from '../lib/app-error.ts';
import { describeWriteError, writeNewFile } from '../lib/atomic-file.ts';

/** Of a key file, with room for spaces. */
const MOST_BYTES = 1000;
const KEY = /^[0-9a-f]{64}$/;

/** Undefined: none was made yet. @throws AppError `share-key` */
export async function readShareKey(path: string): Promise<string | undefined> {
  try {
    // Asked before it is opened: opening a pipe waits for somebody to write into it.
    const found = await stat(path);
    if (!found.isFile()) throw new AppError('share-key', `${path} is no file: move it away.`);
    const key = found.size > MOST_BYTES ? '' : (await readFile(path, 'utf8')).trim();
    if (KEY.test(key)) {
      // On a disk that may only be read, what is right already needs no change.
      if ((found.mode & 0o777) !== 0o600) await chmod(path, 0o600);
      return key;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof AppError) throw error;
    throw new AppError(
      'share-key',
      `${path} cannot be read: ${errorText(error)}. Make it readable for yourself: another key would give hosts other labels.`,
      { cause: error },
    );
  }
  throw new AppError(
    'share-key',
    `${path} is damaged: expected 64 hex digits. Put back a copy from your backup; if there is none, move it away, and hosts get new labels.`,
  );
}

export function newShareKey(): string {
  return randomBytes(32).toString('hex');
}

/** Keeps a new key, or gives the one that another process has just kept. @throws AppError `share-key` */
export async function keepShareKey(path: string, key: string): Promise<string> {
  try {
    await writeNewFile(path, `${key}\n`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new AppError('share-key', `Could not write ${path}: ${describeWriteError(error)}`, {
        cause: error,
      });
    return (await readShareKey(path)) ?? key;
  }
}
