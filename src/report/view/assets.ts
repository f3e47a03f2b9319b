/** The organisation's own list of devices beside what was seen: three different questions, and an answer to none of them. */
import { compareAddresses } from '../../lib/address.ts';
import { showable } from '../../lib/hostile-text.ts';
import type { Asset } from '../../model/import.ts';
import { readLedger, type Ledger } from '../../model/ledger.ts';
import type { Service } from '../../model/service.ts';
import type { Cell } from '../view-model.ts';
import type { LedgerView } from '../view-model-rescue.ts';
import { joined, portText, serviceName, siteName, type Context } from './context.ts';

const ROWS_NAMED = 2;
const UNLISTED = 30;
const UNSEEN = 10;
const PORTS = 4;
const FILES = 3;

/** Every row of the doors' table asks; the list is made ready once. */
const ledgers = new WeakMap<readonly Asset[], Ledger>();

function ledgerOf({ snapshot }: Context): Ledger | undefined {
  const { assets } = snapshot;
  if (assets === undefined) return undefined;
  const known = ledgers.get(assets) ?? readLedger(assets);
  ledgers.set(assets, known);
  return known;
}

/** What the ledger says of a place, under what the organisation file says. Without a ledger nothing is added. */
export function withLedger(context: Context, service: Service, cell: Cell): Cell {
  const ledger = ledgerOf(context);
  if (ledger === undefined) return cell;
  const { m } = context;
  const rows = service.assets ?? ledger.speakingOf(service);
  if (rows.length > 0) {
    const lines = rows.slice(0, ROWS_NAMED).map((row) => m.ledger.is(describe(context, row)));
    return { ...cell, sub: [...cell.sub, ...lines] };
  }
  const line = ledger.about(service.address).length > 0 ? m.ledger.otherPort : m.ledger.absent;
  return { ...cell, sub: [...cell.sub, line] };
}

export function buildLedger(context: Context): LedgerView | undefined {
  const ledger = ledgerOf(context);
  const { assets = [] } = context.snapshot;
  if (ledger === undefined || assets.length === 0) return undefined;
  const { m } = context;
  const files = [...new Set(assets.map(({ file }) => showable(file, 60)))];
  return {
    lead: m.ledger.rows(assets.length, joined(context, files, FILES)),
    unlisted: unlistedPart(context, ledger),
    unseen: unseenPart(context, assets, ledger),
  };
}

function describe(context: Context, { name, owner, file, line }: Asset): string {
  const { m } = context;
  const known = [name, owner].flatMap((text) =>
    text === undefined || text.trim() === '' ? [] : [showable(text, 40)],
  );
  return known.length === 0
    ? m.ledger.listed(m.ledger.line(showable(file, 40), line))
    : known.join(m.ledger.slash);
}

/** Something answers, or is on record, at an address that the list does not hold at all. */
function unlistedPart(context: Context, ledger: Ledger): LedgerView['unlisted'] {
  const { m, snapshot } = context;
  if (snapshot.services.length === 0) return undefined;
  const byAddress = new Map<string, Service[]>();
  for (const service of snapshot.services) {
    const same = byAddress.get(service.address);
    if (same !== undefined) same.push(service);
    else if (ledger.about(service.address).length === 0) byAddress.set(service.address, [service]);
  }
  if (byAddress.size === 0) return { text: m.ledger.allListed, items: [] };
  const items = [...byAddress]
    .toSorted(([a], [b]) => compareAddresses(a, b))
    .map(([address, services]) => addressLine(context, address, services));
  const more = items.length > UNLISTED ? [m.ledger.unlistedMore(items.length - UNLISTED)] : [];
  return { text: m.ledger.unlisted(items.length), items: [...items.slice(0, UNLISTED), ...more] };
}

function addressLine(context: Context, address: string, services: readonly Service[]): string {
  const { m } = context;
  const ports = services.map((one) => `${portText(one)} ${serviceName(context, one)}`);
  const place = m.withNote(showable(address, 60), siteName(context, services[0]?.siteId));
  return m.label(place, joined(context, ports, PORTS));
}

function unseenPart(context: Context, assets: readonly Asset[], ledger: Ledger): LedgerView['unseen'] {
  const { m, snapshot } = context;
  const seen = new Set(snapshot.services.flatMap((service) => ledger.speakingOf(service)));
  const rows = assets.filter((asset) => !seen.has(asset));
  if (rows.length === 0) return undefined;
  const items = rows.slice(0, UNSEEN).map((row) => m.label(rangeText(row), describe(context, row)));
  const more = rows.length > UNSEEN ? [m.ledger.unseenMore(rows.length - UNSEEN)] : [];
  return { text: m.ledger.unseen(rows.length), items: [...items, ...more] };
}

function rangeText({ range, port, transport }: Asset): string {
  const place = port === undefined ? range : `${range} ${port}`;
  return showable(transport === undefined ? place : `${place}/${transport}`, 60);
}
