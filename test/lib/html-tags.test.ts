import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openingTags } from '../../src/lib/html-tags.ts';

const tags = (html: string): string[] =>
  [...openingTags(html)].map(({ name, attributes }) =>
    [name, ...[...attributes].map(([key, value]) => `${key}=${value}`)].join(' '),
  );

describe('openingTags', () => {
  it.each([
    ['<A HREF=x>', ['a href=x']],
    [`<a href='x y' b="1>2" c>`, ['a href=x y b=1>2 c=']],
    ['<script src=//e.example/a.js></script><p>', ['script src=//e.example/a.js', 'p']],
    ['<script>if (a<b) document.write("<iframe src=x>")</script><b>', ['script', 'b']],
    ['<!-- <script src=x> --><i>', ['i']],
    ['<!--><script src=x>', ['script src=x']],
    ['<textarea><script src=x></textarea><u>', ['textarea', 'u']],
    ['<a href="https&#58;//e.example/&amp;">', ['a href=https://e.example/&']],
    ['<img/src=a/onerror=b>', ['img src=a/onerror=b']],
    ['<a x=1 x=2>', ['a x=1']],
    ['1 < 2 </p> <? x ?>', []],
    ['<a href="never closed>', []],
    ['<a href = "x"\n>', ['a href=x']],
    ['<br/><hr />', ['br', 'hr']],
    ['<title><b></title><b>', ['title', 'b']],
    ['<script>never closed <b>', ['script']],
    ['<a ===b>', ['a b=']],
  ])('reads %s', (html, expected) => {
    expect(tags(html)).toEqual(expected);
  });

  it('never throws, and gives names and values within bounds', () => {
    const soup = fc.array(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '=',
        ' ',
        '/',
        '!',
        '--',
        'a',
        'script',
        '</script',
        'İ',
        '&#x3c;',
        '\0',
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        for (const { name, attributes } of openingTags(parts.join(''))) {
          expect(name).toMatch(/^[a-z]/);
          expect(name.length).toBeLessThanOrEqual(40);
          expect(attributes.size).toBeLessThanOrEqual(64);
        }
      }),
    );
  });

  it.each([
    ['tags that never end', '<a '.repeat(60_000)],
    ['quotes that never end', '<a b="'.repeat(40_000)],
    ['spaces without end', `<a${' '.repeat(200_000)}`],
    ['names with spaces behind', `<a ${`b${' '.repeat(50)}`.repeat(4000)}>`],
    ['equals signs', `<a ${'='.repeat(200_000)}>`],
    ['comments that never end', '<!--'.repeat(60_000)],
    ['scripts that never end', '<script>'.repeat(30_000)],
  ])('takes %s in linear time', (_name, html) => {
    const began = performance.now();
    expect([...openingTags(html)].length).toBeLessThanOrEqual(20_000);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
