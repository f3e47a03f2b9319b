import { showable } from '../../lib/hostile-text.ts';
import { parsePorts } from '../../lib/port-list.ts';
import { compareInstants } from '../../lib/time.ts';
import { advisoryAgeOf } from '../../model/advisory.ts';
import type { SourceCoverage } from '../../model/snapshot.ts';
import { textOf } from '../messages/index.ts';
import type { LimitsView } from '../view-model.ts';
import type { Context } from './context.ts';
import { coverageReason } from './cover.ts';

const REASONS_SHOWN = 12;
const FILES_SHOWN = 8;
const PORT_LIST = 90;

export function buildLimits(context: Context): LimitsView {
  const { m, snapshot } = context;
  const { tool } = snapshot;
  return {
    zero: snapshot.services.length === 0 ? zeroText(context) : undefined,
    sources: shownSources(context),
    scope: scopeLines(context),
    cannot: cannotLines(context),
    promise: [m.limits.promise, m.limits.notClean, m.limits.attribution, m.limits.deadlines],
    versions: [
      { term: m.limits.tool, text: `sekisho ${showable(tool.version, 30)}` },
      { term: m.limits.knowledge, text: showable(tool.knowledge, 60) },
      ...advisoryLines(context),
      { term: m.limits.digest, text: `sha256 ${showable(snapshot.scopeDigest, 64)}` },
      { term: m.limits.run, text: showable(snapshot.runId, 80) },
    ],
  };
}

/** Old advisory data comes first: it is the one limit that the reader can remove at once. */
function cannotLines({ m, snapshot, dates }: Context): readonly string[] {
  const { date, days, stale } = advisoryAgeOf(snapshot);
  return stale ? [m.limits.cannotSince(dates.full(date), days ?? 0), ...m.limits.cannot] : m.limits.cannot;
}

function advisoryLines({ m, snapshot, dates }: Context): LimitsView['versions'] {
  const { advisoryData, advisoryList } = snapshot.tool;
  const { days } = advisoryAgeOf(snapshot);
  const date = dates.full(advisoryData);
  const lines = [
    {
      term: m.limits.advisory,
      text: days === undefined ? date : m.withNote(date, m.limits.advisoryAge(days)),
    },
  ];
  if (advisoryList === undefined) return lines;
  const { catalogVersion, entries, sha256 } = advisoryList;
  const text = [
    showable(catalogVersion, 40),
    m.limits.advisoryEntries(entries),
    `sha256 ${showable(sha256, 64)}`,
  ];
  return [...lines, { term: m.limits.advisoryList, text: text.join(m.listSeparator) }];
}

/** No answer is a result about what was looked at, from one place at one time, and about nothing else. */
function zeroText(context: Context): string {
  const { m, snapshot, dates } = context;
  const worked = snapshot.coverage.filter(
    ({ state, looked }) => state !== 'off' && state !== 'failed' && looked > 0,
  );
  if (worked.length === 0) return m.today.nothingLooked;
  if (worked.every(({ source }) => source !== 'probe')) return m.limits.zeroPassive;
  const at = dates.moment(snapshot.endedAt);
  return m.limits.zero(showable(snapshot.vantage, 60), at);
}

/** A file for each week of a year must not bury the rest: the newest stand, and those with holes. */
function shownSources(context: Context): LimitsView['sources'] {
  const { coverage } = context.snapshot;
  const files = coverage.filter(({ file, state }) => file !== undefined && state === 'complete');
  const newest = files.toSorted((a, b) => compareInstants(b.dataDate ?? '', a.dataDate ?? ''));
  const left = new Set(newest.slice(FILES_SHOWN));
  const rows = coverage.filter((one) => !left.has(one)).map((one) => sourceView(context, one));
  if (left.size === 0) return rows;
  return [...rows, { ...moreFiles(context, left.size, newest.at(-1)?.dataDate) }];
}

function moreFiles(
  { m, dates }: Context,
  count: number,
  oldest: string | undefined,
): LimitsView['sources'][number] {
  return {
    name: m.limits.moreFiles(count),
    state: m.limits.fileRead,
    looked: oldest === undefined ? [] : [m.limits.oldestData(dates.full(oldest))],
    answered: m.dash,
    notLooked: [m.limits.nothing],
  };
}

function sourceView(context: Context, coverage: SourceCoverage): LimitsView['sources'][number] {
  const { m } = context;
  const off = coverage.state === 'off';
  const { source, file, state } = coverage;
  return {
    name: m.sources.who(m.ids.source[source], file === undefined ? '' : showable(file, 60)),
    state: file !== undefined && state === 'complete' ? m.limits.fileRead : m.ids.coverageState[state],
    looked: off ? [m.limits.nothing] : lookedLines(context, coverage),
    answered: off ? m.dash : m.number(coverage.answered),
    notLooked: notLookedLines(context, coverage),
  };
}

function lookedLines(context: Context, coverage: SourceCoverage): string[] {
  const { m, dates } = context;
  const { startedAt, endedAt, lookedAt, credits, dataDate } = coverage;
  const lines =
    coverage.file === undefined
      ? [m.limits.lookedAddresses(coverage.looked, coverage.addresses)]
      : [m.limits.fileAddresses(coverage.looked), m.limits.fileVantage(showable(coverage.vantage, 40))];
  if (lookedAt !== undefined && lookedAt.ports !== '') lines.push(portLine(lookedAt.ports, m.limits.ports));
  if (lookedAt?.udp !== undefined) lines.push(portLine(lookedAt.udp.ports, m.limits.udpPorts));
  else if (coverage.source === 'probe' && lookedAt !== undefined) lines.push(m.limits.noUdp);
  if (coverage.requests > 0) lines.push(m.limits.requests(coverage.requests));
  if (credits !== undefined) {
    lines.push(m.limits.credits(credits.spent, credits.left === undefined ? '' : `${credits.left}`));
  }
  if (dataDate !== undefined) lines.push(m.limits.dataDate(dates.full(dataDate)));
  if (startedAt !== undefined && endedAt !== undefined) {
    lines.push(`${m.limits.took(dates.clock(startedAt), dates.clock(endedAt))} ${dates.zone}`);
  }
  return lines;
}

function portLine(list: string, write: (count: number, list: string) => string): string {
  const shown = list.length > PORT_LIST ? `${list.slice(0, list.lastIndexOf(',', PORT_LIST))},…` : list;
  let count = 0;
  try {
    count = parsePorts(list).length;
  } catch {
    // A snapshot made by hand: the list is shown as it stands.
  }
  return write(count, showable(shown.replaceAll(',', ', '), 160));
}

function notLookedLines(context: Context, coverage: SourceCoverage): string[] {
  const { m } = context;
  const lines = coverage.notLooked.map(({ what, reason, count }) =>
    // A count of 0 is a remark about the source itself.
    count === 0
      ? m.limits.remark(showable(what, 80), textOf(m.ids.coverageReason, reason))
      : m.limits.counted(count, showable(what, 80), textOf(m.ids.coverageReason, reason)),
  );
  const shown = lines.slice(0, REASONS_SHOWN);
  if (lines.length > REASONS_SHOWN) shown.push(m.glance.more(lines.length - REASONS_SHOWN));
  const reason = coverageReason(context, coverage);
  if (reason !== '') shown.unshift(reason);
  const { refusedByScope: outside, file } = coverage;
  if (outside > 0) shown.push(file === undefined ? m.limits.refused(outside) : m.limits.leftOut(outside));
  return shown.length === 0 ? [m.limits.nothing] : shown;
}

function scopeLines(context: Context): LimitsView['scope'] {
  const { m, lang, snapshot } = context;
  const sites = snapshot.sites.slice(0, 50).map((site) => ({
    term: showable(site[lang], 60),
    text: [...site.ranges, ...site.hosts]
      .slice(0, 12)
      .map((text) => showable(text, 60))
      .join(m.listSeparator),
  }));
  if (snapshot.exclusions.length === 0) return sites;
  const list = snapshot.exclusions.slice(0, 20).map((text) => showable(text, 60));
  return [...sites, { term: m.limits.excluded, text: list.join(m.listSeparator) }];
}
