import { join } from 'node:path';
import { writeFileAtomically } from '../lib/atomic-file.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Observation } from '../model/observation.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { FORMATS } from '../report/formats.ts';
import { buildView, type EvidenceRecord } from '../report/view.ts';
import type { ReportView } from '../report/view-model.ts';
import type { JournalContent } from '../track/read-journal.ts';

export interface ReportInput {
  readonly snapshot: Snapshot;
  readonly journal: JournalContent;
  readonly knowledge: Knowledge;
}

/** One view of a run in one language. */
export function viewOf({ snapshot, journal, knowledge }: ReportInput, lang: 'ja' | 'en'): ReportView {
  const byId = new Map(journal.observations.map((observation) => [observation.id, observation]));
  return buildView({ snapshot, knowledge, lang, evidence: (id) => evidenceOf(byId.get(id)) });
}

function evidenceOf(observation: Observation | undefined): readonly EvidenceRecord[] {
  if (observation === undefined) return [];
  const { observedAt, source } = observation;
  return observation.evidence.map((evidence) => ({ label: evidence.label, observedAt, source, evidence }));
}

/** Writes the report files of a run, readable by their owner only. Returns their paths, in the order of the languages. */
export async function writeReports(
  input: ReportInput & { readonly directory: string; readonly languages: readonly ('ja' | 'en')[] },
): Promise<string[]> {
  const paths: string[] = [];
  for (const lang of input.languages) {
    const view = viewOf(input, lang);
    for (const { extension, render } of Object.values(FORMATS)) {
      // The JSON form has no language: it is the snapshot, which lies in the folder already.
      if (extension === 'json') continue;
      const path = join(input.directory, `report.${lang}.${extension}`);
      await writeFileAtomically(path, render(view));
      paths.push(path);
    }
  }
  return paths;
}
