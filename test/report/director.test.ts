import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/model/answers.ts';
import type { RunSummary } from '../../src/model/history.ts';
import type { Exposure, Service } from '../../src/model/service.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { renderMarkdown, renderText } from '../../src/report/text.ts';
import { buildView } from '../../src/report/view.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import type { DirectorView } from '../../src/report/view-model-pages.ts';
import { makeContext } from '../../src/report/view/context.ts';
import { logDays, logPeriod, openSince, openSinceNotice } from '../../src/report/view/numbers.ts';
import { coverage, finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { passive } from './fixture-rescue.ts';
import { evidence, many, nothing } from './fixture-runs.ts';

interface More {
  readonly answers?: Answers;
  readonly history?: readonly RunSummary[];
  readonly lang?: 'ja' | 'en';
}

function view(of: Snapshot, { lang = 'ja', ...more }: More = {}): ReportView {
  return buildView({ snapshot: of, knowledge, evidence, lang, ...more });
}
const sheet = (of: Snapshot, more: More = {}): DirectorView => view(of, more).director;

/** What a reader sees of the page. */
function readable(html: string): string {
  return html
    .slice(html.indexOf('<main'), html.indexOf('</main>'))
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function summary(extra: Partial<RunSummary>): RunSummary {
  return {
    runId: snapshot.previousRun?.runId ?? '',
    endedAt: '2026-11-13T00:30:00Z',
    vantage: '東京',
    complete: true,
    passive: false,
    blind: false,
    services: 9,
    priorities: { P1: 1, P2: 0, P3: 0, P4: 0 },
    doors: {},
    recordedDoors: {},
    changes: {},
    ...extra,
  };
}

const span = (from: string, to: string): Exposure['spans'][number] => ({
  from,
  to,
  sources: ['probe'],
  looks: 2,
});
const rdp = (exposure: Exposure): Service => service('203.0.113.10', 3389, 'rdp', { exposure });
const context = (of: Service, answers: Answers = {}, siteId = 'hq'): ReturnType<typeof makeContext> =>
  makeContext({
    snapshot: { ...snapshot, services: [of], findings: [{ ...finding(of, 'B-07'), siteId }] },
    knowledge,
    evidence,
    lang: 'ja',
    answers,
  });

describe('report/numbers', () => {
  const whole: Exposure = {
    first: '2026-01-10T00:00:00Z',
    last: '2026-11-20T00:04:11Z',
    spans: [
      span('2026-01-10T00:00:00Z', '2026-02-01T00:00:00Z'),
      span('2026-05-01T00:00:00Z', '2026-11-20T00:04:11Z'),
    ],
    shut: [],
  };

  it('counts from the oldest open look of anybody in the span that reaches to now', () => {
    const of = rdp(whole);
    expect(openSince(context(of), finding(of, 'B-07'), of)).toBe('2026-05-01T00:00:00Z');
  });

  it('does not call open what was found shut since', () => {
    const of = rdp({ ...whole, shut: [{ at: '2026-11-20T00:10:00Z', source: 'probe', status: 'closed' }] });
    expect(openSince(context(of), finding(of, 'B-07'), of)).toBeUndefined();
  });

  it('begins with the notice when the door was open before it, and with the door when it opened later', () => {
    const of = rdp(whole);
    const exploited = (kevAdded: string): ReturnType<typeof finding> =>
      finding(of, 'B-07', {
        exploited: [
          { cve: 'CVE-2026-1', grade: 'confirmed', kevAdded, ransomware: false, fixed: [], source: 'vendor' },
        ],
      });
    expect(openSinceNotice(context(of), exploited('2026-07-01'), of)).toBe('2026-07-01');
    expect(openSinceNotice(context(of), exploited('2026-03-01'), of)).toBe('2026-05-01T00:00:00Z');
    expect(openSinceNotice(context(of), finding(of, 'B-07'), of)).toBeUndefined();
  });

  it('asks for logs from the oldest look of anybody, a closed span included', () => {
    const of = rdp(whole);
    expect(logPeriod(finding(of, 'B-07'), of)).toEqual({ from: whole.first, to: whole.last });
    const text = JSON.stringify(
      view({ ...snapshot, services: [of], findings: [finding(of, 'B-07', { priority: 'P1' })] }).findings,
    );
    expect(text).toContain('見る期間：少なくとも2026年1月10日（土）から2026年11月20日（金）まで');
  });

  it('takes the days of logs from the answers for the door, else for its site, and of two the fewer', () => {
    const of = rdp(whole);
    const days = (answers: Answers, siteId = 'hq'): number | undefined => {
      const made = context(of, answers, siteId);
      return logDays(made, made.findings[0] ?? finding(of, 'B-07'));
    };
    expect(days({})).toBeUndefined();
    expect(
      days({ findings: { 'B-07': { logs: { days: 14 } } }, sites: { hq: { logs: { days: 90 } } } }),
    ).toBe(14);
    expect(days({ findings: { 'B-07': { purpose: 'x' } }, sites: { hq: { logs: { days: 90 } } } })).toBe(90);
    expect(days({ findings: { 'B-07': { logs: { days: 90, oldest: '2026-11-10' } } } })).toBe(10);
    expect(days({ sites: {} }, 'constructor')).toBeUndefined();
    expect(days({ findings: { 'B-07': { logs: { days: 0 } } } })).toBe(0);
  });
});

describe('report/director', () => {
  it('sets days open and days of logs side by side, and asks for what nobody has told', () => {
    const unknown = sheet(snapshot);
    expect(unknown.pair.map(({ value }) => value)).toEqual(['2', undefined]);
    expect(unknown.said).toBe('公表の後も 2 日開いていて、記録は不明。');
    expect(unknown.ask).toContain('answers.yaml');
    const told = sheet(snapshot, { answers: { findings: { 'B-02': { logs: { days: 14 } } } } });
    expect(told.said).toBe('公表の後も 2 日開いていて、記録は 14 日分。');
    expect(told.ask).toBeUndefined();
    expect(told.pair[1]?.note).toContain('のうち 1 について回答あり');
  });

  it('tells how many more to act on there are than in the run before, when that run is known', () => {
    const note = (history: readonly RunSummary[]): string | undefined =>
      sheet(snapshot, { history }).numbers[1]?.note;
    expect(note([summary({})])).toBe('前回より 1 増');
    expect(note([summary({ priorities: { P1: 5, P2: 0, P3: 0, P4: 0 } })])).toBe('前回より 3 減');
    expect(note([summary({ priorities: { P1: 2, P2: 0, P3: 0, P4: 0 } })])).toBe('前回と同じ');
    expect(note([summary({ blind: true })])).toBe('前回との差は不明');
    expect(note([summary({ runId: 'another' })])).toBe('前回との差は不明');
  });

  it('asks for decisions with days, and takes up what has been answered', () => {
    const kinds = (answers: Answers): string[] =>
      sheet(snapshot, { answers }).decisions.map(({ kind, text }) => `${kind} ${text}`);
    const open = sheet(snapshot).decisions;
    expect(open.map(({ kind }) => kind)).toEqual(['相談する', '止める', '払う', '払う', '払う']);
    for (const { by } of open) expect(by).toMatch(/月\d+日（.+）$/);
    expect(open[1]?.sub).toContain('未記入');
    const answered = kinds({ findings: { 'B-07': { 'may-close': 'no', 'closing-decided-by': '営業部長' } } });
    expect(answered).toContain('止める 止めるか、相手を限ってよいか（1 件）：B-02');
    expect(answered).toContain('止める 止められないなら、代わりの守り方（1 件）：B-07');
    const asked = kinds({ findings: { 'B-07': { 'may-close': 'unknown' } } });
    expect(asked[1]).toContain('B-02、B-07');
    const told = sheet(snapshot, {
      answers: { management: { decides: '専務', 'may-tell': 'yes' } },
    }).decisions;
    expect(told[0]?.text).toContain('了承済み');
    expect(told[1]?.sub).toContain('専務');
    expect(kinds({ management: { 'may-tell': 'no' } })[0]).toContain('社外に伝えてよいか');
  });

  it('puts misuse before everything, and does not ask to simply stop it', () => {
    const box = service('203.0.113.20', 50050, 'c2-indicator');
    const found = finding(box, 'B-20', {
      priority: 'P1',
      trace: 'T2',
      inputs: inputs(box, { misuse: true }),
    });
    const { conclusion, decisions } = sheet({ ...snapshot, services: [box], findings: [found], changes: [] });
    expect(conclusion).toContain('悪用の兆し');
    expect(decisions.map(({ kind }) => kind)).toEqual(['相談する']);
  });

  it('concludes from what was looked at, and from nothing else', () => {
    expect(sheet(snapshot).conclusion).toContain('2 件');
    expect(sheet(nothing).conclusion).toContain('見えませんでした');
    expect(sheet(nothing).numbers[0]?.value).toBe('0');
    const broken: Snapshot = {
      ...nothing,
      complete: false,
      coverage: [coverage({ state: 'failed', looked: 0, answered: 0 })],
    };
    expect(sheet(broken).conclusion).toContain('何も言えません');
    expect(sheet(broken).numbers[0]?.value).toBeUndefined();
    const records = sheet(passive);
    expect(records.numbers[0]?.value).toBeUndefined();
    expect(records.sites.rows.every((row) => row[1]?.startsWith('記録だけ'))).toBe(true);
    expect(records.limits[0]).toContain('公開の記録だけ');
  });

  it('bounds its tables, and says what it leaves out', () => {
    const { decisions, sites } = sheet({
      ...many(300, 'P1'),
      sites: Array.from({ length: 20 }, (_, index) => ({
        ...(snapshot.sites[0] ?? snapshot.sites[1]!),
        id: `s${index}`,
      })),
    });
    expect(decisions[0]?.text).toMatch(/、ほか \d+$/);
    expect(sites.rows.length).toBeLessThanOrEqual(4);
    expect(sites.more).toMatch(/ほか \d+ か所/);
  });

  it.each(['ja', 'en'] as const)(
    'says the same in every form, names no score and no culprit (%s)',
    (lang) => {
      const made = view(snapshot, { lang });
      const { director } = made;
      const html = readable(renderHtml(made, 'director'));
      const forms = [
        html,
        renderText(made, 'director'),
        renderMarkdown(made, 'director').replaceAll('\\', ''),
      ];
      for (const form of forms) {
        for (const line of [director.conclusion, director.maySource, director.law, ...director.limits])
          expect(form).toContain(line);
        for (const { kind, by } of director.decisions) {
          expect(form).toContain(kind);
          expect(form).toContain(by);
        }
        expect(form).not.toMatch(/undefined|NaN|\[object|\/ ?100|100 ?点/);
      }
    },
  );
});
