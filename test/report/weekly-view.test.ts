import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { columns, cutColumns, padColumns, wrapColumns } from '../../src/report/columns.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { renderMarkdown, renderText } from '../../src/report/text.ts';
import { buildView } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { renderWeekly } from '../../src/report/weekly.ts';
import { change, coverage, finding, knowledge, service, snapshot } from './fixture.ts';
import { passive } from './fixture-rescue.ts';
import { evidence, many, nothing } from './fixture-runs.ts';

type Lang = 'ja' | 'en';
const view = (of: Snapshot, lang: Lang = 'ja'): ReportView =>
  buildView({ snapshot: of, knowledge, evidence, lang });
const complete: Snapshot = { ...snapshot, coverage: [coverage()] };
const quiet: Snapshot = { ...nothing, coverage: [coverage()] };

describe('report/columns', () => {
  it('counts full-width characters twice, combining marks not at all', () => {
    expect(columns('abc')).toBe(3);
    expect(columns('入口▲（ア）')).toBe(12);
    expect(columns('ｱｲ')).toBe(2);
    expect(columns('e\u0301')).toBe(1);
    expect(columns('👩')).toBe(2);
  });

  it('cuts to a width and says so, and pads', () => {
    expect(cutColumns('株式会社東京', 8)).toBe('株式会…');
    expect(cutColumns('株式会社', 8)).toBe('株式会社');
    expect(padColumns('入口', 6)).toBe('入口  ');
  });

  it('wraps between words and after a thought, loses nothing, and tears only what is longer than a line', () => {
    expect(wrapColumns('aaa bbb ccc', 7)).toEqual(['aaa bbb', 'ccc']);
    expect(wrapColumns('今日やること、そして明日', 18)).toEqual(['今日やること、', 'そして明日']);
    for (const line of wrapColumns('（あ）「い」、う。'.repeat(20), 20))
      expect(line).not.toMatch(/^[）」、。]|[（「]$/);
    const long = 'x'.repeat(200);
    const torn = wrapColumns(`見る ${long} 所`, 30);
    expect(torn.every((line) => columns(line) <= 30)).toBe(true);
    expect(torn.join('').replace(/ /g, '')).toBe(`見る${long}所`);
    expect(wrapColumns('', 30)).toEqual(['']);
    const text = '変更票なし、理由を記入：203.0.113.10:3389 (rdp) を確かめる。'.repeat(8);
    expect(wrapColumns(text, 40).join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''));
  });
});

describe('report/weekly', () => {
  it.each(['ja', 'en'] as const)('fits a mail window of 76 columns (%s)', (lang) => {
    const long = many(60, 'P1');
    const name = '独立行政法人国際先端精密機械製造技術研究開発支援機構西日本地域統括本部';
    const named = { ...long, sites: long.sites.map((site) => ({ ...site, ja: name, en: name })) };
    for (const of of [snapshot, long, named, { ...passive, changes: snapshot.changes }]) {
      const { body } = renderWeekly(view(of, lang));
      const wide = body.split('\n').filter((line) => columns(line) > 76);
      expect(wide).toEqual([]);
    }
  });

  it('says first that the check has holes, then that its list of attacks is old', () => {
    expect(renderWeekly(view(snapshot)).subject).toMatch(/^\[境界点検\] 点検不完全・要対応 2・/);
    const stale = {
      ...complete,
      tool: { ...snapshot.tool, advisoryData: '2026-08-07', advisoryAgeDays: 105 },
    };
    expect(renderWeekly(view(stale)).subject).toMatch(/^\[境界点検\] 要対応 2・.*・弱点情報が古い｜/);
    const open = { ...snapshot, changes: [] };
    expect(renderWeekly(view(open)).subject).toContain(
      '点検不完全・変化は判断しきれません・▲ 2 件が未対応｜',
    );
  });

  it('is two lines in a quiet week: the subject and the health of the check', () => {
    const { subject, body } = renderWeekly(view(quiet));
    expect(subject).toBe('[境界点検] 変化なし｜架空精機株式会社｜2026-11-20');
    expect(body).toBe(
      '点検の健全性：範囲変化なし・対象 34・点検 34・応答 9・観測点 1・規則 2026.11.3-1a2b3c4d・弱点情報 2026-11-20\n',
    );
  });

  it('tells what was left out on purpose apart from what was not reached', () => {
    expect(view(snapshot).weekly.health).toContain('点検 31・応答 9・除外 2・未点検 1・自前の点検 一部実施');
  });

  it('names who has to renew what ends', () => {
    const { body } = renderWeekly(view(snapshot));
    const ending = body.slice(body.indexOf('【期限】'), body.indexOf('【点検の健全性】'));
    expect(ending).toContain('2026年12月11日（金）');
    expect(ending).toContain('担当：情報システム係。');
  });

  it('stays one line of subject whatever a name holds', () => {
    const evil = 'Kakuu\r\nBcc: all@example.jp\r\n\r\nbody';
    const { subject } = renderWeekly(view({ ...snapshot, organisation: { id: 'x', ja: evil, en: evil } }));
    expect(subject).not.toMatch(/[\r\n]/);
    const owned = {
      ...snapshot,
      expected: snapshot.expected.map((one) => ({ ...one, owner: 'A\r\n.\r\nQUIT' })),
    };
    expect(renderWeekly(view(owned)).body.split('\n')).not.toContain('.');
  });

  it.each(['ja', 'en'] as const)(
    'has the same news as a page and as Markdown, and nothing else (%s)',
    (lang) => {
      const made = view(snapshot, lang);
      const page = renderHtml(made, 'weekly');
      const html = page.slice(page.indexOf('<main'), page.indexOf('</main>')).replace(/<[^>]+>/g, '');
      const plain = renderMarkdown(made, 'weekly').replaceAll('\\', '');
      const told = made.changes.items.filter(({ kind }) => kind !== 'content-varied');
      for (const form of [html, plain]) {
        for (const { id } of told) expect(form).toContain(id);
        expect(form).toContain(made.weekly.health);
        expect(form).toContain(made.small.limits.notThere);
        for (const { phone } of made.today.actions.slice(0, 1)) expect(form).toContain(phone);
        for (const rule of made.today.rules) expect(form).toContain(rule);
        expect(form).not.toMatch(/undefined|NaN|\[object/);
      }
      // B-11 is in order and did not change.
      expect(html).not.toContain('B-11');
      expect(renderText(made, 'full')).toContain('B-11');
    },
  );

  it('asks to do what changed, not what was told last week', () => {
    const only = { ...complete, changes: complete.changes.filter(({ spokenId }) => spokenId === 'B-07') };
    for (const form of [renderHtml(view(only), 'weekly'), renderWeekly(view(only)).body]) {
      expect(form).toContain('リモートデスクトップ');
      expect(form).toMatch(/▲ B-02/);
      expect(form).not.toContain('SSL-VPN 製品A');
    }
  });

  it('does not call a week without change quiet when the check was not whole', () => {
    const broken: Snapshot = { ...quiet, coverage: [coverage({ state: 'partial' })] };
    expect(renderMarkdown(view(broken), 'weekly')).toContain('変化の有無は言い切れません');
    expect(renderMarkdown(view(quiet), 'weekly')).toContain('前回からの変化はありません');
    const page = change(finding(service('203.0.113.9', 443, 'web'), 'B-13'), 'content-varied');
    expect(renderWeekly(view({ ...quiet, changes: [page] })).subject).toContain('変化なし');
  });
});
