/** Whether one service answers a question, and how surely. */
import { z } from 'zod';
import { knownUseOf } from '../assess/exploited.ts';
import type { Product } from '../model/product.ts';
import { Identity, Service } from '../model/service.ts';
import type { Question } from './ask-question.ts';

/**
 * - affected: the release is read and lies in a range that was checked
 * - version-unknown: a product that has the weakness; its release cannot be seen
 * - to-confirm: it may be affected: the range, the reading or the product is not sure
 * - passive-hint: only a passive source names the CVE
 * - shown: the product (or a service of the class) that was asked for
 * - maybe: a product of the family, one that looks the same, or a second guess
 * - text: the word stands in what the service says
 * - not-affected: a product that has the weakness, of a release outside of it
 */
export const ANSWERS = [
  'affected',
  'version-unknown',
  'to-confirm',
  'passive-hint',
  'shown',
  'maybe',
  'text',
  'not-affected',
] as const;
export type Answer = (typeof ANSWERS)[number];

export interface Match {
  readonly answer: Answer;
  /** What is thought to stand there: the identity, or the candidate that answers the question. */
  readonly identity: Identity | undefined;
}

/** What is enough to see that a stored service cannot be an answer. Anything that does not fit is looked at in full. */
const Gist = z.object({
  class: z.string(),
  identity: z.object({ productId: z.string() }).optional(),
  candidates: z.array(z.object({ productId: z.string() })),
  passiveVulns: z.array(z.string()),
});

/** Cheap, so that thousands of runs can be gone through: false only when `matchService` finds nothing for certain. */
export function mayMatch(stored: unknown, question: Question): boolean {
  const gist = Gist.safeParse(stored).data;
  if (gist === undefined || question.kind === 'text') return true;
  const ids = [gist.identity, ...gist.candidates].flatMap((one) => one?.productId ?? []);
  if (question.kind === 'cve')
    return gist.passiveVulns.includes(question.cve) || ids.some((id) => isMeant(id, question));
  const classes: ReadonlySet<string> = question.classes;
  return classes.has(gist.class) || ids.some((id) => isMeant(id, question));
}

function isMeant(id: string, { products, related }: Exclude<Question, { kind: 'text' }>): boolean {
  return products.has(id) || related.has(id);
}

export function matchService(service: Service, question: Question): Match | undefined {
  switch (question.kind) {
    case 'cve':
      return matchWeakness(service, question);
    case 'product':
      return matchProduct(service, question);
    case 'text':
      return texts(service).some((text) => folded(text).includes(folded(question.word)))
        ? { answer: 'text', identity: service.identity }
        : undefined;
  }
}

function matchWeakness(
  service: Service,
  { cve, products, related }: Extract<Question, { kind: 'cve' }>,
): Match | undefined {
  const { identity, candidates } = service;
  if (identity !== undefined && products.has(identity.productId))
    return { answer: affectedness(service, cve, products), identity };
  if (service.passiveVulns.includes(cve)) return { answer: 'passive-hint', identity };
  const other = candidates.find(
    (one) =>
      products.has(one.productId) &&
      affectedness({ ...service, identity: one, version: one.version }, cve, products) !== 'not-affected',
  );
  if (other !== undefined) return { answer: 'to-confirm', identity: other };
  return identity !== undefined && related.has(identity.productId)
    ? { answer: 'to-confirm', identity }
    : undefined;
}

function affectedness(service: Service, cve: string, products: ReadonlyMap<string, Product>): Answer {
  const found = knownUseOf(service, products).exploited.find((one) => one.cve === cve);
  switch (found?.grade) {
    case undefined:
      return 'not-affected';
    case 'confirmed':
      return 'affected';
    case 'passive-only':
      return 'passive-hint';
    case 'to-confirm':
      return 'to-confirm';
    case 'product-matches':
      return service.version.state === 'unknown' ? 'version-unknown' : 'to-confirm';
  }
}

function matchProduct(
  { class: kind, identity, candidates }: Service,
  { products, related, classes }: Extract<Question, { kind: 'product' }>,
): Match | undefined {
  if (identity !== undefined && products.has(identity.productId))
    return { answer: identity.certainty === 'to-confirm' ? 'maybe' : 'shown', identity };
  const other = candidates.find(({ productId }) => products.has(productId));
  if (classes.has(kind)) return { answer: 'shown', identity: identity ?? other };
  if (other !== undefined) return { answer: 'maybe', identity: other };
  return identity !== undefined && related.has(identity.productId)
    ? { answer: 'maybe', identity }
    : undefined;
}

/** What a service says of itself, as it came from the network. */
function texts({ label, names, certificate, said }: Service): string[] {
  return [
    ...(label === undefined ? [] : [label]),
    ...names,
    ...(certificate === undefined ? [] : [certificate.subject]),
    ...(said ?? []).flat(),
  ];
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
