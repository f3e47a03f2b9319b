import { readAnswers } from '../identify/match/answers.ts';
import { createMatcher } from '../identify/match/match.ts';
import { candidateFacts, type Candidate } from '../knowledge/learn/candidates.ts';
import { draftProduct, productYaml, type DraftInput, type ProductDraft } from '../knowledge/learn/draft.ts';
import { createOwnNames, type OwnNames } from '../knowledge/learn/own-names.ts';
import type { OrdinaryFile } from '../knowledge/files.ts';
import type { Facts } from '../model/facts.ts';
import { type Knowledge } from '../model/knowledge.ts';
import { Product, type Sample } from '../model/product.ts';
import type { Scope } from '../model/scope.ts';
import { factsOfSamples } from '../observe/recorded/samples.ts';

export interface LearnInput extends Omit<DraftInput, 'candidates'> {
  readonly heard: readonly Facts[];
  readonly scope: Scope;
  readonly address: string;
  readonly knowledge: Knowledge;
  readonly ordinary: OrdinaryFile;
}

export type Learned =
  | { readonly kind: 'file'; readonly product: Product; readonly yaml: string; readonly dropped: number }
  /** Nothing is left that tells this device from others. */
  | { readonly kind: 'nothing'; readonly dropped: number };

/**
 * A product file from what one device answered. A fact stays when no ordinary answer and no other product shows it, and when it
 * names nothing of the organisation; examples are expected to come to what they do come to.
 */
export function learnProduct({ heard, scope, address, knowledge, ordinary, ...names }: LearnInput): Learned {
  const own = createOwnNames(scope, address, heard.flatMap(namesOf));
  const candidates = candidateFacts(heard, own);
  const kept = withoutCommon(candidates, knowledge, ordinary);
  const draft = draftProduct({ ...names, candidates: kept });
  const measured = measure(draft);
  const dropped = candidates.length - kept.length;
  const tells = measured.examples.some(({ expect }) => expect !== 'none');
  if (!tells || leaks(measured, own)) return { kind: 'nothing', dropped };
  return { kind: 'file', product: Product.parse(measured), yaml: productYaml(measured), dropped };
}

/** Every name that the service itself gave away. */
function namesOf({ tls, http, rdp, greeting }: Facts): string[] {
  const certificates = tls?.certificates.slice(0, 1) ?? [];
  const greeted = /^\d{3}[ -](\S{1,255})/.exec(greeting?.text ?? '')?.[1];
  const locations = (http?.answers ?? []).flatMap(({ location }) => location ?? []);
  return [
    ...certificates.flatMap(({ names }) => names),
    ...locations.flatMap((location) => (URL.canParse(location) ? new URL(location).hostname : [])),
    ...Object.values(rdp?.ntlm ?? {}).filter((value) => value !== undefined),
    ...(greeted?.includes('.') === true ? [greeted] : []),
  ];
}

/** Without the facts that an ordinary answer shows, or an answer of another product. */
function withoutCommon(
  candidates: readonly Candidate[],
  { products }: Knowledge,
  ordinary: OrdinaryFile,
): Candidate[] {
  const trial = trialProduct(candidates);
  const matcher = createMatcher([trial]);
  const others: readonly (readonly Sample[])[] = [
    ...ordinary.map(({ samples }) => samples),
    ...[...products.values()].flatMap(({ examples }) => examples.map(({ samples }) => samples)),
  ];
  const common = new Set<string>();
  for (const samples of others) {
    const { matches, nearMisses } = matcher.explain(readAnswers(factsOfSamples(samples)));
    for (const { facts } of [...matches, ...nearMisses]) for (const id of facts) common.add(id);
  }
  return candidates.filter(({ fact }) => !common.has(fact.id));
}

function trialProduct(candidates: readonly Candidate[]): Product {
  return Product.parse({
    id: 'trial',
    vendor: '-',
    name: '-',
    class: 'unknown',
    facts: candidates.length === 0 ? [NEVER] : candidates.map(({ fact }) => fact),
    examples: [{ name: '-', samples: [{ kind: 'tcp' }], expect: 'none' }],
  });
}

/** A product must have a fact; this one holds nowhere. */
const NEVER = { id: 'none', strength: 'weak', http: { status: [-1] } } as const;

type Measured = Omit<ProductDraft, 'examples'> & { readonly examples: Product['examples'] };

/** What each example comes to; an example that comes to nothing is left out, but for the look-alike. */
function measure(draft: ProductDraft): Measured {
  if (draft.facts.length === 0) return { ...draft, examples: [] };
  const matcher = createMatcher([
    Product.parse({ ...draft, examples: [{ name: '-', samples: [{ kind: 'tcp' }], expect: 'none' }] }),
  ]);
  const examples = draft.examples.flatMap(({ expect, ...example }): Product['examples'] => {
    const found = matcher.match(readAnswers(factsOfSamples(example.samples)))[0]?.certainty;
    if (expect === 'none') return found === undefined ? [{ ...example, expect }] : [];
    return found === undefined ? [] : [{ ...example, expect: found }];
  });
  return { ...draft, examples };
}

/** A last look at everything that is written: built from masked parts, so this holds only when a mask has a hole. */
function leaks({ facts, examples }: Measured, own: OwnNames): boolean {
  const texts: string[] = [];
  JSON.stringify({ facts, examples }, (_key, value: unknown) => {
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  return texts.some((text) => own.areIn(text.replaceAll('host.example.jp', '')));
}
