/** A report made from records alone: that nothing was sent, how old the records are, and what they cannot prove. */
import { earliest, latest } from '../../lib/time.ts';
import type { SourceName } from '../../model/observation.ts';
import type { CoverageReason, SourceCoverage } from '../../model/snapshot.ts';
import type { PassiveView } from '../view-model-rescue.ts';
import { seenByProbe, type Context } from './context.ts';

/** Sources that send packets to the organisation when we start them; a file of theirs sends none. */
const ACTIVE: readonly SourceName[] = ['probe', 'nmap', 'masscan'];

/** looked: packets were sent and told something · silent: none were sent · blind: some may have been sent, and told nothing. */
export type OwnLook = 'looked' | 'silent' | 'blind';

export function ownLook({ snapshot }: Pick<Context, 'snapshot'>): OwnLook {
  const own = snapshot.coverage.filter(isActive);
  if (own.some(({ state, looked }) => looked > 0 && state !== 'off' && state !== 'failed')) return 'looked';
  // A run that was killed has no word of its probes; what they saw is in the services all the same.
  if (!snapshot.passive && snapshot.services.some(seenByProbe)) return 'looked';
  return (snapshot.passive || own.length > 0) && own.every(sentNothing) ? 'silent' : 'blind';
}

/** Packets of this run went to the targets by it. */
export function isActive({
  source,
  file,
}: {
  readonly source: SourceName;
  readonly file?: string | undefined;
}): boolean {
  return ACTIVE.includes(source) && file === undefined;
}

/** Why a source did not begin at all. One that failed for another reason may have sent something before it did. */
const NEVER_BEGAN: readonly CoverageReason[] = [
  'passive',
  'switched-off',
  'no-permission',
  'permission-expired',
  'outside-window',
  'nothing-to-look-at',
  'not-installed',
  'no-raw-sockets',
];

function sentNothing({ state, requests, looked, reason }: SourceCoverage): boolean {
  const idle = state === 'off' || NEVER_BEGAN.some((one) => one === reason);
  return idle && requests === 0 && looked === 0;
}

/** undefined: there is more to this report than records. */
export function buildPassive(context: Context): PassiveView | undefined {
  const look = ownLook(context);
  if (look === 'looked') return undefined;
  const say = context.m.passive;
  const range = rangeText(context, recordDates(context));
  return {
    title: passiveTitle(context),
    lines: [ageText(context), ...(recordKinds(context).files ? [say.files] : [])],
    cannotTitle: say.cannotTitle,
    cannot: say.cannot,
    note: say.note(range),
    sheet: say.sheet(look === 'silent' ? say.sheetSilent : say.sheetBlind, range),
  };
}

/** What the report was made from, and that nothing was sent. */
export function passiveTitle(context: Context): string {
  const say = context.m.passive;
  const kinds = recordKinds(context);
  const write = ownLook(context) === 'silent' ? say.titleSilent : say.titleBlind;
  return write(say.source(kinds.records || !kinds.files, kinds.files));
}

function recordKinds({ snapshot }: Context): { records: boolean; files: boolean } {
  const asked = records(snapshot.coverage);
  return {
    records: asked.some(({ file }) => file === undefined),
    files: asked.some(({ file }) => file !== undefined),
  };
}

/** What others recorded and this run took in. A list of devices records nothing that anybody saw. */
function records(coverage: readonly SourceCoverage[]): SourceCoverage[] {
  return coverage.filter((one) => one.state !== 'off' && one.source !== 'file' && !isActive(one));
}

/** Dates of what others recorded, for the cover of a report that has both. */
export function recordLines(context: Context): string[] {
  const dates = recordDates(context);
  return dates === undefined ? [] : [context.m.passive.recordDates(rangeText(context, dates))];
}

interface RecordDates {
  readonly oldest: string;
  readonly newest: string;
}

/**
 * From the place whose newest record is oldest to the newest record of all. A place's older records only say since when:
 * they are no measure of how old the picture is. Records without a date of their own are none either.
 */
function recordDates({ snapshot }: Context): RecordDates | undefined {
  const places = snapshot.services.flatMap(({ sightings }) => {
    const others = sightings.filter((one) => !isActive(one) && one.undated !== true);
    return latest(others.map(({ last }) => last)) ?? [];
  });
  const sources = records(snapshot.coverage).flatMap(({ dataDate }) => dataDate ?? []);
  const newest = latest([...places, ...sources]);
  const oldest = earliest(places) ?? newest;
  return oldest === undefined || newest === undefined ? undefined : { oldest, newest };
}

function rangeText({ m, dates }: Context, range: RecordDates | undefined): string {
  return range === undefined
    ? m.passive.rangeUndated
    : m.passive.range(dates.numeric(range.oldest), dates.numeric(range.newest));
}

function ageText(context: Context): string {
  const { m, dates, snapshot } = context;
  const range = recordDates(context);
  if (range === undefined) return m.passive.undated;
  // Days of the calendar, as a reader counts them who sees the dates.
  const today = dates.numeric(snapshot.endedAt);
  const age = (at: string): string => m.passive.age(dates.daysBetween(dates.numeric(at), today) ?? 0);
  const { oldest, newest } = range;
  return dates.numeric(oldest) === dates.numeric(newest)
    ? m.passive.single(dates.full(newest), age(newest))
    : m.passive.span(dates.full(newest), age(newest), dates.full(oldest), age(oldest));
}
