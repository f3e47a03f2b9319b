import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, errorText } from './app-error.ts';

/** In pieces when the whole would not fit into memory. */
type Content = Uint8Array | Iterable<string>;

/** The steps that a full or failing disk breaks; replaced in tests. */
export interface FileSteps {
  readonly write: (file: FileHandle, data: Content) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
}

const REAL_STEPS: FileSteps = {
  // Each goes on where the last one has ended.
  write: async (file, data) => {
    for (const piece of data instanceof Uint8Array ? [data] : data) await file.writeFile(piece);
  },
  rename,
};

/**
 * Writes a whole file or nothing: a reader sees the old content or the new, never a part, also after a power cut.
 * The mode is exact whatever the umask says. A symbolic link at `path` is replaced, not followed.
 *
 * @throws AppError `write-failed`; the old file is then untouched and the temporary file gone.
 */
export async function writeFileAtomically(
  path: string,
  data: string | Content,
  mode = 0o600,
  steps: FileSteps = REAL_STEPS,
): Promise<void> {
  const folder = dirname(resolve(path));
  // Same folder: rename(2) is atomic only inside one file system.
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, typeof data === 'string' ? Buffer.from(data) : data, mode, steps);
    await steps.rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw new AppError(
      'write-failed',
      `Could not write ${path}: ${describeWriteError(error)} What stood there before is unchanged.`,
      { cause: error },
    );
  }
  await syncFolder(folder);
}

async function writeDurably(path: string, data: Content, mode: number, steps: FileSteps): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.chmod(mode);
    await steps.write(file, data);
    // Without it, a rename can reach the disk before the bytes do and leave an empty file after a power cut.
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Writes a file that must not be there yet, readable by its owner only. One that could not be written whole is taken away again: it
 * would be taken for the real one.
 *
 * @throws as `node:fs` does: `EEXIST` when it is there already
 */
export async function writeNewFile(
  path: string,
  text: string,
  write: FileSteps['write'] = REAL_STEPS.write,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await write(file, Buffer.from(text));
    await file.sync();
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable. Systems that cannot sync a folder (Windows, some network shares) keep their own promise. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file is complete and in place either way: an error here must not be told as "not written".
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space and run the command again.',
  EDQUOT: 'the disk quota is used up. Free some space and run the command again.',
  EROFS: 'the file system is read-only. Choose another folder.',
  EACCES: 'permission denied. Run as the owner of the folder, or choose another folder.',
  EPERM: 'permission denied. Run as the owner of the folder, or choose another folder.',
  ENOENT: 'the folder does not exist. Make it, or choose another one.',
  EISDIR: 'a folder of that name is in the way.',
  ENOTDIR: 'a part of the path is a file, not a folder. Choose another folder.',
};

/** What a failed write means and what to do, as a sentence. */
export function describeWriteError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return (code === undefined ? undefined : ADVICE[code]) ?? `${errorText(error)}.`;
}

/**
 * Makes a folder that only its owner may enter (0700), with missing parents likewise, whatever the umask says. A folder
 * that exists is tightened to 0700; its existing parents stay as they are.
 *
 * @throws AppError `write-failed` when it cannot be made, is not a folder, or belongs to someone else.
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await makeLevel(resolve(path));
    await chmod(path, 0o700);
  } catch (error) {
    const inTheWay = await stat(path).then(
      (found) => !found.isDirectory(),
      () => false,
    );
    const why = inTheWay ? 'a file of that name is in the way.' : describeWriteError(error);
    throw new AppError('write-failed', `Could not make the folder ${path}: ${why}`, { cause: error });
  }
}

/** Level by level, each opened to its owner before the next: `mkdir -p` under a umask such as 0277 locks itself out. */
async function makeLevel(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
    await chmod(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeLevel(dirname(path));
      // Not makeLevel again: where a folder cannot be made below one that is there (/proc), that would never end.
      await mkdir(path, { mode: 0o700 }).catch((again: NodeJS.ErrnoException) => {
        if (again.code !== 'EEXIST') throw again;
      });
      await chmod(path, 0o700);
      return;
    }
    if (code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
}
