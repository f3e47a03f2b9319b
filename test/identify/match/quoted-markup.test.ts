import { describe, expect, it } from 'vitest';
import { isTalk, withoutQuotedMarkup } from '../../../src/identify/match/quoted-markup.ts';

const page = (body: string): string => `<!DOCTYPE html><html><body>${body}</body></html>`;

describe('withoutQuotedMarkup', () => {
  it.each([
    ['escaped tags', '<p>&lt;script src="/sslvpn/js/login.js"&gt;</p>'],
    ['code', '<pre><code>GET /x <span>src="/sslvpn/js/login.js"</span></code></pre>'],
    ['a text area', '<textarea><link href="/sslvpn/js/login.js"></textarea>'],
    ['data for search engines', '<script type="application/ld+json">{"text":"/sslvpn/js/login.js"}</script>'],
    ['attributes in prose', '<p>Look for src="/sslvpn/js/login.js" in it.</p>'],
  ])('takes out %s', (_, body) => {
    expect(withoutQuotedMarkup(page(body))).not.toContain('/sslvpn/js/login.js');
  });

  it.each([
    ['a tag', '<script src="/sslvpn/js/login.js"></script>'],
    ['a tag with > in a value', '<a onclick="a > b" href="/sslvpn/js/login.js">x</a>'],
    [
      'a script',
      '<script>document.write(\'<link href="/sslvpn/js/login.js">\'); a="/sslvpn/js/login.js"</script>',
    ],
    ['a comment', '<!-- <link href="/sslvpn/js/login.js"> -->'],
    ['a form in a pre', '<pre><form action="/sslvpn/js/login.js"></form></pre>'],
  ])('leaves %s', (_, body) => {
    expect(withoutQuotedMarkup(page(body))).toBe(page(body));
  });

  it('leaves what is no page', () => {
    const json = '{"a":"&lt;b&gt;","pre":"<pre>x</pre>"}';
    expect(withoutQuotedMarkup(json)).toBe(json);
  });

  it.each(['&lt;a', '<a "', '<pre>', '<', 'a="', '<script', '<!--', '&lt;a&gt;', '<a>', '<a b=">', '<pre '])(
    'needs no long time for %s again and again',
    (unit) => {
      const began = performance.now();
      withoutQuotedMarkup(page(unit.repeat(128_000 / unit.length)));
      expect(performance.now() - began).toBeLessThan(200);
    },
  );
});

describe('isTalk', () => {
  const readme = '# Lab\n\n```html\n<html><title>Log in</title></html>\n```\n';
  it.each([
    ['text/plain; charset=utf-8', readme, true],
    ['text/markdown', readme, true],
    ['application/rss+xml', '<rss><item>', true],
    ['text/html', readme, false],
    ['', readme, false],
    ['text/plain', '<html><title>An appliance that calls its page a text</title></html>', false],
    ['text/plain', 'It looks like you are trying to access MongoDB over HTTP', false],
    ['application/json', '{"a":"<html>"}', false],
  ])('%s %j: %s', (contentType, body, expected) => {
    expect(isTalk(contentType, body)).toBe(expected);
  });
});
