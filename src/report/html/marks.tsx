/** The four shapes and the two squares: the meaning is in the form, the colour only helps. */
import type { JSX } from 'preact';
import type { Priority, TraceMark } from '../../model/finding.ts';
import type { Messages } from '../messages/index.ts';
import type { Mark } from '../view-model.ts';

const URGENCY = { T2: 0, T1: 1, T0: 2 } as const;

/** What rows are sorted by: most urgent first, then by number. */
export function sortKey({ priority, trace }: Mark, id: string): string {
  return `${priority ?? 'P9'} ${trace === undefined ? 3 : URGENCY[trace]} ${id}`;
}

/** Reference to the shape of a mark; a dashed outline when nobody is known to own it. */
export function shapeOf({ priority, unowned }: Pick<Mark, 'priority' | 'unowned'>): string {
  if (priority === undefined) return '#p0';
  return `#${priority.toLowerCase()}${unowned ? 'd' : ''}`;
}

export function markName(m: Messages, mark: Pick<Mark, 'priority' | 'unowned'>): string {
  if (mark.priority === undefined) return m.doors.notJudged;
  const name = `${mark.priority} ${m.ids.priority[mark.priority]}`;
  return mark.unowned ? m.withNote(name, m.glance.unowned) : name;
}

interface ShapeProps {
  readonly m: Messages;
  readonly mark: Pick<Mark, 'priority' | 'unowned'>;
  readonly size?: 'large' | 'tiny';
}

export function Shape({ m, mark, size }: ShapeProps): JSX.Element {
  return (
    <svg class={size === undefined ? 'm' : `m ${size}`} role="img" aria-label={markName(m, mark)}>
      <use href={shapeOf(mark)} />
    </svg>
  );
}

export function Trace({ m, trace, word }: { m: Messages; trace: TraceMark; word?: boolean }): JSX.Element {
  return (
    <span class="trace">
      {trace === 'T0' ? null : (
        <svg class="t" aria-hidden="true">
          <use href={`#${trace.toLowerCase()}`} />
        </svg>
      )}
      {word === true ? `${trace} ${m.ids.trace[trace]}` : trace}
    </span>
  );
}

export function priorityWord(m: Messages, priority: Priority | undefined): string {
  return priority === undefined ? m.doors.notJudged : m.ids.priority[priority];
}

const EDGE = { stroke: 'var(--edge)', 'stroke-width': '1.3', 'stroke-linejoin': 'round' } as const;
const DASHED = {
  fill: 'none',
  stroke: 'var(--edge)',
  'stroke-width': '1.4',
  'stroke-dasharray': '2.6 2.2',
} as const;

/** Definitions that the page refers to; drawn once. */
export function Symbols(): JSX.Element {
  return (
    <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <symbol id="p1" viewBox="0 0 20 20">
          <path d="M10 1.8 19 18H1Z" fill="var(--p1)" {...EDGE} />
        </symbol>
        <symbol id="p1d" viewBox="0 0 20 20">
          <path d="M10 5.6 16 16.4H4Z" fill="var(--p1)" />
          <path d="M10 1.8 19 18H1Z" {...DASHED} />
        </symbol>
        <symbol id="p2" viewBox="0 0 20 20">
          <rect x="2.5" y="2.5" width="15" height="15" fill="var(--p2)" {...EDGE} />
        </symbol>
        <symbol id="p2d" viewBox="0 0 20 20">
          <rect x="5" y="5" width="10" height="10" fill="var(--p2)" />
          <rect x="2" y="2" width="16" height="16" {...DASHED} />
        </symbol>
        <symbol id="p3" viewBox="0 0 20 20">
          <circle cx="10" cy="10" r="8" fill="var(--p3)" {...EDGE} />
        </symbol>
        <symbol id="p3d" viewBox="0 0 20 20">
          <circle cx="10" cy="10" r="5.6" fill="var(--p3)" />
          <circle cx="10" cy="10" r="8.6" {...DASHED} />
        </symbol>
        <symbol id="p4" viewBox="0 0 20 20">
          <circle cx="10" cy="10" r="7.4" fill="var(--paper)" stroke="var(--p4)" stroke-width="2.6" />
        </symbol>
        <symbol id="p4d" viewBox="0 0 20 20">
          <circle
            cx="10"
            cy="10"
            r="7.4"
            fill="var(--paper)"
            stroke="var(--p4)"
            stroke-width="2.4"
            stroke-dasharray="3 2.4"
          />
        </symbol>
        <symbol id="p0" viewBox="0 0 20 20">
          <path d="M5 10h10" stroke="var(--p4)" stroke-width="2.6" />
        </symbol>
        <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" fill="var(--paper)" />
          <rect width="2.2" height="5" fill="var(--ink)" />
        </pattern>
        <symbol id="t2" viewBox="0 0 14 14">
          <rect
            x=".8"
            y=".8"
            width="12.4"
            height="12.4"
            fill="url(#hatch)"
            stroke="var(--ink)"
            stroke-width="1.4"
          />
        </symbol>
        <symbol id="t1" viewBox="0 0 14 14">
          <rect x=".8" y=".8" width="12.4" height="12.4" fill="none" stroke="var(--ink)" stroke-width="1.4" />
        </symbol>
      </defs>
    </svg>
  );
}
