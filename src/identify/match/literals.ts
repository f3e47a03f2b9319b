import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** A shorter text says too little: it stands in half of all pages. */
const SHORTEST = 4;
/** What is longer tells no more and makes the index larger. */
const LONGEST = 16;
/** More lists than this tell no more. */
const MOST_LISTS = 4;
const PARSER = new RegExpParser({ ecmaVersion: 2022 });

/** Texts in lower case of which every match holds at least one. */
export type Texts = readonly string[];

/**
 * What every match of the pattern holds: one text of each of these lists, most telling list first. Empty when the pattern
 * gives none that is long enough, or is not understood. Careful on purpose: a text that is missing here would hide a match.
 *
 * Case folding of RE2 reaches beyond lower case for k and s (Kelvin sign, long s) only: nothing real writes them.
 */
export function requiredLiterals(source: string): readonly Texts[] {
  const plain = source.replace(/^\(\?-i\)/, '');
  let alternatives: readonly AST.Alternative[];
  try {
    alternatives = PARSER.parsePattern(plain, undefined, undefined, { unicode: true }).alternatives;
  } catch {
    return [];
  }
  return ofAlternatives(alternatives)
    .map((texts) => [...new Set(texts.map(shortened))])
    .toSorted((a, b) => worthOf(b) - worthOf(a))
    .slice(0, MOST_LISTS);
}

/** The beginning, or the end where any page begins the same. */
function shortened(text: string): string {
  const head = text.slice(0, LONGEST);
  return isCommon(head) ? text.slice(-LONGEST) : head;
}

/** With one alternative, its lists; with several, one of the best lists of each, because only one of them matches. */
function ofAlternatives(alternatives: readonly AST.Alternative[]): readonly Texts[] {
  const [only, ...others] = alternatives.map(({ elements }) => ofSequence(elements));
  if (only === undefined) return [];
  if (others.length === 0) return only;
  const texts: string[] = [];
  for (const lists of [only, ...others]) {
    const best = lists.toSorted((a, b) => worthOf(b) - worthOf(a))[0];
    if (best === undefined) return [];
    texts.push(...best);
  }
  return [texts];
}

/** Every element matches: a run of plain characters is a list of one, a group gives its own. */
function ofSequence(elements: readonly AST.Element[]): Texts[] {
  const lists: Texts[] = [];
  let run = '';
  const endRun = (): void => {
    if (run.length >= SHORTEST) lists.push([run]);
    run = '';
  };
  for (const element of elements) {
    if (element.type === 'Character') {
      run += String.fromCodePoint(element.value).toLowerCase();
    } else if (element.type !== 'Assertion') {
      endRun();
      lists.push(...ofElement(element));
    }
  }
  endRun();
  return lists;
}

function ofElement(element: AST.Element): readonly Texts[] {
  if (element.type === 'Group' || element.type === 'CapturingGroup')
    return ofAlternatives(element.alternatives);
  if (element.type !== 'Quantifier' || element.min === 0) return [];
  const { element: repeated } = element;
  if (repeated.type === 'Character') {
    const text = String.fromCodePoint(repeated.value).toLowerCase().repeat(Math.min(element.min, LONGEST));
    return text.length >= SHORTEST ? [[text]] : [];
  }
  return repeated.type === 'Assertion' ? [] : ofElement(repeated);
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
