import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/model/service.ts';
import type { Change, Snapshot } from '../../src/model/snapshot.ts';
import type { Language } from '../../src/report/dates.ts';
import type { SectionView, SheetCell, SheetView } from '../../src/report/view-model-sections.ts';
import { makeContext } from '../../src/report/view/context.ts';
import { buildSigns } from '../../src/report/view/sections/signs.ts';
import { runGolden } from '../golden/golden.ts';
import { passive } from './fixture-rescue.ts';
import { evidence, many, nothing } from './fixture-runs.ts';
import { change, coverage, finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { HOSTILE, poisoned } from './poisoned.ts';

const golden = await runGolden();

function section(of: Snapshot, lang: Language = 'ja', known = knowledge): SectionView {
  return buildSigns(makeContext({ snapshot: of, knowledge: known, evidence, lang }));
}

function signs(of: Snapshot, lang: Language = 'ja'): SheetView | undefined {
  return section(of, lang).blocks.find((block) => block.kind === 'sheet');
}

const words = (cell: SheetCell | undefined): string => [cell?.text, ...(cell?.sub ?? [])].join('\n');
const seen = (of: Snapshot): string[] => (signs(of)?.rows ?? []).map((row) => words(row[1]));
const texts = (of: Snapshot, lang: Language = 'ja'): string => JSON.stringify(section(of, lang).blocks);

/** A run in which nothing but this was found. */
function run(
  one: Service,
  extra: Parameters<typeof inputs>[1] = {},
  changes: readonly Change[] = [],
): Snapshot {
  return {
    ...snapshot,
    services: [one],
    findings: [finding(one, 'B-70', { inputs: inputs(one, extra) })],
    changes: [...changes],
    expected: [],
  };
}

const plain = service('203.0.113.12', 443, 'web');

describe('section 12: what was seen', () => {
  it('names tools of attackers and miners as what they resemble, and says what that does not prove', () => {
    const row = signs(run(service('203.0.113.12', 4444, 'c2-indicator'), { misuse: true }))?.rows[0];
    expect(row?.[0]?.text).toBe('B-70');
    expect(words(row?.[1])).toContain('に似た応答がある');
    expect(words(row?.[1])).toContain('見えたことの確度：確認');
    expect(words(row?.[3])).toContain('正当なツール');
    expect(words(row?.[4])).toMatch(/止めない.*窓口/);
    expect(seen(run(service('203.0.113.12', 3333, 'coin-miner'), { misuse: true }))).toHaveLength(1);
  });

  it('lists paths of known attacks with the attack that they are known from', () => {
    const answers = Array.from({ length: 7 }, (_, index) => ({
      id: `x ${index}`,
      method: 'GET' as const,
      path: `/shell${index}.aspx`,
      status: 200,
      bodyBytes: 10,
      control: { path: '/none.aspx', status: 404, bodyBytes: 0 },
      campaign: { ja: '架空の攻撃', en: 'invented attack' },
      about: { ja: '説明', en: 'about' },
      source: { publisher: 'Example CERT', url: 'https://example.com/', date: '2026-01-01' },
    }));
    const [one] = seen(run({ ...plain, indicators: { asked: 9, skipped: [], answers } }, { misuse: true }));
    expect(one).toContain('7 個');
    expect(one).toContain('/shell0.aspx（架空の攻撃）');
    expect(one).toContain('+2');
  });

  it('passes on what a passive source says, as its word', () => {
    const tagged = run({ ...plain, passiveTags: ['compromised', 'scanner'] }, { misuse: true });
    expect(seen(tagged)[0]).toContain('compromised、scanner');
    expect(words(signs(tagged)?.rows[0]?.[3])).toContain('古い記録か');
    expect(seen(run({ ...plain, passiveTags: ['cdn'] }))).toEqual([]);
  });

  it('counts proxies that let strangers in, and services that flood third parties', () => {
    const open = { kind: 'none', facts: [] } as const;
    const socks = service('203.0.113.12', 1080, 'network-service', {
      protocol: 'socks',
      authentication: { ...open, facts: [] },
    });
    expect(seen(run(socks))).toHaveLength(1);
    expect(seen(run({ ...socks, authentication: { kind: 'password', facts: [] } }))).toEqual([]);
    const dns = service('203.0.113.12', 53, 'network-service', { concerns: ['open-recursion', 'amplifier'] });
    expect(seen(run(dns))).toHaveLength(1);
    expect(seen(run(dns))[0]).toContain('名前解決');
  });

  it('tells changes that nobody explained, and not those with a ticket or a declaration', () => {
    const door = service('203.0.113.12', 22, 'ssh');
    const [of] = run(door).findings;
    if (of === undefined) throw new Error('no finding');
    const fresh = change(of, 'new');
    expect(seen(run(door, {}, [fresh]))[0]).toContain('新規公開（初見 2026-06-21）');
    expect(seen(run(door, {}, [{ ...fresh, ticket: '2026-1' }]))).toEqual([]);
    const declared = {
      key: door.key,
      owner: 'x',
      reason: 'x',
      until: '2027-01-01',
      state: 'as-declared' as const,
    };
    expect(seen({ ...run(door, {}, [fresh]), expected: [declared] })).toEqual([]);
    expect(seen(run(plain, {}, [change(finding(plain, 'B-70'), 'new')]))).toEqual([]);
  });

  it('tells a page and a certificate that are not what they were', () => {
    const [of] = run(plain).findings;
    if (of === undefined) throw new Error('no finding');
    const page = change(of, 'content-changed', {
      details: [{ what: 'page-scripts', from: '', to: 'https://evil.example' }],
    });
    expect(seen(run(plain, {}, [page]))[0]).toContain('https://evil.example');
    const certificate = change(of, 'changed', {
      details: [{ what: 'certificate', from: 'b'.repeat(64), to: 'c'.repeat(64) }],
    });
    expect(seen(run(plain, {}, [certificate]))[0]).toContain(`${'b'.repeat(16)}… → ${'c'.repeat(16)}…`);
    const title = change(of, 'changed', { details: [{ what: 'title', from: 'a', to: 'b' }] });
    expect(seen(run(plain, {}, [title]))).toEqual([]);
  });

  it('puts the most telling first, and 300 new doors into a few rows', () => {
    const c2 = service('203.0.113.200', 4444, 'c2-indicator');
    const crowd = many(300);
    const of = {
      ...crowd,
      services: [...crowd.services, c2],
      findings: [...crowd.findings, finding(c2, 'B-999', { inputs: inputs(c2, { misuse: true }) })],
    };
    const list = signs(of);
    expect(list?.rows[0]?.[0]?.text).toBe('B-999');
    expect(list?.rows.length).toBeLessThanOrEqual(30);
    expect(words(list?.rows[1]?.[0])).toMatch(/同じものがほかに \d+：B-/);
  });

  it('is bounded, and says what was left out', () => {
    const all = Array.from({ length: 45 }, (_, index) =>
      service(`203.0.113.${index + 1}`, 53, 'network-service', { concerns: ['amplifier'] }),
    );
    const list = signs({
      ...snapshot,
      services: all,
      findings: all.map((one, index) => finding(one, `B-${index + 100}`)),
      changes: [],
    });
    expect(list?.rows).toHaveLength(30);
    expect(list?.more).toContain('15 件');
  });
});

describe('section 12: what was not seen', () => {
  it('is never said to be absent', () => {
    const quiet: Snapshot = { ...nothing, changes: [] };
    expect(texts(quiet)).toContain('この観測点からは、2026年11月20日（金）09:38 JSTの時点で');
    expect(texts(quiet)).toContain('悪用されていないことにはなりません');
    expect(texts(quiet, 'en')).toContain('That does not show that nothing is misused.');
    expect(texts(passive)).toContain('公開の記録に、この点検が知っている兆しはありませんでした');
    const blind = { ...nothing, coverage: [coverage({ state: 'failed', looked: 0, reason: 'network' })] };
    expect(texts(blind)).toContain('悪用の兆しについては何も言えません');
  });

  it('says what was not asked', () => {
    const { previousRun: _previous, ...first } = nothing;
    expect(texts(first)).toContain('前回の点検がないので、変化は分からない');
    expect(texts(first)).toContain('既知の攻撃のパスは尋ねていない');
    const asked = run({ ...plain, indicators: { asked: 9, skipped: [], answers: [] } });
    expect(texts(asked)).toContain('ウェブサーバ 1 台で、既知の攻撃のパス 9 個を尋ねた');
  });

  it('is looked for inside, in every run and both languages', () => {
    for (const of of [snapshot, nothing, passive]) {
      expect(texts(of)).toMatch(/ORB.*外向きの通信/);
      expect(texts(of, 'en')).toMatch(/ORB.*Outgoing traffic/);
    }
  });
});

describe('section 12: wording', () => {
  it.each(['ja', 'en'] as const)('bans no word less than the rest of the report in %s', (lang) => {
    const banned =
      lang === 'ja'
        ? /安全です|問題なし|異常なし|サーバー|ユーザー|踏み台サーバ|速やかに|直ちに|undefined|NaN/
        : /\b(?:is safe|no problem|all clear|no signs|undefined|NaN)\b/i;
    for (const of of [snapshot, many(300), nothing, passive])
      expect(texts(of, lang).match(banned)?.[0]).toBeUndefined();
    for (const of of golden.snapshots)
      expect(JSON.stringify(section(of, lang, golden.knowledge)).match(banned)?.[0]).toBeUndefined();
  });

  it('lets no control character of a stranger through', () => {
    for (const text of HOSTILE)
      expect(texts(poisoned(text)).match(/\\u001b|\\r|\u202e|\u2066|\ufeff/)?.[0]).toBeUndefined();
  });
});
