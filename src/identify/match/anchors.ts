import type { Answers } from './answers.ts';
import type { Pattern, Seen } from './pattern.ts';

/** What a check looks at: the answers, and which literal texts occur anywhere in them. */
export interface View {
  readonly answers: Answers;
  readonly seen: Seen;
}

/** Ids of the observations on which the condition holds; undefined when it does not hold. */
export type Check = (view: View) => ReadonlySet<string> | undefined;

/** Kinds of evidence that a server owner cannot change together by one setting: two of them confirm each other. */
export type Group =
  | 'http'
  | 'favicon'
  | 'tls'
  | 'greeting'
  | 'datagram'
  | 'protocol'
  | 'ssh'
  | 'rdp'
  | 'vnc'
  | 'passive';

/**
 * Things of which the answers must show at least one for the condition to hold: a literal text, an icon, the name of a
 * cookie or header, or at least an answer of the kind. The index finds the condition by them.
 */
export type Anchor =
  | { readonly kind: 'literal' | 'common-literal'; readonly number: number }
  | { readonly kind: 'favicon'; readonly hash: number }
  | { readonly kind: 'cookie' | 'header' | 'group'; readonly name: string };

/** One kind of evidence within a condition. */
export interface Part {
  readonly group: Group;
  readonly check: Check;
  /** Of these the answers show at least one whenever the part holds. */
  readonly anchors: readonly Anchor[];
}

export type Compile = (source: string) => Pattern;
export type Anchors = readonly Anchor[];

/** How much an anchor tells: an icon most, that there is an answer at all least. */
const RANK = { favicon: 0, literal: 1, cookie: 2, header: 3, 'common-literal': 4, group: 5 } as const;

/** The most telling of several lists, each of which would do. */
export function bestAnchors(candidates: readonly (Anchors | undefined)[]): Anchors | undefined {
  return candidates
    .filter((anchors): anchors is Anchors => anchors !== undefined && anchors.length > 0)
    .toSorted((a, b) => rankOf(a) - rankOf(b))[0];
}

function rankOf(anchors: Anchors): number {
  return Math.max(...anchors.map(({ kind }) => RANK[kind]));
}

/** All of these patterns must occur: the anchors of any of them will do. */
export function anchorsOfAll(patterns: readonly Pattern[]): Anchors | undefined {
  return bestAnchors(patterns.map((pattern) => anchorsOfAny([pattern])));
}

/** One of these patterns must occur: the anchors of every one are needed. */
export function anchorsOfAny(patterns: readonly Pattern[]): Anchors | undefined {
  const anchors: Anchor[] = [];
  for (const {
    needs: [needs],
    isCommon,
  } of patterns) {
    if (needs === undefined) return undefined;
    const kind = isCommon ? 'common-literal' : 'literal';
    anchors.push(...needs.map((number) => ({ kind, number }) as const));
  }
  return anchors;
}

export function answersOf(group: 'web' | Exclude<Group, 'http'>): Anchors {
  return [{ kind: 'group', name: group }];
}

/** Ids of the observations whose answers hold; undefined when none does. */
export function where<T extends { readonly from: string }>(
  items: readonly T[],
  holds: (item: T) => boolean,
): ReadonlySet<string> | undefined {
  let found: Set<string> | undefined;
  for (const item of items) if (holds(item)) (found ??= new Set()).add(item.from);
  return found;
}
