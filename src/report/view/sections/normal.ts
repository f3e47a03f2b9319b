import { showable } from '../../../lib/hostile-text.ts';
import type { Block } from '../../view-model.ts';
import type { SectionView, SheetCell, SheetView } from '../../view-model-sections.ts';
import {
  answerCell,
  answeredNote,
  answerOf,
  judgedDoors,
  logsCell,
  siteAnswerOf,
  type Judged,
} from '../answered.ts';
import { findingId, joined, siteKind, siteName, type Context } from '../context.ts';
import { buildControls } from '../controls.ts';
import { productCell } from '../words.ts';

const SITES = 30;
const DEVICES = 30;
const IDS = 6;

/** Section 10: what goes out, what is normal, devices and settings. None of it can be seen from outside. */
export function buildNormal(context: Context): SectionView {
  const { normal } = context.m.owner;
  const doors = judgedDoors(context);
  const controls = buildControls(context, doors);
  const blocks: Block[] = [
    ...(controls === undefined ? [] : [{ kind: 'plot' as const, plot: controls }]),
    { kind: 'sheet', ...questionsSheet(context) },
    { kind: 'sheet', ...sitesSheet(context) },
  ];
  if (doors.length > 0) blocks.push({ kind: 'sheet', ...devicesSheet(context, doors) });
  return { number: '10', title: normal.title, lead: normal.lead, blocks };
}

function questionsSheet({ m }: Context): SheetView {
  const { normal, columns } = m.owner;
  return {
    id: 'normal-asks',
    title: normal.sheet,
    note: undefined,
    inside: '',
    columns: [
      { text: normal.topic, width: 15 },
      { text: columns.asked, width: 37 },
      { text: normal.where, width: 22 },
      { text: columns.answer, width: 26 },
    ],
    rows: normal.groups.flatMap(({ topic, asks }) =>
      asks.map(({ ask, where }) => [
        { text: topic },
        { text: ask },
        { text: where },
        { text: '', blanks: 2 },
      ]),
    ),
    more: undefined,
  };
}

function sitesSheet(context: Context): SheetView {
  const { sites } = context.snapshot;
  const { ask, normal } = context.m.owner;
  return {
    id: 'normal-sites',
    title: normal.sites,
    note: answeredNote(context).at(0),
    inside: '',
    columns: [
      { text: ask.site, width: 22 },
      { text: normal.outbound, width: 28 },
      { text: normal.usual, width: 28 },
      { text: normal.logs, width: 22 },
    ],
    rows: sites.slice(0, SITES).map(({ id }) => {
      const told = siteAnswerOf(context, id);
      return [
        { text: siteName(context, id), sub: [siteKind(context, id)] },
        answerCell(context, told.outbound, 2),
        answerCell(context, told.normal, 2),
        logsCell(context, told.logs),
      ];
    }),
    more: sites.length > SITES ? normal.moreSites(sites.length - SITES) : undefined,
  };
}

function devicesSheet(context: Context, doors: readonly Judged[]): SheetView {
  const { normal } = context.m.owner;
  const devices = new Map<string, [Judged, ...Judged[]]>();
  for (const one of doors) {
    const device = devices.get(one.service.address);
    if (device === undefined) devices.set(one.service.address, [one]);
    else device.push(one);
  }
  return {
    id: 'normal-devices',
    title: normal.devices,
    note: context.m.lines([normal.devicesNote, ...answeredNote(context)]),
    inside: '',
    columns: [
      { text: normal.device, width: 26 },
      { text: context.m.owner.columns.seen, width: 24 },
      { text: normal.read, width: 20 },
      { text: normal.copy, width: 14 },
      { text: normal.compared, width: 16 },
    ],
    rows: [...devices].slice(0, DEVICES).map(([address, here]) => deviceRow(context, address, here)),
    more: devices.size > DEVICES ? normal.moreDevices(devices.size - DEVICES) : undefined,
  };
}

function deviceRow(context: Context, address: string, here: readonly [Judged, ...Judged[]]): SheetCell[] {
  const { normal, notKnown } = context.m.owner;
  const [{ finding }] = here;
  const ids = here.map((one) => findingId(one.finding));
  const versions = new Set(here.flatMap((one) => answerOf(context, one.finding).version ?? []));
  const products = new Set(
    here.map(({ service }) => {
      const { text, sub } = productCell(context, service);
      return [text, ...sub].join(context.m.listSeparator);
    }),
  );
  const [first = '', ...rest] = products;
  return [
    {
      text: showable(address, 60),
      sub: [siteName(context, finding.siteId), joined(context, ids, IDS)],
    },
    { text: first, sub: rest.slice(0, IDS) },
    answerCell(context, versions.size === 0 ? undefined : [...versions].join(context.m.listSeparator)),
    { text: '', ticks: [normal.has, normal.hasNot, notKnown] },
    { text: '', blanks: 1 },
  ];
}
