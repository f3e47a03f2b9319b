import { showable } from '../../../lib/hostile-text.ts';
import type { Snapshot } from '../../../model/snapshot.ts';
import type { SectionView, SheetCell, SheetView } from '../../view-model-sections.ts';
import type { Block } from '../../view-model.ts';
import { siteAnswerOf } from '../answered.ts';
import { siteKind, siteName, type Context } from '../context.ts';
import { wasProbed } from '../glance.ts';
import { buildDoorsOverTime } from '../plots/doors-over-time.ts';
import { buildYours } from '../yours.ts';

type Site = Snapshot['sites'][number];

const SITES_LISTED = 300;
const RANGES_LISTED = 3;

/** Section 11. Undefined: nothing to say. What only the owner can answer (`YoursView`) follows under the same heading. */
export function buildSites(context: Context): SectionView | undefined {
  const { sites: say } = context.m;
  const { sites } = context.snapshot;
  if (sites.length === 0 && buildYours(context) === undefined) return undefined;
  const blocks: Block[] =
    sites.length === 0
      ? []
      : [{ kind: 'sheet', ...sitesSheet(context) }, ...whyBlocks(context), ...mergeBlocks(context)];
  return { number: '11', title: say.title, lead: say.lead, blocks };
}

function sitesSheet(context: Context): SheetView {
  const { sites: say } = context.m;
  const { sites } = context.snapshot;
  const { columns } = say;
  const sorted = sites.toSorted((a, b) => weight(context, a) - weight(context, b));
  return {
    id: 'sites',
    title: say.sheet,
    note: say.sheetNote,
    columns: [
      { text: columns.site, width: 22 },
      { text: columns.ranges, width: 20 },
      { text: columns.doors, width: 12 },
      { text: columns.urgent, width: 6 },
      { text: columns.contact, width: 20 },
      { text: columns.line, width: 20 },
    ],
    rows: sorted.slice(0, SITES_LISTED).map((site) => siteRow(context, site)),
    more: sites.length > SITES_LISTED ? say.moreSites(sites.length - SITES_LISTED) : undefined,
  };
}

function isRemote({ kind }: Site): boolean {
  return kind === 'overseas' || kind === 'affiliate';
}

/** Overseas and affiliates of which nobody is named, the others of them, then those at home of which nobody is named. */
function weight(context: Context, site: Site): number {
  const isNamed = contactOf(context, site) !== undefined;
  return (isRemote(site) ? 0 : 2) + (isNamed ? 1 : 0);
}

function contactOf(context: Context, site: Site): string | undefined {
  const told = siteAnswerOf(context, site.id)['local-contact'] ?? site.contact;
  return told === undefined || told.trim() === '' ? undefined : showable(told, 100);
}

function siteRow(context: Context, site: Site): SheetCell[] {
  const { m } = context;
  const say = m.sites;
  const places = [...site.ranges, ...site.hosts];
  const listed = places.slice(0, RANGES_LISTED).map((place) => showable(place, 60));
  const more = places.length > RANGES_LISTED ? [say.moreRanges(places.length - RANGES_LISTED)] : [];
  const contact = contactOf(context, site);
  const { line, provider } = siteAnswerOf(context, site.id);
  const lines = [line, provider].flatMap((text) => (text === undefined ? [] : [showable(text, 100)]));
  const urgent = new Set(
    context.findings
      .filter(({ siteId, priority }) => siteId === site.id && priority === 'P1')
      .map(({ subject }) => subject),
  ).size;
  return [
    {
      text: siteName(context, site.id),
      sub: [say.kind(siteKind(context, site.id), showable(site.country, 20))],
    },
    { text: listed[0] ?? m.dash, sub: [...listed.slice(1), ...more] },
    doorsCell(context, site),
    { text: wasProbed(context) || urgent > 0 ? m.number(urgent) : m.dash },
    contact === undefined ? { text: say.noContact, blanks: 1 } : { text: contact },
    lines.length === 0 ? { text: say.noLine, blanks: 1 } : { text: lines[0] ?? '', sub: lines.slice(1) },
  ];
}

function doorsCell(context: Context, { id }: Site): SheetCell {
  const { m } = context;
  const places = (...reach: readonly string[]): number =>
    new Set(
      context.findings
        .filter(
          ({ siteId, inputs }) => siteId === id && inputs.role === 'door' && reach.includes(inputs.reach),
        )
        .map(({ subject }) => subject),
    ).size;
  const recorded = places('passive-only', 'unknown');
  return {
    text: wasProbed(context) ? m.number(places('everyone', 'some')) : m.sites.doorsUnknown,
    sub: recorded === 0 ? [] : [m.sites.recorded(recorded)],
  };
}

function whyBlocks({ m, snapshot }: Context): Block[] {
  if (!snapshot.sites.some(isRemote)) return [];
  return [
    { kind: 'heading', text: m.sites.whyTitle },
    { kind: 'list', style: 'bullets', items: m.sites.why },
  ];
}

/** How many connection points there are, and what fewer would mean: questions, no orders. */
function mergeBlocks(context: Context): Block[] {
  const { m, snapshot, findings } = context;
  const say = m.sites;
  const points = snapshot.sites.length;
  const doors = findings.filter(({ inputs }) => inputs.role === 'door' && inputs.reach === 'everyone');
  const known = new Set(snapshot.sites.map(({ id }) => id));
  const withDoors = new Set(
    doors.flatMap(({ siteId }) => (siteId !== undefined && known.has(siteId) ? [siteId] : [])),
  );
  const counted = wasProbed(context)
    ? say.merge(points, withDoors.size, new Set(doors.map(({ subject }) => subject)).size)
    : say.mergeUnknown(points);
  const plot = buildDoorsOverTime(context);
  return [
    { kind: 'heading', text: say.mergeTitle },
    { kind: 'text', text: points === 1 ? m.lines([counted, say.one]) : counted },
    ...(points === 1
      ? []
      : [
          { kind: 'text' as const, text: say.mergeMeans },
          { kind: 'list' as const, style: 'boxes' as const, items: say.questions },
        ]),
    plot === undefined
      ? { kind: 'text', text: m.plots.doorsOverTime.tooFew, small: true }
      : { kind: 'plot', plot },
  ];
}
