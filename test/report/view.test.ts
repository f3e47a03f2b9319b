import { describe, expect, it } from 'vitest';
import { Snapshot } from '../../src/model/snapshot.ts';
import { buildView } from '../../src/report/view.ts';
import type { Language } from '../../src/report/dates.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { coverage, finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { evidence, many, nothing } from './fixture-runs.ts';

function view(of: Snapshot, lang: Language = 'ja'): ReportView {
  return buildView({ snapshot: of, knowledge, evidence, lang });
}

describe('report/view', () => {
  it('is made from a valid snapshot', () => {
    for (const one of [snapshot, nothing, many(20)]) expect(Snapshot.parse(one)).toBeDefined();
  });

  it('is the same twice', () => {
    expect(JSON.stringify(view(snapshot))).toBe(JSON.stringify(view(structuredClone(snapshot))));
  });

  it('does not depend on the order of findings and services', () => {
    const turned = {
      ...snapshot,
      findings: snapshot.findings.toReversed(),
      services: snapshot.services.toReversed(),
    };
    const { snapshot: _a, ...straight } = view(snapshot);
    const { snapshot: _b, ...reversed } = view(turned);
    expect(reversed).toEqual(straight);
  });

  it('asks for three things at most, the most urgent first, and never for what is only to be known', () => {
    const { actions } = view(snapshot).today;
    expect(actions.map(({ id, priority }) => [id, priority])).toEqual([
      ['B-02', 'P1'],
      ['B-07', 'P1'],
      ['B-03', 'P2'],
    ]);
    expect(actions[0]?.begin).toBe('11月21日（土）09:00');
    expect(actions[0]?.finish).toBe('11月23日（月・祝）');
    expect(actions[0]?.steps[0]).toContain('先に記録を残す');
    expect(actions[0]?.notes).toContain('更新が済んでいても、入られていないことにはなりません。');
    expect(view(many(40, 'P4')).today.actions).toEqual([]);
  });

  it('puts doors of one kind into one action and names the others', () => {
    const { actions } = view(many(80, 'P1')).today;
    expect(actions).toHaveLength(3);
    expect(actions[0]?.notes.join('')).toMatch(/同じ種類の口がほかに 9 あります（B-/);
  });

  it('tells nothing to do, nothing seen and nothing looked at apart', () => {
    const idle = view(many(4, 'P4')).today.none;
    const silent = view(nothing).today.none;
    const blind = view({
      ...nothing,
      coverage: [coverage({ state: 'failed', looked: 0, reason: 'network' })],
    });
    expect(new Set([idle, silent, blind.today.none]).size).toBe(3);
    expect(silent).toContain('この観測点からは、この時刻に');
    expect(blind.limits.zero).toContain('点検そのものができていません');
  });

  it('names files and where they were made, the newest eight, and never hides one with holes', () => {
    const files = Array.from({ length: 20 }, (_, week) =>
      coverage({
        source: 'nmap',
        vantage: 'mobile-line',
        file: `week-${week}.xml`,
        state: week === 0 ? 'partial' : 'complete',
        dataDate: `2026-0${1 + Math.floor(week / 4)}-0${1 + (week % 4)}T00:00:00Z`,
        refusedByScope: 7,
        notLooked: [{ what: 'masscan', reason: 'not-installed', count: 0 }],
      }),
    );
    const { sources } = view({ ...snapshot, coverage: files }).limits;
    expect(sources.map(({ name }) => name)).toEqual([
      'nmap（week-0.xml）',
      ...[12, 13, 14, 15, 16, 17, 18, 19].map((week) => `nmap（week-${week}.xml）`),
      'これより古いファイル 11 件',
    ]);
    expect(sources[1]?.state).toBe('ファイルを読んだ');
    expect(sources[1]?.looked[1]).toBe('観測点：mobile-line');
    expect(sources[1]?.notLooked).toEqual([
      'masscan：このプログラムが入っていない',
      '範囲の外の記録 7 件は、取り込んでいない',
    ]);
    expect(sources.at(-1)?.looked[0]).toContain('2026年1月2日');
  });

  it('counts only what an own probe has reached', () => {
    expect(view(snapshot).glance.numbers.map(({ value }) => value)).toEqual(['5', '2', '4']);
    const passive = view({
      ...snapshot,
      coverage: snapshot.coverage.filter(({ source }) => source !== 'probe'),
    });
    expect(passive.glance.numbers[0]?.value).toBeUndefined();
    expect(passive.glance.numbers[0]?.label).toContain('不明');
    expect(view(snapshot).glance.pair.map(({ value }) => value)).toEqual(['2', undefined]);
    expect(view(nothing).glance.pair).toEqual([]);
  });

  it('draws more than eight doors at a connection point by kind and priority, and leaves none out', () => {
    const crowded = { ...many(40), services: many(40).services.map((one) => ({ ...one, siteId: 'hq' })) };
    const { sites } = view(crowded).glance.map;
    const hq = sites.find(({ name }) => name.startsWith('本社'));
    expect(hq?.doors).toHaveLength(8);
    expect(hq?.more).toBe(0);
    expect(hq?.doors.map(({ port }) => port)).toEqual(Array.from({ length: 8 }, () => '×5'));
    expect(sites[0]?.name).toBe('台北事務所');
  });

  it('keeps a service whose site has gone, and one that nobody judged', () => {
    const lost = service('192.0.2.99', 22, 'ssh', { siteId: 'gone' });
    const { glance, doors } = view({ ...snapshot, services: [...snapshot.services, lost] });
    expect(glance.grid.rows.at(-1)?.name).toBe('今の範囲の外');
    expect(doors.rows.at(-1)?.patch.text).toBe('判断していない');
  });

  it('gives every finding that asks for work its fixed parts, and a table to those that do not', () => {
    const { full, tables } = view(snapshot).findings;
    expect(full.map(({ id }) => id)).toEqual(['B-02', 'B-07', 'B-03', 'B-05', 'B-12', 'B-13']);
    expect(full[0]?.parts.map(({ number }) => number)).toEqual([
      undefined,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      11,
      12,
    ]);
    expect(tables.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(['B-10', 'B-11', 'B-08']);
  });

  it('reads a place aloud', () => {
    const phone = (of: Snapshot, lang: Language): string =>
      JSON.stringify(view(of, lang).findings.full.map(({ parts }) => parts[0]?.blocks));
    expect(phone(snapshot, 'ja')).toContain(
      '番号 B-07。本社（大阪）、リモートデスクトップ、203 の 0 の 113 の 10、ポート 3389。外から接続できる状態です。外からの接続を止めてください。ただし、その前に記録を写してください。',
    );
    expect(phone(snapshot, 'en')).toContain('203 dot 0 dot 113 dot 10, port 3389.');
    const six = service('2001:db8::15', 3389, 'rdp');
    const only = finding(six, 'B-01', { priority: 'P1', inputs: inputs(six) });
    expect(phone({ ...snapshot, services: [six], findings: [only] }, 'ja')).toContain(
      'db8 コロン二つ 15、ポート 3389',
    );
  });

  it('says what is not known when a rule could not judge', () => {
    const web = view(snapshot).findings.full.find(({ id }) => id === 'B-13');
    expect(JSON.stringify(web?.ground)).toContain('足りない事実があります（製品、版）');
  });

  it('names other candidates, and not what only lies beneath', () => {
    const like = (productId: string) => ({
      productId,
      certainty: 'inferred' as const,
      version: { state: 'unknown' as const },
      matched: [],
      observations: [],
    });
    const door = service('203.0.113.77', 443, 'ssl-vpn', {
      identity: like('example-vpn'),
      candidates: [like('example-router'), like('carrier')],
    });
    const only = finding(door, 'B-01', { priority: 'P1', inputs: inputs(door) });
    const carrier = {
      ...knowledge.products.get('example-mail')!,
      id: 'carrier',
      name: 'Carrier',
      generic: true,
    };
    const { findings } = buildView({
      snapshot: { ...snapshot, services: [door], findings: [only] },
      knowledge: { ...knowledge, products: new Map([...knowledge.products, ['carrier', carrier]]) },
      evidence,
      lang: 'en',
    });
    expect(JSON.stringify(findings.full[0])).toContain('It may also be: ExampleRouter.');
  });

  it('does not call a passive record reachable', () => {
    const row = view(snapshot).findings.tables[0]?.rows.find(({ id }) => id === 'B-10');
    expect(row).toBeDefined();
    const raised = {
      ...snapshot,
      findings: snapshot.findings.map((one) =>
        one.spokenId === 'B-10' ? { ...one, priority: 'P2' as const } : one,
      ),
    };
    const camera = view(raised).findings.full.find(({ id }) => id === 'B-10');
    expect(camera?.headline).toContain('公開の記録に載っています');
    expect(JSON.stringify(camera?.parts)).not.toContain('接続を止めてください');
  });

  it('tells a door that did not answer us from one that nobody looked at', () => {
    const doorText = (reach: 'passive-only' | 'unknown'): string | undefined => {
      const judged = {
        ...snapshot,
        findings: snapshot.findings.map((one) =>
          one.spokenId === 'B-10' ? { ...one, inputs: { ...one.inputs, reach } } : one,
        ),
      };
      const doors = view(judged).glance.map.sites.flatMap((site) => site.doors);
      return doors.find(({ id }) => id === 'B-10')?.text;
    };
    expect(doorText('passive-only')).toContain('自前の点検では応答なし');
    expect(doorText('unknown')).toContain('今回は見ていない');
    expect(doorText('unknown')).not.toContain('応答なし');
  });

  it('has something to say on the first run, and on a run without change', () => {
    const { previousRun: _, ...first } = snapshot;
    expect(view({ ...first, changes: [] }).changes).toMatchObject({ first: true, items: [], kinds: [] });
    expect(view({ ...snapshot, changes: [] }).changes.none).toBe('前回からの変化はありません。');
  });

  it('never merges the kinds of change', () => {
    const { kinds, items } = view(snapshot).changes;
    expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(snapshot.changes.length);
    expect(new Set(items.map(({ kind }) => kind)).size).toBe(8);
    expect(items.find(({ id }) => id === 'B-12')).toMatchObject({ kind: 'new', ask: undefined });
    expect(items.find(({ id }) => id === 'B-13')?.ask).toContain('理由を記入');
  });

  it('shows bytes of evidence up to the limit and says how many are left', () => {
    const { appendix, findings } = view(snapshot);
    const item = appendix.items.find(({ label }) => label === 'http GET /');
    expect(item?.received.dump?.split('\n')).toHaveLength(64);
    expect(item?.received.dump?.split('\n')[0]).toBe('0000  48 54 54 50 2f 31 2e 31  HTTP/1.1');
    expect(item?.received.more).toContain('47,699');
    expect(JSON.stringify(findings.full[1]?.parts)).toContain('0008  12 34 00 02 1f 08 00 02  .4......');
    const long = (id: string): ReturnType<typeof evidence> => evidence(`${id} 203.0.113.4/`);
    const full = buildView({ snapshot: many(300, 'P1'), knowledge, evidence: long, lang: 'ja' });
    expect(full.appendix.items.length).toBeGreaterThan(50);
    expect(full.appendix.omitted).toMatch(/\d+ 件を省きました/);
  });

  it('works without evidence and with a broken register of sites and products', () => {
    const bare = buildView({
      snapshot,
      knowledge: { ...knowledge, products: new Map() },
      evidence: () => [],
      lang: 'en',
    });
    expect(bare.appendix.items).toEqual([]);
    expect(JSON.stringify(bare.findings.full[0])).toContain('example-vpn');
    const sites = view({ ...snapshot, sites: [], coverage: [] });
    expect(sites.glance.map.sites).toHaveLength(1);
  });
});
