import type { HttpAnswer, HttpFacts } from '../../../model/facts.ts';
import { bounded } from '../../probe/protocols/fields.ts';
import { decodeText } from '../../probe/tcp/http/charset.ts';
import { titleOf } from '../../probe/tcp/http/title.ts';
import { bannerBytes } from '../escaped-banner.ts';
import type { Script } from './nmap-script.ts';

/** The scripts say nothing of it. No answer has it, so no rule about a status is met. */
const STATUS_UNKNOWN = 0;
const MAX_HEADERS = 100;
const MAX_HEADER = 8192;
const MAX_TITLE = 300;

interface Said {
  readonly title?: string | undefined;
  readonly headers: readonly [string, string][];
}

/** Title and headers from `http-title`, `http-headers` and `http-server-header`, whichever were run. */
function whatTheySay(scripts: readonly Script[]): Said {
  const script = (id: string): Script | undefined => scripts.find((one) => one.id === id);
  const title = script('http-title');
  const headers = headerLines(script('http-headers')?.output ?? '');
  const has = (name: string): boolean => headers.some(([one]) => one.toLowerCase() === name);
  const server = script('http-server-header')?.list()[0];
  if (server !== undefined && server !== '' && !has('server'))
    headers.push(['Server', server.slice(0, MAX_HEADER)]);
  const location = title?.output.startsWith('Did not follow redirect')
    ? title?.value('redirect_url')
    : undefined;
  if (location !== undefined && !has('location')) headers.push(['Location', location.slice(0, MAX_HEADER)]);
  return { title: unescaped(title?.value('title'), headers), headers };
}

/** nmap writes every byte beyond ASCII as `\xHH`. */
function unescaped(title: string | undefined, headers: Said['headers']): string | undefined {
  if (title === undefined || !title.includes('\\x')) return title?.slice(0, MAX_TITLE);
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return decodeText(bannerBytes(title), type ?? '').slice(0, MAX_TITLE);
}

/** "  Server: nginx\n  …\n  (Request type: HEAD)" */
function headerLines(output: string): [string, string][] {
  return output
    .split('\n')
    .slice(0, MAX_HEADERS)
    .flatMap((line): [string, string][] => {
      const match = /^\s{0,4}([!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}):\s?(.*)$/.exec(line);
      return match === null ? [] : [[match[1] ?? '', (match[2] ?? '').slice(0, MAX_HEADER).trim()]];
    });
}

/**
 * @param heard an answer whose bytes nmap wrote down (`servicefp`): what it says itself comes first.
 * @returns undefined when no script says anything of a web server.
 */
export function webOfScripts(
  scripts: readonly Script[],
  place: { readonly scheme: 'http' | 'https'; readonly host: string },
  heard: HttpFacts | undefined,
): HttpFacts | undefined {
  const { title, headers } = whatTheySay(scripts);
  const [first] = heard?.answers ?? [];
  if (heard !== undefined && first !== undefined) {
    const shown = titleOf(first.body) ?? title;
    const completed = shown === undefined ? first : { ...first, title: shown };
    return { ...heard, scheme: place.scheme, host: place.host, answers: [completed] };
  }
  if (title === undefined && headers.length === 0) return undefined;
  return { ...place, answers: [answerOf(title, headers)], notFollowed: [] };
}

function answerOf(title: string | undefined, headers: readonly [string, string][]): HttpAnswer {
  const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  return {
    method: 'GET',
    path: '/',
    status: STATUS_UNKNOWN,
    headers: [...headers],
    ...(title === undefined ? {} : { title: bounded(title) }),
    body: '',
    bodyBytes: 0,
    bodySha256: '',
    truncated: true,
    ...(location === undefined ? {} : { location }),
  };
}
