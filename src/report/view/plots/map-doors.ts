/** The doors of one connection point on the map: each by itself, or several of one kind together where they are many. */
import type { MapDoor } from '../../view-model.ts';
import {
  anchorOf,
  findingId,
  markOf,
  portText,
  productName,
  seenByProbe,
  shortName,
  type Context,
  type Entry,
} from '../context.ts';

/** More doors than this at one connection point are drawn by kind and priority. */
const DOORS_DRAWN = 8;
/** More kinds than this are counted, not drawn. */
const GROUPS_DRAWN = 12;
const IDS_SAID = 10;

/** `more`: doors left out of the picture. */
export function mapDoors(
  context: Context,
  entries: readonly Entry[],
): { readonly doors: MapDoor[]; readonly more: number } {
  const single = entries.map((entry) => mapDoor(context, entry));
  if (single.length <= DOORS_DRAWN) return { doors: single, more: 0 };
  const groups = new Map<string, MapDoor[]>();
  for (const door of single) {
    const { name, priority, unowned, passiveOnly, limited, leadsInside } = door;
    const key = JSON.stringify([name, priority ?? '', unowned, passiveOnly, limited, leadsInside]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [door]);
    else group.push(door);
  }
  const all = [...groups.values()];
  const left = all.slice(GROUPS_DRAWN).reduce((sum, doors) => sum + doors.length, 0);
  return {
    doors: all.slice(0, GROUPS_DRAWN).flatMap((doors) => grouped(context, doors) ?? []),
    more: left,
  };
}

/** Stands for the most urgent of them, to which it leads. */
function grouped({ m }: Context, doors: readonly MapDoor[]): MapDoor | undefined {
  const [first] = doors;
  if (first === undefined || doors.length === 1) return first;
  const say = m.plots;
  const ids = doors.flatMap(({ id }) => (id === '' ? [] : [id]));
  const shown = ids.slice(0, IDS_SAID).join(m.listSeparator);
  const list = ids.length > IDS_SAID ? `${shown}${m.today.andMore(ids.length - IDS_SAID)}` : shown;
  const ports = new Set(doors.map(({ port }) => port));
  const word = first.priority === undefined ? m.doors.notJudged : m.ids.priority[first.priority];
  const said = [
    say.group(first.name, doors.length),
    word,
    ports.size === 1 ? first.port : say.ports(ports.size),
    ids.length === 0 ? '' : say.ids(list),
  ];
  return {
    ...first,
    id: '',
    port: say.times(doors.length),
    text: said.filter((text) => text !== '').join(m.listSeparator),
  };
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
