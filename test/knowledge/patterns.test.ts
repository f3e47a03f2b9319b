import { describe, expect, it } from 'vitest';
import { requiredLiteral } from '../../src/identify/match/pattern.ts';
import { compilePattern, type Product } from '../../src/model/knowledge.ts';
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

/** Runs of what patterns repeat, and the pattern's own words again and again, whole and as an opening that never closes. */
function hostileTexts(source: string): string[] {
  const words = source
    .replace(/\\[a-zA-Z]|[\^$()[\]{}*+?|]/g, ' ')
    .replaceAll('\\', '')
    .trim();
  const literal = requiredLiteral(compilePattern(source).source) ?? words;
  const own = [words, literal, words.split(/\s+/)[0] ?? ''].filter((text) => text !== '');
  const runs = ['a', ' ', '<', '/', '"', '=', '1', '1.', '-', '\n', 'A1-', '[DO ', 'href="'];
  return [
    ...runs.map(fill),
    ...own.map(fill),
    ...own.flatMap((text) => [text + fill('a'), text + fill(' ')]),
  ];
}

function milliseconds(expression: RegExp, text: string): number {
  const started = performance.now();
  expression.exec(text);
  return performance.now() - started;
}

describe('patterns', () => {
  it('are found at all', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  it('need less than 50 ms for 100 kB of hostile text each', { timeout: 120_000 }, () => {
    const slow: [string, string, number][] = [];
    for (const source of all) {
      const expression = compilePattern(source);
      for (const text of hostileTexts(source)) {
        // The machine may be busy: the best of three counts, and one good one is enough.
        const best = (): number => Math.min(...[1, 2, 3].map(() => milliseconds(expression, text)));
        const first = milliseconds(expression, text);
        const taken = first < 50 ? first : best();
        if (taken >= 50) slow.push([source, text.slice(0, 40), taken]);
      }
    }
    expect(slow).toEqual([]);
  });

  it('contain the literal that is looked for before they run', () => {
    expect(requiredLiteral('^SSH-[12]')).toBe('ssh-');
    expect(requiredLiteral('name="pma_username"')).toBe('name="pma_username"');
    expect(requiredLiteral('abc|defgh')).toBeUndefined();
    expect(requiredLiteral('(abcdef)?xyz')).toBe('xyz');
    expect(requiredLiteral('abcd?efg')).toBe('abc');
    expect(requiredLiteral('abc{0,3}')).toBeUndefined();
    expect(requiredLiteral('a\\.b\\+c')).toBe('a.b+c');
    expect(requiredLiteral('\\u{41}bcd[)x]efgh')).toBe('efgh');
    expect(requiredLiteral('ab+cde')).toBe('cde');
  });
});
