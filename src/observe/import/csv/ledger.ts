import type { AddressRange } from '../../../lib/address.ts';
import { addressFromValue } from '../../../lib/address.ts';
import { showable } from '../../../lib/hostile-text.ts';
import type { Asset } from '../../../model/import.ts';
import type { ImportContext, ImportFormat, ImportOutput, StreamReader } from '../format.ts';
import { isAddressCell, readAddressCell, readPortCell, readTransport, type CellRange } from './cells.ts';
import { findColumns, MOST_ROWS_ABOVE, type Columns } from './columns.ts';
import { isOfScanner } from './headings.ts';
import { commonestDelimiter, RowReader, type Row } from './rows.ts';
import { encodingOf } from './text-of-line.ts';

const MAX_TEXT = 300;
const MAX_ROW_BYTES = 64 * 1024;
const MAX_ROW_LINES = 200;
/** A cell that says "there is none". */
const NOTHING = /^(?:|[-‐–—ー―*・/]+|n\/?a|none|null|なし|無し?|未定|未設定|dhcp|不明|unknown|tbd)$/i;

/**
 * The organisation's own list of devices: delimited text of a spreadsheet, or a plain list of addresses. What each column
 * means is said by `ImportContext.columns`, else by its heading. A record is one address or range of a row.
 */
export const ledger: ImportFormat = {
  type: 'ledger',
  recognises: isLedger,
  open: (context, output) => new LedgerReader(context, output),
};

class LedgerReader implements StreamReader {
  readonly #context: ImportContext;
  readonly #output: ImportOutput;
  readonly #rows: RowReader;
  /** Rows that came before it was clear what the columns mean. */
  #above: Row[] = [];
  #columns: Columns | undefined;

  constructor(context: ImportContext, output: ImportOutput) {
    this.#context = context;
    this.#output = output;
    this.#rows = new RowReader(
      {
        encoding: context.encoding,
        delimiter: undefined,
        comments: true,
        maxLines: MAX_ROW_LINES,
        maxBytes: MAX_ROW_BYTES,
        lenient: false,
      },
      { row: (row) => this.#row(row), fault: (line, why) => output.fault(line, why) },
    );
  }

  push(chunk: Uint8Array): void {
    this.#rows.push(chunk);
  }

  /** @throws AppError when no column is the one with the addresses */
  end(cut: boolean): void {
    this.#rows.end(cut);
    if (this.#columns === undefined && this.#above.length > 0) this.#decide(true);
  }

  #row(row: Row): void {
    if (this.#columns !== undefined) return this.#read(row, this.#columns);
    this.#above.push(row);
    this.#decide(this.#above.length > MOST_ROWS_ABOVE);
  }

  #decide(isLast: boolean): void {
    const found = findColumns(this.#above, this.#context, isLast);
    if (found === undefined) return;
    this.#columns = found.columns;
    const rows = this.#above;
    this.#above = [];
    // A title above the headings is no record; the headings themselves are not either.
    for (const [index, row] of rows.entries()) {
      if (index >= found.firstRow) this.#read(row, found.columns);
      else if (index !== found.heading) this.#output.ignored();
    }
  }

  #read(row: Row, columns: Columns): void {
    const cells = columns.address.map((number) => row.cells[number] ?? '');
    if (cells.every((cell) => NOTHING.test(cell.normalize('NFKC').trim()))) return this.#output.ignored();
    for (const cell of cells) {
      if (NOTHING.test(cell.normalize('NFKC').trim())) continue;
      const { ranges, wrong, words, comment } = readAddressCell(cell);
      for (const why of wrong) this.#output.fault(row.line, why);
      if (ranges.length === 0 && wrong.length === 0)
        this.#output.fault(row.line, `"${showable(words, 60)}" is not an address`);
      for (const one of ranges) this.#place(one, row, columns, [words, comment]);
    }
  }

  #place(one: CellRange, row: Row, columns: Columns, words: readonly string[]): void {
    if (!overlaps(one.range, this.#context)) return this.#output.outOfScope();
    this.#output.record();
    for (const asset of assetsOf(one, row, columns, words)) {
      this.#output.asset({ ...asset, file: this.#context.file, line: row.line });
    }
  }
}

function overlaps(range: AddressRange, { accepts, overlaps: anyOf }: ImportContext): boolean {
  const { family, first, last } = range;
  return (
    accepts(addressFromValue(family, first)) ||
    accepts(addressFromValue(family, last)) ||
    anyOf?.(range) === true
  );
}

/** One for each port that the row names; one without a port when it names none. */
function assetsOf(
  { text: range, port }: CellRange,
  { cells }: Row,
  columns: Columns,
  words: readonly string[],
): Omit<Asset, 'file' | 'line'>[] {
  const cell = (number: number | undefined): string => (number === undefined ? '' : (cells[number] ?? ''));
  const portCell = cell(columns.port);
  const named = readPortCell(portCell);
  // "Gi0/1" is a port as well, of another kind: it stays as words.
  const notes = [cell(columns.note), ...words, named === undefined ? portCell : ''];
  const texts = {
    ...optional('name', cell(columns.name)),
    ...optional('owner', cell(columns.owner)),
    ...optional('note', notes.filter(Boolean).join(' / ')),
  };
  const transport = readTransport(cell(columns.transport));
  const ports = port === undefined ? (named ?? []) : [{ port, transport: undefined }];
  if (ports.length === 0) return [{ range, ...texts }];
  return ports.map((one) => {
    const over = one.transport ?? transport;
    return { range, port: one.port, ...(over === undefined ? {} : { transport: over }), ...texts };
  });
}

function optional<K extends string>(key: K, cell: string): { readonly [k in K]?: string } {
  const text = showable(cell, MAX_TEXT);
  return text === '' ? {} : ({ [key]: text } as { readonly [k in K]: string });
}

const MOST_LINES_OF_HEAD = 60;

/**
 * Lines with an address in a cell of its own, or under a known heading. Of the lines with something in them, half must be
 * such: the logs and lists of other tools have addresses too, but not alone in a cell.
 */
function isLedger(head: string): boolean {
  if (head.includes('\0') || /^\s*[<{[]/.test(head)) return false;
  const bytes = Buffer.from(head, 'latin1');
  const lines = new TextDecoder(encodingOf(bytes))
    .decode(bytes)
    .split(/\r?\n/)
    .slice(0, MOST_LINES_OF_HEAD)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const delimiter = lines.map(commonestDelimiter).find((one) => one !== undefined);
  const rows = lines.map((line, index) => ({
    line: index + 1,
    text: line,
    // Only to recognise: a delimiter within quotes does no harm here.
    cells: (delimiter === undefined ? [line] : line.split(delimiter)).map((cell) => cell.replaceAll('"', '')),
  }));
  const found = findColumns(rows, { columns: undefined, file: '' }, false);
  if (found === undefined || rows.slice(0, found.firstRow).some(({ cells }) => isOfScanner(cells)))
    return false;
  const data = rows
    .slice(found.firstRow)
    .flatMap(({ cells }) => found.columns.address.map((n) => cells[n] ?? ''));
  const isNothing = (cell: string): boolean => NOTHING.test(cell.trim());
  const good = data.filter((cell) => isAddressCell(cell) || isNothing(cell));
  // Every one with its port, and no heading: what a scanner found open, and nobody's list.
  const isScan =
    found.heading === undefined && data.every((cell) => readAddressCell(cell).ranges[0]?.port !== undefined);
  return data.length === 0 ? found.heading !== undefined : !isScan && good.length * 2 >= data.length;
}
