import { decodeEntities } from './html-entities.ts';

export interface HtmlTag {
  /** Lower case. */
  readonly name: string;
  /** Names in lower case, values decoded and cut; the first of two of one name counts, as in a browser. */
  readonly attributes: ReadonlyMap<string, string>;
}

const MAX_TAGS = 20_000;
const MAX_ATTRIBUTES = 64;
const MAX_VALUE = 2048;
/** What stands in these is text to a browser, not markup. */
const RAW = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes']);

/**
 * The opening tags of a page in order, as the tokenizer of the HTML standard (§13.2.5) finds them: comments and the insides
 * of scripts, styles and text fields are passed over. Each character is looked at a bounded number of times; nothing throws.
 */
export function* openingTags(html: string): Generator<HtmlTag> {
  const lower = lowerAscii(html);
  let at = html.indexOf('<');
  for (let count = 0; at >= 0 && count < MAX_TAGS; count += 1) {
    if (html.startsWith('<!--', at)) at = behind(html, '-->', at + 2);
    else if (/^[a-z]/i.test(html.charAt(at + 1))) {
      const tag = readTag(html, lower, at);
      if (tag.isWhole) yield tag;
      at = RAW.has(tag.name) ? endOfRaw(lower, tag.name, tag.end) : tag.end;
    } else at += 1;
    at = at < 0 ? -1 : html.indexOf('<', at);
  }
}

/** Keeps every position where it was: a few letters outside of ASCII become longer in lower case. */
function lowerAscii(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** -1 when it never comes: the rest of the page is a comment. */
function behind(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? -1 : found + what.length;
}

/** -1 when the element never ends: all that follows is its text. */
function endOfRaw(lower: string, name: string, from: number): number {
  return lower.indexOf(`</${name}`, from);
}

const SPACE = /[\s/]/;
/** One attribute, from its name on. A quote that never closes takes the rest of the page, as in a browser. */
const ATTRIBUTE = /([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)("|$)|'([^']*)('|$)|([^\s"'>][^\s>]*)))?/y;

function readTag(
  html: string,
  lower: string,
  start: number,
): HtmlTag & { readonly end: number; readonly isWhole: boolean } {
  let at = start + 1;
  while (at < html.length && !/[\s/>]/.test(html.charAt(at))) at += 1;
  const name = lower.slice(start + 1, Math.min(at, start + 41));
  const attributes = new Map<string, string>();
  for (;;) {
    while (at < html.length && SPACE.test(html.charAt(at))) at += 1;
    if (at >= html.length) return { name, attributes, end: at, isWhole: false };
    if (html.charAt(at) === '>') return { name, attributes, end: at + 1, isWhole: true };
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(html);
    if (match === null) {
      at += 1;
      continue;
    }
    at = ATTRIBUTE.lastIndex;
    const key = match[1]?.toLowerCase() ?? '';
    const value = match[2] ?? match[4] ?? match[6] ?? '';
    if (attributes.size < MAX_ATTRIBUTES && !attributes.has(key))
      attributes.set(key, decodeEntities(value.slice(0, MAX_VALUE)));
  }
}
