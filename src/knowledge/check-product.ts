import type { ConfigPath } from '../lib/strict-yaml.ts';
import type { Product } from '../model/product.ts';
import type { ReadFile } from './read.ts';

const READER_PLACES = ['http', 'greeting', 'datagram', 'protocol', 'ssh', 'rdp', 'tls', 'passive'] as const;

/** What a schema cannot say: references, uniqueness, one place per reader, examples of both kinds. */
export function checkProduct(file: ReadFile<Product>, products: ReadonlyMap<string, Product>): void {
  const { value: product } = file;
  const report = (path: ConfigPath, message: string): void => file.problem(path, message);
  for (const [index, other] of product['same-from-outside'].entries()) {
    if (!products.has(other) || other === product.id) {
      report(['same-from-outside', index], `there is no other product ${other}`);
    }
  }
  checkUnique(product.facts, 'facts', report);
  checkUnique(product.version, 'version', report);
  for (const [
    index,
    { id: _id, strength: _strength, note: _note, access: _access, ...condition },
  ] of product.facts.entries()) {
    if (isEmpty(condition)) report(['facts', index], 'the fact has no condition: it would always hold');
  }
  for (const [index, condition] of product.never.entries()) {
    if (isEmpty(condition)) report(['never', index], 'the condition is empty: it would always hold');
  }
  for (const [index, reader] of product.version.entries()) {
    const places = READER_PLACES.filter((place) => reader[place] !== undefined);
    if (places.length !== 1) {
      report(['version', index], `give exactly one of ${READER_PLACES.join(', ')}; found ${places.length}`);
    }
    if (reader.http?.in === 'header' && reader.http.header === undefined) {
      report(['version', index, 'http'], 'missing: header, the name of the header to read');
    }
  }
  checkExploited(product, report);
  if (!product.examples.some(({ expect }) => expect === 'none')) {
    report(['examples'], 'give at least one look-alike with "expect: none"');
  }
}

type Report = (path: ConfigPath, message: string) => void;

function checkUnique(items: readonly { readonly id: string }[], key: string, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { id }] of items.entries()) {
    if (seen.has(id)) report([key, index, 'id'], `the id ${id} stands here a second time`);
    seen.add(id);
  }
}

/** No condition, or only empty groups. */
function isEmpty(condition: object): boolean {
  return Object.values(condition).every(
    (group) => typeof group !== 'object' || group === null || Object.keys(group).length === 0,
  );
}

function checkExploited(product: Product, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { cve, affected, source }] of product.exploited.entries()) {
    if (seen.has(cve)) report(['exploited', index, 'cve'], `${cve} stands here a second time`);
    seen.add(cve);
    if (source === 'not-collected' && affected !== undefined) {
      report(['exploited', index, 'source'], 'a range is given: say where it comes from');
    }
    for (const [at, range] of (affected ?? []).entries()) {
      if (range.before !== undefined && range.through !== undefined) {
        report(
          ['exploited', index, 'affected', at],
          'give before (not included) or through (included), not both',
        );
      }
    }
  }
}
