/** Without JavaScript, and with the keyboard alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.tsx';
import { VIEW_NAMES } from '../../src/report/views.ts';
import { many } from '../report/fixture-runs.ts';
import { knowledge } from '../report/fixture.ts';
import { buildView } from '../../src/report/view.ts';
import { DESKTOP, openReader, type Reader } from './reader.ts';
import { goldenShape, SHAPES, type Lang, type Shape } from './shapes.ts';

const LANGUAGES: readonly Lang[] = ['ja', 'en'];

let reader: Reader;
let golden: Shape;
beforeAll(async () => {
  reader = await openReader();
  golden = await goldenShape();
});
afterAll(() => reader.close());

describe('without JavaScript', () => {
  it.each(VIEW_NAMES)('the view "%s" shows all it has', async (name) => {
    for (const lang of LANGUAGES) {
      const html = renderHtml(golden.view(lang), name);
      const read = (javaScriptEnabled: boolean): ReturnType<typeof reader.show<string>> =>
        reader.show(html, { viewport: DESKTOP, javaScriptEnabled }, async (page) => {
          const folded = page.locator('main details:not([open]) > summary');
          const before = await folded.count();
          if (before > 0) {
            await folded.first().click();
            expect(await folded.count()).toBeLessThan(before);
          }
          await page.evaluate(() => {
            for (const one of document.querySelectorAll('details')) one.open = true;
            for (const one of document.querySelectorAll('.bar, .copy, .tools')) one.remove();
          });
          return (await page.locator('main').innerText()).replace(/\s+/g, '');
        });
      const [off, on] = [await read(false), await read(true)];
      expect(off.misdeeds).toEqual([]);
      expect(off.found.length).toBeGreaterThan(200);
      expect(off.found).toBe(on.found);
      // Nothing is there for those with JavaScript only, and no control that would do nothing.
      const { found: controls } = await reader.show(html, { javaScriptEnabled: false }, (page) =>
        page.locator('button:visible, input:visible, select:visible').count(),
      );
      expect(controls).toBe(0);
    }
  });

  it('opens the finding that a link leads to', async () => {
    const view = golden.view('ja');
    const last = view.findings.full.at(-1);
    const { found } = await reader.show(
      renderHtml(view),
      { viewport: DESKTOP, javaScriptEnabled: false },
      async (page) => {
        await page.goto(`${page.url()}#${last?.anchor ?? ''}`);
        const box = await page.locator(`#${last?.anchor ?? ''}`).boundingBox();
        return box?.y;
      },
    );
    expect(found).toBeGreaterThanOrEqual(-1);
    expect(found).toBeLessThan(DESKTOP.height);
  });
});

describe('with the keyboard', () => {
  it('reaches everything, shows where it is, and is never caught', async () => {
    const { found, misdeeds } = await reader.show(
      renderHtml(golden.view('ja')),
      { viewport: DESKTOP },
      async (page) => {
        const seen: string[] = [];
        const unseen: string[] = [];
        for (let presses = 0; presses < 3000; presses += 1) {
          await page.keyboard.press('Tab');
          const at = await page.evaluate(() => {
            const one = document.activeElement;
            if (one === null || one === document.body) return undefined;
            const style = getComputedStyle(one);
            const box = one.getBoundingClientRect();
            const all = [...document.querySelectorAll('*')];
            return {
              index: all.indexOf(one),
              shown:
                (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) ||
                style.boxShadow !== 'none',
              inside: box.bottom > 0 && box.top < innerHeight,
              name: one.outerHTML.slice(0, 120),
            };
          });
          if (at === undefined) break;
          if (!at.shown || !at.inside) unseen.push(at.name);
          seen.push(`${at.index}`);
        }
        const reachable = await page.evaluate(
          () =>
            [
              ...document.querySelectorAll<HTMLElement>(
                'a[href], button:enabled, input, summary, [tabindex="0"]',
              ),
            ].filter((one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }))
              .length,
        );
        return { distinct: new Set(seen).size, presses: seen.length, unseen: unseen.slice(0, 5), reachable };
      },
    );
    expect(misdeeds).toEqual([]);
    expect(found.unseen).toEqual([]);
    expect(found.distinct).toBe(found.presses);
    expect(found.presses).toBeGreaterThanOrEqual(found.reachable);
  }, 120_000);
});

describe('size', () => {
  it.each(VIEW_NAMES)('of the view "%s" of 1,000 services stays under 2 MB without the evidence', (name) => {
    for (const lang of LANGUAGES) {
      const view = buildView({ snapshot: many(1000), knowledge, evidence: () => [], lang });
      expect(Buffer.byteLength(renderHtml(view, name))).toBeLessThan(2_000_000);
    }
  });

  it('does not grow with the findings of a shape that says little', () => {
    const empty = SHAPES.find(({ name }) => name === 'nothing found');
    expect(Buffer.byteLength(renderHtml(empty?.view('ja') ?? golden.view('ja'), 'small'))).toBeLessThan(
      100_000,
    );
  });
});
