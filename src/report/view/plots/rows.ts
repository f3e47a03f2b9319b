/** What the rows of all plots have in common: the door, its name and its shape. */
import type { Finding } from '../../../model/finding.ts';
import type { Service } from '../../../model/service.ts';
import type { PlotRow } from '../../view-model-sections.ts';
import {
  anchorOf,
  findingId,
  markOf,
  placeText,
  serviceName,
  siteName,
  type Context,
  type Entry,
} from '../context.ts';

/** More rows make a picture nobody reads. */
export const ROWS_DRAWN = 40;

/** @param said What else is told on hover and focus, after the name and the place. */
export function plotRow(context: Context, { service, finding }: Entry, said: readonly string[]): PlotRow {
  const id = finding === undefined ? '' : findingId(finding);
  const name = serviceName(context, service);
  const detail = `${siteName(context, finding?.siteId ?? service.siteId)}  ${placeText(service)}`;
  const tip = [id, wordOf(context, finding), name, detail, ...said].filter((text) => text !== '');
  return {
    ...markOf(finding),
    id,
    anchor: finding === undefined ? undefined : anchorOf(finding),
    name,
    detail,
    tip: tip.join(context.m.listSeparator),
  };
}

/** The name as it stands in the tables: the shape is not read aloud there. */
export function rowNames(context: Context, row: PlotRow, finding: Finding | undefined): string[] {
  const mark = row.id === '' ? context.m.dash : row.id;
  return [`${mark} ${wordOf(context, finding)}`, `${row.name}  ${row.detail}`];
}

function wordOf({ m }: Context, finding: Finding | undefined): string {
  return finding === undefined ? m.doors.notJudged : m.ids.priority[finding.priority];
}

/** Doors, and what else has a finding whose traces are to be looked for, most urgent first. */
export function doorEntries(context: Context): Entry[] {
  return context.entries.filter(({ service, finding }) => {
    if (finding === undefined) return service.role === 'door';
    return finding.inputs.role === 'door' || finding.trace !== 'T0';
  });
}

export function moreText(context: Context, all: number): string | undefined {
  return all > ROWS_DRAWN ? context.m.plots.moreRows(all - ROWS_DRAWN) : undefined;
}

export function isDoor(service: Service, finding: Finding | undefined): boolean {
  return (finding?.inputs.role ?? service.role) === 'door';
}
