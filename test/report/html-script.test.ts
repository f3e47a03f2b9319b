/** The script of the page in a real browser, under the page's own policy. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render.tsx';
import { buildView } from '../../src/report/view.ts';
import { CHROMIUM } from '../hostile/browser.ts';
import { knowledge } from './fixture.ts';
import { evidence, many } from './fixture-runs.ts';

const RUN = many(40);
const folder = mkdtempSync(join(tmpdir(), 'sekisho-page-'));
const file = join(folder, 'report.html');
const address = pathToFileURL(file).href;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) return;
  writeFileSync(file, renderHtml(buildView({ snapshot: RUN, knowledge, evidence, lang: 'en' })));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}, 30_000);

afterAll(async () => {
  if (existsSync(CHROMIUM)) await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the reader did is in `read`; what the page should not have done is an error. */
async function open<T>(
  read: (page: Page) => Promise<T>,
  how: BrowserContextOptions = {},
  hash = '',
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...how });
  const faults: string[] = [];
  try {
    const page = await context.newPage();
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${address}${hash}`);
    const found = await read(page);
    expect(faults).toEqual([]);
    return found;
  } finally {
    await context.close();
  }
}

const ARTICLES = 'article.finding:visible';

describe.skipIf(!existsSync(CHROMIUM))('the page with JavaScript', () => {
  it('filters findings, counts what it hides, and clears with Escape', () =>
    open(async (page) => {
      const field = page.locator('.findings input[type=search]');
      const before = await page.locator(ARTICLES).count();
      await field.fill('１００8');
      await page.waitForFunction(
        () => document.querySelectorAll('article.finding:not(.sifted)').length === 1,
      );
      expect(await page.locator(ARTICLES).innerText()).toContain('B-9 ');
      expect(await page.locator('.findings .count').innerText()).toMatch(
        /^1 of 40 shown\. 39 hidden by the filter\. Paper always gets all of them\.$/,
      );
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator(ARTICLES).count()).toBe(before);
      await page.emulateMedia({ media: 'screen' });
      await field.press('Escape');
      expect(await page.locator(ARTICLES).count()).toBe(before);
      expect(await field.inputValue()).toBe('');
    }));

  it('shows and hides findings by priority', () =>
    open(async (page) => {
      const urgent = page.getByRole('button', { name: '▲ Act now' });
      await urgent.click();
      expect(await urgent.getAttribute('aria-pressed')).toBe('false');
      expect(await page.locator('article.finding[data-p=P1]:visible').count()).toBe(0);
      expect(await page.locator('article.finding[data-p=P2]:visible').count()).toBe(10);
      await page.locator('.findings').getByRole('button', { name: 'Clear' }).click();
      expect(await page.locator('article.finding[data-p=P1]:visible').count()).toBe(10);
    }));

  it('sorts a table by addresses as numbers, down, and back', () =>
    open(async (page) => {
      const places = (): Promise<string[]> =>
        page.locator('table.doors tbody tr td:nth-child(2)').allInnerTexts();
      const printed = await places();
      const head = page.locator('table.doors thead th').nth(1);
      const numbers = (texts: readonly string[]): number[] =>
        texts.map((text) => Number(/\.(\d+)\n/.exec(text)?.[1]));
      await head.getByRole('button').press('Enter');
      expect(await head.getAttribute('aria-sort')).toBe('ascending');
      const up = await places();
      const sites = up.map((text) => text.split('\n')[0] ?? '');
      expect(sites).toEqual(sites.toSorted());
      const first = numbers(up.filter((text) => text.startsWith(sites[0] ?? '')));
      expect(first).toEqual(first.toSorted((a, b) => a - b));
      expect(new Set(first.map((one) => `${one}`.length)).size).toBe(2);
      await head.getByRole('button').press('Enter');
      expect(await head.getAttribute('aria-sort')).toBe('descending');
      await head.getByRole('button').press('Enter');
      expect(await head.getAttribute('aria-sort')).toBeNull();
      expect(await places()).toEqual(printed);
    }));

  it('sorts by urgency, most urgent first', () =>
    open(async (page) => {
      const rows = page.locator('table.doors tbody tr');
      await page.locator('table.doors thead th').nth(1).getByRole('button').click();
      await page.locator('table.doors thead th').nth(0).getByRole('button').click();
      const marks = await rows
        .locator('th')
        .evaluateAll((all) => all.map((one) => one.dataset['sort'] ?? ''));
      expect(marks.length).toBeGreaterThan(10);
      expect(marks).toEqual(marks.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })));
    }));

  it('opens what a link leads to, filtered or not, and all at once', () =>
    open(async (page) => {
      const closed = page.locator('article.finding:has(> details:not([open]))').last();
      const id = (await closed.getAttribute('id')) ?? '';
      await page.locator('.findings input[type=search]').fill('zzzz');
      await page.waitForFunction(
        () => document.querySelectorAll('article.finding:not(.sifted)').length === 0,
      );
      await page.evaluate((to) => {
        location.hash = to;
      }, id);
      await page.waitForFunction(
        (to) => document.querySelector(`#${to} > details`)?.hasAttribute('open'),
        id,
      );
      expect(await page.locator(`#${id}`).isVisible()).toBe(true);
      const top = await page.locator(`#${id}`).evaluate((one) => one.getBoundingClientRect().top);
      expect(Math.abs(top)).toBeLessThan(60);
      await page.locator('.findings').getByRole('button', { name: 'Open all' }).click();
      expect(await page.locator('article.finding > details:not([open])').count()).toBe(0);
      await page.locator('.findings').getByRole('button', { name: 'Close all' }).click();
      expect(await page.locator('article.finding > details[open]').count()).toBe(0);
    }));

  it('copies commands, and links to findings', () =>
    open(
      async (page) => {
        const heard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
        const first = page.locator('article.finding').first();
        await first.getByRole('button', { name: 'Copy link to this finding' }).click();
        await page.getByRole('button', { name: 'Copied.' }).waitFor();
        expect(await heard()).toBe(`${address}#${await first.getAttribute('id')}`);
        await first.getByText('Verify and undo').click();
        await first.getByRole('button', { name: /^Copy: sekisho recheck/ }).click();
        await page.waitForFunction(() => document.querySelector('.said')?.textContent === 'Copied.');
        expect(await heard()).toMatch(/^sekisho recheck B-\d+ ORG\.yaml$/);
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ));

  it('has keys, which can be switched off and never act while somebody types', () =>
    open(async (page) => {
      const at = (): Promise<string | undefined> =>
        page.evaluate(() => document.activeElement?.closest('article.finding')?.id);
      const ids = await page.locator('article.finding').evaluateAll((all) => all.map(({ id }) => id));
      await page.keyboard.press('j');
      expect(await at()).toBe(ids[0]);
      await page.keyboard.press('j');
      expect(await at()).toBe(ids[1]);
      await page.keyboard.press('k');
      expect(await at()).toBe(ids[0]);
      const fold = page.locator('article.finding > details').first();
      const was = await fold.evaluate((one: HTMLDetailsElement) => one.open);
      await page.keyboard.press('o');
      expect(await fold.evaluate((one: HTMLDetailsElement) => one.open)).toBe(!was);
      await page.keyboard.press('Control+j');
      expect(await at()).toBe(ids[0]);
      await page.keyboard.press('/');
      await page.keyboard.type('jk?');
      expect(await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.value)).toBe(
        'jk?',
      );
      await page.keyboard.press('Escape');
      await page.locator('article.finding summary').first().focus();
      await page.keyboard.press('?');
      await page.locator('dialog[open]').waitFor();
      await page.getByRole('checkbox', { name: 'Use single keys' }).uncheck();
      await page.keyboard.press('Escape');
      expect(await page.locator('dialog[open]').count()).toBe(0);
      await page.locator('article.finding summary').first().focus();
      await page.keyboard.press('j');
      expect(await at()).toBe(ids[0]);
    }));

  it('takes its colours from the device or from the button', () =>
    open(
      async (page) => {
        const paper = (): Promise<string> =>
          page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const press = page.getByRole('button', { name: /^Colours:/ });
        expect(await paper()).toBe('rgb(18, 22, 26)');
        await press.click();
        expect(await paper()).toBe('rgb(255, 255, 255)');
        await press.click();
        expect([await press.innerText(), await paper()]).toEqual(['Colours: dark', 'rgb(18, 22, 26)']);
        await page.emulateMedia({ media: 'print' });
        expect(await paper()).toBe('rgb(255, 255, 255)');
        await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
        expect(await paper()).toBe('rgb(18, 22, 26)');
        await press.click();
        expect(await paper()).toBe('rgb(255, 255, 255)');
      },
      { colorScheme: 'dark' },
    ));

  it('gives the bytes as they are, under its own policy', () =>
    open(async (page) => {
      await page.locator('.appendix summary').first().click();
      const link = page.locator('.appendix .evidence').first().locator('a[download]').last();
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toBe('E-1-received.bin');
      const bytes = readFileSync(await download.path());
      const shown = await page
        .locator('.appendix .evidence')
        .first()
        .locator('[data-copy]')
        .last()
        .innerText();
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(shown);
    }));

  it('has a choice to sort by where the heads of tables are gone', () =>
    open(
      async (page) => {
        const choice = page.locator('.sort-bar select').first();
        const rows = page.locator('table.doors tbody tr th');
        const before = await rows.allInnerTexts();
        await choice.selectOption({ index: 2 });
        expect(await rows.allInnerTexts()).not.toEqual(before);
        await choice.selectOption({ index: 0 });
        expect(await rows.allInnerTexts()).toEqual(before);
        expect(await page.locator('table.doors .sorter:visible').count()).toBe(0);
        // A row is a block here, and hidden all the same.
        await page.locator('.findings input[type=search]').fill('zzzz');
        await page.waitForFunction(
          () => document.querySelectorAll('article.finding:not(.sifted)').length === 0,
        );
        expect(await page.locator('.findings tbody tr:visible').count()).toBe(0);
      },
      { viewport: { width: 390, height: 844 } },
    ));
});

describe.skipIf(!existsSync(CHROMIUM))('the page without JavaScript', () => {
  const without = { javaScriptEnabled: false } as const;

  it('has no control that would do nothing', () =>
    open(async (page) => {
      expect(await page.locator('button, input, select, dialog').count()).toBe(0);
    }, without));

  it('opens the finding that a link leads to', async () => {
    const id = await open(
      async (page) => (await page.locator('article.finding').last().getAttribute('id')) ?? '',
      without,
    );
    await open(
      async (page) => {
        const body = page.locator(`#${id} .finding-body .part`).first();
        expect(await body.isVisible()).toBe(true);
        expect(
          await page.locator('article.finding:nth-last-child(3) .finding-body .part').first().isVisible(),
        ).toBe(false);
      },
      without,
      `#${id}`,
    );
  });
});
