import { RE2JS } from 're2js';

/** Where a pattern occurs, and its groups. Group 0 is the whole. */
export interface Occurrence {
  readonly groups: readonly (string | undefined)[];
  readonly start: number;
  readonly end: number;
}

/** A regular expression that needs time in proportion to the text, whatever the text is: an automaton, no backtracking. */
export interface LinearPattern {
  test(text: string): boolean;
  /** The first occurrence that begins at `from` or later. */
  find(text: string, from?: number): Occurrence | undefined;
}

/**
 * RE2 syntax (no look-around, no backreference), case-insensitive unless the text begins with `(?-i)`.
 *
 * @throws Error with RE2's own words when the text is no such expression.
 */
export function compileLinear(source: string): LinearPattern {
  const compiled = RE2JS.compile(source, source.startsWith('(?-i)') ? 0 : RE2JS.CASE_INSENSITIVE);
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
