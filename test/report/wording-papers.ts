/** Everything that the report writes for people, as lines of plain text: every view and form, in both languages, of runs of every shape. */
import { answersTemplate } from '../../src/report/answers-template.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { filesOf } from '../../src/report/share/files.ts';
import { renderIndex } from '../../src/report/index-page/index-page.tsx';
import { recheckText } from '../../src/report/recheck-text.ts';
import type { SheetView } from '../../src/report/view-model-sections.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import { buildView } from '../../src/report/view.ts';
import { VIEW_NAMES, type ViewName } from '../../src/report/views.ts';
import { goldenShape, SHAPES, type Lang, type Shape } from '../browser/shapes.ts';
import { runGolden, type Golden } from '../golden/golden.ts';
import { answers } from './fixture-answers.ts';
import { evidence } from './fixture-runs.ts';
import { knowledge, snapshot } from './fixture.ts';
import { bundleOf } from './share/golden-bundles.ts';

export interface Paper {
  /** "golden, small.html" */
  readonly name: string;
  readonly lang: Lang;
  /** Absent: not a view of the report. */
  readonly view?: ViewName;
  readonly lines: readonly string[];
  /** Strings that came with the data: names, titles, answers. */
  readonly data: readonly string[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};
const INLINE = 'a|abbr|b|bdi|code|em|i|kbd|small|span|strong|time|u|wbr';

/** What a reader of the page sees and hears: texts, and the labels of pictures. */
export function htmlLines(html: string): string[] {
  const body = html
    .replace(/<(style|script|template)\b[^>]*>[\s\S]*?<\/\1>/g, '\n')
    .replace(/<[^>]+\saria-label="([^"]*)"[^>]*>/g, '\n$1\n')
    .replace(/<(?:small|span)[^>]*\bclass="[^"]*\b(?:sub|small|id|mark|word|told|box|blank)\b[^>]*>/g, '\n')
    .replace(new RegExp(`</?(?:${INLINE})\\b[^>]*>`, 'g'), '')
    .replace(/<[^>]+>/g, '\n')
    .replace(/&([a-z]+|#39);/g, (all, name: string) => ENTITIES[name] ?? all);
  return linesOf(body);
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Every string inside, longest first, so that a name is found before its parts. */
export function stringsIn(value: unknown): string[] {
  const found = new Set<string>();
  const walk = (one: unknown): void => {
    if (typeof one === 'string') found.add(one);
    else if (typeof one === 'object' && one !== null) Object.values(one).forEach(walk);
  };
  walk(value);
  return [...found].filter((text) => text.trim().length > 1).toSorted((a, b) => b.length - a.length);
}

function sheetLines(sheet: SheetView): string[] {
  const cells = sheet.rows.flat().flatMap(({ text, sub = [], ticks = [] }) => [text, ...sub, ...ticks]);
  const all = [
    sheet.title,
    sheet.note ?? '',
    ...sheet.columns.map(({ text }) => text),
    ...cells,
    sheet.more ?? '',
  ];
  return all.flatMap(linesOf);
}

function papersOf(shape: Shape, lang: Lang, told: readonly string[]): Paper[] {
  const view: ReportView = shape.view(lang);
  const data = stringsIn([view.snapshot, told]);
  const pages = VIEW_NAMES.flatMap((name) =>
    (['html', 'markdown', 'text'] as const).map((form): Paper => {
      const text: string = FORMATS[form].render(view, name);
      const lines = form === 'html' ? htmlLines(text) : linesOf(text);
      return { name: `${shape.name}, ${name} ${form}`, lang, view: name, lines, data };
    }),
  );
  return [
    ...pages,
    { name: `${shape.name}, csv`, lang, lines: linesOf(FORMATS.csv.render(view)), data },
    { name: `${shape.name}, worksheets`, lang, lines: view.worksheets.flatMap(sheetLines), data },
  ];
}

const answered: Shape = {
  name: 'answered',
  view: (lang) => buildView({ snapshot, knowledge, evidence, lang, answers }),
};

/** Papers in one language; the files of a share are in it, too. */
export async function papers(lang: Lang): Promise<Paper[]> {
  const golden = await runGolden();
  const told = stringsIn([answers, golden.answers]);
  const shapes = [await goldenShape(), answered, ...SHAPES];
  return [...shapes.flatMap((shape) => papersOf(shape, lang, told)), ...others(lang, golden)];
}

function others(lang: Lang, golden: Golden): Paper[] {
  const data = stringsIn([golden.snapshots, golden.answers, snapshot]);
  const shares = (['GREEN', 'AMBER'] as const).map((tlp): Paper => {
    const files = filesOf(bundleOf(golden, { tlp, envelope: 'victim' }));
    const written = files.filter(({ path }) => new RegExp(`[_.]${lang}\\.txt$`).test(path));
    return {
      name: `share ${tlp}`,
      lang,
      data,
      lines: written.flatMap(({ content }) => linesOf(Buffer.from(content).toString('utf8'))),
    };
  });
  const states = ['open', 'closed', 'no-answer', 'not-looked'] as const;
  const rechecks = states.map((state): Paper => {
    const recheck = { spokenId: 'B-07', subject: '203.0.113.10:3389/tcp', at: '2026-11-20T08:05:00Z' };
    const rest = { vantage: '東京', details: [], requests: 2, observations: [], service: undefined };
    return {
      name: `recheck ${state}`,
      lang,
      data,
      lines: recheckText({
        recheck: { ...recheck, ...rest, state },
        service: undefined,
        snapshot,
        knowledge,
        lang,
      }),
    };
  });
  const index = renderIndex({
    lang,
    organisation: { ja: '架空精機株式会社', en: 'Kakuu Seiki K.K.' },
    sites: [],
    timezone: 'Asia/Tokyo',
    tlp: 'AMBER',
    runs: golden.history.map((summary) => ({
      runId: summary.runId,
      summary,
      state: 'read' as const,
      files: ['small.ja.html', 'full.en.html'],
    })),
  });
  const template = answersTemplate({ snapshot, knowledge, evidence: () => [] });
  const [japanese, english] = [/[\u3040-\u30ff\u4e00-\u9fff]/, /^[^\u3040-\u30ff\u4e00-\u9fff]*$/];
  const own = lang === 'ja' ? japanese : english;
  return [
    ...shares,
    ...rechecks,
    { name: 'index', lang, data, lines: htmlLines(index) },
    { name: 'answers template', lang, data, lines: linesOf(template).filter((line) => own.test(line)) },
  ];
}
