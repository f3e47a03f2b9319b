import { once } from '../../lib/once.ts';
import type { Answers } from './answers.ts';
import type { Anchor, View } from './anchors.ts';
import type { CompiledCondition } from './condition.ts';
import { isNamed } from './web-condition.ts';
import { createScanner } from './scanner.ts';

/** Leads from what the answers hold to the conditions that may hold on them. */
export interface FactIndex<T extends CompiledCondition> {
  /** The answers with the literal texts found in them; found once for the same answers. */
  view(answers: Answers): View;
  /** In the order given to `createIndex`, each once. */
  candidates(view: View): T[];
}

/** @param literals the texts of the vocabulary that the conditions were compiled with, all of them. */
export function createIndex<T extends CompiledCondition>(
  conditions: readonly T[],
  literals: readonly string[],
): FactIndex<T> {
  const byLiteral: number[][] = literals.map(() => []);
  const byKey = new Map<string, number[]>();
  const prefixes: { readonly prefix: string; readonly at: number }[] = [];
  for (const [at, { anchors }] of conditions.entries()) {
    for (const anchor of anchors) {
      if (isLiteral(anchor)) byLiteral[anchor.number]?.push(at);
      else if (anchor.kind === 'cookie' && anchor.name.endsWith('*'))
        prefixes.push({ prefix: anchor.name, at });
      else put(byKey, keyOf(anchor), at);
    }
  }
  // The automaton over some thousand texts takes a moment to build: only for who matches at all.
  const scanner = once(() => createScanner(literals));
  const views = new WeakMap<Answers, View>();
  return {
    view(answers) {
      const known = views.get(answers);
      if (known !== undefined) return known;
      const seen = new Uint8Array(literals.length);
      for (const text of textsOf(answers)) scanner().scan(text, seen);
      const view = { answers, seen };
      views.set(answers, view);
      return view;
    },
    candidates({ answers, seen }) {
      const found = new Set<number>();
      const add = (numbers: readonly number[] | undefined): void => {
        for (const at of numbers ?? []) found.add(at);
      };
      for (let number = seen.indexOf(1); number >= 0; number = seen.indexOf(1, number + 1)) {
        add(byLiteral[number]);
      }
      for (const key of keysOf(answers)) add(byKey.get(key));
      for (const { prefix, at } of prefixes) {
        if (answers.web.some(({ cookies }) => cookies.some(({ name }) => isNamed(name, prefix))))
          found.add(at);
      }
      return [...found].toSorted((a, b) => a - b).flatMap((at) => conditions[at] ?? []);
    },
  };
}

function put(map: Map<string, number[]>, key: string, at: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [at]);
  else known.push(at);
}

function isLiteral(anchor: Anchor): anchor is Extract<Anchor, { number: number }> {
  return 'number' in anchor;
}

function keyOf(anchor: Exclude<Anchor, { number: number }>): string {
  return anchor.kind === 'favicon' ? `favicon ${anchor.hash}` : `${anchor.kind} ${anchor.name}`;
}

/** Every key under which a condition about these answers may stand. */
function keysOf(answers: Answers): Set<string> {
  const keys = new Set<string>();
  for (const { mmh3 } of answers.favicons) keys.add(`favicon ${mmh3}`);
  for (const { cookies, headers, location } of answers.web) {
    for (const { name } of cookies) keys.add(`cookie ${name}`);
    for (const name of headers.keys()) keys.add(`header ${name}`);
    if (location !== undefined) keys.add('header location');
  }
  const groups = {
    web: answers.web,
    tls: answers.certificates,
    greeting: answers.greetings,
    datagram: answers.datagrams,
    ssh: answers.ssh,
    rdp: answers.rdp,
    vnc: answers.vnc,
    passive: answers.passive,
  };
  for (const { facts } of answers.protocols) keys.add(`group protocol ${facts.name}`);
  for (const [name, list] of Object.entries(groups)) if (list.length > 0) keys.add(`group ${name}`);
  return keys;
}

/** Every text that a pattern with literals may be asked about. */
function* textsOf(answers: Answers): Generator<string> {
  for (const { title, body, location, headers } of answers.web) {
    yield title;
    yield body;
    if (location !== undefined) yield location;
    for (const values of headers.values()) yield* values;
  }
  for (const { subject, issuer, serial, names } of answers.certificates) {
    yield subject;
    yield issuer;
    yield serial;
    yield* names;
  }
  for (const { text, version } of answers.greetings) {
    yield text;
    // A passive source may know it from a field of its own.
    if (version !== undefined) yield version;
  }
  for (const { text } of answers.datagrams) yield text;
  for (const { banner } of answers.ssh) yield banner;
  for (const { product } of answers.passive) yield product;
}
