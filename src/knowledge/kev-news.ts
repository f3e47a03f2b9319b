/**
 * Entries of the list for vendors and products that sekisho knows, about CVEs that no product file has. Names in the list are
 * written by hand ("SMA100", "SMA 100 Appliances", "SSLVPN SMA100"), so two things are asked: does an entry carry the very names under which
 * the list has what a product file knows already, or do its words name the product. Everything else of a known vendor is only counted.
 */
import type { Knowledge, ListedCve } from '../model/knowledge.ts';
import type { Product } from '../model/product.ts';
import type { KevList } from './kev-list.ts';

export interface NewEntry extends ListedCve {
  /** Products of ours that it seems to be about, sorted. */
  readonly productIds: readonly string[];
}

export interface KevNews {
  /** Added after the product files were written, and named like a product that they know; newest first. */
  readonly entries: readonly NewEntry[];
  /** Added since then, of a vendor that they know, and about something else: vendor → how many. */
  readonly otherOfVendor: ReadonlyMap<string, number>;
  /** Added since then, of nobody that they know. */
  readonly others: number;
}

/** @param shipped the knowledge before a list was merged into it: its date tells which entries are new. */
export function newsOf(list: KevList, shipped: Pick<Knowledge, 'products' | 'advisoryData'>): KevNews {
  const products = [...shipped.products.values()];
  const known = new Set(products.flatMap(({ exploited }) => exploited.map(({ cve }) => cve)));
  const names = products.map(namesOf);
  const learnt = learnPairs(list, products, shipped.advisoryData);
  const vendors = new Set(products.map(({ vendor }) => mainVendor(vendor)).filter((one) => one !== ''));
  const entries: NewEntry[] = [];
  const otherOfVendor = new Map<string, number>();
  let others = 0;
  for (const entry of list.entries) {
    if (entry.added <= shipped.advisoryData || known.has(entry.cve)) continue;
    const ids = new Set([
      ...(learnt.get(pairOf(entry)) ?? []),
      ...names.filter((one) => isNamedBy(one, entry)).map(({ id }) => id),
    ]);
    if (ids.size > 0) entries.push({ ...entry, productIds: [...ids].toSorted() });
    else if (vendors.has(mainVendor(entry.vendor)))
      otherOfVendor.set(entry.vendor, (otherOfVendor.get(entry.vendor) ?? 0) + 1);
    else others += 1;
  }
  return { entries: entries.toSorted(newestFirst), otherOfVendor, others };
}

function newestFirst(a: ListedCve, b: ListedCve): number {
  if (a.added !== b.added) return a.added < b.added ? 1 : -1;
  return a.cve < b.cve ? -1 : 1;
}

/**
 * Vendor and product as the list writes them → our products. A pair counts only when our files have at least a third of the
 * entries under it: what CISA calls "Apache HTTP Server" is no VPN appliance because one of its weaknesses was. (In the list of
 * 2025-08-25 every pair of ours has all its entries in our files, but for PAN-OS, 4 of 10, and that one, 1 of 4.)
 */
function learnPairs(
  { entries }: KevList,
  products: readonly Product[],
  until: string,
): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const { id, exploited } of products)
    for (const { cve } of exploited) owners.set(cve, [...(owners.get(cve) ?? []), id]);
  const pairs = new Map<string, { all: number; ours: number; ids: Set<string> }>();
  for (const entry of entries) {
    if (entry.added > until) continue;
    const key = pairOf(entry);
    const pair = pairs.get(key) ?? { all: 0, ours: 0, ids: new Set<string>() };
    const ids = owners.get(entry.cve) ?? [];
    pair.all += 1;
    if (ids.length > 0) pair.ours += 1;
    for (const id of ids) pair.ids.add(id);
    pairs.set(key, pair);
  }
  return new Map(
    [...pairs]
      .filter(([key, { all, ours }]) => ours > 0 && ours * 3 >= all && !/\bmultiple products\b/.test(key))
      .map(([key, { ids }]) => [key, [...ids]]),
  );
}

function pairOf({ vendor, product }: ListedCve): string {
  return `${wordsOf(vendor).join(' ')}\n${wordsOf(product).join(' ')}`;
}

/** Words that name no product by themselves. */
const COMMON = new Set(
  'access administration admin and appliance appliances application client connect console default edition firewall for gateway http https interface management manager multiple network of pages portal product products remote security server servers service software ssl sslvpn system the vpn web with'.split(
    ' ',
  ),
);
/** What stands behind the name of a maker. */
const MAKER_WORDS = new Set(
  'and co company corp corporation foundation gmbh group inc kk ltd networks others project software systems team technologies'.split(
    ' ',
  ),
);

interface Names {
  readonly id: string;
  readonly vendors: readonly string[];
  /** Runs of words of which at least one is no common word, with the words of the maker and without. */
  readonly full: readonly Words[];
  readonly bare: readonly Words[];
}
type Words = readonly string[];

/** "Connect Secure / Pulse Connect Secure" of "Ivanti (Pulse Secure, Juniper)" has two names and three makers. */
function namesOf({ id, vendor, name, aliases }: Product): Names {
  const vendors = vendor
    .split(/[(),/]/)
    .map(mainVendor)
    .filter((text) => text !== '');
  const makers = new Set(vendors.flatMap((text) => text.split(' ')));
  const parts = [...name.split(/[(),/]| and /), ...aliases.map((alias) => alias.replaceAll('-', ' '))];
  const full = parts.map(wordsOf).filter(says);
  const bare = full.map((words) => withoutTail(words.filter((word) => !makers.has(word)))).filter(says);
  return { id, vendors, full, bare };
}

/** The maker fits, and one name stands in the entry, or the entry's whole name stands in one of ours. */
function isNamedBy({ vendors, full, bare }: Names, entry: ListedCve): boolean {
  const maker = mainVendor(entry.vendor);
  if (!vendors.includes(maker)) return false;
  const makers = new Set(maker.split(' '));
  const words = wordsOf(entry.product);
  const bareWords = words.filter((word) => !makers.has(word));
  // The list writes "OpenVPN" and "Access Server"; the bare name of a maker (WordPress) would take all its plug-ins with it.
  const spoken = [...maker.split(' '), ...words];
  return (
    [...full, ...bare].some((name) => holdsRun(words, name)) ||
    full.some((name) => name.length > 1 && holdsRun(spoken, name)) ||
    (says(bareWords) && bare.some((name) => holdsRun(name, bareWords)))
  );
}

/** "Exchange Server" and "Exchange" are one; "Remote Desktop" without its first word would be another. */
function withoutTail(words: Words): Words {
  return words.slice(0, words.findLastIndex((word) => !COMMON.has(word)) + 1);
}

function says(words: Words): boolean {
  return words.some((word) => !COMMON.has(word) && word.length > 2);
}

function holdsRun(words: Words, run: Words): boolean {
  return words.some((_, start) => run.every((word, at) => words[start + at] === word));
}

/** "Apache Software Foundation" → "apache"; nothing for "various". */
function mainVendor(text: string): string {
  const words = wordsOf(text.split('(')[0] ?? '');
  while (words.length > 1 && MAKER_WORDS.has(words.at(-1) ?? '')) words.pop();
  return words.join(' ') === 'various' ? '' : words.join(' ');
}

/** "SMA100" and "SMA 100" are the same words. */
function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replace(/([a-z])(\d)/g, '$1 $2')
      .match(/[a-z]+|\d+/g) ?? []
  );
}
