import { showable } from '../../lib/hostile-text.ts';
import type { Finding, Priority } from '../../model/finding.ts';
import type { Service, Sighting } from '../../model/service.ts';
import { addDays } from '../dates.ts';
import type { ActionView, TodayView } from '../view-model.ts';
import { briefDesk, firstDesks } from './contacts.ts';
import {
  anchorOf,
  findingId,
  joined,
  markOf,
  transportText,
  productName,
  seenByProbe,
  siteName,
  type Context,
} from './context.ts';
import { ownLook } from './passive.ts';
import { newestOther } from './sources.ts';
import { headline, phoneText, versionText } from './words.ts';
import { hasUpdate } from './update-step.ts';

/** More than three things are not done today. */
export const ACTIONS = 3;
const STEPS = 3;

/** Findings that ask for the same work at once. */
export interface Task {
  readonly finding: Finding;
  readonly service: Service;
  readonly others: readonly Finding[];
}

export function buildToday(context: Context): TodayView {
  const { m, findings } = context;
  const tasks = tasksOf(context);
  const actions = tasks.slice(0, ACTIONS).map((task) => buildAction(context, task));
  const hidden = tasks.length > ACTIONS || findings.length > tasks.length;
  const lead = actions.length === 0 ? '' : m.today.lead(actions.length);
  return {
    lead: m.lines([lead, ...(actions.length > 0 && hidden ? [m.today.rest] : [])]),
    actions,
    none: actions.length === 0 ? nothingText(context) : undefined,
    rules: [m.today.restart, m.today.visible],
    help: helpers(context),
    helpText: context.knowledge.commonAdvice['who-to-call'][context.lang],
  };
}

/** Nothing to do, nothing seen, and nothing looked at are three different things. */
export function nothingText(context: Context): string {
  const { m, snapshot } = context;
  const looked = snapshot.coverage.some(({ state, looked: places }) => state !== 'off' && places > 0);
  if (!looked) return m.today.nothingLooked;
  if (ownLook(context) !== 'looked')
    return snapshot.services.length === 0 ? m.limits.zeroPassive : m.passive.noWork;
  return snapshot.services.length === 0 ? m.today.nothingSeen : m.today.none;
}

/** Most urgent first. What is only to know, or not sure to be a fault, is no task. */
export function tasksOf(context: Context): Task[] {
  const tasks = new Map<string, { finding: Finding; service: Service; others: Finding[] }>();
  for (const finding of context.findings) {
    const service = context.service(finding.subject);
    if (service === undefined || finding.priority === 'P4' || finding.verdict !== 'found') continue;
    const key = `${finding.priority} ${service.class} ${finding.row}`;
    const task = tasks.get(key);
    if (task === undefined) tasks.set(key, { finding, service, others: [] });
    else task.others.push(finding);
  }
  return [...tasks.values()];
}

function buildAction(context: Context, { finding, service, others }: Task): ActionView {
  const { m, lang, knowledge } = context;
  const id = findingId(finding);
  const steps: string[] = [];
  if (finding.trace === 'T2') steps.push(m.today.recordFirst(id));
  if (finding.trace === 'T1') steps.push(m.today.copyFirst(id));
  const advice = knowledge.advice.get(service.class)?.['first-action'] ?? [];
  steps.push(...(advice.length > 0 ? advice.map((text) => text[lang]) : [m.finding.noAdvice]));
  const notes: string[] = [];
  const { knownUse } = finding.inputs;
  const isUsed = knownUse === 'confirmed' || knownUse === 'product-matches';
  if (isUsed || hasUpdate(advice)) notes.push(m.today.notClean);
  const record = newestOther(service);
  if (!seenByProbe(service) && record !== undefined) notes.push(confirmFirst(context, record));
  if (others.length > 0) notes.push(m.today.same(others.length, joined(context, others.map(findingId), 8)));
  return {
    ...markOf(finding),
    id,
    anchor: anchorOf(finding),
    headline: headline(context, finding, service),
    where: whereText(context, finding, service),
    steps: steps.slice(0, STEPS),
    notes,
    phone: phoneText(context, finding, service),
    ...deadlines(context, finding.priority),
  };
}

/** How old a record is decides whether anybody should be woken up for it. */
function confirmFirst({ m, dates, snapshot }: Context, newest: Sighting): string {
  return newest.undated === true
    ? m.passive.confirmUndated
    : m.passive.confirmFirst(
        dates.numeric(newest.last),
        dates.daysBetween(newest.last, snapshot.endedAt) ?? 0,
      );
}

function whereText(context: Context, finding: Finding, service: Service): string {
  const { m } = context;
  const lines = [m.finding.where(showable(service.address, 60), service.port, transportText(service))];
  if (service.identity !== undefined) {
    const name = productName(context, service.identity.productId);
    lines.push(`${name}${m.listSeparator}${versionText(context, service)}${m.stop}`);
  }
  const entry = context.snapshot.register.find(({ key }) => key === finding.key);
  if (entry?.reopenedAt !== undefined) {
    lines.push(`${m.finding.reopenedAt} ${context.dates.short(entry.reopenedAt)}${m.stop}`);
  }
  return m.lines(lines);
}

/** Counted from the end of the run; a first day ends at the full hour, later ones with the day. */
export function deadlines(context: Context, priority: Priority): { begin: string; finish: string } {
  const { snapshot, dates, m, knowledge } = context;
  const limits = knowledge.decisions.deadlines[priority];
  const write = (days: number | undefined): string => {
    if (days === undefined) return m.today.noDate;
    const at = addDays(snapshot.endedAt, days);
    return days > 1 ? dates.short(at) : dates.moment(at.replace(/:\d\d(:\d\d)/, ':00$1'), false);
  };
  return { begin: write(limits.start), finish: write(limits.finish) };
}

function helpers(context: Context): TodayView['help'] {
  const { m, snapshot } = context;
  const { maintainer } = snapshot;
  const who = m.today.maintainer;
  const firm =
    maintainer === undefined
      ? { who, what: m.today.noMaintainer }
      : {
          who,
          what: showable(maintainer.name, 80),
          ...(maintainer.phone === undefined ? {} : { phone: showable(maintainer.phone, 40) }),
        };
  const desks = firstDesks(context.knowledge.contacts ?? []).map((contact) => ({
    who: contact.who[context.lang],
    what: briefDesk(context, contact),
  }));
  return [firm, ...desks, ...siteContacts(context)];
}

function siteContacts(context: Context): TodayView['help'] {
  return context.snapshot.sites
    .filter(({ contact }) => contact !== undefined && contact !== '')
    .slice(0, 3)
    .map((site) => ({ who: siteName(context, site.id), what: showable(site.contact ?? '', 100) }));
}
