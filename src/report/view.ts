import { once } from '../lib/once.ts';
import type { ReportView } from './view-model.ts';
import { buildCard } from './view/card.ts';
import { buildChanges } from './view/changes.ts';
import { makeContext, type ViewInput } from './view/context.ts';
import { buildCover } from './view/cover.ts';
import { buildDirector } from './view/director.ts';
import { buildDoors } from './view/doors.ts';
import { makeShelf } from './view/evidence.ts';
import { buildFindings } from './view/findings.ts';
import { buildGlance } from './view/glance.ts';
import { buildLimits } from './view/limits.ts';
import { buildList } from './view/list.ts';
import { buildPassive } from './view/passive.ts';
import { buildSections } from './view/sections/index.ts';
import { buildSmall } from './view/small.ts';
import { buildToday } from './view/today.ts';
import { buildWorksheets } from './view/worksheets.ts';
import { weeklyFacts } from './view/weekly.ts';
import { buildYours } from './view/yours.ts';

export type { EvidenceRecord, ViewInput } from './view/context.ts';

/**
 * Makes the one picture that every form of the report draws. Pure: the same input gives the same view. What only some forms draw is made
 * when the first of them asks: in a large run each costs as much as a page.
 */
export function buildView(input: ViewInput): ReportView {
  const context = makeContext(input);
  const shelf = makeShelf(context);
  const findings = buildFindings(context, shelf);
  const omitted = shelf.omitted();
  const card = once(() => buildCard(context));
  const sections = once(() => buildSections(context));
  const worksheets = once(() => buildWorksheets(context));
  const list = once(() => buildList(context));
  return {
    lang: input.lang,
    cover: buildCover(context),
    passive: buildPassive(context),
    today: buildToday(context),
    glance: buildGlance(context),
    get card() {
      return card();
    },
    changes: buildChanges(context),
    doors: buildDoors(context),
    findings,
    yours: buildYours(context),
    get sections() {
      return sections();
    },
    limits: buildLimits(context),
    appendix: {
      items: shelf.appendix(),
      omitted: omitted === 0 ? undefined : context.m.evidence.omitted(omitted),
      withoutFile: shelf.withoutFile() === 0 ? undefined : context.m.script.withoutFile(shelf.withoutFile()),
    },
    weekly: weeklyFacts(context),
    get list() {
      return list();
    },
    small: buildSmall(context),
    director: buildDirector(context),
    get worksheets() {
      return worksheets();
    },
    snapshot: input.snapshot,
  };
}
