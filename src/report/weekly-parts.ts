/** What the weekly view tells, whatever its form: only what changed, the work for it, what is still open. */
import type { Change } from '../model/snapshot.ts';
import { symbolOf } from './mark-symbol.ts';
import type { Messages } from './messages/index.ts';
import type { ActionView, ChangeView, ReportView } from './view-model.ts';

export interface WeeklyParts {
  /** "Act now 2, new 1, …" */
  readonly state: string;
  readonly first: boolean;
  /** Nothing changed: the health line is the news. */
  readonly quiet: boolean;
  /** Work for what changed; on the first run all of it. */
  readonly actions: readonly ActionView[];
  readonly changes: readonly ChangeView[];
  readonly more: string | undefined;
  /** Declarations and accepted risks that end soon. */
  readonly expiring: readonly ChangeView[];
  /** What is open from earlier weeks must not vanish behind "no change". */
  readonly still: string | undefined;
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
const STILL_SHOWN = 20;

export function weeklyParts(view: ReportView, m: Messages): WeeklyParts {
  const first = view.snapshot.previousRun === undefined;
  const items = newsOf(view.changes.items);
  const changed = new Set(items.filter(({ kind }) => kind !== 'closed').map(({ id }) => id));
  return {
    state: stateText(view, m),
    first,
    quiet: !first && newsOf(view.snapshot.changes).length === 0,
    actions: view.today.actions.filter(({ id }) => first || changed.has(id)),
    changes: items.filter(({ kind }) => kind !== 'expiring'),
    more: view.changes.more,
    expiring: items.filter(({ kind }) => kind === 'expiring'),
    still: first ? undefined : stillText(view, new Set(items.map(({ id }) => id)), m),
  };
}

/** A page whose text alone differs is for the report, not for the mail. */
function newsOf<T extends { readonly kind: ChangeView['kind'] }>(changes: readonly T[]): T[] {
  return changes.filter(({ kind }) => kind !== 'content-varied');
}

/** A check with holes comes first: whatever follows is worth less then. */
function stateText(view: ReportView, m: Messages): string {
  const { snapshot, weekly } = view;
  const stale = weekly.stale === undefined ? [] : [m.pages.weekly.staleWord];
  const isQuiet = newsOf(snapshot.changes).length === 0;
  if (snapshot.previousRun !== undefined && isQuiet && !weekly.complete)
    return [m.weekly.incompleteNone, ...openState(view, m), ...stale].join(m.weekly.separator);
  const states = weekly.complete ? [] : [m.weekly.incomplete];
  if (snapshot.previousRun === undefined) states.push(m.weekly.first, m.weekly.act(weekly.openP1.length));
  else if (isQuiet) states.push(...(weekly.openP1.length === 0 ? [m.weekly.none] : openState(view, m)));
  else states.push(...changeStates(view, m));
  return [...states, ...stale].join(m.weekly.separator);
}

function openState({ weekly }: ReportView, m: Messages): string[] {
  const { length } = weekly.openP1;
  if (length === 0) return [];
  return [weekly.complete ? m.weekly.noneOpen(length) : m.pages.weekly.open(length)];
}

function changeStates({ snapshot }: ReportView, m: Messages): string[] {
  const urgent = snapshot.changes.filter(
    ({ kind, priority }) => priority === 'P1' && ASK_FOR_WORK.includes(kind),
  );
  const counts = IN_SUBJECT.flatMap((kind) => {
    const count = snapshot.changes.filter((change) => change.kind === kind).length;
    return count > 0 ? [m.weekly.counts(m.weekly.kinds[kind], count)] : [];
  });
  return [m.weekly.act(urgent.length), ...counts];
}

function stillText({ weekly }: ReportView, told: ReadonlySet<string>, m: Messages): string | undefined {
  const open = weekly.openP1.filter((id) => !told.has(id));
  if (open.length === 0) return undefined;
  const ids = open.slice(0, STILL_SHOWN).map((id) => `▲ ${id}`);
  const rest = open.length > STILL_SHOWN ? m.today.andMore(open.length - STILL_SHOWN) : '';
  return m.weekly.still(`${ids.join(m.listSeparator)}${rest}`);
}

/** "▲P1/T1" */
export function markCode(item: ChangeView): string {
  return `${symbolOf(item)}${item.priority ?? ''}/${item.trace ?? ''}`;
}
