import { describe, expect, it } from 'vitest';
import { readCatalogue, type KevList } from '../../src/knowledge/kev-list.ts';
import { judgeList, type Verdict } from '../../src/knowledge/kev-update.ts';
import { makeProduct } from '../identify/helpers.ts';
import { bytesOf, catalogue, row, ROWS, shipped } from './kev.ts';

const NOW = new Date('2026-11-20T00:00:00Z');

function listOf(rows: readonly unknown[] = ROWS, dateReleased = '2026-11-10T17:00:00Z'): KevList {
  const read = readCatalogue(bytesOf(catalogue(rows, { dateReleased })));
  if (!read.ok) throw new Error(read.reason);
  return read.list;
}

function judge(list: KevList, kept?: KevList, knowledge = shipped): Verdict {
  return judgeList({ list, kept, shipped: knowledge, now: NOW });
}

function because(verdict: Verdict): unknown {
  return verdict.kind === 'refused' ? [verdict.because, verdict.byForce] : verdict.kind;
}

describe('judgeList', () => {
  it('takes a list where there was none, and a newer one', () => {
    expect(because(judge(listOf()))).toBe('replace');
    expect(because(judge(listOf(ROWS, '2026-11-10T17:00:01Z'), listOf()))).toBe('replace');
  });

  it('knows the same list again, and a different one of the same moment', () => {
    expect(because(judge(listOf(), listOf()))).toBe('same');
    const other = [row('CVE-2024-11111', { dateAdded: '2024-02-03' }), ...ROWS.slice(1)];
    expect(because(judge(listOf(other), listOf()))).toEqual(['other-content', true]);
  });

  it('goes back to an older list only by force, and never to before the product files', () => {
    expect(because(judge(listOf(ROWS, '2026-11-09T23:59:59Z'), listOf()))).toEqual(['older-than-kept', true]);
    const old = ROWS.slice(0, 2);
    expect(because(judge(listOf(old, '2026-08-06T23:59:59Z')))).toEqual(['older-than-shipped', false]);
    expect(because(judge(listOf(old, '2026-08-07T00:00:00Z')))).toBe('replace');
  });

  it('refuses a list of the future, which nothing newer could ever replace', () => {
    expect(because(judge(listOf(ROWS, '2026-11-20T20:00:00Z')))).toBe('replace');
    expect(because(judge(listOf(ROWS, '2099-01-01T00:00:00Z')))).toEqual(['future', false]);
  });

  it('refuses a list that lacks many of the entries known before, and takes one that lacks a few', () => {
    const many = Array.from({ length: 100 }, (_, n) =>
      row(`CVE-2025-${10_000 + n}`, { dateAdded: '2025-01-01' }),
    );
    const later = '2026-11-15T00:00:00Z';
    expect(because(judge(listOf(many.slice(5), later), listOf(many)))).toBe('replace');
    expect(because(judge(listOf(many.slice(6), later), listOf(many)))).toEqual(['rows-lost', true]);
    // Without a kept list the product files say what was known.
    const exploited = many.map(({ cveID }) => ({ cve: cveID, kev: '2025-01-01', source: 'cna-record' }));
    const product = makeProduct({ id: 'fortress', exploited });
    const knowledge = { ...shipped, products: new Map([[product.id, product]]) };
    expect(because(judge(listOf(many.slice(5)), undefined, knowledge))).toBe('replace');
    expect(because(judge(listOf(many.slice(6)), undefined, knowledge))).toEqual(['rows-lost', true]);
  });
});
