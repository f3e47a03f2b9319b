/** The page behind "/" as the content watch compares it: where its parts come from, and a hash that two visits share. */
import type { HttpAnswer, HttpFacts } from '../../model/facts.ts';
import type { WebPage } from '../../model/web.ts';
import { openingTags, type HtmlTag } from '../../lib/html-tags.ts';
import { header } from '../facts-of.ts';
import { stableSha256 } from './stable.ts';

const MAX_ORIGINS = 64;
const MAX_TITLE = 200;
const MAX_STEPS = 6;

type Part = 'scripts' | 'frames' | 'forms' | 'refresh' | 'links';

/** Element and attribute → the list that the origin goes to. */
const PARTS: Readonly<Record<string, readonly (readonly [attribute: string, part: Part])[]>> = {
  script: [
    ['src', 'scripts'],
    ['href', 'scripts'],
    ['xlink:href', 'scripts'],
  ],
  iframe: [['src', 'frames']],
  frame: [['src', 'frames']],
  embed: [['src', 'frames']],
  object: [['data', 'frames']],
  form: [['action', 'forms']],
  button: [['formaction', 'forms']],
  input: [['formaction', 'forms']],
  link: [['href', 'links']],
};

/**
 * The page that a visitor of "/" ends at, on this server; undefined unless one came (status 200).
 *
 * @param http answers of the own probe.
 */
export function webPageOf(http: Pick<HttpFacts, 'scheme' | 'host' | 'answers'>): WebPage | undefined {
  const answer = endOfRedirects(http.answers);
  if (answer?.status !== 200) return undefined;
  const { path, status, title, body, bodySha256, truncated } = answer;
  const own = urlOf(path, `${http.scheme}://${http.host}/`);
  const isMarkup = /html|^$/i.test(header(answer.headers, 'content-type')?.split(';', 1)[0] ?? '');
  return {
    path,
    status,
    ...(title !== undefined && { title: [...title.toWellFormed()].slice(0, MAX_TITLE).join('') }),
    bodySha256,
    stableSha256: stableSha256(body),
    truncated,
    ...originsOf(isMarkup ? body : '', own),
  };
}

/** The answers to "/" and to where it leads stand first, in order; then the made-up path and those of the product files. */
function endOfRedirects(answers: readonly HttpAnswer[]): HttpAnswer | undefined {
  let page = answers[0];
  if (page === undefined || page.control === true || page.path !== '/') return undefined;
  for (const next of answers.slice(1, MAX_STEPS + 1)) {
    if (next.control === true || !leadsTo(page, next)) break;
    // From here on it is another service's page.
    if (next.origin !== undefined) return undefined;
    page = next;
  }
  return page;
}

function leadsTo(from: HttpAnswer, { path }: HttpAnswer): boolean {
  if (from.status >= 300 && from.status < 400) return true;
  const name = path.split('?', 1)[0] ?? path;
  const said = header(from.headers, 'refresh') ?? '';
  // A redirect by the page itself: small, and it names the target, maybe as a relative path.
  return (
    said !== '' ||
    (from.body.length < 4096 && from.body.includes(name.slice(name.lastIndexOf('/') + 1) || name))
  );
}

function originsOf(body: string, page: URL | undefined): Pick<WebPage, Part> {
  const found: Record<Part, Set<string>> = {
    scripts: new Set(),
    frames: new Set(),
    forms: new Set(),
    refresh: new Set(),
    links: new Set(),
  };
  let base = page;
  for (const tag of openingTags(body)) {
    if (tag.name === 'base')
      base = base === page ? (urlOf(tag.attributes.get('href') ?? '', base?.href) ?? base) : base;
    for (const [part, target] of targetsOf(tag)) {
      const origin = foreignOrigin(urlOf(target, base?.href), page);
      if (origin !== undefined) found[part].add(origin);
    }
  }
  const list = (part: Part): string[] => [...found[part]].toSorted().slice(0, MAX_ORIGINS);
  return {
    scripts: list('scripts'),
    frames: list('frames'),
    forms: list('forms'),
    refresh: list('refresh'),
    links: list('links'),
  };
}

function targetsOf({ name, attributes }: HtmlTag): [Part, string][] {
  if (name === 'meta' && attributes.get('http-equiv')?.toLowerCase() === 'refresh') {
    const target = /^[^;,]{0,20}[;,]\s{0,9}(?:url\s{0,9}=\s{0,9})?["']?([^"']{1,1000})/i.exec(
      attributes.get('content') ?? '',
    );
    return target?.[1] === undefined ? [] : [['refresh', target[1]]];
  }
  const parts = Object.hasOwn(PARTS, name) ? (PARTS[name] ?? []) : [];
  return parts.flatMap(([attribute, part]): [Part, string][] => {
    const value = attributes.get(attribute)?.trim();
    return value === undefined || value === '' ? [] : [[part, value]];
  });
}

function urlOf(text: string, base: string | undefined): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

/** Another host or port, or code carried in the address itself; undefined for the page's own server. */
function foreignOrigin(url: URL | undefined, page: URL | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (url.protocol === 'data:' || url.protocol === 'blob:') return url.protocol;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  // The same server over TLS is the same server.
  if (url.hostname === page?.hostname && (url.port === page.port || url.port === '' || page.port === ''))
    return undefined;
  return url.origin.slice(0, 300);
}
