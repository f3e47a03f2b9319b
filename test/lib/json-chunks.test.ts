import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonChunks } from '../../src/lib/json-chunks.ts';

const together = (value: Readonly<Record<string, unknown>>): string => [...jsonChunks(value)].join('');

describe('jsonChunks', () => {
  it('gives what JSON.stringify gives', () => {
    const some = fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()), fc.constant(undefined));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), some), (value) => {
        expect(together(value)).toBe(JSON.stringify(value, null, 1));
      }),
    );
    const odd = { a: [undefined, null, []], b: [], c: {}, d: [{ e: 'x\ny' }], f: undefined };
    expect(together(odd)).toBe(JSON.stringify(odd, null, 1));
    expect(together({})).toBe('{}');
  });

  it('never holds the whole', () => {
    const big = { list: Array.from({ length: 300 }, () => 'x'.repeat(100_000)) };
    const sizes = [...jsonChunks(big)].map(({ length }) => length);
    expect(sizes.length).toBeGreaterThan(20);
    expect(Math.max(...sizes)).toBeLessThan(1_300_000);
  });
});
