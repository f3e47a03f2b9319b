/** The wording rules of the report, held against all that it writes: rules of words, of honesty, of dates and of language. */
import { beforeAll, describe, expect, it } from 'vitest';
import { messagesFor } from '../../src/report/messages/index.ts';
import { goldenShape, SHAPES, type Lang, type Shape } from '../browser/shapes.ts';
import { knowledge } from './fixture.ts';
import { papers, stringsIn, type Paper } from './wording-papers.ts';

const LANGUAGES = ['ja', 'en'] as const;
const made: Record<Lang, readonly Paper[]> = { ja: [], en: [] };

beforeAll(async () => {
  for (const lang of LANGUAGES) Object.assign(made, { [lang]: await papers(lang) });
}, 60_000);

/** Names of products, desks and logs: written by others, or the same in both languages. */
const NAMES = stringsIn([...knowledge.products.values(), knowledge.contacts, [...knowledge.advice.values()]]);

/** Lines that break a rule, each once, with the paper that it stands on. */
function breaking(lang: Lang, rule: (line: string, paper: Paper) => boolean): string[] {
  const found = new Map<string, string>();
  for (const paper of made[lang])
    for (const line of paper.lines) if (!found.has(line) && rule(line, paper)) found.set(line, paper.name);
  return [...found].slice(0, 12).map(([line, name]) => `${name}: ${line.slice(0, 300)}`);
}

/** The line as it stands breaks the rule, and so does what is left of it without the data. Taking the data out is slow: tried last. */
function matches(rule: RegExp, line: string, paper: Paper, more: readonly string[] = []): boolean {
  return rule.test(line) && rule.test(own(line, paper, more));
}

/** The line without what came with the data. */
function own(line: string, { data }: Paper, more: readonly string[] = []): string {
  let rest = line.replaceAll('\\', '');
  for (const text of [...data, ...more]) if (rest.includes(text)) rest = rest.replaceAll(text, '');
  return rest;
}

/** A row of a hex dump. */
const isBytes = (line: string): boolean => /^[0-9a-f]{4} {2}[0-9a-f]{2} /.test(line);
const isCsv = ({ name }: Paper): boolean => name.endsWith('csv');

const BANNED = {
  ja: /安全です|問題なし|問題ありません|問題ない|異常なし|心配ありません|サーバー|ユーザー|ルーター|フォルダー|速やかに|直ちに|踏み台サーバ|診断|WebShell|わから|ふだん|だれ/,
  en: /\b(?:is|are|be|you’re) safe\b|no problem|all clear|nothing to worry|\bsecure\b|\bimmediately\b|\bASAP\b/i,
};
/** A country or a group is a guess about who did it. */
const WHO =
  /中国|ロシア|北朝鮮|イラン(?!ド)|\bChin(?:a|ese)\b|Russia|North Korea|\bDPRK\b|\bIran|APT ?\d|Typhoon|Lazarus|MirrorFace|BlackTech|Kimsuky|\bUNC\d/;
const JUNK = /\bundefined\b|\[object|\bNaN\b|\bInfinity\b/;
const DOUBLED =
  /。。|、。|。、|、、|：：|。：|：。|（）|「」|“”|\(\)|(?<![\w.…])\.\.(?!\.)|(?<=[a-z]),,|[?:,;]\.(?=\s|$)|\.[;:,](?=\s|$)|(?<=[a-z]) [,.](?=\s|$)/;

describe('the words of the report', () => {
  it('reads every view and form, and the papers that are no view', () => {
    for (const lang of LANGUAGES) {
      const names = made[lang].map(({ name }) => name);
      expect(names.length).toBeGreaterThan(150);
      expect(names).toContain('golden, small html');
      expect(made[lang].every(({ lines }) => lines.length > 0)).toBe(true);
    }
  });

  it.each(LANGUAGES)('uses no banned word in %s', (lang) => {
    expect(breaking(lang, (line, paper) => matches(BANNED[lang], line, paper, NAMES))).toEqual([]);
  });

  it.each(LANGUAGES)('names a country or a group only where it quotes a dated source, in %s', (lang) => {
    const quoted =
      /公表された報告では、「[^」]+」による悪用とされる（[^）]*\d{4}|reported use by .+\(.*\d{4}/;
    const rule = (line: string, paper: Paper): boolean => matches(WHO, line, paper) && !quoted.test(line);
    expect(breaking(lang, rule)).toEqual([]);
  });

  it.each(LANGUAGES)('leaves nothing undefined, empty or doubled in %s', (lang) => {
    expect(breaking(lang, (line, paper) => matches(JUNK, line, paper))).toEqual([]);
    expect(breaking(lang, (line) => /^[。、：:.,;・（）()]+$/.test(line))).toEqual([]);
    // Subjects of certificates and empty cells of CSV have commas of their own.
    const rule = (line: string, paper: Paper): boolean =>
      !isCsv(paper) && !line.includes('CN=') && !isBytes(line) && matches(DOUBLED, line, paper, NAMES);
    expect(breaking(lang, rule)).toEqual([]);
  });

  it('counts one thing as one', () => {
    const rule = (line: string): boolean =>
      /(?<![\d.:/-])1 (?:findings|doors|addresses|days|places|checks|requests|sites|points)\b|(?<![\d.:/-])(?:0|[2-9]|[1-9]\d+) (?:finding|door|address|day|place|check|request|site)\b(?!-)/.test(
        line,
      );
    expect(breaking('en', rule)).toEqual([]);
  });

  it('writes numbers in arabic', () => {
    const rule = (line: string, paper: Paper): boolean =>
      matches(/[０-９]|[二三四五六七八九十百千](?:件|台|個|日間|回目|行目)/, line, paper);
    expect(breaking('ja', rule)).toEqual([]);
  });

  it('has no Japanese on an English page but names, and the glossary', () => {
    const terms = made.en.length === 0 ? [] : glossaryWords();
    const rule = (line: string, paper: Paper): boolean =>
      matches(/[\u3040-\u30ff]/, line, paper, [...NAMES, ...terms]);
    expect(breaking('en', rule)).toEqual([]);
  });

  it('has no English sentence on a Japanese page', () => {
    const rule = (line: string, paper: Paper): boolean =>
      paper.name !== 'answers template' && matches(/(?:\b[a-z]+ ){5,}[a-z]+/, line, paper, NAMES);
    expect(breaking('ja', rule)).toEqual([]);
  });
});

const glossaryWords = (): string[] => {
  const section = SHAPES[0]?.view('en').sections.find(({ number }) => number === 'G');
  return stringsIn(section);
};

const PROMISE = {
  ja: /パスワードの試行[はも]一切していません/,
  en: /no password was tried|no password was guessed|nothing was sent/i,
};
const LIMIT = { ja: /ないことではありません/, en: /not seen does not mean|not there/i };
const DATE = {
  ja: /(?:着手の期限|完了の期限|着手|完了)[：:\s　]*(?:\d+年)?\d+月\d+日(?!（[日月火水木金土])/,
  en: /(?:begin|finish)(?: by)?[:\s]*\d{1,2} [A-Z][a-z]+/i,
};

describe('what every view says', () => {
  it.each(LANGUAGES)(
    'says in every view whose doors were checked, that no password was tried, and its limits (%s)',
    (lang) => {
      // The mail of a week without news is its subject and the health of the check, so that people go on reading it.
      const views = made[lang].filter(({ name, view, lines }) => {
        const quiet = name.endsWith('weekly text') && lines.length < 6;
        return view !== undefined && !quiet;
      });
      expect(views.length).toBeGreaterThan(100);
      const silent = views.filter(({ lines }) => !PROMISE[lang].test(lines.join(lang === 'ja' ? '' : ' ')));
      expect(silent.map(({ name }) => name)).toEqual([]);
      const boundless = views.filter(({ lines }) => !LIMIT[lang].test(lines.join(lang === 'ja' ? '' : ' ')));
      expect(boundless.map(({ name }) => name)).toEqual([]);
    },
  );

  it.each(LANGUAGES)('gives every deadline a weekday in %s', (lang) => {
    expect(breaking(lang, (line) => DATE[lang].test(line))).toEqual([]);
    const dated = made[lang].flatMap(({ lines }) => lines).filter((line) => /期限|Begin by/.test(line));
    expect(dated.length).toBeGreaterThan(50);
  });
});

/** As a step, and not in what must not be done yet. */
const UPDATE = { ja: /更新(?:する|し、|または)/, en: /\bupdat(?:e|ing)\b/i };
const NOT_YET = /^(?:まだ電源を切らない|Do not switch off)/;

describe.each(LANGUAGES)('what is said beside a step in %s', (lang) => {
  it('never lets an update stand for a clean device', async () => {
    const shapes: readonly Shape[] = [await goldenShape(), ...SHAPES];
    let seen = 0;
    for (const shape of shapes) {
      const { today, findings } = shape.view(lang);
      const { notClean } = messagesFor(lang).today;
      for (const { steps, notes, id } of today.actions) {
        if (!steps.some((step) => UPDATE[lang].test(step) && !NOT_YET.test(step))) continue;
        seen += 1;
        expect(notes, `${shape.name} ${id}`).toContain(notClean);
      }
      for (const { id, parts } of findings.full) {
        const first = parts.find(({ number }) => number === 4);
        if (!UPDATE[lang].test(JSON.stringify(first?.blocks))) continue;
        seen += 1;
        expect(stringsIn(first), `${shape.name} ${id}`).toContain(notClean);
      }
    }
    expect(seen).toBeGreaterThan(10);
  });

  it('says when a restart may be, wherever something is to be recorded first', async () => {
    const shapes: readonly Shape[] = [await goldenShape(), ...SHAPES];
    for (const shape of shapes) {
      const view = shape.view(lang);
      if (!view.findings.full.some(({ trace }) => trace === 'T2')) continue;
      expect(view.today.rules, shape.name).toContain(messagesFor(lang).today.restart);
      const preserve = view.sections.find(({ number }) => number === '7');
      expect(stringsIn(preserve), shape.name).toContain(knowledge.commonAdvice['restart-rule'][lang]);
    }
  });
});
