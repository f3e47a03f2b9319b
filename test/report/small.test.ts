import { beforeAll, describe, expect, it } from 'vitest';
import { viewOf } from '../../src/cli/report-files.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { renderMarkdown, renderText } from '../../src/report/text.ts';
import { buildView } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { runGolden } from '../golden/golden.ts';
import { change, coverage, finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { passive } from './fixture-rescue.ts';
import { evidence, many, nothing } from './fixture-runs.ts';

type Lang = 'ja' | 'en';
const view = (of: Snapshot, lang: Lang = 'ja'): ReportView =>
  buildView({ snapshot: of, knowledge, evidence, lang });

/** Kana, kanji and their punctuation: what takes a reader time. */
const JAPANESE = /[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60]/g;

/** The text from the beginning of the page to its second heading below the title. */
function opening(html: string): string {
  const body = html.slice(html.indexOf('<main'));
  const [, second] = [...body.matchAll(/<h2/g)];
  return body.slice(0, second?.index).replace(/<[^>]+>/g, ' ');
}

/** What a reader sees of the page. */
function readable(html: string): string {
  return html
    .slice(html.indexOf('<main'), html.indexOf('</main>'))
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

let golden: (lang: Lang) => ReportView;
beforeAll(async () => {
  const { knowledge: real, snapshots, journals } = await runGolden();
  golden = (lang) => viewOf({ snapshot: snapshots[1], journal: journals[1], knowledge: real }, lang);
}, 60_000);

/** Three kinds of work, all at once, each in several places. */
const urgent: Snapshot = many(40, 'P1');
const blind: Snapshot = {
  ...nothing,
  complete: false,
  coverage: [coverage({ state: 'failed', looked: 0, answered: 0 })],
};

describe('report/small', () => {
  it('can be read in a minute: at most 350 Japanese characters before the second heading', () => {
    const runs = {
      golden: golden('ja'),
      fixture: view(snapshot),
      urgent: view(urgent),
      passive: view(passive),
    };
    for (const [name, one] of Object.entries(runs)) {
      const text = opening(renderHtml(one, 'small'));
      expect(text, name).toContain('まず、今日やること');
      const count = text.match(JAPANESE)?.length ?? 0;
      expect(count, name).toBeGreaterThan(100);
      expect(count, name).toBeLessThanOrEqual(350);
    }
  });

  it.each(['ja', 'en'] as const)(
    'asks for three things at most, each with three steps and two days (%s)',
    (lang) => {
      for (const one of [golden(lang), view(snapshot, lang), view(urgent, lang)]) {
        const { actions } = one.small;
        expect(actions).toHaveLength(3);
        for (const { steps, begin, finish, where, id } of actions) {
          expect(steps.length).toBeGreaterThanOrEqual(2);
          expect(steps.length).toBeLessThanOrEqual(3);
          for (const day of [begin, finish])
            expect(day).toMatch(lang === 'ja' ? /^\d+月\d+日（[日月火水木金土](・祝)?）$/ : /^\w{3} \d+ \w+/);
          expect(where).toMatch(/\d/);
          expect(id).toMatch(/^B-\d+$/);
        }
      }
    },
  );

  it('puts records before changes, and never a restart or an update first', () => {
    const [vpn, rdp] = view(snapshot).small.actions;
    expect(vpn?.steps[0]).toContain('電源を切らず');
    expect(vpn?.steps[1]).toContain('更新');
    expect(rdp?.steps).toEqual([
      '先に記録を写す。',
      '保守会社に電話し、3389 番を塞ぐ。',
      '誰が接続したかを聞く。',
    ]);
    expect(view(snapshot).small.rules.join('')).toContain('入られていないことにはなりません');
  });

  it('does not close what shows signs of misuse, but keeps it and calls for help', () => {
    const box = service('203.0.113.20', 50050, 'c2-indicator');
    const found = finding(box, 'B-20', {
      priority: 'P1',
      trace: 'T2',
      row: 'misuse',
      inputs: inputs(box, { misuse: true }),
    });
    const { actions } = view({ ...snapshot, services: [box], findings: [found], changes: [] }).small;
    expect(actions[0]?.headline).toContain('兆し');
    expect(actions[0]?.steps[0]).toContain('触らず');
    expect(actions[0]?.steps[1]).toContain('IPA');
  });

  it('says in words what was looked at, what is open, for how long, and how far logs go back', () => {
    const told = buildView({
      snapshot,
      knowledge,
      evidence,
      lang: 'ja',
      answers: { findings: { 'B-02': { logs: { days: 14 } } } },
    });
    expect(told.small.scope.join('')).toBe(
      'アドレス 34 個、接続口 4（海外 1）を点検、9 個が応答。誰でも接続できる入口 5、▲ 即時 2。弱点の悪用の公表後も 2 日開き、記録は 14 日分。',
    );
    expect(view(snapshot).small.scope.join('')).toContain('記録は不明');
  });

  it('does not turn records into doors, nor silence into nothing', () => {
    const records = view(passive).small;
    expect(records.scope.join('')).toContain('誰でも接続できる入口 不明');
    expect(records.band).toContain('記録のみ');
    expect(records.law).toContain('何も送っていません');
    const clean = view(nothing).small;
    expect(clean.none).toContain('応答するものがありませんでした');
    expect(clean.phone).toBeUndefined();
    const broken = view(blind).small;
    expect(broken.none).toContain('何も言えません');
    for (const one of [records, clean, broken])
      expect(one.limits.notThere).toBe('見えなかったことは、ないことではありません。');
  });

  it('counts changes by kind, and what it leaves out', () => {
    const { changes, law, limits } = view(snapshot).small;
    expect(changes.counts.map(({ name, count }) => `${name} ${count}`)).toEqual([
      '新しく開いた口 2',
      '再び開いた口 1',
      '閉じた口 1',
      '応答がなくなった口 1',
      '急ぎの上昇 1',
      '中身の変化 1',
    ]);
    expect(law).toContain('パスワードの試行は一切していません');
    expect(law).toContain('ほかの指摘 6 件');
    expect(limits.missed).toContain('34 個のうち 3 個');
    const { previousRun: _, ...first } = snapshot;
    expect(view({ ...first, changes: [] }).small.changes.none).toContain('初めて');
    const paged = change(
      snapshot.findings[0] ?? finding(service('203.0.113.1', 80, 'web'), 'B-1'),
      'content-varied',
    );
    expect(
      view({ ...snapshot, changes: [paged] }).small.changes.counts.every(({ count }) => count === '0'),
    ).toBe(true);
  });

  it.each(['ja', 'en'] as const)('says the same in every form (%s)', (lang) => {
    const one = golden(lang);
    const html = readable(renderHtml(one, 'small'));
    const plain = [
      html,
      renderText(one, 'small'),
      renderMarkdown(one, 'small').replaceAll('\\', '').replaceAll('\u200b', ''),
    ];
    const { actions, scope, rules, limits, help, law } = one.small;
    const said = [...scope, ...actions.flatMap(({ steps, headline }) => [...steps, headline]), ...rules];
    for (const form of plain) {
      for (const line of [...said, limits.notThere, law]) expect(form).toContain(line);
      for (const { who } of help) expect(form).toContain(who);
      expect(form).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(renderText(one, 'small').length).toBeLessThan(renderText(one, 'full').length / 5);
  });

  it('cuts what does not fit on the sheet, and says so', () => {
    const long = '株式会社'.repeat(40);
    const { small } = view({
      ...snapshot,
      organisation: { id: 'x', ja: long, en: long },
      sites: snapshot.sites.map((site) => ({ ...site, ja: long })),
      maintainer: { name: long, phone: '0'.repeat(60) },
    });
    const texts = [
      small.organisation,
      small.actions[0]?.where ?? '',
      small.help[0]?.phone ?? '',
      small.help[0]?.what ?? '',
    ];
    for (const text of texts) {
      expect(text).toContain('…');
      expect(text.length).toBeLessThan(70);
    }
  });
});
