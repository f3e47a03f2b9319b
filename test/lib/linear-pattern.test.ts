import { describe, expect, it } from 'vitest';
import { compileLinear } from '../../src/lib/linear-pattern.ts';

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
    expect(() => compileLinear(source)).toThrow();
  });

  it('is not led into exponential time', () => {
    const pattern = compileLinear('^(a+)+$');
    const started = performance.now();
    expect(pattern.test(`${'a'.repeat(50_000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
