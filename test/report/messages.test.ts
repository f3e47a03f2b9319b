import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../src/observe/shodan/collector.ts';
import type { RefusalReason } from '../../src/scope/guard.ts';
import { DecisionTable } from '../../src/model/knowledge.ts';
import { AUTHENTICATION_FACTS, ODDITIES } from '../../src/model/service.ts';
import { messagesFor, textOf } from '../../src/report/messages/index.ts';

const LANGUAGES = ['ja', 'en'] as const;

/** Every text, with what a function makes of plain arguments. */
function texts(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
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
        ? /安全です|問題なし|問題ありません|異常なし|心配ありません|サーバー|踏み台サーバ|速やかに/
        : /\bis safe\b|\bare safe\b|no problem|all clear|nothing to worry|\bsecure\b/i;
    expect(texts(messagesFor(lang), lang).filter(([, text]) => banned.test(text))).toEqual([]);
  });

  it('is written in Japanese where it says Japanese', () => {
    const { sections, today, limits, finding } = messagesFor('ja');
    for (const [path, text] of texts({ sections, today, limits, parts: finding.parts }, 'ja')) {
      if (/desks.*who|wh[oe]$/.test(path) || text === 'SHA-256') continue;
      expect(text, path).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    }
  });

  it.each(LANGUAGES)('names every id of the decision table in %s', (lang) => {
    const table = DecisionTable.parse(
      parse(readFileSync(join(import.meta.dirname, '../../config/rules/priority.yaml'), 'utf8')),
    );
    const { ids } = messagesFor(lang);
    const missing = [
      ...table.rows.map(({ id }) => id).filter((id) => !Object.hasOwn(ids.row, id)),
      ...table.modifiers.map(({ id }) => id).filter((id) => !Object.hasOwn(ids.modifier, id)),
    ];
    expect(missing).toEqual([]);
    expect(Object.keys(ids.authenticationFact)).toEqual([...AUTHENTICATION_FACTS]);
    expect(Object.keys(ids.oddity)).toEqual([...ODDITIES]);
  });

  it('names every reason that the sources and the guard give', () => {
    // The types make the list complete: a new reason does not compile here until it has its text.
    const reasons: Record<Reason | RefusalReason, true> = {
      'bad-key': true,
      'credit-cap': true,
      'incomplete-answer': true,
      interrupted: true,
      'ipv6-not-supported': true,
      network: true,
      'no-credits': true,
      'not-accepted': true,
      'plan-lacks': true,
      'rate-limited': true,
      'too-many-addresses': true,
      'unreadable-record': true,
      'not-an-address': true,
      'not-in-scope': true,
      excluded: true,
      'no-permission': true,
      'permission-expired': true,
      'outside-window': true,
    };
    const known = Object.keys(messagesFor('ja').ids.coverageReason);
    expect(Object.keys(reasons).filter((id) => !known.includes(id))).toEqual([]);
  });

  it('shows an unknown id as it is, never as nothing and never as an inherited property', () => {
    const { row } = messagesFor('ja').ids;
    expect(textOf(row, 'new-row-of-2031')).toBe('new-row-of-2031');
    expect(textOf(row, 'constructor')).toBe('constructor');
    expect(textOf(row, 'x\u202ey\n')).toBe('x\ufffdy');
  });
});
