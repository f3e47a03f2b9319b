/** A reader of HTML far stricter than a browser: what it takes, every browser reads in the same way. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const VOID = ['meta', 'br', 'hr', 'img', 'input', 'link'];
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9:-]*(?:="[^"<]*")?)*)\s*(\/?)>/y;

/** @throws Error at the first thing that is not a well-formed tag or text, or at a tag that is closed out of order. */
export function strictParse(html: string): Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  let at = html.indexOf('\n') + 1;
  if (!html.startsWith('<!doctype html>\n')) throw new Error('no doctype');
  while (at < html.length) {
    if (html[at] !== '<') {
      const next = html.indexOf('<', at);
      const text = html.slice(at, next < 0 ? undefined : next);
      if (/&(?!(?:amp|lt|gt|quot|#\d+);)/.test(text)) throw new Error(`bare & in ${text.slice(0, 80)}`);
      at += text.length;
      continue;
    }
    TAG.lastIndex = at;
    const match = TAG.exec(html);
    if (match === null) throw new Error(`not a tag: ${html.slice(at, at + 80)}`);
    const [whole, closing, name = '', attributes = '', self] = match;
    at += whole.length;
    if (closing === '/') {
      const expected = open.pop();
      if (expected !== name) throw new Error(`</${name}> closes <${expected}>`);
      continue;
    }
    tags.push({ name, attributes: readAttributes(attributes) });
    if (self === '/' || VOID.includes(name)) continue;
    if (name === 'style' || name === 'script') {
      at = html.indexOf(`</${name}>`, at);
      if (at < 0) throw new Error(`${name} without end`);
    }
    open.push(name);
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`);
  return tags;
}

function readAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const match of text.matchAll(/([a-zA-Z][a-zA-Z0-9:-]*)(?:="([^"]*)")?/g))
    found[match[1] ?? ''] = match[2] ?? '';
  return found;
}
