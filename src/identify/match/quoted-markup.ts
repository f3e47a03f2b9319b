/** Elements in which a page shows code to its readers; what stands in them is talk, not the page's own markup. */
const SHOWN = ['pre', 'code', 'textarea', 'xmp', 'samp'] as const;

const WHOLE = [
  ['<script', '</script'],
  ['<style', '</style'],
  ['<!--', '-->'],
] as const;

/** A longer span is no quoted tag but a page that escapes a quantity of text. */
const MAX_QUOTED_TAG = 1024;

/**
 * The page without what it only quotes: the content of `<pre>`, `<code>`, `<textarea>` (unless a form stands in it), and
 * escaped tags (`&lt;script src="…"&gt;`) in running text. An article that shows the log-in page of a product is not that page.
 * Linear in the size of the page.
 */
export function withoutQuotedMarkup(body: string): string {
  if (!isHtml(body)) return body;
  let page = body;
  const lower = lowerAscii(body);
  for (const name of SHOWN) if (lower.includes(`<${name}`)) page = withoutElements(page, name);
  if (page.includes('&lt;')) page = withoutEscapedTags(page);
  return withoutQuotedAttributes(page);
}

/**
 * A text or a feed that holds markup further on: a README, a rule of another tool, an article in RSS. Nothing in it is the
 * server's own page, its title neither.
 */
export function isTalk(contentType: string, body: string): boolean {
  if (/^application\/(?:rss|atom)\+xml/i.test(contentType)) return true;
  if (!/^text\/(?:plain|markdown|x-markdown|csv)/i.test(contentType) || /^[\s\uFEFF]{0,64}</.test(body))
    return false;
  return /<(?:!doctype|html|head|title|script|form|link|meta|body)[\s>]/i.test(body);
}

/** `src="…"` between tags is talk about markup; in a tag, a script or a style it is the page's own. */
function withoutQuotedAttributes(page: string): string {
  const lower = lowerAscii(page);
  let rest = '';
  let at = 0;
  for (;;) {
    const open = page.indexOf('<', at);
    const text = page.slice(at, open < 0 ? page.length : open);
    rest += text.includes('="') ? text.replace(/[\w:-]{1,40}="[^"]{0,500}"/g, ' ') : text;
    if (open < 0) return rest;
    const end = endOfTag(lower, page, open);
    // Data for search engines and for the page's own script: an article carries its whole text there.
    const isData = /^<script[^>]{0,200}\stype=["']?application\/(?:ld\+)?json/.test(
      lower.slice(open, open + 250),
    );
    rest += isData ? ' ' : page.slice(open, end);
    at = end;
  }
}

/** Behind the tag; behind the whole element when it is a script, a style or a comment. */
function endOfTag(lower: string, page: string, open: number): number {
  for (const [start, stop] of WHOLE) {
    if (!lower.startsWith(start, open)) continue;
    const end = lower.indexOf(stop, open);
    return end < 0 ? page.length : end + stop.length;
  }
  let end = page.indexOf('>', open);
  // A ">" within a value does not end the tag; a value that never ends does.
  for (let tries = 0; end >= 0 && tries < 8 && hasOpenQuote(page, open, end); tries += 1) {
    end = page.indexOf('>', end + 1);
  }
  return end < 0 ? page.length : end + 1;
}

function hasOpenQuote(page: string, from: number, to: number): boolean {
  const tag = page.slice(from, to);
  let isOpen = false;
  for (let at = tag.indexOf('"'); at >= 0; at = tag.indexOf('"', at + 1)) isOpen = !isOpen;
  return isOpen;
}

/** Keeps every position where it was: a few letters outside of ASCII become longer in lower case. */
function lowerAscii(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function isHtml(body: string): boolean {
  return /^[\s\uFEFF]{0,64}<(?:!doctype html|html|head|!--|\?xml|meta|title|body|div|h1|p|article|script|link)/i.test(
    body.slice(0, 128),
  );
}

function withoutElements(body: string, name: string): string {
  const lower = lowerAscii(body);
  let rest = '';
  let at = 0;
  for (;;) {
    const open = lower.indexOf(`<${name}`, at);
    if (open < 0) return rest + body.slice(at);
    const after = lower[open + name.length + 1] ?? '';
    const start = lower.indexOf('>', open) + 1;
    // No tag ends any more: what is left is text, and looking for the next one would go through all of it again.
    if (start === 0) return rest + body.slice(at);
    if (!/[\s>]/.test(after)) {
      rest += body.slice(at, open + 1);
      at = open + 1;
      continue;
    }
    const end = lower.indexOf(`</${name}`, start);
    const stop = end < 0 ? body.length : end;
    const isOwn = /<(?:form|input|script)[\s>]/.test(lower.slice(start, stop));
    rest += isOwn ? body.slice(at, stop) : `${body.slice(at, start)} `;
    at = stop;
    if (end < 0) return rest;
  }
}

function withoutEscapedTags(body: string): string {
  let rest = '';
  let at = 0;
  for (;;) {
    const open = body.indexOf('&lt;', at);
    if (open < 0) return rest + body.slice(at);
    const length = body.slice(open, open + MAX_QUOTED_TAG).indexOf('&gt;');
    const isTag = length > 0 && /[a-z/!?]/i.test(body[open + 4] ?? '');
    rest += isTag ? `${body.slice(at, open)} ` : body.slice(at, open + 4);
    at = open + (isTag ? length : 0) + 4;
  }
}
