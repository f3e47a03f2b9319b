import { createGunzip, type Gunzip } from 'node:zlib';
import { AppError } from '../../lib/app-error.ts';
import { showable } from '../../lib/hostile-text.ts';

export interface Unpacker {
  /** The content, packed or not, without a byte order mark; UTF-16 as UTF-8. To be read once. */
  chunks(): AsyncGenerator<Uint8Array>;
  /** Known when the chunks have ended. */
  state(): UnpackState;
}

export interface UnpackState {
  /** The compression ends too early: what came before it was given. */
  readonly cut: boolean;
  /** Why nothing can be unpacked behind some point, one sentence. */
  readonly damage: string | undefined;
}

/**
 * Packed bytes given to zlib at once. At most a thousand times as many come out, which bounds what waits in memory; and
 * what a damaged slice has given before its damage is lost, which is why the first ones are small.
 */
const PACKED_SLICE = 16 * 1024;
const FIRST_SLICES = 64;
const FIRST_BYTES = 64 * 1024;
const UNPACKED_CHUNK = 256 * 1024;

/** What other programs pack with, by their first bytes (hex), and how to unpack it. */
const OTHER_PACKERS: readonly (readonly [string, string, string])[] = [
  ['425a68', 'bzip2', 'bunzip2'],
  ['fd377a585a00', 'xz', 'unxz'],
  ['28b52ffd', 'zstd', 'unzstd'],
  ['504b0304', 'zip', 'unzip'],
  ['377abcaf271c', '7-Zip', '7z x'],
];

/**
 * Unpacks gzip, told by its first bytes and not by a name, also of several members in a row as the Shodan command line
 * appends them; everything else passes as it is.
 *
 * @throws AppError from `chunks` for another packing.
 */
export function createUnpacker(source: AsyncGenerator<Uint8Array>, file: string): Unpacker {
  let state: UnpackState = { cut: false, damage: undefined };
  const plain = async function* (): AsyncGenerator<Uint8Array> {
    const { first, rest } = await atLeast(source, 6);
    refuseOtherPackers(first, file);
    if (first[0] !== 0x1f || first[1] !== 0x8b) yield* rest;
    else state = yield* gunzip(rest);
  };
  return { chunks: () => withoutMark(plain()), state: () => state };
}

/** @returns the first `count` bytes or more, and everything from the beginning. */
async function atLeast(
  source: AsyncGenerator<Uint8Array>,
  count: number,
): Promise<{ first: Uint8Array; rest: AsyncGenerator<Uint8Array> }> {
  let first: Uint8Array = new Uint8Array();
  while (first.length < count) {
    const next = await source.next();
    if (next.done === true) break;
    first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    if (first.length > 0) yield first;
    yield* source;
  };
  return { first, rest: rest() };
}

function refuseOtherPackers(first: Uint8Array, file: string): void {
  const hex = Buffer.from(first.subarray(0, 6)).toString('hex');
  const found = OTHER_PACKERS.find(([magic]) => hex.startsWith(magic));
  if (found === undefined) return;
  const [, name, command] = found;
  throw new AppError(
    'import-packed',
    `${showable(file)} is packed with ${name}: only gzip is unpacked here. Unpack it first (${command}) and import what comes out.`,
  );
}

/** While the reader works on what came out, zlib already works on the next slice. The source is read to its end in any case. */
async function* gunzip(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array, UnpackState> {
  const engine = createGunzip({ chunkSize: UNPACKED_CHUNK });
  const work: Work = { error: undefined, ended: false, wake: () => undefined };
  let ready: Uint8Array[] = [];
  engine.on('data', (chunk: Uint8Array) => ready.push(chunk));
  engine.on('error', (error) => {
    work.error = error;
    work.wake();
  });
  engine.on('end', () => {
    work.ended = true;
    work.wake();
  });
  const isOver = (): boolean => work.ended || work.error !== undefined;
  let given = 0;
  try {
    for await (const chunk of source) {
      let end = 0;
      for (let at = 0; at < chunk.length && !isOver(); at = end) {
        end = at + (given < FIRST_BYTES ? FIRST_SLICES : PACKED_SLICE);
        given += end - at;
        const came = ready;
        ready = [];
        const done = write(engine, chunk.subarray(at, end), work);
        yield* came;
        await done;
      }
    }
    if (!isOver()) await finish(engine, work);
    yield* ready;
    return stateOf(work.error);
  } finally {
    engine.destroy();
  }
}

interface Work {
  error: NodeJS.ErrnoException | undefined;
  /** Zeros behind the last member end the stream, too: tapes are filled up with them. */
  ended: boolean;
  /** Ends the waiting: when zlib fails or is at its end, what waits for a slice is never called. */
  wake: () => void;
}

function write(engine: Gunzip, slice: Uint8Array, work: Work): Promise<void> {
  return new Promise((resolve) => {
    work.wake = resolve;
    engine.write(slice, () => resolve());
  });
}

function finish(engine: Gunzip, work: Work): Promise<void> {
  return new Promise((resolve) => {
    work.wake = resolve;
    engine.end();
  });
}

function stateOf(error: NodeJS.ErrnoException | undefined): UnpackState {
  if (error === undefined) return { cut: false, damage: undefined };
  if (error.code === 'Z_BUF_ERROR') return { cut: true, damage: undefined };
  const damage = `The gzip data is damaged (${showable(error.message)}): what lies behind that point cannot be read.`;
  return { cut: true, damage };
}

async function* withoutMark(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { first, rest } = await atLeast(source, 4);
  const wide = utf16Of(first);
  if (wide !== undefined) return yield* asUtf8(rest, wide);
  let marked = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf;
  for await (const chunk of rest) {
    yield marked ? chunk.subarray(3) : chunk;
    marked = false;
  }
}

/** Windows PowerShell writes so what a tool prints, and Excel its "Unicode text". The decoder takes the mark away. */
async function* asUtf8(
  source: AsyncGenerator<Uint8Array>,
  encoding: 'utf-16le' | 'utf-16be',
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
  yield Buffer.from(decoder.decode(), 'utf8');
}

/** By its mark, or by a first character of ASCII: text of any other form has no NUL there. */
function utf16Of([a, b, c, d]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  if (b === 0 && d === 0 && a !== 0 && c !== 0) return 'utf-16le';
  return a === 0 && c === 0 && b !== 0 && d !== 0 ? 'utf-16be' : undefined;
}
