import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/model/answers.ts';
import type { Knowledge } from '../../src/model/knowledge.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { deskLetter, type LetterFacts } from '../../src/report/desk-letter.ts';
import { messagesFor } from '../../src/report/messages/index.ts';
import { buildView } from '../../src/report/view.ts';
import type { SectionView, SheetView } from '../../src/report/view-model-sections.ts';
import { knowledge, snapshot } from './fixture.ts';
import { many, nothing } from './fixture-runs.ts';
import { HOSTILE, poisoned } from './poisoned.ts';

interface Given {
  readonly of?: Snapshot;
  readonly lang?: 'ja' | 'en';
  readonly answers?: Answers;
  readonly known?: Knowledge;
}

function section({ of = snapshot, lang = 'ja', answers = {}, known = knowledge }: Given = {}): SectionView {
  const view = buildView({ snapshot: of, knowledge: known, evidence: () => [], lang, answers });
  const found = view.sections.find(({ number }) => number === '13');
  if (found === undefined) throw new Error('no section 13');
  return found;
}
function sheet(of: SectionView, id: string): SheetView {
  const found = of.blocks.find((block) => block.kind === 'sheet' && block.id === id);
  if (found?.kind !== 'sheet') throw new Error(id);
  return found;
}
const phone = (of: SectionView): string =>
  of.blocks.flatMap((block) => (block.kind === 'phone' ? [block.text] : [])).join('');
const letter = (of: SectionView): string =>
  of.blocks.flatMap((block) => (block.kind === 'box' ? [block.title, ...block.items] : [])).join('\n');
const rules = (of: SectionView): string[] =>
  of.blocks.flatMap((block) => (block.kind === 'rule' ? [block.text] : []));

describe('report/view/sections/desk', () => {
  it.each(['ja', 'en'] as const)('is said whatever the run found, in %s', (lang) => {
    for (const of of [snapshot, nothing, many(300)]) {
      const made = section({ of, lang });
      expect(made.title).toBe(messagesFor(lang).desk.title);
      expect(sheet(made, 'desks').rows).toHaveLength(8);
      expect(sheet(made, 'desk-bring').rows).toHaveLength(8);
      for (const block of made.blocks)
        if (block.kind === 'sheet') {
          expect(block.title.length).toBeLessThanOrEqual(28);
          for (const row of block.rows) expect(row).toHaveLength(block.columns.length);
        }
    }
  });

  it('names the maintenance firm first, and leaves lines where none is known', () => {
    const [first] = sheet(section(), 'desks').rows;
    expect(first?.[3]).toMatchObject({ text: '架空保守サービス', sub: ['06-0000-0000'] });
    const { maintainer: _, ...without } = snapshot;
    const [empty] = sheet(section({ of: without }), 'desks').rows;
    expect(empty?.[3]).toMatchObject({ text: '', blanks: 2 });
  });

  it('does without a list of desks, and says so', () => {
    const { contacts: _, ...known } = knowledge;
    const made = sheet(section({ known }), 'desks');
    expect(made.note).toBe(messagesFor('ja').desk.none);
    expect(made.rows).toHaveLength(2);
  });

  it('writes the words for phone and mail from what was found', () => {
    const made = section();
    expect(phone(made)).toContain('急ぐものが 4 件');
    expect(phone(made)).toContain('本社（大阪）のSSL-VPN 製品Aに、攻撃に使われた弱点の疑いがあります。');
    expect(letter(made)).toContain('件名：【相談】外から届く入口について（架空精機株式会社）');
    expect(letter(made)).toContain(
      'B-07 本社（大阪）のリモートデスクトップに、外から誰でも接続できます（203.0.113.10:3389）。',
    );
    expect(letter(made)).toContain('ほかに急ぐ指摘が 1 件。');
    expect(letter(made)).toContain('取扱い：TLP:AMBER。ほかへ渡すときは、先に知らせてください。');
  });

  it('does not call a run without findings free of them', () => {
    expect(phone(section({ of: nothing }))).toContain('見えた範囲に急ぐ指摘はありませんでした');
    expect(letter(section({ of: nothing, lang: 'en' }))).toContain(
      'nothing urgent in what this check could see',
    );
  });

  it('asks to tell a desk on the same day when there are signs of misuse, and to record first', () => {
    const m = messagesFor('ja').desk;
    expect(rules(section())).toEqual([m.unsure, m.recordFirst]);
    const misused = snapshot.findings.map((one) => ({ ...one, inputs: { ...one.inputs, misuse: true } }));
    expect(rules(section({ of: { ...snapshot, findings: misused } }))).toContain(m.atOnce);
    expect(rules(section({ of: nothing }))).toEqual([m.unsure]);
  });

  it('takes over who has been told and who touched what, with room for more', () => {
    const answers: Answers = {
      told: [{ who: 'IPA', on: '2026-11-20', what: '経緯' }, { who: '保険会社' }],
      touched: [{ who: '係', on: '11-19 夕方', what: '再起動' }],
    };
    const made = section({ answers });
    expect(letter(made)).toContain('すでに相談した先：IPA（2026-11-20）、保険会社');
    const told = sheet(made, 'desk-told').rows;
    expect(told[0]?.map(({ text }) => text)).toEqual(['IPA', '2026-11-20', '経緯', '']);
    // When it was is not known: a line, never "no".
    expect(told[1]?.[1]).toEqual({ text: '', blanks: 1 });
    expect(told).toHaveLength(5);
    expect(sheet(made, 'desk-touched').rows[0]?.map(({ text }) => text)).toEqual([
      '11-19 夕方',
      '係',
      '再起動',
    ]);
    expect(letter(section())).toContain('すでに相談した先：（なし／');
  });

  it('bounds long lists and says what is left out', () => {
    const told = Array.from({ length: 120 }, (_, index) => ({ who: `窓口${index}` }));
    const made = sheet(section({ answers: { told } }), 'desk-told');
    expect(made.rows).toHaveLength(23);
    expect(made.more).toContain('100');
  });

  it.each(['ja', 'en'] as const)('shows strangers’ text as text, in %s', (lang) => {
    for (const text of HOSTILE) {
      const answers: Answers = {
        told: [{ who: text, what: text }],
        touched: [{ who: text, on: text, what: text }],
      };
      const said = JSON.stringify(section({ of: poisoned(text), lang, answers }));
      expect(said).not.toMatch(/\\[rnt]|\\u00[01]|\u202e|undefined|NaN/);
      expect(said.length).toBeLessThan(40_000);
    }
  });
});

describe('report/desk-letter', () => {
  const facts: LetterFacts = {
    organisation: 'x',
    seen: [],
    none: '–',
    more: 0,
    since: [],
    checked: '2026-11-20',
    vantage: '',
    unknownVersions: 0,
    told: [],
    tlp: 'GREEN',
    passingOn: 'yes',
  };

  it('has a subject of one line, whoever the sender says he is', () => {
    for (const lang of ['ja', 'en'] as const)
      for (const text of HOSTILE) {
        const { subject, lines } = deskLetter(messagesFor(lang), {
          ...facts,
          organisation: text,
          seen: [text],
          told: [text],
        });
        // oxlint-disable-next-line no-control-regex -- what must not stand there
        const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
        expect(subject).not.toMatch(control);
        expect([...subject].length).toBeLessThanOrEqual(120);
        for (const line of lines)
          for (const one of [line.text, ...line.items]) expect(one).not.toMatch(control);
      }
  });

  it('names nobody when nobody is to be named', () => {
    const made = deskLetter(messagesFor('ja'), { ...facts, organisation: '' });
    expect(made.subject).toBe('【相談】外から届く入口について');
    expect(made.lines[0]?.text).toMatch(/^（組織名）の/);
    expect(made.lines.map(({ text }) => text).join('')).toContain('TLP の範囲で、ほかへ渡して構いません。');
  });
});
