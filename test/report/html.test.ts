import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { cssString } from '../../src/report/html/style.ts';
import { fitText, textWidth, wrapText } from '../../src/report/html/text-width.ts';
import { buildView } from '../../src/report/view.ts';
import { knowledge, snapshot } from './fixture.ts';
import { evidence, many, nothing } from './fixture-runs.ts';
import { strictParse } from './strict-parse.ts';

const LANGUAGES = ['ja', 'en'] as const;

function html(of: Snapshot, lang: 'ja' | 'en' = 'ja'): string {
  return renderHtml(buildView({ snapshot: of, knowledge, evidence, lang }));
}

describe('report/html', () => {
  it.each(LANGUAGES)('is well-formed and loads nothing in %s', (lang) => {
    const page = html(snapshot, lang);
    const tags = strictParse(page);
    expect(page.startsWith(`<!doctype html>\n<html lang="${lang}">`)).toBe(true);
    expect(
      tags.filter(({ name }) => ['script', 'link', 'img', 'iframe', 'object', 'form', 'base'].includes(name)),
    ).toEqual([]);
    for (const { attributes } of tags) {
      expect(
        Object.keys(attributes).filter((name) => name.startsWith('on') || name === 'style' || name === 'src'),
      ).toEqual([]);
      expect(attributes['href'] ?? '#').toMatch(/^#/);
    }
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toMatch(/url\((?!#)/);
  });

  it('allows exactly its own style', () => {
    const page = html(snapshot);
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(style.length).toBeGreaterThan(5000);
    expect(page).toContain(
      `default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`.replaceAll('&#39;', "'"),
    );
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  it('leads every link to a place on the page', () => {
    for (const one of [snapshot, many(150), nothing]) {
      const tags = strictParse(html(one));
      const ids = tags.flatMap(({ attributes }) => attributes['id'] ?? []);
      expect(ids.length).toBe(new Set(ids).size);
      const lost = tags
        .flatMap(({ attributes }) => attributes['href'] ?? [])
        .filter((href) => !ids.includes(href.slice(1)));
      expect(lost).toEqual([]);
    }
  });

  it('holds nothing that a reader could take for "undefined"', () => {
    for (const lang of LANGUAGES) {
      for (const one of [snapshot, nothing, many(3)]) {
        const text = html(one, lang)
          .replace(/<style>.*?<\/style>/s, '')
          .replace(/<[^>]*>/g, ' ');
        expect(text).not.toMatch(/undefined|NaN|\[object|null|\$\{/);
      }
    }
  });

  it('stays small and whole with no, 1, 300 and 1,000 services', () => {
    for (const one of [nothing, many(1), many(300), many(1000), many(1000, 'P1')]) {
      const page = html(one);
      strictParse(page);
      expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
    }
    expect(html(many(1000))).toMatch(/ほか 425 は「sekisho services」で見られます/);
  });

  it('is the same twice', () => {
    expect(html(snapshot)).toBe(html(structuredClone(snapshot)));
  });

  it('never says "safe"', () => {
    for (const one of [snapshot, nothing]) {
      expect(html(one, 'ja')).not.toMatch(/安全です|安全でした|問題なし|問題ありません|異常なし/);
      expect(html(one, 'en').replace(/<style>.*?<\/style>/s, '')).not.toMatch(/\bsafe\b|no problems?\b/i);
    }
    expect(html(nothing, 'en')).toContain('from this vantage point at this time');
  });

  it('fits text by an estimate that errs to the wide side', () => {
    expect(textWidth('本社', 10)).toBe(20);
    expect(fitText('リモートデスクトップ', 60, 10)).toBe('リモートデ…');
    expect(fitText('short', 600, 10)).toBe('short');
    expect(wrapText('Head office (Osaka)', 100, 16, 2)).toEqual(['Head office', '(Osaka)']);
    expect(wrapText('界'.repeat(40), 100, 10, 2).map((line) => textWidth(line, 10) <= 100)).toEqual([
      true,
      true,
    ]);
    expect(fitText('😀'.repeat(20), 50, 10)).toBe('😀😀😀😀…');
  });

  it('writes a string into a style sheet that nothing can end', () => {
    expect(cssString('a"} </style>\\é界')).toBe('"a\\22 \\7d  \\3c \\2f style\\3e \\5c é界"');
  });
});
