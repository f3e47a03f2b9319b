import type { HttpAnswer } from '../../../../model/facts.ts';
import { headerValue } from './lenient.ts';

/** Share of words in common from which two pages count as one page with other details. */
const ALIKE = 0.7;
const MAX_WORDS = 2000;

/**
 * Is this the same answer, but for what changes with each request: the path that it repeats, tokens, a few bytes? Then
 * both paths were answered in the same way. In doubt yes: two pages without any words are alike.
 */
export function isSameAnswer(a: HttpAnswer, b: HttpAnswer): boolean {
  if (a.status !== b.status) return false;
  if (a.method === 'HEAD') return isSameHead(a, b);
  if (a.bodySha256 === b.bodySha256) return true;
  if (a.bodyBytes === 0 || b.bodyBytes === 0) return false;
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const shared = [...left].filter((word) => right.has(word)).length;
  const all = left.size + right.size - shared;
  return all === 0 || shared / all >= ALIKE;
}

/** Without a body only its kind and size are there; a server that does not tell the size says the same to both. */
function isSameHead(a: HttpAnswer, b: HttpAnswer): boolean {
  const [kindA, kindB] = [headerValue(a.headers, 'content-type'), headerValue(b.headers, 'content-type')];
  const [sizeA, sizeB] = [headerValue(a.headers, 'content-length'), headerValue(b.headers, 'content-length')];
  if (kindA.toLowerCase() !== kindB.toLowerCase()) return false;
  if (sizeA === '' || sizeB === '') return true;
  // A page that repeats the path is longer by as much as the path.
  return Math.abs(Number(sizeA) - Number(sizeB)) <= 64 + Math.max(Number(sizeA), Number(sizeB)) * 0.05;
}

/** Words of a page without the path asked for and without what looks like a token. */
function wordsOf({ body, path }: HttpAnswer): Set<string> {
  const name = path.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '';
  const text = name.length < 3 ? body : body.replaceAll(name, ' ');
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{2,40}/gu) ?? [];
  return new Set(words.filter((word) => !/\d.*\d|\d{3}|^[0-9a-f]{8,}$/.test(word)).slice(0, MAX_WORDS));
}
