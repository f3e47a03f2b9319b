import { describe, expect, it } from 'vitest';
import { readSamples } from './samples.ts';
import { knowledge, matcher, ordinary } from './knowledge.ts';

/** What an ordinary answer may be called: a plain carrier (never claimed as a product), SSH or FTP. */
function isPlain(id: string): boolean {
  const product = knowledge.products.get(id);
  if (product === undefined) return false;
  if (product.class === 'ssh' || id === 'ftp' || product.aliases.includes('ftp')) return true;
  return product.generic && knowledge.classes[product.class].role === 'other';
}

describe('ordinary answers', () => {
  it('are many, with names of their own', () => {
    expect(ordinary.length).toBeGreaterThanOrEqual(300);
    expect(new Set(ordinary.map(({ id }) => id)).size).toBe(ordinary.length);
  });

  it.each(ordinary.map((one) => [one.id, one] as const))('%s is no product', (_id, { samples, may }) => {
    const found = matcher.match(readSamples(samples)).map(({ productId }) => productId);
    expect(found.toSorted()).toEqual(may.toSorted());
  });

  it('excuse nothing but plain servers', () => {
    const named = [...new Set(ordinary.flatMap(({ may }) => may))];
    expect(named.filter((id) => !isPlain(id))).toEqual([]);
  });
});
