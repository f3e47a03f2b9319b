/**
 * An import as it is written: under a temporary name, with space for its first line, which is known last. It is part of the store
 * whole or not at all, whatever a kill or a full disk does.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { readdir, rename, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../lib/app-error.ts';
import { describeWriteError, makePrivateDirectory, syncFolder } from '../lib/atomic-file.ts';
import type { Asset, ImportHeader, StoredRecord } from '../model/import.ts';
import type { Observation } from '../model/observation.ts';
import { HEADER_BYTES, importsFolder } from './imports.ts';
import { MAX_LINE_BYTES, type JournalEntry } from './journal-entry.ts';
import { linesOf } from './journal.ts';

export interface ImportWriter {
  observation(observation: Observation): void;
  asset(asset: Asset): void;
  record(record: StoredRecord): void;
  /** @throws AppError `write-failed` when something could not be written. */
  drain(): Promise<void>;
  /** Makes it part of the store. @returns whether one of the same id was there, which is replaced. @throws AppError `write-failed` */
  finish(header: ImportHeader): Promise<{ readonly replaced: boolean }>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/** UTF-16 units. */
const FLUSH_LENGTH = 128 * 1024;

/** @throws AppError `write-failed`, `organisation-id` */
export async function createImport(root: string, organisation: string): Promise<ImportWriter> {
  const folder = importsFolder(root, organisation);
  await makePrivateDirectory(folder);
  await removeLeftovers(folder);
  const path = join(folder, `${temporaryPrefix()}${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const file = openSync(path, 'wx', 0o600);
    fchmodSync(file, 0o600);
    return new Writer(folder, path, file);
  } catch (error) {
    throw failure(path, error);
  }
}

/** Several computers may share the folder: each knows only its own processes. */
function temporaryPrefix(): string {
  return `.${hostname().replaceAll(/[^A-Za-z0-9]/g, '-')}.`;
}

/** Of imports that were killed. What cannot be removed is in nobody's way. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(temporaryPrefix())) continue;
    const pid = /^(\d{1,10})\.[0-9a-f]{8}\.tmp$/.exec(name.slice(temporaryPrefix().length))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await unlink(join(folder, name)).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Writes are synchronous, as in the journal: an asynchronous queue would grow in memory while the disk is slow. */
class Writer implements ImportWriter {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: number;
  /** Lines without their line breaks; the first leaves space for the header. */
  #waiting: string[] = [' '.repeat(HEADER_BYTES - 1)];
  #waitingLength = 0;
  #failed: AppError | undefined;
  #isOpen = true;

  constructor(folder: string, path: string, file: number) {
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
  }

  observation(observation: Observation): void {
    const json = JSON.stringify(observation);
    // By hand, because a copy of each observation with its kind costs as much as writing it.
    this.#add(`{"kind":"observation",${json.slice(1)}`, () => ({ kind: 'observation', ...observation }));
  }

  asset(asset: Asset): void {
    const entry = { kind: 'asset', asset } as const;
    this.#add(JSON.stringify(entry), () => entry);
  }

  record({ source, address, port, transport, observedAt, text }: StoredRecord): void {
    // By hand, because of all this only the text can hold what must be escaped.
    const head = `{"kind":"record","source":"${source}","address":"${address}","port":${port},"transport":"${transport}"`;
    this.#push(`${head},"observedAt":"${observedAt}","text":${JSON.stringify(text)}}`);
  }

  async drain(): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
  }

  async finish(header: ImportHeader): Promise<{ readonly replaced: boolean }> {
    const path = join(this.#folder, `${header.id}.jsonl`);
    try {
      this.#flush();
      await this.drain();
      writeFully(this.#file, headerLine(header), 0);
      fdatasyncSync(this.#file);
      this.#close();
      const replaced = await stat(path).then(
        () => true,
        () => false,
      );
      await rename(this.#path, path);
      await syncFolder(this.#folder);
      return { replaced };
    } catch (error) {
      await this.discard();
      throw error instanceof AppError ? error : failure(path, error);
    }
  }

  async discard(): Promise<void> {
    this.#close();
    await unlink(this.#path).catch(() => undefined);
  }

  #add(line: string, entry: () => JournalEntry): void {
    // A UTF-16 unit is at most three bytes; what may be too long is cut as in a journal.
    if (line.length * 3 < MAX_LINE_BYTES) this.#push(line);
    else for (const bytes of linesOf(entry())) this.#push(bytes.toString('utf8', 0, bytes.length - 1));
  }

  #push(line: string): void {
    if (this.#failed !== undefined) return;
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (this.#waitingLength >= FLUSH_LENGTH) this.#flush();
  }

  #flush(): void {
    if (this.#failed !== undefined || this.#waiting.length === 0) return;
    try {
      // Turned into bytes all at once: a buffer for each line is what the garbage collector would be busy with.
      writeFully(this.#file, Buffer.from(`${this.#waiting.join('\n')}\n`), undefined);
    } catch (error) {
      this.#failed = failure(this.#path, error);
    }
    this.#waiting = [];
    this.#waitingLength = 0;
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }
}

/** @param at undefined: behind what was written last */
function writeFully(file: number, bytes: Uint8Array, at: number | undefined): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(file, bytes, done, bytes.length - done, at === undefined ? null : at + done);
  }
}

/** As long as the space that was left for it. Faults are examples: of too many long ones the last are left out. */
function headerLine(header: ImportHeader): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const { faults } = header.tally;
  if (json.length >= HEADER_BYTES && faults.length > 0)
    return headerLine({ ...header, tally: { ...header.tally, faults: faults.slice(0, -1) } });
  const line = Buffer.alloc(HEADER_BYTES, ' ');
  json.copy(line);
  line[HEADER_BYTES - 1] = 0x0a;
  return line;
}

function failure(path: string, error: unknown): AppError {
  return new AppError(
    'write-failed',
    `Could not write ${path}: ${describeWriteError(error)} Nothing was taken in.`,
    { cause: error },
  );
}
