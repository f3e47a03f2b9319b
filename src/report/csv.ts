/** The findings and services as a table for a spreadsheet: one row each, in the language of the report. */
import { csvText } from '../lib/csv.ts';
import { showable } from '../lib/hostile-text.ts';
import { messagesFor, type Messages } from './messages/index.ts';
import type { ListRow } from './view-model-list.ts';
import type { ReportView } from './view-model.ts';

type Column = keyof Messages['list'];

/** In their order. A version stands behind its word: bare, a spreadsheet makes a number or a date of it. */
const COLUMNS: Readonly<
  Record<Column, (row: ListRow, join: (items: readonly string[]) => string) => string | number>
> = {
  id: (row) => row.id,
  priority: (row) => row.priorityWord,
  trace: (row) => row.traceWord,
  headline: (row) => row.headline,
  site: (row) => row.site,
  siteKind: (row) => row.siteKind,
  address: (row) => row.address,
  port: (row) => row.port,
  transport: (row) => row.transport,
  kind: (row) => row.kind,
  product: (row) => row.product,
  productCertainty: (row) => row.productCertainty,
  version: (row) => row.version,
  authentication: (row) => row.authentication,
  reach: (row) => row.reach,
  knownUse: (row) => row.knownUse,
  cves: (row, join) => join(row.cves),
  support: (row) => row.support,
  declared: (row) => row.declared,
  firstSeen: (row) => row.firstSeen,
  lastSeen: (row) => row.lastSeen,
  exposure: (row) => row.exposure,
  sources: (row, join) => join(row.sources),
  certainty: (row) => row.certainty,
  begin: (row) => row.begin,
  finish: (row) => row.finish,
  ground: (row) => row.ground,
  missing: (row, join) => join(row.missing),
  priorityId: (row) => row.priority ?? '',
  traceId: (row) => row.trace ?? '',
  place: (row) => showable(row.service.key, 80),
};

/** The whole table as CSV; without any row, the heading alone. */
export function renderCsv(view: ReportView): string {
  const m = messagesFor(view.lang);
  const columns = Object.keys(COLUMNS) as Column[];
  const join = (items: readonly string[]): string => items.join(m.listSeparator);
  return csvText([
    columns.map((column) => m.list[column]),
    ...view.list.rows.map((row) => columns.map((column) => COLUMNS[column](row, join))),
  ]);
}
