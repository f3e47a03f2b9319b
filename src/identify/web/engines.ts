/** Which script engines a web server shows: where one runs, a file that a stranger puts there is run too. */
import type { WebAnswer } from '../match/answers.ts';

interface Sign {
  readonly engine: string;
  readonly pattern: RegExp;
}

/** `X-Powered-By` and `Server`: the engine with its version, as the header writes it. */
const IN_HEADERS: readonly Sign[] = [
  { engine: 'PHP', pattern: /\bPHP\/(\d[\w.]{0,20})/i },
  { engine: 'PHP', pattern: /^PHP\b/i },
  { engine: 'ASP.NET', pattern: /^ASP\.NET\b/i },
  { engine: 'ASP.NET Core', pattern: /^Kestrel\b/ },
  { engine: 'Java', pattern: /\b(?:Servlet|JSP)\/(\d[\d.]{0,9})/ },
  {
    engine: 'Java',
    pattern: /^(?:Apache-Coyote|Jetty|Resin|GlassFish|WildFly|JBoss|Undertow|WebLogic|WebSphere|Payara)\b/i,
  },
  { engine: 'Node.js', pattern: /^(?:Express|Next\.js|Nuxt)\b/ },
  { engine: 'Python', pattern: /\b(?:Python|CPython)\/(\d[\d.]{0,9})/ },
  {
    engine: 'Python',
    pattern: /^(?:gunicorn|uvicorn|TornadoServer|waitress|CherryPy|Zope)\b|\bmod_(?:wsgi|python)\//,
  },
  { engine: 'Perl', pattern: /\bmod_perl\/(\d[\w.]{0,9})|\bPerl\/v?(\d[\w.]{0,9})/ },
  { engine: 'Ruby', pattern: /^(?:Phusion Passenger|WEBrick|Mongrel|thin|Puma)\b/i },
  { engine: 'ColdFusion', pattern: /\bColdFusion\b/i },
];
const HEADERS = ['x-powered-by', 'server', 'x-generator'];

const COOKIES: readonly Sign[] = [
  {
    engine: 'PHP',
    pattern: /^(?:PHPSESSID|laravel_session|ci_session|wordpress_test_cookie|phpMyAdmin|roundcube_sessid)$/i,
  },
  { engine: 'ASP.NET', pattern: /^(?:ASP\.NET_SessionId|\.ASPXAUTH|__RequestVerificationToken)$/i },
  { engine: 'ASP.NET Core', pattern: /^\.AspNetCore\./ },
  { engine: 'ASP', pattern: /^ASPSESSIONID[A-Z]{8}$/ },
  { engine: 'Java', pattern: /^JSESSIONID(?:SSO)?$/ },
  { engine: 'ColdFusion', pattern: /^(?:CFID|CFTOKEN)$/ },
  { engine: 'Node.js', pattern: /^connect\.sid$/ },
  { engine: 'Perl', pattern: /^CGISESSID$/ },
  { engine: 'Python', pattern: /^csrftoken$/ },
];

const ENDINGS: Readonly<Record<string, string>> = {
  php: 'PHP',
  php5: 'PHP',
  phtml: 'PHP',
  aspx: 'ASP.NET',
  ashx: 'ASP.NET',
  asmx: 'ASP.NET',
  asp: 'ASP',
  jsp: 'Java',
  jspx: 'Java',
  jsf: 'Java',
  do: 'Java',
  cfm: 'ColdFusion',
  cgi: 'CGI',
  pl: 'Perl',
};

/** At most so many links of a page are looked at. */
const MAX_LINKS = 400;

/**
 * Engine → what says so, the most exact word first come: `X-Powered-By: PHP/8.2.35`, `Set-Cookie: PHPSESSID`, `/index.php`.
 * A path counts when a page came from it, or a redirect or a link of a page leads to it.
 *
 * @param host as in the Host header sent.
 */
export function scriptEngines(answers: readonly WebAnswer[], host: string): Map<string, string> {
  const found = new Map<string, string>();
  const note = (engine: string, seen: string): void => {
    if (!found.has(engine)) found.set(engine, seen);
  };
  for (const { headers } of answers) {
    for (const name of HEADERS) for (const value of headers.get(name) ?? []) inHeader(name, value, note);
    const dotNet = headers.get('x-aspnet-version')?.[0];
    if (dotNet !== undefined) note('ASP.NET', `x-aspnet-version: ${dotNet}`);
  }
  for (const { cookies } of answers)
    for (const { name } of cookies)
      for (const { engine, pattern } of COOKIES) if (pattern.test(name)) note(engine, `set-cookie: ${name}`);
  for (const path of answers.flatMap((answer) => pathsOf(answer, host))) {
    const engine = engineOf(path);
    if (engine !== undefined) note(engine, path);
  }
  return found;
}

function inHeader(name: string, value: string, note: (engine: string, seen: string) => void): void {
  for (const { engine, pattern } of IN_HEADERS) if (pattern.test(value)) note(engine, `${name}: ${value}`);
}

function engineOf(path: string): string | undefined {
  const bare = path.split(/[?#;]/, 1)[0] ?? '';
  // What stands behind the script ("/index.php/news") is its argument.
  const ending = /\.([a-z]{2,4}5?)(?=\/|$)/i.exec(bare)?.[1]?.toLowerCase();
  const engine = ending === undefined ? undefined : ENDINGS[ending];
  return engine ?? (/^\/cgi-bin\/[\w.-]/.test(bare) ? 'CGI' : undefined);
}

function pathsOf({ path, status, location, saidToAnything, ownBody }: WebAnswer, host: string): string[] {
  if (saidToAnything) return [];
  const links = [
    ...(location === undefined ? [] : [location]),
    ...(status === 200 ? linksIn(ownBody()) : []),
  ];
  return [...(status === 200 ? [path] : []), ...links.flatMap((link) => localPath(link, host))];
}

function linksIn(body: string): string[] {
  const links: string[] = [];
  for (const [, link = ''] of body.matchAll(/\s(?:href|action|src)=["']?([^"'\s<>]{1,300})/gi)) {
    if (links.push(link) === MAX_LINKS) break;
  }
  return links;
}

/** Links to another server say nothing about this one. */
function localPath(link: string, host: string): string[] {
  const own = /^(?:https?:)?\/\/([^/?#]{1,260})(\/.*)?$/i.exec(link);
  if (own !== null) return own[1]?.toLowerCase() === host ? [own[2] ?? '/'] : [];
  return /^(?:[a-z][a-z0-9+.-]{0,20}:|\\)/i.test(link) ? [] : [link];
}
