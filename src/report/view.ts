import { showable } from '../lib/hostile-text.ts';
import { advisoryAgeOf } from '../model/advisory.ts';
import type { ReportView, WeeklyFacts } from './view-model.ts';
import { buildChanges } from './view/changes.ts';
import { findingId, makeContext, type Context, type ViewInput } from './view/context.ts';
import { buildCover, isComplete, scopeAddresses } from './view/cover.ts';
import { buildDoors } from './view/doors.ts';
import { makeShelf } from './view/evidence.ts';
import { buildFindings } from './view/findings.ts';
import { buildGlance } from './view/glance.ts';
import { buildLimits } from './view/limits.ts';
import { buildToday } from './view/today.ts';

export type { EvidenceRecord, ViewInput } from './view/context.ts';

/** Makes the one picture that every form of the report draws. Pure: the same input gives the same view. */
export function buildView(input: ViewInput): ReportView {
  const context = makeContext(input);
  const shelf = makeShelf(context);
  const findings = buildFindings(context, shelf);
  const omitted = shelf.omitted();
  return {
    lang: input.lang,
    cover: buildCover(context),
    today: buildToday(context),
    glance: buildGlance(context),
    changes: buildChanges(context),
    doors: buildDoors(context),
    findings,
    limits: buildLimits(context),
    appendix: {
      items: shelf.appendix(),
      omitted: omitted === 0 ? undefined : context.m.evidence.omitted(omitted),
    },
    weekly: weeklyFacts(context),
    snapshot: input.snapshot,
  };
}

function weeklyFacts(context: Context): WeeklyFacts {
  const { snapshot, m, dates, findings } = context;
  const probe = snapshot.coverage.find(({ source }) => source === 'probe') ?? snapshot.coverage[0];
  const age = advisoryAgeOf(snapshot);
  const sameScope = snapshot.previousRun?.scopeDigest === snapshot.scopeDigest;
  const health = [
    ...(snapshot.previousRun === undefined ? [] : [sameScope ? m.weekly.sameScope : m.weekly.otherScope]),
    m.weekly.counted(probe?.looked ?? 0, scopeAddresses(context), probe?.answered ?? 0),
    ...snapshot.coverage
      .filter(({ state }) => state === 'partial' || state === 'failed')
      .map(({ source, state }) => `${m.ids.source[source]} ${m.ids.coverageState[state]}`),
    m.weekly.versions(showable(snapshot.tool.knowledge, 60), dates.numeric(snapshot.tool.advisoryData)),
  ];
  return {
    date: dates.numeric(snapshot.endedAt),
    complete: isComplete(context),
    openP1: findings.filter(({ priority }) => priority === 'P1').map(findingId),
    health: health.join(m.weekly.separator),
    stale: age.stale ? m.weekly.stale(age.days ?? 0) : undefined,
    previous: snapshot.previousRun === undefined ? undefined : dates.short(snapshot.previousRun.endedAt),
  };
}
