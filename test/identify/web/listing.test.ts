import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directoryListing } from '../../../src/identify/web/listing.ts';

interface Capture {
  readonly body: string;
}
/** Answers of Debian's servers to "GET /" of a folder without a start page; the names say package and version. */
const captures = JSON.parse(
  readFileSync(new URL('../../fixtures/web/listings.json', import.meta.url), 'utf8'),
) as Record<string, Capture>;
const lists = Object.entries(captures).filter(([name]) => !name.includes('mod_status'));

const FORM: Readonly<Record<string, string>> = {
  'nginx-light': 'nginx',
  apache2: 'apache',
  lighttpd: 'lighttpd',
  python3: 'python',
  tomcat10: 'tomcat',
  jetty9: 'jetty',
  'mini-httpd': 'acme',
  'micro-httpd': 'acme',
  webfs: 'webfs',
  h2o: 'h2o',
  'ruby-webrick': 'webrick',
  'python3-twisted': 'twisted',
  caddy: 'caddy',
  rclone: 'caddy',
};

describe('directoryListing', () => {
  it.each(lists)('knows %s', (name, { body }) => {
    expect(directoryListing(body)).toBe(FORM[name.split(' ', 1)[0] ?? '']);
  });

  it.each([
    // IIS 10 in its own form: root, and a folder below it.
    '<html><head><title>203.0.113.9 - /</title></head><body><H1>203.0.113.9 - /</H1><hr>\r\n\r\n<pre>  1/5/2026  9:14 AM        &lt;dir&gt; <A HREF="/aspnet_client/">aspnet_client</A><br>',
    '<html><head><title>203.0.113.9 - /files/</title></head><body><H1>203.0.113.9 - /files/</H1><hr>\r\n\r\n<pre><A HREF="/">[To Parent Directory]</A><br><br>',
    '<html><head><title>203.0.113.9 - /files/</title></head><body><H1>203.0.113.9 - /files/</H1><hr>\r\n\r\n<pre><A HREF="/">[親ディレクトリへ移動]</A><br><br>',
  ])('knows IIS', (body) => {
    expect(directoryListing(body)).toBe('iis');
  });

  it.each([
    [
      'a page about lists',
      '<title>Index of /</title><h1>Index of /pub</h1><p>How to switch off directory listing',
    ],
    ['an article in <pre>', '<h1>Logs - /var</h1><hr><p><pre>text</pre>'],
    ['a table', '<h1>Directory</h1><table><tr><td>Name</table>'],
    ['server status', captures['apache2 2.4.71-1~deb12u1 mod_status']?.body ?? 'missing'],
    ['an FTP index by an application', '<h1>Index of /</h1><div class="app"><ul><li>a</li></ul></div>'],
    ['Jetty’s error page', '<h2>HTTP ERROR 404 Not Found</h2><table><tr><th>URI:</th></tr></table>'],
    ['nothing', ''],
  ])('takes %s for none', (_name, body) => {
    expect(directoryListing(body)).toBeUndefined();
  });

  it('needs the whole form, and takes any page in linear time', () => {
    for (const [, { body }] of lists) expect(directoryListing(body.slice(0, 40))).toBeUndefined();
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => directoryListing(text) === undefined));
    const began = performance.now();
    for (const part of [
      '<h1>Index of /',
      '<hr><table ',
      '<pre>',
      '<h1>Directory: /a</h1>',
      '<h1>a - /</h1><hr>',
    ])
      directoryListing(part.repeat(20_000));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
