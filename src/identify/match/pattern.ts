import { compileLinear, type LinearPattern, type Occurrence } from '../../lib/linear-pattern.ts';
import { once } from '../../lib/once.ts';
import { isCommon, requiredLiterals } from './literals.ts';

/** Which literal texts of a vocabulary the answers hold, by number. */
export type Seen = Uint8Array;

/** A pattern of a product file; compiled when it is first needed. */
export interface Pattern {
  readonly source: string;
  /** Numbers of literal texts: every match holds one of each list, the most telling list first. */
  readonly needs: readonly (readonly number[])[];
  /** One text of the first list stands on any page: they say little. */
  readonly isCommon: boolean;
  readonly linear: () => LinearPattern;
}

/** The literal texts of all patterns together: one pass over an answer tells which patterns are worth running. */
export interface Vocabulary {
  readonly literals: readonly string[];
  pattern(source: string): Pattern;
}

export function createVocabulary(): Vocabulary {
  const literals: string[] = [];
  const numbers = new Map<string, number>();
  const patterns = new Map<string, Pattern>();
  const numberOf = (literal: string): number => {
    const known = numbers.get(literal);
    if (known !== undefined) return known;
    numbers.set(literal, literals.length);
    return literals.push(literal) - 1;
  };
  return {
    literals,
    pattern(source) {
      const known = patterns.get(source);
      if (known !== undefined) return known;
      const lists = requiredLiterals(source);
      const made: Pattern = {
        source,
        needs: lists.map((texts) => texts.map(numberOf)),
        isCommon: lists[0]?.some(isCommon) === true,
        linear: once(() => compileLinear(source)),
      };
      patterns.set(source, made);
      return made;
    },
  };
}

/** Whether it is worth running: of each list of texts, one occurs somewhere in the answers. */
export function mayOccur({ needs }: Pattern, seen: Seen): boolean {
  return needs.every((numbers) => numbers.some((number) => seen[number] === 1));
}

/** Whether the pattern occurs in one of the texts that `seen` was made from. */
export function occurs(pattern: Pattern, text: string, seen: Seen): boolean {
  return mayOccur(pattern, seen) && pattern.linear().test(text);
}

/** How many echoes are looked past before the pattern counts as not found. */
const MAX_ECHOES = 20;

/** Whether the pattern occurs as something else than a repetition of the request. */
export function occursUnasked(
  pattern: Pattern,
  text: string,
  echoes: readonly string[],
  seen: Seen,
): boolean {
  if (!occurs(pattern, text, seen)) return false;
  return echoes.length === 0 || findUnasked(pattern, text, echoes) !== undefined;
}

/** The first occurrence that is not a repetition of the request. */
export function findUnasked(
  pattern: Pattern,
  text: string,
  echoes: readonly string[],
): Occurrence | undefined {
  const linear = pattern.linear();
  let from = 0;
  for (let tries = 0; tries < MAX_ECHOES; tries += 1) {
    const found = linear.find(text, from);
    if (found === undefined) return undefined;
    if (!isEcho(text, found, echoes)) return found;
    from = found.end;
  }
  return undefined;
}

/** Words that stand around any repeated path: they do not make it a statement of the server's own. */
const SURROUNDINGS =
  /https?:\/\/[^/?#\s"'<>]*|\b(?:href|src|action|location|document|window|top|self|url|form|method|post|get|link|rel|canonical|meta|content|img|iframe|input|name|value|html|script|redirect|replace|next|from|return|not|found|path|the|requested|was|this|server)\b/g;

/**
 * The match says nothing that was not in the request: it lies within a repetition of the request target, or is the target
 * with the usual wrapping (an href, "Location: https://host" + path). A title "Login" on /php/login.php is no repetition.
 */
export function isEcho(text: string, found: Occurrence, echoes: readonly string[]): boolean {
  if (found.start === found.end || echoes.length === 0) return false;
  const matched = text.slice(found.start, found.end).toLowerCase();
  // A redirect to "https://" + host + the same path: the host is the server's word, the path is ours.
  const path = matched.replace(/^https?:\/\/[^/?#\s]*/, '');
  if (path !== '' && path !== matched && echoes.some((echo) => echo.includes(path))) return true;
  if (echoes.some((echo) => liesWithin(text, found, echo))) return true;
  // A match may end within the repeated target, or run on into the slash or query of a link to the page itself.
  const rest = withoutRepeated(text, found, echoes);
  if (rest === matched) return false;
  return !/[\p{L}\p{N}]{2}/u.test(rest.replace(SURROUNDINGS, ' '));
}

/** The target stands in the text around the match, from before its start to beyond its end. */
function liesWithin(text: string, { start, end }: Occurrence, target: string): boolean {
  if (target.length < end - start) return false;
  const from = Math.max(0, end - target.length);
  const around = text.slice(from, start + target.length).toLowerCase();
  return around.includes(target);
}

/** The match without the parts that lie in a repetition of the target, and without the slash or query that follows one. */
function withoutRepeated(text: string, { start, end }: Occurrence, echoes: readonly string[]): string {
  const longest = Math.max(...echoes.map(({ length }) => length));
  const from = Math.max(0, start - longest);
  const original = text.slice(from, end + longest);
  const around = original.toLowerCase();
  if (around.length !== original.length) return text.slice(start, end).toLowerCase();
  const kept = Array.from({ length: around.length }, (_, index) => around[index] ?? '');
  for (const echo of echoes) {
    if (echo.length < 3) continue;
    for (let at = around.indexOf(echo); at >= 0; at = around.indexOf(echo, at + echo.length)) {
      const stop = at + echo.length;
      const tail = /^\/?(?:[?#&][^"'<>\s]{0,200})?(?![a-z0-9_.\-/])/.exec(around.slice(stop, stop + 202));
      if (tail !== null) kept.fill(' ', at, stop + tail[0].length);
    }
  }
  return kept.slice(start - from, end - from).join('');
}
