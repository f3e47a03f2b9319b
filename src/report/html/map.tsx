/** The boundary as a picture: one wall per connection point, a gap in it for every door. Drawn for any number of either. */
import type { JSX } from 'preact';
import type { Messages } from '../messages/index.ts';
import type { MapDoor, MapSite, MapView } from '../view-model.ts';
import { shapeOf } from './marks.tsx';
import { RowLink } from './plots/row.tsx';
import { fitText, textWidth, wrapText } from './text-width.ts';

interface Geometry {
  readonly broad: boolean;
  readonly width: number;
  readonly font: number;
  /** x of the line that the doors branch from, of the wall's left side, and of the empty box. */
  readonly bus: number;
  readonly wall: number;
  readonly box: readonly [number, number];
  /** x of a door's text and of the right end of its port. */
  readonly text: readonly [number, number];
  /** y of the first door below the head of its site, and between doors. */
  readonly head: number;
  readonly step: number;
  readonly gap: number;
}

const BROAD: Geometry = {
  broad: true,
  width: 952,
  font: 14,
  bus: 150,
  wall: 463,
  box: [640, 951],
  text: [172, 434],
  head: 68,
  step: 36,
  gap: 22,
};
const NARROW: Geometry = {
  broad: false,
  width: 350,
  font: 13,
  bus: 6,
  wall: 225,
  box: [262, 349],
  text: [14, 212],
  head: 67,
  step: 38,
  gap: 24,
};
const WALL_WIDTH = 14;
const OBSERVER_STEP = { broad: 84, narrow: 23 };

export function BoundaryMap({ map, m }: { map: MapView; m: Messages }): JSX.Element {
  return (
    <figure>
      <Drawing map={map} m={m} g={BROAD} />
      <Drawing map={map} m={m} g={NARROW} />
      {map.moreSites > 0 ? <p class="small after-table">{m.glance.moreSites(map.moreSites)}</p> : null}
      <Key m={m} />
      <details>
        <summary>{m.glance.textForm}</summary>
        <ul>
          {map.sites.map((site) => (
            <li>
              {m.label([site.name, site.kind].filter((text) => text !== '').join(m.listSeparator), site.text)}
            </li>
          ))}
        </ul>
      </details>
    </figure>
  );
}

interface DrawingProps {
  readonly map: MapView;
  readonly m: Messages;
  readonly g: Geometry;
}

function Drawing({ map, m, g }: DrawingProps): JSX.Element {
  const first = g.broad ? 58 : 44 + map.observers.length * OBSERVER_STEP.narrow + 14;
  const placed: { site: MapSite; top: number; height: number }[] = [];
  let y = first;
  for (const site of map.sites) {
    const height = siteHeight(site, g);
    placed.push({ site, top: y, height });
    y += height + g.gap;
  }
  const bottom = y - g.gap;
  const height = Math.max(bottom, g.broad ? 58 + map.observers.length * OBSERVER_STEP.broad : first) + 6;
  return (
    <svg
      class={g.broad ? 'plot broad' : 'plot narrow'}
      viewBox={`0 0 ${g.width} ${height}`}
      role="group"
      aria-label={m.glance.mapLabel}
    >
      <Heads m={m} g={g} />
      <Observers map={map} g={g} bottom={Math.max(bottom, first)} />
      {placed.map(({ site, top, height: tall }) => (
        <Site site={site} top={top} height={tall} m={m} g={g} />
      ))}
    </svg>
  );
}

function rows(site: MapSite): number {
  return Math.max(1, site.doors.length + (site.more > 0 ? 1 : 0));
}

function siteHeight(site: MapSite, g: Geometry): number {
  return g.head + g.step * (rows(site) - 1) + 20;
}

function Heads({ m, g }: { m: Messages; g: Geometry }): JSX.Element {
  const y = g.broad ? 18 : 14;
  const rule = g.broad ? 32 : 24;
  return (
    <>
      <text x="0" y={y} class="cap">
        {m.glance.internet}
      </text>
      <text x={g.wall + WALL_WIDTH / 2} y={y} class="cap" text-anchor="middle">
        {g.broad ? m.glance.wall : m.glance.wallShort}
      </text>
      <text x={g.broad ? g.box[0] : g.width} y={y} class="cap" text-anchor={g.broad ? 'start' : 'end'}>
        {g.broad ? m.glance.inside : m.glance.insideShort}
      </text>
      <line x1="0" x2={g.width} y1={rule} y2={rule} class="rule" />
    </>
  );
}

function Observers({ map, g, bottom }: { map: MapView; g: Geometry; bottom: number }): JSX.Element {
  const { observers } = map;
  const dash = (passive: boolean): string => (passive ? ' dash' : '');
  if (!g.broad) {
    const last = 44 + Math.max(0, observers.length - 1) * OBSERVER_STEP.narrow;
    return (
      <>
        {observers.map(({ name, detail, passive }, index) => {
          const y = 44 + index * OBSERVER_STEP.narrow;
          return (
            <>
              <circle cx={g.bus} cy={y} r="5" class={`van${dash(passive)}`} />
              <text x="20" y={y + 4} class="s">
                {fitText(`${name}  ${detail}`, g.width - 24, 12.5)}
              </text>
            </>
          );
        })}
        <line x1={g.bus} x2={g.bus} y1={observers.length === 0 ? 38 : last + 7} y2={bottom} class="bus" />
      </>
    );
  }
  return (
    <>
      <line x1={g.bus} x2={g.bus} y1="58" y2={bottom} class="bus" />
      {observers.map(({ name, detail, passive }, index) => {
        const y = 72 + index * OBSERVER_STEP.broad;
        return (
          <>
            <circle cx="12" cy={y} r="7" class={`van${dash(passive)}`} />
            <line x1="20" x2={g.bus} y1={y} y2={y} class={`way${dash(passive)}`} />
            <text x="4" y={y + 26} class="b">
              {name}
            </text>
            <text x="4" y={y + 43} class="s">
              {fitText(detail, 140, 12.5)}
            </text>
          </>
        );
      })}
    </>
  );
}

interface SiteProps {
  readonly site: MapSite;
  readonly top: number;
  readonly height: number;
  readonly m: Messages;
  readonly g: Geometry;
}

function Site({ site, top, height, m, g }: SiteProps): JSX.Element {
  const [boxLeft, boxRight] = g.box;
  const lines = Array.from({ length: Math.floor((height - 24) / 26) }, (_, index) => top + 34.5 + 26 * index);
  return (
    <g role="group" aria-label={[site.name, site.kind].filter((text) => text !== '').join(m.listSeparator)}>
      <rect x={g.wall} y={top} width={WALL_WIDTH} height={height} class="wall" />
      {g.broad ? <BroadHead site={site} top={top} g={g} /> : <NarrowHead site={site} top={top} g={g} />}
      <rect x={boxLeft} y={top + 0.5} width={boxRight - boxLeft} height={height - 1} class="box" />
      {lines.map((y) => (
        <line x1={boxLeft + 14} x2={boxRight - 14} y1={y} y2={y} class="dot" />
      ))}
      {site.doors.map((door, index) => (
        <Door door={door} y={top + g.head + g.step * index} g={g} />
      ))}
      {site.doors.length === 0 ? (
        <text x={g.text[0]} y={top + g.head - 7} class="s">
          {site.none}
        </text>
      ) : null}
      {site.more > 0 ? (
        <text x={g.text[0]} y={top + g.head + g.step * site.doors.length - 7}>
          {m.glance.more(site.more)}
        </text>
      ) : null}
    </g>
  );
}

function BroadHead({ site, top, g }: { site: MapSite; top: number; g: Geometry }): JSX.Element {
  const x = g.wall + 31;
  const name = wrapText(site.name, g.box[0] - x - 10, 16, 2);
  return (
    <>
      {name.map((line, index) => (
        <text x={x} y={top + 17 + index * 19} class="h">
          {line}
        </text>
      ))}
      <text x={x} y={top + 16 + name.length * 19} class="s">
        {site.kind}
      </text>
      <text x={g.text[1]} y={top + 17} class="s" text-anchor="end">
        {fitText(site.ranges, g.text[1] - g.text[0], 12.5)}
      </text>
    </>
  );
}

function NarrowHead({ site, top, g }: { site: MapSite; top: number; g: Geometry }): JSX.Element {
  const room = g.text[1] - g.text[0];
  return (
    <>
      <text x={g.text[0]} y={top + 14} class="h">
        {fitText(site.name, room, 16)}
      </text>
      <text x={g.text[0]} y={top + 31} class="s">
        {fitText(site.ranges, room, 12.5)}
      </text>
    </>
  );
}

function Door({ door, y, g }: { door: MapDoor; y: number; g: Geometry }): JSX.Element {
  const [left, right] = g.text;
  const middle = g.wall + WALL_WIDTH / 2;
  const stop = door.limited ? g.wall - (g.broad ? 17 : 8) : g.wall - 5;
  const { id } = door;
  const idWidth = id === '' ? 0 : textWidth(id, g.font) + (g.broad ? 10 : 7);
  const room = right - left - idWidth - textWidth(door.port, g.font) - (g.broad ? 10 : 4);
  const arrow = g.box[0] - 7;
  const area = g.broad ? g.step : g.step - 2;
  return (
    <RowLink tip={door.text} anchor={door.anchor} top={y - 24} height={area} width={g.width}>
      <line x1={g.bus} x2={stop} y1={y} y2={y} class={door.passiveOnly ? 'way dash' : 'way'} />
      {door.limited ? <line x1={stop} x2={stop} y1={y - 9} y2={y + 9} class="stopper" /> : null}
      <text x={left} y={y - 7}>
        <tspan class="b">{id}</tspan>
        <tspan dx={id === '' ? 0 : g.broad ? 8 : 6}>{fitText(door.name, room, g.font)}</tspan>
      </text>
      <text x={right} y={y - 7} text-anchor="end">
        {door.port}
      </text>
      {door.leadsInside ? <path d={`M${g.wall + 23} ${y}H${arrow}m-6 -4 6 4 -6 4`} class="in" /> : null}
      <rect x={g.wall - 2} y={y - 14} width={WALL_WIDTH + 4} height="28" class="halo" />
      <use href={shapeOf(door)} x={middle - 11} y={y - 11} width="22" height="22" />
    </RowLink>
  );
}

function Key({ m }: { m: Messages }): JSX.Element {
  const shapes = ['P1', 'P2', 'P3', 'P4'] as const;
  return (
    <ul class="key">
      {shapes.map((priority) => (
        <li>
          <svg class="m tiny" aria-hidden="true">
            <use href={shapeOf({ priority, unowned: false })} />
          </svg>
          {m.ids.priority[priority]}
        </li>
      ))}
      <li>
        <svg class="m tiny" aria-hidden="true">
          <use href="#p4d" />
        </svg>
        {m.glance.keyUnowned}
      </li>
      <li>
        <svg width="24" height="18" viewBox="0 0 24 18" aria-hidden="true">
          <line x1="0" x2="24" y1="9" y2="9" class="dash" />
        </svg>
        {m.glance.keyPassive}
      </li>
      <li>
        <svg width="24" height="18" viewBox="0 0 24 18" aria-hidden="true">
          <line x1="0" x2="15" y1="9" y2="9" />
          <line x1="15" x2="15" y1="2" y2="16" class="stopper" />
        </svg>
        {m.glance.keySome}
      </li>
      <li>{m.glance.keyWindow}</li>
    </ul>
  );
}
