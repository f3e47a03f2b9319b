import type { Facts, HttpAnswer } from '../../model/facts.ts';
import type { ProductFact } from '../../model/product.ts';
import { literalPattern, loosePattern } from './as-pattern.ts';
import type { OwnNames } from './own-names.ts';

/** A fact that a device could be told by, and what of the answer shows it. */
export interface Candidate {
  readonly fact: ProductFact;
  /** Path of the answer it was seen on; undefined for what is no web answer. */
  readonly path?: string;
  /** Markup of the page that holds it, rebuilt from the one attribute: nothing else of the page is kept. */
  readonly markup?: string;
  readonly header?: readonly [string, string];
  readonly favicon?: number;
  readonly text?: string;
  readonly ssh?: string;
}

/** Icons, scripts and cookies of frameworks: they stand on any site. */
const EVERYWHERE =
  /jquery|bootstrap|font-?awesome|angular|react|vue|popper|normalize|reset\.css|favicon|polyfill|modernizr|analytics|gtag|recaptcha|webpack|runtime|chunk|vendors?[./-]|^\/?(?:(?:static|assets|css|js|img|images|style|styles|scripts?)\/)*(?:main|app|index|style|styles|common|login|logo|default|global|script|custom|theme|site|base|all|icon)[\w.-]{0,40}\.(?:js|css|png|svg|gif|ico|jpg)$/i;
const PLAIN_COOKIE =
  /^(?:jsessionid|phpsessid|asp\.net_sessionid|aspsessionid.*|session(?:_?id)?|sid|sessid|csrf.*|xsrf.*|_csrf|lang|language|locale|token|theme|cookie.*|test.*|bigip.*|awsalb.*|__cf.*|cf_.*|incap.*|visid.*|nsc_.*|ts[0-9a-f]{6,}.*|arraffinity.*|laravel_session|connect\.sid|rack\.session|_session.*)$/i;
const PLAIN_SERVER =
  /^(?:nginx|apache|microsoft|lighttpd|litespeed|openresty|caddy|cloudflare|gws|iis|jetty|tomcat|coyote|werkzeug|gunicorn|express|envoy|varnish|haproxy|awselb|akamai|server|web ?server|http(?:d|server)?)\b/i;
const PLAIN_REALM = /^(?:restricted|protected|private|login|admin|secure|index|default|server|web)\b/i;
const PLAIN_TITLE =
  /^(?:(?:please )?(?:log|sign) ?(?:in|on)|login page|welcome|home|index|top(?: ?page)?|dashboard|portal|admin(?:istration)?|untitled.*|document|redirect(?:ing)?.*|loading.*|error.*|\d{3}\b.*|ログイン|ログオン|トップ.*|ホーム|認証|管理画面)$/i;
const PLAIN_TARGET =
  /^\/?(?:(?:login|logon|signin|sign_in|index|home|main|default|top|portal|auth|admin|user|session)[\w/-]{0,20}(?:\.\w{2,5})?)?\/?(?:[?#].*)?$/i;
const MOST_ATTRIBUTES = 6;

/**
 * Facts that may tell the device apart, most telling first. None is strong: one device was seen, and who else says the same is
 * not known. What names the organisation is left out; what is said everywhere as well. Pure.
 */
export function candidateFacts(heard: readonly Facts[], own: OwnNames): Candidate[] {
  const all = heard.flatMap((facts) => [
    ...(facts.http?.answers ?? [])
      .filter(({ control, origin }) => control !== true && origin === undefined)
      .flatMap((answer) => webCandidates(answer, own)),
    ...iconCandidates(facts),
    ...bannerCandidates(facts, own),
  ]);
  const seen = new Set<string>();
  return all.flatMap((candidate, index) => {
    const { id, ...condition } = candidate.fact;
    const key = JSON.stringify(condition);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...candidate, fact: { ...candidate.fact, id: `${id}-${index + 1}` } }];
  });
}

function webCandidates(answer: HttpAnswer, own: OwnNames): Candidate[] {
  return [
    ...attributeCandidates(answer, own),
    ...titleCandidates(answer, own),
    ...headerCandidates(answer, own),
  ].map((candidate) => ({ ...candidate, path: answer.path.split('?', 1)[0] ?? '/' }));
}

/** Paths of the device's own files: what its pages load and where its forms go. */
function attributeCandidates({ body }: HttpAnswer, own: OwnNames): Candidate[] {
  const candidates: Candidate[] = [];
  for (const [, name = '', value = ''] of body.matchAll(
    /\s(src|href|action)\s{0,3}=\s{0,3}["']([^"'<>\s]{4,200})["']/gi,
  )) {
    const path = value.split(/[?#]/, 1)[0] ?? '';
    // Another host's file, or a file named after a build or a session, says nothing of the next device.
    const isForeign = /^(?:[a-z]+:|\/\/)/i.test(path);
    if (isForeign || EVERYWHERE.test(path) || PLAIN_TARGET.test(path) || /[0-9a-f]{12,}/i.test(path))
      continue;
    if (own.areIn(path)) continue;
    const attribute = name.toLowerCase();
    candidates.push({
      fact: { id: 'own-file', strength: 'medium', http: { body: [`${attribute}="${literalPattern(path)}`] } },
      markup: markupOf(attribute, path),
    });
  }
  return candidates
    .toSorted((a, b) => (b.markup?.length ?? 0) - (a.markup?.length ?? 0))
    .slice(0, MOST_ATTRIBUTES);
}

function markupOf(attribute: string, path: string): string {
  if (attribute === 'action') return `<form action="${path}"></form>`;
  return attribute === 'href' ? `<link href="${path}">` : `<script src="${path}"></script>`;
}

function titleCandidates({ title = '' }: HttpAnswer, own: OwnNames): Candidate[] {
  if (title.length < 4 || title.length > 100 || PLAIN_TITLE.test(title) || own.areIn(title)) return [];
  // One word is somebody's shop as well.
  const strength = /[\s/|:_-]|[^\p{ASCII}]/u.test(title) ? 'medium' : 'weak';
  return [
    {
      fact: { id: 'title', strength, http: { title: `^${loosePattern(title)}$` } },
      markup: `<title>${escapeHtml(title)}</title>`,
    },
  ];
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function headerCandidates({ headers }: HttpAnswer, own: OwnNames): Candidate[] {
  return headers.flatMap(([name, given]): Candidate[] => {
    const value = given.trim();
    switch (name.toLowerCase()) {
      case 'set-cookie':
        return cookieCandidate(value, own);
      case 'server':
        return own.areIn(value) ? [] : serverCandidate(value);
      case 'www-authenticate':
        return own.areIn(value) ? [] : realmCandidate(value);
      case 'location':
        return redirectCandidate(value, own);
      default:
        return [];
    }
  });
}

function serverCandidate(value: string): Candidate[] {
  if (value.length < 4 || value.length > 100 || PLAIN_SERVER.test(value)) return [];
  const http = { header: { Server: `^${loosePattern(value)}\\s?$` } };
  return [{ fact: { id: 'server', strength: 'medium', http }, header: ['Server', value] }];
}

function realmCandidate(value: string): Candidate[] {
  const realm = /realm="([^"]{4,80})"/i.exec(value)?.[1];
  if (realm === undefined || PLAIN_REALM.test(realm)) return [];
  const http = { status: [401], header: { 'WWW-Authenticate': `realm="${loosePattern(realm)}"` } };
  return [
    {
      fact: { id: 'realm', strength: 'medium', http },
      header: ['WWW-Authenticate', `Basic realm="${realm}"`],
    },
  ];
}

/** The path alone: the host is the organisation's. */
function redirectCandidate(value: string, own: OwnNames): Candidate[] {
  const target = targetOf(value);
  if (target === undefined || PLAIN_TARGET.test(target) || own.areIn(target)) return [];
  const http = { location: `^(https?://[^/?]{1,255})?${literalPattern(target)}` };
  return [{ fact: { id: 'redirect', strength: 'medium', http }, header: ['Location', target] }];
}

function cookieCandidate(line: string, own: OwnNames): Candidate[] {
  const name = line.split('=', 1)[0]?.trim() ?? '';
  if (
    !/^[\w.-]{4,60}$/.test(name) ||
    PLAIN_COOKIE.test(name) ||
    own.areIn(name) ||
    /[0-9a-f]{10,}/i.test(name)
  )
    return [];
  return [
    {
      fact: { id: 'cookie', strength: 'medium', http: { cookie: [name] } },
      // What it holds is a session: never kept.
      header: ['Set-Cookie', `${name}=x; path=/`],
    },
  ];
}

/** Path of a redirect without its query. */
function targetOf(location: string): string | undefined {
  const path = location.startsWith('/') && !location.startsWith('//') ? location : pathOfUrl(location);
  return path?.split(/[?#;]/, 1)[0];
}

function pathOfUrl(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).pathname : undefined;
}

function iconCandidates({ http }: Facts): Candidate[] {
  if (http?.favicon === undefined) return [];
  const { mmh3 } = http.favicon;
  return [{ fact: { id: 'icon', strength: 'medium', http: { favicon: [mmh3] } }, favicon: mmh3 }];
}

/** First words of a server that speaks first: its own names taken out, numbers left open. */
function bannerCandidates({ ssh, greeting }: Facts, own: OwnNames): Candidate[] {
  const candidates: Candidate[] = [];
  if (ssh !== undefined && !/openssh|dropbear|libssh/i.test(ssh.software) && !own.areIn(ssh.banner)) {
    candidates.push({
      fact: { id: 'ssh-software', strength: 'medium', ssh: { banner: `^${loosePattern(ssh.banner)}` } },
      ssh: ssh.banner,
    });
  }
  const line = greeting?.text.split(/[\r\n]/, 1)[0] ?? '';
  if (line.length >= 6 && line.length <= 200) {
    const words = line.split(' ').map((word) => (own.areIn(word) ? undefined : word));
    const text = words.map((word) => word ?? 'host.example.jp').join(' ');
    // A name of several words could stand across them.
    if (own.areIn(text)) return candidates;
    const pattern = words.map(wordPattern).join(' ');
    candidates.push({
      fact: { id: 'greeting', strength: 'medium', greeting: { protocol: 'any', text: `^${pattern}` } },
      text,
    });
  }
  return candidates;
}

/** A reply code is the protocol's, not a version; a name of the own is any name. */
function wordPattern(word: string | undefined, place: number): string {
  if (word === undefined) return '\\S{1,255}';
  return place === 0 && /^\d{3}$/.test(word) ? word : loosePattern(word);
}
