import type { HttpAnswer, HttpFacts } from '../../../src/model/facts.ts';
import { Product } from '../../../src/model/product.ts';
import { type Answers, readAnswers } from '../../../src/identify/match/answers.ts';
import { createMatcher, type Matcher } from '../../../src/identify/match/match.ts';
import { sha256Hex } from '../../../src/lib/hash.ts';

/** A product with the given facts; everything that does not matter here is filled in. */
export function product(given: Record<string, unknown>): Product {
  return Product.parse({
    id: 'thing',
    vendor: 'Maker',
    name: 'Thing',
    class: 'ssl-vpn',
    facts: [],
    examples: [{ name: 'x', samples: [{ kind: 'http' }], expect: 'none' }],
    ...given,
  });
}

export function matcherOf(...facts: Record<string, unknown>[]): Matcher {
  return createMatcher([product({ facts: facts.map((fact, index) => ({ id: `fact-${index}`, ...fact })) })]);
}

export function answer(given: Partial<HttpAnswer> = {}): HttpAnswer {
  const body = given.body ?? '';
  return {
    method: 'GET',
    path: '/',
    status: 200,
    headers: [],
    body,
    bodyBytes: Buffer.byteLength(body),
    bodySha256: sha256Hex(body),
    truncated: false,
    ...given,
  };
}

export function web(answers: readonly HttpAnswer[], given: Partial<HttpFacts> = {}): Answers {
  const http = {
    scheme: 'https' as const,
    host: 'www.example.jp',
    notFollowed: [],
    answers: [...answers],
    ...given,
  };
  return readAnswers([{ id: 'observation-1', facts: { http } }]);
}

export function certainty(matcher: Matcher, answers: Answers): string {
  return matcher.match(answers)[0]?.certainty ?? 'none';
}
