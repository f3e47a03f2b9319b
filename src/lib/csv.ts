import { stringify } from 'csv-stringify/sync';

/** What a spreadsheet takes for the beginning of a formula, half or full width, after blanks as well. */
const FORMULA = /^[\s\u3000]*[=+\-@＝＋－＠]|^[\t\r]/u;

/**
 * Rows as CSV (RFC 4180): comma, CRLF, UTF-8 with a byte order mark, by which spreadsheets in Japan tell it from Shift_JIS. A cell
 * that a spreadsheet would run as a formula begins with an apostrophe; line breaks within a cell become spaces.
 */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(
    rows.map((row) => row.map(harmless)),
    { bom: true, record_delimiter: 'windows', quoted_match: /^\s|\s$/ },
  );
}

/** The library's own option leaves a formula behind blanks as it is. */
function harmless(value: string | number): string | number {
  if (typeof value === 'number') return value;
  const line = value.replaceAll('\0', '').replace(/[\r\n]+/g, ' ');
  return FORMULA.test(value) ? `'${line}` : line;
}
