/**
 * Text of strangers in every place of a run, every view of it opened in a real browser with JavaScript on: no script runs but the page's own,
 * no dialog, no request, no window, no error.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { buildView } from '../../src/report/view.ts';
import { VIEW_NAMES, type ViewName } from '../../src/report/views.ts';
import { evidence } from '../report/fixture-runs.ts';
import { knowledge } from '../report/fixture.ts';
import { HOSTILE, poisoned } from '../report/poisoned.ts';
import { openReader, type Reader } from './reader.ts';

/** Each calls `owned()`, which this test hears, by another way that a page can be made to run something or ask for something. */
const ATTACKS = [
  '<script>owned()</script>',
  '</script><script>owned()</script>',
  '<svg onload=owned()>',
  '<img src=x onerror=owned()>',
  '"><svg/onload=owned()><"',
  "'><body onload=owned()>",
  '</title><script>owned()</script>',
  '</style><script>owned()</script><style>',
  '</textarea></details></svg><script>owned()</script>',
  '<math><mtext></mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=owned()&gt;">',
  '<a href="javascript:owned()">x</a>',
  'javascript:owned()//',
  '<iframe srcdoc="<script>parent.owned()</script>">',
  '<object data="data:text/html,<script>parent.owned()</script>">',
  '<link rel=stylesheet href=http://192.0.2.1/x.css>',
  '<meta http-equiv=refresh content="0;url=http://192.0.2.1/">',
  '<base href=http://192.0.2.1/>',
  '<form action=http://192.0.2.1/><button autofocus onfocus=owned()>',
  '@import "http://192.0.2.1/x.css";*{background:url(http://192.0.2.1/y)}',
  '";}*{background:url(http://192.0.2.1/z)}/*',
  '\\3c script\\3e owned()\\3c/script\\3e',
  '\u2028owned()\u2029//',
  '${owned()}{{constructor.constructor("owned()")()}}',
  '<template><script>owned()</script></template>',
  '<x onpointerrawupdate=owned() style=animation-name:a onanimationstart=owned()>',
  '<input onfocus=owned() autofocus>',
  '\u202e<script>owned()</script>\u2066',
  '&lt;script&gt;owned()&lt;/script&gt;',
  '\ud83d<script>owned()</script>',
  ' id=s1 class=filter data-sort=1 onclick=owned()',
] as const;

let reader: Reader;
beforeAll(async () => {
  reader = await openReader();
});
afterAll(() => reader.close());

async function open(run: Snapshot, name: ViewName, lang: 'ja' | 'en'): Promise<readonly string[]> {
  const html = renderHtml(buildView({ snapshot: run, knowledge, evidence, lang }), name);
  const ran: string[] = [];
  // In place before the page is: whatever it runs is heard.
  const listen = async (page: Page): Promise<void> => {
    await page.exposeFunction('owned', () => ran.push('owned() was called'));
  };
  const look = async (page: Page): Promise<readonly string[]> => {
    await page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true;
      for (const one of document.querySelectorAll<HTMLElement>('main button')) one.click();
    });
    const field = page.locator('input[type=search]').first();
    if ((await field.count()) > 0) await field.fill('<img src=x onerror=owned()>');
    await page.waitForTimeout(50);
    const strange = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter(
          (one) =>
            one.matches('iframe, object, embed, form, base, img, link, a[href^="javascript:" i]') ||
            [...one.attributes].some((attribute) => attribute.name.startsWith('on')),
        )
        .map((one) => one.outerHTML.slice(0, 120)),
    );
    const scripts = await page.locator('script').count();
    return [...ran, ...strange, ...(scripts > 1 ? [`${scripts} scripts`] : [])];
  };
  const { found, misdeeds } = await reader.show(html, { acceptDownloads: false }, look, listen);
  return [...found, ...misdeeds];
}

describe.each(VIEW_NAMES)('hostile text in the view "%s"', (name) => {
  it.each([...ATTACKS, ...HOSTILE].map((text) => ({ text, shown: JSON.stringify(text).slice(0, 60) })))(
    'is text: $shown',
    async ({ text }) => {
      expect(await open(poisoned(text), name, 'ja')).toEqual([]);
    },
  );

  it('is text in English too, a megabyte of it as well', async () => {
    expect(await open(poisoned(ATTACKS.join(' ')), name, 'en')).toEqual([]);
    expect(await open(poisoned('<i onclick=owned()>'.repeat(50_000)), name, 'en')).toEqual([]);
  });
});

describe('the battery itself', () => {
  it('hears a script that runs, a request and an element with a handler', async () => {
    const bad =
      '<!doctype html><title>x</title><main><img src="http://192.0.2.1/x" onerror="console.log(1)"></main>';
    const { misdeeds } = await reader.show(bad, {}, (page) => page.waitForTimeout(200));
    expect(misdeeds.join('\n')).toMatch(/request: http:\/\/192\.0\.2\.1/);
    expect(misdeeds.join('\n')).toMatch(/console: /);
  });
});
