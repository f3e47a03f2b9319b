/**
 * One view of everything a service said, whoever heard it: own probes, Shodan, a recorded sample. Matching works on this
 * view only. Everything in it is bounded, so that matching costs the same for a friendly and for a hostile server.
 */
import type {
  Facts,
  GreetingFacts,
  HttpAnswer,
  HttpFacts,
  ProtocolFacts,
  RdpFacts,
  TelnetFacts,
  VncFacts,
} from '../../model/facts.ts';
import { once } from '../../lib/once.ts';
import { type Cookie, readCookie } from './cookies.ts';
import { isTalk, withoutQuotedMarkup } from './quoted-markup.ts';

/** What one observation (or sample) said. `id` comes back in `ProductMatch.observations`. */
export interface AnswerSource {
  readonly id: string;
  readonly facts: Facts;
}

interface From {
  readonly from: string;
}

export interface WebAnswer extends From {
  readonly path: string;
  readonly status: number;
  /** Name in lower case → values in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly cookies: readonly Cookie[];
  readonly title: string;
  /** The page as it came. */
  readonly body: string;
  /** The page without what it only quotes (code shown to readers, escaped tags): what it says of itself. */
  readonly ownBody: () => string;
  /** Hex; only of a page that is no text. */
  readonly firstBytes: string | undefined;
  readonly location: string | undefined;
  /** What is asked for, in the spellings in which a server may repeat it. */
  readonly echoes: readonly string[];
  /** Those that the page holds. */
  readonly bodyEchoes: readonly string[];
  /** The server says this to any path: a path, status or page proves nothing here. */
  readonly saidToAnything: boolean;
}

export interface CertificateAnswer extends From {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly names: readonly string[];
}

export interface Answers {
  readonly web: readonly WebAnswer[];
  readonly favicons: readonly (From & { readonly mmh3: number })[];
  readonly certificates: readonly CertificateAnswer[];
  readonly greetings: readonly (From & {
    readonly protocol: string;
    readonly text: string;
    readonly version: string | undefined;
    /** One a line; empty when it was not asked. */
    readonly capabilities: string;
  })[];
  readonly datagrams: readonly (From & { readonly text: string })[];
  readonly protocols: readonly (From & { readonly facts: ProtocolFacts })[];
  readonly ssh: readonly (From & { readonly banner: string })[];
  readonly rdp: readonly (From & { readonly facts: RdpFacts; readonly negotiations: readonly string[] })[];
  readonly vnc: readonly (From & { readonly facts: VncFacts })[];
  readonly passive: readonly (From & { readonly product: string; readonly version: string | undefined })[];
}

export const MAX_BODY = 128 * 1024;
const MAX_TEXT = 8 * 1024;
const MAX_HEADER = 4 * 1024;
const MAX_ANSWERS = 64;
const MAX_CERTIFICATES = 32;
const MAX_PROTOCOLS = 16;

export function readAnswers(sources: readonly AnswerSource[]): Answers {
  return {
    web: sources.flatMap(({ id, facts }) => readWeb(id, facts.http)).slice(0, MAX_ANSWERS),
    favicons: sources.flatMap(({ id, facts }) =>
      facts.http?.favicon === undefined ? [] : [{ from: id, mmh3: facts.http.favicon.mmh3 }],
    ),
    certificates: sources.flatMap(readCertificates).slice(0, MAX_CERTIFICATES),
    greetings: sources.flatMap(({ id, facts }) => [
      ...readGreeting(id, facts.greeting),
      ...readTelnet(id, facts.telnet),
    ]),
    datagrams: sources.flatMap(({ id, facts }) =>
      facts.datagram === undefined ? [] : [{ from: id, text: cut(facts.datagram.text, MAX_TEXT) }],
    ),
    protocols: sources.flatMap(({ id, facts }) =>
      (facts.protocols ?? []).slice(0, MAX_PROTOCOLS).map((one) => ({ from: id, facts: one })),
    ),
    ssh: sources.flatMap(({ id, facts }) =>
      facts.ssh === undefined ? [] : [{ from: id, banner: cut(facts.ssh.banner, MAX_HEADER) }],
    ),
    rdp: sources.flatMap(({ id, facts: { rdp } }) =>
      rdp === undefined ? [] : [{ from: id, facts: rdp, negotiations: negotiationTexts(rdp) }],
    ),
    vnc: sources.flatMap(({ id, facts: { vnc } }) => (vnc === undefined ? [] : [{ from: id, facts: vnc }])),
    passive: sources.flatMap(({ id, facts: { passive } }) =>
      passive?.product === undefined
        ? []
        : [{ from: id, product: cut(passive.product, MAX_HEADER), version: passive.version }],
    ),
  };
}

function readWeb(from: string, http: HttpFacts | undefined): WebAnswer[] {
  if (http === undefined) return [];
  const controls = http.answers.filter(({ control }) => control === true);
  const catchAll = http.catchAll === true;
  return (
    http.answers
      // What a redirect fetched from another port or scheme is that service's answer, not this one's.
      .filter(({ control, origin }) => control !== true && origin === undefined)
      .slice(0, MAX_ANSWERS)
      .map((answer) => readWebAnswer(from, answer, catchAll && saidToAnything(answer, controls)))
  );
}

/** On a server that answers every path alike: like the control answer, or nothing is left to compare with. */
function saidToAnything(answer: HttpAnswer, controls: readonly HttpAnswer[]): boolean {
  if (isRoot(answer.path)) return false;
  if (controls.length === 0) return true;
  return controls.some((control) => {
    if (control.status !== answer.status) return false;
    if (control.bodySha256 === answer.bodySha256 && answer.bodySha256 !== '') return true;
    const size = Math.max(control.bodyBytes, answer.bodyBytes);
    // A page with a token or the requested path in it differs by a few bytes each time.
    return (
      control.title === answer.title && Math.abs(control.bodyBytes - answer.bodyBytes) <= 64 + size * 0.05
    );
  });
}

function isRoot(path: string): boolean {
  return path === '/' || path === '';
}

function readWebAnswer(from: string, answer: HttpAnswer, anything: boolean): WebAnswer {
  const headers = new Map<string, string[]>();
  for (const [name, value] of answer.headers.slice(0, 100)) {
    const key = name.toLowerCase();
    const values = headers.get(key);
    if (values === undefined) headers.set(key, [cut(value, MAX_HEADER)]);
    else values.push(cut(value, MAX_HEADER));
  }
  const now = Date.parse(headers.get('date')?.[0] ?? '');
  const body = cut(answer.body, MAX_BODY);
  const talk = isTalk(headers.get('content-type')?.[0] ?? '', body);
  const echoes = spellings(answer.path);
  return {
    from,
    path: answer.path,
    status: answer.status,
    headers,
    cookies: (headers.get('set-cookie') ?? []).map((line) => readCookie(line, now)),
    title: talk ? '' : cut(answer.title ?? titleOf(body), MAX_HEADER),
    body,
    ownBody: once(() => (talk ? '' : withoutQuotedMarkup(body))),
    firstBytes: answer.firstBytes,
    location: headers.get('location')?.[0] ?? answer.location,
    echoes,
    bodyEchoes: heldBy(body, echoes),
    saidToAnything: anything,
  };
}

function heldBy(text: string, echoes: readonly string[]): readonly string[] {
  if (echoes.length === 0) return echoes;
  const lower = text.toLowerCase();
  return echoes.filter((echo) => lower.includes(echo));
}

/** Title of a page whose parser gave none, by plain search: no pattern, so nothing to backtrack. */
function titleOf(body: string): string {
  const head = body.slice(0, 16 * 1024);
  const open = head.search(/<title[\s>]/i);
  if (open < 0) return '';
  const start = head.indexOf('>', open) + 1;
  const end = head.toLowerCase().indexOf('</title', start);
  if (start === 0 || end < 0) return '';
  return head.slice(start, end).replace(/\s+/g, ' ').trim();
}

/** The request target as sent, decoded, percent-encoded and HTML-escaped, in lower case. */
function spellings(target: string): string[] {
  const path = target.split(/[?#]/, 1)[0] ?? target;
  if (isRoot(path)) return [];
  let decoded = target;
  try {
    decoded = decodeURIComponent(target);
  } catch {
    // Not valid percent-encoding: the raw form is all there is.
  }
  const forms = [target, path, decoded, encodeURIComponent(path.toWellFormed()), path.replaceAll('/', '\\/')];
  const escaped = target.replaceAll('&', '&amp;');
  return [...new Set([...forms, escaped].map((form) => form.toLowerCase()))];
}

function readCertificates({ id, facts }: AnswerSource): CertificateAnswer[] {
  if (facts.tls === undefined) return [];
  const [leaf] = facts.tls.certificates;
  return [leaf, facts.tls.withoutSni].flatMap((one) =>
    one === undefined
      ? []
      : [
          {
            from: id,
            subject: distinguishedName(one.subject),
            issuer: distinguishedName(one.issuer),
            serial: cut(one.serial, 200),
            names: one.names.slice(0, 200).map((name) => cut(name, 300)),
          },
        ],
  );
}

/** RFC 4519 names in full, as nmap and others print them. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  commonname: 'CN',
  organizationname: 'O',
  organizationalunitname: 'OU',
  countryname: 'C',
  stateorprovincename: 'ST',
  localityname: 'L',
};

/**
 * "/C=US/O=Fortinet", "C = US, O = Fortinet", "C=US,O=Fortinet" and "countryName=US/organizationName=Fortinet" all become
 * "C=US, O=Fortinet": tools print the same name in different ways.
 */
export function distinguishedName(text: string): string {
  const bounded = cut(text, MAX_HEADER).replace(
    /(^|[/,\s])(commonName|organizationName|organizationalUnitName|countryName|stateOrProvinceName|localityName) ?= ?/gi,
    (_all, before: string, name: string) =>
      `${before === '/' ? ', ' : before}${SHORT_NAMES[name.toLowerCase()] ?? name}=`,
  );
  const parts = bounded.startsWith('/') ? bounded.slice(1).split('/') : [bounded];
  return parts
    .join(', ')
    .replace(/[\r\n]+/g, ', ')
    .replace(/ ?= ?/g, '=')
    .replace(/(?<!\\), ?(?=[A-Za-z][A-Za-z0-9.]{0,30}=)/g, ', ');
}

function readGreeting(from: string, greeting: GreetingFacts | undefined): Answers['greetings'] {
  if (greeting === undefined) return [];
  const { protocol, text, version, capabilities = [] } = greeting;
  const lines = cut(capabilities.map((line) => `${line}\n`).join(''), MAX_TEXT);
  return [{ from, protocol, text: cut(text, MAX_TEXT), version, capabilities: lines }];
}

function readTelnet(from: string, telnet: TelnetFacts | undefined): Answers['greetings'] {
  if (telnet === undefined) return [];
  const options = telnet.options.slice(0, 40).map(({ command, option }) => `[${command} ${option}]`);
  return [
    {
      from,
      protocol: 'telnet',
      text: cut(`${options.join('')}${telnet.text}`, MAX_TEXT),
      version: undefined,
      capabilities: '',
    },
  ];
}

/** "hybrid→standard", "tls→tls", "standard→refused:hybrid-required-by-server". */
function negotiationTexts(rdp: RdpFacts): string[] {
  return rdp.negotiations
    .slice(0, 32)
    .map(({ requested, selected, failure }) => `${requested}→${selected ?? `refused:${failure ?? ''}`}`);
}

function cut(text: string, max: number): string {
  return text.length > max ? text.slice(0, max) : text;
}
