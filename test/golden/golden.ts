/**
 * One frozen pair of runs: what was observed at the demo's boundary, recorded once on documentation addresses (RFC 5737), and
 * everything the program makes of it today. `npm run golden` writes `reports/sample/` anew; the test says when it is out of date.
 * The records of Shodan, the nmap file and the ledger beside it are made up, in the forms of the real ones; both runs take them in.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { viewOf, type ReportInput } from '../../src/cli/report-files.ts';
import { siteOf } from '../../src/identify/identify.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import { latest } from '../../src/lib/time.ts';
import type { Answers } from '../../src/model/answers.ts';
import type { RunSummary } from '../../src/model/history.ts';
import type { Asset, ImportSettings } from '../../src/model/import.ts';
import type { Knowledge } from '../../src/model/knowledge.ts';
import type { Observation, SourceName } from '../../src/model/observation.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { Candidate, Snapshot, SourceCoverage } from '../../src/model/snapshot.ts';
import { readStoredRecord } from '../../src/observe/import/json/shodan.ts';
import { readImport } from '../../src/observe/import/read-file.ts';
import { conclude } from '../../src/pipeline.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { findingsJson, servicesJson } from '../../src/report/json.ts';
import { readOrganisationFile } from '../../src/scope/organisation-file.ts';
import { readAnswersFile } from '../../src/track/answers.ts';
import { summaryOf } from '../../src/track/history.ts';
import { readJournal, type JournalContent } from '../../src/track/read-journal.ts';

const at = (name: string): string => new URL(name, import.meta.url).pathname;

export interface Golden {
  readonly knowledge: Knowledge;
  readonly scope: Scope;
  readonly journals: readonly [JournalContent, JournalContent];
  readonly snapshots: readonly [Snapshot, Snapshot];
  readonly answers: Answers;
  readonly history: readonly RunSummary[];
}

export async function runGolden(): Promise<Golden> {
  const knowledge = loadKnowledge(new URL('../../config', import.meta.url).pathname);
  const { scope } = readOrganisationFile(readFileSync(at('organisation.yaml'), 'utf8'), 'organisation.yaml', {
    portProfiles: knowledge.ports,
    hasProduct: (id) => knowledge.products.has(id),
  });
  const journals = [
    await withOthers(await readJournal(at('first.jsonl')), scope),
    await withOthers(await readJournal(at('second.jsonl')), scope),
  ] as const;
  const judge = (journal: JournalContent, previous: Snapshot | undefined): Snapshot =>
    conclude({ journal, scope, knowledge, previous, toolVersion: 'sample' });
  const first = judge(journals[0], undefined);
  const snapshots = [first, judge(journals[1], first)] as const;
  const answers = await readAnswersFile(at('answers.yaml'));
  const history = snapshots.map((snapshot) => summaryOf(snapshot.runId, snapshot));
  return { knowledge, scope, journals, snapshots, answers, history };
}

/** The second run, with what was answered after it. */
export function goldenReport({ knowledge, journals, snapshots, answers, history }: Golden): ReportInput {
  return { snapshot: snapshots[1], journal: journals[1], knowledge, answers, history };
}

/** The run as it would be with a Shodan key, an nmap file from a mobile line and the organisation's own list of devices. */
async function withOthers(journal: JournalContent, scope: Scope): Promise<JournalContent> {
  const end = journal.end?.endedAt ?? '';
  const shodan = await read({ path: at('shodan.jsonl') }, end, scope);
  const nmap = await read({ path: at('mobile-line.xml'), vantage: 'mobile-line' }, end, scope);
  const ledger = await read({ path: at('ledger.csv') }, end, scope);
  const records = shodan.observations.map(({ file: _file, ...record }) => record);
  const elsewhere: Candidate = {
    kind: 'address',
    value: '192.0.2.77',
    found: [
      { why: 'domain', by: 'hostname:"kakuu.example"', source: 'shodan', at: '2026-11-12T04:31:07.000Z' },
    ],
    shows: ['443/tcp nginx'],
  };
  return {
    ...journal,
    observations: [...journal.observations, ...records, ...nmap.observations],
    candidates: [elsewhere],
    assets: ledger.assets,
    coverage: [
      ...journal.coverage.filter(({ source }) => source !== 'shodan'),
      {
        ...coverageOf('shodan', 'shodan', records),
        requests: 37,
        credits: { spent: 1, left: 99 },
      },
      { ...coverageOf('nmap', 'mobile-line', nmap.observations), file: 'mobile-line.xml' },
    ],
  };
}

async function read(
  settings: Pick<ImportSettings, 'path'> & Partial<ImportSettings>,
  now: string,
  scope: Scope,
): Promise<{ readonly observations: Observation[]; readonly assets: Asset[] }> {
  const observations: Observation[] = [];
  const assets: Asset[] = [];
  const seen = (one: Observation): boolean => one.observedAt <= now;
  await readImport(
    { as: 'auto', vantage: undefined, observedAt: now, columns: undefined, encoding: 'auto', ...settings },
    { now: new Date(now), accepts: ({ text }) => siteOf(text, scope) !== undefined },
    {
      observation: (one) => void (seen(one) && observations.push(one)),
      asset: (one) => void assets.push(one),
      record: (record) => {
        const collectedAt = new Date(now).toISOString();
        const one = readStoredRecord(record, { collectedAt, file: basename(settings.path) });
        if (one !== undefined && seen(one)) observations.push(one);
      },
      drain: async () => undefined,
    },
  );
  return { observations, assets };
}

function coverageOf(
  source: SourceName,
  vantage: string,
  observations: readonly Observation[],
): SourceCoverage {
  const answered = new Set(observations.map(({ address }) => address)).size;
  const dataDate = latest(observations.map(({ observedAt }) => observedAt));
  return {
    source,
    vantage,
    state: 'complete',
    addresses: 31,
    looked: source === 'shodan' ? 31 : answered,
    answered,
    notLooked: [],
    requests: 0,
    ...(dataDate === undefined ? {} : { dataDate }),
    refusedByScope: 0,
  };
}

/** File name under `reports/sample/` → content. */
export function sampleFiles(golden: Golden): Map<string, string> {
  const { knowledge, snapshots } = golden;
  const [, snapshot] = snapshots;
  const lines = (objects: readonly object[]): string =>
    `${objects.map((object) => JSON.stringify(object)).join('\n')}\n`;
  const files = new Map([
    ['services.jsonl', lines(servicesJson(snapshot, knowledge))],
    ['findings.jsonl', lines(findingsJson(snapshot, knowledge))],
  ]);
  for (const lang of ['ja', 'en'] as const) {
    const view = viewOf(goldenReport(golden), lang);
    for (const name of ['small', 'rescuer', 'director', 'full'] as const)
      files.set(`${name}.${lang}.html`, FORMATS.html.render(view, name));
    files.set(`weekly.${lang}.txt`, FORMATS.text.render(view, 'weekly'));
  }
  return files;
}
