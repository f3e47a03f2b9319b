import { join } from 'node:path';
import { writeFileAtomically } from '../lib/atomic-file.ts';
import type { Answers } from '../model/answers.ts';
import type { RunSummary } from '../model/history.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Observation } from '../model/observation.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { FILE_FORMATS, FORMATS } from '../report/formats.ts';
import { buildView, type EvidenceRecord } from '../report/view.ts';
import type { ReportView } from '../report/view-model.ts';
import type { ViewName } from '../report/views.ts';
import type { JournalContent } from '../track/read-journal.ts';

export interface ReportInput {
  readonly snapshot: Snapshot;
  readonly journal: JournalContent;
  readonly knowledge: Knowledge;
  readonly answers?: Answers | undefined;
  readonly history?: readonly RunSummary[] | undefined;
}

/** All that can be said of a run, in one language. */
export function viewOf(
  { snapshot, journal, knowledge, answers, history }: ReportInput,
  lang: 'ja' | 'en',
): ReportView {
  const byId = new Map(journal.observations.map((observation) => [observation.id, observation]));
  return buildView({
    snapshot,
    knowledge,
    lang,
    evidence: (id) => evidenceOf(byId.get(id)),
    rechecks: journal.rechecks,
    ...(answers === undefined ? {} : { answers }),
    ...(history === undefined ? {} : { history }),
  });
}

function evidenceOf(observation: Observation | undefined): readonly EvidenceRecord[] {
  if (observation === undefined) return [];
  const { observedAt, source, vantage } = observation;
  return observation.evidence.map((evidence) => ({
    label: evidence.label,
    observedAt,
    source,
    vantage,
    evidence,
  }));
}

/** A page or text of a view, or a file that belongs to no view. */
type FileOfRun =
  | { readonly view: ViewName; readonly format: keyof typeof FORMATS }
  | { readonly view: typeof SHEETS; readonly format: keyof typeof FILE_FORMATS };

/** The spreadsheet, in the names of files. */
export const SHEETS = 'sheets';

/** Written with every run. Every other view and form is made on request. */
const WRITTEN: readonly FileOfRun[] = [
  { view: 'small', format: 'html' },
  { view: 'full', format: 'html' },
  { view: 'rescuer', format: 'html' },
  { view: 'director', format: 'html' },
  { view: 'weekly', format: 'text' },
  { view: 'full', format: 'markdown' },
  { view: SHEETS, format: 'xlsx' },
];

/** Views that are written as a page: what a printer wants. */
export const PAGES: readonly ViewName[] = WRITTEN.flatMap((file) =>
  file.view !== SHEETS && file.format === 'html' ? [file.view] : [],
);

/** The form of a view that is written with every run: what "this view" means when no form is named. */
function usualFormat(view: ViewName): keyof typeof FORMATS {
  return view === 'weekly' ? 'text' : 'html';
}

/** "small.ja.html" */
export function fileName(view: ViewName | typeof SHEETS, lang: 'ja' | 'en', extension: string): string {
  return `${view}.${lang}.${extension}`;
}

/**
 * Writes the report files of a run, readable by their owner only: "small.ja.html". Returns their paths, in the order of the languages.
 *
 * @param only this view, in its usual form, and nothing else
 * @throws AppError `write-failed`
 */
export async function writeReports(
  input: ReportInput & {
    readonly directory: string;
    readonly languages: readonly ('ja' | 'en')[];
    readonly only?: ViewName | undefined;
  },
): Promise<string[]> {
  const { only } = input;
  const files: readonly FileOfRun[] =
    only === undefined ? WRITTEN : [{ view: only, format: usualFormat(only) }];
  const paths: string[] = [];
  for (const lang of input.languages) {
    const view = viewOf(input, lang);
    for (const file of files) {
      const { content, extension } = await rendered(view, file);
      const path = join(input.directory, fileName(file.view, lang, extension));
      await writeFileAtomically(path, content);
      paths.push(path);
    }
  }
  return paths;
}

async function rendered(
  view: ReportView,
  file: FileOfRun,
): Promise<{ readonly content: string | Uint8Array; readonly extension: string }> {
  if (file.view === SHEETS) {
    const { extension, render } = FILE_FORMATS[file.format];
    return { content: await render(view), extension };
  }
  const { extension, render } = FORMATS[file.format];
  return { content: render(view, file.view), extension };
}
