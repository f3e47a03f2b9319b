import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { escapeMarkdown, renderMarkdown, renderText } from '../../src/report/text.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { buildView } from '../../src/report/view.ts';
import { renderWeekly } from '../../src/report/weekly.ts';
import { knowledge, snapshot } from './fixture.ts';
import { evidence } from './fixture-runs.ts';
import { strictParse } from './strict-parse.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='x",
  '</style><script>x</script>',
  '</title></textarea>-->',
  'evil\u202egnp.exe\u2066\u200f',
  '\u001b[31mred\u001b]0;title\u0007',
  'line\r\nBcc: a@example.com\r\n\r\nbody',
  '`code` **bold** [x](javascript:alert(1)) ![i](http://example.com/i.png)',
  '| cell | </td>',
  '=HYPERLINK("http://example.com","x")',
  '@everyone #1 https://example.com www.example.com',
  '```\n# heading\n~~~',
  '\u0000\u007f\u0085\u2028\u2029\ufeff',
  '\ud800 lone',
  '${process.exit()} {{7*7}} <%= 1 %>',
  'x'.repeat(5000),
];

/** The fixture with a stranger's text wherever the model lets a stranger's or a user's text through. */
function poisoned(text: string): Snapshot {
  return {
    ...snapshot,
    organisation: { ...snapshot.organisation, ja: text, en: text },
    vantage: text,
    tlp: text,
    runId: text,
    maintainer: { name: text, phone: text },
    permission: { by: text, reference: text, validUntil: text },
    exclusions: [text],
    scopeDigest: text,
    tool: {
      version: text,
      knowledge: text,
      advisoryData: text,
      advisoryAgeDays: 99,
      advisoryList: { catalogVersion: text, released: text, sha256: text, entries: 1 },
    },
    sites: snapshot.sites.map((site) => ({
      ...site,
      ja: text,
      en: text,
      kind: text,
      ranges: [text],
      hosts: [text],
      contact: text,
    })),
    coverage: snapshot.coverage.map((one) => ({
      ...one,
      reason: text,
      vantage: text,
      dataDate: text,
      notLooked: [{ what: text, reason: text, count: 1 }],
    })),
    services: snapshot.services.map((one) => ({
      ...one,
      protocol: text,
      label: text,
      names: [text],
      passiveVulns: [text],
      tlsVersions: [text],
      version: { state: 'known', value: text, certainty: 'inferred', how: text },
      candidates: [
        {
          productId: text,
          certainty: 'inferred',
          version: { state: 'unknown' },
          matched: [text],
          observations: [],
        },
      ],
      certificate: {
        sha256: text,
        subject: text,
        issuer: text,
        serial: text,
        names: [text],
        keyType: text,
        selfSigned: false,
      },
      sightings: one.sightings.map((sighting) => ({ ...sighting, vantage: text, file: text })),
      exposure: {
        first: text,
        last: text,
        spans: [{ from: text, to: text, sources: ['nmap'], looks: 1 }],
        shut: [{ at: text, source: 'nmap', status: 'closed' }],
        certificateFrom: text,
      },
      agreements: [{ fact: 'version', values: [{ source: 'nmap', value: text, at: text }] }],
      contradictions: [{ fact: text, values: [{ source: 'shodan', value: text, at: text }] }],
    })),
    candidates: [
      ...(['name', 'address'] as const).map((kind) => ({
        kind,
        value: text,
        found: [{ why: 'certificate' as const, by: text, source: 'shodan' as const, at: text }],
        shows: [text],
      })),
      { kind: 'name', value: `${text}.cloudfront.net`, found: [], shows: [] },
    ],
    assets: ['203.0.113.4', text].map((range) => ({
      range,
      name: text,
      owner: text,
      note: text,
      file: text,
      line: 2,
    })),
    findings: snapshot.findings.map((one) => ({
      ...one,
      spokenId: text,
      row: text,
      modifiers: [text],
      exploited: [
        {
          cve: text,
          grade: 'to-confirm',
          kevAdded: text,
          ransomware: true,
          fixed: [text],
          source: text,
          usedBy: [{ who: text, date: text, source: text }],
        },
      ],
      listed: [{ cve: text, kevAdded: text, ransomware: true }],
      guides: [{ ja: text, en: text, url: text, publisher: text, date: text }],
    })),
    expected: snapshot.expected.map((one) => ({
      ...one,
      owner: text,
      reason: text,
      until: text,
      ticket: text,
    })),
    changes: snapshot.changes.map((one) => ({
      ...one,
      spokenId: text,
      subject: text,
      productId: text,
      ticket: text,
      details: [{ what: text, from: text, to: text }],
    })),
  };
}

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
      for (const name of ['script', 'img', 'iframe', 'textarea']) expect(names).not.toContain(name);
      expect(page.match(/<style>/g)).toHaveLength(1);
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
    expect(new Set(cells).size).toBeLessThan(8);
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
