import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../../src/observe/probe/tcp/http/charset.ts';
import { decodeEntities } from '../../../../../src/lib/html-entities.ts';
import { faviconFacts, faviconHash, murmur3 } from '../../../../../src/observe/probe/tcp/http/favicon.ts';
import {
  iconLink,
  looksLikeErrorPage,
  pageRedirect,
  refreshTarget,
} from '../../../../../src/observe/probe/tcp/http/page.ts';
import { titleOf } from '../../../../../src/observe/probe/tcp/http/title.ts';
import { encodeJapanese } from './japanese.ts';

const JAPANESE = '拠点間VPN装置の管理画面へようこそ。ログインしてください。';

describe('decodeText', () => {
  const html = (declaration: string): string =>
    `<html><head>${declaration}<title>${JAPANESE}</title></head><body>${JAPANESE}</body></html>`;

  it.each([
    ['SJIS', 'Shift_JIS'],
    ['EUCJP', 'EUC-JP'],
    ['JIS', 'ISO-2022-JP'],
    ['UTF8', 'UTF-8'],
  ] as const)('reads %s by header, meta, XML declaration, and without any of them', (code, label) => {
    const declared: [string, string][] = [
      ['', `text/html; charset="${label}"`],
      [`<meta charset=${label}>`, ''],
      [`<meta http-equiv="Content-Type" content="text/html; charset=${label}">`, 'text/html'],
      ['', ''],
    ];
    for (const [declaration, contentType] of declared)
      expect(titleOf(decodeText(encodeJapanese(html(declaration), code), contentType))).toBe(JAPANESE);
    const xml = `<?xml version="1.0" encoding="${label}"?><title>${JAPANESE}</title>`;
    expect(titleOf(decodeText(encodeJapanese(xml, code), 'text/xml'))).toBe(JAPANESE);
  });

  it('believes the bytes rather than a wrong UTF-8', () => {
    const text = decodeText(encodeJapanese(html(''), 'SJIS'), 'text/html; charset=utf-8');
    expect(titleOf(text)).toBe(JAPANESE);
  });

  it('knows byte order marks and other names of Shift_JIS', () => {
    expect(decodeText(Buffer.from(`\ufeff${JAPANESE}`, 'utf16le'), 'text/html')).toBe(JAPANESE);
    expect(decodeText(encodeJapanese(JAPANESE, 'SJIS'), 'text/html; charset=x-sjis')).toBe(JAPANESE);
    expect(decodeText(encodeJapanese(JAPANESE, 'SJIS'), 'text/html; charset=CP932')).toBe(JAPANESE);
  });

  it('keeps the value of every byte of what is no text', () => {
    const gzip = Buffer.from([0x1f, 0x8b, 8, 0, 0x95, 0x80, 0, 0x99, 0, 3]);
    expect(Buffer.from(decodeText(gzip, 'application/json'), 'latin1')).toEqual(gzip);
  });

  it('reads UTF-8 that is cut in the middle of a character', () => {
    const cut = Buffer.from(JAPANESE).subarray(0, -1);
    expect(decodeText(cut, '')).toContain('拠点間VPN装置');
  });

  it('never throws', () => {
    const type = fc.oneof(
      fc.string(),
      fc.string().map((label) => `text/html; charset=${label}`),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), type, (bytes, contentType) => {
        expect(decodeText(bytes, contentType).length).toBeLessThanOrEqual(bytes.length + 1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('titleOf', () => {
  it.each([
    ['<TITLE>\n  A &amp;  B&nbsp;&#12354;&#x3044; </TITLE>', 'A & B あい'],
    ['<title id="x">one</title><title>two</title>', 'one'],
    ['<title>open<meta name="x">', 'open'],
    ['<titles>no</titles>', undefined],
    ['<title></title>', undefined],
    ['no', undefined],
  ])('%s', (html, title) => expect(titleOf(html)).toBe(title));

  it('is at most 300 characters', () => {
    expect([...(titleOf(`<title>${'関'.repeat(5000)}`) ?? '')]).toHaveLength(300);
  });

  it('takes linear time', () => {
    const before = performance.now();
    for (const part of ['<title ', '<title', '<', '&', '&#', ' '])
      titleOf(part.repeat(131_072 / part.length) + '<title>' + part.repeat(131_072 / part.length));
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('decodeEntities', () => {
  it('leaves what it does not know and never throws', () => {
    expect(decodeEntities('&unknown; &#0; &#xD800; &#x110000; &copy &eacute;')).toBe(
      '&unknown; \ufffd \ufffd \ufffd © é',
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('&', '#', 'x', ';', '9', 'amp', 'f') }), (text) => {
        expect(decodeEntities(text).isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('faviconHash', () => {
  it('is MurmurHash3', () => {
    expect(murmur3(Buffer.from(''))).toBe(0);
    expect(murmur3(Buffer.from(''), 1)).toBe(0x514e28b7);
    expect(murmur3(Buffer.from('hello'))).toBe(0x248bfa47);
    expect(murmur3(Buffer.from('hello, world'))).toBe(0x149bbb7f);
    expect(murmur3(Buffer.from('The quick brown fox jumps over the lazy dog'))).toBe(0x2e4ff723);
  });

  // Values of an implementation in Python with base64.encodebytes; real icons of Shodan's were compared by hand.
  it.each([
    [57, 1141610196],
    [58, -627411278],
    [200, -1338840234],
    [1000, 954679457],
  ])('of an icon of %i bytes is %i', (length, hash) => {
    const icon = Uint8Array.from({ length }, (_, at) =>
      at < 4 ? ([0, 0, 1, 0][at] ?? 0) : (at - 4) * 7 + 3,
    );
    expect(faviconHash(icon)).toBe(hash);
    expect(faviconFacts('/favicon.ico', icon, '')).toMatchObject({ mmh3: hash, bytes: length });
  });

  it('is of pictures only', () => {
    const page = Buffer.from('<!doctype html><title>404</title>');
    expect(faviconFacts('/favicon.ico', page, 'image/x-icon')).toBeUndefined();
    expect(faviconFacts('/favicon.ico', Buffer.from('{}'), 'application/json')).toBeUndefined();
    expect(
      faviconFacts('/i.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'),
    ).toBeDefined();
    expect(faviconFacts('/favicon.ico', new Uint8Array(600_000), 'image/png')).toBeUndefined();
  });
});

describe('pageRedirect', () => {
  it.each([
    ['<meta http-equiv="refresh" content="0; url=/login">', '/login'],
    ["<META HTTP-EQUIV=Refresh CONTENT='0;URL=&#47;a?b=1&amp;c=2'>", '/a?b=1&c=2'],
    ['<meta content="1;url=\'/q\'" http-equiv="refresh">', '/q'],
    ['<meta http-equiv="refresh" content="300; url=/reload">', undefined],
    ['<meta http-equiv="refresh" content="5">', undefined],
    ['<script>top.location=window.location;top.location="/remote/login";</script>', '/remote/login'],
    ["<script>window.location.href = '/ui/';</script>", '/ui/'],
    ['<script>document.location.replace("/x")</script>', '/x'],
    ['<script>var mylocation="/no";</script>', undefined],
    ['<script>if (location=="/no") {}</script>', undefined],
    ['<script>location = "/a" + secret;</script>', undefined],
    [`<script>location="/late";</script>${' '.repeat(4096)}`, undefined],
  ])('%s', (html, target) => expect(pageRedirect(html)).toBe(target));

  it('never throws, and is fast on hostile pages', () => {
    const parts = [
      '<meta ',
      'http-equiv=refresh ',
      'content="',
      ';url=',
      "'",
      '>',
      'location',
      '=',
      '"',
      '\n',
      '<link ',
      'rel=icon ',
      'href=',
    ];
    const before = performance.now();
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...parts), maxLength: 300 }), (html) => {
        pageRedirect(html);
        iconLink(html);
        refreshTarget(html);
        looksLikeErrorPage(html, html);
      }),
      { numRuns: 500 },
    );
    for (const part of parts) iconLink(part.repeat(131_072 / part.length));
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

describe('iconLink', () => {
  it.each([
    ['<link rel="shortcut icon" href="/a.ico">', '/a.ico'],
    ['<link href=b.png rel=icon>', 'b.png'],
    ['<link rel="stylesheet" href="/a.css"><link REL="Icon" HREF=\'/c.ico\'>', '/c.ico'],
    ['<link rel="apple-touch-icon" href="/d.png">', undefined],
  ])('%s', (html, href) => expect(iconLink(html)).toBe(href));
});
