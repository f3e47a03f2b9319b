/** When a place was seen open: bars, dashes where nobody looked, strokes where it was found shut. Reads the same in grey. */
import type { JSX } from 'preact';
import type { TimelineView } from '../view-model.ts';
import { textWidth } from './text-width.ts';

const WIDTH = 420;
const EDGE = 4;
const FONT = 12.5;
/** A single look is a bar too. */
const LEAST_BAR = 3;
const LINE = 14;
const TEXT = 42;
const ROOM_BETWEEN = 8;

export function Timeline({ line }: { line: TimelineView }): JSX.Element {
  const x = (at: number): number => Math.round((EDGE + at * (WIDTH - 2 * EDGE)) * 10) / 10;
  return (
    <figure>
      <svg class="plot strip" viewBox={`0 0 ${WIDTH} ${TEXT + 5}`} role="img" aria-label={line.label}>
        <line x1={x(0)} x2={x(1)} y1={LINE + 12} y2={LINE + 12} class="rule" />
        {line.gaps.map(({ from, to }) => (
          <line x1={x(from)} x2={x(to)} y1={LINE} y2={LINE} class="way dash" />
        ))}
        {line.bars.map(({ from, to }) => (
          <rect
            x={Math.min(x(from), WIDTH - EDGE - LEAST_BAR)}
            y={LINE - 6}
            width={Math.max(LEAST_BAR, Math.round((x(to) - x(from)) * 10) / 10)}
            height="12"
            class="wall"
          />
        ))}
        {line.shut.map((at) => (
          <line x1={x(at)} x2={x(at)} y1="1" y2={LINE + 12} class="shut" />
        ))}
        {placed(line, x).map(({ text, left, at }) => (
          <>
            <line x1={at} x2={at} y1={LINE + 12} y2={LINE + 16} class="rule" />
            <text x={left} y={TEXT} class="s">
              {text}
            </text>
          </>
        ))}
      </svg>
      <figcaption class="small">{line.key}</figcaption>
    </figure>
  );
}

interface Label {
  readonly text: string;
  readonly at: number;
  readonly left: number;
  readonly right: number;
}

/** Each date under its place, else ending or beginning there; one that finds no room beside the earlier ones is left out. */
function placed({ dates }: TimelineView, x: (at: number) => number): Label[] {
  const labels: Label[] = [];
  for (const { at, text } of dates) {
    const width = textWidth(text, FONT);
    const free = [x(at) - width / 2, x(at) - width, x(at)]
      .map((left) => Math.round(Math.min(Math.max(0, left), WIDTH - width) * 10) / 10)
      .find((left) => !labels.some((one) => touches(one, left, left + width)));
    if (free !== undefined) labels.push({ text, at: x(at), left: free, right: free + width });
  }
  return labels;
}

function touches(label: Label, left: number, right: number): boolean {
  return left < label.right + ROOM_BETWEEN && label.left < right + ROOM_BETWEEN;
}
