/**
 * Pictures of a report as a reader sees it, for looking at by eye:
 *
 *     npx tsx test/tools/screenshot.ts REPORT.html OUT-FOLDER [--tile 1600] [--only wide-light,phone-dark] [--tiles 20] [--pdf]
 *
 * Each form is cut into tiles of `--tile` CSS pixels, because one long picture is scaled down until nothing can be read.
 * JavaScript is off and every request but the file itself is refused and counted: a report needs neither.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const FORMS = [
  { name: 'wide-light', width: 1280, colorScheme: 'light' },
  { name: 'wide-dark', width: 1280, colorScheme: 'dark' },
  { name: 'phone-light', width: 390, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, colorScheme: 'dark' },
  // A4 less the margins of the style sheet, at 96 dots per inch.
  { name: 'paper', width: 688, colorScheme: 'light', media: 'print' },
] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tile: { type: 'string', default: '1600' },
    tiles: { type: 'string', default: '20' },
    only: { type: 'string' },
    pdf: { type: 'boolean', default: false },
    chromium: { type: 'string', default: process.env['CHROMIUM'] ?? '/usr/bin/chromium' },
  },
});
const [html, out] = positionals;
if (html === undefined || out === undefined) {
  process.stderr.write('usage: screenshot.ts REPORT.html OUT-FOLDER [--tile 1600] [--only NAMES] [--pdf]\n');
  process.exit(2);
}
const address = pathToFileURL(resolve(html)).href;
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({
  executablePath: values.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const form of FORMS) {
    if (values.only !== undefined && !values.only.split(',').includes(form.name)) continue;
    const context = await browser.newContext({
      viewport: { width: form.width, height: 900 },
      colorScheme: form.colorScheme,
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    const problems: string[] = [];
    await page.route('**', (route) => {
      if (route.request().url() === address) return route.continue();
      problems.push(`request for ${route.request().url()}`);
      return route.abort();
    });
    page.on('console', (message) => problems.push(`console: ${message.text()}`));
    if ('media' in form) await page.emulateMedia({ media: form.media });
    await page.goto(address);
    const picture = await page.locator('body').boundingBox();
    const height = Math.ceil(picture?.height ?? 0);
    const widest = Math.ceil(picture?.width ?? 0);
    const tile = Number(values.tile);
    for (let top = 0, index = 0; top < height && index < Number(values.tiles); top += tile, index += 1) {
      await page.screenshot({
        path: join(out, `${form.name}-${String(index).padStart(2, '0')}.png`),
        fullPage: true,
        clip: { x: 0, y: top, width: form.width, height: Math.min(tile, height - top) },
      });
    }
    process.stdout.write(
      `${form.name}: ${widest}×${height}${problems.map((one) => `\n  ${one}`).join('')}\n`,
    );
    if (values.pdf && form.name === 'wide-light') {
      await page.pdf({ path: join(out, 'report.pdf'), format: 'A4', preferCSSPageSize: true });
    }
    await context.close();
  }
} finally {
  await browser.close();
}
