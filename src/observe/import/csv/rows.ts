import { parse } from 'csv-parse/sync';
import { LineSplitter } from '../../../lib/line-splitter.ts';
import type { ImportContext, StreamReader } from '../format.ts';
import { LineDecoder, type LineText } from './text-of-line.ts';

export const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export interface Row {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** As it stands in the file, without the last line break. */
  readonly text: string;
}

export interface RowsOptions {
  readonly encoding: ImportContext['encoding'];
  /** undefined: the commonest in the first line that has one. */
  readonly delimiter: Delimiter | undefined;
  /** Lines that begin with "#" are not rows. */
  readonly comments: boolean;
  /** A quoted cell may go over several lines, up to these bounds; then its quote counts as not closed. */
  readonly maxLines: number;
  readonly maxBytes: number;
  /** Keep a row whose bytes do not all fit the encoding. */
  readonly lenient: boolean;
}

export interface RowOutput {
  row(row: Row): void;
  /** @param line from 1 */
  fault(line: number, why: string): void;
}

const HEAD_BYTES = 64 * 1024;
/** Lines behind a quote that is never closed are read again, one by one: a file made of such quotes must not cost their square. */
const MAX_SECOND_READINGS = 100;

interface Line extends LineText {
  readonly number: number;
}

/**
 * The rows of a delimited text file, as a stream in constant memory. Which lines belong to one row is told here, so that a
 * quote that is never closed costs its own row and not the rest of the file; the cells are csv-parse's. The bytes come
 * without a byte order mark.
 */
export class RowReader implements StreamReader {
  readonly #options: RowsOptions;
  readonly #output: RowOutput;
  readonly #splitter: LineSplitter;
  #delimiter: Delimiter | undefined;
  #decoder: LineDecoder | undefined;
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #number = 0;
  /** Lines of a row whose quote is still open. */
  #held: Line[] = [];
  #heldLength = 0;
  #secondReadings = 0;

  constructor(options: RowsOptions, output: RowOutput) {
    this.#options = options;
    this.#output = output;
    this.#delimiter = options.delimiter;
    this.#splitter = new LineSplitter(options.maxBytes, (line) => this.#take(line));
  }

  push(chunk: Uint8Array): void {
    if (this.#decoder !== undefined) return this.#splitter.push(chunk);
    // A copy: the caller may fill the same memory again.
    this.#head.push(Uint8Array.from(chunk));
    this.#headBytes += chunk.length;
    if (this.#headBytes >= HEAD_BYTES) this.#begin();
  }

  end(cut: boolean): void {
    if (this.#decoder === undefined) this.#begin();
    if (cut) return;
    this.#splitter.end();
    while (this.#held.length > 0) this.#giveUpQuote();
  }

  #begin(): void {
    const head = Buffer.concat(this.#head);
    this.#head = [];
    this.#decoder = new LineDecoder(this.#options.encoding, head.subarray(0, HEAD_BYTES));
    this.#splitter.push(head);
  }

  #take(bytes: Uint8Array | undefined): void {
    this.#number += 1;
    if (bytes === undefined || this.#decoder === undefined) {
      while (this.#held.length > 0) this.#giveUpQuote();
      this.#output.fault(this.#number, `the line is longer than ${this.#options.maxBytes} bytes`);
      return;
    }
    this.#line({ number: this.#number, ...this.#decoder.decode(bytes) });
  }

  #line(line: Line): void {
    const isInside = this.#held.length > 0;
    if (!isInside) {
      if (line.text.trim() === '' || (this.#options.comments && line.text.startsWith('#'))) return;
      this.#delimiter ??= commonestDelimiter(line.text);
    }
    const quote = quoteAfter(withoutReturn(line.text), this.#delimiter ?? ',', isInside);
    if (quote === 'closed') return this.#finish([...this.#held, line]);
    this.#held.push(line);
    if (quote === 'never') return this.#giveUpQuote();
    this.#heldLength += line.text.length + 1;
    const { maxLines, maxBytes } = this.#options;
    if (this.#held.length > maxLines || this.#heldLength > maxBytes) this.#giveUpQuote();
  }

  #finish(lines: readonly Line[]): void {
    this.#held = [];
    this.#heldLength = 0;
    const line = lines[0]?.number ?? this.#number;
    if (!this.#options.lenient && lines.some(({ whole }) => !whole)) {
      this.#output.fault(line, 'the line holds bytes that are not text in the encoding of the file');
      return;
    }
    const text = withoutReturn(lines.map((one) => one.text).join('\n'));
    const cells = cellsOf(text, this.#delimiter ?? ',');
    if (cells === undefined) this.#output.fault(line, 'the row cannot be read: its quotes do not match');
    else this.#output.row({ line, cells, text });
  }

  /** The row that opened the quote is lost; the lines behind it are rows of their own again. */
  #giveUpQuote(): void {
    const [first, ...rest] = this.#held;
    this.#held = [];
    this.#heldLength = 0;
    if (first === undefined) return;
    this.#output.fault(first.number, 'a quote (") is opened here and never closed');
    this.#secondReadings += 1;
    if (this.#secondReadings > MAX_SECOND_READINGS) {
      for (const { number } of rest) this.#output.fault(number, 'the line stands behind an open quote (")');
      return;
    }
    for (const line of rest) this.#line(line);
  }
}

/**
 * How a line leaves the quotes, as csv-parse sees them when relaxed: one opens only at the beginning of a cell and closes before a
 * delimiter or the end. `never`: the line closes a quote of an earlier one in another place; most likely it opens one of its own.
 */
function quoteAfter(line: string, delimiter: Delimiter, isInside: boolean): 'open' | 'closed' | 'never' {
  let inside = isInside;
  let ofEarlier = isInside;
  for (let at = 0; ;) {
    if (inside) {
      const quote = line.indexOf('"', at);
      if (quote < 0) return 'open';
      const next = line[quote + 1];
      inside = next === '"';
      at = quote + (inside ? 2 : 1);
      if (inside) continue;
      if (ofEarlier && next !== undefined && next !== delimiter) return 'never';
      ofEarlier = false;
    } else if (line[at] === '"' && (at === 0 || line[at - 1] === delimiter)) {
      inside = true;
      at += 1;
    } else {
      const next = line.indexOf(delimiter, at);
      if (next < 0) return 'closed';
      at = next + 1;
    }
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function cellsOf(text: string, delimiter: Delimiter): readonly string[] | undefined {
  try {
    const rows = parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_quotes: true,
      relax_column_count: true,
    });
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Outside of quotes; undefined when there is none. */
export function commonestDelimiter(line: string): Delimiter | undefined {
  const bare = line.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }));
  const [best] = counted.toSorted((a, b) => b.count - a.count);
  return best === undefined || best.count === 0 ? undefined : best.delimiter;
}
