import { describe, expect, it } from 'vitest';
import { createRandom, nextCase, readCaptures, seedsFor } from './cases.ts';
import { findParsers } from './parsers.ts';

const { parsers, untested } = await findParsers();
const captures = readCaptures();
const CASES = 400;
/** Far above what any input of this size may take, far below what a reader of the report would notice. */
const MOST_MS = 250;

describe('every parser of network bytes', () => {
  it('is found, and has a test', () => {
    expect(parsers.length).toBeGreaterThan(100);
    expect(untested).toEqual([]);
  });

  it('has real answers to start from', () => {
    expect(captures.length).toBeGreaterThan(100);
  });

  it.each(parsers.map((parser) => [parser.name, parser] as const))('%s', (_name, { run, words }) => {
    const seeds = seedsFor(words, captures);
    const random = createRandom(20_261_121);
    const inputs = Array.from({ length: CASES }, () => nextCase(random, seeds));
    for (const seed of seeds.slice(0, 4)) {
      for (let length = 0; length <= Math.min(seed.length, 300); length += 1)
        inputs.push(seed.subarray(0, length));
    }
    for (const bytes of inputs) {
      // The bytes in the message: what failed can be run again.
      const input = Buffer.from(bytes).toString('base64');
      const time = (): number => {
        const began = performance.now();
        expect(() => run(bytes), input).not.toThrow();
        return performance.now() - began;
      };
      const ms = time();
      // Once more: the first time something else may have had the processor.
      if (ms > MOST_MS) expect(time(), input).toBeLessThan(MOST_MS);
    }
  });
});
