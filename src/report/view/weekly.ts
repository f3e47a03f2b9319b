/** Whether the check itself was in order, in one line: what a reader of "no change" must be able to judge. */
import { showable } from '../../lib/hostile-text.ts';
import { advisoryAgeOf } from '../../model/advisory.ts';
import { isBlind } from '../../model/coverage.ts';
import type { WeeklyFacts } from '../view-model.ts';
import { findingId, type Context } from './context.ts';
import { isComplete, scopeAddresses } from './cover.ts';
import { ownLook } from './passive.ts';

export function weeklyFacts(context: Context): WeeklyFacts {
  const { snapshot, m, dates, findings } = context;
  const age = advisoryAgeOf(snapshot);
  return {
    date: dates.numeric(snapshot.endedAt),
    complete: isComplete(context),
    openP1: findings.filter(({ priority }) => priority === 'P1').map(findingId),
    health: healthLine(context),
    stale: age.stale ? m.weekly.stale(age.days ?? 0) : undefined,
    previous: snapshot.previousRun === undefined ? undefined : dates.short(snapshot.previousRun.endedAt),
  };
}

function healthLine(context: Context): string {
  const { snapshot, m, dates } = context;
  const { previousRun } = snapshot;
  const scope = previousRun?.scopeDigest === snapshot.scopeDigest ? m.weekly.sameScope : m.weekly.otherScope;
  const health = [
    ...(previousRun === undefined ? [] : [scope]),
    ...(isBlind(snapshot.coverage) ? [m.weekly.blind] : []),
    countedText(context),
    ...missedTexts(context),
    ...snapshot.coverage
      .filter(({ state }) => state === 'partial' || state === 'failed')
      .map(({ source, state }) => `${m.ids.source[source]} ${m.ids.coverageState[state]}`),
    ...pointTexts(context),
    m.weekly.versions(showable(snapshot.tool.knowledge, 60), dates.numeric(snapshot.tool.advisoryData)),
  ];
  return health.join(m.weekly.separator);
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

/** Addresses left out on purpose, and those that were not reached. */
function missedTexts({ m, snapshot }: Context): string[] {
  const probe = snapshot.coverage.find(({ source, state }) => source === 'probe' && state !== 'off');
  if (probe === undefined) return [];
  const missing = Math.max(0, probe.addresses - probe.looked);
  const excluded = probe.notLooked
    .filter(({ reason }) => reason === 'excluded')
    .reduce((sum, { count }) => sum + count, 0);
  const missed = Math.max(0, missing - excluded);
  return [
    ...(excluded > 0 ? [m.pages.weekly.excluded(excluded)] : []),
    ...(missed > 0 ? [m.pages.weekly.missed(missed)] : []),
  ];
}

/** The own one, and those whose runs of the same day stand beside this run. */
function pointTexts(context: Context): string[] {
  if (ownLook(context) !== 'looked') return [];
  return [context.m.pages.weekly.points(1 + (context.snapshot.elsewhere ?? []).length)];
}
