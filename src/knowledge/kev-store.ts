/** Where the list that `sekisho kb update` took over is kept: one file in the data folder of the user. */
import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../lib/app-error.ts';
import { makePrivateDirectory, writeFileAtomically, type FileSteps } from '../lib/atomic-file.ts';
import { MOST_BYTES, readKept, writeKept, type KeptKev } from './kev-list.ts';

const FILE = 'known-exploited.json';

export function keptPath(directory: string): string {
  return join(directory, FILE);
}

export type Kept =
  | { readonly state: 'none' }
  | { readonly state: 'kept'; readonly kept: KeptKev }
  /** The reason is a sentence without its subject, to be put behind the path. */
  | { readonly state: 'unusable'; readonly reason: string };

/** Never throws: without the file, or with a broken one, the list that ships is used, and whoever asks says so. */
export function loadKept(path: string): Kept {
  try {
    const { size, ...found } = sizeOf(path);
    if (!found.isFile) return { state: 'unusable', reason: 'is not a file' };
    if (size > MOST_BYTES) return { state: 'unusable', reason: `has ${size} bytes, more than any such list` };
    const read = readKept(readFileSync(path));
    return read.ok ? { state: 'kept', kept: read.kept } : { state: 'unusable', reason: read.reason };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'none' };
    return { state: 'unusable', reason: `cannot be read (${errorText(error)})` };
  }
}

/** A pipe in that place would be waited for without end. */
function sizeOf(path: string): { size: number; isFile: boolean } {
  const found = statSync(path);
  return { size: found.size, isFile: found.isFile() };
}

/**
 * Puts a list in the place of the old one, whole or not at all.
 *
 * @throws AppError `write-failed`; the old list is then untouched.
 */
export async function saveKept(directory: string, kept: KeptKev, steps?: FileSteps): Promise<void> {
  // A folder that somebody made for SEKISHO_DATA keeps its mode: the list is public.
  if (!(await isFolder(directory))) await makePrivateDirectory(directory);
  await writeFileAtomically(keptPath(directory), writeKept(kept), 0o644, steps);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
