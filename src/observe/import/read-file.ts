import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Address, AddressRange } from '../../lib/address.ts';
import { AppError, errorText } from '../../lib/app-error.ts';
import { showable } from '../../lib/hostile-text.ts';
import type { Asset, ImportSettings, ImportTally, StoredRecord } from '../../model/import.ts';
import type { Observation, SourceName } from '../../model/observation.ts';
import { createCounter } from './counter.ts';
import type { ImportContext } from './format.ts';
import { readPipe } from './read-pipe.ts';
import { HEAD_BYTES, chooseFormat, withoutFormat } from './recognise.ts';
import { createUnpacker, type UnpackState } from './unpack.ts';

export interface ImportOptions {
  /** When the file is being read: the time at which we learnt of what is in it. */
  readonly now: Date;
  /** Is the address part of the organisation's scope? Everything else is counted and left out. */
  readonly accepts: (address: Address) => boolean;
  /** Is any address of the range? For rows of a ledger that speak of a range. */
  readonly overlaps?: ((range: AddressRange) => boolean) | undefined;
  /** Told between two chunks how many bytes of the file, as it lies on disk, have been read. */
  readonly progress?: ((bytes: number) => void) | undefined;
  /** Ends the reading between two chunks with an AppError of code `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Takes what lies in the scope, in the order of the file. */
export interface ImportSink {
  /** Ids are unique within the file. */
  observation(observation: Observation): void;
  asset(asset: Asset): void;
  /** What `readStoredRecord` reads later. */
  record(record: StoredRecord): void;
  /** Awaited between chunks of the file: a sink that writes to disk lets the reader wait here. */
  drain(): Promise<void>;
}

export interface ImportResult {
  readonly tally: ImportTally;
  /** Name without folder. Hostile text. */
  readonly file: string;
  /** Size of the file as it lies on disk, and the SHA-256 (hex) of the same bytes. */
  readonly bytes: number;
  readonly sha256: string;
  readonly vantage: string;
  /** Of its observations; undefined for a file that makes none. */
  readonly source: SourceName | undefined;
}

/**
 * Reads one file of another tool: as a stream, in constant memory, packed with gzip or not, of the kind that was said or
 * that its content shows. What is broken in it is counted, never thrown.
 *
 * @throws AppError when the file cannot be opened, its kind cannot be told or is not the one that was said, or the signal came.
 */
export async function readImport(
  settings: ImportSettings,
  options: ImportOptions,
  sink: ImportSink,
): Promise<ImportResult> {
  const { changedAt, isFile } = await lookAtFile(settings.path);
  const digest = createHash('sha256');
  let bytes = 0;
  const source = readBytes(openBytes(settings.path, isFile, options.signal), settings.path, (chunk) => {
    bytes += chunk.length;
    digest.update(chunk);
    options.progress?.(bytes);
  });
  try {
    const context = contextOf(settings, options, changedAt);
    const { file } = context;
    const { type, tally } = await readContent(source, settings, context, options, sink);
    return {
      tally,
      file,
      bytes,
      sha256: digest.digest('hex'),
      vantage: vantageOf(type, context.vantage),
      source: type === 'ledger' ? undefined : type,
    };
  } finally {
    await source.return(undefined);
  }
}

async function readContent(
  source: AsyncGenerator<Uint8Array>,
  settings: ImportSettings,
  context: ImportContext,
  { signal }: ImportOptions,
  sink: ImportSink,
): Promise<{ readonly type: ImportTally['type']; readonly tally: ImportTally }> {
  const { file } = context;
  const unpacker = createUnpacker(source, file);
  const { head, chunks } = await takeHead(unpacker.chunks());
  if (head.length === 0) refuseUnreadable(unpacker.state(), file);
  const format = chooseFormat(file, settings.as, head);
  const counter = createCounter(sink, settings.observedAt === undefined ? context.observedAt : undefined);
  const reader = format?.open(context, counter.output);
  for await (const chunk of chunks) {
    if (signal?.aborted === true) throw new AppError('interrupted', `${showable(file)}: reading was stopped`);
    reader?.push(chunk);
    await sink.drain();
  }
  const { cut, damage } = unpacker.state();
  reader?.end(cut);
  if (damage !== undefined) counter.output.fault(0, damage);
  await sink.drain();
  const type = format?.type ?? withoutFormat(settings.as);
  return { type, tally: counter.tally(type, cut || reader?.unfinished === true) };
}

/** Enough for a hundred records, so that few of them lie across the border of two chunks. */
const CHUNK = 256 * 1024;

async function lookAtFile(file: string): Promise<{ readonly changedAt: Date; readonly isFile: boolean }> {
  try {
    const info = await stat(file);
    if (!info.isDirectory()) return { changedAt: info.mtime, isFile: info.isFile() };
  } catch (error) {
    throw cannotRead(file, error);
  }
  throw new AppError('import-file', `${showable(file)} is a folder: name the files in it`);
}

function cannotRead(file: string, error: unknown): AppError {
  const shown = showable(file);
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `${shown} does not exist: check the name and the folder`,
    EACCES: `${shown} may not be read by this user: change its permissions`,
    EPERM: `${shown} may not be read by this user: change its permissions`,
  };
  const reason = reasons[code ?? ''] ?? `${shown} cannot be read: ${showable(errorText(error))}`;
  return new AppError('import-file', reason, { cause: error });
}

function openBytes(
  file: string,
  isFile: boolean,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<Uint8Array> {
  if (!isFile) return readPipe(file, { chunk: CHUNK, signal });
  const stream = createReadStream(file, { highWaterMark: CHUNK });
  return stream[Symbol.asyncIterator]() as AsyncIterableIterator<Uint8Array>;
}

/** The file as it lies on disk. */
async function* readBytes(
  parts: AsyncIterableIterator<Uint8Array>,
  file: string,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const next = await parts.next().catch((error: unknown) => {
        throw error instanceof AppError ? error : cannotRead(file, error);
      });
      if (next.done === true) return;
      see(next.value);
      yield next.value;
    }
  } finally {
    // Closes the file.
    await parts.return?.();
  }
}

/** A file of which nothing could be unpacked must not pass for one in which nothing stood. */
function refuseUnreadable({ cut, damage }: UnpackState, file: string): void {
  if (!cut) return;
  const why = damage ?? 'The gzip data is cut before anything can be unpacked.';
  throw new AppError('import-packed', `${showable(file)}: ${why} Fetch or copy the file again.`);
}

interface Headed {
  /** At most `HEAD_BYTES`. */
  readonly head: Uint8Array;
  /** The whole, from the beginning. */
  readonly chunks: AsyncGenerator<Uint8Array>;
}

async function takeHead(source: AsyncGenerator<Uint8Array>): Promise<Headed> {
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await source.next();
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield* first;
    yield* source;
  };
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), chunks: chunks() };
}

function contextOf(
  { path: file, vantage, observedAt, columns, encoding }: ImportSettings,
  { now, accepts, overlaps }: ImportOptions,
  changedAt: Date,
): ImportContext {
  // A clock that went back must not give facts of tomorrow.
  const fallback = changedAt < now ? changedAt : now;
  return {
    file: path.basename(file),
    vantage: vantage ?? 'unknown',
    collectedAt: now.toISOString(),
    observedAt: observedAt ?? fallback.toISOString(),
    accepts,
    overlaps,
    columns,
    encoding,
  };
}

/** What services on the Internet recorded, they saw from where they stand. */
const SERVICES: ReadonlySet<ImportTally['type']> = new Set(['shodan', 'internetdb', 'censys']);

function vantageOf(type: ImportTally['type'], said: string): string {
  return SERVICES.has(type) ? type : said;
}
