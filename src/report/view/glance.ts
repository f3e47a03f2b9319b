import { showable } from '../../lib/hostile-text.ts';
import type { Finding } from '../../model/finding.ts';
import type { ClassInfo } from '../../model/knowledge.ts';
import type { Service } from '../../model/service.ts';
import type { GlanceView, GridCell, GridView, MapDoor, MapSite, MapView, NumberView } from '../view-model.ts';
import {
  findingId,
  markOf,
  seenByProbe,
  serviceName,
  siteKind,
  siteName,
  type Context,
  type Entry,
} from './context.ts';
import { fewestLogs, longestOpen, openDoors, type Longest } from './numbers.ts';
import { ownLook, passiveTitle } from './passive.ts';
import { mapDoors } from './plots/map-doors.ts';

/** More walls make a picture nobody reads. */
const SITES_DRAWN = 16;
const GROUPS: readonly ClassInfo['group'][] = [
  'vpn',
  'remote',
  'admin',
  'mail',
  'web',
  'data',
  'device',
  'other',
];

export function buildGlance(context: Context): GlanceView {
  return {
    lead: leadText(context),
    numbers: [doorsNumber(context), urgentNumber(context), pointsNumber(context)],
    pair: openAgainstLogs(context),
    map: buildMap(context),
    grid: buildGrid(context),
  };
}

function leadText(context: Context): string {
  const { m } = context;
  if (wasProbed(context)) return m.glance.lead;
  return ownLook(context) === 'looked'
    ? m.glance.leadPassive
    : m.lines([passiveTitle(context), m.passive.notToday]);
}

/** An own probe really looked somewhere. Without one, "reachable" is not known. */
export function wasProbed(context: Context): boolean {
  return context.snapshot.coverage.some(
    ({ source, state, looked }) => source === 'probe' && state !== 'off' && state !== 'failed' && looked > 0,
  );
}

export function doorsNumber(context: Context): NumberView {
  const { m, findings, entries } = context;
  if (!wasProbed(context)) {
    const recorded = entries.filter(({ service }) => service.role === 'door' && !seenByProbe(service)).length;
    const note = recorded === 0 ? '' : m.label(m.glance.doorsPassive, m.number(recorded));
    return { value: undefined, unit: '', label: m.glance.doorsUnknown, note };
  }
  const reachable = findings.filter(({ inputs }) => inputs.role === 'door' && inputs.reach === 'everyone');
  const count = new Set(reachable.map(({ subject }) => subject)).size;
  return { value: m.number(count), unit: '', label: m.glance.doorsEveryone, note: '' };
}

export function urgentNumber(context: Context): NumberView {
  const { m } = context;
  const count = context.findings.filter(({ priority }) => priority === 'P1').length;
  // What is known from records alone is judged a step lower: a zero would be read as a result, and is none.
  if (count === 0 && ownLook(context) !== 'looked')
    return { value: undefined, unit: '', label: m.passive.p1Unknown, note: '' };
  return { value: m.number(count), unit: '', label: m.glance.p1, note: '' };
}

export function pointsNumber(context: Context): NumberView {
  const { m, snapshot } = context;
  return { value: m.number(snapshot.sites.length), unit: '', label: m.glance.points, note: '' };
}

/** The two numbers that say it all when they stand side by side: days open, and days of logs that are left. */
export function openAgainstLogs(context: Context): NumberView[] {
  const doors = openDoors(context);
  const open = longestOpen(context, doors);
  return open === undefined ? [] : [openNumber(context, open), logsNumber(context, doors, open)];
}

function openNumber(context: Context, { days, finding, service, afterNotice }: Longest): NumberView {
  const { m } = context;
  return {
    value: m.number(days),
    unit: m.glance.days(days),
    label: afterNotice ? m.glance.openAfterNotice : m.glance.openDays,
    note: whichDoor(context, finding, service),
  };
}

function logsNumber(context: Context, doors: ReturnType<typeof openDoors>, open: Longest): NumberView {
  const { m } = context;
  const least = fewestLogs(context, doors);
  if (least === undefined)
    return { value: undefined, unit: '', label: m.glance.logs, note: m.glance.logsUnknown };
  const same = least.finding.subject === open.finding.subject;
  const which = whichDoor(context, least.finding, least.service);
  const answered = m.pages.logsAnswered(least.known, least.all);
  return {
    value: m.number(least.days),
    unit: m.glance.days(least.days),
    label: same ? m.glance.logs : m.pages.logsFewest,
    note: least.known < least.all ? m.withNote(which, answered) : which,
  };
}

function whichDoor(context: Context, finding: Finding, service: Service): string {
  const place = `${siteName(context, finding.siteId ?? service.siteId)} ${serviceName(context, service)}`;
  return context.m.glance.which(place, findingId(finding));
}

/** Sites in the order of the map and the grid: overseas and affiliates first, for they are the ones that are forgotten. */
export function siteOrder(context: Context): (string | undefined)[] {
  const weight: Record<string, number> = { overseas: 0, affiliate: 1 };
  const sites = context.snapshot.sites.toSorted((a, b) => (weight[a.kind] ?? 2) - (weight[b.kind] ?? 2));
  const ids: (string | undefined)[] = sites.map(({ id }) => id);
  const lost = context.entries.some(({ service }) => !ids.includes(service.siteId));
  return lost ? [...ids, undefined] : ids;
}

function entriesOf(context: Context, siteId: string | undefined): Entry[] {
  const known = context.snapshot.sites.map(({ id }) => id);
  return context.entries.filter(({ service }) =>
    siteId === undefined
      ? service.siteId === undefined || !known.includes(service.siteId)
      : service.siteId === siteId,
  );
}

function buildMap(context: Context): MapView {
  const { m, snapshot } = context;
  const sites = siteOrder(context);
  // A list of devices is no observer.
  const asked = snapshot.coverage.filter(({ state, source }) => state !== 'off' && source !== 'file');
  const observers = asked.map(({ source, vantage, file }) =>
    source === 'probe'
      ? {
          name: m.glance.vantage,
          detail: showable(vantage === '' ? snapshot.vantage : vantage, 24),
          passive: false,
        }
      : {
          name: file === undefined ? m.glance.publicRecord : m.ids.source.file,
          detail: m.ids.source[source],
          passive: true,
        },
  );
  // Several files of one tool are one observer to the eye.
  const drawn = new Map(observers.map((one) => [`${one.name}\n${one.detail}`, one]));
  return {
    observers: [...drawn.values()],
    sites: drawnSites(context, sites).map((id) => mapSite(context, id)),
    moreSites: Math.max(0, sites.length - SITES_DRAWN),
  };
}

/** Of many, those with the most urgent findings are drawn, in the order of all. */
function drawnSites(context: Context, sites: readonly (string | undefined)[]): (string | undefined)[] {
  if (sites.length <= SITES_DRAWN) return [...sites];
  const known = new Set(context.snapshot.sites.map(({ id }) => id));
  const place = new Map<string | undefined, number>();
  for (const [index, { service }] of context.entries.entries()) {
    const id = service.siteId !== undefined && known.has(service.siteId) ? service.siteId : undefined;
    if (!place.has(id)) place.set(id, index);
  }
  const rank = (id: string | undefined): number => place.get(id) ?? Number.MAX_SAFE_INTEGER;
  const drawn = new Set(sites.toSorted((a, b) => rank(a) - rank(b)).slice(0, SITES_DRAWN));
  return sites.filter((id) => drawn.has(id));
}

function mapSite(context: Context, id: string | undefined): MapSite {
  const site = context.snapshot.sites.find((one) => one.id === id);
  const entries = entriesOf(context, id);
  const ranges = site === undefined ? [] : [...site.ranges, ...(site.ranges.length === 0 ? site.hosts : [])];
  const { doors, more } = mapDoors(context, entries);
  return {
    name: siteName(context, id),
    kind: siteKind(context, id),
    ranges: `${showable(ranges[0] ?? '', 40)}${ranges.length > 1 ? ` +${ranges.length - 1}` : ''}`,
    doors,
    none: nothingText(context),
    more,
    text: siteText(context, doors, more),
  };
}

function siteText(context: Context, doors: readonly MapDoor[], more: number): string {
  const { m } = context;
  if (doors.length === 0) return `${nothingText(context)}${m.stop}`;
  const lines = doors.map(({ text }) => `${text}${m.stop}`);
  return m.lines(more > 0 ? [...lines, `${m.glance.more(more)}${m.stop}`] : lines);
}

/** A record that is not there is no answer that did not come. */
function nothingText(context: Context): string {
  return ownLook(context) === 'looked' ? context.m.glance.nothingAnswered : context.m.passive.nothingRecorded;
}

function buildGrid(context: Context): GridView {
  const { m, knowledge, entries } = context;
  const groupOf = ({ service }: Entry): ClassInfo['group'] => knowledge.classes[service.class].group;
  const present = new Set(entries.map(groupOf));
  const columns = GROUPS.filter((group) => present.has(group));
  const absent = GROUPS.filter((group) => !present.has(group) && group !== 'other');
  return {
    columns: columns.map((group) => m.ids.group[group]),
    rows: siteOrder(context).map((id) => ({
      name: siteName(context, id),
      kind: siteKind(context, id),
      cells: columns.map((group) =>
        cellsOf(entriesOf(context, id).filter((entry) => groupOf(entry) === group)),
      ),
    })),
    empty:
      absent.length === 0
        ? ''
        : m.glance.empty(absent.map((group) => m.ids.group[group]).join(m.listSeparator)),
  };
}

function cellsOf(entries: readonly Entry[]): GridCell[] {
  const cells = new Map<string, GridCell>();
  for (const { finding } of entries) {
    const mark = { ...markOf(finding), trace: undefined };
    const key = `${mark.priority ?? 'P9'} ${mark.unowned}`;
    cells.set(key, { ...mark, count: (cells.get(key)?.count ?? 0) + 1 });
  }
  return [...cells.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}
