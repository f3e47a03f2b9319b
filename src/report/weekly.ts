/** The mail that a cron job sends: only what changed, and whether the check itself was in order. Ten seconds to read. */
import { showable } from '../lib/hostile-text.ts';
import type { Change } from '../model/snapshot.ts';
import { symbolOf } from './document.ts';
import { messagesFor, type Messages } from './messages/index.ts';
import type { ActionView, ChangeView, ReportView } from './view-model.ts';

export interface WeeklyMail {
  /** One line without control characters. */
  readonly subject: string;
  readonly body: string;
}

const ASK_FOR_WORK: readonly Change['kind'][] = ['new', 're-opened', 'raised'];
const IN_SUBJECT = [
  'new',
  're-opened',
  'raised',
  'changed',
  'content-changed',
  'lowered',
  'closed',
  'not-seen',
  'expiring',
] as const;
const INDENT = ' '.repeat(16);

export function renderWeekly(view: ReportView): WeeklyMail {
  const m = messagesFor(view.lang);
  const { date } = view.weekly;
  const records = view.passive === undefined ? [] : [m.passive.subject];
  const parts = [subjectState(view, m), ...records, view.cover.organisation, date];
  return {
    subject: showable(`${m.weekly.tag} ${parts.join(m.weekly.bar)}`, 200),
    body: `${bodyLines(view, m).join('\n')}\n`,
  };
}

/** A page whose text alone differs is for the report, not for the mail. */
function newsOf<T extends { readonly kind: ChangeView['kind'] }>(changes: readonly T[]): T[] {
  return changes.filter(({ kind }) => kind !== 'content-varied');
}

function subjectState(view: ReportView, m: Messages): string {
  const { snapshot, weekly } = view;
  const states: string[] = [];
  if (snapshot.previousRun === undefined) {
    const urgent = weekly.openP1.length;
    states.push(m.weekly.first, m.weekly.act(urgent));
  } else if (newsOf(snapshot.changes).length === 0) {
    if (!weekly.complete) return m.weekly.incompleteNone;
    states.push(weekly.openP1.length === 0 ? m.weekly.none : m.weekly.noneOpen(weekly.openP1.length));
  } else {
    const urgent = snapshot.changes.filter(
      ({ kind, priority }) => priority === 'P1' && ASK_FOR_WORK.includes(kind),
    );
    states.push(m.weekly.act(urgent.length));
    for (const kind of IN_SUBJECT) {
      const count = snapshot.changes.filter((change) => change.kind === kind).length;
      if (count > 0) states.push(m.weekly.counts(m.weekly.kinds[kind], count));
    }
  }
  if (!weekly.complete) states.push(m.weekly.incomplete);
  return states.join(m.weekly.separator);
}

function bodyLines(view: ReportView, m: Messages): string[] {
  const { snapshot, weekly, changes, today } = view;
  const first = snapshot.previousRun === undefined;
  const quiet = !first && newsOf(snapshot.changes).length === 0;
  const items = newsOf(changes.items);
  const stale = weekly.stale === undefined ? [] : [weekly.stale];
  const records = view.passive === undefined ? [] : [view.passive.sheet];
  if (quiet) return [...records, ...still(view, m), m.label(m.weekly.health, weekly.health), ...stale];
  const changed = new Set(items.filter(({ kind }) => kind !== 'closed').map(({ id }) => id));
  const actions = today.actions.filter(({ id }) => first || changed.has(id));
  const expiring = items.filter(({ kind }) => kind === 'expiring');
  const others = items.filter(({ kind }) => kind !== 'expiring');
  return [
    ...records,
    first ? m.weekly.introFirst : m.weekly.intro(weekly.previous ?? ''),
    m.weekly.key,
    ...heading(m, m.weekly.today, actions.length),
    ...actions.flatMap((action) => actionLines(action, m)),
    ...heading(m, m.weekly.changes, others.length),
    ...others.flatMap(changeLines),
    ...(changes.more === undefined ? [] : [`  ${changes.more}`]),
    ...heading(m, m.weekly.expiring, expiring.length),
    ...expiring.flatMap(changeLines),
    ...still(view, m),
    '',
    `${m.weekly.heading(m.weekly.health)}${weekly.complete ? '' : ` ${m.weekly.healthBad}`}`,
    `  ${weekly.health}`,
    ...stale.map((line) => `  ${line}`),
    `  ${m.weekly.notThere}`,
  ];
}

function heading(m: Messages, text: string, count: number): string[] {
  return count === 0 ? [] : ['', m.weekly.heading(text)];
}

/** What is still open from earlier weeks must not vanish behind "no change". */
function still(view: ReportView, m: Messages): string[] {
  const { snapshot, weekly, changes } = view;
  if (snapshot.previousRun === undefined) return [];
  const told = new Set(newsOf(changes.items).map(({ id }) => id));
  const open = weekly.openP1.filter((id) => !told.has(id));
  if (open.length === 0) return [];
  const ids = open.slice(0, 20).map((id) => `▲ ${id}`);
  const rest = open.length > 20 ? m.today.andMore(open.length - 20) : '';
  const line = m.weekly.still(`${ids.join(m.listSeparator)}${rest}`);
  return newsOf(snapshot.changes).length === 0 ? [line] : ['', line];
}

function actionLines(action: ActionView, m: Messages): string[] {
  const pad = ' '.repeat(8);
  const more = [...action.steps, ...action.notes];
  return [
    `  ${action.id.padEnd(5)} ${symbolOf(action)} ${action.headline}`,
    ...more.map((line) => `${pad}${line}`),
    `${pad}${m.weekly.due(action.begin, action.finish)}`,
  ];
}

function changeLines(item: ChangeView): string[] {
  const mark = `${symbolOf(item)}${item.priority ?? ''}/${item.trace ?? ''}`;
  const lines = [...item.lines, ...(item.ask === undefined ? [] : [item.ask])];
  return [
    `${item.symbol} ${item.id.padEnd(5)} ${mark}  ${item.title}`,
    ...lines.map((line) => `${INDENT}${line}`),
  ];
}
