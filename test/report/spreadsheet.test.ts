import { describe, expect, it } from 'vitest';
import readXlsxFile from 'read-excel-file/node';
import { withoutZipDates } from '../../src/lib/zip-dates.ts';
import { renderSpreadsheet, worksheetNames } from '../../src/report/spreadsheet.ts';
import { buildView } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import type { SheetView } from '../../src/report/view-model-sections.ts';
import { knowledge, snapshot } from './fixture.ts';
import { evidence, many, nothing } from './fixture-runs.ts';

type Sheets = readonly { readonly sheet: string; readonly data: readonly (readonly unknown[])[] }[];

const viewOf = (lang: 'ja' | 'en', of = snapshot): ReportView =>
  buildView({ snapshot: of, knowledge, evidence, lang });

async function read(view: ReportView): Promise<Sheets> {
  return readXlsxFile(Buffer.from(await renderSpreadsheet(view)));
}

function withSheet(sheet: Partial<SheetView>): ReportView {
  const view = viewOf('en');
  const block = {
    kind: 'sheet' as const,
    id: 'x',
    title: 'Sheet',
    note: undefined,
    columns: [{ text: 'a' }, { text: 'b' }],
    rows: [],
    more: undefined,
    ...sheet,
  };
  return { ...view, sections: [{ number: '7', title: 't', lead: '', blocks: [block] }] };
}

describe('report/spreadsheet', () => {
  it.each(['ja', 'en'] as const)(
    'has a worksheet for every sheet, all findings and all doors in %s',
    async (lang) => {
      const view = viewOf(lang);
      const sheets = await read(view);
      const blocks = view.sections.flatMap((section) =>
        section.blocks.filter(({ kind }) => kind === 'sheet'),
      );
      expect(sheets).toHaveLength(1 + 2 + blocks.length);
      const [front, findings, doors] = sheets;
      expect(front?.data.flat()).toContain('TLP:AMBER');
      expect(front?.data.flat()).toContain(view.cover.organisation);
      expect(findings?.data).toHaveLength(1 + snapshot.findings.length);
      expect(findings?.data[1]?.[0]).toMatch(/^[▲■●○] B-\d\d$/);
      const places = findings?.data.map((row) => `${String(row[5])} ${String(row[6])}`);
      expect(places).toContain('203.0.113.10 3389/tcp');
      expect(doors?.data.length).toBeGreaterThan(3);
    },
  );

  it('is the same bytes each time, whatever the clock says', async () => {
    const first = Buffer.from(await renderSpreadsheet(viewOf('ja')));
    // The dates of a ZIP have steps of two seconds.
    await new Promise((done) => setTimeout(done, 2100));
    expect(Buffer.from(await renderSpreadsheet(viewOf('ja'))).equals(first)).toBe(true);
  });

  it('keeps text as text: no formula, no number, no control character', async () => {
    const hostile = [
      "=cmd|' /C calc'!A0",
      '+1',
      '-1',
      '@SUM(1)',
      '0123',
      '_x0000_x',
      'a\u0000b\u0007c',
      '\ud800',
    ];
    const view = withSheet({ rows: hostile.map((text) => [{ text }, { text: 'x' }]) });
    const file = Buffer.from(await renderSpreadsheet(view));
    const cells = (await readXlsxFile(file))
      .at(-1)
      ?.data.slice(1)
      .map((row) => row[0]);
    expect(cells?.slice(0, 6)).toEqual(hostile.slice(0, 6));
    expect(cells?.slice(6).join('')).not.toMatch(/\p{Cc}|\p{Cs}/u);
    expect(cells?.[6]).toBe('abc');
  });

  it('says boxes to tick, leaves blanks empty, and tells what was left out', async () => {
    const view = withSheet({
      rows: [
        [
          { text: '', ticks: ['yes', 'no'] },
          { text: '', blanks: 3 },
        ],
        [{ text: 'x', sub: ['y'] }, { text: '' }],
      ],
      note: 'About it.',
      more: '3 more.',
    });
    const data = (await read(view)).at(-1)?.data;
    expect(data?.[1]).toEqual(['□ yes\n□ no', null]);
    expect(data?.[2]).toEqual(['x\ny', null]);
    expect(data?.slice(3).map((row) => row[0])).toEqual(['About it.', '3 more.']);
  });

  it('makes names that Excel takes, each once', () => {
    const titles = [
      'a/b:c',
      'A/B:C',
      "'quoted'",
      '',
      '\u0000',
      'History',
      '長'.repeat(40),
      '😀'.repeat(20),
      'x'.repeat(40),
      'x'.repeat(41),
    ];
    const names = worksheetNames(titles);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(titles.length);
    for (const name of names) {
      expect(name.length).toBeGreaterThan(0);
      expect(name.length).toBeLessThanOrEqual(31);
      expect(name).not.toMatch(/[[\]/\\:*?]|^'|'$|\p{Cc}/u);
      expect(name).toBe(name.toWellFormed());
      expect(name.toLowerCase()).not.toBe('history');
    }
  });

  it('holds all of 1,000 findings, and nothing', async () => {
    const [, findings] = await read(viewOf('ja', many(1000)));
    expect(findings?.data).toHaveLength(1001);
    const [, none] = await read(viewOf('en', nothing));
    expect(none?.data).toHaveLength(1);
  });
});

describe('lib/zip-dates', () => {
  it('refuses what is no archive', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(22),
      Buffer.from('PK\u0005\u0006'.padEnd(22, '\u00ff'), 'latin1'),
    ])
      expect(() => withoutZipDates(bytes)).toThrow('ZIP');
  });
});
