import type { HttpAnswer, HttpFacts } from '../../../model/facts.ts';
import { sha256Hex } from '../../../lib/hash.ts';
import { titleOf } from '../../probe/tcp/http/title.ts';

/** One web answer as a tool wrote it down. */
export interface ToldAnswer {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly title?: string | undefined;
  /** Absent: the tool did not keep it. */
  readonly body?: string | undefined;
  /** Bytes that the tool counted, where it says so. */
  readonly bytes?: number | undefined;
}

const MAX_BODY = 128 * 1024;
const MAX_HEADERS = 200;
const MAX_HEADER = 8192;
const MAX_TITLE = 300;

export function webFacts(
  scheme: 'http' | 'https',
  host: string,
  answers: readonly ToldAnswer[],
  favicon?: HttpFacts['favicon'],
): HttpFacts {
  return {
    scheme,
    host: host.slice(0, 255),
    answers: answers.map((answer) => answerOf(answer)),
    ...(favicon === undefined ? {} : { favicon }),
    notFollowed: [],
  };
}

function answerOf({ method, path, status, headers, title, body, bytes }: ToldAnswer): HttpAnswer {
  const kept = (body ?? '').slice(0, MAX_BODY);
  const size = Math.max(bytes ?? 0, Buffer.byteLength(body ?? ''));
  const shown = titleOf(kept) ?? title?.slice(0, MAX_TITLE);
  const bounded = headers
    .slice(0, MAX_HEADERS)
    .map(([name, value]): [string, string] => [name.slice(0, 200), value.slice(0, MAX_HEADER)]);
  const location = bounded.find(([name]) => name.toLowerCase() === 'location')?.[1];
  return {
    method: method ?? 'GET',
    path: (path ?? '/').slice(0, 2000),
    status,
    headers: bounded,
    ...(shown === undefined ? {} : { title: shown }),
    body: kept,
    bodyBytes: size,
    bodySha256: body === undefined ? '' : sha256Hex(body),
    truncated: Buffer.byteLength(kept) < size,
    ...(location === undefined ? {} : { location }),
  };
}

/** The parts of a URL; undefined when it is none of a web server. */
export function webAddress(
  text: string | undefined,
):
  | { readonly scheme: 'http' | 'https'; readonly host: string; readonly port: number; readonly path: string }
  | undefined {
  if (text === undefined || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, host: url.hostname.replace(/^\[|\]$/g, ''), port, path: `${url.pathname}${url.search}` };
}

/** "content_type" as "content-type", with every value a header of its own. */
export function headerPairs(headers: unknown): [string, string][] {
  if (typeof headers !== 'object' || headers === null) return [];
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(headers).slice(0, MAX_HEADERS)) {
    for (const one of Array.isArray(value) ? (value as unknown[]).slice(0, 20) : [value]) {
      if (typeof one === 'string') pairs.push([name.replaceAll('_', '-'), one]);
    }
  }
  return pairs;
}
