import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPattern, compileLinear } from '../../src/lib/linear-pattern.ts';
import { waysToFit } from '../../src/lib/pattern-cost.ts';

describe('compileLinear', () => {
  it('ignores case unless told', () => {
    expect(compileLinear('Fortinet').test('FORTINET')).toBe(true);
    expect(compileLinear('(?-i)Fortinet').test('FORTINET')).toBe(false);
  });

  it('finds groups, and goes on after an occurrence', () => {
    const pattern = compileLinear('v(\\d+)(x)?');
    expect(pattern.find('v1 v22')).toEqual({ groups: ['v1', '1', undefined], start: 0, end: 2 });
    expect(pattern.find('v1 v22', 2)).toEqual({ groups: ['v22', '22', undefined], start: 3, end: 6 });
    expect(pattern.find('v1 v22', 6)).toBeUndefined();
    expect(pattern.find('v1', 99)).toBeUndefined();
  });

  it.each(['(', '(?=look)', '(a)\\1'])('refuses %s', (source) => {
    expect(() => checkPattern(source)).toThrow();
  });

  it('takes what only RE2 knows', () => {
    expect(compileLinear('(?-i)(?i:a)B').test('AB')).toBe(true);
    expect(compileLinear('(?-i)(?i:a)B').test('Ab')).toBe(false);
    expect(compileLinear('\\x{41}\\z').test('a')).toBe(true);
  });

  it('is not led into exponential time', () => {
    const pattern = compileLinear('^(a+)+$');
    const started = performance.now();
    expect(pattern.test(`${'a'.repeat(50_000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('answers the same by both engines', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'A', 'b', '1', '.', '/', '"', ' ', 'é'),
      maxLength: 30,
    });
    // The same expression, once cheap and once with a repetition that only the automaton takes.
    const pairs = [
      ['a(b|1)?\\.', 'a(b|1)?\\.x*'],
      ['^/?a{1,3}"', '^/?a{1,3}"x*'],
      ['(?-i)A[^"]{0,9}b', '(?-i)A[^"]{0,9}bx*'],
      ['(a+|b)1'.replace('a+', 'a{1,5}'), '(a{1,5}|b)1x*'],
      ['\\bé', '\\bé'],
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...pairs), text, fc.nat({ max: 31 }), ([cheap, dear], given, from) => {
        expect(compileLinear(cheap).test(given)).toBe(compileLinear(dear).test(given));
        expect(compileLinear(cheap).find(given, from)).toEqual(compileLinear(dear).find(given, from));
      }),
      { numRuns: 400 },
    );
  });
});

describe('waysToFit', () => {
  it.each([
    ['abc', 1],
    ['a?b', 2],
    ['(a|b|c)d?', 6],
    ['[^"]{0,60}x{2,4}', 183],
    ['(ab?){3}', Infinity],
    ['(ab){1,3}', 3],
    ['a+', Infinity],
    ['(?=a)b', Infinity],
    ['(a)\\1', Infinity],
    ['(', Infinity],
    ['(?i:a)b', Infinity],
  ])('%s', (source, ways) => {
    expect(waysToFit(source)).toBe(ways);
  });
});
