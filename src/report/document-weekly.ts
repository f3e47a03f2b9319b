/** The weekly view as plain parts, for tickets and wikis; the mail has a form of its own. */
import type { Node } from './document-node.ts';
import { symbolOf } from './mark-symbol.ts';
import { dontNodes, headNodes, limitNodes, phoneNodes } from './document-small.ts';
import { messagesFor, type Messages } from './messages/index.ts';
import type { ActionView, ChangeView, ReportView } from './view-model.ts';
import { markCode, weeklyParts, type WeeklyParts } from './weekly-parts.ts';

export function weeklyNodes(view: ReportView): Node[] {
  const m = messagesFor(view.lang);
  const parts = weeklyParts(view, m);
  const [first] = parts.actions;
  return [
    ...headNodes({ ...view.small, title: m.pages.weekly.title }),
    text(parts.state),
    ...workNodes(parts.actions, m),
    ...(first === undefined ? [] : [...phoneNodes(first.phone, m), ...dontNodes(view.today.rules, m)]),
    heading(m.weekly.changes),
    ...changeNodes(view, parts, m),
    ...(parts.expiring.length === 0 ? [] : [heading(m.weekly.expiring), changeTable(parts.expiring, m)]),
    ...(parts.still === undefined ? [] : [text(parts.still)]),
    heading(m.weekly.health),
    ...(view.weekly.complete ? [] : [text(m.weekly.healthBad)]),
    text(view.weekly.health),
    ...(view.weekly.stale === undefined ? [] : [text(view.weekly.stale)]),
    ...limitNodes(view.small, m),
  ];
}

const text = (line: string): Node => ({ kind: 'text', text: line });
const heading = (line: string): Node => ({ kind: 'heading', level: 2, text: line });

function workNodes(actions: readonly ActionView[], m: Messages): Node[] {
  if (actions.length === 0) return [];
  return [
    heading(m.weekly.today),
    ...actions.flatMap((action): Node[] => [
      { kind: 'heading', level: 3, text: `${symbolOf(action)} ${action.id}  ${action.headline}` },
      text(action.where),
      { kind: 'list', style: 'numbers', items: action.steps },
      ...action.notes.map(text),
      text(m.weekly.due(action.begin, action.finish)),
    ]),
  ];
}

function changeNodes({ weekly }: ReportView, parts: WeeklyParts, m: Messages): Node[] {
  if (parts.first) return [text(m.changes.first)];
  if (parts.quiet) return [text(weekly.complete ? m.pages.weekly.quiet : m.pages.weekly.unsure)];
  return [
    ...(weekly.previous === undefined ? [] : [text(m.weekly.intro(weekly.previous))]),
    ...(parts.changes.length === 0 ? [] : [changeTable(parts.changes, m)]),
    ...(parts.more === undefined ? [] : [text(parts.more)]),
  ];
}

function changeTable(items: readonly ChangeView[], m: Messages): Node {
  const rows = items.map((item) => [
    `${item.symbol} ${item.id}`,
    markCode(item),
    [item.title, ...item.lines, ...(item.ask === undefined ? [] : [`${item.ask}__________`])].join(' '),
  ]);
  return { kind: 'table', head: [m.changes.kind, m.changes.mark, m.changes.what], rows };
}
