/** A reader of the report: the system's Chromium, and everything that the page does beyond being shown. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { CHROMIUM } from '../hostile/browser.ts';

export const DESKTOP = { width: 1440, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;

export interface Reader {
  /** Shows a page from a file, as a reader has it, and calls `read`. Returns what `read` found and all misdeeds of the page. */
  readonly show: <T>(
    html: string,
    how: BrowserContextOptions,
    read: (page: Page, context: BrowserContext) => Promise<T>,
    /** Called before the page is shown. */
    prepare?: (page: Page) => Promise<void>,
  ) => Promise<{ readonly found: T; readonly misdeeds: readonly string[] }>;
  readonly folder: string;
  readonly close: () => Promise<void>;
}

export async function openReader(): Promise<Reader> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      // Whatever asks for a host asks nobody.
      '--host-resolver-rules=MAP * ~NOTFOUND',
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-browser-'));
  return {
    folder,
    show: (html, how, read, prepare) =>
      show(browser, join(folder, 'report.html'), { html, how, read, prepare }),
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function show<T>(
  browser: Browser,
  file: string,
  {
    html,
    how,
    read,
    prepare,
  }: {
    html: string;
    how: BrowserContextOptions;
    read: (page: Page, context: BrowserContext) => Promise<T>;
    prepare: ((page: Page) => Promise<void>) | undefined;
  },
): Promise<{ found: T; misdeeds: string[] }> {
  writeFileSync(file, html);
  const address = pathToFileURL(file).href;
  const misdeeds: string[] = [];
  const context = await browser.newContext(how);
  try {
    const page = await context.newPage();
    page.on('dialog', (dialog) => {
      misdeeds.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => undefined);
    });
    // A violation of the page's own policy is told on the console.
    page.on('console', (message) => misdeeds.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
    page.on('popup', (popup) => misdeeds.push(`window: ${popup.url()}`));
    page.on('framenavigated', (frame) => {
      if (!frame.url().startsWith(address)) misdeeds.push(`navigation: ${frame.url()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(address)) misdeeds.push(`request: ${request.url().slice(0, 200)}`);
    });
    await prepare?.(page);
    await page.goto(address);
    return { found: await read(page, context), misdeeds };
  } finally {
    await context.close();
  }
}
