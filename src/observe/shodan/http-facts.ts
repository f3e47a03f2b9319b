import type { HttpAnswer, HttpFacts } from '../../model/facts.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { titleOf } from '../probe/tcp/http/title.ts';
import { HttpRedirect, type BannerRecord } from './schema.ts';

const MAX_HEADERS = 200;
const MAX_HEADER = 8192;
const MAX_REDIRECTS = 5;
const MAX_TITLE = 300;

/** Head of an answer as Shodan keeps it in `data`: status line, headers, and in old records the body behind them. */
interface Head {
  readonly status: number;
  readonly headers: [string, string][];
  readonly rest: string;
}

/**
 * The web answers of a record. Shodan follows redirects: `data` and `html` are the last answer, at `location`; the ones on
 * the way stand in `redirects`. Before 2021 there was no `http` object and the page stood in `data`.
 */
export function readHttp(record: BannerRecord, address: string, maxBody: number): HttpFacts | undefined {
  const last = readLast(record, maxBody);
  if (last === undefined) return undefined;
  const { http, ssl, crawl } = record;
  const favicon = readFavicon(http?.favicon);
  return {
    scheme: ssl === undefined ? 'http' : 'https',
    host: (http?.host ?? crawl?.options?.hostname ?? address).slice(0, 255),
    answers: [...readRedirects(http?.redirects ?? [], maxBody), last],
    ...(favicon === undefined ? {} : { favicon }),
    notFollowed: [],
  };
}

function readLast({ data, http }: BannerRecord, maxBody: number): HttpAnswer | undefined {
  const head = readHead(data ?? '');
  const status = head?.status ?? http?.status;
  if (status === undefined) return undefined;
  const rest = http?.html ?? head?.rest ?? '';
  return answer({ status, headers: head?.headers ?? [], rest }, pathOf(http?.location), http?.title, maxBody);
}

function readHead(data: string): Head | undefined {
  const end = /\r?\n\r?\n/.exec(data);
  const [first = '', ...lines] = data.slice(0, end?.index).split(/\r?\n/, MAX_HEADERS);
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined) return undefined;
  const headers: [string, string][] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1 || colon > 200) continue;
    headers.push([line.slice(0, colon), line.slice(colon + 1, colon + MAX_HEADER).trim()]);
  }
  return { status: Number(status), headers, rest: end === null ? '' : data.slice(end.index + end[0].length) };
}

function answer(head: Head, path: string, givenTitle: string | undefined, maxBody: number): HttpAnswer {
  const location = head.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const bytes = Buffer.byteLength(head.rest);
  const body = head.rest.slice(0, maxBody);
  // Shodan decodes its own title wrongly at times ("â€“" for a dash); the page says it right.
  const title = titleOf(body) ?? givenTitle?.slice(0, MAX_TITLE);
  return {
    method: 'GET',
    path,
    status: head.status,
    headers: head.headers,
    ...(title === undefined ? {} : { title }),
    body,
    bodyBytes: bytes,
    bodySha256: sha256Hex(head.rest),
    truncated: body.length < head.rest.length,
    ...(location === undefined ? {} : { location }),
  };
}

function readRedirects(redirects: readonly unknown[], maxBody: number): HttpAnswer[] {
  const answers: HttpAnswer[] = [];
  for (const element of redirects.slice(0, MAX_REDIRECTS)) {
    const redirect = HttpRedirect.safeParse(element).data;
    const head = readHead(redirect?.data ?? '');
    if (redirect === undefined || head === undefined) continue;
    const rest = redirect.html ?? head.rest;
    answers.push(answer({ ...head, rest }, pathOf(redirect.location), undefined, maxBody));
  }
  return answers;
}

/** Path and query of a location, which may also be a whole URL. */
function pathOf(location: string | undefined): string {
  if (location === undefined) return '/';
  if (location.startsWith('/')) return location.slice(0, 2000);
  if (!URL.canParse(location)) return '/';
  const url = new URL(location);
  return `${url.pathname}${url.search}`.slice(0, 2000);
}

type Icon = NonNullable<NonNullable<BannerRecord['http']>['favicon']>;

function readFavicon(icon: Icon | undefined): HttpFacts['favicon'] {
  if (icon?.hash === undefined) return undefined;
  const bytes = Buffer.from(icon.data ?? '', 'base64');
  return {
    path: pathOf(icon.location),
    mmh3: icon.hash,
    sha256: bytes.length === 0 ? '' : sha256Hex(bytes),
    bytes: bytes.length,
  };
}
