import type { Product } from '../model/product.ts';
import type { Observation } from '../model/observation.ts';
import type { Contradiction, Identity, VersionState } from '../model/service.ts';
import type { Certainty } from '../model/service-class.ts';
import { isProbe } from './facts-of.ts';
import { readAnswers } from './match/answers.ts';
import type { Matcher } from './match/match.ts';
import { versionFacts } from './version-sayings.ts';

export interface Recognised {
  readonly identity?: Identity;
  readonly candidates: readonly Identity[];
  readonly version: VersionState;
  readonly contradictions: readonly Contradiction[];
  readonly agreements: readonly Contradiction[];
  /** Products that never stand together claim this one place. */
  readonly isHoneypotLike: boolean;
}

/** A honeypot shows every face that an intruder may look for (nuclei-templates #1579, nuclei #6403): so many makers on one port. */
const TOO_MANY_VENDORS = 4;
const UNKNOWN: VersionState = { state: 'unknown' };

/**
 * Which product stands there. Own probes and passive sources are asked apart: the own answer counts, and where the two
 * differ both are kept as a contradiction. What only a passive source shows is one step less certain, because it is
 * somebody else's look, of another day.
 *
 * @param observations what counts for now, oldest first.
 */
export function recognise(
  observations: readonly Observation[],
  matcher: Matcher,
  products: ReadonlyMap<string, Product>,
): Recognised {
  const probed = identities(observations.filter(isProbe), matcher);
  const passive = identities(
    observations.filter((one) => !isProbe(one)),
    matcher,
  ).map(oneStepLess);
  const candidates = [...probed, ...passive.filter(({ productId }) => !probed.some(isProduct(productId)))];
  if (countVendors(candidates, products) >= TOO_MANY_VENDORS) {
    return {
      candidates: candidates.map((one) => ({ ...one, certainty: 'to-confirm' })),
      version: UNKNOWN,
      contradictions: [],
      agreements: [],
      isHoneypotLike: true,
    };
  }
  const identity = best(probed, passive, products);
  if (identity === undefined) {
    const said = versionFacts(observations, [], matcher, undefined);
    return { candidates, version: UNKNOWN, ...said, isHoneypotLike: false };
  }
  const other = passive.find(isProduct(identity.productId));
  // A release read by a passive source some days ago is the best there is when the own look read none.
  const version = identity.version.state === 'unknown' ? (other?.version ?? UNKNOWN) : identity.version;
  const alike = [...probed, ...passive].filter(isProduct(identity.productId));
  const said = versionFacts(observations, alike, matcher, products.get(identity.productId));
  return {
    identity: { ...identity, version },
    candidates: candidates.filter(({ productId }) => productId !== identity.productId),
    version,
    contradictions: [
      ...productContradiction(probed[0], passive, observations, products),
      ...said.contradictions,
    ],
    agreements: said.agreements,
    isHoneypotLike: false,
  };
}

function isProduct(id: string): (one: Identity) => boolean {
  return ({ productId }) => productId === id;
}

/** The own answer counts, unless it only names the carrier (plain nginx) and the passive one what runs on it. */
function best(
  probed: readonly Identity[],
  passive: readonly Identity[],
  products: ReadonlyMap<string, Product>,
): Identity | undefined {
  const [own] = probed;
  const [other] = passive;
  const isCarrier = own !== undefined && products.get(own.productId)?.generic === true;
  const isPrecise = other !== undefined && products.get(other.productId)?.generic === false;
  return isCarrier && isPrecise && other.certainty !== 'to-confirm' ? other : (own ?? other);
}

function identities(observations: readonly Observation[], matcher: Matcher): Identity[] {
  if (observations.length === 0) return [];
  // Newest first: a version is read from the first answer that shows one.
  const answers = readAnswers(observations.toReversed());
  return matcher.match(answers).map(({ productId, certainty, facts, observations: behind }) => ({
    productId,
    certainty,
    version: matcher.readVersion(productId, answers),
    matched: [...facts],
    observations: [...behind],
  }));
}

function oneStepLess(identity: Identity): Identity {
  const { version } = identity;
  const certainty: Certainty = identity.certainty === 'confirmed' ? 'inferred' : 'to-confirm';
  return {
    ...identity,
    certainty,
    version: version.state === 'known' ? { ...version, certainty: 'to-confirm' } : version,
  };
}

/** Makers of the products that are more than a hint. Products known to look alike count once. */
function countVendors(found: readonly Identity[], products: ReadonlyMap<string, Product>): number {
  const counted: Product[] = [];
  for (const { productId, certainty } of found) {
    const product = products.get(productId);
    if (product === undefined || product.generic || certainty === 'to-confirm') continue;
    const isKnown = counted.some((one) => one.vendor === product.vendor || looksLike(one, product));
    if (!isKnown) counted.push(product);
  }
  return counted.length;
}

function looksLike(a: Product, b: Product): boolean {
  return a['same-from-outside'].includes(b.id) || b['same-from-outside'].includes(a.id);
}

function productContradiction(
  own: Identity | undefined,
  passive: readonly Identity[],
  observations: readonly Observation[],
  products: ReadonlyMap<string, Product>,
): Contradiction[] {
  const [other] = passive;
  if (own === undefined || other === undefined || passive.some(isProduct(own.productId))) return [];
  const [ownProduct, otherProduct] = [products.get(own.productId), products.get(other.productId)];
  const compatible =
    ownProduct === undefined ||
    otherProduct === undefined ||
    ownProduct.generic ||
    otherProduct.generic ||
    looksLike(ownProduct, otherProduct);
  if (compatible) return [];
  const values = [saidBy(own, own.productId, observations), saidBy(other, other.productId, observations)];
  return [{ fact: 'product', values }];
}

function saidBy(
  { observations: behind }: Identity,
  value: string,
  observations: readonly Observation[],
): Contradiction['values'][number] {
  const newest = observations.findLast(({ id }) => behind.includes(id)) ?? observations.at(-1);
  return { source: newest?.source ?? 'probe', value, at: newest?.observedAt ?? '' };
}
