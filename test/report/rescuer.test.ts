import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/model/answers.ts';
import type { RegisterEntry, Snapshot } from '../../src/model/snapshot.ts';
import type { Language } from '../../src/report/dates.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import type { Block } from '../../src/report/view-model.ts';
import type { SheetCell, SheetView } from '../../src/report/view-model-sections.ts';
import { makeContext, type Context } from '../../src/report/view/context.ts';
import { hypothesisBlocks } from '../../src/report/view/sections/hypotheses.ts';
import { buildPreserve } from '../../src/report/view/sections/preserve.ts';
import { buildView } from '../../src/report/view.ts';
import { runGolden } from '../golden/golden.ts';
import { passive } from './fixture-rescue.ts';
import { evidence, many, nothing } from './fixture-runs.ts';
import { finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { HOSTILE, poisoned } from './poisoned.ts';

const golden = await runGolden();
const LANGUAGES = ['ja', 'en'] as const;

interface Given {
  readonly lang?: Language;
  readonly answers?: Answers;
  readonly known?: Context['knowledge'];
}

function contextOf(of: Snapshot, { lang = 'ja', answers = {}, known = knowledge }: Given = {}): Context {
  return makeContext({ snapshot: of, knowledge: known, evidence, lang, answers });
}

function sheets(blocks: readonly Block[]): SheetView[] {
  return blocks.filter((block) => block.kind === 'sheet');
}

function sheet(blocks: readonly Block[], id: string): SheetView {
  const found = sheets(blocks).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no sheet ${id}`);
  return found;
}

const hypotheses = (of: Snapshot, given?: Given): SheetView =>
  sheet(hypothesisBlocks(contextOf(of, given)), 'hypotheses');
const preserve = (of: Snapshot, given?: Given): readonly Block[] =>
  buildPreserve(contextOf(of, given)).blocks;
const words = (cell: SheetCell | undefined): string =>
  [cell?.text, ...(cell?.sub ?? []), ...(cell?.ticks ?? [])].join('\n');
const heads = ({ rows }: SheetView): (string | undefined)[] => rows.map(([first]) => first?.text);
const rowOf = ({ rows }: SheetView, id: string): readonly SheetCell[] =>
  rows.find(([first]) => first?.text === id) ?? [];

const closed: RegisterEntry = {
  key: 'aaaa000011112222',
  spokenId: 'B-40',
  subject: '203.0.113.11:23/tcp',
  siteId: 'hq',
  class: 'telnet',
  priority: 'P1',
  trace: 'T1',
  state: 'closed',
  misses: 2,
  firstSeen: '2026-03-01T00:00:00Z',
  lastSeen: '2026-06-01T00:00:00Z',
  closedAt: '2026-07-01T00:00:00Z',
  appearance: {},
};

describe('entry-point hypotheses', () => {
  it('stand in the order of what speaks for them, each with its reasons', () => {
    const list = hypotheses(snapshot);
    expect(heads(list).slice(0, 2)).toEqual(['B-02', 'B-07']);
    expect(words(rowOf(list, 'B-02')[1])).toContain('この版に当てはまるかは不明');
    expect(words(rowOf(list, 'B-07')[1])).toContain('閉じた後に、再び開いた');
  });

  it('say that nothing is proven, and name the ways that do not show', () => {
    for (const lang of LANGUAGES) {
      const blocks = hypothesisBlocks(contextOf(snapshot, { lang }));
      expect(sheet(blocks, 'hypotheses').note).toContain(
        lang === 'ja' ? 'なかったことも示しません' : 'no entry is proven',
      );
      const box = blocks.find((block) => block.kind === 'box');
      expect(box?.items.join('')).toMatch(
        lang === 'ja' ? /メール.*盗まれた認証情報/ : /Mail.*Stolen log-ins/,
      );
    }
  });

  it('leave out what leads nowhere, unless others were taken over through it', () => {
    const site = service('203.0.113.12', 443, 'mail-groupware');
    const run = (extra: Parameters<typeof inputs>[1]): Snapshot => ({
      ...snapshot,
      services: [site],
      findings: [finding(site, 'B-50', { inputs: inputs(site, extra) })],
    });
    const blocks = hypothesisBlocks(contextOf(run({ knownUse: 'confirmed' })));
    expect(sheets(blocks)).toEqual([]);
    expect(heads(hypotheses(run({ knownUse: 'confirmed', codeExecution: true })))).toEqual(['B-50']);
    expect(heads(hypotheses(run({ misuse: true })))).toEqual(['B-50']);
  });

  it('do not need a fault: what is not known cannot be ruled out, what is in order can', () => {
    const door = service('203.0.113.12', 500, 'ipsec-vpn', { transport: 'udp' });
    const run = (extra: Parameters<typeof inputs>[1]): readonly Block[] =>
      hypothesisBlocks(
        contextOf({
          ...snapshot,
          services: [door],
          findings: [finding(door, 'B-51', { inputs: inputs(door, extra) })],
        }),
      );
    expect(words(sheet(run({ knownUse: 'unknown' }), 'hypotheses').rows[0]?.[1])).toContain('否定できない');
    expect(sheets(run({ knownUse: 'none', authentication: 'strong', support: 'current' }))).toEqual([]);
  });

  it('never let the certainty of an observation pass for that of an entry', () => {
    expect(words(rowOf(hypotheses(snapshot), 'B-07')[1])).toContain('見えたことの確度：確認');
    expect(words(rowOf(hypotheses(snapshot, { lang: 'en' }), 'B-07')[1])).toContain(
      'Certainty of what is seen: confirmed',
    );
  });

  it('count a door that has closed since, with the time in which it was open', () => {
    const span = {
      from: '2026-02-01T00:00:00Z',
      to: '2026-06-01T00:00:00Z',
      sources: ['shodan' as const],
      looks: 4,
    };
    const exposure = { first: span.from, last: span.to, spans: [span], shut: [] };
    const list = hypotheses({
      ...snapshot,
      register: [closed, { ...closed, key: 'b', spokenId: 'B-41', state: 'open' }],
      exposures: [{ key: closed.subject, exposure }],
    });
    const row = rowOf(list, 'B-40');
    expect(words(row[1])).toContain('今は閉じている（2026-07-01 に確認）');
    expect(words(row[2])).toContain('2026-02-01 ～ 2026-06-01');
    expect(words(row[2])).toContain('ほかの情報源のみ');
    expect(heads(list)).not.toContain('B-41');
  });

  it('lay the logs that are left beside the time of exposure, and never take silence for none', () => {
    const answers = {
      findings: { 'B-02': { logs: { days: 30 }, behind: '社内の全部' }, 'B-07': { logs: { days: 400 } } },
    };
    const list = hypotheses(snapshot, { answers });
    expect(words(rowOf(list, 'B-02').at(-1))).toMatch(/30 日分。初めの 121 日分は、装置に残っていない/);
    expect(words(rowOf(list, 'B-02').at(-1))).toContain('社内の全部');
    expect(words(rowOf(list, 'B-07').at(-1))).toContain('開いていたと分かっている期間は、すべて残っている');
    expect(words(rowOf(list, 'B-03').at(-1))).toContain('未回答');
    expect(rowOf(list, 'B-03').at(-1)?.blanks).toBeGreaterThan(0);
  });

  it('from records alone say so, with the time that the records cover', () => {
    const list = hypotheses(passive);
    for (const row of list.rows) expect(words(row[1])).toContain('記録による。');
  });

  it('are bounded, and say what was left out', () => {
    const list = hypotheses(many(300));
    expect(list.rows).toHaveLength(20);
    expect(list.more).toMatch(/ほか \d+ 件/);
    const full = list.rows.filter((row) => words(row[3]).includes('Microsoft-Windows'));
    expect(full.length).toBeLessThanOrEqual(1);
  });

  it('without a door: nothing speaks for one, which is no proof', () => {
    const blocks = hypothesisBlocks(contextOf(nothing));
    expect(sheets(blocks)).toEqual([]);
    expect(JSON.stringify(blocks)).toContain('侵入がなかったことにはなりません');
  });
});

describe('section 7: visit plan', () => {
  it('goes where traces vanish first', () => {
    const plan = sheet(preserve(snapshot), 'visit-plan');
    expect(heads(plan)).toEqual(['B-03', 'B-12', 'B-02', 'B-07', 'B-05']);
    expect(plan.rows.map((row) => row[1]?.text)).toEqual([
      '1．メモリの中の記録',
      '2．メモリの中の記録',
      '3．装置の中の記録',
      '4．Windowsのイベントログなど',
      '5．サーバのログファイル',
    ]);
  });

  it('names site, country and who must be there', () => {
    const [, , site, present] = rowOf(sheet(preserve(snapshot), 'visit-plan'), 'B-03');
    expect(words(site)).toMatch(/台北事務所\n海外、台湾/);
    expect(words(present)).toContain('架空保守サービスから、装置のパスワードを知る人');
    expect(present?.ticks).toEqual(['社内の管理者', '保守会社', '回線事業者', '拠点の担当']);
  });

  it('drops what is least urgent when there is too much, and puts devices of a kind at a site into one stop', () => {
    const plan = sheet(preserve(many(300)), 'visit-plan');
    expect(plan.rows.length).toBeLessThanOrEqual(20);
    expect(words(plan.rows[0]?.[0])).toMatch(/ほかに \d+/);
    expect(plan.rows.some((row) => words(row[0]).includes('記録が先'))).toBe(true);
  });

  it('asks to carry a console cable only where a device wants one', () => {
    const bring = (of: Snapshot): string =>
      preserve(of)
        .flatMap((block) => (block.kind === 'list' && block.style === 'boxes' ? block.items : []))
        .join('\n');
    expect(bring(snapshot)).toContain('コンソールケーブル');
    expect(bring(nothing)).not.toContain('コンソールケーブル');
    expect(bring(nothing)).toContain('SHA-256');
  });

  it('is silent about order when nothing is known of volatility', () => {
    const { volatility: _volatility, ...known } = knowledge;
    const plan = sheet(preserve(snapshot, { known }), 'visit-plan');
    expect(heads(plan)[0]).toBe('B-02');
    expect(words(plan.rows[0]?.[1])).toContain('不明');
  });
});

describe('section 7: record sheets', () => {
  it('begin with the photograph and end before anything is changed', () => {
    const of = sheet(preserve(snapshot), 'record-b-02');
    const numbers = heads(of);
    expect(numbers).toEqual(['R-1', 'R-2', 'R-3', 'R-3a', 'R-4', 'R-4a', 'R-5', 'R-5a', 'R-6', 'R-6a']);
    expect(of.rows.map((row) => row[1]?.text)).toEqual([
      ...Array<string>(4).fill('今すぐ'),
      ...Array<string>(2).fill('今日中'),
      ...Array<string>(4).fill('今週中'),
    ]);
    expect(of.note).toContain('再起動・更新・初期化をしないでください');
    for (const row of of.rows) expect(row.slice(-2).map(({ blanks }) => blanks)).toEqual([1, 1]);
  });

  it('give a number the same meaning on every sheet and in every run', () => {
    const meanings = new Map<string, string>();
    for (const run of [snapshot, many(40), golden.snapshots[1]]) {
      for (const one of sheets(preserve(run)).filter(({ id }) => id.startsWith('record-'))) {
        for (const row of one.rows) {
          const number = row[0]?.text ?? '';
          if (!/^R-\d$/.test(number)) continue;
          const text = row[2]?.text ?? '';
          expect(meanings.get(number) ?? text).toBe(text);
          meanings.set(number, text);
        }
      }
    }
    expect(meanings.get('R-1')).toContain('写真');
    expect([...meanings.keys()].toSorted()).toEqual(['R-1', 'R-2', 'R-3', 'R-4', 'R-5', 'R-6']);
  });

  it('where only logs are looked through, ask for nothing that needs a suspicion', () => {
    const of = sheet(preserve(snapshot), 'record-b-07');
    expect(heads(of).filter((head) => /^R-[236]/.test(head ?? ''))).toEqual([]);
    expect(of.note).toContain('白紙の票で R-1 から');
  });

  it('are one a device, bounded, with a blank one for the rest', () => {
    const two = service('203.0.113.10', 22, 'ssh');
    const run: Snapshot = {
      ...snapshot,
      services: [...snapshot.services, two],
      findings: [...snapshot.findings, finding(two, 'B-60', { trace: 'T1', priority: 'P2' })],
    };
    const one = sheet(preserve(run), 'record-b-07');
    expect(one.note).toMatch(/B-07 .*B-60 /);
    const all = sheets(preserve(many(300))).filter(({ id }) => id.startsWith('record-'));
    expect(all).toHaveLength(9);
    expect(all.at(-1)?.id).toBe('record-blank');
    expect(JSON.stringify(preserve(many(300)))).toContain('残りの ');
    for (const { id, title } of all) {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(title.length).toBeLessThanOrEqual(28);
    }
  });

  it('are there for whoever suspects what no run has seen', () => {
    const section = buildPreserve(contextOf(nothing));
    expect(section.lead).toContain('ほかから疑いを知らされたとき');
    expect(sheets(section.blocks).map(({ id }) => id)).toEqual(['record-blank']);
  });
});

describe('section 7: log request', () => {
  const request = (of: Snapshot, given?: Given): SheetView => sheet(preserve(of, given), 'log-request');
  const row = (of: SheetView, log: string): readonly SheetCell[] =>
    of.rows.find((cells) => cells[1]?.text.includes(log)) ?? [];

  it('asks once for a log, with all doors and their longest period', () => {
    const rdps = Array.from({ length: 40 }, (_, index) => service(`203.0.113.${index + 20}`, 3389, 'rdp'));
    const of = request({
      ...snapshot,
      services: rdps,
      findings: rdps.map((one, index) =>
        finding(one, `B-${index + 100}`, {
          trace: 'T1',
          firstSeen: index === 7 ? '2026-01-15T00:00:00Z' : '2026-10-01T00:00:00Z',
        }),
      ),
    });
    const logs = of.rows.map((cells) => cells[1]?.text);
    expect(new Set(logs).size).toBe(logs.length);
    const [, log, period] = row(of, 'RemoteConnectionManager');
    expect(words(log)).toMatch(/B-100、.*ほか 32/);
    expect(words(period)).toBe('2026-01-15 ～ 2026-11-20\n310 日間');
    expect(of.rows.length).toBeLessThan(25);
  });

  it('says when the beginning is known from records alone', () => {
    const span = { from: '2026-05-01T00:00:00Z', to: '2026-11-20T00:00:00Z', looks: 3 };
    const door = (source: 'probe' | 'shodan'): Snapshot => {
      const one = service('203.0.113.10', 3389, 'rdp', {
        exposure: { first: span.from, last: span.to, spans: [{ ...span, sources: [source] }], shut: [] },
      });
      return { ...snapshot, services: [one], findings: [finding(one, 'B-07', { trace: 'T1' })] };
    };
    expect(words(request(door('shodan')).rows[0]?.[2])).toContain('記録だけで分かったもの');
    expect(words(request(door('probe')).rows[0]?.[2])).not.toContain('記録だけで分かったもの');
  });

  it('tells answers and silence apart, and takes the fewest days', () => {
    const answers = { findings: { 'B-07': { logs: { days: 14, 'off-box': 'yes' as const } } } };
    const cell = row(request(snapshot, { answers }), 'RemoteConnectionManager')[3];
    expect(words(cell)).toContain('少なくとも 14 日分');
    expect(words(cell)).toContain('別の場所に写しがある');
    expect(words(row(request(snapshot), 'RemoteConnectionManager')[3])).toContain('未回答 1 件');
  });

  it('asks for the logs kept elsewhere, of the cloud only where there is one', () => {
    const ofHeadOffice = { ...snapshot, findings: snapshot.findings.filter(({ siteId }) => siteId === 'hq') };
    expect(row(request(ofHeadOffice), '回線事業者')[4]?.text).toBe('回線事業者');
    expect(row(request(ofHeadOffice), 'クラウド：')).toEqual([]);
    expect(row(request(many(40)), 'クラウド：')[4]?.text).toBe('クラウドの管理者');
  });

  it('asks for the logs of a door that has closed since', () => {
    const of = request({ ...nothing, register: [closed] });
    expect(words(of.rows[0]?.[1])).toContain('B-40');
    expect(words(of.rows[0]?.[2])).toContain('2026-03-01 ～ 2026-06-01');
  });

  it('is bounded', () => {
    const kinds = [...knowledge.advice.keys()];
    const all = kinds.map((kind, index) => service(`203.0.113.${index + 1}`, 80, kind));
    const of = request({
      ...snapshot,
      services: all,
      findings: all.map((one, index) => finding(one, `B-${index + 10}`, { trace: 'T1' })),
    });
    expect(of.rows).toHaveLength(60);
    expect(of.more).toMatch(/ほか \d+ 種/);
  });
});

describe('sections 6 and 7 in the page', () => {
  it.each(LANGUAGES)('say nothing banned, leave no gap, and repeat no sheet id in %s', (lang) => {
    const banned =
      lang === 'ja'
        ? /安全です|問題なし|異常なし|サーバー|ユーザー|踏み台サーバ|速やかに|直ちに|undefined|NaN/
        : /\b(?:is safe|no problem|all clear|undefined|NaN)\b/i;
    for (const run of [snapshot, many(300), nothing, passive, ...golden.snapshots]) {
      const known = run.runId === snapshot.runId ? knowledge : golden.knowledge;
      const context = contextOf(run, { lang, known });
      const blocks = [...hypothesisBlocks(context), ...buildPreserve(context).blocks];
      expect(JSON.stringify(blocks).match(banned)?.[0]).toBeUndefined();
      const ids = sheets(blocks).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { columns, rows } of sheets(blocks))
        for (const row of rows) expect(row).toHaveLength(columns.length);
    }
  });

  it('show no raw control characters of a stranger', () => {
    for (const text of HOSTILE) {
      const context = contextOf({
        ...poisoned(text),
        register: [{ ...closed, subject: text, siteId: text }],
      });
      const all = JSON.stringify([...hypothesisBlocks(context), ...buildPreserve(context).blocks]);
      expect(all.match(/\\u001b|\\r|\u202e|\u2066|\ufeff/)?.[0]).toBeUndefined();
    }
  });

  it('is part of the page', () => {
    const page = renderHtml(buildView({ snapshot, knowledge, evidence, lang: 'ja' }), 'full');
    expect(page).toContain('id="record-b-02"');
    expect(page).toContain('id="log-request"');
  });
});
