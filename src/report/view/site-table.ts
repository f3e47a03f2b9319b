/** Sites without colour: doors, what is urgent, whether somebody is known to own it all, longest days open. */
import type { Finding } from '../../model/finding.ts';
import type { DirectorView } from '../view-model-pages.ts';
import { findingId, siteName, type Context } from './context.ts';
import { siteOrder, wasProbed } from './glance.ts';
import { longestBy, openDoors } from './numbers.ts';

const ROWS = 4;

interface SiteRow {
  readonly cells: readonly string[];
  readonly urgent: number;
  readonly doors: number;
}

export function siteTable(context: Context): DirectorView['sites'] {
  const { m } = context;
  const rows = siteOrder(context)
    .map((id) => siteRow(context, id))
    .toSorted((a, b) => b.urgent - a.urgent || b.doors - a.doors);
  return {
    rows: rows.slice(0, ROWS).map(({ cells }) => cells),
    more: rows.length > ROWS ? m.pages.director.moreSites(rows.length - ROWS) : undefined,
  };
}

function siteRow(context: Context, id: string | undefined): SiteRow {
  const { m, findings, entries, snapshot } = context;
  const say = m.pages.director;
  const known = new Set(snapshot.sites.map((site) => site.id));
  const isHere = (siteId: string | undefined): boolean =>
    id === undefined ? siteId === undefined || !known.has(siteId) : siteId === id;
  const here = findings.filter(({ siteId }) => isHere(siteId));
  const reachable = here.filter(({ inputs }) => inputs.role === 'door' && inputs.reach === 'everyone');
  const doors = new Set(reachable.map(({ subject }) => subject)).size;
  const recorded = entries.filter(({ service }) => isHere(service.siteId) && service.role === 'door').length;
  const urgent = here.filter(({ priority }) => priority === 'P1').length;
  const open = longestBy(
    context,
    openDoors(context).filter(({ finding }) => isHere(finding.siteId)),
    false,
  );
  return {
    cells: [
      siteName(context, id),
      wasProbed(context) ? m.number(doors) : say.recorded(recorded),
      wasProbed(context) || urgent > 0 ? m.number(urgent) : say.unknown,
      ownerText(context, here.length === 0 ? undefined : here.filter((one) => !isOwned(context, one)).length),
      open === undefined ? m.dash : say.days(open.days),
    ],
    urgent,
    doors,
  };
}

function isOwned({ answers }: Context, finding: Finding): boolean {
  const { findings = {} } = answers;
  const id = findingId(finding);
  return finding.inputs.owned || (Object.hasOwn(findings, id) && findings[id]?.owner !== undefined);
}

/** @param unowned Findings without a known owner; undefined: nothing to own was seen. */
function ownerText({ m }: Context, unowned: number | undefined): string {
  const say = m.pages.director;
  if (unowned === undefined) return m.dash;
  return unowned === 0 ? say.ownerKnown : say.ownerUnknown(unowned);
}
