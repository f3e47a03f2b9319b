import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../src/lib/csv.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderCsv } from '../../src/report/csv.ts';
import { messagesFor } from '../../src/report/messages/index.ts';
import { buildView } from '../../src/report/view.ts';
import { knowledge, snapshot } from './fixture.ts';
import { many, nothing } from './fixture-runs.ts';
import { HOSTILE, poisoned } from './poisoned.ts';

function csv(of: Snapshot, lang: 'ja' | 'en' = 'ja'): string {
  return renderCsv(buildView({ snapshot: of, knowledge, evidence: () => [], lang }));
}
function rows(of: Snapshot, lang: 'ja' | 'en' = 'ja'): string[][] {
  return parse(csv(of, lang), { bom: true, record_delimiter: '\r\n' });
}
function cell(of: string[][], id: string, column: keyof ReturnType<typeof messagesFor>['list']): string {
  const head = of[0] ?? [];
  return of.find(([first]) => first === id)?.[head.indexOf(messagesFor('ja').list[column])] ?? 'no such row';
}

describe('lib/csv', () => {
  it('comes back as it was, but for formulas and line breaks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 })),
        (table) => {
          const width = 3;
          const even = table.map((row) => Array.from({ length: width }, (_, at) => row[at] ?? ''));
          const back: string[][] = parse(csvText(even), {
            bom: true,
            record_delimiter: '\r\n',
            relax_quotes: false,
          });
          expect(back.length).toBe(even.length);
          for (const [at, row] of back.entries())
            for (const [column, text] of row.entries()) {
              expect(text).not.toMatch(/^[\s\u3000]*[=+\-@＝＋－＠]|^[\t\r]/u);
              const plain = (even[at]?.[column] ?? '').replaceAll('\0', '').replace(/[\r\n]+/g, ' ');
              expect([plain, `'${plain}`]).toContain(text);
            }
        },
      ),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    [' =1+1', "' =1+1"],
    ['+81', "'+81"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "' =1"],
    ['＝1', "'＝1"],
    ['a=1', 'a=1'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    [' x', '" x"'],
    ['', ''],
  ])('writes %j as %j', (text, written) => {
    expect(csvText([[text]])).toBe(`\ufeff${written}\r\n`);
  });
});

describe('report/csv', () => {
  it('has one row for every finding and every service without one, in the report’s order', () => {
    const made = rows(snapshot);
    expect(made).toHaveLength(1 + snapshot.findings.length);
    expect(made.slice(1, 4).map(([id]) => id)).toEqual(['B-02', 'B-07', 'B-03']);
    const unjudged = rows({ ...snapshot, findings: [] });
    expect(unjudged).toHaveLength(1 + snapshot.services.length);
    expect(unjudged[1]?.[1]).toBe(messagesFor('ja').doors.notJudged);
    expect(rows(many(700))).toHaveLength(701);
  });

  it('says what a spreadsheet is sorted by', () => {
    const made = rows(snapshot);
    expect(cell(made, 'B-07', 'priority')).toBe('即時');
    expect(cell(made, 'B-07', 'address')).toBe('203.0.113.10');
    expect(cell(made, 'B-07', 'port')).toBe('3389');
    expect(cell(made, 'B-07', 'place')).toBe('203.0.113.10:3389/tcp');
    expect(cell(made, 'B-07', 'firstSeen')).toBe('2026-06-21');
    expect(cell(made, 'B-02', 'product')).toBe('SSL-VPN 製品A');
    expect(cell(made, 'B-02', 'version')).toBe('版は不明');
    expect(cell(made, 'B-02', 'cves')).toBe('CVE-2026-99999');
    expect(cell(made, 'B-02', 'ground')).toMatch(/^判断表の\d+行目/);
    expect(cell(made, 'B-02', 'missing')).not.toBe('');
    expect(cell(made, 'B-05', 'version')).toBe('版 8.1.4');
  });

  it.each(['ja', 'en'] as const)('is rectangular, with a heading for every column, in %s', (lang) => {
    for (const of of [snapshot, nothing, ...HOSTILE.map(poisoned)]) {
      const made = rows(of, lang);
      expect(new Set(made.map(({ length }) => length)).size).toBe(1);
      expect(made[0]).toEqual(Object.values(messagesFor(lang).list));
      for (const text of made.flat()) {
        expect(text).not.toMatch(/^[\s\u3000]*[=+\-@＝＋－＠]|undefined|\[object|NaN/u);
        // oxlint-disable-next-line no-control-regex -- what must not stand there
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      }
    }
  });

  it('begins with a byte order mark, ends lines as RFC 4180 says, and has a heading without rows', () => {
    expect(csv(nothing)).toMatch(/^\ufeff番号,.*\r\n$/);
    expect(csv(snapshot).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});
