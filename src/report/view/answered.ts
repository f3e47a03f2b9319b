/** What the owner has told, beside the questions: an answer is marked as one, and what is not answered stays a blank. */
import { showable } from '../../lib/hostile-text.ts';
import type { AnsweredLogs, FindingAnswer, SiteAnswer, YesNo } from '../../model/answers.ts';
import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { anchorOf, findingId, markOf, type Context } from './context.ts';

/** Longer answers are in the file itself. */
const SHOWN = 300;

export interface Judged {
  readonly finding: Finding;
  readonly service: Service;
}

/** Every service that was judged, most urgent first. */
export function judged(context: Context): Judged[] {
  return context.entries.flatMap(({ finding, service }) =>
    finding === undefined ? [] : [{ finding, service }],
  );
}

export function judgedDoors(context: Context): Judged[] {
  return judged(context).filter(({ finding }) => finding.inputs.role === 'door');
}

export function answerOf({ answers }: Context, finding: Finding): FindingAnswer {
  const { findings = {} } = answers;
  const id = findingId(finding);
  return Object.hasOwn(findings, id) ? (findings[id] ?? {}) : {};
}

export function siteAnswerOf({ answers }: Context, id: string | undefined): SiteAnswer {
  const { sites = {} } = answers;
  return id !== undefined && Object.hasOwn(sites, id) ? (sites[id] ?? {}) : {};
}

export function answerText(text: string): string {
  return showable(text, SHOWN);
}

/** By whom and when the questions were answered. Undefined: the file does not say. */
function answeredBy({ m, answers, dates }: Context): string | undefined {
  const { by, on } = answers.answered ?? {};
  const parts = [
    ...(by === undefined ? [] : [showable(by, 60)]),
    ...(on === undefined ? [] : [dates.numeric(on)]),
  ];
  return parts.length === 0 ? undefined : parts.join(m.listSeparator);
}

/** "Answer (Yamada, 2026-11-21)" */
export function toldMark(context: Context): string {
  const { m } = context;
  const by = answeredBy(context);
  return by === undefined ? m.owner.told : m.withNote(m.owner.told, by);
}

/** Under the title of a sheet: whose answers stand in it. Empty: there are none, or the file does not say. */
export function answeredNote(context: Context): string[] {
  const by = answeredBy(context);
  return by === undefined ? [] : [context.m.owner.toldBy(by)];
}

export function yesNoText({ m }: Context, value: YesNo): string {
  return { yes: m.owner.yes, no: m.owner.no, unknown: m.owner.askedNotKnown }[value];
}

/** The cell that names a finding. */
export function idCell(finding: Finding, sub: readonly string[] = []): SheetCell {
  return { text: findingId(finding), sub, mark: { ...markOf(finding), anchor: anchorOf(finding) } };
}

/** The answer with its mark, or lines to write it on. */
export function answerCell(context: Context, text: string | undefined, blanks = 1): SheetCell {
  return text === undefined ? { text: '', blanks } : { text: answerText(text), sub: [context.m.owner.told] };
}

interface Named {
  readonly name: string;
  readonly text: string | undefined;
}

/** Several answers in one cell, each with its name; what is missing is named too, with a line to write on. */
export function answersCell(context: Context, answers: readonly Named[]): SheetCell {
  const { m } = context;
  const [first, ...rest] = answers.flatMap(({ name, text }) =>
    text === undefined ? [] : [m.label(name, answerText(text))],
  );
  if (first === undefined) return { text: '', blanks: answers.length };
  const missing = answers.filter(({ text }) => text === undefined).map(({ name }) => name);
  const sub = [...rest, m.owner.told];
  return missing.length === 0
    ? { text: first, sub }
    : { text: first, sub: [...sub, m.owner.stillToAsk(missing.join(m.listSeparator))], blanks: 1 };
}

/** What was told of logs, a text for each fact; none when nothing was. */
function logTexts(context: Context, logs: AnsweredLogs | undefined): string[] {
  const { normal } = context.m.owner;
  return [
    ...(logs?.where === undefined ? [] : [answerText(logs.where)]),
    ...(logs?.days === undefined ? [] : [normal.logDays(logs.days)]),
    ...(logs?.oldest === undefined ? [] : [normal.logOldest(context.dates.numeric(logs.oldest))]),
    ...(logs?.['off-box'] === undefined ? [] : [normal.logOffBox(yesNoText(context, logs['off-box']))]),
  ];
}

/** The same as a cell; what is missing is named, with a line to write on. */
export function logsCell(context: Context, logs: AnsweredLogs | undefined): SheetCell {
  const { m } = context;
  const { normal, told, stillToAsk } = m.owner;
  const [first, ...rest] = logTexts(context, logs);
  if (first === undefined) return { text: '', blanks: 2 };
  const missing = [
    ...(logs?.where === undefined ? [normal.logWhere] : []),
    ...(logs?.days === undefined && logs?.oldest === undefined ? [normal.logHowLong] : []),
    ...(logs?.['off-box'] === undefined ? [normal.logOffBoxAsk] : []),
  ];
  const sub = [...rest, told];
  return missing.length === 0
    ? { text: first, sub }
    : { text: first, sub: [...sub, stillToAsk(missing.join(m.listSeparator))], blanks: 1 };
}
