import { renderCsv } from './csv.ts';
import { renderHtml } from './html/render.tsx';
import { renderJson } from './json.ts';
import { renderSarif } from './sarif.ts';
import { renderSpreadsheet } from './spreadsheet.ts';
import { renderMarkdown, renderText } from './text.ts';
import type { ReportView } from './view-model.ts';

import { VIEW_NAMES, type ViewName } from './views.ts';

export interface Format {
  /** File name extension, without the dot. */
  readonly extension: string;
  /** Views that have this form. */
  readonly views: readonly ViewName[];
  readonly render: (view: ReportView, name: ViewName) => string;
}

/** Every form of the report: name on the command line → function. A new form is one line here and one file. */
export const FORMATS = {
  html: { extension: 'html', views: VIEW_NAMES, render: renderHtml },
  markdown: { extension: 'md', views: VIEW_NAMES, render: renderMarkdown },
  text: { extension: 'txt', views: VIEW_NAMES, render: renderText },
  json: { extension: 'json', views: ['full'], render: renderJson },
  csv: { extension: 'csv', views: ['full'], render: renderCsv },
  sarif: { extension: 'sarif', views: ['full'], render: renderSarif },
} as const satisfies Record<string, Format>;

/** Forms that are no text: files only. PDF is not among them, for a browser prints it from the page. */
export const FILE_FORMATS = {
  xlsx: { extension: 'xlsx', render: renderSpreadsheet },
} as const satisfies Record<
  string,
  { readonly extension: string; readonly render: (view: ReportView) => Promise<Uint8Array> }
>;
