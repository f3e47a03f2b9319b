import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/model/history.ts';
import { renderIndex } from '../../src/report/index-page/index-page.tsx';
import { buildIndex } from '../../src/report/index-page/index-view.ts';
import type { IndexInput, IndexRun } from '../../src/report/index-page/index-model.ts';
import { strictParse } from './strict-parse.ts';

const LANGUAGES = ['ja', 'en'] as const;
const FILES = [
  'small.ja.html',
  'full.ja.html',
  'full.en.html',
  'weekly.ja.txt',
  'sheets.ja.xlsx',
  'full.ja.pdf',
];

function summary(runId: string, change: Partial<RunSummary> = {}): RunSummary {
  return {
    runId,
    endedAt: `${runId.slice(0, 4)}-${runId.slice(4, 6)}-${runId.slice(6, 8)}T00:38:00Z`,
    vantage: 'office',
    complete: true,
    passive: false,
    blind: false,
    services: 9,
    priorities: { P1: 2, P2: 1, P3: 0, P4: 6 },
    doors: { hq: 3, taipei: 1 },
    recordedDoors: {},
    changes: { new: 1, closed: 2, 'not-checked': 4 },
    ...change,
  };
}

function run(runId: string, change: Partial<RunSummary> = {}, files: readonly string[] = FILES): IndexRun {
  return { runId, summary: summary(runId, change), state: 'read', files };
}

function input(runs: readonly IndexRun[], change: Partial<IndexInput> = {}): IndexInput {
  return {
    lang: 'ja',
    organisation: { ja: '架空精機株式会社', en: 'Kakuu Seiki K.K.' },
    sites: [
      { id: 'hq', ja: '本社', en: 'Head office' },
      { id: 'taipei', ja: '台北', en: 'Taipei' },
    ],
    timezone: 'Asia/Tokyo',
    tlp: 'AMBER',
    runs,
    ...change,
  };
}

const days = (count: number): IndexRun[] =>
  Array.from({ length: count }, (_, n) => {
    const day = new Date(Date.UTC(2026, 10, 20) - n * 86_400_000).toISOString().slice(0, 10);
    return run(`${day.replaceAll('-', '')}T000000Z`);
  });

describe('report/index-page', () => {
  it.each(LANGUAGES)(
    'is well-formed, loads nothing, and links only into the folders of the runs in %s',
    (lang) => {
      const page = renderIndex(input(days(40), { lang }));
      const tags = strictParse(page);
      const links = tags.flatMap(({ name, attributes }) => (name === 'a' ? [attributes['href'] ?? ''] : []));
      expect(links.length).toBeGreaterThan(40);
      for (const link of links) expect(link).toMatch(/^\d{8}T\d{6}Z\/[a-z]+\.(ja|en)\.(html|txt|xlsx|pdf)$/);
      expect(page).toContain("default-src 'none'");
      expect(page).not.toMatch(/https?:\/\//);
      expect(tags.filter(({ name }) => ['link', 'img', 'form', 'base', 'iframe'].includes(name))).toEqual([]);
      expect(page).toContain('TLP:AMBER');
    },
  );

  it('puts the newest report of each view on top, and says of another language which', () => {
    const older = run('20261101T000000Z', {}, ['rescuer.ja.html', 'small.ja.html']);
    const newer = run('20261120T000000Z', {}, ['small.ja.html', 'full.en.html', 'report.ja.html']);
    const { newest } = buildIndex(input([newer, older]));
    expect(newest.map(({ link }) => link.href)).toEqual([
      '20261120T000000Z/small.ja.html',
      '20261120T000000Z/report.ja.html',
      '20261101T000000Z/rescuer.ja.html',
    ]);
    const english = buildIndex(input([newer], { lang: 'en' }));
    expect(english.newest.map(({ link }) => [link.href, link.lang])).toEqual([
      ['20261120T000000Z/small.ja.html', 'ja'],
      ['20261120T000000Z/full.en.html', 'en'],
    ]);
    expect(renderIndex(input([newer], { lang: 'en' }))).toContain('(ja)');
  });

  it('links to nothing but reports', () => {
    const files = [
      'journal.jsonl',
      'snapshot.json',
      'small.fr.html',
      'x.ja.html',
      'small.ja.html.tmp',
      '../small.ja.html',
    ];
    expect(buildIndex(input([run('20261120T000000Z', {}, files)])).rows[0]?.links).toEqual([]);
  });

  it('tells runs that failed, were partial, saw nothing or sent nothing', () => {
    const runs: IndexRun[] = [
      { runId: '20261120T000000Z-2', summary: undefined, state: 'unfinished', files: [] },
      { runId: '20261120T000000Z', summary: undefined, state: 'damaged', files: [] },
      run('20261119T000000Z', { complete: false }),
      run('20261118T000000Z', { blind: true, complete: false }),
      run('20261117T000000Z', { passive: true, doors: {}, recordedDoors: { hq: 2 } }),
    ];
    const { rows, lead } = buildIndex(input(runs));
    expect(rows.map(({ health }) => health.join())).toEqual([
      '結果なし（実行中か、途中で停止）',
      '読めない',
      '一部未実施',
      '何も見ていない',
      '予定どおり,記録のみ',
    ]);
    // A zero would be read as "no doors".
    expect(rows.map(({ doors }) => doors)).toEqual(['–', '–', '4', '–', '–']);
    expect(rows[4]?.doorsNote).toContain('2');
    expect(rows[3]?.priorities).toBeUndefined();
    expect(lead.join('')).toContain('結果のない点検が 2 回');
    expect(rows[0]?.date).toContain('11月20日');
  });

  it('counts changes without what was only not checked', () => {
    expect(buildIndex(input([run('20261120T000000Z')])).rows[0]?.changes).toEqual([
      '＋ 新規公開 1',
      '－ 閉鎖確認 2',
    ]);
    const still = buildIndex(input([run('20261120T000000Z', { changes: { 'not-checked': 3 } })]));
    expect(still.rows[0]?.changes).toEqual(['変化なし']);
  });

  it('draws the last run of each month, and a month without one as a gap', () => {
    const runs = [
      run('20261120T000000Z', { doors: { hq: 1, elsewhere: 2 } }),
      run('20261105T000000Z', { doors: { hq: 9 } }),
      run('20260915T000000Z', { doors: { hq: 4 } }),
      // No point on a line: they say nothing of doors.
      run('20261010T000000Z', { passive: true, doors: {} }),
    ].toSorted((a, b) => (a.runId < b.runId ? 1 : -1));
    const [doors, urgent] = buildIndex(input(runs)).plots;
    expect(doors?.text.rows.map(([month]) => month)).toEqual(['2026-09', '2026-10', '2026-11']);
    expect(doors?.rows).toEqual([
      { name: '本社', counts: [4, undefined, 1] },
      { name: '拠点なし', counts: [0, undefined, 2] },
    ]);
    expect(doors?.text.rows[1]).toEqual(['2026-10', '点検なし', '点検なし']);
    expect(urgent?.rows.map(({ counts }) => counts)).toEqual([
      [2, undefined, 2],
      [1, undefined, 1],
    ]);
    expect(buildIndex(input(days(3))).plots).toEqual([]);
  });

  it('keeps vantage points apart', () => {
    const runs = ['a', 'b', 'c', 'd'].flatMap((vantage, n) => [
      run(`2026112${n}T000000Z`, { vantage }),
      run(`2026092${n}T000000Z`, { vantage }),
    ]);
    const view = buildIndex(input(runs.toSorted((a, b) => (a.runId < b.runId ? 1 : -1))));
    expect(view.plots.map(({ id }) => id)).toEqual([
      'doors-1',
      'urgent-1',
      'doors-2',
      'urgent-2',
      'doors-3',
      'urgent-3',
    ]);
    expect(view.plotsNote).toContain('1');
  });

  it('is made from hundreds of runs in well under a second, and says which it leaves out', () => {
    const runs = days(900);
    const started = performance.now();
    const page = renderIndex(input(runs));
    expect(performance.now() - started).toBeLessThan(3000);
    expect(page).toContain('これより古い点検 500 回');
  });

  it('shows hostile names as text', () => {
    const page = renderIndex(
      input([run('20261120T000000Z', { vantage: '<img src=x>\u202e' })], {
        organisation: { ja: '<b>"x"</b>', en: 'x' },
        tlp: '</style><script>',
      }),
    );
    expect(page).not.toMatch(/<img|<b>"/);
    // That of the page itself.
    expect(page.split('<script')).toHaveLength(2);
    expect(page).not.toContain('\u202e');
    strictParse(page);
  });

  it('opens without any run', () => {
    expect(renderIndex(input([]))).toContain('まだ点検がありません');
  });
});
