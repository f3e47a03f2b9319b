import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/** Chromium of the system; a test that needs it is skipped without it. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/**
 * Opens a report as its reader would, with JavaScript on, and tells everything that it did beyond being shown: dialogs,
 * scripts that ran, requests, violations of its own policy, errors.
 */
export async function misdeeds(file: string): Promise<readonly string[]> {
  const found: string[] = [];
  const address = pathToFileURL(file).href;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    page.on('dialog', (dialog) => {
      found.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => undefined);
    });
    page.on('console', (message) => found.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => found.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (request.url() !== address) found.push(`request: ${request.url()}`);
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        console.log(`policy: ${event.violatedDirective} ${event.blockedURI}`),
      );
    });
    await page.goto(address);
    const counts = await page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true;
      return {
        elements: document.querySelectorAll(
          'script:not(body > script), script ~ script, img, iframe, object, embed, form, base, a[href^="javascript:"]',
        ).length,
        handlers: [...document.querySelectorAll('*')].filter((one) =>
          [...one.attributes].some(({ name }) => name.startsWith('on')),
        ).length,
        text: document.body.innerText.length,
      };
    });
    if (counts.elements > 0) found.push(`${counts.elements} elements that a report does not have`);
    if (counts.handlers > 0) found.push(`${counts.handlers} elements with event handlers`);
    if (counts.text < 1000) found.push(`the page shows ${counts.text} characters only`);
    return found;
  } finally {
    await browser.close();
  }
}
