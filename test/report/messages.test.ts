import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { DecisionTable } from '../../src/model/knowledge.ts';
import { AUTHENTICATION_FACTS, ODDITIES } from '../../src/model/service.ts';
import { COVERAGE_REASONS, NOT_CHECKED_REASONS } from '../../src/model/snapshot.ts';
import { messagesFor, textOf } from '../../src/report/messages/index.ts';

const LANGUAGES = ['ja', 'en'] as const;
const SRC = join(import.meta.dirname, '../../src');
const CONFIG = join(import.meta.dirname, '../../config');

/** Every text, with what a function makes of plain arguments. */
function texts(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

function advice(): [string, unknown][] {
  return readdirSync(join(CONFIG, 'advice')).map((file) => [
    file,
    parse(readFileSync(join(CONFIG, 'advice', file), 'utf8')),
  ]);
}

/** Every text of config/advice/ in one language, under the path of the pair it belongs to. */
function adviceTexts(lang: 'ja' | 'en'): [string, string][] {
  return advice().flatMap(([file, content]) =>
    texts(content, file).flatMap(([path, text]): [string, string][] =>
      path.endsWith(`.${lang}`) ? [[path.slice(0, -lang.length - 1), text]] : [],
    ),
  );
}

function logNames(): [string, { log: string; 'log-ja'?: string }][] {
  return advice().flatMap(([file, content]) => {
    const all = content as Record<string, { log: string; 'log-ja'?: string }[]>;
    return [...(all['log-checks'] ?? []), ...(all['windows-baseline'] ?? [])].map(
      (check): [string, { log: string; 'log-ja'?: string }] => [file, check],
    );
  });
}

describe('report/messages', () => {
  it.each(LANGUAGES)('has no empty text in %s', (lang) => {
    const all = texts(messagesFor(lang), lang);
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('has the same keys and the same functions in both languages', () => {
    const shape = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
        : typeof value;
    expect(shape(messagesFor('ja'))).toEqual(shape(messagesFor('en')));
  });

  it.each(LANGUAGES)('says nothing banned in %s', (lang) => {
    const banned =
      lang === 'ja'
        ? /安全です|問題なし|問題ありません|問題ではない|異常なし|心配ありません|サーバー|ユーザー|踏み台サーバ|速やかに|直ちに|WebShell/
        : /\bis safe\b|\bare safe\b|no problem|all clear|nothing to worry|(?<!auth\.log or )\bsecure\b/i;
    const all = [...texts(messagesFor(lang), lang), ...adviceTexts(lang)];
    expect(all.filter(([, text]) => banned.test(text))).toEqual([]);
  });

  it('explains in polite sentences and lists in plain ones', () => {
    // Readings (`why`) are です・ます; steps, things to record, logs, measures and questions are plain, so that one list never mixes the two.
    const polite = /(です|ます|ました|ません|ください|でした)。/;
    for (const [path, text] of adviceTexts('ja')) {
      if (path.endsWith('.name')) continue;
      if (/(why|restart-rule|visible-incident|who-to-call)$/.test(path)) {
        for (const sentence of text.split('。').slice(0, -1)) expect(`${sentence}。`, path).toMatch(polite);
      } else expect(text, path).not.toMatch(polite);
      expect(text, path).toMatch(/[。）]$/);
    }
  });

  it('names a log in Japanese unless its own name is shown', () => {
    for (const [path, { log, 'log-ja': ja }] of logNames())
      expect(ja ?? log, path).not.toMatch(
        /(?<!\.)\b(and|or|of|the|with|log|logs|folders?|lists?|changes|records?|lines|sources?)\b(?!\.)/,
      );
  });

  it('is written in Japanese where it says Japanese', () => {
    const { sections, today, limits, finding } = messagesFor('ja');
    for (const [path, text] of texts({ sections, today, limits, parts: finding.parts }, 'ja')) {
      if (/desks.*who|wh[oe]$/.test(path) || text === 'SHA-256') continue;
      expect(text, path).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    }
  });

  it.each(LANGUAGES)('names every id of the decision table in %s', (lang) => {
    const table = DecisionTable.parse(parse(readFileSync(join(CONFIG, 'rules/priority.yaml'), 'utf8')));
    const { ids } = messagesFor(lang);
    const missing = [
      ...table.rows.map(({ id }) => id).filter((id) => !Object.hasOwn(ids.row, id)),
      ...table.modifiers.map(({ id }) => id).filter((id) => !Object.hasOwn(ids.modifier, id)),
    ];
    expect(missing).toEqual([]);
    expect(Object.keys(ids.authenticationFact)).toEqual([...AUTHENTICATION_FACTS]);
    expect(Object.keys(ids.oddity)).toEqual([...ODDITIES]);
  });

  it.each(LANGUAGES)('names every reason for not looking in %s, and no other', (lang) => {
    const { coverageReason, notChecked } = messagesFor(lang).ids;
    expect(Object.keys(coverageReason).toSorted()).toEqual([...COVERAGE_REASONS].toSorted());
    expect(Object.keys(notChecked).toSorted()).toEqual([...NOT_CHECKED_REASONS].toSorted());
  });

  it('knows every reason that the sources write as a literal', () => {
    // The types hold the producers to the list; this holds the snapshot, whose schema takes any text, to the producers.
    const files = [
      join(SRC, 'pipeline.ts'),
      join(SRC, 'observe/probe/probe-source.ts'),
      join(SRC, 'observe/probe/sweep-plan.ts'),
      join(SRC, 'scope/guard.ts'),
      ...readdirSync(join(SRC, 'observe/shodan')).map((file) => join(SRC, 'observe/shodan', file)),
    ];
    const written = files.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /(?:\breason: |(?:unused|idle|refuse)\(.*?|(?:missed|notLooked)\([^']*?)'([a-z0-9]+-[a-z0-9-]+|passive|unexpected|unfinished|excluded|network|interrupted)'/g,
        ),
      ].map(([, id]) => id ?? ''),
    );
    expect(new Set(written).size).toBeGreaterThan(12);
    // Reasons of the fenced HTTP library; `failedExchange` turns them into one of ours.
    const inner = ['too-large'];
    const known: readonly string[] = [...COVERAGE_REASONS, ...inner];
    expect(written.filter((id) => !known.includes(id))).toEqual([]);
  });

  it('shows an unknown id as it is, never as nothing and never as an inherited property', () => {
    const { row } = messagesFor('ja').ids;
    expect(textOf(row, 'new-row-of-2031')).toBe('new-row-of-2031');
    expect(textOf(row, 'constructor')).toBe('constructor');
    expect(textOf(row, 'x\u202ey\n')).toBe('x\ufffdy');
  });
});
