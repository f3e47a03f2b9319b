import { describe, expect, it } from 'vitest';
import { describeScan, scanJson } from '../../src/cli/scan-summary.ts';
import type { Finding } from '../../src/model/finding.ts';
import { Snapshot } from '../../src/model/snapshot.ts';
import type { Language } from '../../src/report/dates.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { buildView } from '../../src/report/view.ts';
import { renderWeekly } from '../../src/report/weekly.ts';
import { knowledge, snapshot } from './fixture.ts';
import { evidence } from './fixture-runs.ts';

const LANGUAGES = ['ja', 'en'] as const;
const LIST = {
  catalogVersion: '2026.11.05',
  released: '2026-11-05T17:00:00Z',
  sha256: 'ab'.repeat(32),
  entries: 1467,
};

/** The fixture, judged when its advisory data was so many days old. */
function aged(days: number, more: Partial<Snapshot['tool']> = {}): Snapshot {
  const tool = { ...snapshot.tool, advisoryData: '2026-11-05', advisoryAgeDays: days, ...more };
  return Snapshot.parse({ ...snapshot, tool });
}

function render(of: Snapshot, form: (typeof PEOPLE)[number] | 'json', lang: Language): string {
  if (form === 'weekly')
    return FORMATS.text.render(buildView({ snapshot: of, knowledge, evidence, lang }), 'weekly');
  return FORMATS[form].render(buildView({ snapshot: of, knowledge, evidence, lang }));
}

/** The report as read: without mark-up and without the line breaks that only the page has. */
const plain = (text: string): string =>
  text
    .replace(/<wbr\/?>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\\/g, '')
    .replace(/\s+/g, ' ');

const PEOPLE = ['html', 'markdown', 'text', 'weekly'] as const;
const OLD = { ja: 'その後に悪用が確認された弱点は、ここに出ません', en: 'weaknesses' } as const;

describe('the age of the advisory data', () => {
  it.each(LANGUAGES)('is said aloud at 15 days, with what to do, in every form (%s)', (lang) => {
    for (const form of PEOPLE) {
      const text = plain(render(aged(15), form, lang));
      expect(text, form).toContain('sekisho kb update');
      // A mail is broken where a line is full, also within a Japanese sentence.
      expect(lang === 'ja' ? text.replaceAll(' ', '') : text, form).toContain(OLD[lang]);
      expect(text, form).toContain(lang === 'ja' ? '15 日前' : '15 days old');
    }
  });

  it.each(LANGUAGES)('is no complaint at 14 days, and the date is there all the same (%s)', (lang) => {
    for (const form of PEOPLE) {
      const text = plain(render(aged(14), form, lang));
      expect(text, form).not.toContain('sekisho kb update');
      expect(text, form).toMatch(/2026-11-05|11月5日|5 November/);
    }
    const full = plain(render(aged(14), 'text', lang));
    expect(full).toContain(lang === 'ja' ? '判断した時点で 14 日前' : '14 days old when this was judged');
  });

  it('stands on the first page and among the limits', () => {
    const view = buildView({ snapshot: aged(40), knowledge, evidence, lang: 'en' });
    expect(view.cover.health.text).toContain('It was 40 days old when this was judged');
    expect(view.limits.cannot[0]).toBe(
      'Weaknesses first listed as used in attacks after Thu 5 November 2026: the list used was 40 days old.',
    );
    expect(view.limits.cannot).toHaveLength(
      1 + buildView({ snapshot, knowledge, evidence, lang: 'en' }).limits.cannot.length,
    );
  });

  it('is in the mail also when nothing else is', () => {
    const quiet = { ...aged(15), changes: [] };
    for (const lang of LANGUAGES) {
      const { body } = renderWeekly(buildView({ snapshot: quiet, knowledge, evidence, lang }));
      expect(body).toContain('sekisho kb update');
      expect(
        renderWeekly(buildView({ snapshot: { ...aged(14), changes: [] }, knowledge, evidence, lang })).body,
      ).not.toContain('kb update');
    }
  });

  it('names the list that was taken over', () => {
    for (const lang of LANGUAGES) {
      const text = plain(render(aged(1, { advisoryList: LIST }), 'text', lang));
      expect(text).toContain('2026.11.05');
      expect(text).toContain(LIST.sha256);
      expect(text).toMatch(/1,467/);
    }
  });

  it('is in the JSON form, as date, days and list', () => {
    expect(JSON.parse(render(aged(15, { advisoryList: LIST }), 'json', 'ja'))).toMatchObject({
      tool: { advisoryData: '2026-11-05', advisoryAgeDays: 15, advisoryList: LIST },
    });
  });

  it('is a line of the scan on stderr, and a value of its JSON line', () => {
    const problems = { corruptCount: 0, corruptLines: [], tornBytes: 0, unknownKinds: {} };
    expect(describeScan(aged(15), [], problems)).toMatch(/of 2026-11-05, 15 days old.*sekisho kb update/);
    expect(describeScan(aged(14), [], problems)).not.toContain('kb update');
    const run = { organisation: 'x', runId: 'x', directory: 'x', journalPath: 'x', snapshotPath: 'x' };
    expect(JSON.parse(scanJson(aged(15), run, []))).toMatchObject({
      advisoryData: { date: '2026-11-05', ageDays: 15, stale: true },
    });
  });
});

describe('what is public about a weakness and a product', () => {
  const report = {
    who: 'a China-nexus espionage actor (UNC5221)',
    date: '2025-04-03',
    source: 'Mandiant, blog post',
  };
  const guide = {
    ja: '整合性チェックツール（ICT）',
    en: 'Integrity Checker Tool (ICT)',
    url: 'https://example.com/ict',
    publisher: 'Example Corp.',
    date: '2026-01-02',
  };

  /** The most urgent finding with something known of its product. */
  function known(given: Partial<Finding>, reports = [report]): Snapshot {
    const exploited = [
      {
        cve: 'CVE-2025-22457',
        grade: 'product-matches' as const,
        kevAdded: '2025-04-04',
        ransomware: false,
        fixed: [],
        source: 'vendor',
        ...(reports.length === 0 ? {} : { usedBy: reports }),
      },
    ];
    return {
      ...snapshot,
      findings: snapshot.findings.map((one) =>
        one.spokenId === 'B-02' ? { ...one, exploited, ...given } : one,
      ),
    };
  }

  it('quotes who is reported to have used it, with source and date, and attributes nothing', () => {
    expect(plain(render(known({}), 'text', 'en'))).toContain(
      'Publicly reported use by a China-nexus espionage actor (UNC5221) (Mandiant, blog post, 2025-04-03). Such reports are about other places.'.slice(
        0,
        99,
      ),
    );
    expect(plain(render(known({}), 'text', 'en'))).toContain(
      'They do not say that anyone has entered here, nor who.',
    );
    const ja = plain(render(known({}), 'text', 'ja'));
    expect(ja).toContain(
      '公表された報告では、「a China-nexus espionage actor (UNC5221)」による悪用とされる（Mandiant, blog post、2025-04-03）。',
    );
    expect(ja).toContain('ここに入られたことも、誰によるものかも示しません。');
    for (const lang of LANGUAGES) {
      const none = plain(render(known({}, []), 'text', lang));
      expect(none).not.toMatch(/reported use|公表された報告では/);
      expect(none).not.toMatch(/about other places|ほかの組織での利用/);
    }
  });

  it('makes no day of a month', () => {
    const month = [{ ...report, date: '2024-01' }];
    expect(plain(render(known({}, month), 'text', 'en'))).toContain('(Mandiant, blog post, 2024-01).');
    expect(plain(render(known({}, month), 'text', 'ja'))).toContain('（Mandiant, blog post、2024-01）');
  });

  it('shows three reports of one weakness and counts the rest', () => {
    const many = Array.from({ length: 5 }, (_, n) => ({ ...report, who: `actor ${n}` }));
    const text = plain(render(known({}, many), 'text', 'en'));
    expect(text).toContain('actor 2');
    expect(text).not.toContain('actor 3');
    expect(text).toContain('2 more such reports');
  });

  it('points to the guide of the maker, recording first', () => {
    const of = known({ guides: [guide], trace: 'T2' });
    expect(plain(render(of, 'text', 'en'))).toContain(
      'Integrity Checker Tool (ICT) (Example Corp., 2026-01-02): https://example.com/ict',
    );
    expect(plain(render(of, 'text', 'en'))).toContain('do part 5 first');
    expect(plain(render(of, 'text', 'ja'))).toContain(
      '整合性チェックツール（ICT）（Example Corp.、2026-01-02）：https://example.com/ict',
    );
    expect(plain(render(known({ guides: [guide], trace: 'T0' }), 'text', 'en'))).not.toContain(
      'restart the device or change it',
    );
    // Text, not a link: the page opens offline and leads nowhere.
    expect(render(of, 'html', 'en')).not.toContain('href="https://example.com');
    expect(render(of, 'html', 'en')).toContain('example.com');
  });

  it('shows what a public record names and the list has, as not verified', () => {
    const of = known({ listed: [{ cve: 'CVE-2026-33333', kevAdded: '2026-10-10', ransomware: false }] });
    expect(plain(render(of, 'text', 'en'))).toMatch(/in KEV; not verified.*CVE-2026-33333 \(2026-10-10\)/);
    expect(plain(render(of, 'text', 'ja'))).toContain('CVE-2026-33333（2026-10-10）');
  });
});
