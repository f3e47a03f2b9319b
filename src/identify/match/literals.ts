import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** A shorter text says too little: it stands in half of all pages. */
const SHORTEST = 3;
/** What is longer tells no more and makes the index larger. */
const LONGEST = 16;
const PARSER = new RegExpParser();

/**
 * Texts in lower case of which every match of the pattern holds at least one; undefined when the pattern gives none that
 * is long enough, or is not understood. Careful on purpose: a text that is missing here would hide a match.
 *
 * Case folding of RE2 reaches beyond lower case for k and s (Kelvin sign, long s) only: nothing real writes them.
 */
export function requiredLiterals(source: string): readonly string[] | undefined {
  const plain = source.replace(/^\(\?-i\)/, '');
  let alternatives: readonly AST.Alternative[];
  try {
    alternatives = PARSER.parsePattern(plain, undefined, undefined, { unicode: true }).alternatives;
  } catch {
    return undefined;
  }
  const found = ofAlternatives(alternatives);
  return found === undefined ? undefined : [...new Set(found.map((text) => text.slice(0, LONGEST)))];
}

type Texts = readonly string[];

/** One of the alternatives matches, so a text of each is needed. */
function ofAlternatives(alternatives: readonly AST.Alternative[]): Texts | undefined {
  const texts: string[] = [];
  for (const { elements } of alternatives) {
    const own = ofSequence(elements);
    if (own === undefined) return undefined;
    texts.push(...own);
  }
  return texts;
}

/** Every element matches, so the best texts of any of them will do: a run of plain characters, or those of a group. */
function ofSequence(elements: readonly AST.Element[]): Texts | undefined {
  const candidates: Texts[] = [];
  let run = '';
  const endRun = (): void => {
    if (run.length >= SHORTEST) candidates.push([run]);
    run = '';
  };
  for (const element of elements) {
    if (element.type === 'Character') {
      run += String.fromCodePoint(element.value).toLowerCase();
    } else if (element.type !== 'Assertion') {
      endRun();
      const inner = ofElement(element);
      if (inner !== undefined) candidates.push(inner);
    }
  }
  endRun();
  return candidates.reduce<Texts | undefined>(
    (best, one) => (best === undefined || worthOf(one) > worthOf(best) ? one : best),
    undefined,
  );
}

function ofElement(element: AST.Element): Texts | undefined {
  if (element.type === 'Group' || element.type === 'CapturingGroup')
    return ofAlternatives(element.alternatives);
  if (element.type !== 'Quantifier' || element.min === 0) return undefined;
  const { element: repeated } = element;
  if (repeated.type === 'Character') {
    const text = String.fromCodePoint(repeated.value).toLowerCase().repeat(Math.min(element.min, LONGEST));
    return text.length >= SHORTEST ? [text] : undefined;
  }
  return repeated.type === 'Assertion' ? undefined : ofElement(repeated);
}

/** A log-in page of nobody: what stands here stands on any page, and leads nowhere. */
const ANY_PAGE = `<!doctype html><html lang="en"><head><meta http-equiv="content-type" content="text/html; charset=utf-8">
<title>login log in sign in</title><link rel="stylesheet" type="text/css" href="/css/style.css"><link href='/assets/x'>
<script type="text/javascript" src="/js/main.js"></script></head><body class="" id=""><form action="/login" method="post">
<input type="text" name="username" value=""><input type="password" name="password"><input type="hidden"><a href="https://www.">
<img src="/images/logo.png" src='' href=' action=' alt=""></form></body></html>`;

/** Whether a page of nobody holds the text as well. */
export function isCommon(text: string): boolean {
  return ANY_PAGE.includes(text);
}

/** As much as the least telling of them, because each may be the one that is there. */
function worthOf(texts: Texts): number {
  return Math.min(...texts.map((text) => (isCommon(text) ? 0 : text.length)));
}
