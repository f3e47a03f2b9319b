/**
 * The journal of a run as it is written: JSON Lines, only ever added to, so that a kill at any byte costs at most the
 * line under the pen and what was learnt in the last 200 ms.
 */
import {
  closeSync,
  fchmodSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { AppError } from '../lib/app-error.ts';
import { describeWriteError } from '../lib/atomic-file.ts';
import type { Observation } from '../model/observation.ts';
import { MAX_LINE_BYTES, type JournalEntry } from './journal-entry.ts';

export const FLUSH_MS = 200;
export const FLUSH_BYTES = 64 * 1024;

export interface Journal {
  readonly path: string;
  /** Bytes of a half-written last line that were cut off when the journal was opened. */
  readonly cutBytes: number;
  /** @throws AppError `journal-write` from the first failed write on: nothing more is recorded, what was written stays. */
  append(entry: JournalEntry): void;
  /** Hands everything to the operating system: safe from a kill of this process. @throws AppError `journal-write` */
  flush(): void;
  /** Flushes, waits for the disk (safe from a power cut) and closes. May be called twice. @throws AppError `journal-write` */
  close(): void;
}

export interface JournalOptions {
  /** Told at once when a write in the background fails, so that the run can stop sending packets it cannot record. */
  readonly onFailure?: (error: AppError) => void;
  /** Same contract as `fs.writeSync`; replaced in tests. */
  readonly write?: (file: number, bytes: Uint8Array, offset: number, length: number) => number;
}

/** Kinds after which a resumed run must be able to rely on what came before: not left in the buffer. */
const FLUSH_AT_ONCE: ReadonlySet<JournalEntry['kind']> = new Set(['run', 'coverage', 'end']);

/**
 * Opens a journal for adding to; a new file is made with mode 0600. A torn last line is cut off, so that the first new
 * line does not run into it.
 *
 * Writes are synchronous on purpose: 64 KiB to the page cache take microseconds, and `append` can say at once that the
 * disk is full, where an asynchronous queue would grow in memory first.
 *
 * @throws AppError `journal-write`
 */
export function openJournal(path: string, options: JournalOptions = {}): Journal {
  try {
    // a+: read to find the tear, and every write goes to the end.
    const file = openSync(path, 'a+', 0o600);
    fchmodSync(file, 0o600);
    const size = fstatSync(file).size;
    const whole = endOfLastLine(file, size);
    if (whole < size) ftruncateSync(file, whole);
    return journalOn(file, path, size - whole, options);
  } catch (error) {
    throw failure(path, error);
  }
}

/** Offset just after the last line break, found from the end in bounded memory. */
function endOfLastLine(file: number, size: number): number {
  const block = Buffer.alloc(FLUSH_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - block.length);
    const length = readSync(file, block, 0, end - start, start);
    const at = block.subarray(0, length).lastIndexOf(0x0a);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

function journalOn(file: number, path: string, cutBytes: number, options: JournalOptions): Journal {
  const write = options.write ?? writeSync;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let failed: AppError | undefined;
  let closed = false;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (failed !== undefined) throw failed;
    if (waitingBytes === 0) return;
    const bytes = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    try {
      writeFully(write, file, bytes);
    } catch (error) {
      // From here on the last line may be torn. Writing on would bury the tear in the middle of the file.
      failed = failure(path, error);
      options.onFailure?.(failed);
      throw failed;
    }
  };
  const flushInBackground = (): void => {
    try {
      flush();
    } catch {
      // Kept in `failed`: onFailure has told it, and the next append, flush or close throws it.
    }
  };

  return {
    path,
    cutBytes,
    append: (entry) => {
      if (failed !== undefined) throw failed;
      if (closed) throw new Error(`journal ${path} is closed`);
      for (const line of linesOf(entry)) {
        waiting.push(line);
        waitingBytes += line.length;
      }
      if (waitingBytes >= FLUSH_BYTES || FLUSH_AT_ONCE.has(entry.kind)) flush();
      else timer ??= setTimeout(flushInBackground, FLUSH_MS);
    },
    flush,
    close: () => {
      if (closed) return;
      closed = true;
      try {
        flush();
        syncToDisk(file, path);
      } finally {
        closeSync(file);
      }
    },
  };
}

function writeFully(write: NonNullable<JournalOptions['write']>, file: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) {
    offset += write(file, bytes, offset, bytes.length - offset);
  }
}

function syncToDisk(file: number, path: string): void {
  try {
    fdatasyncSync(file);
  } catch (error) {
    throw failure(path, error);
  }
}

function failure(path: string, error: unknown): AppError {
  return new AppError(
    'journal-write',
    `Could not write the journal ${path}: ${describeWriteError(error)} Everything recorded until then is kept; go on with --resume.`,
    { cause: error },
  );
}

/**
 * The lines of an entry, with their line breaks. A sweep that is too long becomes several; an observation that is too long loses the bytes of its
 * evidence, not the fact: size and SHA-256 stay.
 */
export function linesOf(entry: JournalEntry): Buffer[] {
  const line = Buffer.from(`${JSON.stringify(entry)}\n`);
  if (line.length <= MAX_LINE_BYTES) return [line];
  if (entry.kind === 'sweep' && entry.results.length > 1) {
    const half = entry.results.length >> 1;
    return [
      ...linesOf({ kind: 'sweep', results: entry.results.slice(0, half) }),
      ...linesOf({ kind: 'sweep', results: entry.results.slice(half) }),
    ];
  }
  if (entry.kind === 'observation' && hasBytes(entry)) return linesOf({ ...entry, ...withoutBytes(entry) });
  if (entry.kind === 'recheck' && entry.recheck.observations.some(hasBytes)) {
    const observations = entry.recheck.observations.map(withoutBytes);
    return linesOf({ ...entry, recheck: { ...entry.recheck, observations } });
  }
  throw new Error(
    `a journal entry of kind ${entry.kind} has ${line.length} bytes; the limit is ${MAX_LINE_BYTES}`,
  );
}

function hasBytes({ evidence }: Observation): boolean {
  return evidence.some(({ sent, received }) => sent !== '' || received !== '');
}

function withoutBytes(observation: Observation): Observation {
  const evidence = observation.evidence.map((one) => ({ ...one, sent: '', received: '', truncated: true }));
  return { ...observation, evidence };
}
