/** Every view, in both languages, on a desk and on a phone: nothing but itself, nothing cut off, open to everyone. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.tsx';
import type { ReportView } from '../../src/report/view-model.ts';
import { VIEW_NAMES } from '../../src/report/views.ts';
import { DESKTOP, openReader, PHONE, type Reader } from './reader.ts';
import { goldenShape, SHAPES, type Lang, type Shape } from './shapes.ts';

const LANGUAGES: readonly Lang[] = ['ja', 'en'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let reader: Reader;
let golden: Shape;
beforeAll(async () => {
  reader = await openReader();
  golden = await goldenShape();
});
afterAll(() => reader.close());

/** What stands out of the window to the right, and would be lost on paper and on a phone. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('main *')]
      .filter((one) => one.getBoundingClientRect().right > width + 1 && one.closest('pre, .scroll') === null)
      .slice(0, 5)
      .map(
        (one) => `${one.tagName}.${one.getAttribute('class') ?? ''}: ${(one.textContent ?? '').slice(0, 60)}`,
      );
  });
}

/** Levels of the headings in their order: a level may not be left out on the way down. */
function skippedHeadings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((one) => ({
      level: Number(one.tagName.slice(1)),
      text: one.textContent ?? '',
    }));
    return levels
      .filter(({ level }, index) => level > (levels[index - 1]?.level ?? 0) + 1)
      .map(({ level, text }) => `h${level} ${text.slice(0, 60)}`);
  });
}

/** Ids that stand twice, and links into the page that lead nowhere. */
function brokenAnchors(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    const lost = [...document.querySelectorAll('a[href^="#"], use')]
      .map((one) => (one.getAttribute('href') ?? '').slice(1))
      .filter((id) => !ids.includes(id));
    return [...twice.map((id) => `twice: ${id}`), ...lost.map((id) => `nowhere: ${id}`)];
  });
}

/** @param contrast Only whether letters stand out: by night nothing else differs. */
async function axeFaults(page: Page, contrast: boolean): Promise<string[]> {
  // Over the protocol, so that the policy of the page stays as it is.
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
  });
  await page.evaluate(AXE);
  return page.evaluate(async (only) => {
    const { axe: run } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await run.run(document, {
      runOnly: only
        ? { type: 'rule', values: ['color-contrast'] }
        : { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} — ${node.failureSummary ?? ''}`),
    );
  }, contrast);
}

describe.each(VIEW_NAMES)('the view "%s"', (name) => {
  describe.each(LANGUAGES)('in %s', (lang) => {
    const page = (view: ReportView): string => renderHtml(view, name);

    it.each([
      { on: 'a desk', viewport: DESKTOP, colorScheme: 'light' },
      { on: 'a desk by night', viewport: DESKTOP, colorScheme: 'dark' },
      { on: 'a phone', viewport: PHONE, colorScheme: 'light' },
      { on: 'a phone by night', viewport: PHONE, colorScheme: 'dark' },
    ] as const)('has no fault that axe knows, on $on', async ({ viewport, colorScheme }) => {
      const { found, misdeeds } = await reader.show(
        page(golden.view(lang)),
        { viewport, colorScheme },
        (tab) => axeFaults(tab, colorScheme === 'dark'),
      );
      expect(found).toEqual([]);
      expect(misdeeds).toEqual([]);
    });

    it.each(SHAPES)('fits the window and leads nowhere else: $name', async (shape) => {
      const html = page(shape.view(lang));
      for (const viewport of [DESKTOP, PHONE]) {
        const { found, misdeeds } = await reader.show(html, { viewport }, async (tab) => ({
          wide: await tooWide(tab),
          headings: await skippedHeadings(tab),
          anchors: await brokenAnchors(tab),
        }));
        expect({ found, misdeeds }).toEqual({ found: { wide: [], headings: [], anchors: [] }, misdeeds: [] });
      }
    });
  });
});
