import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/identify/match/condition.ts';
import { createVocabulary } from '../../src/identify/match/pattern.ts';
import { requiredLiterals } from '../../src/identify/match/literals.ts';
import { compileLinear, type LinearPattern } from '../../src/lib/linear-pattern.ts';
import type { Product } from '../../src/model/product.ts';
import { products } from './knowledge.ts';

const NO_PATTERNS = new Set([
  'id',
  'note',
  'strength',
  'certainty',
  'protocol',
  'in',
  'map',
  'cookie',
  'cookie-any',
]);

function patternsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    NO_PATTERNS.has(key) || (key === 'header' && typeof inner === 'string') ? [] : patternsOf(inner),
  );
}

const all = [
  ...new Set(products.flatMap(({ facts, never, version }: Product) => patternsOf([facts, never, version]))),
];

const SIZE = 100_000;
const fill = (text: string): string => text.repeat(Math.ceil(SIZE / text.length)).slice(0, SIZE);

/** The pattern's own words again and again, and as an opening that never closes. */
function hostileTexts(source: string): string[] {
  const words = source
    .replace(/\\[a-zA-Z]|[\^$()[\]{}*+?|]/g, ' ')
    .replaceAll('\\', '')
    .trim();
  const own = requiredLiterals(source)[0]?.[0] ?? words.split(/\s+/)[0] ?? '';
  return [fill(`${words} `), own + fill('a'), own + fill('1. '), fill(own + 'a1'.repeat(20))];
}

function milliseconds(pattern: LinearPattern, text: string): number {
  const started = performance.now();
  pattern.test(text);
  return performance.now() - started;
}

describe('patterns', () => {
  it('are found at all', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  it('need less than 100 ms for 100 kB of hostile text each', { timeout: 240_000 }, () => {
    const slow: [string, string, number][] = [];
    for (const source of all) {
      const pattern = compileLinear(source);
      for (const text of hostileTexts(source)) {
        // The machine may be busy: the best of three counts, and one good one is enough.
        const best = (): number => Math.min(...[1, 2, 3].map(() => milliseconds(pattern, text)));
        const first = milliseconds(pattern, text);
        const taken = first < 100 ? first : best();
        if (taken >= 100) slow.push([source, text.slice(0, 40), taken]);
      }
    }
    expect(slow).toEqual([]);
  });

  it('mostly hold a text by which the index finds them', () => {
    const without = all.filter((source) => requiredLiterals(source).length === 0);
    expect(without.length / all.length).toBeLessThan(0.25);
  });
});

describe('facts', () => {
  it('are nearly all led to by something that an ordinary page does not have', () => {
    const vocabulary = createVocabulary();
    const untold = products.flatMap((product) =>
      product.facts
        .filter((fact) =>
          compileCondition(fact, vocabulary).anchors.some(
            (anchor) =>
              anchor.kind === 'common-literal' || (anchor.kind === 'group' && anchor.name === 'web'),
          ),
        )
        .map(({ id }) => `${product.id} ${id}`),
    );
    // Each of these is tried on every web answer: give a new one a text, or a title of its own.
    expect(untold.length, untold.join('\n')).toBeLessThan(50);
  });
});

describe('requiredLiterals', () => {
  it.each([
    ['^SSH-[12]', [['ssh-']]],
    ['name="pma_username"', [['name="pma_userna']]],
    ['abcd|efghi', [['abcd', 'efghi']]],
    ['abcd|efg', []],
    ['(abcdef)?wxyz', [['wxyz']]],
    ['abcde?fghi', [['abcd'], ['fghi']]],
    ['abc{0,3}', []],
    ['a\\.b\\+c', [['a.b+c']]],
    ['(href|source)="/owa/', [['="/owa/'], ['href', 'source']]],
    ['(?:first|second)x?', [['first', 'second']]],
    ['<title>(?:longest|other)</title>', [['longest', 'other'], ['<title>'], ['</title>']]],
    ['ab+cdef', [['cdef']]],
    ['(?-i)AbCd', [['abcd']]],
    ['ログイン画面', [['ログイン画面']]],
    ['[ab]{4}', []],
    ['no [pattern', []],
  ])('%s', (source, texts) => {
    expect(requiredLiterals(source)).toEqual(texts);
  });
});
