const BYTE_ORDER_MARK = '\ufeff';
/** What a spreadsheet takes for the beginning of a formula, half or full width, after blanks as well. */
const FORMULA = /^[\s\u3000]*[=+\-@＝＋－＠]|^[\t\r]/u;

/**
 * Rows as CSV (RFC 4180): comma, CRLF, UTF-8 with a byte order mark, by which spreadsheets in Japan tell it from Shift_JIS. A cell
 * that a spreadsheet would run as a formula begins with an apostrophe; line breaks within a cell become spaces.
 */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return `${BYTE_ORDER_MARK}${rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')}`;
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const line = value.replaceAll('\0', '').replace(/[\r\n]+/g, ' ');
  const safe = FORMULA.test(value) ? `'${line}` : line;
  return /[",]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
