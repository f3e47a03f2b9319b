/** What a word that somebody asks about means: a weakness, products, or a text to look for. */
import { AppError } from '../lib/app-error.ts';
import type { Knowledge, ListedCve } from '../model/knowledge.ts';
import type { Product } from '../model/product.ts';
import type { ServiceClass } from '../model/service-class.ts';

export type AskKnowledge = Pick<Knowledge, 'products' | 'classes' | 'wanted' | 'listedElsewhere'>;

export type Question =
  | {
      readonly kind: 'cve';
      readonly word: string;
      /** "CVE-2024-21762" */
      readonly cve: string;
      /** By id: products whose file has it, with this one alone, since the others need not be judged. */
      readonly products: ReadonlyMap<string, Product>;
      /** Families of these, and what looks the same from outside. */
      readonly related: ReadonlySet<string>;
      /** The known-exploited list has it and no product file. */
      readonly listed: ListedCve | undefined;
    }
  | {
      readonly kind: 'product';
      readonly word: string;
      readonly products: ReadonlySet<string>;
      /** Families of these, and what looks the same from outside. */
      readonly related: ReadonlySet<string>;
      readonly classes: ReadonlySet<ServiceClass>;
    }
  | {
      readonly kind: 'text';
      readonly word: string;
      /** Products of similar names, at most 5. */
      readonly near: readonly string[];
      /** Known by name, but nobody has published what it answers: it is never recognised. */
      readonly wanted: readonly string[];
    };

const LONGEST_WORD = 100;

/** @throws AppError for a word that is empty, too long, or a CVE number that is none */
export function understand(text: string, knowledge: AskKnowledge): Question {
  const word = text.trim();
  if (word === '' || word.length > LONGEST_WORD)
    throw new AppError('usage', `Ask for a product or a CVE: 1 to ${LONGEST_WORD} characters.`);
  if (/^cve-/i.test(word)) return weakness(word, knowledge);
  return named(word, knowledge) ?? unknownWord(word, knowledge);
}

function weakness(word: string, { products, listedElsewhere }: AskKnowledge): Question {
  const cve = word.toUpperCase();
  if (!/^CVE-\d{4}-\d{4,19}$/.test(cve))
    throw new AppError('usage', `"${word}" is no CVE number: write it like CVE-2024-21762.`);
  const affected = [...products.values()].flatMap((product) => {
    const exploited = product.exploited.filter((one) => one.cve === cve);
    return exploited.length === 0 ? [] : [{ ...product, exploited }];
  });
  return {
    kind: 'cve',
    word,
    cve,
    products: new Map(affected.map((product) => [product.id, product])),
    related: new Set(affected.flatMap((product) => relatedTo(product, products))),
    listed: listedElsewhere?.get(cve),
  };
}

/** Case, width and the sign between words do not matter. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
}

function named(word: string, { products, classes }: AskKnowledge): Question | undefined {
  const sought = plain(word);
  if (sought === '') return undefined;
  const isIn = (...texts: readonly (string | undefined)[]): boolean =>
    texts.some((text) => text !== undefined && plain(text).includes(sought));
  const kinds = (Object.keys(classes) as ServiceClass[]).filter((id) => {
    const { name, short } = classes[id];
    return isIn(id, name.ja, name.en, short.ja, short.en);
  });
  const found = [...products.values()].filter(
    ({ id, name, 'name-ja': nameJa, vendor, aliases, class: kind }) =>
      kinds.includes(kind) ||
      // An alias that is a product itself is found as that product; this one is its kin.
      isIn(id, name, nameJa, vendor, `${vendor} ${name}`, ...aliases.filter((one) => !products.has(one))),
  );
  if (found.length === 0 && kinds.length === 0) return undefined;
  const ids = new Set(found.flatMap((product) => idsOf(product, products)));
  const related = found.flatMap((product) => relatedTo(product, products)).filter((id) => !ids.has(id));
  return { kind: 'product', word, products: ids, related: new Set(related), classes: new Set(kinds) };
}

/** Other ids of the product itself: an older snapshot may have been written under one. */
function idsOf({ id, aliases, vendor, generic }: Product, products: AskKnowledge['products']): string[] {
  const own = aliases.filter((alias) => {
    const other = products.get(alias);
    return other === undefined || (generic && other.vendor === vendor);
  });
  return [id, ...own];
}

/** Protocols and carriers are left out: any SSH server "may be" every SSH product. */
function relatedTo(product: Product, products: AskKnowledge['products']): string[] {
  const isKin = (other: Product): boolean =>
    other['same-from-outside'].includes(product.id) ||
    product['same-from-outside'].includes(other.id) ||
    (other.vendor === product.vendor &&
      product.vendor !== 'various' &&
      (other.aliases.includes(product.id) || product.aliases.includes(other.id)));
  return [...products.values()].filter((other) => isKin(other)).map(({ id }) => id);
}

function unknownWord(word: string, { products, wanted }: AskKnowledge): Question {
  const sought = plain(word);
  const distances = [...products.values()].map(({ id, name, vendor }) => {
    const words = [plain(id), plain(name), ...plain(`${id} ${vendor} ${name}`).split(' ')];
    return { name: `${name} (${id})`, distance: Math.min(...words.map((one) => editDistance(sought, one))) };
  });
  const near = distances
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(sought.length / 3)))
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  const known = Object.entries(wanted).filter(([id, { name, vendor }]) =>
    [id, name, `${vendor} ${name}`].some((text) => plain(text).includes(sought)),
  );
  return {
    kind: 'text',
    word,
    near: near.slice(0, 5).map(({ name }) => name),
    wanted: known.map(([, { name, vendor }]) => `${vendor} ${name}`),
  };
}

/** Letters to insert, take away or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
