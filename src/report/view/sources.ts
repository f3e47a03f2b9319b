/** Who saw the place, and what it means that others did not. */
import { showable } from '../../lib/hostile-text.ts';
import { compareInstants } from '../../lib/time.ts';
import { CRAWLERS, reachedSightings, type Corroboration } from '../../model/corroboration.ts';
import type { Service, Sighting } from '../../model/service.ts';
import type { Messages } from '../messages/index.ts';
import type { Context } from './context.ts';

const SOURCES_SHOWN = 8;
const MAX_FILE = 60;

/** "own probe: 2026-11-20 · Shodan: 2026-09-02 – 2026-11-18 · nmap (scan-08.xml): 2026-08-30", and the sentence. */
export function sourceLines(context: Context, service: Service): string[] {
  const { m } = context;
  const open = heaviestFirst(reachedSightings(service));
  const others = open.some(({ source }) => source !== 'probe');
  const shown = open.slice(0, SOURCES_SHOWN).map((one) => sightingText(context, one));
  const more = open.length > SOURCES_SHOWN ? m.today.andMore(open.length - SOURCES_SHOWN) : '';
  const list = others ? [m.sources.list(`${shown.join(m.sources.separator)}${more}`)] : [];
  return [...list, ...verdict(context, service), ...agreements(context, service)];
}

/** The own probe, those who look at everything, other tools; the newest first: a folder full of files must not hide the rest. */
export function heaviestFirst(sightings: readonly Sighting[]): Sighting[] {
  return sightings.toSorted((a, b) => weightOf(a) - weightOf(b) || compareInstants(b.last, a.last));
}

function weightOf({ source }: Sighting): number {
  if (source === 'probe') return 0;
  return CRAWLERS.includes(source) ? 1 : 2;
}

/** "Shodan", "nmap (scan-08.xml)" */
export function sourceName(m: Messages, { source, file = '' }: Pick<Sighting, 'source' | 'file'>): string {
  const name = source === 'probe' ? m.sources.ownProbe : m.ids.source[source];
  return m.sources.who(name, showable(file, MAX_FILE));
}

function sightingText({ m, dates }: Context, sighting: Sighting): string {
  const [first, last] = [dates.numeric(sighting.first), dates.numeric(sighting.last)];
  return m.sources.dated(sourceName(m, sighting), datesText(m, sighting, first, last));
}

/** From the first to the last day, one day, or that nobody dated it; the days as they are written already. */
export function datesText(
  m: Messages,
  { undated }: Pick<Sighting, 'undated'>,
  first: string,
  last: string,
): string {
  if (undated === true) return m.sources.undated(last);
  return first === last ? last : m.sources.range(first, last);
}

/** "2026-11-18", or for looks that nobody dated "no date, file of 2026-11-18". */
export function lastText({ m, dates }: Context, sighting: Pick<Sighting, 'last' | 'undated'>): string {
  const day = dates.numeric(sighting.last);
  return datesText(m, sighting, day, day);
}

function verdict(context: Context, service: Service): string[] {
  const { m, dates } = context;
  const found = context.corroboration(service);
  if (found === undefined) return [];
  const day = (at: string | null): string => dates.numeric(at ?? '');
  const newest = newestOther(service);
  const other = newest === undefined ? '' : lastText(context, newest);
  const [own, missed] = [day(found.ownAt), day(found.missedAt)];
  if (found.verdict === 'agree') return [m.sources.agree(own, other)];
  if (found.verdict === 'contradiction') return [m.sources.contradiction(own, other)];
  const who = m.sources.only[subjectOf(found.verdict, service)];
  switch (found.reason) {
    case null:
    // True of every finding of such a run: "Scope and limits" says it once.
    case 'no-source-asked':
      return [];
    case 'not-looked':
      return [m.sources.reason['not-looked'](who, other)];
    case 'stale': {
      const days = dates.daysBetween(found.otherAt ?? '', context.snapshot.endedAt) ?? 0;
      return [m.sources.reason.stale(who, other, days)];
    }
    case 'refused':
      return [m.sources.reason.refused(who, other, missed)];
    case 'silent':
      return [m.sources.reason.silent(who, other, missed)];
    case 'not-all-asked':
    case 'not-this-port':
    case 'not-this-address':
      return [m.sources.alone[found.reason]];
  }
}

function subjectOf(verdictId: Corroboration['verdict'], service: Service): keyof Messages['sources']['only'] {
  if (verdictId === 'imported-only' || verdictId === 'tool-only') return verdictId;
  return reachedSightings(service).every(({ source }) => CRAWLERS.includes(source))
    ? 'passive-only'
    : 'mixed';
}

function agreements({ m, dates }: Context, { agreements: agreed = [] }: Service): string[] {
  return agreed
    .filter(({ fact }) => fact === 'version')
    .map(({ values }) => {
      const list = values
        .slice(0, SOURCES_SHOWN)
        .map(({ source, at }) => m.sources.versionIn(sourceName(m, { source }), dates.numeric(at)));
      return m.sources.sameVersion(showable(values[0]?.value ?? '', 60), list.join(m.listSeparator));
    });
}

/** The newest look of somebody else that got an answer. */
export function newestOther(service: Service): Sighting | undefined {
  return (
    reachedSightings(service)
      .filter(({ source }) => source !== 'probe')
      // A date of a file says less than any date of a look.
      .toSorted(
        (a, b) => Number(b.undated ?? false) - Number(a.undated ?? false) || compareInstants(a.last, b.last),
      )
      .at(-1)
  );
}

/** Known from files of other tools alone: no public record shows it. */
export function isOnlyImported(service: Service): boolean {
  const open = reachedSightings(service);
  return open.length > 0 && open.every(({ source }) => source !== 'probe' && !CRAWLERS.includes(source));
}
