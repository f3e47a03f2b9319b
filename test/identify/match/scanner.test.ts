import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanner } from '../../../src/identify/match/scanner.ts';

function found(literals: readonly string[], text: string): string[] {
  const seen = new Uint8Array(literals.length);
  createScanner(literals).scan(text, seen);
  return literals.filter((_literal, number) => seen[number] === 1);
}

describe('the scanner', () => {
  it('finds texts within texts, at the ends, in any case and script', () => {
    const literals = ['owa', 'owa/auth', 'auth', 'h', 'ログイン', 'é'];
    expect(found(literals, 'x="/OWA/Auth')).toEqual(['owa', 'owa/auth', 'auth', 'h']);
    expect(found(literals, 'サイボウズ ログイン É')).toEqual(['ログイン', 'é']);
    expect(found(literals, '')).toEqual([]);
    expect(found([], 'anything')).toEqual([]);
  });

  it('agrees with a plain search', () => {
    const short = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', '/', 'é', '語', '😀'),
      minLength: 1,
      maxLength: 5,
    });
    const long = fc.string({
      unit: fc.constantFrom('a', 'B', 'C', '/', 'É', '語', '😀', 'x'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.uniqueArray(short, { maxLength: 12 }), long, (literals, text) => {
        expect(found(literals, text)).toEqual(
          literals.filter((literal) => text.toLowerCase().includes(literal)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('needs time in proportion to a text made of its own beginnings', () => {
    const literals = Array.from({ length: 2000 }, (_, n) => `${'ab'.repeat(n % 11)}${n}`);
    const scanner = createScanner(literals);
    const seen = new Uint8Array(literals.length);
    const text = 'ab'.repeat(500_000);
    const started = performance.now();
    scanner.scan(text, seen);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
