import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { PlotView } from '../../view-model-sections.ts';
import { DaysOpen } from './days-open.tsx';
import { DoorsOverTime } from './doors-over-time.tsx';
import { Lifelines } from './lifelines.tsx';
import { Controls, Reach } from './matrix.tsx';

/** A date or a number in a cell is not broken. */
const SHORT = 12;

/** A plot with its heading, its note, and the same content without a picture. */
export function Plot({ plot, m }: { plot: PlotView; m: Messages }): JSX.Element {
  return (
    <figure id={plot.id} class="figure">
      <h3>{plot.title}</h3>
      {plot.note === undefined ? null : <p class="small">{plot.note}</p>}
      <Picture plot={plot} m={m} />
      {plot.more === undefined ? null : <p class="small after-table">{plot.more}</p>}
      {/* What is a table already needs no other one. */}
      {plot.kind === 'reach' || plot.kind === 'controls' ? null : <TextForm plot={plot} m={m} />}
    </figure>
  );
}

function Picture({ plot, m }: { plot: PlotView; m: Messages }): JSX.Element {
  switch (plot.kind) {
    case 'lifelines':
      return <Lifelines plot={plot} m={m} />;
    case 'days-open':
      return <DaysOpen plot={plot} m={m} />;
    case 'doors-over-time':
      return <DoorsOverTime plot={plot} />;
    case 'reach':
      return <Reach plot={plot} m={m} />;
    case 'controls':
      return <Controls plot={plot} m={m} />;
  }
}

function TextForm({ plot, m }: { plot: PlotView; m: Messages }): JSX.Element {
  const { head, rows } = plot.text;
  return (
    <details>
      <summary>{m.plots.textForm}</summary>
      <div class="scroll" tabindex={0} role="region" aria-label={plot.label}>
        <table class="numbers-table">
          <thead>
            <tr>
              {head.map((text) => (
                <th scope="col">{text}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                {row.map((text) => (
                  <td class={[...text].length > SHORT ? undefined : 'nowrap'}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
