import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { cssString } from '../../src/report/html/style.ts';
import { fitText, textWidth, wrapText } from '../../src/report/html/text-width.ts';
import { buildView } from '../../src/report/view.ts';
import { VIEW_NAMES } from '../../src/report/views.ts';
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
      tags.filter(({ name }) => ['link', 'img', 'iframe', 'object', 'form', 'base'].includes(name)),
    ).toEqual([]);
    expect(tags.filter(({ name }) => name === 'script')).toEqual([{ name: 'script', attributes: {} }]);
    for (const { attributes } of tags) {
      expect(
        Object.keys(attributes).filter((name) => name.startsWith('on') || name === 'style' || name === 'src'),
      ).toEqual([]);
      expect(attributes['href'] ?? '#').toMatch(/^#|^data:application\/octet-stream;base64,/);
      if (attributes['href']?.startsWith('data:') === true)
        expect(attributes['download']).toMatch(/^E-\d+-(sent|received)\.bin$/);
    }
    // Addresses of others are text to read.
    expect(page.replace(/>[^<>]*</g, '><')).not.toMatch(/https?:\/\//);
    expect(page).not.toMatch(/url\((?!#)/);
  });

  it.each(VIEW_NAMES)('allows exactly its own style and script in the view "%s"', (name) => {
    const page = renderHtml(buildView({ snapshot, knowledge, evidence, lang: 'ja' }), name);
    const hash = (tag: string): string => {
      const text = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page)?.[1] ?? '';
      expect(text.length).toBeGreaterThan(5000);
      return `sha256-${createHash('sha256').update(text).digest('base64')}`;
    };
    expect(page).toContain(
      `content="default-src 'none'; style-src '${hash('style')}'; script-src '${hash('script')}'; base-uri 'none'; form-action 'none'"`,
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
        .filter((href) => href.startsWith('#') && !ids.includes(href.slice(1)));
      expect(lost).toEqual([]);
    }
  });

  it('holds nothing that a reader could take for "undefined"', () => {
    for (const lang of LANGUAGES) {
      for (const one of [snapshot, nothing, many(3)]) {
        const text = html(one, lang)
          .replace(/<(style|script)>.*?<\/\1>/gs, '')
          .replace(/<[^>]*>/g, ' ');
        expect(text).not.toMatch(/undefined|NaN|\[object|null|\$\{/);
      }
    }
  });

  it('stays small and whole with no, 1, 300 and 1,000 services', () => {
    // The evidence has bounds of its own.
    const page = (of: Snapshot): string =>
      renderHtml(buildView({ snapshot: of, knowledge, evidence: () => [], lang: 'ja' }));
    const thousand = page(many(1000));
    for (const one of [page(nothing), page(many(1)), page(many(300)), page(many(1000, 'P1')), thousand]) {
      strictParse(one);
      expect(Buffer.byteLength(one)).toBeLessThan(2_000_000);
    }
    expect(thousand).toMatch(/ほか 425 は「sekisho services」で見られます/);
  });

  it('is the same twice', () => {
    expect(html(snapshot)).toBe(html(structuredClone(snapshot)));
  });

  it('never says "safe"', () => {
    for (const one of [snapshot, nothing]) {
      expect(html(one, 'ja')).not.toMatch(/安全です|安全でした|問題なし|問題ありません|異常なし/);
      expect(html(one, 'en').replace(/<(style|script)>.*?<\/\1>/gs, '')).not.toMatch(
        /\bsafe\b|no problems?\b/i,
      );
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
    expect(fitText('😀'.repeat(20), 50, 10)).toMatch(/^(?:😀)+…$/u);
  });

  it('writes a string into a style sheet that nothing can end', () => {
    expect(cssString('a"} </style>\\é界')).toBe('"a\\22 \\7d  \\3c \\2f style\\3e \\5c é界"');
  });
});
