import { describe, expect, it } from 'vitest';
import { Snapshot } from '../../src/model/snapshot.ts';
import { Answers } from '../../src/model/answers.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { renderMarkdown, renderText } from '../../src/report/text.ts';
import { buildView, type ViewInput } from '../../src/report/view.ts';
import { makeContext, type Context } from '../../src/report/view/context.ts';
import { buildDaysOpen } from '../../src/report/view/plots/days-open.ts';
import { buildLifelines, unansweredLogs } from '../../src/report/view/plots/lifelines.ts';
import { openTime } from '../../src/report/view/plots/open-time.ts';
import { buildReach } from '../../src/report/view/plots/reach.ts';
import { buildTimeline } from '../../src/report/view/sections/timeline.ts';
import { answers, exposure, history, past } from './fixture-plots.ts';
import { knowledge, service, snapshot } from './fixture.ts';
import { evidence, many, nothing } from './fixture-runs.ts';
import { strictParse } from './strict-parse.ts';

const LANGUAGES = ['ja', 'en'] as const;

function input(of: Snapshot, lang: 'ja' | 'en', extra: Partial<ViewInput> = {}): ViewInput {
  return { snapshot: of, knowledge, evidence, lang, ...extra };
}

function context(
  of: Snapshot = past,
  lang: 'ja' | 'en' = 'en',
  extra: Partial<ViewInput> = { answers },
): Context {
  return makeContext(input(of, lang, extra));
}

function lifelines(of?: Context) {
  const plot = buildLifelines(of ?? context());
  if (plot === undefined) throw new Error('no plot');
  return plot;
}

function row(id: string, of?: Context) {
  const found = lifelines(of).rows.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
}

describe('report: exposure timeline', () => {
  it('is made from valid data', () => {
    expect(Snapshot.parse(past)).toBeDefined();
    expect(Answers.parse(answers)).toBeDefined();
  });

  it('has a bar for each time open, by who saw it, most urgent door first', () => {
    expect(lifelines().rows.map(({ id }) => id)).toEqual([
      'B-02',
      'B-07',
      'B-03',
      'B-05',
      'B-12',
      'B-10',
      'B-11',
    ]);
    expect(row('B-02').bars.map(({ seen }) => seen)).toEqual(['others', 'both']);
    expect(row('B-07').bars.map(({ seen }) => seen)).toEqual(['own', 'own']);
    for (const { bars } of lifelines().rows)
      for (const { from, to } of bars) expect(0 <= from && from <= to && to <= 1).toBe(true);
  });

  it('draws no dashes over a time in which it was found shut, and marks the look', () => {
    expect(row('B-07').gaps).toEqual([]);
    expect(row('B-07').shut).toHaveLength(1);
    expect(row('B-02').gaps).toHaveLength(1);
    expect(row('B-02').shut).toEqual([]);
  });

  it('says that it was open before the picture begins', () => {
    expect(row('B-03').earlier).toBe(true);
    expect(row('B-02').earlier).toBe(false);
    expect(row('B-03').tip).toContain('first seen open 2024-01-30');
  });

  it('tells logs that are left, none that are, and nobody who answered apart', () => {
    expect(row('B-02')).toMatchObject({ logs: 'logs: 30 days' });
    expect(row('B-12')).toMatchObject({ logs: 'logs: none', logsFrom: 1 });
    expect(row('B-11')).toMatchObject({ logs: 'logs: not answered', logsFrom: undefined });
    // Those of the site stand in for those of the device.
    expect(row('B-03').logs).toBe('logs: 14 days');
    expect(row('B-02').logsFrom).toBeGreaterThan(row('B-05').logsFrom ?? 1);
    expect(unansweredLogs(context())).toEqual(['B-11']);
  });

  it('prints the dates that are in the data, with a letter each, and no other', () => {
    expect(row('B-02').ticks.map(({ letter, text }) => [letter, text])).toEqual([
      ['O', 'opened, as the owner has told 2026-02-01'],
      ['R', 'a public report of its use in attacks 2026-09 (CVE-2026-99999 JPCERT/CC)'],
      ['V', 'published by the vendor 2026-09-30 (Example)'],
      ['J', 'published by JPCERT/CC 2026-10-30'],
      ['K', 'listed as used in attacks (KEV) 2026-11-18 (CVE-2026-99999)'],
    ]);
    expect(row('B-07').ticks).toEqual([]);
    expect(lifelines().letters.map(({ letter }) => letter)).toEqual(['O', 'K', 'J', 'V', 'R']);
    expect(lifelines(context(past, 'ja')).letters.map(({ letter }) => letter)).toEqual([
      '開',
      '悪',
      '注',
      '製',
      '報',
    ]);
  });

  it('keeps of many notices of a kind the first and the newest', () => {
    const crowded: Snapshot = {
      ...past,
      findings: past.findings.map((one) => ({
        ...one,
        exploited: Array.from({ length: 12 }, (_, index) => ({
          cve: `CVE-2026-${1000 + index}`,
          grade: 'product-matches' as const,
          kevAdded: `2026-${String(index + 1).padStart(2, '0')}-01`,
          ransomware: false,
          fixed: [],
          source: 'vendor',
        })),
      })),
    };
    expect(row('B-07', context(crowded)).ticks.map(({ text }) => text.slice(-27))).toEqual([
      '2026-01-01 (CVE-2026-1000)'.padStart(27),
      '2026-12-01 (CVE-2026-1011)'.padStart(27),
    ]);
    const table = lifelines(context(crowded)).text.rows.find(([id]) => id?.startsWith('B-07'));
    expect(table?.at(5)?.match(/CVE/g)).toHaveLength(12);
  });

  it('puts a notice from before the picture at its left end, each kind once', () => {
    const used = { grade: 'product-matches' as const, ransomware: false, fixed: [], source: 'vendor' };
    const old: Snapshot = {
      ...past,
      findings: past.findings.map((one) => ({
        ...one,
        exploited: ['2019-05-01', '2021-11-03', '2026-11-18'].map((kevAdded) => ({
          ...used,
          cve: `CVE-${kevAdded.slice(0, 4)}-10000`,
          kevAdded,
        })),
      })),
    };
    expect(row('B-07', context(old)).ticks.map(({ at, earlier }) => [at === 0, earlier])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it('does with the looks of a snapshot from before exposures were kept', () => {
    const rdp = snapshot.services[0];
    if (rdp === undefined) throw new Error('no service');
    expect(openTime(rdp)?.spans).toHaveLength(2);
    const undated = service('203.0.113.77', 443, 'web', {
      sightings: [
        {
          source: 'internetdb',
          vantage: '',
          status: 'open',
          first: '2026-11-20T00:00:00Z',
          last: '2026-11-20T00:00:00Z',
        },
      ],
    });
    expect(openTime(undated)).toBeUndefined();
    expect(openTime({ ...undated, exposure: exposure([['<b>', '<b>', 'probe']]) })).toBeUndefined();
  });

  it('draws forty doors and counts the rest', () => {
    const plot = lifelines(context(many(300), 'ja', {}));
    expect(plot.rows).toHaveLength(40);
    expect(plot.more).toMatch(/^ほか \d+ 件は図に描いていません。5章にすべてあります。$/);
    expect(lifelines().more).toBeUndefined();
    expect(plot.text.rows).toHaveLength(40);
  });

  it('has no empty picture where there is no door', () => {
    expect(buildLifelines(context(nothing, 'ja', {}))).toBeUndefined();
    const kinds = buildTimeline(context(nothing, 'ja', {}))?.blocks.map(({ kind }) => kind) ?? [];
    expect(kinds).not.toContain('plot');
    expect(kinds).not.toContain('command');
  });

  it('says how to bring the logs into the picture, for those that are not answered', () => {
    const said = buildTimeline(context())?.blocks.flatMap((block) => ('text' in block ? [block.text] : []));
    expect(said).toContain('findings: { B-11: { logs: { days: 30, where: "syslog" } } }');
    const told = { findings: { ...answers.findings, 'B-11': { logs: { days: 1 } } }, sites: answers.sites };
    const all = buildTimeline(context(past, 'en', { answers: { ...told, sites: answers.sites ?? {} } }));
    expect(all?.blocks.map(({ kind }) => kind)).not.toContain('command');
  });
});

describe('report: days open after notice', () => {
  it('counts from the later of notice and opening, longest first', () => {
    expect(buildDaysOpen(context())?.rows.map(({ id, days, logDays }) => [id, days, logDays])).toEqual([
      ['B-03', 139, 14],
      ['B-02', 2, 30],
    ]);
    expect(buildDaysOpen(context(many(40), 'en', {}))).toBeUndefined();
  });
});

describe('report: what each vantage point reached', () => {
  it('puts doors first that one reached and another did not', () => {
    const plot = buildReach(context(past, 'ja'));
    expect(plot?.columns).toEqual(['東京（今回）', 'シンガポール']);
    expect(plot?.rows.slice(0, 3).map(({ id, cells }) => [id, ...cells])).toEqual([
      ['B-07', 'open', 'shut'],
      ['B-03', 'open', 'silent'],
      ['B-02', 'open', 'open'],
    ]);
    expect(plot?.rows.at(-1)).toMatchObject({
      id: '',
      name: '203.0.113.7:22/tcp',
      cells: ['not-open', 'open'],
    });
    expect(plot?.rows.find(({ id }) => id === 'B-10')?.cells).toEqual(['silent', 'not-looked']);
  });

  it('needs a second vantage point', () => {
    expect(buildReach(context(snapshot, 'ja'))).toBeUndefined();
  });
});

describe('report: the plots in all forms', () => {
  it.each(LANGUAGES)('draws each twice, with a name for every link, in %s', (lang) => {
    const page = renderHtml(buildView(input(past, lang, { answers, history })));
    const tags = strictParse(page);
    const svg = tags.filter(
      ({ name, attributes }) => name === 'svg' && attributes['class']?.startsWith('plot '),
    );
    const broad = svg.filter(({ attributes }) => attributes['class']?.includes('broad'));
    const narrow = svg.filter(({ attributes }) => attributes['class']?.includes('narrow'));
    expect(broad.length).toBeGreaterThanOrEqual(4);
    expect(narrow).toHaveLength(broad.length);
    for (const { attributes } of [...broad, ...narrow]) expect(attributes['aria-label']).not.toBe('');
    const ids = new Set(tags.map(({ attributes }) => attributes['id']).filter((id) => id !== undefined));
    // Each row is a picture with a name, and the link around it takes that name.
    const rows = tags.flatMap((tag, index) =>
      tag.name === 'g' && tag.attributes['class'] === 'row' ? [{ row: tag, around: tags[index - 1] }] : [],
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { row, around } of rows) {
      expect(row.attributes['aria-label']).toMatch(/\S/);
      expect(around?.name).toBe('a');
      expect(ids).toContain(around?.attributes['href']?.slice(1));
    }
    expect(page).not.toMatch(/ style="/);
    const all = tags.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(all.filter((id, index) => all.indexOf(id) !== index)).toEqual([]);
  });

  it.each(LANGUAGES)('has the same in words in %s', (lang) => {
    const view = buildView(input(past, lang, { answers, history }));
    for (const text of [renderText(view), renderMarkdown(view)]) {
      expect(text).toContain('2024-01-30');
      expect(text).toContain('203.0.113.7:22/tcp');
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(renderText(view)).toContain(lang === 'ja' ? '記録の残り: 未回答' : 'Logs left: not answered');
  });
});
