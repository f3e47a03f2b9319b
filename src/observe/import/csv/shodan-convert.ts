import type { Observation } from '../../../model/observation.ts';
import { readMatches } from '../../shodan/records.ts';
import type { ImportContext, ImportFormat, ImportOutput, StreamReader } from '../format.ts';
import { NO_DATE } from '../scan-observation.ts';
import { RowReader, commonestDelimiter, type Row } from './rows.ts';

/**
 * The columns that `shodan convert FILE csv` (shodan-python, converter/csvc.py) writes, in its order. Until 2019 it had no dates, tags and
 * vulns; with --fields it writes what the user names.
 */
export const COLUMNS = [
  'data',
  'hostnames',
  'ip',
  'ip_str',
  'ipv6',
  'org',
  'isp',
  'location.country_code',
  'location.city',
  'location.country_name',
  'location.latitude',
  'location.longitude',
  'os',
  'asn',
  'port',
  'tags',
  'timestamp',
  'transport',
  'product',
  'version',
  'vulns',
  'ssl.cipher.version',
  'ssl.cipher.bits',
  'ssl.cipher.name',
  'ssl.alpn',
  'ssl.versions',
  'ssl.cert.serial',
  'ssl.cert.fingerprint.sha1',
  'ssl.cert.fingerprint.sha256',
  'html',
  'title',
] as const;
/** What people name beside these. */
type Column =
  | (typeof COLUMNS)[number]
  | 'http.html'
  | 'http.title'
  | 'http.server'
  | 'http.status'
  | 'cpe'
  | 'cpe23';

/** A banner and a page, each of many lines, in one row. */
const MAX_ROW_BYTES = 8 * 1024 * 1024;
const MAX_ROW_LINES = 200_000;

/** A Shodan export that was made into a table. It has lost what the banners say in groups; text, version and dates are there. */
export const shodanCsv: ImportFormat = {
  type: 'shodan',
  recognises: (head) => isHeading(headingOf(head)),
  open: (context, output) => new ShodanCsvReader(context, output),
};

/** Nobody else calls an address so. */
function isHeading(cells: readonly string[]): boolean {
  return (
    cells.includes('ip_str') && cells.includes('port') && cells.every((cell) => /^[a-z_][\w.]*$/i.test(cell))
  );
}

function headingOf(head: string): readonly string[] {
  const [line = ''] = head.trimStart().slice(0, 4096).replaceAll('"', '').split(/\r?\n/, 1);
  return line.split(commonestDelimiter(line) ?? ',');
}

class ShodanCsvReader implements StreamReader {
  #columns: readonly string[] = COLUMNS;
  readonly #context: ImportContext;
  readonly #output: ImportOutput;
  readonly #rows: RowReader;

  constructor(context: ImportContext, output: ImportOutput) {
    this.#context = context;
    this.#output = output;
    this.#rows = new RowReader(
      {
        encoding: context.encoding,
        delimiter: undefined,
        comments: false,
        maxLines: MAX_ROW_LINES,
        maxBytes: MAX_ROW_BYTES,
        lenient: true,
      },
      { row: (row) => this.#row(row), fault: (line, why) => output.fault(line, why) },
    );
  }

  push(chunk: Uint8Array): void {
    this.#rows.push(chunk);
  }

  end(cut: boolean): void {
    this.#rows.end(cut);
  }

  #row({ line, cells, text }: Row): void {
    // Files that were put together have it in the middle as well.
    if (isHeading(cells)) {
      this.#columns = cells;
      return;
    }
    if (cells.length !== this.#columns.length)
      return this.#output.fault(line, `the row has ${cells.length} cells instead of ${this.#columns.length}`);
    const value = recordOf(cells, this.#columns, this.#context.observedAt);
    const { observations, outOfScope } = readMatches([{ value, text }], {
      ...this.#context,
      vantage: 'shodan',
    });
    const [observation] = observations;
    if (observation !== undefined) {
      this.#output.record();
      this.#output.observation(fromFile(observation, this.#context, this.#columns.includes('timestamp')));
    } else if (outOfScope > 0) this.#output.outOfScope();
    else this.#output.fault(line, 'the row has no address, port or date that can be read');
  }
}

function fromFile(observation: Observation, { file }: ImportContext, isDated: boolean): Observation {
  return {
    ...observation,
    file,
    ...(isDated ? {} : { note: [observation.note, NO_DATE].filter(Boolean).join('; ') }),
    evidence: observation.evidence.map((one) => ({ ...one, label: 'row of shodan convert' })),
  };
}

/**
 * The row in the shape of the banner that it was made of; an empty cell is something that is not known.
 *
 * @param fileDate of rows without a date
 */
function recordOf(cells: readonly string[], columns: readonly string[], fileDate: string): unknown {
  const cell = (...names: readonly Column[]): string | undefined =>
    names.map((name) => cells[columns.indexOf(name)]).find((text) => text !== undefined && text !== '');
  const list = (column: Column): string[] => cell(column)?.split(',') ?? [];
  const number = (column: Column): number | undefined => {
    const text = cell(column) ?? '';
    return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
  };
  return {
    data: cell('data') ?? '',
    hostnames: list('hostnames'),
    ip: number('ip'),
    ip_str: cell('ip_str'),
    ipv6: cell('ipv6'),
    port: number('port'),
    tags: list('tags'),
    timestamp: columns.includes('timestamp') ? cell('timestamp') : fileDate.replace(/Z$/, ''),
    transport: cell('transport'),
    product: cell('product'),
    version: cell('version'),
    vulns: list('vulns'),
    cpe: list('cpe'),
    cpe23: list('cpe23'),
    ...webOf(cell),
    ...tlsOf(cell, list),
  };
}

type Cell = (...names: readonly Column[]) => string | undefined;

/** Without the group, nobody asked for a page. */
function webOf(cell: Cell): { readonly http?: unknown } {
  const [html, title] = [cell('html', 'http.html'), cell('title', 'http.title')];
  const [server, status] = [cell('http.server'), cell('http.status')];
  if ([html, title, server, status].every((text) => text === undefined)) return {};
  const code = /^\d{3}$/.test(status ?? '') ? { status: Number(status) } : {};
  return { http: { html, title, server, ...code } };
}

function tlsOf(cell: Cell, list: (column: Column) => string[]): { readonly ssl?: unknown } {
  const sha256 = cell('ssl.cert.fingerprint.sha256');
  const name = cell('ssl.cipher.name');
  if (sha256 === undefined && name === undefined && cell('ssl.versions') === undefined) return {};
  return {
    ssl: {
      versions: list('ssl.versions'),
      alpn: list('ssl.alpn'),
      cipher: { name, version: cell('ssl.cipher.version') },
      ...(sha256 === undefined ? {} : { cert: { fingerprint: { sha256 } } }),
    },
  };
}
