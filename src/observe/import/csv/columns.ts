import { AppError } from '../../../lib/app-error.ts';
import { showable } from '../../../lib/hostile-text.ts';
import type { ImportContext } from '../format.ts';
import { isAddressCell } from './cells.ts';
import { columnOf, knownColumns, numberOf, type ColumnNumbers } from './headings.ts';
import type { Row } from './rows.ts';

export type Columns = ColumnNumbers;

export interface FoundColumns {
  readonly columns: Columns;
  /** Index of the row with the headings; undefined when there is none. */
  readonly heading: number | undefined;
  /** Index of the first row that is a record. */
  readonly firstRow: number;
}

/** Titles, dates and blank lines that people put above the headings. */
export const MOST_ROWS_ABOVE = 20;

/**
 * What the columns mean, as far as the rows so far show it; undefined: more rows are needed.
 *
 * @param isLast no more rows will come, or enough have come
 * @throws AppError `usage` when `isLast` and nothing tells, or when the mapping names a heading that is not there
 */
export function findColumns(
  rows: readonly Pick<Row, 'cells'>[],
  { columns: mapping, file }: Pick<ImportContext, 'columns' | 'file'>,
  isLast: boolean,
): FoundColumns | undefined {
  const found = mapping === undefined ? byContent(rows) : byMapping(rows, mapping, file);
  if (found !== undefined || !isLast) return found;
  if (mapping !== undefined) throw noHeading(file, mapping.address, rows);
  throw new AppError(
    'usage',
    `${showable(file, 100)}: no column is known to hold addresses. Say which one does: columns: { address: … } of this import in the organisation file, by its heading or its number. ${headingsOf(rows)}`,
  );
}

function byContent(rows: readonly Pick<Row, 'cells'>[]): FoundColumns | undefined {
  for (const [index, { cells }] of rows.entries()) {
    const addresses = cells.flatMap((cell, number) => (isAddressCell(cell) ? [number] : []));
    if (addresses.length > 0) return { columns: { address: addresses }, heading: undefined, firstRow: index };
    const columns = knownColumns(cells);
    if (columns !== undefined) return { columns, heading: index, firstRow: index + 1 };
  }
  return undefined;
}

type Mapping = NonNullable<ImportContext['columns']>;

/** Numbers alone need no headings; a first row without an address in the column is then one all the same. */
function byMapping(
  rows: readonly Pick<Row, 'cells'>[],
  mapping: Mapping,
  file: string,
): FoundColumns | undefined {
  const wanted = Object.values(mapping).filter((one) => one !== undefined);
  for (const [index, { cells }] of rows.entries()) {
    const numbers = wanted.map((one) => columnOf(one, cells));
    const isHeading = wanted.some((one, i) => numbers[i] !== undefined && numberOf(one) !== numbers[i]);
    if (isHeading && columnOf(mapping.address, cells) !== undefined) {
      const missing = wanted.find((_, i) => numbers[i] === undefined);
      if (missing !== undefined) throw noHeading(file, missing, [{ cells }]);
      return { columns: asColumns(mapping, cells), heading: index, firstRow: index + 1 };
    }
  }
  if (wanted.some((one) => numberOf(one) === undefined)) return undefined;
  const columns = asColumns(mapping, []);
  const [first] = rows;
  const isData = isAddressCell(first?.cells[columns.address[0] ?? 0] ?? '');
  return { columns, heading: isData ? undefined : 0, firstRow: isData ? 0 : 1 };
}

function asColumns(mapping: Mapping, headings: readonly string[]): Columns {
  const number = (wanted: string | undefined): number | undefined =>
    wanted === undefined ? undefined : columnOf(wanted, headings);
  return {
    address: [number(mapping.address) ?? 0],
    port: number(mapping.port),
    transport: number(mapping.transport),
    name: number(mapping.name),
    owner: number(mapping.owner),
    note: number(mapping.note),
  };
}

function noHeading(file: string, wanted: string, rows: readonly Pick<Row, 'cells'>[]): AppError {
  return new AppError(
    'usage',
    `${showable(file, 100)} has no column "${showable(wanted, 60)}", which "columns" of this import names. ${headingsOf(rows)}`,
  );
}

/** The widest of the rows: titles above the headings have fewer cells. */
function headingsOf(rows: readonly Pick<Row, 'cells'>[]): string {
  const [widest] = rows.toSorted((a, b) => filled(b.cells) - filled(a.cells));
  const list = (widest?.cells ?? []).slice(0, 40).map((cell) => showable(cell, 40));
  return `Its columns: ${list.map((text, index) => `${index + 1} "${text}"`).join(', ')}.`;
}

function filled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}
