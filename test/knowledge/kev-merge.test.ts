import { describe, expect, it } from 'vitest';
import { readCatalogue, type KevList } from '../../src/knowledge/kev-list.ts';
import { mergeKev } from '../../src/knowledge/kev-merge.ts';
import { newsOf } from '../../src/knowledge/kev-news.ts';
import type { Knowledge } from '../../src/model/knowledge.ts';
import type { Product } from '../../src/model/product.ts';
import { makeProduct } from '../identify/helpers.ts';
import { bytesOf, catalogue, row, ROWS, shipped } from './kev.ts';

function listOf(rows: readonly unknown[] = ROWS, given: Record<string, unknown> = {}): KevList {
  const read = readCatalogue(bytesOf(catalogue(rows, given)));
  if (!read.ok) throw new Error(read.reason);
  return read.list;
}

const rowsOf = (knowledge: Knowledge, id: string): unknown[] =>
  (knowledge.products.get(id)?.exploited ?? []).map(({ cve, kev, ransomware }) => [cve, kev, ransomware]);

describe('mergeKev', () => {
  const merged = mergeKev(shipped, listOf());

  it('takes date and ransomware flag of every exploited CVE from the list', () => {
    expect(rowsOf(merged, 'fortress')).toEqual([
      ['CVE-2024-11111', '2024-02-02', true],
      ['CVE-2025-22222', '2025-03-03', false],
    ]);
  });

  it('takes the date from what the list no longer has, and leaves what is newer than the list', () => {
    expect(rowsOf(merged, 'gate-mail')).toEqual([
      ['CVE-2023-55555', undefined, false],
      ['CVE-2026-66666', '2026-11-12', false],
    ]);
  });

  it('says which list it was, and keeps ranges, files and version as they are', () => {
    expect(merged.advisoryData).toBe('2026-11-10');
    expect(merged.advisoryList).toMatchObject({ catalogVersion: '2026.11.10', entries: 4 });
    expect(merged.version).toBe(shipped.version);
    const without = (product: Product | undefined): unknown =>
      product?.exploited.map(({ kev: _kev, ransomware: _ransomware, ...rest }) => rest);
    for (const [id, product] of shipped.products)
      expect(without(merged.products.get(id))).toEqual(without(product));
  });

  it('gives no product an entry that its file does not have', () => {
    const count = ({ products }: Knowledge): number =>
      [...products.values()].reduce((sum, { exploited }) => sum + exploited.length, 0);
    expect(count(merged)).toBe(count(shipped));
    expect([...(merged.listedElsewhere?.keys() ?? [])]).toEqual(['CVE-2026-33333', 'CVE-2026-44444']);
  });

  it('changes nothing by a list older than the files, nor what it was given', () => {
    const before = structuredClone(rowsOf(shipped, 'fortress'));
    expect(mergeKev(shipped, listOf(ROWS.slice(0, 2), { dateReleased: '2026-08-06T00:00:00Z' }))).toBe(
      shipped,
    );
    mergeKev(shipped, listOf());
    expect(rowsOf(shipped, 'fortress')).toEqual(before);
  });
});

describe('newsOf', () => {
  const news = (...rows: readonly unknown[]): unknown => {
    const { entries, otherOfVendor, others } = newsOf(listOf([...ROWS.slice(0, 2), ...rows]), shipped);
    return [entries.map(({ cve, productIds }) => [cve.slice(-5), ...productIds]), [...otherOfVendor], others];
  };
  const entry = (vendorProject: string, product: string, given = {}) =>
    row('CVE-2026-77777', { vendorProject, product, ...given });

  it.each<[string, string, unknown]>([
    // The pair under which the list has what the file knows, although the file calls it otherwise.
    ['Fortress', 'FortOS', [[['77777', 'fortress']], [], 0]],
    ['Fortress ', ' fortos', [[['77777', 'fortress']], [], 0]],
    // By name.
    ['Fortress', 'FortGate', [[['77777', 'fortress']], [], 0]],
    ['Old Fort', 'FortGate and FortProxy', [[['77777', 'fortress']], [], 0]],
    ['Gate', 'Mail Server', [[['77777', 'gate-mail']], [], 0]],
    ['Gate', 'Gate Mail', [[['77777', 'gate-mail']], [], 0]],
    // Another product of a maker that we know; words that every second product has do not count.
    ['Fortress', 'FortClient', [[], [['Fortress', 1]], 0]],
    ['Fortress', 'Multiple Products', [[], [['Fortress', 1]], 0]],
    ['Fortress', 'SSL-VPN Portal', [[], [['Fortress', 1]], 0]],
    ['Gate', 'Server', [[], [['Gate', 1]], 0]],
    // Same product name of another maker, and makers of which only a part of the name is the same.
    ['Nobody', 'FortGate', [[], [], 1]],
    ['Fortress Prime', 'FortClient', [[], [], 1]],
    ['various', 'Telnet', [[], [], 1]],
    ['架空', '製品', [[], [], 1]],
  ])('%s, %s', (vendor, product, expected) => {
    expect(news(entry(vendor, product))).toEqual(expected);
  });

  it('leaves out what was there when the files were written, and what a file knows', () => {
    expect(news(entry('Fortress', 'FortOS', { dateAdded: '2026-08-07' }))).toEqual([[], [], 0]);
    expect(news(entry('Fortress', 'FortOS', { dateAdded: '2026-08-08' }))).toMatchObject([
      [['77777', 'fortress']],
      [],
      0,
    ]);
    expect(news(row('CVE-2026-66666'))).toEqual([[], [], 0]);
  });

  it('does not learn a name under which the list has mostly other things', () => {
    const windows = (n: number) =>
      row(`CVE-2024-${10_000 + n}`, { vendorProject: 'Micro', product: 'Windows', dateAdded: '2024-01-01' });
    const product = makeProduct({
      id: 'desktop',
      vendor: 'Micro and others',
      name: 'Remote Desktop',
      exploited: [{ cve: 'CVE-2024-10000', kev: '2024-01-01', source: 'cna-record' }],
    });
    const fresh = row('CVE-2026-88888', { vendorProject: 'Micro', product: 'Windows' });
    const knowledge = { products: new Map([[product.id, product]]), advisoryData: '2026-08-07' };
    const found = (others: number) =>
      newsOf(listOf([...Array.from({ length: others + 1 }, (_, n) => windows(n)), fresh]), knowledge);
    expect(found(2).entries).toHaveLength(1);
    expect(found(3).entries).toHaveLength(0);
    expect([...found(3).otherOfVendor]).toEqual([['Micro', 1]]);
  });

  it('puts the newest first', () => {
    const rows = ['2026-10-01', '2026-11-01', '2026-09-01'].map((dateAdded, n) =>
      row(`CVE-2026-9000${n}`, { dateAdded }),
    );
    expect(newsOf(listOf([...ROWS.slice(0, 2), ...rows]), shipped).entries.map(({ added }) => added)).toEqual(
      ['2026-11-01', '2026-10-01', '2026-09-01'],
    );
  });
});
