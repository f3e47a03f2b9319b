/** What all pages share: findings that fold, evidence to keep, sheets to work with, and what a visit needs. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { render } from 'preact-render-to-string';
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH } from '../../src/report/html/script/page.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { Sheet } from '../../src/report/html/sheet.tsx';
import { messagesFor } from '../../src/report/messages/index.ts';
import { buildView, type EvidenceRecord } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import type { SheetView } from '../../src/report/view-model-sections.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { knowledge, snapshot } from './fixture.ts';
import { evidence, many } from './fixture-runs.ts';
import { HOSTILE, poisoned } from './poisoned.ts';
import { strictParse } from './strict-parse.ts';

const view = (of: Snapshot, lang: 'ja' | 'en' = 'ja'): ReportView =>
  buildView({ snapshot: of, knowledge, evidence, lang });

describe('the script of the page', () => {
  it('is one text for every page and language, without what a policy or a template could trip over', () => {
    const scripts = (['ja', 'en'] as const).flatMap((lang) =>
      (['full', 'small'] as const).map(
        (name) => /<script>(.*?)<\/script>/s.exec(renderHtml(view(snapshot, lang), name))?.[1],
      ),
    );
    expect(new Set(scripts)).toEqual(new Set([PAGE_SCRIPT]));
    expect(PAGE_SCRIPT_HASH).toBe(`sha256-${createHash('sha256').update(PAGE_SCRIPT).digest('base64')}`);
    expect(PAGE_SCRIPT).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|<\/|<!--|\$\{|fetch\(|localStorage/,
    );
  });

  it('is plain ASCII, so that no reader of the file can take it for other bytes', () => {
    expect(PAGE_SCRIPT).toMatch(/^[ -~\n]*$/);
  });

  it('finds every word that it asks for, in both languages', () => {
    const asked = [...PAGE_SCRIPT.matchAll(/\bwords\.(\w+)/g)].map(([, name]) => name ?? '');
    expect(asked.length).toBeGreaterThan(20);
    for (const lang of ['ja', 'en'] as const) {
      const words = Object.keys({ ...messagesFor(lang).script.page, priority: {} });
      expect(asked.filter((name) => !words.includes(name))).toEqual([]);
      expect(
        words.filter((name) => !asked.includes(name) && !['system', 'light', 'dark'].includes(name)),
      ).toEqual([]);
    }
  });
});

describe('findings on the page', () => {
  const articles = (html: string): { readonly open: number; readonly all: number } => {
    const all = [...html.matchAll(/<article class="finding"[^>]*><details( open)?>/g)];
    return { all: all.length, open: all.filter(([, open]) => open !== undefined).length };
  };

  it('stand open when they ask for work today, and then one: it shows what the others hold', () => {
    expect(articles(renderHtml(view(snapshot)))).toEqual({ all: 6, open: 1 });
    expect(articles(renderHtml(view(many(300, 'P1'))))).toEqual({ all: 80, open: 1 });
    expect(articles(renderHtml(view(many(300, 'P2'))))).toEqual({ all: 80, open: 0 });
    expect(articles(renderHtml(view(snapshot), 'rescuer'))).toEqual({ all: 6, open: 0 });
  });

  it('keep the order of their parts, and show first what is needed first', () => {
    const html = renderHtml(view(snapshot));
    const [vpn = ''] = html.split('<article class="finding"').slice(1);
    const numbers = [...vpn.matchAll(/<h4><span class="no">(\d*)<\/span>/g)].map(([, no]) => no);
    expect(numbers).toEqual(['0', '', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
    const folded = [...vpn.matchAll(/<details class="part"><summary><h4><span class="no">(\d*)/g)].map(
      ([, no]) => no,
    );
    // T2: what must be recorded first is not folded.
    expect(folded).toEqual(['6', '7', '8', '9', '10', '11', '12']);
    const visit = renderHtml(view(snapshot), 'rescuer').split('<article class="finding"')[1] ?? '';
    const rest = [...visit.matchAll(/<details class="part"><summary><h4><span class="no">(\d*)/g)].map(
      ([, no]) => no,
    );
    expect(rest).toEqual(['', '4', '7', '8', '9', '11', '12']);
  });

  it('say in their head by when, how sure, and what was seen', () => {
    const [finding] = view(snapshot).findings.full;
    expect(finding?.meta.map(({ term }) => term)).toEqual([
      '急ぎ',
      '痕跡',
      '確度',
      '着手の期限',
      '完了の期限',
    ]);
    expect(finding?.gist).toMatch(
      /^2026年11月20日（金）09:04 JST、観測点「東京」から、203\.0\.113\.4 の TCP 443 番が/,
    );
    expect(finding?.gist.endsWith('。')).toBe(true);
  });
});

describe('evidence on the page', () => {
  const files = (html: string): Map<string, Buffer> =>
    new Map(
      strictParse(html).flatMap(({ attributes: { download, href } }) =>
        download === undefined ? [] : [[download, Buffer.from((href ?? '').split(',')[1] ?? '', 'base64')]],
      ),
    );

  it('can be kept as it is, with the hash of what is kept', () => {
    const html = renderHtml(view(snapshot));
    const found = files(html);
    expect(found.size).toBeGreaterThan(6);
    for (const [name, bytes] of found) {
      expect(bytes.length, name).toBeGreaterThan(0);
      expect(html).toContain(createHash('sha256').update(bytes).digest('hex'));
    }
    const page = [...found.values()].find((bytes) => bytes.toString('latin1').startsWith('HTTP/1.1 200'));
    expect(page?.toString('utf8')).toContain('<title>ログイン</title>');
  });

  it('says when only a part was kept, and gives the hash of the whole beside that of the part', () => {
    const item = view(snapshot).appendix.items.find(({ label }) => label === 'http GET /');
    expect(item?.received.part).toContain(`48,211 バイトのうち`);
    expect(item?.received.part).toContain('d'.repeat(64));
    expect(item?.received.sha256).not.toBe('d'.repeat(64));
    expect(item?.sent.part).toBeUndefined();
    const whole = view(snapshot).appendix.items.find(({ label }) => label === 'rdp negotiation');
    expect(whole?.received.part).toBeUndefined();
    expect(whole?.repeats).toBe(true);
  });

  it('leads from the finding to the appendix and back, one entry for each exchange', () => {
    const { findings, appendix } = view(snapshot);
    const beside = findings.full.flatMap(({ anchor, parts }) =>
      parts.flatMap(({ blocks }) =>
        blocks.flatMap((block) =>
          block.kind === 'evidence' ? block.items.map(({ reference }) => ({ reference, anchor })) : [],
        ),
      ),
    );
    expect(beside.length).toBeGreaterThan(5);
    for (const { reference, anchor } of beside)
      expect(appendix.items.find((item) => item.reference === reference)?.of.anchor).toBe(anchor);
    expect(appendix.items[0]?.facts.map(({ term }) => term)).toEqual(['時刻', '情報源・観測点', '宛先']);
  });

  it('stays bounded, and says what is not offered as a file', () => {
    const big = Buffer.alloc(64 * 1024, 'x');
    const records = (id: string): readonly EvidenceRecord[] => [
      {
        label: 'http GET /',
        observedAt: '2026-11-20T00:05:00Z',
        source: 'probe',
        evidence: {
          label: 'http GET /',
          sent: Buffer.from(id).toString('base64'),
          received: big.toString('base64'),
          receivedBytes: big.length,
          sha256: createHash('sha256').update(big).digest('hex'),
          truncated: false,
        },
      },
    ];
    const full = buildView({ snapshot: many(300, 'P1'), knowledge, evidence: records, lang: 'en' });
    const kept = [...files(renderHtml(full)).values()].reduce((sum, bytes) => sum + bytes.length, 0);
    expect(kept).toBeGreaterThan(900_000);
    expect(kept).toBeLessThanOrEqual(1024 * 1024);
    expect(full.appendix.withoutFile).toMatch(/^\d+ messages not offered as files/);
    expect(full.appendix.omitted).toMatch(/left out for size/);
  });
});

describe('a sheet', () => {
  const sheet = (rows: number, more: Partial<SheetView> = {}): SheetView => ({
    id: 'x',
    title: 'X',
    note: undefined,
    columns: [
      { text: 'A', width: 12.4 },
      { text: 'B', width: 300 },
      { text: 'C', code: true },
    ],
    rows: Array.from({ length: rows }, (_, index) => [
      { text: `B-${index}`, mark: { priority: 'P1', trace: 'T2', unowned: false, anchor: undefined } },
      { text: 'b', ticks: ['yes', 'no'], blanks: 2 },
      { text: 'c' },
    ]),
    more: 'more',
    ...more,
  });
  const drawn = (rows: number, more?: Partial<SheetView>): string =>
    render(<Sheet sheet={sheet(rows, more)} m={messagesFor('en')} />);

  it('takes its widths from classes', () => {
    expect(drawn(2)).toContain('<table class="fold fixed-columns">');
    expect(drawn(2)).toContain(
      '<th scope="col" class="w12">A</th><th scope="col" class="w100">B</th><th scope="col">C</th>',
    );
    expect(drawn(9)).toContain('data-sort="P1 0 B-3"');
    expect(drawn(0)).not.toContain('<table');
  });

  it('is sifted and sorted when it is long: what people write on only when it is far longer than paper', () => {
    const sifted = '<table class="fold fixed-columns sieve sortable">';
    expect(drawn(9)).not.toContain(sifted);
    expect(drawn(41)).toContain(sifted);
    const read = Array.from({ length: 9 }, () => [{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
    expect(drawn(9, { rows: read })).toContain(sifted);
    expect(drawn(9, { rows: read.slice(1) })).not.toContain(sifted);
  });

  it('says what is inside when it is folded, and is not folded around nothing', () => {
    const folded = drawn(2, { inside: '192.0.2.1: B-1' });
    expect(folded).toContain('<div class="worksheet folded" id="x"><details><summary><h3>X</h3>');
    expect(folded.slice(0, folded.indexOf('</summary>'))).toMatch(/192\.0\.2\.1: .*2 rows/);
    expect(drawn(0, { inside: '' })).not.toContain('<details');
  });

  it('marks what is only room to write, so that a phone leaves it to paper', () => {
    const rows = [[{ text: 'a' }, { text: '', blanks: 2 }, { text: '', sub: ['b'], blanks: 1 }]];
    expect(drawn(1, { rows }).match(/class="blank"/g)).toHaveLength(1);
  });
});

describe('hostile text in words and labels', () => {
  it.each(HOSTILE.map((text) => ({ text, shown: JSON.stringify(text).slice(0, 60) })))(
    'stays text in the page of a rescuer: $shown',
    ({ text }) => {
      const tags = strictParse(renderHtml(view(poisoned(text)), 'rescuer'));
      expect(tags.filter(({ name }) => name === 'script')).toHaveLength(1);
      for (const { attributes } of tags)
        expect(Object.keys(attributes).filter((name) => name.startsWith('on') || name === 'style')).toEqual(
          [],
        );
    },
  );
});

describe('the page of a rescuer', () => {
  it('says in which order to read it, and leads to sections that are there', () => {
    for (const lang of ['ja', 'en'] as const) {
      const html = renderHtml(view(snapshot, lang), 'rescuer');
      const order = /<nav class="order".*?<\/nav>/s.exec(html)?.[0] ?? '';
      const numbers = [...order.matchAll(/<span class="no">(\w+)<\/span>/g)].map(([, number]) => number);
      expect(numbers.length).toBeGreaterThanOrEqual(2);
      expect(numbers.indexOf('4')).toBeLessThan(numbers.indexOf('5'));
      for (const [, id] of order.matchAll(/href="#(\w+)"/g)) expect(html).toContain(`<section id="${id}"`);
      expect(html).toContain(`<p class="kind">${messagesFor(lang).script.kind}</p>`);
    }
  });
});
