import { showable } from '../lib/hostile-text.ts';
import { advisoryAgeOf } from '../model/advisory.ts';
import { isBlind } from '../model/coverage.ts';
import type { ReportView, WeeklyFacts } from './view-model.ts';
import { buildChanges } from './view/changes.ts';
import { findingId, makeContext, type Context, type ViewInput } from './view/context.ts';
import { buildCover, isComplete, scopeAddresses } from './view/cover.ts';
import { buildDoors } from './view/doors.ts';
import { makeShelf } from './view/evidence.ts';
import { buildFindings } from './view/findings.ts';
import { buildGlance } from './view/glance.ts';
import { buildLimits } from './view/limits.ts';
import { buildPassive } from './view/passive.ts';
import { buildToday } from './view/today.ts';
import { buildYours } from './view/yours.ts';

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
    passive: buildPassive(context),
    today: buildToday(context),
    glance: buildGlance(context),
    changes: buildChanges(context),
    doors: buildDoors(context),
    findings,
    yours: buildYours(context),
    limits: buildLimits(context),
    appendix: {
      items: shelf.appendix(),
      omitted: omitted === 0 ? undefined : context.m.evidence.omitted(omitted),
    },
    weekly: weeklyFacts(context),
    snapshot: input.snapshot,
  };
}

/** A source without an own look counts records, which are no answers. */
function countedText(context: Context): string {
  const { m, snapshot } = context;
  const asked = snapshot.coverage.filter(({ state, source }) => state !== 'off' && source !== 'file');
  const probe = asked.find(({ source }) => source === 'probe');
  const widest = asked.toSorted((a, b) => b.looked - a.looked).at(0);
  const { looked = 0, answered = 0 } = probe ?? widest ?? {};
  const write = probe === undefined ? m.passive.counted : m.weekly.counted;
  return write(looked, scopeAddresses(context), answered);
}

function weeklyFacts(context: Context): WeeklyFacts {
  const { snapshot, m, dates, findings } = context;
  const age = advisoryAgeOf(snapshot);
  const sameScope = snapshot.previousRun?.scopeDigest === snapshot.scopeDigest;
  const health = [
    ...(snapshot.previousRun === undefined ? [] : [sameScope ? m.weekly.sameScope : m.weekly.otherScope]),
    ...(isBlind(snapshot.coverage) ? [m.today.nothingLooked] : []),
    countedText(context),
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
