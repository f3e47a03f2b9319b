/**
 * One frozen pair of runs: what was observed at the demo's boundary, recorded once on documentation addresses (RFC 5737), and
 * everything the program makes of it today. `npm run golden` writes `reports/sample/` anew; the test says when it is out of date.
 */
import { readFileSync } from 'node:fs';
import { viewOf } from '../../src/cli/report-files.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import type { Knowledge } from '../../src/model/knowledge.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { conclude } from '../../src/pipeline.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { findingsJson, servicesJson } from '../../src/report/json.ts';
import { readOrganisationFile } from '../../src/scope/organisation-file.ts';
import { readJournal, type JournalContent } from '../../src/track/read-journal.ts';

const at = (name: string): string => new URL(name, import.meta.url).pathname;

export interface Golden {
  readonly knowledge: Knowledge;
  readonly scope: Scope;
  readonly journals: readonly [JournalContent, JournalContent];
  readonly snapshots: readonly [Snapshot, Snapshot];
}

export async function runGolden(): Promise<Golden> {
  const knowledge = loadKnowledge(new URL('../../config', import.meta.url).pathname);
  const { scope } = readOrganisationFile(readFileSync(at('organisation.yaml'), 'utf8'), 'organisation.yaml', {
    portProfiles: knowledge.ports,
    hasProduct: (id) => knowledge.products.has(id),
  });
  const journals = [await readJournal(at('first.jsonl')), await readJournal(at('second.jsonl'))] as const;
  const judge = (journal: JournalContent, previous: Snapshot | undefined): Snapshot =>
    conclude({ journal, scope, knowledge, previous, toolVersion: 'sample' });
  const first = judge(journals[0], undefined);
  return { knowledge, scope, journals, snapshots: [first, judge(journals[1], first)] };
}

/** File name under `reports/sample/` → content. */
export function sampleFiles({ knowledge, journals, snapshots }: Golden): Map<string, string> {
  const [, snapshot] = snapshots;
  const lines = (objects: readonly object[]): string =>
    `${objects.map((object) => JSON.stringify(object)).join('\n')}\n`;
  const files = new Map([
    ['services.jsonl', lines(servicesJson(snapshot, knowledge))],
    ['findings.jsonl', lines(findingsJson(snapshot, knowledge))],
  ]);
  for (const lang of ['ja', 'en'] as const) {
    const view = viewOf({ snapshot, journal: journals[1], knowledge }, lang);
    files.set(`report.${lang}.html`, FORMATS.html.render(view));
    files.set(`report.${lang}.weekly.txt`, FORMATS.weekly.render(view));
  }
  return files;
}
