import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webRisksOf } from '../../../src/identify/web/risks.ts';
import type { HttpAnswer, HttpFacts } from '../../../src/model/facts.ts';
import type { Product } from '../../../src/model/product.ts';
import { WEB_RISKS } from '../../../src/model/web.ts';

const answer = (change: Partial<HttpAnswer> = {}): HttpAnswer => ({
  method: 'GET',
  path: '/',
  status: 200,
  headers: [],
  body: '',
  bodyBytes: 0,
  bodySha256: '',
  truncated: false,
  ...change,
});
const facts = (answers: HttpAnswer[], change: Partial<HttpFacts> = {}): HttpFacts => ({
  scheme: 'http',
  host: 'www.example.jp',
  answers,
  notFollowed: [],
  ...change,
});
const control = (change: Partial<HttpAnswer> = {}): HttpAnswer =>
  answer({ path: '/sekisho-control-1', status: 404, control: true, ...change });
const risks = (answers: HttpAnswer[], change: Partial<HttpFacts> = {}): string[] =>
  (webRisksOf({ http: facts(answers, change) }, undefined) ?? []).map(({ risk, seen }) => `${risk}: ${seen}`);
const server = (value: string): HttpAnswer => answer({ headers: [['Server', value]] });

const captured = JSON.parse(
  readFileSync(new URL('../../fixtures/web/listings.json', import.meta.url), 'utf8'),
) as Record<string, Pick<HttpAnswer, 'path' | 'status' | 'headers' | 'body'>>;

describe('webRisksOf', () => {
  it('is nothing for what is no web server, and an empty list for one that shows nothing', () => {
    expect(webRisksOf({}, undefined)).toBeUndefined();
    expect(risks([answer()])).toEqual([]);
  });

  it.each([
    [{ status: 200, allow: ['GET', 'PUT'], dav: [] }, ['put-offered: Allow: GET, PUT']],
    [
      { status: 200, allow: ['OPTIONS', 'PROPFIND', 'PUT', 'DELETE', 'MOVE'], dav: ['1', '3'] },
      ['put-offered: Allow: OPTIONS, PROPFIND, PUT, DELETE, MOVE', 'webdav-offered: DAV: 1, 3'],
    ],
    [{ status: 200, allow: ['PROPFIND'], dav: [] }, ['webdav-offered: Allow: PROPFIND']],
    [{ status: 200, allow: ['GET', 'DELETE'], dav: [] }, ['delete-offered: Allow: GET, DELETE']],
    [{ status: 200, allow: ['GET', 'HEAD', 'POST', 'OPTIONS', 'TRACE'], dav: [] }, []],
  ])('reads what OPTIONS offers: %o', (methods, expected) => {
    expect(risks([answer()], { methods })).toEqual(expected);
  });

  it('sees no engine in a path that a server of plain text answers like every other (gunicorn 20.1.0)', () => {
    const says = (path: string): Partial<HttpAnswer> => ({
      path,
      status: 200,
      headers: [['Content-Type', 'text/plain']],
      body: 'ok\n',
      bodySha256: 'dc51b8c96c2d745df3bd5590d990230a482fd247123599548e0632fdbf97fc22',
      bodyBytes: 3,
    });
    const page = answer(says('/owa/auth/logon.aspx'));
    expect(risks([answer(says('/')), control(says('/sekisho-control-1')), page])).toEqual([]);
    expect(risks([answer(says('/')), control(), page])).toEqual([
      'script-engine: ASP.NET (/owa/auth/logon.aspx)',
    ]);
  });

  it('knows the server’s own pages, from captures', () => {
    const [listing, status] = [
      captured['nginx-light 1.22.1-9+deb12u10 autoindex'],
      captured['apache2 2.4.71-1~deb12u1 mod_status'],
    ];
    expect(risks([answer(listing)])).toEqual(['directory-listing: / (nginx)']);
    expect(risks([answer(), control(), answer(status)])).toEqual([
      'status-page-open: /server-status (Apache Status)',
    ]);
    expect(
      risks([answer({ body: 'Active connections: 2 \nserver accepts handled requests\n 8 8 9 \n' })]),
    ).toEqual(['status-page-open: / (nginx stub_status)']);
  });

  it.each([
    [server('Apache/2.4.71 (Debian) PHP/8.2.35'), 'PHP (server: Apache/2.4.71 (Debian) PHP/8.2.35)'],
    [answer({ headers: [['X-Powered-By', 'PHP/5.6.40']] }), 'PHP (x-powered-by: PHP/5.6.40)'],
    [answer({ headers: [['X-Powered-By', 'ASP.NET']] }), 'ASP.NET (x-powered-by: ASP.NET)'],
    [answer({ headers: [['X-AspNet-Version', '4.0.30319']] }), 'ASP.NET (x-aspnet-version: 4.0.30319)'],
    [answer({ headers: [['Set-Cookie', 'PHPSESSID=1; path=/']] }), 'PHP (set-cookie: PHPSESSID)'],
    [
      answer({ headers: [['Set-Cookie', 'ASPSESSIONIDABCDEFGH=1']] }),
      'ASP (set-cookie: ASPSESSIONIDABCDEFGH)',
    ],
    [answer({ headers: [['Set-Cookie', 'JSESSIONID=1']] }), 'Java (set-cookie: JSESSIONID)'],
    [server('Jetty(9.4.57.v20241219)'), 'Java (server: Jetty(9.4.57.v20241219))'],
    [server('SimpleHTTP/0.6 Python/3.11.7'), 'Python (server: SimpleHTTP/0.6 Python/3.11.7)'],
    [answer({ headers: [['X-Powered-By', 'Express']] }), 'Node.js (x-powered-by: Express)'],
    [answer({ headers: [['Set-Cookie', 'CFID=1']] }), 'ColdFusion (set-cookie: CFID)'],
    [answer({ body: '<a href="/shop/item.php?id=1">' }), 'PHP (/shop/item.php?id=1)'],
    [answer({ body: '<a href="http://www.example.jp/wp-login.php">' }), 'PHP (/wp-login.php)'],
    [
      answer({ status: 302, location: '/index.php/news', headers: [['Location', '/index.php/news']] }),
      'PHP (/index.php/news)',
    ],
    [answer({ body: '<form action="cgi-bin/mail.cgi">' }), 'CGI (cgi-bin/mail.cgi)'],
    [answer({ body: '<form action="/login.do">' }), 'Java (/login.do)'],
    [
      server('Apache/2.2 mod_perl/2.0.4 Perl/v5.10.1'),
      'Perl (server: Apache/2.2 mod_perl/2.0.4 Perl/v5.10.1)',
    ],
  ])('sees a script engine %#', (one, expected) => {
    expect(risks([one])).toEqual([`script-engine: ${expected}`]);
  });

  it.each([
    answer({ body: '<a href="https://other.example/a.php">' }),
    answer({ body: '<p>Save it as index.php and open /index.php</p>' }),
    answer({ body: '<pre>&lt;a href="/a.php"&gt;</pre>' }),
    answer({ status: 404, path: '/owa/auth/logon.aspx' }),
    answer({
      headers: [['Set-Cookie', 'PHPSESSID=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT']],
      status: 404,
    }),
    server('nginx/1.22.1'),
    answer({ body: '<a href="/manual.html">', headers: [['X-Powered-By', 'coffee']] }),
  ])('sees none %#', (one) => {
    expect(risks([one]).filter((risk) => !risk.includes('PHPSESSID'))).toEqual([]);
  });

  it('counts a known management path, unless a made-up one is answered in the same way', () => {
    const manager = answer({ path: '/manager/html', status: 401 });
    expect(risks([answer(), control(), manager])).toEqual(['management-page: /manager/html']);
    expect(risks([answer(), control({ status: 401 }), manager])).toEqual([]);
    const page = answer({ path: '/phpmyadmin/', title: 'Sign in', body: '<title>Sign in</title>' });
    expect(risks([answer(), control(), page])).toEqual(['management-page: /phpmyadmin/']);
    expect(risks([answer(), control({ status: 200, title: 'Sign in' }), page])).toEqual([]);
    expect(risks([answer(), control({ status: 200, title: 'Sign in' }), page], { catchAll: true })).toEqual(
      [],
    );
    expect(risks([answer(), control(), answer({ path: '/manager/html', status: 404 })])).toEqual([]);
    expect(risks([answer(), control(), answer({ path: '/about/', status: 200 })])).toEqual([]);
  });

  it('names the product that is for management, or for files', () => {
    const of = (id: string, kind: Product['class']): unknown =>
      webRisksOf({ http: facts([answer()]) }, { id, class: kind } as Product);
    expect(of('cockpit', 'web-admin')).toEqual([{ risk: 'management-page', seen: 'cockpit' }]);
    expect(of('tiny-file-manager', 'web-admin')).toEqual([
      { risk: 'file-manager', seen: 'tiny-file-manager' },
    ]);
    expect(of('wordpress', 'cms')).toEqual([]);
  });

  it('sees fields for files and file managers in the page’s own markup', () => {
    expect(
      risks([
        answer({ body: '<html><form enctype="multipart/form-data"><input name=f type="file"></form>' }),
      ]),
    ).toEqual(['upload-form: /']);
    expect(risks([answer({ body: '<html><pre>&lt;input type="file"&gt;</pre>' })])).toEqual([]);
    expect(risks([answer({ body: '<html><input type="filename">' })])).toEqual([]);
    expect(risks([answer({ title: 'elFinder 2.1', body: '<div id="elfinder"></div>' })])).toEqual([
      'file-manager: / (elFinder 2.1)',
    ]);
  });

  it('puts the path of a campaign first', () => {
    const text = { ja: 'x', en: 'x' };
    const indicator = {
      id: 'a /b.php',
      method: 'GET' as const,
      path: '/b.php',
      status: 200,
      bodyBytes: 3,
      control: { path: '/c.php', status: 404, bodyBytes: 0 },
      campaign: text,
      about: text,
      source: { publisher: 'x', url: 'https://x.example/', date: '2025-01-01' },
    };
    const methods = { status: 200, allow: ['PUT'], dav: [] };
    expect(
      risks([answer()], { methods, indicators: { asked: 1, skipped: [], answers: [indicator] } })[0],
    ).toBe('indicator-path: /b.php');
  });

  it('is bounded and sorted whatever the server says', () => {
    const header = fc.tuple(
      fc.constantFrom('Server', 'X-Powered-By', 'Set-Cookie', 'Location', 'x'),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.constant('PHP/8'),
        fc.constant('JSESSIONID=1'),
      ),
    );
    const anything = fc.record({
      path: fc.constantFrom('/', '/manager/html', '/a.php'),
      status: fc.constantFrom(200, 302, 401, 404),
      headers: fc.array(header, { maxLength: 6 }),
      body: fc.string({ unit: 'binary', maxLength: 300 }),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 5 }), (answers) => {
        const found = webRisksOf({ http: facts(answers.map((one) => answer(one))) }, undefined) ?? [];
        const order = found.map(({ risk }) => WEB_RISKS.indexOf(risk));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        for (const { seen } of found) expect(seen.length).toBeLessThanOrEqual(160);
      }),
    );
  });
});
