/** Cells and counts that several tables of the card use. */
import type { Finding, Priority } from '../../model/finding.ts';
import type { SheetCell } from '../view-model-sections.ts';
import { findingId, joined, type Context } from './context.ts';
import { ownLook } from './passive.ts';

export const PRIORITIES: readonly Priority[] = ['P1', 'P2', 'P3', 'P4'];
const IDS_SHOWN = 8;

/** "▲ Act now": names a row. */
export function priorityCell({ m }: Context, priority: Priority): SheetCell {
  const mark = { priority, trace: undefined, unowned: false, anchor: undefined };
  return { text: m.ids.priority[priority], mark };
}

/** Undefined: not known, which is no zero. */
export function numberCell({ m }: Context, n: number | undefined): SheetCell {
  return { text: n === undefined ? m.unknown : m.number(n) };
}

export function idsCell(context: Context, of: readonly Pick<Finding, 'spokenId' | 'key'>[]): SheetCell {
  return { text: of.length === 0 ? context.m.dash : joined(context, of.map(findingId), IDS_SHOWN) };
}

/** Places, not findings: a door with two findings is one. */
export function placesOf(findings: readonly Finding[]): number {
  return new Set(findings.map(({ subject }) => subject)).size;
}

/** An own look got in, from here or from one of several vantage points. */
export function isReached({ inputs }: Finding): boolean {
  return inputs.reach === 'everyone' || inputs.reach === 'some';
}

/** A count of what only own looks can tell. Undefined: none was made and the records show nothing. */
export function lookedCount(context: Context, n: number): number | undefined {
  return n === 0 && ownLook(context) !== 'looked' ? undefined : n;
}

/** Middle of the values, the mean of the two in the middle when they are even in number. Undefined: no value. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
