/** The file in which the owner answers, with the questions in both languages and what the run saw beside them. */
import { CONTROLS, FindingAnswer, SiteAnswer, SPOKEN_ID } from '../model/answers.ts';
import { escapeUnseen, showable } from '../lib/hostile-text.ts';
import type { Messages } from './messages/index.ts';
import { judged, type Judged } from './view/answered.ts';
import { findingId, makeContext, placeText, siteName, type Context, type ViewInput } from './view/context.ts';
import { logPeriod } from './view/numbers.ts';
import { authenticationCell, headline, patchCell, productCell } from './view/words.ts';

/** Blocks that are written out; a person answers no more at once. The numbers of the rest are named. */
const FINDINGS = 20;
const SITES = 50;
const MORE = 200;
/** Keys without quotes: all others are texts. */
const BARE: ReadonlySet<string> = new Set([
  'opened-on',
  'may-close',
  'may-tell',
  'days',
  'oldest',
  'off-box',
  'on',
]);
const LOGS = ['where', 'days', 'oldest', 'off-box'] as const;

type Both = readonly [ja: Context, en: Context];

/** YAML. Every line that quotes the run is a comment of one line, so nothing in it can become an answer. */
export function answersTemplate(input: Omit<ViewInput, 'lang' | 'answers' | 'history'>): string {
  const both: Both = [makeContext({ ...input, lang: 'ja' }), makeContext({ ...input, lang: 'en' })];
  const lines = [
    ...headLines(both),
    '',
    ...ask(both, 0, (m) => m.owner.template.answered),
    'answered:',
    key(1, 'by'),
    key(1, 'on'),
    '',
    ...findingLines(both),
    '',
    ...siteLines(both),
    '',
    ...restLines(both),
  ];
  return `${lines.join('\n')}\n`;
}

function headLines([ja, en]: Both): string[] {
  const { snapshot } = ja;
  const of = (context: Context): string =>
    showable(`${snapshot.organisation[context.lang]} – ${snapshot.runId}`, 160);
  return [
    comment(0, of(ja)),
    ...(of(en) === of(ja) ? [] : [comment(0, of(en))]),
    '#',
    ...[ja, en].flatMap(({ m }) => [
      ...[...m.owner.template.head, m.owner.template.next].map((text) => comment(0, text)),
      '#',
    ]),
  ];
}

function siteLines(both: Both): string[] {
  const [ja] = both;
  const sites = ja.snapshot.sites.filter(({ id }) => id.length <= 60);
  const lines = [...ask(both, 0, (m) => m.owner.template.sites), 'sites:'];
  for (const { id } of sites.slice(0, SITES)) {
    lines.push(
      '',
      comment(1, distinct(both.map((context) => siteName(context, id))).join(' / ')),
      `  ${quoted(id)}:`,
    );
    for (const name of Object.keys(SiteAnswer.shape)) {
      if (name === 'logs') lines.push(...logLines(both));
      else lines.push(...question(both, 2, name, (m) => m.owner.siteQuestions));
    }
  }
  return sites.length === 0 ? [] : lines;
}

function findingLines(both: Both): string[] {
  const [ja, en] = both;
  const english = new Map(judged(en).map((one) => [one.finding.key, one]));
  const all = judged(ja).filter(({ finding }) => SPOKEN_ID.test(findingId(finding)));
  if (all.length === 0) {
    return [
      ...ask(both, 0, (m) => m.owner.template.noFindings),
      '# findings:',
      '#   "B-07":',
      '#     purpose: ""',
    ];
  }
  const lines = [...ask(both, 0, (m) => m.owner.template.findings), 'findings:'];
  for (const one of all.slice(0, FINDINGS)) {
    lines.push(
      '',
      ...seenLines(ja, one),
      ...seenLines(en, english.get(one.finding.key) ?? one),
      `  ${quoted(findingId(one.finding))}:`,
    );
    for (const name of Object.keys(FindingAnswer.shape)) {
      if (name === 'logs') lines.push(...logLines(both));
      else if (name === 'controls') lines.push(...controlLines(both));
      else lines.push(...question(both, 2, name, (m) => m.owner.questions));
    }
  }
  const rest = all.slice(FINDINGS);
  if (rest.length > 0) {
    const ids = rest.slice(0, MORE).map(({ finding }) => findingId(finding));
    lines.push(
      '',
      ...ask(both, 1, (m) => m.owner.template.more(rest.length)),
      comment(1, `${ids.join(' ')}${rest.length > MORE ? ' …' : ''}`),
    );
  }
  return lines;
}

/** What was seen, in one language. */
function seenLines(context: Context, { finding, service }: Judged): string[] {
  const { m, dates } = context;
  const product = productCell(context, service);
  const facts = [
    placeText(service),
    product.text,
    ...product.sub,
    m.owner.ask.since(dates.numeric(logPeriod(finding, service).from)),
    m.label(m.doors.authentication, authenticationCell(context, service).text),
    m.label(m.doors.patch, patchCell(context, service, finding).text),
  ];
  return [
    comment(1, `${findingId(finding)} ${finding.priority} ${headline(context, finding, service)}`),
    comment(1, m.label(m.owner.template.seen, facts.join(m.listSeparator))),
  ];
}

function logLines(both: Both): string[] {
  return ['    logs:', ...LOGS.flatMap((name) => question(both, 3, name, (m) => m.owner.logs))];
}

function controlLines(both: Both): string[] {
  return [
    '    controls:',
    // Whether logs are sent elsewhere is asked for with the logs.
    ...CONTROLS.filter((name) => name !== 'off-box-logs').flatMap((name) => [
      ...ask(both, 3, (m) => m.owner.controlQuestions[name]),
      `      ${name}:`,
    ]),
  ];
}

/** Told, touched and the management. */
function restLines(both: Both): string[] {
  return [
    ...ask(both, 0, (m) => m.owner.template.told),
    'told:',
    '#  - who: "IPA"',
    '#    on: 2026-11-20',
    '#    what: ""',
    ...ask(both, 0, (m) => m.owner.template.touched),
    'touched:',
    '#  - who: ""',
    '#    on: "2026-11-20 18:00"',
    '#    what: ""',
    '',
    ...ask(both, 0, (m) => m.owner.template.management),
    'management:',
    ...ask(both, 1, (m) => m.owner.ask.managementAsks[0] ?? ''),
    key(1, 'may-stop'),
    ...ask(both, 1, (m) => m.owner.ask.managementAsks[1] ?? ''),
    key(1, 'decides'),
    ...ask(both, 1, (m) => m.owner.ask.managementAsks[2] ?? ''),
    key(1, 'may-tell'),
  ];
}

function question(
  both: Both,
  depth: number,
  name: string,
  texts: (m: Messages) => Readonly<Record<string, string>>,
): string[] {
  return [...ask(both, depth, (m) => texts(m)[name] ?? name), key(depth, name)];
}

function key(depth: number, name: string): string {
  return `${'  '.repeat(depth)}${name}:${BARE.has(name) ? '' : ' ""'}`;
}

/** The question in both languages, on one line. */
function ask(both: Both, depth: number, text: (m: Messages) => string): string[] {
  return [comment(depth, distinct(both.map(({ m }) => text(m))).join(' / '))];
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** `showable` leaves no line break, so the comment ends where the line ends. */
function comment(depth: number, text: string): string {
  return `${'  '.repeat(depth)}# ${showable(text, 500)}`;
}

/** JSON is YAML: no character of an id can end the key. */
function quoted(id: string): string {
  return escapeUnseen(JSON.stringify(id));
}
