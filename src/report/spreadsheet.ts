/** The sheets that people work with as worksheets: to fill in, to sort, to print on A4. */
import type { CellObject, Row, SheetData } from 'write-excel-file/node';
import { withoutZipDates } from '../lib/zip-dates.ts';
import { columns } from './columns.ts';
import { symbolOf } from './mark-symbol.ts';
import { printing } from './spreadsheet-print.ts';
import type { ReportView } from './view-model.ts';
import type { SheetCell, SheetView } from './view-model-sections.ts';

/** Width of a worksheet in characters, so that 100 % fit across A4 without becoming too small to read. */
const PAGE_CHARACTERS = 190;
const LEAST_CHARACTERS = 5;
/** Points. */
const LINE_HEIGHT = 15;
const BLANK_HEIGHT = 22;
/** Excel's own limits. */
const MOST_TEXT = 32_767;
const MOST_HEIGHT = 409;
const MOST_NAME = 31;

interface Worksheet {
  readonly data: SheetData;
  readonly columns: { width: number }[];
  readonly orientation: 'landscape';
  readonly showGridLines: false;
  readonly stickyRowsCount?: number;
}

/** An XLSX file. The same view gives the same bytes. */
export async function renderSpreadsheet(view: ReportView): Promise<Uint8Array> {
  // Loaded when the first one is made: printing a page needs none of it.
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const views = [
    ...view.worksheets,
    ...view.sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === 'sheet')),
  ];
  const names = worksheetNames([view.cover.title, ...views.map(({ title }) => title)]);
  const sheets = [
    { ...frontSheet(view), sheet: names[0] ?? '' },
    ...views.map((sheet, index) => ({ ...worksheet(sheet), sheet: names[index + 1] ?? '' })),
  ];
  const features = [
    printing({
      sheets: names.map((name, index) => ({ name, hasHead: index > 0 })),
      left: `${view.cover.title}  ${view.cover.organisation}  ${view.weekly.date}`,
      right: view.cover.tlp,
    }),
  ];
  const font = view.lang === 'ja' ? 'Yu Gothic' : 'Arial';
  const file = writeExcelFile(sheets, { fontFamily: font, fontSize: 10, features });
  return withoutZipDates(await file.toBuffer());
}

/** Whose it is, who may have it, and what was looked at: a worksheet is passed on without the report. */
function frontSheet({ cover, passive }: ReportView): Worksheet {
  const facts = [
    [cover.tlp, ''],
    [cover.organisation, ''],
    ...cover.facts.map(({ label, lines }) => [label, lines.join('\n')]),
    [cover.health.label, cover.health.text],
    ...(passive === undefined ? [] : [['', passive.sheet]]),
  ];
  const [label, width] = [34, 100];
  return {
    data: [
      [{ ...textCell(cover.title), fontWeight: 'bold', fontSize: 16, height: 26 }],
      ...facts.map(([term = '', text = '']): Row => [
        { ...textCell(term), fontWeight: 'bold', alignVertical: 'top' },
        { ...textCell(text), wrap: true, alignVertical: 'top', height: heightOf(linesOf(text, width), 0) },
      ]),
    ],
    columns: [{ width: label }, { width }],
    orientation: 'landscape',
    showGridLines: false,
  };
}

function worksheet(sheet: SheetView): Worksheet {
  const widths = widthsOf(sheet);
  const head = boxedRow(
    sheet.columns.map(({ text }) => ({ text, blanks: 0 })),
    widths,
  ).map((cell): CellObject => ({ ...cell, fontWeight: 'bold', backgroundColor: '#E8EBEE' }));
  const body = sheet.rows.map((row) =>
    boxedRow(
      row.map((cell) => ({ text: cellText(cell), blanks: cell.blanks ?? 0 })),
      widths,
    ),
  );
  const notes = [sheet.note, sheet.more].filter((text) => text !== undefined);
  return {
    data: [head, ...body, ...notes.map((text): Row => [textCell(text)])],
    columns: widths.map((width) => ({ width })),
    orientation: 'landscape',
    showGridLines: false,
    stickyRowsCount: 1,
  };
}

/** "▲ B-07", the text and its smaller lines, "□ yes"; what is to be filled in is an empty cell. */
function cellText({ text, sub = [], mark, ticks = [] }: SheetCell): string {
  const first = mark === undefined ? text : `${symbolOf(mark)} ${text}`;
  return [first, ...sub, ...ticks.map((tick) => `□ ${tick}`)].filter((line) => line !== '').join('\n');
}

function boxedRow(
  cells: readonly { readonly text: string; readonly blanks: number }[],
  widths: readonly number[],
): CellObject[] {
  const lines = cells.map(({ text }, index) => linesOf(text, widths[index] ?? LEAST_CHARACTERS));
  const height = heightOf(Math.max(1, ...lines), Math.max(0, ...cells.map(({ blanks }) => blanks)));
  return cells.map(({ text }) => ({
    ...textCell(text),
    wrap: true,
    alignVertical: 'top',
    borderStyle: 'thin',
    borderColor: '#8A929B',
    height,
  }));
}

/** Always of the type text: what begins with "=" is no formula here. */
function textCell(text: string): CellObject {
  return { type: String, value: cellSafe(text) };
}

/** Excel reads "_x000D_" in a text as the character of that number; its underscore is written as one for that reason. */
function cellSafe(text: string): string {
  return text
    .toWellFormed()
    .slice(0, MOST_TEXT)
    .toWellFormed()
    .replaceAll(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_');
}

function widthsOf({ columns: heads }: SheetView): number[] {
  const share = 100 / Math.max(1, heads.length);
  const wanted = heads.map(({ width }) => width ?? share);
  const all = wanted.reduce((sum, width) => sum + width, 0);
  return wanted.map((width) => Math.max(LEAST_CHARACTERS, Math.round((width / all) * PAGE_CHARACTERS)));
}

/** Lines that a text takes in a column of so many characters. A word that does not fit at the end of a line costs some room. */
function linesOf(text: string, width: number): number {
  return text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil((columns(line) * 1.2) / Math.max(1, width - 1))), 0);
}

/** Programs other than Excel do not make a row as high as its text needs. */
function heightOf(lines: number, blanks: number): number {
  return Math.min(MOST_HEIGHT, Math.max(lines * LINE_HEIGHT + 4, blanks * BLANK_HEIGHT));
}

/** What Excel takes as the name of a worksheet, and each once, whatever the case. */
export function worksheetNames(titles: readonly string[]): string[] {
  const taken = new Set(['history']);
  return titles.map((title) => {
    const plain = title
      .toWellFormed()
      .replaceAll(/\p{Cc}/gu, '')
      .replaceAll(/[[\]/\\:*?]/g, '-');
    const name = plain.replaceAll(/^['\s]+|['\s]+$/g, '') || '-';
    for (let n = 1; ; n += 1) {
      const suffix = n === 1 ? '' : ` (${n})`;
      const one = `${cutUnits(name, MOST_NAME - suffix.length)}${suffix}`;
      if (taken.has(one.toLowerCase())) continue;
      taken.add(one.toLowerCase());
      return one;
    }
  });
}

/** At most so many UTF-16 units, which is how Excel counts, and no half of a character. */
function cutUnits(text: string, most: number): string {
  let kept = '';
  for (const char of text) {
    if (kept.length + char.length > most) break;
    kept += char;
  }
  return kept.trimEnd();
}
