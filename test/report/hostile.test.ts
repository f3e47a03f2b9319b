import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { escapeMarkdown, renderMarkdown, renderText } from '../../src/report/text.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { buildView } from '../../src/report/view.ts';
import { renderWeekly } from '../../src/report/weekly.ts';
import { knowledge } from './fixture.ts';
import { evidence } from './fixture-runs.ts';
import { HOSTILE, poisoned } from './poisoned.ts';
import { strictParse } from './strict-parse.ts';

function view(of: Snapshot, lang: 'ja' | 'en' = 'ja'): ReportView {
  const records = [{ ...evidence('x')[0]!, label: HOSTILE[0] ?? '' }];
  return buildView({ snapshot: of, knowledge, evidence: () => records, lang });
}

/** Characters that move the reading order, ring, clear the screen, or end a line where none should end. */
const CONTROL = new RegExp(
  String.raw`[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]`,
);

describe('report: hostile text', () => {
  it.each(HOSTILE)('cannot leave its place in HTML: %j', (text) => {
    for (const lang of ['ja', 'en'] as const) {
      const page = renderHtml(view(poisoned(text), lang));
      const names = new Set(strictParse(page).map(({ name }) => name));
      for (const name of ['img', 'iframe', 'textarea']) expect(names).not.toContain(name);
      expect(page.match(/<style[\s>]/g)).toHaveLength(1);
      expect(page.match(/<script[\s>]/g)).toHaveLength(1);
      expect(page).not.toMatch(CONTROL);
      expect(page.isWellFormed()).toBe(true);
    }
  });

  it.each(HOSTILE)('cannot add a header or a second line to the subject: %j', (text) => {
    for (const of of [poisoned(text), { ...poisoned(text), changes: [] }]) {
      const { subject, body } = renderWeekly(view(of));
      expect(subject).not.toMatch(/[\r\n]/);
      expect(subject).not.toMatch(CONTROL);
      expect(subject.length).toBeLessThanOrEqual(400);
      expect(body).not.toMatch(CONTROL);
    }
  });

  it.each(HOSTILE)('cannot control a terminal from the text form: %j', (text) => {
    expect(renderText(view(poisoned(text)))).not.toMatch(CONTROL);
  });

  it.each(HOSTILE)('cannot format or link in Markdown: %j', (text) => {
    const lines = renderMarkdown(view(poisoned(text))).split('\n');
    let fence: string | undefined;
    for (const line of lines) {
      if (fence !== undefined) {
        if (line === fence) fence = undefined;
        continue;
      }
      if (/^`{3,}$/.test(line)) {
        fence = line;
        continue;
      }
      expect(line).not.toMatch(/<|(?<!\\)\]\(|(?<!\\):\/\/|(?<!\\)`|www\.[a-z]|@[a-z]/);
      expect(line).not.toMatch(CONTROL);
    }
    expect(fence).toBeUndefined();
  });

  it('keeps the columns of a Markdown table', () => {
    const table = renderMarkdown(view(poisoned('a | b || c \\| d')))
      .split('\n')
      .filter((line) => line.startsWith('| '));
    const cells = table.map((line) => line.replaceAll('\\\\', '').replaceAll('\\|', '').split('|').length);
    expect(table.length).toBeGreaterThan(20);
    for (const [index, count] of cells.entries()) {
      if (index > 0 && table[index]?.startsWith('| ---')) expect(count).toBe(cells[index - 1]);
    }
    expect(new Set(cells).size).toBeLessThan(10);
  });

  it('escapes any text for Markdown into one line without markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const out = escapeMarkdown(text);
        expect(out).not.toMatch(/[<>\n\r]|(?<!\\)(?:\\\\)*[`*_[\]|~$]/);
      }),
    );
  });

  it('renders any text in every form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const made = view(poisoned(text));
        for (const { render } of Object.values(FORMATS)) expect(render(made).length).toBeGreaterThan(0);
        strictParse(renderHtml(made));
      }),
      { numRuns: 25 },
    );
  });
});
