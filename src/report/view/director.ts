/** One sheet for who decides: a sentence, five numbers, what is asked of them and by when. No score. */
import { showable } from '../../lib/hostile-text.ts';
import type { SourceCoverage } from '../../model/snapshot.ts';
import { cutColumns } from '../columns.ts';
import type { NumberView } from '../view-model.ts';
import type { DirectorView } from '../view-model-pages.ts';
import type { Context } from './context.ts';
import { buildDecisions, isWork } from './decisions.ts';
import { doorsNumber, pointsNumber, urgentNumber } from './glance.ts';
import { fewestLogs, longestOpen, openDoors, type Longest, type LogsLeft } from './numbers.ts';
import { ownLook } from './passive.ts';
import { dueDays, sheetHead, shortened } from './sheet-head.ts';
import { siteTable } from './site-table.ts';

export function buildDirector(whole: Context): DirectorView {
  const context = shortened(whole);
  const { m, snapshot, dates } = context;
  const say = m.pages.director;
  const doors = openDoors(context);
  const open = longestOpen(context, doors);
  const logs = fewestLogs(context, doors);
  const seen = say.limits(cutColumns(showable(snapshot.vantage, 60), 24), dates.moment(snapshot.endedAt));
  return {
    ...sheetHead(context, say.title),
    conclusion: conclusion(context),
    numbers: [doorCount(context), urgentCount(context), pointCount(context)],
    pair: [openCount(context, open), logCount(context, logs)],
    said: open === undefined ? undefined : pairSentence(context, open, logs),
    ask: open === undefined || logs !== undefined ? undefined : say.askLogs,
    may: say.may,
    maySource: m.lines([say.maySource, ...(namesRoutes(context) ? [say.routes] : [])]),
    decisions: buildDecisions(context),
    sites: siteTable(context),
    law: ownLook(context) === 'silent' ? m.pages.small.lawPassive : m.pages.small.law,
    limits: [ownLook(context) === 'looked' ? seen : say.limitsPassive, say.noScore, say.deadlines],
  };
}

function conclusion(context: Context): string {
  const { m, snapshot, findings } = context;
  const say = m.pages.director.conclusion;
  const work = findings.filter(isWork);
  const misuse = work.filter(({ inputs }) => inputs.misuse).length;
  const urgent = work.filter(({ priority }) => priority === 'P1').length;
  const soon = work.filter(({ priority }) => priority === 'P2').length;
  if (misuse > 0) return say.misuse(misuse, dueDays(context, 'P1').begin ?? m.today.noDate);
  if (urgent > 0) return say.urgent(urgent, dueDays(context, 'P1').finish ?? m.today.noDate);
  if (!snapshot.coverage.some(toldSomething)) return say.blind;
  if (soon > 0) return say.soon(soon, dueDays(context, 'P2').finish ?? m.today.noDate);
  return ownLook(context) === 'looked' ? say.none : say.passive;
}

function toldSomething({ state, looked }: SourceCoverage): boolean {
  return state !== 'off' && state !== 'failed' && looked > 0;
}

function doorCount(context: Context): NumberView {
  const { value, note } = doorsNumber(context);
  const { doors, notChecked } = context.m.pages.director;
  return { value, unit: '', label: doors, note: value === undefined && note === '' ? notChecked : note };
}

/** With the difference to the run that this one was compared with. */
function urgentCount(context: Context): NumberView {
  const { m, findings } = context;
  const say = m.pages.director;
  const { value } = urgentNumber(context);
  if (value === undefined) return { value, unit: '', label: say.urgent, note: say.notChecked };
  const count = findings.filter(({ priority }) => priority === 'P1').length;
  return { value, unit: '', label: say.urgent, note: differenceText(context, count) };
}

function differenceText({ m, snapshot, history }: Context, count: number): string {
  const say = m.pages.director;
  const { previousRun } = snapshot;
  if (previousRun === undefined) return say.noPrevious;
  const before = history.find(({ runId, blind }) => runId === previousRun.runId && !blind);
  if (before === undefined) return say.differenceUnknown;
  const moved = count - before.priorities.P1;
  if (moved === 0) return say.same;
  return moved > 0 ? say.more(moved) : say.fewer(-moved);
}

function pointCount(context: Context): NumberView {
  const { m, snapshot } = context;
  const overseas = snapshot.sites.filter(({ kind }) => kind === 'overseas').length;
  const note = overseas > 0 ? m.pages.director.overseas(overseas) : '';
  return { ...pointsNumber(context), label: m.pages.director.points, note };
}

function openCount({ m }: Context, open: Longest | undefined): NumberView {
  const say = m.pages.director;
  if (open === undefined) return { value: undefined, unit: '', label: say.open, note: say.noDoor };
  const label = open.afterNotice ? say.openNoticed : say.open;
  return { value: m.number(open.days), unit: m.glance.days(open.days), label, note: '' };
}

function logCount({ m }: Context, logs: LogsLeft | undefined): NumberView {
  const say = m.pages.director;
  if (logs === undefined) return { value: undefined, unit: '', label: say.logs, note: '' };
  const note = logs.known < logs.all ? m.pages.logsAnswered(logs.known, logs.all) : '';
  return { value: m.number(logs.days), unit: m.glance.days(logs.days), label: say.logs, note };
}

function pairSentence({ m }: Context, open: Longest, logs: LogsLeft | undefined): string {
  const say = m.pages.director;
  return logs === undefined
    ? say.pairUnknown(open.days, open.afterNotice)
    : say.pair(open.days, logs.days, open.afterNotice);
}

/** The figures of the police are about VPN and remote desktop: said where there is such a door. */
function namesRoutes(context: Context): boolean {
  return openDoors(context).some(({ service }) => ['ssl-vpn', 'ipsec-vpn', 'rdp'].includes(service.class));
}
