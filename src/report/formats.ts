import { renderHtml } from './html/render.tsx';
import { renderJson } from './json.ts';
import { renderMarkdown, renderText } from './text.ts';
import type { ReportView } from './view-model.ts';
import { renderWeekly } from './weekly.ts';

export interface Format {
  /** File name extension, without the dot. */
  readonly extension: string;
  readonly render: (view: ReportView) => string;
}

/** Every form of the report: name on the command line → function. A new form is one line here and one file. */
export const FORMATS = {
  html: { extension: 'html', render: renderHtml },
  markdown: { extension: 'md', render: renderMarkdown },
  text: { extension: 'txt', render: renderText },
  json: { extension: 'json', render: renderJson },
  weekly: {
    extension: 'weekly.txt',
    render: (view) => {
      const { subject, body } = renderWeekly(view);
      return `${subject}\n\n${body}`;
    },
  },
} as const satisfies Record<string, Format>;
