import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { webPageOf } from '../../../src/identify/web/page.ts';
import type { HttpAnswer } from '../../../src/model/facts.ts';
import { WebPage } from '../../../src/model/web.ts';

const answer = (change: Partial<HttpAnswer> = {}): HttpAnswer => ({
  method: 'GET',
  path: '/',
  status: 200,
  headers: [['Content-Type', 'text/html']],
  body: '',
  bodyBytes: 0,
  bodySha256: 'a'.repeat(64),
  truncated: false,
  ...change,
});
const control = answer({ path: '/sekisho-control-1', status: 404, control: true });
const of = (answers: HttpAnswer[], scheme: 'http' | 'https' = 'https'): WebPage | undefined => {
  const page = webPageOf({ scheme, host: 'www.example.jp', answers });
  if (page !== undefined) WebPage.parse(page);
  return page;
};
const parts = (body: string): unknown => {
  const { scripts, frames, forms, refresh, links } = of([answer({ body })]) ?? {};
  return { scripts, frames, forms, refresh, links };
};
const none = { scripts: [], frames: [], forms: [], refresh: [], links: [] };

describe('webPageOf', () => {
  it('lists where the parts of a page come from, each origin once and sorted', () => {
    const page = `<html><head><title>T</title>
      <link rel=stylesheet href="//fonts.example/a.css"><link rel=canonical href="https://www.example.jp/">
      <script src="https://cdn.example/b.js"></script><script src="https://cdn.example/c.js"></script>
      <script src="https://ads.example:8443/x"></script><script src="/own.js"></script>
      <meta http-equiv=Refresh content="0; URL='https://away.example/x'"></head>
      <iframe src="https://frame.example/"></iframe><object data="https://object.example/o"></object>
      <form action="https://collect.example/p"><button formaction=//button.example/></form>
      <!-- <script src="https://comment.example/"></script> -->
      <script>document.write('<script src="https://inside.example/">')</script>`;
    expect(parts(page)).toEqual({
      scripts: ['https://ads.example:8443', 'https://cdn.example'],
      frames: ['https://frame.example', 'https://object.example'],
      forms: ['https://button.example', 'https://collect.example'],
      refresh: ['https://away.example'],
      links: ['https://fonts.example'],
    });
  });

  it.each([
    ['a relative path', '<script src="a.js">', none],
    ['the page’s own server, with and without TLS', '<script src="http://www.example.jp/a.js">', none],
    ['another port of it', '<script src="https://www.example.jp:8443/a.js">', none],
    ['code in the address', '<iframe src="data:text/html,x">', { ...none, frames: ['data:'] }],
    [
      'an address that is written in references',
      '<script src="https&#58;&#47;&#47;e.example/x">',
      { ...none, scripts: ['https://e.example'] },
    ],
    [
      'a changed base',
      '<base href="https://base.example/"><script src="a.js">',
      { ...none, scripts: ['https://base.example'] },
    ],
    ['addresses that are none', '<script src="https://[">', none],
    ['javascript:', '<iframe src="javascript:1">', none],
    ['a picture', '<img src="https://img.example/a.png">', none],
    ['an element called like a property', '<constructor src="https://e.example/">', none],
  ])('treats %s', (_name, body, expected) => {
    expect(parts(body)).toEqual(expected);
  });

  it('takes the page at which the redirects end', () => {
    const first = answer({ status: 302, location: '/login', headers: [['Location', '/login']] });
    expect(of([first, answer({ path: '/login', title: 'Login' }), control])).toMatchObject({
      path: '/login',
      title: 'Login',
    });
    const scripted = answer({ body: '<script>location="portal/login.html"</script>' });
    expect(of([scripted, answer({ path: '/portal/login.html', title: 'Portal' }), control])?.title).toBe(
      'Portal',
    );
    // Paths of the product files are no redirect targets.
    expect(of([answer({ title: 'Top' }), answer({ path: '/owa/', title: 'OWA' })])?.title).toBe('Top');
    expect(of([answer({ title: 'Top' }), control, answer({ path: '/owa/', title: 'OWA' })])?.title).toBe(
      'Top',
    );
  });

  it('has no page where none came', () => {
    expect(of([])).toBeUndefined();
    expect(of([answer({ status: 403 })])).toBeUndefined();
    expect(of([control])).toBeUndefined();
    const away = answer({ status: 301, location: 'https://www.example.jp/' });
    expect(of([away, answer({ origin: 'https://www.example.jp' })])).toBeUndefined();
  });

  it('reads no markup in what is no page', () => {
    expect(
      of([answer({ headers: [['Content-Type', 'text/plain']], body: '<script src=//e.example/>' })])?.scripts,
    ).toEqual([]);
    expect(of([answer({ headers: [], body: '<script src=//e.example/>' })])?.scripts).toEqual([
      'https://e.example',
    ]);
  });

  it('finds nobody else’s servers in real pages', () => {
    const pages = JSON.parse(
      readFileSync(new URL('../../fixtures/web/pages.json', import.meta.url), 'utf8'),
    ) as Record<string, string[]>;
    for (const [name, [body = '']] of Object.entries(pages)) {
      expect(body.length, name).toBeGreaterThan(1000);
      const page = webPageOf({ scheme: 'http', host: '127.50.0.9', answers: [answer({ body })] });
      expect(page, name).toMatchObject({ scripts: [], frames: [], refresh: [] });
    }
  });

  it('keeps at most 64 origins', () => {
    const body = Array.from({ length: 500 }, (_, n) => `<script src="https://s${n}.example/"></script>`).join(
      '',
    );
    expect(of([answer({ body })])?.scripts).toHaveLength(64);
  });
});
