import { RE2JS } from 're2js';
import { waysToFit } from './pattern-cost.ts';

/** Where a pattern occurs, and its groups. Group 0 is the whole. */
export interface Occurrence {
  readonly groups: readonly (string | undefined)[];
  readonly start: number;
  readonly end: number;
}

/** A regular expression that needs time in proportion to the text, whatever the text is. */
export interface LinearPattern {
  test(text: string): boolean;
  /** The first occurrence that begins at `from` or later. */
  find(text: string, from?: number): Occurrence | undefined;
}

const RESPECTS_CASE = '(?-i)';
/** So many tries at each place of a text are still quicker than an automaton: a page of 128 KiB takes some milliseconds. */
const MOST_WAYS = 1000;

/**
 * Complains of a text that is no expression in RE2 syntax (no look-around, no backreference).
 *
 * @throws Error with RE2's own words.
 */
export function checkPattern(source: string): void {
  automatonOf(source);
}

/**
 * Case-insensitive unless the text begins with `(?-i)`.
 *
 * Two engines, because the automaton (re2js) needs ten times as long for an ordinary page: the platform's own where the
 * pattern can be fitted in few ways at one place, so that even a hostile text makes it try only so often; the automaton for
 * all others, which is linear by construction.
 *
 * @param source one that `checkPattern` takes.
 */
export function compileLinear(source: string): LinearPattern {
  return quickPattern(source) ?? automatonPattern(automatonOf(source));
}

function automatonOf(source: string): RE2JS {
  return RE2JS.compile(source, source.startsWith(RESPECTS_CASE) ? 0 : RE2JS.CASE_INSENSITIVE);
}

function quickPattern(source: string): LinearPattern | undefined {
  const respectsCase = source.startsWith(RESPECTS_CASE);
  const plain = respectsCase ? source.slice(RESPECTS_CASE.length) : source;
  if (waysToFit(plain) > MOST_WAYS) return undefined;
  const flags = respectsCase ? 'u' : 'iu';
  const tester = new RegExp(plain, flags);
  const finder = new RegExp(plain, `${flags}g`);
  return {
    test: (text) => tester.test(text),
    find: (text, from = 0) => {
      finder.lastIndex = from;
      const found = finder.exec(text);
      return found === null
        ? undefined
        : { groups: [...found], start: found.index, end: found.index + found[0].length };
    },
  };
}

function automatonPattern(compiled: RE2JS): LinearPattern {
  return {
    test: (text) => compiled.test(text),
    find: (text, from = 0) => {
      const matcher = compiled.matcher(text);
      // `find(from)` throws beyond the end.
      if (from > text.length || !matcher.find(from)) return undefined;
      const groups = Array.from(
        { length: matcher.groupCount() + 1 },
        (_, at) => matcher.group(at) ?? undefined,
      );
      return { groups, start: matcher.start(), end: matcher.end() };
    },
  };
}
