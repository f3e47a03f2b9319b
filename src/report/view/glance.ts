import { showable } from '../../lib/hostile-text.ts';
import type { Finding } from '../../model/finding.ts';
import type { ClassInfo } from '../../model/knowledge.ts';
import type { GlanceView, GridCell, GridView, MapDoor, MapSite, MapView, NumberView } from '../view-model.ts';
import {
  anchorOf,
  findingId,
  markOf,
  portText,
  productName,
  seenByProbe,
  serviceName,
  shortName,
  siteKind,
  siteName,
  type Context,
  type Entry,
} from './context.ts';
import { ownLook, passiveTitle } from './passive.ts';

/** More doors at one connection point are counted, not drawn. */
const DOORS_DRAWN = 8;
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
function wasProbed(context: Context): boolean {
  return context.snapshot.coverage.some(
    ({ source, state, looked }) => source === 'probe' && state !== 'off' && state !== 'failed' && looked > 0,
  );
}

function doorsNumber(context: Context): NumberView {
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

function urgentNumber(context: Context): NumberView {
  const { m } = context;
  const count = context.findings.filter(({ priority }) => priority === 'P1').length;
  // What is known from records alone is judged a step lower: a zero would be read as a result, and is none.
  if (count === 0 && ownLook(context) !== 'looked')
    return { value: undefined, unit: '', label: m.passive.p1Unknown, note: '' };
  return { value: m.number(count), unit: '', label: m.glance.p1, note: '' };
}

function pointsNumber(context: Context): NumberView {
  const { m, snapshot } = context;
  return { value: m.number(snapshot.sites.length), unit: '', label: m.glance.points, note: '' };
}

/** The two numbers that say it all when they stand side by side: days open, and days of logs that are left. */
function openAgainstLogs(context: Context): NumberView[] {
  const { m } = context;
  const open = openNumber(context);
  if (open === undefined) return [];
  return [open, { value: undefined, unit: '', label: m.glance.logs, note: m.glance.logsUnknown }];
}

/** Longest time open after its use in attacks was made public; without such a door, the longest time open. */
function openNumber(context: Context): NumberView | undefined {
  const { m, findings } = context;
  const doors = findings.filter(({ inputs, subject }) => {
    const service = context.service(subject);
    return inputs.role === 'door' && service !== undefined && seenByProbe(service);
  });
  const noticed = longest(context, doors, (finding) => {
    const dates = finding.exploited.flatMap(({ kevAdded }) => (kevAdded === undefined ? [] : [kevAdded]));
    const first = dates.toSorted().at(0);
    return first === undefined ? undefined : first > finding.firstSeen ? first : finding.firstSeen;
  });
  if (noticed !== undefined) return { ...noticed, label: m.glance.openAfterNotice };
  const open = longest(context, doors, ({ firstSeen }) => firstSeen);
  return open === undefined ? undefined : { ...open, label: m.glance.openDays };
}

function longest(
  context: Context,
  findings: readonly Finding[],
  since: (finding: Finding) => string | undefined,
): Omit<NumberView, 'label'> | undefined {
  const { m, dates, snapshot } = context;
  let most: { days: number; finding: Finding } | undefined;
  for (const finding of findings) {
    const from = since(finding);
    const days = from === undefined ? undefined : dates.daysBetween(from, snapshot.endedAt);
    if (days !== undefined && (most === undefined || days > most.days)) most = { days, finding };
  }
  if (most === undefined) return undefined;
  const service = context.service(most.finding.subject);
  const name = service === undefined ? '' : serviceName(context, service);
  return {
    value: m.number(most.days),
    unit: m.glance.days(most.days),
    note: m.glance.which(`${siteName(context, most.finding.siteId)} ${name}`, findingId(most.finding)),
  };
}

/** Sites in the order of the map and the grid: overseas and affiliates first, for they are the ones that are forgotten. */
function siteOrder(context: Context): (string | undefined)[] {
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
    sites: sites.slice(0, SITES_DRAWN).map((id) => mapSite(context, id)),
    moreSites: Math.max(0, sites.length - SITES_DRAWN),
  };
}

function mapSite(context: Context, id: string | undefined): MapSite {
  const site = context.snapshot.sites.find((one) => one.id === id);
  const entries = entriesOf(context, id);
  const ranges = site === undefined ? [] : [...site.ranges, ...(site.ranges.length === 0 ? site.hosts : [])];
  const doors = entries.slice(0, DOORS_DRAWN).map((entry) => mapDoor(context, entry));
  const more = Math.max(0, entries.length - DOORS_DRAWN);
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

function mapDoor(context: Context, { service, finding }: Entry): MapDoor {
  const { m } = context;
  const { identity } = service;
  const plain =
    identity?.certainty === 'confirmed'
      ? productName(context, identity.productId)
      : shortName(context, service.class);
  const role = finding?.inputs.role ?? service.role;
  const name = role === 'window' ? m.glance.windowName(plain) : plain;
  const mark = markOf(finding);
  const passiveOnly = !seenByProbe(service);
  const limited = finding?.inputs.reach === 'some';
  // The judgement knows whether a probe looked and got no answer, or nobody looked: two different sentences.
  const reach = m.ids.reach[finding?.inputs.reach ?? 'unknown'];
  const id = finding === undefined ? '' : findingId(finding);
  const word = finding === undefined ? m.doors.notJudged : m.ids.priority[finding.priority];
  return {
    ...mark,
    id,
    anchor: finding === undefined ? undefined : anchorOf(finding),
    name,
    port: service.transport === 'udp' ? portText(service) : `${service.port}`,
    passiveOnly,
    limited,
    leadsInside: role === 'door' && !limited && !passiveOnly,
    text: m.glance.textDoor(
      id,
      word,
      name,
      `${service.address} ${portText(service)}`,
      mark.unowned ? `${reach}${m.listSeparator}${m.glance.unowned}` : reach,
    ),
  };
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
