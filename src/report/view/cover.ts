import { showable } from '../../lib/hostile-text.ts';
import { advisoryAgeOf } from '../../model/advisory.ts';
import { isBlind } from '../../model/coverage.ts';
import type { SourceCoverage } from '../../model/snapshot.ts';
import { textOf } from '../messages/index.ts';
import type { CoverView, Labelled } from '../view-model.ts';
import type { Context } from './context.ts';
import { ownLook, passiveTitle, recordLines } from './passive.ts';

export function buildCover(context: Context): CoverView {
  const { snapshot, m, lang } = context;
  return {
    kind: m.cover.kind,
    title: m.title,
    organisation: showable(snapshot.organisation[lang], 120),
    tlp: `TLP:${tlpWord(snapshot.tlp)}`,
    facts: [scopeFacts(context), permissionFacts(context), timeFacts(context), handlingFacts(context)],
    health: {
      complete: isComplete(context),
      label: isComplete(context) ? m.cover.healthComplete : m.cover.healthPartial,
      text: healthText(context),
    },
  };
}

/** Everything that was asked for was done. A source left out on purpose does not make a run incomplete, unless all are. */
export function isComplete(context: Context): boolean {
  const { snapshot } = context;
  const { complete, coverage } = snapshot;
  return (
    complete && !isBlind(coverage) && coverage.every(({ state }) => state === 'complete' || state === 'off')
  );
}

export function coverageReason(context: Context, coverage: Pick<SourceCoverage, 'reason'>): string {
  return coverage.reason === undefined ? '' : textOf(context.m.ids.coverageReason, coverage.reason);
}

/** Addresses in scope: as the source with the widest view counted them. */
export function scopeAddresses(context: Context): number {
  return Math.max(0, ...context.snapshot.coverage.map(({ addresses }) => addresses));
}

/** Reasons for which a source is off because somebody wanted it so. */
const LEFT_OUT: readonly string[] = ['passive', 'switched-off'];

export function healthText(context: Context): string {
  const { snapshot, m, dates } = context;
  const parts: string[] = [];
  const probe = snapshot.coverage.find(({ source, state }) => source === 'probe' && state !== 'off');
  if (ownLook(context) === 'silent') parts.push(passiveTitle(context));
  else if (probe !== undefined) parts.push(m.cover.health(probe.looked, probe.addresses, probe.answered));
  for (const coverage of snapshot.coverage) {
    if (coverage.state === 'complete' || LEFT_OUT.includes(coverage.reason ?? '')) continue;
    const state = m.ids.coverageState[coverage.state];
    parts.push(m.cover.healthSource(m.ids.source[coverage.source], state, coverageReason(context, coverage)));
  }
  if (snapshot.exclusions.length > 0) parts.push(m.cover.healthExcluded(snapshot.exclusions.length));
  parts.push(m.cover.advisory(dates.short(snapshot.tool.advisoryData)));
  const age = advisoryAgeOf(snapshot);
  if (age.stale) parts.push(m.cover.advisoryStale(age.days ?? 0));
  return m.lines(parts);
}

function scopeFacts(context: Context): Labelled {
  const { snapshot, m } = context;
  const names = snapshot.sites.reduce((sum, site) => sum + site.hosts.length, 0);
  const overseas = snapshot.sites.filter(({ kind }) => kind === 'overseas').length;
  const addresses = m.cover.addresses(scopeAddresses(context));
  return {
    label: m.cover.scope,
    lines: [
      names === 0 ? addresses : `${addresses}${m.listSeparator}${m.cover.names(names)}`,
      m.cover.points(snapshot.sites.length, overseas),
    ],
  };
}

function permissionFacts(context: Context): Labelled {
  const { snapshot, m, dates } = context;
  const { permission } = snapshot;
  if (permission === undefined) return { label: m.cover.permission, lines: [m.cover.noPermission] };
  return {
    label: m.cover.permission,
    lines: [
      m.withNote(showable(permission.by, 80), showable(permission.reference, 80)),
      m.cover.validUntil(dates.full(permission.validUntil)),
    ],
  };
}

function timeFacts(context: Context): Labelled {
  const { snapshot, m, dates } = context;
  const { startedAt, endedAt } = snapshot;
  const sameDay = dates.numeric(startedAt) === dates.numeric(endedAt);
  const span = sameDay
    ? m.cover.span(dates.full(startedAt), dates.clock(startedAt), dates.clock(endedAt), dates.zone)
    : m.cover.spanDays(dates.moment(startedAt, false), dates.moment(endedAt, false), dates.zone);
  return {
    label: m.cover.time,
    lines: [
      span,
      m.cover.utc(startedAt.slice(11, 16), endedAt.slice(11, 16)),
      ...(ownLook(context) === 'silent' ? [] : [m.label(m.cover.vantage, showable(snapshot.vantage, 60))]),
      ...recordLines(context),
    ],
  };
}

function handlingFacts(context: Context): Labelled {
  const { snapshot, m } = context;
  const word = tlpWord(snapshot.tlp);
  return {
    label: m.cover.handling,
    lines: [Object.hasOwn(m.cover.tlp, word) ? textOf(m.cover.tlp, word) : word],
  };
}

/** "AMBER", of "TLP:AMBER" as well. */
export function tlpWord(tlp: string): string {
  return showable(tlp.toUpperCase().replace(/^TLP:\s*/, ''), 20);
}
