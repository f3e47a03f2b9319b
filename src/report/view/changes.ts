import { showable } from '../../lib/hostile-text.ts';
import { ServiceClass } from '../../model/service-class.ts';
import type { Change } from '../../model/snapshot.ts';
import { textOf, type Messages } from '../messages/index.ts';
import type { ChangesView, ChangeView } from '../view-model.ts';
import { className, findingId, productName, shortName, siteName, type Context } from './context.ts';

/** The kinds are never merged, and stand in this order. */
const KINDS = [
  'new',
  're-opened',
  'raised',
  'changed',
  'content-changed',
  'lowered',
  'not-seen',
  'not-checked',
  'closed',
  'expiring',
  'content-varied',
] as const satisfies readonly Change['kind'][];
/** Shown with a zero as well: their absence is news. */
const ALWAYS: readonly Change['kind'][] = ['new', 're-opened', 'closed', 'not-seen'];
const WANT_A_REASON: readonly Change['kind'][] = ['new', 're-opened', 'changed', 'content-changed'];
const SHOWN = 200;

export function buildChanges(context: Context): ChangesView {
  const { snapshot, m, dates } = context;
  const { previousRun } = snapshot;
  if (previousRun === undefined) {
    return { lead: '', none: m.changes.first, first: true, kinds: [], items: [], more: undefined };
  }
  const changes = sortedChanges(snapshot.changes);
  const scope = previousRun.scopeDigest === snapshot.scopeDigest ? m.changes.sameScope : m.changes.otherScope;
  return {
    lead: m.lines([m.changes.since(dates.full(previousRun.endedAt)), scope]),
    none: changes.length === 0 ? m.changes.none : undefined,
    first: false,
    kinds: KINDS.map((kind) => ({
      kind,
      symbol: m.ids.changeKind[kind].mark,
      name: m.ids.changeKind[kind].name,
      count: changes.filter((change) => change.kind === kind).length,
    }))
      .filter(({ kind, count }) => count > 0 || ALWAYS.includes(kind))
      .map(({ symbol, name, count }) => ({ symbol, name, count })),
    items: changes.slice(0, SHOWN).map((change) => changeView(context, change)),
    more: changes.length > SHOWN ? m.changes.more(changes.length - SHOWN) : undefined,
  };
}

/** Most urgent first; at equal priority in the order of the kinds, then by place. */
export function sortedChanges(changes: readonly Change[]): Change[] {
  return changes.toSorted((a, b) => {
    if (a.priority !== b.priority) return a.priority < b.priority ? -1 : 1;
    const kinds = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
    if (kinds !== 0) return kinds;
    return a.subject < b.subject ? -1 : Number(a.subject > b.subject);
  });
}

function changeView(context: Context, change: Change): ChangeView {
  const { m } = context;
  const wantsReason = WANT_A_REASON.includes(change.kind);
  const ticket = change.ticket === undefined ? [] : [m.changes.ticket(showable(change.ticket, 40))];
  return {
    kind: change.kind,
    symbol: m.ids.changeKind[change.kind].mark,
    id: findingId(change),
    priority: change.priority,
    trace: change.trace,
    unowned: false,
    title: changeTitle(context, change),
    lines: [...changeLines(context, change), ...ticket],
    ask: wantsReason && change.ticket === undefined ? m.changes.noTicket : undefined,
  };
}

function changeTitle(context: Context, change: Change): string {
  const name =
    change.productId === undefined
      ? shortName(context, change.class)
      : productName(context, change.productId);
  const place = showable(change.subject.replace(/\/(tcp|unknown)$/, ''), 80);
  return `${siteName(context, change.siteId)} ${place} ${name}`;
}

function changeLines(context: Context, change: Change): string[] {
  const { m, dates } = context;
  const first = dates.moment(change.firstSeen);
  const details = change.details.slice(0, 6).map((detail) => detailText(context, detail));
  const moved =
    change.priorityBefore === undefined
      ? []
      : [m.changes.moved(m.ids.priority[change.priorityBefore], m.ids.priority[change.priority])];
  switch (change.kind) {
    case 'new':
      return [m.changes.new(first), ...details];
    case 're-opened':
      return [m.changes.reopened(dates.full(change.firstSeen)), ...details];
    case 'changed':
      return [...details, ...moved];
    case 'content-changed':
      return [...details, m.changes.contentChanged];
    case 'content-varied':
      return [m.changes.contentVaried];
    case 'raised':
      return [...moved, ...(details.length > 0 ? details : [m.changes.raisedAlone])];
    case 'lowered':
      return [...moved, ...details];
    case 'closed':
      return [change.details[0]?.what === 'closed' ? m.changes.closedRefused : m.changes.closed];
    case 'not-seen':
      return [notSeen(change, m)];
    case 'not-checked':
      return [
        m.changes.notChecked(
          change.details.map(({ what }) => textOf(m.ids.notChecked, what)).join(m.listSeparator),
        ),
      ];
    case 'expiring': {
      const until = change.details.find(({ what }) => what === 'until')?.to;
      const ends = until === undefined ? m.changes.expiringSoon : m.changes.expiring(dates.full(until));
      return [ends, ...ownerLines(context, change)];
    }
  }
}

type ValueTexts = Pick<Context, 'm' | 'knowledge' | 'lang' | 'product'>;

export /** Who has to renew it: without a name nobody does. */
function ownerLines({ snapshot, m }: Context, { subject }: Change): string[] {
  const owner = snapshot.expected.find(({ key }) => key === subject)?.owner ?? '';
  return owner === '' ? [] : [m.pages.weekly.owner(showable(owner, 60))];
}

export function detailText(context: ValueTexts, { what, from, to }: Change['details'][number]): string {
  const { m } = context;
  return m.changes.detail(
    textOf(m.ids.fact, what),
    valueText(context, what, from),
    valueText(context, what, to),
  );
}

/** A value by its meaning: ids get their text, digests are cut, the rest is shown as it is. */
function valueText(context: ValueTexts, what: string, value: string): string {
  const { m } = context;
  if (value === '') return m.none;
  if (what === 'product') return productName(context, value);
  if (what === 'authentication') return textOf(m.ids.authentication, value);
  if (what === 'class') {
    const known = ServiceClass.safeParse(value);
    return known.success ? className(context, known.data) : showable(value, 60);
  }
  return /^[0-9a-f]{32,}$/.test(value) ? `${value.slice(0, 8)}…` : showable(value, 80);
}

function notSeen({ details }: Change, { changes }: Messages): string {
  const how = details[0]?.what;
  if (how === 'closed') return changes.notSeenRefused;
  if (how === 'unlisted') return changes.notSeenUnlisted;
  return how === 'mended' ? changes.notSeenMended : changes.notSeen;
}
