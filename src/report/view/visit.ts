/** The visit: which device first, who must be there, what to carry. */
import { showable } from '../../lib/hostile-text.ts';
import type { Holder } from '../../model/volatility.ts';
import type { Block } from '../view-model.ts';
import type { SheetCell, SheetView } from '../view-model-sections.ts';
import { idCell } from './answered.ts';
import { findingId, joined, shortName, siteKind, siteName, type Context } from './context.ts';
import { siteOf, storeOf, tracedDevices, type TracedDevice } from './traces.ts';

const ROWS = 20;
const NAMED = 6;

/** Devices of one kind at one site: one stop. */
type Stop = readonly [TracedDevice, ...TracedDevice[]];

export function visitBlocks(context: Context): Block[] {
  const { m } = context;
  const say = m.rescuer.visit;
  const stops = stopsOf(context);
  if (stops.length === 0) return [{ kind: 'text', text: say.none }, ...bringBlocks(context, [])];
  // What is left out is what is least urgent, not what vanishes slowest.
  const shown = stops.slice(0, ROWS).toSorted(([a], [b]) => a.rank - b.rank);
  const sheet: SheetView = {
    id: 'visit-plan',
    title: say.title,
    note: say.note,
    columns: [
      { text: say.columns.device, width: 16 },
      { text: say.columns.why, width: 26 },
      { text: say.columns.site, width: 16 },
      { text: say.columns.present, width: 28 },
      { text: say.columns.clock, width: 14 },
    ],
    rows: shown.map((stop, index) => stopRow(context, stop, index + 1)),
    more: stops.length > ROWS ? say.more(stops.length - ROWS) : undefined,
  };
  return [{ kind: 'sheet', ...sheet }, ...bringBlocks(context, shown)];
}

/** Those to record first come first. */
function stopsOf(context: Context): Stop[] {
  const stops = new Map<string, [TracedDevice, ...TracedDevice[]]>();
  for (const device of tracedDevices(context)) {
    const key = `${device.siteId} ${device.kind} ${device.recordFirst}`;
    const known = stops.get(key);
    if (known === undefined) stops.set(key, [device]);
    else known.push(device);
  }
  return [...stops.values()];
}

function stopRow(context: Context, stop: Stop, place: number): SheetCell[] {
  const { m, lang } = context;
  const say = m.rescuer.visit;
  const [device, ...others] = stop;
  const store = storeOf(context, device.kind);
  const more = others.map(({ finding }) => findingId(finding));
  const about = [
    shortName(context, device.kind),
    showable(device.address, 60),
    ...(more.length === 0 ? [] : [say.others(more.length, joined(context, more, NAMED))]),
    ...(device.recordFirst ? [m.ids.trace.T2] : []),
  ];
  return [
    idCell(device.finding, about),
    {
      text: say.order(place, store?.name[lang] ?? say.unknownStore),
      sub: store === undefined ? [] : [store.lasts[lang]],
    },
    siteCell(context, device.siteId),
    presentCell(context, device),
    { text: '', sub: [say.clockHint], blanks: 1 },
  ];
}

function siteCell(context: Context, id: string | undefined): SheetCell {
  const say = context.m.rescuer.visit;
  const site = siteOf(context, id);
  const country = site === undefined ? '' : countryName(context, site.country);
  const kind = siteKind(context, id);
  const about = [kind, country].filter((text) => text !== '').join(context.m.listSeparator);
  const text = siteName(context, id);
  if (site?.kind === 'cloud') return { text, sub: [about, say.cloud] };
  if (site?.kind === 'mobile-line') return { text, sub: [about, say.mobile], blanks: 1 };
  return { text, sub: [about, say.room].filter((line) => line !== ''), blanks: 1 };
}

/** The country in the language of the report; a code that is none stays as it is. */
function countryName({ lang }: Context, code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return showable(code, 20);
  return new Intl.DisplayNames([lang], { type: 'region' }).of(code) ?? code;
}

function presentCell(context: Context, { kind, siteId }: TracedDevice): SheetCell {
  const { m, snapshot } = context;
  const say = m.rescuer.visit;
  const site = siteOf(context, siteId);
  const usual: readonly Holder[] = storeOf(context, kind)?.present ?? ['admin', 'maintainer'];
  const present: readonly Holder[] = site?.kind === 'cloud' ? ['cloud', 'admin'] : usual;
  const contact = showable((site?.contact ?? '').trim(), 60);
  const firm = showable(snapshot.maintainer?.name ?? '', 60);
  const maintainer = present.includes('maintainer') ? [say.password(firm)] : [];
  return {
    text: '',
    sub: contact === '' ? maintainer : [...maintainer, m.label(say.siteContact, contact)],
    ticks: [
      ...present.map((holder) => m.rescuer.holders[holder]),
      ...(contact === '' ? [] : [say.siteContact]),
    ],
  };
}

function bringBlocks(context: Context, stops: readonly Stop[]): Block[] {
  const { m, lang, knowledge } = context;
  const needed = new Set(stops.map(([{ kind }]) => storeOf(context, kind)?.id));
  const items = (knowledge.volatility?.bring ?? [])
    .filter(({ stores }) => stores === undefined || stores.some((id) => needed.has(id)))
    .map(({ what, use }) => m.label(what[lang], use[lang]));
  if (items.length === 0) return [];
  return [
    { kind: 'heading', text: m.rescuer.visit.bringTitle },
    { kind: 'list', style: 'boxes', items },
  ];
}
