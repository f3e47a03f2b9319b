import type { FileOutput, ImportContext, ImportFormat, StreamReader } from '../format.ts';
import { readRecord, type JsonFormat } from '../json-format.ts';
import { httpxRecords } from '../json/httpx.ts';
import { naabuRecords } from '../json/naabu.ts';
import { RowReader, type Row } from './rows.ts';

const MAX_ROW_BYTES = 1024 * 1024;
const MAX_ROW_LINES = 1000;

/** `naabu -csv`: the fields of its JSON as columns. */
export const naabuTable = tableOf(naabuRecords, ['host', 'ip', 'port', 'protocol']);

/** `httpx -csv`. */
export const httpxTable = tableOf(httpxRecords, ['url', 'status_code', 'webserver', 'failed']);

/** @param headings that no other table has together */
function tableOf(format: JsonFormat, headings: readonly string[]): ImportFormat {
  const isHeading = (cells: readonly string[]): boolean => headings.every((name) => cells.includes(name));
  return {
    type: format.type,
    recognises: (head) => {
      const [line = ''] = head.trimStart().slice(0, 4096).split(/\r?\n/, 1);
      const cells = line.replaceAll('"', '').split(',');
      return isHeading(cells) && cells.includes('timestamp');
    },
    open: (context, output) => new TableReader(format, isHeading, context, output),
  };
}

class TableReader implements StreamReader {
  readonly #rows: RowReader;
  #columns: readonly string[] | undefined;

  constructor(
    format: JsonFormat,
    isHeading: (cells: readonly string[]) => boolean,
    context: ImportContext,
    output: FileOutput,
  ) {
    const row = ({ line, cells, text }: Row): void => {
      // Files that were put together have it in the middle as well.
      if (isHeading(cells)) this.#columns = cells;
      else if (this.#columns === undefined || cells.length !== this.#columns.length)
        output.fault(
          line,
          `the row has ${cells.length} cells instead of ${this.#columns?.length ?? 'a heading'}`,
        );
      else readRecord(format, { value: recordOf(this.#columns, cells), text }, line, context, output);
    };
    this.#rows = new RowReader(
      {
        encoding: context.encoding,
        delimiter: ',',
        comments: false,
        maxLines: MAX_ROW_LINES,
        maxBytes: MAX_ROW_BYTES,
        lenient: true,
      },
      { row, fault: (line, why) => output.fault(line, why) },
    );
  }

  push(chunk: Uint8Array): void {
    this.#rows.push(chunk);
  }

  end(cut: boolean): void {
    this.#rows.end(cut);
  }
}

/** "[192.0.2.1 192.0.2.2]" */
const LISTS: ReadonlySet<string> = new Set(['a', 'aaaa', 'tech', 'cpes', 'chain_status_codes']);

/** The row in the shape of the JSON record; an empty cell is a field that is not there. */
function recordOf(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const fields = columns.flatMap((name, number) => {
    const cell = (cells[number] ?? '').trim();
    return cell === '' || cell === '<nil>' ? [] : [[name, valueOf(name, cell)] as const];
  });
  return Object.fromEntries(fields);
}

function valueOf(name: string, cell: string): unknown {
  if (cell === 'true' || cell === 'false') return cell === 'true';
  if (name === 'timestamp') return timeOf(cell);
  if (!LISTS.has(name)) return cell;
  const words = cell
    .replace(/^\[|\]$/g, '')
    .split(/[\s,]+/)
    .filter(Boolean);
  return name === 'chain_status_codes' ? words.map(Number) : words;
}

/** "2026-01-01 00:00:00.123 +0900 JST m=+0.05" */
function timeOf(cell: string): string {
  const [, day, clock, zone] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4})\b/.exec(cell) ?? [];
  return day === undefined ? cell : `${day}T${clock}${zone}`;
}
