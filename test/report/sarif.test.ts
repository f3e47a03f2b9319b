import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { buildView } from '../../src/report/view.ts';
import { runGolden } from '../golden/golden.ts';
import { finding, knowledge, service, snapshot } from './fixture.ts';
import { many, nothing } from './fixture-runs.ts';
import { HOSTILE, poisoned } from './poisoned.ts';

const SCHEMA = new URL(
  '../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  import.meta.url,
);

const Result = z.object({
  ruleId: z.string(),
  ruleIndex: z.number().optional(),
  kind: z.string(),
  level: z.string(),
  message: z.object({ text: z.string() }),
  locations: z.array(
    z.object({
      physicalLocation: z.object({ artifactLocation: z.object({ uri: z.string() }) }).optional(),
      logicalLocations: z.array(z.object({ fullyQualifiedName: z.string() })),
    }),
  ),
  partialFingerprints: z.record(z.string(), z.string()),
  baselineState: z.string().optional(),
  suppressions: z.array(z.object({ status: z.string(), justification: z.string() })).optional(),
  properties: z.record(z.string(), z.unknown()),
});
const Rule = z.object({
  id: z.string(),
  shortDescription: z.object({ text: z.string() }),
  messageStrings: z.record(z.string(), z.object({ text: z.string() })),
});
const Log = z.object({
  runs: z
    .array(
      z.object({
        tool: z.object({ driver: z.object({ rules: z.array(Rule) }) }),
        language: z.string(),
        invocations: z.array(
          z.object({
            executionSuccessful: z.boolean(),
            toolExecutionNotifications: z.array(z.object({ message: z.object({ text: z.string() }) })),
          }),
        ),
        results: z.array(Result),
      }),
    )
    .length(1),
});
type Run = z.infer<typeof Log>['runs'][number];

let problems: (text: string) => unknown[];

beforeAll(() => {
  // The schema is draft 4, of which it uses nothing that later drafts read otherwise once its own id is out of the way.
  const {
    $schema: _draft,
    id: _id,
    ...schema
  } = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  problems = (text) => (validate(JSON.parse(text)) ? [] : (validate.errors ?? []));
});

function sarif(of: Snapshot, lang: 'ja' | 'en' = 'en'): string {
  return renderSarif(buildView({ snapshot: of, knowledge, evidence: () => [], lang }));
}
function run(of: Snapshot, lang: 'ja' | 'en' = 'en'): Run {
  const [only] = Log.parse(JSON.parse(sarif(of, lang))).runs;
  if (only === undefined) throw new Error('no run');
  return only;
}
const byId = (of: Run, id: string): z.infer<typeof Result> | undefined =>
  of.results.find(({ properties }) => properties['id'] === id);

describe('report/sarif', () => {
  it('refuses what is no SARIF, so that the next test can fail', () => {
    expect(problems('{"version":"2.1.0","runs":[{"tool":{}}]}')).not.toEqual([]);
    expect(problems(sarif(snapshot).replace('"level": "error"', '"level": "fatal"'))).not.toEqual([]);
    expect(
      problems(sarif(snapshot).replace(/"startTimeUtc": "[^"]+"/, '"startTimeUtc": "today"')),
    ).not.toEqual([]);
  });

  it.each(['ja', 'en'] as const)('is SARIF 2.1.0 by its own schema, in %s', (lang) => {
    for (const of of [snapshot, nothing, many(300), { ...snapshot, previousRun: undefined }])
      expect(problems(sarif(of, lang))).toEqual([]);
    for (const text of HOSTILE) expect(problems(sarif(poisoned(text), lang)), text).toEqual([]);
  });

  it('is so for the golden run as well', async () => {
    const golden = await runGolden();
    const text = renderSarif(
      buildView({
        snapshot: golden.snapshots[1],
        knowledge: golden.knowledge,
        evidence: () => [],
        lang: 'ja',
      }),
    );
    expect(problems(text)).toEqual([]);
    expect(Log.parse(JSON.parse(text)).runs[0]?.results.length).toBeGreaterThanOrEqual(
      golden.snapshots[1].findings.length,
    );
  }, 60_000);

  it('gives one result per finding, with its place, key and rule', () => {
    const made = run(snapshot);
    const present = made.results.filter(({ baselineState }) => baselineState !== 'absent');
    expect(present).toHaveLength(snapshot.findings.length);
    const rdp = byId(made, 'B-07');
    expect(rdp).toMatchObject({
      ruleId: 'control-undeclared',
      kind: 'fail',
      level: 'error',
      partialFingerprints: { 'findingKey/v1': snapshot.findings[0]?.key },
    });
    expect(rdp?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe('tcp://203.0.113.10:3389');
    expect(byId(made, 'B-11')?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe(
      'tcp://[2001:db8:20::15]:22',
    );
    for (const { ruleId, ruleIndex } of present)
      expect(made.tool.driver.rules[ruleIndex ?? -1]?.id, ruleId).toBe(ruleId);
  });

  it('explains every rule of the table in both languages', () => {
    const { rules } = run(snapshot).tool.driver;
    expect(rules.map(({ id }) => id)).toEqual(knowledge.decisions.rows.map(({ id }) => id));
    for (const { messageStrings, shortDescription } of rules) {
      expect(messageStrings['ja']?.text).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      expect(shortDescription.text).toBe(messageStrings['en']?.text);
    }
  });

  it('calls open what lacks facts, and gives a level to faults alone', () => {
    const made = run(snapshot);
    expect(byId(made, 'B-13')).toMatchObject({ kind: 'open', level: 'none' });
    expect(byId(made, 'B-08')).toMatchObject({ kind: 'informational', level: 'none' });
    for (const { kind, level } of made.results) if (kind !== 'fail') expect(level).toBe('none');
  });

  it('never takes an urgent finding out of sight for being declared', () => {
    const made = run(snapshot);
    expect(byId(made, 'B-02')?.suppressions?.[0]?.status).toBe('underReview');
    expect(byId(made, 'B-07')?.suppressions).toBeUndefined();
    const calm = snapshot.findings.map((one) =>
      one.spokenId === 'B-05' ? { ...one, priority: 'P4' as const } : one,
    );
    expect(byId(run({ ...snapshot, findings: calm }), 'B-05')?.suppressions?.[0]?.status).toBe('accepted');
    const [first, ...rest] = snapshot.expected;
    if (first === undefined) throw new Error('fixture');
    const expired = { ...snapshot, expected: [{ ...first, state: 'expired' as const }, ...rest] };
    expect(byId(run(expired), 'B-02')?.suppressions?.[0]?.status).toBe('rejected');
  });

  it('compares with the run before, and calls gone only what is closed for certain', () => {
    const made = run(snapshot);
    expect(byId(made, 'B-07')?.baselineState).toBe('new');
    expect(byId(made, 'B-02')?.baselineState).toBe('updated');
    expect(byId(made, 'B-03')?.baselineState).toBe('unchanged');
    const gone = made.results.filter(({ baselineState }) => baselineState === 'absent');
    expect(gone.map(({ locations }) => locations[0]?.logicalLocations[0]?.fullyQualifiedName)).toEqual([
      '203.0.113.6:21/tcp',
    ]);
    const { previousRun: _, ...first } = snapshot;
    for (const { baselineState } of run({ ...first, changes: [] }).results)
      expect(baselineState).toBeUndefined();
  });

  it('says what was not looked at, so that no result is not read as nothing there', () => {
    const [invocation] = run(nothing).invocations;
    const said = invocation?.toolExecutionNotifications.map(({ message }) => message.text).join('\n');
    expect(run(nothing).results).toEqual([]);
    expect(said).toContain('Not seen does not mean not there.');
    expect(said).toMatch(/Nothing answered from/);
    expect(run({ ...snapshot, complete: false }).invocations[0]?.executionSuccessful).toBe(false);
  });

  it('keeps a place that is no address out of the URI', () => {
    const odd = service('javascript:alert(1)', 443, 'web');
    const made = run({ ...snapshot, services: [odd], findings: [finding(odd, 'B-99')] });
    expect(byId(made, 'B-99')?.locations[0]?.physicalLocation).toBeUndefined();
  });

  it('speaks the language of the report', () => {
    expect(run(snapshot, 'ja').language).toBe('ja');
    expect(byId(run(snapshot, 'ja'), 'B-07')?.message.text).toContain('リモートデスクトップ');
    // oxlint-disable-next-line no-control-regex -- what must not stand there
    expect(sarif(poisoned('a\u009b5m\u202eb\u2028c'))).not.toMatch(/[\u007f-\u009f\u2028\u202e]/);
  });
});
