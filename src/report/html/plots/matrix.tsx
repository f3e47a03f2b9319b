/** Doors against something, as a real table: each cell has a shape and its word. */
import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { ControlsPlot, PlotRow, ReachPlot, ReachState } from '../../view-model-sections.ts';
import { ToFinding } from '../anchors.tsx';
import { Shape } from '../marks.tsx';

interface MatrixCell {
  readonly shape: ReachState | 'yes' | 'no' | 'unknown';
  readonly word: string;
  readonly small: string;
}

export function Reach({ plot, m }: { plot: ReachPlot; m: Messages }): JSX.Element {
  const rows = plot.rows.map((row) => ({
    row,
    cells: row.cells.map((shape) => ({ shape, word: m.plots.reach.states[shape], small: '' })),
  }));
  return <Matrix caption={plot.label} columns={plot.columns} rows={rows} m={m} />;
}

export function Controls({ plot, m }: { plot: ControlsPlot; m: Messages }): JSX.Element {
  const rows = plot.rows.map((row) => ({
    row,
    cells: row.cells.map(({ state, from }) => ({ shape: state, word: m.plots.controls[state], small: from })),
  }));
  return <Matrix caption={plot.label} columns={plot.columns} rows={rows} m={m} />;
}

interface MatrixProps {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly row: PlotRow; readonly cells: readonly MatrixCell[] }[];
  readonly m: Messages;
}

function Matrix({ caption, columns, rows, m }: MatrixProps): JSX.Element {
  return (
    <table class="matrix" aria-label={caption}>
      <thead>
        <tr>
          <th scope="col">{m.plots.door}</th>
          {columns.map((column) => (
            <th scope="col">{column}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, cells }) => (
          <tr>
            <th scope="row">
              <RowName row={row} m={m} />
            </th>
            {cells.map((cell, index) => (
              <td data-l={columns[index]}>
                <CellMark shape={cell.shape} />
                <span class="cell-word">{cell.word}</span>
                {cell.small === '' ? null : <span class="sub">{cell.small}</span>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RowName({ row, m }: { row: PlotRow; m: Messages }): JSX.Element {
  const text = (
    <>
      <Shape m={m} mark={row} size="tiny" />
      {row.id === '' ? null : <b class="finding-id">{row.id}</b>}
    </>
  );
  return (
    <>
      <ToFinding anchor={row.anchor}>{text}</ToFinding>
      <span class="row-name">{row.name}</span>
      {row.detail === '' ? null : <span class="sub">{row.detail}</span>}
    </>
  );
}

/** ✓ – … ? and an empty dashed square, drawn: fonts differ, and some have none of them. */
function CellMark({ shape }: { shape: MatrixCell['shape'] }): JSX.Element {
  return (
    <svg class="cell-mark" viewBox="0 0 20 20" aria-hidden="true">
      {SHAPES[shape]}
    </svg>
  );
}

const CHECK = <path d="M3 10.5l4.5 5L17 4.5" class="stroke" />;
const DASH = <path d="M3 10h14" class="stroke" />;
const DOTS = (
  <>
    <circle cx="4" cy="10" r="1.8" class="dot-mark" />
    <circle cx="10" cy="10" r="1.8" class="dot-mark" />
    <circle cx="16" cy="10" r="1.8" class="dot-mark" />
  </>
);
const QUESTION = (
  <>
    <path d="M6 6.5a4 4 0 1 1 5.6 3.6c-1.2.6-1.6 1.2-1.6 2.6" class="thin" />
    <circle cx="10" cy="16.6" r="1.3" class="dot-mark" />
  </>
);
const EMPTY = <rect x="3.5" y="3.5" width="13" height="13" class="empty" />;

const SHAPES: Readonly<Record<MatrixCell['shape'], JSX.Element>> = {
  open: CHECK,
  shut: DASH,
  silent: DOTS,
  'not-looked': EMPTY,
  'not-open': QUESTION,
  yes: CHECK,
  no: DASH,
  unknown: QUESTION,
};
