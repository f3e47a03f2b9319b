/**
 * Files of other tools that were taken in: `reports/<organisation>/imports/<id>.jsonl`, beside the runs, for their owner only.
 * First line: `ImportHeader`; then one observation or row of a ledger a line, as in a journal,
 * or a record as the other tool wrote it (`StoredRecord`).
 */
import { open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, errorText } from '../lib/app-error.ts';
import { ImportHeader } from '../model/import.ts';
import { organisationFolder } from './store.ts';

export interface StoredImport {
  readonly path: string;
  readonly header: ImportHeader;
}

/** Bytes of the first line with its line break: padded with blanks, because it is written last. */
export const HEADER_BYTES = 64 * 1024;
const ID = /^[0-9a-f]{16}-[a-z0-9]{1,20}$/;

/** @throws AppError `organisation-id` */
export function importsFolder(root: string, organisation: string): string {
  return join(organisationFolder(root, organisation), 'imports');
}

export function importId(sha256: string, type: string): string {
  return `${sha256.slice(0, 16)}-${type}`;
}

/**
 * What is in the store, oldest import first.
 *
 * @throws AppError `organisation-id`; one that cannot be read is no error, it is in `damaged`.
 */
export async function listImports(
  root: string,
  organisation: string,
): Promise<{
  readonly imports: readonly StoredImport[];
  readonly damaged: readonly { readonly path: string; readonly why: string }[];
}> {
  const folder = importsFolder(root, organisation);
  const names = await readdir(folder).catch(() => []);
  const imports: StoredImport[] = [];
  const damaged: { path: string; why: string }[] = [];
  for (const name of names) {
    if (!name.endsWith('.jsonl') || !ID.test(name.slice(0, -6))) continue;
    const path = join(folder, name);
    const header = await readHeader(path);
    if (typeof header === 'string') damaged.push({ path, why: header });
    else imports.push({ path, header: { ...header, id: name.slice(0, -6) } });
  }
  const key = ({ header }: StoredImport): string => `${header.importedAt} ${header.id}`;
  return { imports: imports.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)), damaged };
}

/** What is wrong as text. */
async function readHeader(path: string): Promise<ImportHeader | string> {
  try {
    // Opening a pipe would wait for whoever writes into it.
    if (!(await stat(path)).isFile()) return 'it is not a file';
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
      const json: unknown = JSON.parse(buffer.toString('utf8', 0, Math.max(0, end)));
      const newer = z.object({ schemaVersion: z.number().gt(1) }).safeParse(json).success;
      if (newer) return 'written by a newer version of sekisho';
      return ImportHeader.safeParse(json).data ?? 'its first line is damaged';
    } finally {
      await file.close();
    }
  } catch (error) {
    return error instanceof SyntaxError ? 'its first line is damaged' : errorText(error);
  }
}

/** @throws AppError `import-not-found` */
export async function forgetImport(root: string, organisation: string, id: string): Promise<void> {
  const path = join(importsFolder(root, organisation), `${id}.jsonl`);
  if (ID.test(id) && (await unlink(path).then(always, never))) return;
  const { imports } = await listImports(root, organisation);
  const there = imports.map(({ header }) => header.id).join(', ');
  throw new AppError(
    'import-not-found',
    `There is no import "${id}" of ${organisation}.${there === '' ? '' : ` There are: ${there}.`}`,
  );
}

const always = (): boolean => true;
const never = (): boolean => false;
