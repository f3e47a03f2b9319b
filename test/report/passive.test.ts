import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { cssString } from '../../src/report/html/style.ts';
import { renderMarkdown, renderText } from '../../src/report/text.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { buildView } from '../../src/report/view.ts';
import { wrapColumns } from '../../src/report/columns.ts';
import { renderWeekly } from '../../src/report/weekly.ts';
import { coverage, finding, inputs, knowledge, snapshot } from './fixture.ts';
import { empty, passive } from './fixture-rescue.ts';
import { evidence } from './fixture-runs.ts';
import { strictParse } from './strict-parse.ts';

function view(of: Snapshot, lang: 'ja' | 'en' = 'ja'): ReportView {
  return buildView({ snapshot: of, knowledge, evidence, lang });
}

const SHEET = {
  ja: '記録のみ（2026-11-09 ～ 2026-11-18）。対象には何も送っていません。ポートが閉じていることも、今も開いていることも、記録では証明できません。',
  en: 'Records only (2026-11-09 to 2026-11-18). Nothing was sent to the organisation. Records cannot prove that a port is closed, nor that it is still open.',
};
const NOTE = {
  ja: '記録のみ（2026-11-09 ～ 2026-11-18）。今日開いている証明にも、閉じている証明にもなりません。',
  en: 'Records only (2026-11-09 to 2026-11-18): proof of neither open nor closed today.',
};
const LANGUAGES = ['ja', 'en'] as const;

describe('report: records alone', () => {
  it('says what it was made from, how old it is and what it cannot prove', () => {
    expect(view(passive).passive).toEqual({
      title: '公開の記録だけで作りました。対象には何も送っていません。',
      lines: [
        '載せた場所ごとの記録は、最も新しいものが2026年11月18日（水）（2日前）、最も古いものが2026年11月9日（月）（11日前）です。',
      ],
      cannotTitle: '記録では証明できないこと',
      cannot: expect.arrayContaining(['ポートが閉じていること。記録になくても、開いているかもしれない。']),
      note: NOTE.ja,
      sheet: SHEET.ja,
    });
    expect(view(passive, 'en').passive).toMatchObject({
      title: 'Made from public records alone. Nothing was sent to the organisation.',
      lines: [
        'Of the places shown, the newest record is of Wed 18 November 2026 (2 days old), the oldest of Mon 9 November 2026 (11 days old).',
      ],
      note: NOTE.en,
      sheet: SHEET.en,
    });
    for (const lang of LANGUAGES) expect(view(passive, lang).passive?.cannot).toHaveLength(6);
  });

  it.each(LANGUAGES)('says it at every section and on every sheet of paper in %s', (lang) => {
    const made = view(passive, lang);
    const page = renderHtml(made);
    const tags = strictParse(page);
    const sections = tags.filter(({ name }) => name === 'section').length;
    expect(sections).toBeGreaterThan(15);
    expect(tags.filter(({ attributes }) => attributes['class'] === 'section-note')).toHaveLength(sections);
    expect(tags.filter(({ attributes }) => attributes['class'] === 'records')).toHaveLength(1);
    expect(page).toContain(`@bottom-left{content:${cssString(SHEET[lang])}`);
    for (const text of [renderText(made), renderMarkdown(made).replaceAll('\\', '')])
      expect(text.split(NOTE[lang])).toHaveLength(sections + 1);
    expect(renderText(made).indexOf(made.passive?.title ?? '?')).toBeLessThan(200);
  });

  it.each(LANGUAGES)('heads the mail with it, in a quiet week as well, in %s', (lang) => {
    const mail = renderWeekly(view(passive, lang));
    expect(mail.subject).toBe(
      lang === 'ja'
        ? '[境界点検] 変化なし｜記録のみ｜架空精機株式会社｜2026-11-20'
        : '[Boundary check] no change | records only | Kakuu Seiki K.K. | 2026-11-20',
    );
    const quiet = mail.body.split('\n');
    const head = wrapColumns(SHEET[lang], 76);
    expect(quiet.slice(0, head.length)).toEqual(head);
    expect(quiet[head.length]).toMatch(
      lang === 'ja' ? /対象 34・照会 32・記録あり 5/ : /asked about 32, with records 5/,
    );
    const { previousRun: _, ...first } = passive;
    expect(renderWeekly(view(first, lang)).body.split('\n').slice(0, head.length)).toEqual(head);
  });

  it('makes no number of what nobody looked at', () => {
    expect(view(passive).glance.numbers.map(({ value, label }) => [value, label])).toEqual([
      [undefined, '外から誰でも接続できる入口（自前の点検をしていないので不明）'],
      [undefined, '▲ 即時の指摘（応答を確かめていないので不明）'],
      ['4', '接続口（拠点・クラウド・回線）'],
    ]);
    const [first] = passive.services;
    if (first === undefined) throw new Error('no service');
    const urgent = finding(first, 'B-01', { priority: 'P1', inputs: inputs(first, { reach: 'unknown' }) });
    const { glance, today } = view({ ...passive, findings: [urgent] });
    expect(glance.numbers[1]).toMatchObject({ value: '1', label: '▲ 即時の指摘' });
    expect(today.actions[0]?.notes).toEqual([
      '記録だけで分かったことです（最新は 2026-11-09、10 日前）。今もあるかを、先に確かめてください。',
    ]);
    expect(view({ ...snapshot, findings: [] }).glance.numbers[1]?.value).toBe('0');
  });

  it.each(LANGUAGES)('speaks of records where there is no answer, in %s', (lang) => {
    const text = renderText(view(empty, lang)) + renderText(view({ ...passive, findings: [] }, lang));
    const wrong =
      lang === 'ja'
        ? /この観測点からは、この時刻に|この観測点から見えた|応答なし|観測点：東京|応答は 0 個/
        : /from this vantage point at this time|nothing answered|Vantage point: 東京|, 0 answered/i;
    expect(text).not.toMatch(wrong);
    const { today, doors, findings, glance } = view(empty, lang);
    const said = [today.none, doors.none, findings.lead, glance.map.sites[0]?.none];
    expect(said).toEqual(
      lang === 'ja'
        ? [
            '公開の記録に、この範囲のものはありませんでした。記録がないというだけで、何もないとは限りません。',
            '記録に入口はありませんでした。入口がないことにはなりません。',
            '指摘はありません。記録にあるものについての結果で、ネットワーク全体については何も言えません。',
            '記録なし',
          ]
        : [
            'The public records asked hold nothing about this scope. That says what they recorded, not what is there.',
            'The records hold no door. That does not show that there is none.',
            'No findings. That is a statement about what the records hold, not about your network.',
            'nothing in the records',
          ],
    );
  });

  it('names imported files, and one date as one', () => {
    const at = '2026-11-19T20:00:00Z';
    const files = view({
      ...empty,
      coverage: [
        coverage({ source: 'nmap', vantage: 'unknown', file: 'scan.xml', requests: 0, dataDate: at }),
      ],
    });
    expect(files.passive).toMatchObject({
      title: '取り込んだファイルだけで作りました。対象には何も送っていません。',
      lines: [
        '載せた場所の記録は、どれも2026年11月20日（金）（当日）のものです。',
        'ほかのツールが、ファイルになる前に送ったものは含みません。',
      ],
    });
    const both = view({
      ...empty,
      coverage: [...empty.coverage, coverage({ source: 'censys', vantage: 'censys', file: 'c.json' })],
    });
    expect(both.passive?.title).toBe(
      '公開の記録と取り込んだファイルだけで作りました。対象には何も送っていません。',
    );
    const ledger = coverage({ source: 'file', vantage: 'unknown', file: 'ledger.csv', requests: 0 });
    expect(view({ ...empty, coverage: [...empty.coverage, ledger] }).passive).toEqual(view(empty).passive);
    expect(view(empty).passive?.lines).toEqual(['使える日付のある記録はありません。']);
  });

  it('does not say that nothing was sent when something may have been', () => {
    const title = (of: Partial<Snapshot>): string | undefined =>
      view({ ...empty, passive: false, ...of }, 'en').passive?.title;
    const blind = 'Made from public records alone. The own probes learnt nothing this time.';
    const silent = 'Made from public records alone. Nothing was sent to the organisation.';
    const own = (extra: Parameters<typeof coverage>[0]): Snapshot['coverage'] => [
      coverage({ looked: 0, answered: 0, requests: 0, state: 'failed', ...extra }),
    ];
    expect(title({ coverage: own({ reason: 'no-permission' }) })).toBe(silent);
    expect(title({ coverage: own({ state: 'off', reason: 'switched-off' }) })).toBe(silent);
    expect(title({ coverage: own({ reason: 'network', looked: 34, requests: 34 }) })).toBe(blind);
    expect(title({ coverage: own({ reason: 'unexpected' }) })).toBe(blind);
    expect(title({ coverage: own({ source: 'nmap', reason: 'tool-failed' }) })).toBe(blind);
    expect(title({ coverage: own({ source: 'nmap', reason: 'not-installed' }) })).toBe(silent);
    expect(title({ coverage: own({ reason: 'outside-window', requests: 3 }) })).toBe(blind);
    expect(title({ coverage: own({ source: 'nmap', reason: 'tool-failed' }), passive: true })).toBe(blind);
    expect(title({ coverage: [] })).toBe(blind);
    expect(title({ coverage: own({ source: 'nmap', state: 'complete', looked: 34 }) })).toBeUndefined();
    expect(title({ coverage: [], services: snapshot.services })).toBeUndefined();
    expect(title({ coverage: [], services: snapshot.services, passive: true })).toBe(silent);
  });

  it('leaves a report with own probes as it was, but for the dates of the records', () => {
    const made = view(snapshot);
    expect(made.passive).toBeUndefined();
    expect(made.cover.facts[2]?.lines.at(-1)).toBe('他者の記録：2026-11-09 ～ 2026-11-18');
    expect(view(snapshot, 'en').cover.facts[2]?.lines.at(-1)).toBe(
      'Records of others: 2026-11-09 to 2026-11-18',
    );
    const page = renderHtml(made);
    for (const mark of ['@bottom-left', 'class="section-note"', 'class="records"'])
      expect(page).not.toContain(mark);
    expect(renderText(made)).not.toContain('記録のみ');
  });

  it.each(LANGUAGES)('does not call a run in order that asked nobody (%s)', (lang) => {
    const off = [coverage({ state: 'off', reason: 'passive', looked: 0 })];
    const blind = view({ ...empty, coverage: off }, lang);
    expect(blind.cover.health.complete).toBe(false);
    expect(renderWeekly(blind).body).toContain(
      lang === 'en' ? 'nothing was looked at' : '点検そのものができていない',
    );
    expect(view(empty, lang).weekly.health).not.toContain(blind.today.none ?? '');
  });
});
