import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Answers, CONTROLS, FindingAnswer, SiteAnswer } from '../../src/model/answers.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { answersTemplate } from '../../src/report/answers-template.ts';
import { many, nothing } from './fixture-runs.ts';
import { knowledge, snapshot } from './fixture.ts';
import { HOSTILE, poisoned } from './poisoned.ts';

function template(of: Snapshot): string {
  return answersTemplate({ snapshot: of, knowledge, evidence: () => [] });
}

function read(of: Snapshot): Record<string, Record<string, Record<string, unknown>>> {
  return parse(template(of)) as Record<string, Record<string, Record<string, unknown>>>;
}

/** Values of a tree, without the keys. */
function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

describe('the file in which the owner answers', () => {
  it('has every finding, every site and every question, and no answer', () => {
    const file = read(snapshot);
    expect(Object.keys(file)).toEqual(Object.keys(Answers.shape));
    expect(Object.keys(file['findings'] ?? {})).toEqual([
      'B-02',
      'B-07',
      'B-03',
      'B-05',
      'B-12',
      'B-13',
      'B-10',
      'B-11',
      'B-08',
    ]);
    expect(Object.keys(file['sites'] ?? {})).toEqual(['hq', 'shiga', 'taipei', 'cloud']);
    for (const one of Object.values(file['findings'] ?? {})) {
      expect(Object.keys(one)).toEqual(Object.keys(FindingAnswer.shape));
      // Whether logs are sent elsewhere is asked for with the logs.
      expect(Object.keys(one['controls'] as object)).toEqual(
        CONTROLS.filter((name) => name !== 'off-box-logs'),
      );
      expect(Object.keys(one['logs'] as object).toSorted()).toEqual(['days', 'off-box', 'oldest', 'where']);
    }
    for (const one of Object.values(file['sites'] ?? {}))
      expect(Object.keys(one)).toEqual(Object.keys(SiteAnswer.shape));
    expect(new Set(leaves(file))).toEqual(new Set(['', null]));
  });

  it('takes what is written between the quotes and behind the colons', () => {
    const filled = template(snapshot)
      .replaceAll(': ""', ': "x"')
      .replaceAll(/(opened-on|oldest|\bon):$/gm, '$1: 2026-11-20')
      .replaceAll(/days:$/gm, 'days: 14')
      .replaceAll(
        /(may-close|may-tell|off-box|update|second-factor|source-limit|integrity-check|edr):$/gm,
        '$1: unknown',
      )
      .replaceAll(/^#( {2,4}(?:-|on|what))/gm, '$1');
    const answers = Answers.parse(parse(filled));
    expect(answers.findings?.['B-07']).toMatchObject({
      purpose: 'x',
      'opened-on': '2026-11-20',
      'may-close': 'unknown',
    });
    expect(answers.told).toEqual([{ who: 'IPA', on: '2026-11-20', what: 'x' }]);
    expect(answers.touched).toHaveLength(1);
    expect(leaves(answers)).not.toContain(null);
  });

  it('says in both languages what the run saw', () => {
    const text = template(snapshot);
    expect(text).toContain('  # B-07 P1 本社（大阪）のリモートデスクトップに、外から誰でも接続できます\n');
    expect(text).toContain(
      '  # Seen: 203.0.113.10:3389, Remote Desktop (RDP), product not known, open at least since 2026-06-21, Authentication: Password only, State of updates: Cannot be judged\n',
    );
    expect(text).toContain('    # 閉じてよいか。 / May it be closed?\n    may-close:\n');
  });

  it('writes out the most urgent findings and names the rest', () => {
    const run = many(300);
    const findings = run.findings.map((one, n) => ({ ...one, spokenId: `B-${n + 100}` }));
    const text = template({ ...run, findings });
    expect(Object.keys((parse(text) as { findings: object }).findings)).toHaveLength(20);
    expect(text).toContain('280 more findings; copy a block and change the number:');
    expect(text.length).toBeLessThan(200_000);
  });

  it('is of use for a run without findings', () => {
    const file = read(nothing);
    expect(file['findings']).toBeUndefined();
    expect(Object.keys(file['sites'] ?? {})).toHaveLength(4);
  });

  it('lets no text of a stranger become a key or an answer', () => {
    const check = (text: string): void => {
      for (const id of [text, 'hq']) {
        const run = poisoned(text);
        const sites = run.sites.map((site, n) => ({ ...site, id: n === 0 ? id : site.id }));
        const file = parse(template({ ...run, sites })) as Record<string, object>;
        expect(new Set(leaves(file))).toEqual(new Set(['', null]));
        expect(Object.keys(file).filter((key) => !Object.hasOwn(Answers.shape, key))).toEqual([]);
        for (const key of Object.keys(file['findings'] ?? {})) expect(key).toMatch(/^B-\d+$/);
      }
    };
    for (const text of HOSTILE) check(text);
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), check), { numRuns: 10 });
  });
});
