import type { Facts } from '../../model/facts.ts';
import type { Product, Strength } from '../../model/product.ts';
import type { VersionState } from '../../model/service.ts';
import type { Certainty } from '../../model/service-class.ts';
import { type Answers, readAnswers } from './answers.ts';
import type { Check, Group, View } from './anchors.ts';
import { compileCondition } from './condition.ts';
import { createIndex } from './fact-index.ts';
import { createVocabulary, type Vocabulary } from './pattern.ts';
import { compileVersion, type ReadVersion } from './version.ts';

export interface ProductMatch {
  readonly productId: string;
  readonly certainty: Certainty;
  /** Ids of the facts that matched, strongest first. */
  readonly facts: readonly string[];
  /** Ids of the observations (or samples) on which they matched. */
  readonly observations: readonly string[];
  /** A protocol or carrier: shown when nothing more precise is known. */
  readonly generic: boolean;
  /** A protocol or family without a maker of its own: gives way to a carrier that has one. */
  readonly isMakerless: boolean;
}

/** A product of which something was seen, and not enough. */
export interface NearMiss {
  readonly productId: string;
  readonly facts: readonly string[];
  /** weak-only: hints that decide nothing · denied: a `never` condition of the product holds. */
  readonly reason: 'weak-only' | 'denied';
}

export interface Matching {
  /** Best first. */
  readonly matches: readonly ProductMatch[];
  readonly nearMisses: readonly NearMiss[];
}

export interface Matcher {
  match(answers: Answers): ProductMatch[];
  /** The same with the products that came near, for the author of a product file. */
  explain(answers: Answers): Matching;
  /** Ids of the products of which any fact at all, a weak one too, holds: decides about `hinted` requests. */
  hinted(facts: Facts): ReadonlySet<string>;
  /** `unknown` also for a product that is not known. */
  readVersion(productId: string, answers: Answers): VersionState;
}

interface CompiledFact {
  readonly id: string;
  readonly strength: Strength;
  readonly groups: readonly Group[];
  readonly check: Check;
}

interface CompiledProduct {
  readonly product: Product;
  readonly never: readonly Check[];
  readonly readVersion: ReadVersion;
}

interface Hit {
  readonly fact: CompiledFact;
  readonly from: ReadonlySet<string>;
}

/** As `config/vendors.yaml` has it for protocols and families. */
const NO_MAKER = 'various';
const STRENGTHS: readonly Strength[] = ['strong', 'medium', 'weak'];
const CERTAINTIES: readonly Certainty[] = ['confirmed', 'inferred', 'to-confirm'];

/**
 * Compiles the products once; matching then is a pure function of the answers. Not every fact is tried: one pass over the
 * answers finds the literal texts, icons, cookies and headers in them, and an index leads from those to the facts that may hold.
 */
export function createMatcher(products: Iterable<Product>): Matcher {
  const vocabulary = createVocabulary();
  const compiled = new Map([...products].map((product) => [product.id, compileProduct(product, vocabulary)]));
  const conditions = [...compiled.values()].flatMap(({ product }) => compileFacts(product, vocabulary));
  const index = createIndex(conditions, vocabulary.literals);
  const hitsOf = (view: View): Map<string, Hit[]> => {
    const hits = new Map<string, Hit[]>();
    for (const fact of index.candidates(view)) {
      const from = fact.check(view);
      if (from === undefined) continue;
      const own = hits.get(fact.productId);
      if (own === undefined) hits.set(fact.productId, [{ fact, from }]);
      else own.push({ fact, from });
    }
    return hits;
  };
  const explain = (answers: Answers): Matching => {
    const view = index.view(answers);
    const matches: ProductMatch[] = [];
    const nearMisses: NearMiss[] = [];
    for (const [productId, hits] of hitsOf(view)) {
      const product = compiled.get(productId);
      if (product === undefined) continue;
      const result = judge(product, hits, view);
      if ('reason' in result) nearMisses.push(result);
      else matches.push(result);
    }
    return { matches: matches.toSorted(compareMatches), nearMisses: nearMisses.toSorted(compareIds) };
  };
  return {
    explain,
    match: (answers) => [...explain(answers).matches],
    hinted: (facts) => new Set(hitsOf(index.view(readAnswers([{ id: 'hint', facts }]))).keys()),
    readVersion: (productId, answers) =>
      compiled.get(productId)?.readVersion(index.view(answers)) ?? { state: 'unknown' },
  };
}

function compileProduct(product: Product, vocabulary: Vocabulary): CompiledProduct {
  return {
    product,
    never: product.never.map((condition) => compileCondition(condition, vocabulary).check),
    readVersion: compileVersion(product, vocabulary),
  };
}

function compileFacts(product: Product, vocabulary: Vocabulary) {
  return product.facts.map((fact) => ({
    id: fact.id,
    productId: product.id,
    strength: fact.strength,
    ...compileCondition(fact, vocabulary),
  }));
}

function judge(
  { product, never }: CompiledProduct,
  found: readonly Hit[],
  view: View,
): ProductMatch | NearMiss {
  const hits = found.toSorted(
    (a, b) => STRENGTHS.indexOf(a.fact.strength) - STRENGTHS.indexOf(b.fact.strength),
  );
  const ids = hits.map(({ fact }) => fact.id);
  const certainty = weigh(hits.map(({ fact }) => fact));
  if (certainty === undefined) return { productId: product.id, facts: ids, reason: 'weak-only' };
  if (never.some((check) => check(view) !== undefined)) {
    return { productId: product.id, facts: ids, reason: 'denied' };
  }
  return {
    productId: product.id,
    certainty,
    facts: ids,
    observations: [...new Set(hits.flatMap(({ from }) => [...from]))].toSorted(),
    generic: product.generic,
    isMakerless: product.vendor === NO_MAKER,
  };
}

function compareIds(a: NearMiss, b: NearMiss): number {
  return a.productId < b.productId ? -1 : 1;
}

/**
 * What the facts that hold amount to; undefined for hints only.
 *
 * A passive source's own product name is somebody else's conclusion, often from the same page: it never confirms, neither
 * alone nor together with a fact of ours.
 */
export function weigh(facts: readonly Pick<CompiledFact, 'strength' | 'groups'>[]): Certainty | undefined {
  const own = facts.filter(({ groups }) => !groups.includes('passive'));
  if (own.some(({ strength }) => strength === 'strong')) return 'confirmed';
  const medium = own.filter(({ strength }) => strength === 'medium');
  if (medium.some((a, index) => medium.slice(index + 1).some((b) => areIndependent(a.groups, b.groups)))) {
    return 'confirmed';
  }
  if (medium.length > 0) return 'inferred';
  const passive = facts.filter(({ groups }) => groups.includes('passive'));
  if (passive.some(({ strength }) => strength === 'strong')) return 'inferred';
  return passive.some(({ strength }) => strength === 'medium') ? 'to-confirm' : undefined;
}

/**
 * A certificate and a page come from different settings; a header and a page may come from one and the same block page, and
 * the words of an answer and what a parser reads in them are the same bytes.
 */
function areIndependent(a: readonly Group[], b: readonly Group[]): boolean {
  const kinds = b.map(kindOf);
  return !a.some((group) => kinds.includes(kindOf(group)));
}

function kindOf(group: Group): Group {
  return group === 'greeting' || group === 'datagram' ? 'protocol' : group;
}

/** The product on top before its carrier (unless it is only to be confirmed), then the surer, then the one with more facts. */
function compareMatches(a: ProductMatch, b: ProductMatch): number {
  return (
    tier(a) - tier(b) ||
    CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty) ||
    b.facts.length - a.facts.length ||
    (a.productId < b.productId ? -1 : 1)
  );
}

function tier({ generic, isMakerless, certainty }: ProductMatch): number {
  const rank = generic ? 1 + Number(isMakerless) : 0;
  return certainty === 'to-confirm' ? 3 + rank : rank;
}
