/** One row of a drawn plot: it leads to its finding, and says in words what it shows. */
import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { Anchors } from '../anchors.tsx';
import { shapeOf } from '../marks.tsx';
import { fitText, textWidth, wrapText } from '../text-width.ts';
import type { PlotRow } from '../../view-model-sections.ts';

const TIP_FONT = 12.5;
const TIP_LINE = 18;
const TIP_EDGE = 8;

interface LinkProps {
  readonly tip: string;
  readonly anchor: string | undefined;
  /** Area of the row, which is outlined when it has the focus. */
  readonly top: number;
  readonly height: number;
  readonly width: number;
  readonly children: ComponentChildren;
}

/**
 * The words stand above the row, so that they cover only what was drawn before. Who cannot see them hears them as the name of the link.
 */
export function RowLink({ tip, anchor, top, height, width, children }: LinkProps): JSX.Element {
  const here = useContext(Anchors);
  const picture = (
    <g class="row" role="img" aria-label={tip}>
      <rect class="hit" x="-3" y={top} width={width + 6} height={height} />
      {children}
      <Tip text={tip} bottom={top} width={width} />
    </g>
  );
  return anchor !== undefined && here.has(anchor) ? <a href={`#${anchor}`}>{picture}</a> : picture;
}

function Tip({ text, bottom, width }: { text: string; bottom: number; width: number }): JSX.Element {
  const lines = wrapText(text, width - 2 * TIP_EDGE, TIP_FONT, width > 500 ? 2 : 4);
  const wide = Math.min(width, Math.max(...lines.map((line) => textWidth(line, TIP_FONT))) + 2 * TIP_EDGE);
  const height = lines.length * TIP_LINE + TIP_EDGE;
  const top = bottom - height;
  return (
    <g class="tip" aria-hidden="true">
      <rect x="0" y={top} width={Math.ceil(wide)} height={height} />
      {lines.map((line, index) => (
        <text x={TIP_EDGE} y={top + TIP_LINE * (index + 1)} class="s">
          {line}
        </text>
      ))}
    </g>
  );
}

/** Shape, number and name of a row: two lines where there is room beside the picture, else one above it. */
export function RowHead({ row, top, room }: { row: PlotRow; top: number; room: number }): JSX.Element {
  const left = 26 + idWidth(row, 14);
  return (
    <>
      <use href={shapeOf(row)} x="0" y={top} width="18" height="18" />
      <text x="26" y={top + 14} class="b">
        {row.id}
      </text>
      <text x={left} y={top + 14}>
        {fitText(row.name, room - left, 14)}
      </text>
      <text x="26" y={top + 33} class="s">
        {fitText(row.detail, room - 26, 12.5)}
      </text>
    </>
  );
}

export function RowLine({ row, top, room }: { row: PlotRow; top: number; room: number }): JSX.Element {
  const left = 22 + idWidth(row, 13);
  return (
    <>
      <use href={shapeOf(row)} x="0" y={top} width="15" height="15" />
      <text x="22" y={top + 12} class="b">
        {row.id}
      </text>
      <text x={left} y={top + 12}>
        {fitText(`${row.name}  ${row.detail}`, room - left, 13)}
      </text>
    </>
  );
}

/** Bold, with the space after it. */
function idWidth({ id }: PlotRow, font: number): number {
  return id === '' ? 0 : round(textWidth(id, font) + 8);
}

/** To a tenth of a pixel: what the eye can tell, and no noise in the file. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
