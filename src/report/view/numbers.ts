/** Since when a door is open, and how far back its logs go: the two numbers that several pages set side by side. */
import { shutAfter } from '../../model/exposure.ts';
import { earliest } from '../../lib/time.ts';
import type { AnsweredLogs } from '../../model/answers.ts';
import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import { findingId, seenByProbe, type Context } from './context.ts';

/** A finding about a door that an own probe got in at. */
export function openDoors(context: Context): { readonly finding: Finding; readonly service: Service }[] {
  return context.findings.flatMap((finding) => {
    const service = context.service(finding.subject);
    const isDoor = finding.inputs.role === 'door' && service !== undefined && seenByProbe(service);
    return isDoor ? [{ finding, service }] : [];
  });
}

/**
 * From when on it is known to be open without a break, whoever looked: ISO-8601. Undefined: it was found shut after it was last seen
 * open. A snapshot from before exposures were kept tells only what was seen here.
 */
export function openSince(context: Context, finding: Finding, { exposure }: Service): string | undefined {
  const span = exposure?.spans.at(-1);
  if (exposure !== undefined && span !== undefined)
    return shutAfter(exposure) === undefined ? span.from : undefined;
  const entry = context.snapshot.register.find(({ key }) => key === finding.key);
  return entry?.reopenedAt ?? finding.firstSeen;
}

/** From when on it was open although a weakness of it was already known to be used in attacks. Undefined: no such notice. */
export function openSinceNotice(context: Context, finding: Finding, service: Service): string | undefined {
  const notice = earliest(finding.exploited.flatMap(({ kevAdded }) => kevAdded ?? []));
  const since = openSince(context, finding, service);
  if (notice === undefined || since === undefined) return undefined;
  return Date.parse(notice) > Date.parse(since) ? notice : since;
}

export interface Longest {
  readonly days: number;
  readonly finding: Finding;
  readonly service: Service;
  /** Counted from the public notice. */
  readonly afterNotice: boolean;
}

/** Longest time open after its use in attacks was made public; without such a door, the longest time open. Undefined: no open door. */
export function longestOpen(context: Context, doors = openDoors(context)): Longest | undefined {
  return longestBy(context, doors, true) ?? longestBy(context, doors, false);
}

export function longestBy(
  context: Context,
  doors: ReturnType<typeof openDoors>,
  afterNotice: boolean,
): Longest | undefined {
  const { dates, snapshot } = context;
  let most: Longest | undefined;
  for (const { finding, service } of doors) {
    const since = (afterNotice ? openSinceNotice : openSince)(context, finding, service);
    const days = since === undefined ? undefined : dates.daysBetween(since, snapshot.endedAt);
    if (days !== undefined && (most === undefined || days > most.days))
      most = { days, finding, service, afterNotice };
  }
  return most;
}

/** Period of the logs to look through: from the oldest look of anyone that found it open to the newest. ISO-8601. */
export function logPeriod(finding: Finding, { exposure }: Service): { from: string; to: string } {
  const from = earliest([finding.firstSeen, ...(exposure === undefined ? [] : [exposure.first])]);
  const isNewer = exposure !== undefined && Date.parse(exposure.last) > Date.parse(finding.lastSeen);
  return { from: from ?? finding.firstSeen, to: isNewer ? exposure.last : finding.lastSeen };
}

/** Days of logs that are left on the device, as the owner has told; else those of its site. Undefined: not answered. */
export function logDays(context: Context, finding: Finding): number | undefined {
  const { findings = {}, sites = {} } = context.answers;
  const id = findingId(finding);
  const own = Object.hasOwn(findings, id) ? findings[id]?.logs : undefined;
  const { siteId } = finding;
  const ofSite = siteId !== undefined && Object.hasOwn(sites, siteId) ? sites[siteId]?.logs : undefined;
  return daysOf(context, own) ?? daysOf(context, ofSite);
}

/** Of a span and an oldest entry, the one that promises less. */
function daysOf({ dates, snapshot }: Context, logs: AnsweredLogs | undefined): number | undefined {
  if (logs === undefined) return undefined;
  const since =
    logs.oldest === undefined ? undefined : dates.daysBetween(logs.oldest, dates.numeric(snapshot.endedAt));
  const known = [logs.days, since].filter((days) => days !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

export interface LogsLeft {
  readonly days: number;
  readonly finding: Finding;
  readonly service: Service;
  /** Doors of which it is known, and all that were asked about. */
  readonly known: number;
  readonly all: number;
}

/** The fewest days of logs among the open doors. Undefined: of none of them has anybody told. */
export function fewestLogs(context: Context, doors = openDoors(context)): LogsLeft | undefined {
  const told = doors.flatMap(({ finding, service }) => {
    const days = logDays(context, finding);
    return days === undefined ? [] : [{ days, finding, service }];
  });
  const least = told.toSorted((a, b) => a.days - b.days).at(0);
  return least === undefined ? undefined : { ...least, known: told.length, all: doors.length };
}
