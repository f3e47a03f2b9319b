/** What the one-page views share: their head, texts cut to the sheet, deadlines as days. */
import { showable } from '../../lib/hostile-text.ts';
import type { Finding, Priority } from '../../model/finding.ts';
import { cutColumns } from '../columns.ts';
import { addDays } from '../dates.ts';
import type { SheetHead } from '../view-model-pages.ts';
import { findingId, type Context } from './context.ts';
import { buildCover } from './cover.ts';
import { buildPassive } from './passive.ts';

/** Columns: half-width characters. */
const ORGANISATION = 44;
const SITE = 22;

/** The same run with names short enough for one sheet. */
export function shortened(context: Context): Context {
  const { snapshot } = context;
  const sites = snapshot.sites.map((site) => ({
    ...site,
    ja: cutColumns(showable(site.ja, 60), SITE),
    en: cutColumns(showable(site.en, 60), SITE),
  }));
  return { ...context, snapshot: { ...snapshot, sites } };
}

export function sheetHead(context: Context, title: string): SheetHead {
  const { organisation, tlp } = buildCover(context);
  return {
    title,
    organisation: cutColumns(organisation, ORGANISATION),
    date: context.dates.full(context.snapshot.endedAt),
    tlp,
    band: buildPassive(context)?.note,
  };
}

/** The days on which the first action and the whole are due; undefined: no date is set for this priority. */
export function dueDays(
  { knowledge, snapshot, dates }: Context,
  priority: Priority,
): { readonly begin: string | undefined; readonly finish: string | undefined } {
  const { start, finish } = knowledge.decisions.deadlines[priority];
  const day = (days: number | undefined): string | undefined =>
    days === undefined ? undefined : dates.short(addDays(snapshot.endedAt, days));
  return { begin: day(start), finish: day(finish) };
}

/** "B-04、B-07、ほか 3" */
export function idList(context: Context, findings: readonly Finding[], shown: number): string {
  const { m } = context;
  const ids = findings.slice(0, shown).map(findingId).join(m.listSeparator);
  return findings.length > shown ? `${ids}${m.pages.director.andMore(findings.length - shown)}` : ids;
}
