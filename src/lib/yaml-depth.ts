import { Lexer } from 'yaml';

/** Brackets within each other, and characters before the first word of a line. Our own files have 5 and 14. */
const MOST_OPEN = 50;
const MOST_INDENT = 200;

/** What can stand before the first word of a line: each `-` and `?` is a level of its own. */
const INDENT = /^[ \t?:-]+$/;

/**
 * Where a YAML text is nested more deeply than anybody writes: an offset, or undefined when it is not.
 *
 * Asked before the text is parsed: thousands of levels end the process within a regular expression of the parser, which nothing can
 * catch. The lexer does not call itself, and it knows a bracket from one in a text.
 */
export function tooDeepAt(text: string): number | undefined {
  let offset = 0;
  let open = 0;
  let indent: number | undefined = 0;
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) continue;
    if (token === '[' || token === '{') open += 1;
    else if (token === ']' || token === '}') open = Math.max(0, open - 1);
    if (token.endsWith('\n')) indent = 0;
    else if (indent !== undefined) indent = INDENT.test(token) ? indent + token.length : undefined;
    if (open > MOST_OPEN || (indent ?? 0) > MOST_INDENT) return offset;
    offset += token.length;
  }
  return undefined;
}

/** Tokens of the lexer that stand for no character of the text: a document, an unexpected end, or a scalar follows. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
