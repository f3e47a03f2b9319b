import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stableSha256 } from '../../../src/identify/web/stable.ts';

/** Two visits each, of Debian's packages; the names say which. */
const pages = JSON.parse(
  readFileSync(new URL('../../fixtures/web/pages.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;

const same = (a: string, b: string): boolean => stableSha256(a) === stableSha256(b);

describe('stableSha256', () => {
  it.each(Object.entries(pages).filter(([, visits]) => visits.length === 2))(
    'is the same for two visits of %s, whose bytes differ',
    (_name, [first = '', second = '']) => {
      expect(first).not.toBe(second);
      expect(same(first, second)).toBe(true);
      // One word more is another page.
      expect(same(first, second.replace('</body>', 'hacked</body>'))).toBe(false);
      expect(
        same(first, second.replace('<script', '<script src="//evil.example/x.js"></script><script')),
      ).toBe(false);
    },
  );

  it.each([
    ['<script nonce="r4nd0m">', '<script nonce="0th3r">'],
    ['<input type="hidden" name="_csrf" value="abc">', '<input type="hidden" name="_csrf" value="xyz">'],
    ['<meta name="csrf-token" content="pQ9">', '<meta name="csrf-token" content="Zr1">'],
    ['var x = {"nonce":"a1b2c3d4e5"}', 'var x = {"nonce":"f6a7b8c9d0"}'],
    ['<a href="/x;jsessionid=1A2B.node1">', '<a href="/x;jsessionid=FF00.node2">'],
    ['generated in 0.123 seconds', 'generated in 1.9 seconds'],
    ['<!-- served 2026-11-20 09:14:55 -->', '<!-- served 2026-11-21 10:00:01 -->'],
    ['Fri, 20 Nov 2026 09:14:55 GMT', 'Sat, 21 Nov 2026 10:00:01 GMT'],
    ['2026年11月20日 9:14', '2026年11月21日 10:00'],
    ['?t=1795200000', '?t=1795300000123'],
    ['You come from 203.0.113.7', 'You come from 198.51.100.200'],
    ['sid=9f86d081884c7d659a2feaa0c55ad015', 'sid=60303ae22b998861bce3b28f33eec1be'],
    ['k="aGVsbG8gd29ybGQhIQ-Zz9"', 'k="bm90IHRoZSBzYW1lIHg-Ab1"'],
    ['a\r\nb', 'a\nb'],
  ])('passes over what each visit brings: %s', (one, other) => {
    expect(same(`<p>${one}</p>`, `<p>${other}</p>`)).toBe(true);
  });

  it.each([
    ['Welcome', 'Hacked by'],
    ['<script src="/app.4f2a.js">', '<script src="/app.9c1b.js">'],
    ['<script src="/static/main.8f14e45fceea167a.js">', '<script src="/static/main.c9f0f895fb98ab91.js">'],
    ['<a class="wp-block-navigation-item-2">', '<a class="wp-block-navigation-item-3">'],
    ['https://a.example/', 'https://b.example/'],
    ['Tel. 03-1234', 'Tel. 03-9876'],
    ['version 6.1', 'version 6.2'],
  ])('sees what somebody changed: %s', (one, other) => {
    expect(same(`<p>${one}</p>`, `<p>${other}</p>`)).toBe(false);
  });

  it('takes hostile pages in linear time', () => {
    const began = performance.now();
    for (const part of [
      '<input type=',
      'a1',
      '<meta name="csrf',
      '1:11',
      '1.1.1.',
      'nonce="',
      '-_+',
      '2026-1-',
      '12 ',
      'A-a_',
    ])
      stableSha256(part.repeat(Math.ceil((128 * 1024) / part.length)));
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
