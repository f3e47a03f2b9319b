/**
 * One sheet of paper, one minute: what to do today, what not to do, whom to call. Every text here is short, and what is too long for the
 * sheet is cut, never set smaller.
 */
import { showable } from '../../lib/hostile-text.ts';
import { advisoryAgeOf } from '../../model/advisory.ts';
import type { Change } from '../../model/snapshot.ts';
import { columns, cutColumns } from '../columns.ts';
import type { Helper, SmallAction, SmallView } from '../view-model-pages.ts';
import { briefDesk, firstDesks } from './contacts.ts';
import { findingId, markOf, productName, seenByProbe, siteName, type Context } from './context.ts';
import { isComplete, scopeAddresses } from './cover.ts';
import { doorsNumber, urgentNumber } from './glance.ts';
import { fewestLogs, longestOpen } from './numbers.ts';
import { ownLook } from './passive.ts';
import { dueDays, sheetHead, shortened } from './sheet-head.ts';
import { shortHeadline, shortSteps } from './small-words.ts';
import { ACTIONS, nothingText, tasksOf, type Task } from './today.ts';
import { phoneText } from './words.ts';

const PHONE = 340;
/** Two lines; one is enough when there is only a product to name beside the place. */
const WHERE = 120;
const WHERE_LINE = 60;
const IDS = 2;
const DESK = 94;
const FIRM = 40;
const TELEPHONE = 20;

export function buildSmall(whole: Context): SmallView {
  const context = shortened(whole);
  const { m } = context;
  const tasks = tasksOf(context);
  const shown = tasks.slice(0, ACTIONS);
  const [first] = shown;
  return {
    ...sheetHead(context, m.pages.small.title),
    scope: scopeSentences(context),
    lead: shown.length === 0 ? '' : m.pages.small.lead(shown.length),
    actions: shown.map((task) => action(context, task)),
    none: shown.length === 0 ? nothingText(context) : undefined,
    phone:
      first === undefined ? undefined : cutColumns(phoneText(context, first.finding, first.service), PHONE),
    rules: [...(shown.some(isUpdated) ? [m.today.notClean] : []), m.today.visible],
    help: helpers(context),
    changes: changeCounts(context),
    limits: {
      cannot: m.pages.small.cannot,
      notThere: m.pages.small.notThere,
      missed: missedText(context),
    },
    law: lawText(context, shown),
  };
}

/** Five facts: what was looked at, doors, what is urgent, days open, days of logs. */
function scopeSentences(context: Context): string[] {
  const { m, snapshot } = context;
  const say = m.pages.small.scope;
  const overseas = snapshot.sites.filter(({ kind }) => kind === 'overseas').length;
  const probe = snapshot.coverage.find(({ source, state }) => source === 'probe' && state !== 'off');
  const looked =
    ownLook(context) === 'looked'
      ? say.looked(scopeAddresses(context), snapshot.sites.length, overseas, probe?.answered ?? 0)
      : say.recorded(
          scopeAddresses(context),
          snapshot.sites.length,
          overseas,
          new Set(snapshot.services.map(({ address }) => address)).size,
        );
  const doors = say.doors(
    doorsNumber(context).value ?? say.unknown,
    urgentNumber(context).value ?? say.unknown,
  );
  const open = longestOpen(context);
  if (open === undefined) return [m.lines([looked, doors])];
  const logs = fewestLogs(context);
  const since = (open.afterNotice ? say.openNoticed : say.open)(open.days);
  const left = logs === undefined ? say.logsUnknown : say.logs(logs.days);
  return [m.lines([looked, doors]), `${since}${left}`];
}

/** An update is soon taken for the end of the work. */
function isUpdated({ finding: { inputs } }: Task): boolean {
  return !inputs.misuse && (inputs.knownUse === 'confirmed' || inputs.knownUse === 'product-matches');
}

function action(context: Context, task: Task): SmallAction {
  const { m } = context;
  const { finding, service } = task;
  const { begin = m.today.noDate, finish = m.today.noDate } = dueDays(context, finding.priority);
  return {
    ...markOf(finding),
    id: findingId(finding),
    headline: shortHeadline(context, finding, service),
    where: cutColumns(whereText(context, task), WHERE),
    steps: shortSteps(finding, service, m.pages.small.steps),
    begin,
    finish,
  };
}

function whereText(context: Context, { finding, service, others }: Task): string {
  const { m } = context;
  const say = m.pages.small;
  const site = siteName(context, finding.siteId ?? service.siteId);
  const { identity } = service;
  const place = say.where(site, showable(service.address, 45), service.port);
  if (others.length > 0) {
    const ids = others.slice(0, IDS).map(findingId).join(m.listSeparator);
    return m.lines([place, say.more(others.length, others.length > IDS ? `${ids}${say.andOthers}` : ids)]);
  }
  if (identity === undefined || !seenByProbe(service)) return place;
  const named = m.lines([place, say.thing(productName(context, identity.productId))]);
  return columns(named) > WHERE_LINE ? place : named;
}

function helpers(context: Context): Helper[] {
  const { m, lang, snapshot, knowledge } = context;
  const desks = firstDesks(knowledge.contacts ?? []).map((contact) => ({
    who: contact.who[lang],
    what: cutColumns(
      contact.mail === undefined && contact.phone === undefined
        ? contact.desk[lang]
        : briefDesk(context, contact),
      DESK,
    ),
  }));
  return [firmOf(m, snapshot.maintainer), ...desks];
}

function firmOf(m: Context['m'], maintainer: Context['snapshot']['maintainer']): Helper {
  const who = m.today.maintainer;
  if (maintainer === undefined) return { who, what: m.pages.small.noMaintainer, blank: true };
  const { name, phone } = maintainer;
  return {
    who,
    what: cutColumns(showable(name, 80), FIRM),
    ...(phone === undefined ? {} : { phone: cutColumns(showable(phone, 40), TELEPHONE) }),
  };
}

const ALWAYS = ['new', 're-opened', 'closed', 'not-seen'] as const;
const COUNTED: Readonly<Partial<Record<Change['kind'], keyof Context['m']['pages']['small']['counts']>>> = {
  new: 'new',
  're-opened': 're-opened',
  closed: 'closed',
  'not-seen': 'not-seen',
  raised: 'raised',
  changed: 'changed',
  'content-changed': 'changed',
};

function changeCounts({ m, snapshot }: Context): SmallView['changes'] {
  if (snapshot.previousRun === undefined) return { counts: [], none: m.changes.first };
  const say = m.pages.small.counts;
  const counts = new Map<keyof typeof say, number>(ALWAYS.map((kind) => [kind, 0]));
  for (const { kind } of snapshot.changes) {
    const name = COUNTED[kind];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return {
    counts: [...counts].map(([kind, count]) => ({
      symbol: m.ids.changeKind[kind].mark,
      name: say[kind],
      count: m.number(count),
    })),
    none: undefined,
  };
}

function missedText(context: Context): string {
  const { m, snapshot } = context;
  const say = m.pages.small;
  const probe = snapshot.coverage.find(({ source, state }) => source === 'probe' && state !== 'off');
  const missed = probe === undefined ? 0 : Math.max(0, probe.addresses - probe.looked);
  const lines: string[] = [];
  if (probe !== undefined && missed > 0) lines.push(say.missed(missed, probe.addresses));
  else if (!isComplete(context)) lines.push(say.failed);
  const age = advisoryAgeOf(snapshot);
  if (age.stale) lines.push(say.stale(age.days ?? 0));
  return m.lines(lines);
}

function lawText(context: Context, shown: readonly Task[]): string {
  const { m, findings } = context;
  const say = m.pages.small;
  const told = shown.reduce((sum, { others }) => sum + 1 + others.length, 0);
  const rest = findings.length - told;
  return m.lines([
    ownLook(context) === 'silent' ? say.lawPassive : say.law,
    ...(rest > 0 ? [say.rest(rest)] : []),
  ]);
}
