import { compilePattern } from '../../model/knowledge.ts';

/** A compiled pattern with a text that every match must contain, so that most inputs are refused without running it. */
export interface Matcher {
  readonly source: string;
  readonly expression: RegExp;
  /** The same with the flag `g`, to look past an echo. */
  readonly all: RegExp;
  /** Lower case; undefined when no such text can be told from the pattern. */
  readonly literal: string | undefined;
}

export function compile(source: string): Matcher {
  const expression = compilePattern(source);
  return {
    source,
    expression,
    all: new RegExp(expression.source, `${expression.flags}g`),
    literal: requiredLiteral(expression.source),
  };
}

/**
 * The longest run of plain characters outside groups, classes and optional parts. Deliberately careful: an alternative
 * outside a group gives nothing, and whatever is not understood only shortens the run.
 */
export function requiredLiteral(source: string): string | undefined {
  const runs = [''];
  for (let at = 0; at < source.length;) {
    if (source[at] === '|') return undefined;
    const { end, character } = readAtom(source, at);
    const next = source[end] ?? '';
    const optional = next === '?' || next === '*' || next === '{';
    if (character === undefined || optional) runs.push('');
    else runs.push(`${runs.pop() ?? ''}${character}`);
    at = next === '{' ? source.indexOf('}', end) + 1 || source.length : end;
    // The quantifiers themselves, and the "?" of lazy ones.
    while ('?*+'.includes(source[at] ?? ' ')) {
      if (runs.at(-1) !== '') runs.push('');
      at += 1;
    }
  }
  return certain(runs.toSorted((a, b) => b.length - a.length)[0] ?? '');
}

/** One atom of a pattern: where it ends, and the character it stands for when it is exactly one. */
function readAtom(source: string, at: number): { end: number; character?: string } {
  const c = source[at] ?? '';
  if (c === '(' || c === '[') return { end: endOf(source, at) + 1 };
  if (c === '^' || c === '$' || c === '.') return { end: at + 1 };
  if (c !== '\\') return { end: at + 1, character: c };
  const escaped = source[at + 1] ?? '';
  const rest = source.slice(at + 1);
  const length = /^(?:u\{[^}]*\}|u.{4}|x..|[pP]\{[^}]*\}|k<[^>]*>|c.|\d+|.)/su.exec(rest)?.[0].length ?? 1;
  if (/[a-z0-9]/i.test(escaped)) return { end: at + 1 + length };
  return { end: at + 2, character: escaped };
}

function certain(text: string): string | undefined {
  // Case folding of `iu` reaches beyond toLowerCase for k and s (Kelvin sign, long s) only: nothing real uses them.
  return text.length >= 3 ? text.toLowerCase() : undefined;
}

/** Index of the bracket that closes the one at `from`. */
function endOf(source: string, from: number): number {
  let depth = 0;
  let inClass = false;
  for (let at = from; at < source.length; at += 1) {
    const c = source[at];
    if (c === '\\') at += 1;
    else if (inClass) {
      if (c === ']') {
        inClass = false;
        if (depth === 0) return at;
      }
    } else if (c === '[') inClass = true;
    else if (c === '(') depth += 1;
    else if (c === ')') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return source.length;
}

/** Whether the pattern occurs. `lower` is `text` in lower case when the caller has it. */
export function occurs(matcher: Matcher, text: string, lower?: string): boolean {
  if (matcher.literal !== undefined && lower !== undefined && !lower.includes(matcher.literal)) return false;
  return matcher.expression.test(text);
}

/** How many echoes are looked past before the pattern counts as not found. */
const MAX_ECHOES = 20;

/** Whether the pattern occurs as something else than a repetition of the request. */
export function occursUnasked(
  matcher: Matcher,
  text: string,
  echoes: readonly string[],
  lower?: string,
): boolean {
  if (matcher.literal !== undefined && lower !== undefined && !lower.includes(matcher.literal)) return false;
  if (echoes.length === 0) return matcher.expression.test(text);
  matcher.all.lastIndex = 0;
  for (let tries = 0; tries < MAX_ECHOES; tries += 1) {
    const found = matcher.all.exec(text);
    if (found === null) return false;
    if (found[0] === '') return true;
    if (!isEcho(found[0], echoes)) return true;
  }
  return false;
}

/** Words that stand around any repeated path: they do not make it a statement of the server's own. */
const SURROUNDINGS =
  /https?:\/\/[^/?#\s"'<>]*|\b(?:href|src|action|location|document|window|top|self|url|form|method|post|get|link|input|name|value|html|script|redirect|replace|next|from|return|not|found|path|the|requested|was|this|server)\b/g;

/**
 * The matched text says nothing that was not in the request: it lies within the request target, or is the target with
 * the usual wrapping (an href, "Location: https://host" + path).
 */
export function isEcho(matched: string, echoes: readonly string[]): boolean {
  const text = matched.toLowerCase();
  // A redirect to "https://" + host + the same path: the host is the server's word, the path is ours.
  const path = text.replace(/^https?:\/\/[^/?#\s]*/, '');
  if (path !== '' && echoes.some((echo) => echo.includes(path))) return true;
  let rest = text;
  for (const echo of echoes) {
    if (echo.length < 3) continue;
    rest = removeWhole(rest, echo);
  }
  if (rest === text) return false;
  return !/[\p{L}\p{N}]{2}/u.test(rest.replace(SURROUNDINGS, ' '));
}

/** Takes out the target where it ends as a path would end: "/remote/login" is not repeated by "/remote/logincheck". */
function removeWhole(text: string, target: string): string {
  let rest = '';
  let at = 0;
  for (;;) {
    const found = text.indexOf(target, at);
    if (found < 0) return rest + text.slice(at);
    const end = found + target.length;
    const whole = end >= text.length || !/[a-z0-9_.\-/]/.test(text[end] ?? '');
    rest += text.slice(at, whole ? found : end);
    at = end;
  }
}
