/** The mail that a cron job sends: only what changed, and whether the check itself was in order. Ten seconds to read. */
import { showable } from '../lib/hostile-text.ts';
import { columns, padColumns, wrapColumns } from './columns.ts';
import { symbolOf } from './mark-symbol.ts';
import { messagesFor, type Messages } from './messages/index.ts';
import type { ActionView, ChangeView, ReportView } from './view-model.ts';
import { markCode, weeklyParts, type WeeklyParts } from './weekly-parts.ts';

export interface WeeklyMail {
  /** One line without control characters. */
  readonly subject: string;
  readonly body: string;
}

/** A mail is read in windows of 80 columns, often quoted once. */
const WIDTH = 76;

export function renderWeekly(view: ReportView): WeeklyMail {
  const m = messagesFor(view.lang);
  const parts = weeklyParts(view, m);
  const records = view.passive === undefined ? [] : [m.passive.subject];
  const words = [parts.state, ...records, view.cover.organisation, view.weekly.date];
  const lines = parts.quiet ? quietLines(view, parts, m) : bodyLines(view, parts, m);
  return {
    subject: showable(`${m.weekly.tag} ${words.join(m.weekly.bar)}`, 200),
    body: `${lines.join('\n')}\n`,
  };
}

/** The health line is one line, however long: people filter for it. */
function quietLines(view: ReportView, { still }: WeeklyParts, m: Messages): string[] {
  const { weekly, passive } = view;
  return [
    ...(passive === undefined ? [] : wrapColumns(passive.sheet, WIDTH)),
    ...(still === undefined ? [] : wrapColumns(still, WIDTH)),
    m.label(m.weekly.health, weekly.health),
    ...(weekly.stale === undefined ? [] : wrapColumns(weekly.stale, WIDTH)),
  ];
}

function bodyLines(view: ReportView, parts: WeeklyParts, m: Messages): string[] {
  const { weekly, passive } = view;
  const { actions, changes, expiring, still, more } = parts;
  const bad = weekly.complete ? '' : ` ${m.weekly.healthBad}`;
  return [
    ...(passive === undefined ? [] : wrapColumns(passive.sheet, WIDTH)),
    ...wrapColumns(parts.first ? m.weekly.introFirst : m.weekly.intro(weekly.previous ?? ''), WIDTH),
    ...m.weekly.key.split(/　{2,}| {3,}/).flatMap((line) => wrapColumns(line, WIDTH)),
    ...heading(m, m.weekly.today, actions.length),
    ...actions.flatMap((action) => actionLines(action, m)),
    ...heading(m, m.weekly.changes, changes.length),
    ...changes.flatMap(changeLines),
    ...(more === undefined ? [] : indented(more, 2)),
    ...heading(m, m.weekly.expiring, expiring.length),
    ...expiring.flatMap(changeLines),
    ...(still === undefined ? [] : ['', ...wrapColumns(still, WIDTH)]),
    '',
    `${m.weekly.heading(m.weekly.health)}${bad}`,
    ...[weekly.health, ...(weekly.stale === undefined ? [] : [weekly.stale]), m.weekly.notThere].flatMap(
      (line) => indented(line, 2),
    ),
  ];
}

function heading(m: Messages, text: string, count: number): string[] {
  return count === 0 ? [] : ['', m.weekly.heading(text)];
}

function indented(text: string, indent: number): string[] {
  const pad = ' '.repeat(indent);
  return wrapColumns(text, WIDTH - indent).map((line) => `${pad}${line}`);
}

/** The first line begins with `head`; what follows it hangs below its end. */
function hanging(head: string, text: string): string[] {
  const indent = columns(head);
  return indented(text, indent).map((line, index) => (index === 0 ? `${head}${line.slice(indent)}` : line));
}

function actionLines(action: ActionView, m: Messages): string[] {
  const head = `  ${padColumns(action.id, 5)} ${symbolOf(action)} `;
  return [
    ...hanging(head, action.headline),
    ...action.steps.flatMap((step, index) => hanging(`        ${index + 1}. `, step)),
    ...action.notes.flatMap((note) => indented(note, 8)),
    ...indented(m.weekly.due(action.begin, action.finish), 8),
  ];
}

function changeLines(item: ChangeView): string[] {
  const lines = [...item.lines, ...(item.ask === undefined ? [] : [item.ask])];
  return [
    ...hanging(`${item.symbol} ${padColumns(item.id, 5)} ${markCode(item)}  `, item.title),
    ...lines.flatMap((line) => indented(line, 16)),
  ];
}
