import { describe, expect, it } from 'vitest';
import { HashSet } from '../../../src/observe/import/hash-set.ts';

describe('HashSet', () => {
  it('remembers what a Set remembers', () => {
    const set = new HashSet();
    const names = Array.from(
      { length: 200_000 },
      (_, index) => `shodan/10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/443/tcp`,
    );
    expect(names.every((name) => set.add(name))).toBe(true);
    expect(names.some((name) => set.add(name))).toBe(false);
    expect(set.size).toBe(200_000);
    expect([set.add(''), set.add('')]).toEqual([true, false]);
  });
});
