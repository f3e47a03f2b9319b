/** A small row of bars for each connection point, one bar a month. A month without a run stays empty. */
import type { JSX } from 'preact';
import type { DoorsOverTimePlot } from '../../view-model-sections.ts';
import { fitText, textWidth } from '../text-width.ts';
import { fitLabels } from './place.ts';
import { round } from './row.tsx';

interface Geometry {
  readonly broad: boolean;
  readonly width: number;
  readonly from: number;
  readonly head: number;
  readonly step: number;
  /** y of the feet of the bars below the top of their row. */
  readonly foot: number;
}

const BROAD: Geometry = { broad: true, width: 952, from: 220, head: 44, step: 68, foot: 62 };
const NARROW: Geometry = { broad: false, width: 350, from: 0, head: 40, step: 90, foot: 84 };
const TALLEST = 38;
const WIDEST = 34;

export function DoorsOverTime({ plot }: { plot: DoorsOverTimePlot }): JSX.Element {
  return (
    <>
      <Drawing plot={plot} g={BROAD} />
      <Drawing plot={plot} g={NARROW} />
    </>
  );
}

function Drawing({ plot, g }: { plot: DoorsOverTimePlot; g: Geometry }): JSX.Element {
  const each = (g.width - g.from) / plot.months.length;
  const middle = (index: number): number => round(g.from + each * (index + 0.5));
  const most = Math.max(1, ...plot.rows.flatMap(({ counts }) => counts.map((count) => count ?? 0)));
  const wide = Math.min(WIDEST, each * 0.6);
  return (
    <svg
      class={`plot ${g.broad ? 'broad' : 'narrow'}`}
      viewBox={`0 0 ${g.width} ${g.head + g.step * plot.rows.length + 4}`}
      role="img"
      aria-label={plot.label}
    >
      <Months plot={plot} g={g} middle={middle} />
      {plot.rows.map(({ name, counts }, row) => {
        const top = g.head + g.step * row;
        const foot = top + g.foot;
        return (
          <g>
            <text x="0" y={g.broad ? foot - 14 : top + 18} class={row === 0 ? 'b' : undefined}>
              {fitText(name, (g.broad ? g.from : g.width) - 12, 14)}
            </text>
            {counts.map((count, index) => {
              const x = middle(index);
              if (count === undefined) return <circle cx={x} cy={foot - 4} r="1.6" class="faint" />;
              const tall = round((count / most) * TALLEST);
              return (
                <>
                  <rect
                    x={round(x - wide / 2)}
                    y={foot - tall}
                    width={round(wide)}
                    height={tall}
                    class="solid"
                  />
                  <text x={x} y={foot - tall - 5} class="s" text-anchor="middle">
                    {`${count}`}
                  </text>
                </>
              );
            })}
            <line x1={g.from} x2={g.width} y1={foot} y2={foot} class="rule" />
          </g>
        );
      })}
    </svg>
  );
}

interface MonthsProps {
  readonly plot: DoorsOverTimePlot;
  readonly g: Geometry;
  readonly middle: (index: number) => number;
}

function Months({ plot, g, middle }: MonthsProps): JSX.Element {
  const labels = fitLabels(
    plot.months.map(({ text }, index) => {
      const width = textWidth(text, 12.5);
      return { text, left: middle(index) - width / 2, width, middle: middle(index) };
    }),
    3,
  );
  return (
    <>
      {plot.months.map(({ over }, index) =>
        over === '' ? null : (
          <text x={middle(index)} y="16" class="s b" text-anchor="middle">
            {over}
          </text>
        ),
      )}
      {labels.map(({ text, middle: x }) => (
        <text x={x} y="33" class="s" text-anchor="middle">
          {text}
        </text>
      ))}
      <line x1="0" x2={g.width} y1={g.head - 2} y2={g.head - 2} class="hair" />
    </>
  );
}
