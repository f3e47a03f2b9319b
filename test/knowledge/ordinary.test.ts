import { describe, expect, it } from 'vitest';
import { readSamples } from './samples.ts';
import { knowledge, matcher, ordinary } from './knowledge.ts';

/** What an ordinary answer may be called: the server that it plainly is. */
const PLAIN_CLASSES = ['web', 'ssh', 'mail-transfer', 'file-transfer'];

describe('ordinary answers', () => {
  it('are many, with names of their own', () => {
    expect(ordinary.length).toBeGreaterThanOrEqual(60);
    expect(new Set(ordinary.map(({ id }) => id)).size).toBe(ordinary.length);
  });

  it.each(ordinary.map((one) => [one.id, one] as const))('%s is no product', (_id, { samples, may }) => {
    const found = matcher.match(readSamples(samples)).map(({ productId }) => productId);
    expect(found.toSorted()).toEqual(may.toSorted());
  });

  it('excuse nothing but plain servers', () => {
    for (const id of new Set(ordinary.flatMap(({ may }) => may))) {
      expect(PLAIN_CLASSES).toContain(knowledge.products.get(id)?.class);
    }
  });
});
