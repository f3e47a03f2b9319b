/** Bars of open time over the time of which logs are left. Solid, striped, grey, outlined, dashed: it reads without colour. */
import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { LifelineRow, LifelinesPlot } from '../../view-model-sections.ts';
import { fitText, textWidth } from '../text-width.ts';
import { LifelinesKey } from './lifelines-key.tsx';
import { fitLabels, pieces, placeBoxes } from './place.ts';
import { round, RowHead, RowLine, RowLink } from './row.tsx';

interface Geometry {
  readonly broad: boolean;
  readonly width: number;
  /** Left and right end of the axis. */
  readonly from: number;
  readonly to: number;
  /** Baselines of year and month; y of the rule under them. */
  readonly year: number;
  readonly month: number;
  readonly head: number;
  readonly step: number;
  /** y of the band below the top of its row, and its height. */
  readonly band: number;
  readonly tall: number;
}

const BROAD: Geometry = {
  broad: true,
  width: 952,
  from: 236,
  to: 784,
  year: 22,
  month: 40,
  head: 46,
  step: 66,
  band: 8,
  tall: 50,
};
const NARROW: Geometry = {
  broad: false,
  width: 350,
  from: 10,
  to: 342,
  year: 18,
  month: 36,
  head: 42,
  step: 106,
  band: 48,
  tall: 46,
};
/** So that a sheet of paper and a screen hold the dates with their bars. */
const ROWS_TOGETHER = 12;
const TAIL = 804;
const BOX = 16;
const BAR = 14;
/** A single look is a bar too. */
const LEAST_BAR = 4;

export function Lifelines({ plot, m }: { plot: LifelinesPlot; m: Messages }): JSX.Element {
  return (
    <>
      {pieces(plot.rows, ROWS_TOGETHER).map((rows) => (
        <>
          <Drawing plot={{ ...plot, rows }} m={m} g={BROAD} />
          <Drawing plot={{ ...plot, rows }} m={m} g={NARROW} />
        </>
      ))}
      <LifelinesKey plot={plot} m={m} />
    </>
  );
}

interface DrawingProps {
  readonly plot: LifelinesPlot;
  readonly m: Messages;
  readonly g: Geometry;
}

function xOf(at: number, { from, to }: Geometry): number {
  return round(from + at * (to - from));
}

function Drawing({ plot, m, g }: DrawingProps): JSX.Element {
  const height = g.head + g.step * plot.rows.length + 4;
  const now = xOf(plot.now.at, g);
  return (
    <svg
      class={`plot life ${g.broad ? 'broad' : 'narrow'}`}
      viewBox={`0 0 ${g.width} ${height}`}
      role="group"
      aria-label={plot.label}
    >
      <Axis plot={plot} m={m} g={g} height={height} />
      {plot.rows.map((row, index) => (
        <Row row={row} top={g.head + g.step * index} now={now} g={g} />
      ))}
    </svg>
  );
}

function Axis({ plot, m, g, height }: DrawingProps & { readonly height: number }): JSX.Element {
  const now = xOf(plot.now.at, g);
  const nowWidth = textWidth(plot.now.text, 12.5);
  const nowLeft = round(Math.min(now - nowWidth / 2, (g.broad ? TAIL : g.width) - nowWidth));
  const label = (text: string, at: number): { text: string; left: number; width: number } => ({
    text,
    left: xOf(at, g) + 3,
    width: textWidth(text, 12.5),
  });
  const months = fitLabels(
    plot.axis.map(({ at, text }) => label(text, at)).filter(({ left, width }) => left + width <= g.to + 6),
    4,
  );
  const years = fitLabels(
    plot.axis
      .filter(({ over }) => over !== '')
      .map(({ at, over }) => label(over, at))
      .filter(({ left, width }) => left + width + 6 <= nowLeft),
    4,
  );
  return (
    <g aria-hidden="true">
      {plot.axis.map(({ at }) => (
        <line x1={xOf(at, g)} x2={xOf(at, g)} y1={g.head} y2={height} class="gl" />
      ))}
      {years.map(({ text, left }) => (
        <text x={left} y={g.year} class="s b">
          {text}
        </text>
      ))}
      {months.map(({ text, left }) => (
        <text x={left} y={g.month} class="s">
          {text}
        </text>
      ))}
      <text x={nowLeft} y={g.year} class="s b">
        {plot.now.text}
      </text>
      {g.broad ? (
        <text x={TAIL} y={g.month} class="s">
          {m.plots.lifelines.column}
        </text>
      ) : null}
      <line x1="0" x2={g.width} y1={g.head} y2={g.head} class="rule" />
    </g>
  );
}

interface RowProps {
  readonly row: LifelineRow;
  readonly top: number;
  /** x of the moment of the run. */
  readonly now: number;
  readonly g: Geometry;
}

function Row({ row, top, now, g }: RowProps): JSX.Element {
  const band = top + g.band;
  return (
    <RowLink tip={row.tip} anchor={row.anchor} top={top + 1} height={g.step - 2} width={g.width}>
      {g.broad ? (
        <>
          <RowHead row={row} top={top + 16} room={g.from - 12} />
          <text x={TAIL} y={top + 29} class="big">
            {fitText(row.open, g.width - TAIL, 16)}
          </text>
          <text x={TAIL} y={top + 49} class="s">
            {fitText(row.logs, g.width - TAIL, 12.5)}
          </text>
        </>
      ) : (
        <>
          <RowLine row={row} top={top + 8} room={g.width} />
          <text x="0" y={top + 39} class="s">
            {fitText(`${row.open} / ${row.logs}`, g.width, 12.5)}
          </text>
        </>
      )}
      <Band row={row} top={band} g={g} />
      <Bars row={row} top={band + g.tall - BAR - 6} g={g} />
      <Ticks row={row} top={band} g={g} />
      <line x1={now} x2={now} y1={g.broad ? top : band} y2={band + g.tall} class="now" />
      <line x1="0" x2={g.width} y1={top + g.step - 0.5} y2={top + g.step - 0.5} class="hair" />
    </RowLink>
  );
}

/** Grey where no logs are left, outlined where they are, dashed where nobody has answered. */
function Band({ row, top, g }: { row: LifelineRow; top: number; g: Geometry }): JSX.Element {
  const { logsFrom } = row;
  const frame = { y: top + 0.5, height: g.tall - 1 };
  if (logsFrom === undefined) return <rect x={g.from} width={g.to - g.from} {...frame} class="unanswered" />;
  const edge = xOf(logsFrom, g);
  return (
    <>
      {logsFrom > 0 ? (
        <rect x={g.from} y={top} width={round(edge - g.from)} height={g.tall} class="nolog" />
      ) : null}
      {logsFrom < 1 ? <rect x={edge} width={round(g.to - edge)} {...frame} class="haslog" /> : null}
    </>
  );
}

function Bars({ row, top, g }: { row: LifelineRow; top: number; g: Geometry }): JSX.Element {
  const middle = top + BAR / 2;
  return (
    <>
      {row.gaps.map(({ from, to }) => (
        <line x1={xOf(from, g)} x2={xOf(to, g)} y1={middle} y2={middle} class="unseen" />
      ))}
      {row.bars.map(({ from, to, seen }) => {
        const x = Math.min(xOf(from, g), g.to - LEAST_BAR);
        const width = round(Math.max(LEAST_BAR, xOf(to, g) - x));
        return (
          <>
            {seen === 'own' ? null : (
              <rect x={x} y={top} width={width} height={BAR} fill="url(#hatch)" class="striped" />
            )}
            {seen === 'others' ? null : (
              <rect
                x={x}
                y={seen === 'own' ? top : middle}
                width={width}
                height={seen === 'own' ? BAR : BAR / 2}
                class="solid"
              />
            )}
          </>
        );
      })}
      {row.shut.map((at) => (
        <path d={`M${round(xOf(at, g) - 5)} ${middle - 5}l10 10m0-10l-10 10`} class="cross" />
      ))}
      {row.earlier ? <path d={`M${g.from - 2} ${top}v${BAR}l-7-${BAR / 2}Z`} class="solid" /> : null}
    </>
  );
}

function Ticks({ row, top, g }: { row: LifelineRow; top: number; g: Geometry }): JSX.Element {
  const places = row.ticks.map(({ at }) => xOf(at, g));
  const centres = placeBoxes(places, BOX + 2, g.from, g.to);
  return (
    <>
      {row.ticks.some(({ earlier }) => earlier) ? (
        <path d={`M${g.from - 2} ${top + 5}v10l-6-5Z`} class="solid" />
      ) : null}
      {row.ticks.map(({ letter, earlier }, index) => {
        const place = places[index] ?? 0;
        const centre = round(centres[index] ?? place);
        return (
          <>
            {earlier ? null : (
              <path
                d={`M${centre} ${top + BOX + 2}L${place} ${top + g.tall - BAR - 8}V${top + g.tall}`}
                class="tick"
              />
            )}
            <rect x={centre - BOX / 2} y={top + 2} width={BOX} height={BOX} class="letter-box" />
            <text x={centre} y={top + 14.4} class="letter" text-anchor="middle">
              {letter}
            </text>
          </>
        );
      })}
    </>
  );
}
