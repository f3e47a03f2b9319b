/** Lollipops: a stem as long as the days, and under it a box as long as the days of logs. */
import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { DaysOpenPlot } from '../../view-model-sections.ts';
import { shapeOf } from '../marks.tsx';
import { textWidth } from '../text-width.ts';
import { round, RowHead, RowLine, RowLink } from './row.tsx';

interface Geometry {
  readonly broad: boolean;
  readonly width: number;
  readonly from: number;
  readonly step: number;
  /** y of the stem below the top of its row. */
  readonly stem: number;
}

const BROAD: Geometry = { broad: true, width: 952, from: 236, step: 56, stem: 28 };
const NARROW: Geometry = { broad: false, width: 350, from: 10, step: 66, stem: 44 };
const VALUE_FONT = 16;

export function DaysOpen({ plot, m }: { plot: DaysOpenPlot; m: Messages }): JSX.Element {
  const { key } = m.plots.daysOpen;
  return (
    <>
      <Drawing plot={plot} g={BROAD} />
      <Drawing plot={plot} g={NARROW} />
      <ul class="key">
        <li>
          <svg class="plot-key" width="32" height="18" viewBox="0 0 32 18" aria-hidden="true">
            <line x1="0" x2="24" y1="9" y2="9" class="stem" />
            <circle cx="26" cy="9" r="5" class="solid" />
          </svg>
          {key.line}
        </li>
        <li>
          <svg class="plot-key" width="32" height="18" viewBox="0 0 32 18" aria-hidden="true">
            <rect x="0.5" y="4.5" width="31" height="9" class="haslog" />
          </svg>
          {key.logs}
        </li>
      </ul>
    </>
  );
}

function Drawing({ plot, g }: { plot: DaysOpenPlot; g: Geometry }): JSX.Element {
  const most = Math.max(1, ...plot.rows.map(({ days }) => days));
  const room = Math.max(...plot.rows.map(({ value }) => textWidth(value, VALUE_FONT))) + 24;
  const scale = (g.width - g.from - room) / most;
  return (
    <svg
      class={`plot ${g.broad ? 'broad' : 'narrow'}`}
      viewBox={`0 0 ${g.width} ${g.step * plot.rows.length + 2}`}
      role="group"
      aria-label={plot.label}
    >
      {plot.rows.map((row, index) => {
        const top = g.step * index;
        const y = top + g.stem;
        const end = round(g.from + row.days * scale);
        // Logs that go back farther than the door was open are cut at the end of the picture.
        const logs = row.logDays === undefined ? 0 : round(Math.min(row.logDays, most) * scale);
        return (
          <RowLink tip={row.tip} anchor={row.anchor} top={top + 1} height={g.step - 2} width={g.width}>
            {g.broad ? (
              <RowHead row={row} top={top + 11} room={g.from - 12} />
            ) : (
              <RowLine row={row} top={top + 10} room={g.width} />
            )}
            {logs > 0 ? <rect x={g.from + 0.5} y={y - 8.5} width={logs} height="17" class="haslog" /> : null}
            <line x1={g.from} x2={g.from} y1={y - 11} y2={y + 11} class="rule" />
            <line x1={g.from} x2={end} y1={y} y2={y} class="stem" />
            <use href={shapeOf(row)} x={round(end - 9)} y={y - 9} width="18" height="18" />
            <text x={round(Math.max(end + 16, g.from + logs + 10))} y={y + 6} class="big">
              {row.value}
            </text>
            <line x1="0" x2={g.width} y1={top + g.step - 0.5} y2={top + g.step - 0.5} class="hair" />
          </RowLink>
        );
      })}
    </svg>
  );
}
