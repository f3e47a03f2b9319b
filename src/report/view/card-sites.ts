/** The same numbers for each site. */
import type { Finding } from '../../model/finding.ts';
import type { CardTable } from '../view-model-card.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { lookedCount, numberCell, placesOf, PRIORITIES } from './card-cells.ts';
import { siteKind, siteName, type Context } from './context.ts';
import { siteOrder, wasProbed } from './glance.ts';
import { longestBy, openDoors } from './numbers.ts';

const SHOWN = 10;

interface SiteRow {
  readonly cells: readonly SheetCell[];
  /** Findings of each priority: the most urgent come first when there is no room for all. */
  readonly weights: readonly number[];
}

/** Nothing for a single site, whose numbers are those above, and nothing when none of them is known. */
export function sitesTable(context: Context): CardTable[] {
  const { m } = context;
  const say = m.card.sites;
  const ids = siteOrder(context);
  if (ids.length < 2 || lookedCount(context, context.entries.length) === undefined) return [];
  const doors = openDoors(context);
  const rows = ids.map((id) => siteRow(context, id, doors));
  const shown = rows.length > SHOWN ? rows.toSorted(byWeight).slice(0, SHOWN) : rows;
  return [
    {
      id: 'card-sites',
      title: say.title,
      head: [
        say.site,
        say.services,
        say.doors,
        ...PRIORITIES.map((priority) => m.ids.priority[priority]),
        say.knownUse,
        say.longest,
      ],
      rows: shown.map(({ cells }) => cells),
      notes: rows.length > SHOWN ? [say.more(rows.length - SHOWN)] : [],
    },
  ];
}

function byWeight(a: SiteRow, b: SiteRow): number {
  const differs = a.weights.findIndex((n, index) => n !== b.weights[index]);
  return differs < 0 ? 0 : (b.weights[differs] ?? 0) - (a.weights[differs] ?? 0);
}

function siteRow(context: Context, id: string | undefined, doors: ReturnType<typeof openDoors>): SiteRow {
  const { m, findings, entries, snapshot } = context;
  const known = new Set(snapshot.sites.map((site) => site.id));
  const isHere = (siteId: string | undefined): boolean =>
    id === undefined ? siteId === undefined || !known.has(siteId) : siteId === id;
  const here = findings.filter(({ siteId }) => isHere(siteId));
  const isDoor = ({ inputs }: Finding): boolean => inputs.role === 'door' && inputs.reach === 'everyone';
  const places = entries.filter(({ service }) => isHere(service.siteId)).length;
  const weights = PRIORITIES.map((of) => here.filter(({ priority }) => priority === of).length);
  const open = longestBy(
    context,
    doors.filter(({ finding }) => isHere(finding.siteId)),
    false,
  );
  const kind = siteKind(context, id);
  return {
    weights,
    cells: [
      { text: siteName(context, id), ...(kind === '' ? {} : { sub: [kind] }) },
      numberCell(context, lookedCount(context, places)),
      numberCell(context, wasProbed(context) ? placesOf(here.filter(isDoor)) : undefined),
      ...weights.map((n) => numberCell(context, lookedCount(context, n))),
      numberCell(context, lookedCount(context, here.filter(({ exploited }) => exploited.length > 0).length)),
      { text: open === undefined ? m.dash : m.card.days(open.days) },
    ],
  };
}
