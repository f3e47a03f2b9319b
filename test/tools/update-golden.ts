/** `npm run golden`: writes reports/sample/ anew from the golden run, and with Chromium installed the pictures of the README. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { runGolden, sampleFiles } from '../golden/golden.ts';

const folder = new URL('../../reports/sample/', import.meta.url).pathname;
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

mkdirSync(folder, { recursive: true });
for (const [name, content] of sampleFiles(await runGolden())) writeFileSync(`${folder}${name}`, content);
if (existsSync(executablePath)) await takePictures();
else process.stderr.write(`no ${executablePath}: the pictures are left as they are\n`);

/** As a reader without JavaScript has them. */
async function takePictures(): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const name of ['small.ja', 'small.en', 'director.en'])
      await takePicture(browser, name, name, 'body');
    await takePicture(browser, 'full.en', 'timeline.en', '#plot-lifelines');
  } finally {
    await browser.close();
  }
}

async function takePicture(browser: Browser, page: string, picture: string, part: string): Promise<void> {
  const tab = await browser.newPage({ viewport: { width: 860, height: 600 }, javaScriptEnabled: false });
  if (part !== 'body') await tab.setViewportSize({ width: 1240, height: 900 });
  await tab.goto(pathToFileURL(`${folder}${page}.html`).href);
  await tab.locator(part).screenshot({ path: `${folder}${picture}.png` });
  await tab.close();
}
