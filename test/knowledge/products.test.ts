import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VendorsFile } from '../../src/knowledge/files.ts';
import { parseStrictYaml } from '../../src/lib/strict-yaml.ts';
import { readSamples } from './samples.ts';
import type { Certainty } from '../../src/model/service-class.ts';
import { compareVersions } from '../../src/lib/version.ts';
import { CONFIG, knowledge, matcher, products } from './knowledge.ts';

const ORDER: readonly (Certainty | 'none')[] = ['confirmed', 'inferred', 'to-confirm', 'none'];

describe.each(products.map((product) => [product.id, product] as const))('%s', (id, product) => {
  it('has two positive examples and a look-alike', () => {
    const positive = product.examples.filter(({ expect: expected }) => expected !== 'none');
    expect(positive.length).toBeGreaterThanOrEqual(2);
    expect(product.examples.length).toBeGreaterThan(positive.length);
  });

  it.each(product.examples.map((example) => [example.name, example] as const))('%s', (_name, example) => {
    const answers = readSamples(example.samples);
    const matches = matcher.match(answers);
    const own = matches.find(({ productId }) => productId === id);
    expect(own?.certainty ?? 'none').toBe(example.expect);
    if (own === undefined) return;
    const version = matcher.readVersion(id, answers);
    expect(version.state === 'known' ? version.value : undefined).toBe(example.version);
    const rivals = matches.filter(
      (one) =>
        one.productId !== id && !one.generic && ORDER.indexOf(one.certainty) <= ORDER.indexOf(own.certainty),
    );
    expect(rivals).toEqual([]);
    if (!product.generic) expect(matches[0]?.productId).toBe(id);
  });

  it('asks only for harmless pages', () => {
    for (const { path } of product.requests) {
      expect(path).toMatch(/^\/[\w./+-]*(?:\?[\w=&.-]*)?$/);
      expect(path).not.toMatch(/\.\.|\/api\/|cmdb|logincheck|upload|exec/i);
    }
  });

  it('says where its facts come from', () => {
    expect(product.sources.length).toBeGreaterThan(0);
  });

  it('keeps an unchecked range apart from a read one', () => {
    for (const { affected, source } of product.exploited) {
      if (source === 'not-collected') expect(affected).toBeUndefined();
    }
  });
});

describe('all products together', () => {
  it('ask every web server for few pages', () => {
    const always = products.flatMap(({ requests }) => requests.filter(({ when }) => when === 'always'));
    expect(always.length).toBeLessThanOrEqual(4);
    expect(always.length).toBeGreaterThan(0);
  });

  it('write each maker one way, and list no maker without a product', () => {
    const used = new Set(products.map(({ vendor }) => vendor));
    const listed = parseStrictYaml(
      readFileSync(join(CONFIG, 'vendors.yaml'), 'utf8'),
      'vendors.yaml',
      VendorsFile,
    ).value;
    expect(listed.filter((vendor) => !used.has(vendor))).toEqual([]);
    const plain = listed.map((vendor) =>
      vendor.toLowerCase().replace(/[^a-z0-9]|\b(?:inc|corp|project|networks|software)\b/g, ''),
    );
    expect(plain.filter((vendor, index) => plain.indexOf(vendor) !== index)).toEqual([]);
  });

  it('name products that look alike from both sides', () => {
    for (const product of products) {
      for (const other of product['same-from-outside']) {
        expect(knowledge.products.get(other)?.['same-from-outside']).toContain(product.id);
      }
    }
  });

  it('know the dates of the known-exploited list', () => {
    const rows = products.flatMap(({ exploited }) => exploited);
    expect(rows.length).toBeGreaterThan(100);
    // Used for breaking in without being on the list (JVN, JPCERT/CC): few, and with the words of who says so.
    const unlisted = rows.filter(({ kev }) => kev === undefined);
    expect(
      unlisted.filter(({ note, 'used-by': usedBy }) => note === undefined && usedBy.length === 0),
    ).toEqual([]);
    expect(unlisted.length / rows.length).toBeLessThan(0.05);
    const cna = rows.filter(({ source }) => source === 'cna-record');
    expect(cna.length / rows.length).toBeGreaterThan(0.4);
  });

  it('give ranges and versions that can be compared', () => {
    const wrong: string[] = [];
    for (const { id, exploited, examples, 'version-scheme': scheme } of products) {
      const isVersion = (text: string): boolean => compareVersions(text, text, scheme) === 0;
      for (const { version } of examples)
        if (version !== undefined && !isVersion(version)) wrong.push(`${id} ${version}`);
      for (const { cve, affected = [] } of exploited) {
        for (const { from, before, through } of affected) {
          const end = before ?? through;
          const bounds = [from, end].filter((bound) => bound !== undefined);
          const order = from === undefined || end === undefined ? -1 : compareVersions(from, end, scheme);
          const isEmpty = order === undefined || order > 0 || (order === 0 && before !== undefined);
          if (bounds.length === 0 || !bounds.every(isVersion) || isEmpty)
            wrong.push(`${id} ${cve} ${bounds.join(' … ')}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
