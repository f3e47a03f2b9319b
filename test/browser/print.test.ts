/** On paper: A4, every character there, the page numbered, the one-page views one page. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.tsx';
import { VIEW_NAMES, type ViewName } from '../../src/report/views.ts';
import { DESKTOP, openReader, type Reader } from './reader.ts';
import { goldenShape, SHAPES, type Lang, type Shape } from './shapes.ts';

const LANGUAGES: readonly Lang[] = ['ja', 'en'];
const ONE_PAGE: readonly ViewName[] = ['small', 'director'];

let reader: Reader;
let golden: Shape;
beforeAll(async () => {
  reader = await openReader();
  golden = await goldenShape();
});
afterAll(() => reader.close());

interface Printed {
  /** Text of each sheet. */
  readonly sheets: readonly string[];
  /** What the page shows on a screen under the print style, folded parts opened as paper opens them. */
  readonly text: string;
  /** Rows, actions and the like that paper may cut in two. */
  readonly cut: readonly string[];
}

async function print(html: string): Promise<Printed> {
  const { found } = await reader.show(html, { viewport: DESKTOP }, async (page) => {
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false });
    await page.emulateMedia({ media: 'print' });
    const text = await page.evaluate(() => document.body.innerText);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('tr, .action')]
        .filter((one) => getComputedStyle(one).breakInside !== 'avoid')
        .slice(0, 5)
        .map((one) => `${one.tagName} ${(one.textContent ?? '').slice(0, 60)}`),
    );
    return { pdf, text, cut };
  });
  const file = join(reader.folder, 'report.pdf');
  writeFileSync(file, found.pdf);
  const sheets = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\f')
    .slice(0, -1);
  return { sheets, text: found.text, cut: found.cut };
}

const JAPANESE = /[\u3041-\u30ff\u4e00-\u9fff]/gu;

describe.each(VIEW_NAMES)('the view "%s" on paper', (name) => {
  it.each(LANGUAGES)('loses no character, numbers its sheets and cuts no row (%s)', async (lang) => {
    const view = golden.view(lang);
    const { sheets, text, cut } = await print(renderHtml(view, name));
    const all = sheets.join('\n');
    const lost = [...new Set(text.match(JAPANESE))].filter((one) => !all.includes(one));
    expect(lost).toEqual([]);
    // Words in a row, as people read them: order and spaces differ between a page and its PDF, sentences do not.
    const flat = all.replace(/\s+/g, '');
    const lead = view.cover.organisation.replace(/\s+/g, '');
    expect(flat).toContain(lead);
    for (const [index, sheet] of sheets.entries()) {
      expect(sheet.replace(/\s+/g, '')).toContain(`${index + 1}/${sheets.length}`);
      expect(sheet.replace(/\s+/g, '')).toContain(view.cover.tlp.replace(/\s+/g, ''));
    }
    expect(cut).toEqual([]);
  });
});

describe.each(ONE_PAGE)('the view "%s"', (name) => {
  it.each(SHAPES)('is one sheet: $name', async (shape) => {
    for (const lang of LANGUAGES) {
      const { sheets } = await print(renderHtml(shape.view(lang), name));
      expect({ lang, sheets: sheets.length }).toEqual({ lang, sheets: 1 });
    }
  });
});
