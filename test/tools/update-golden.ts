/** `npm run golden`: writes reports/sample/ anew from the golden run, and with Chromium installed the picture of the README. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { runGolden, sampleFiles } from '../golden/golden.ts';

const folder = new URL('../../reports/sample/', import.meta.url).pathname;
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

mkdirSync(folder, { recursive: true });
for (const [name, content] of sampleFiles(await runGolden())) writeFileSync(`${folder}${name}`, content);
if (existsSync(executablePath)) await takePicture();
else process.stderr.write(`no ${executablePath}: report.png is left as it is\n`);

async function takePicture(): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1240, height: 1180 }, javaScriptEnabled: false });
  await page.goto(pathToFileURL(`${folder}report.en.html`).href);
  await page.screenshot({ path: `${folder}report.png` });
  await browser.close();
}
