/** Since when a place is open at least, since when at most, and when nobody looked. Dates are those of the looks. */
import { compareInstants, DAY_MS } from '../../lib/time.ts';
import { isDated, type Exposure, type Service } from '../../model/service.ts';
import { reachedSightings } from '../../model/corroboration.ts';
import { openingOf, shutAfter, shutBefore, type ShutLook, type Span } from '../../model/exposure.ts';
import type { Block, TimelineView } from '../view-model.ts';
import type { Context } from './context.ts';
import { sourceName } from './sources.ts';

const EARLIER_SHOWN = 2;
/** Shorter than this there is nothing to draw. */
const LEAST_DAYS = 2;

/** For a cell: "open at least 41 days", "at most since 2026-10-02". */
export function exposureLines(context: Context, service: Service): string[] {
  const { m, dates } = context;
  const say = m.exposure.short;
  const { exposure } = service;
  const span = exposure?.spans.at(-1);
  if (exposure === undefined || span === undefined) return isUndated(service) ? [say.undated] : [];
  const shut = shutBefore(exposure, openingOf(exposure));
  const days = dates.daysBetween(span.from, span.to) ?? 0;
  const when = whenText(context, span);
  const short = isOneLook(exposure) ? say.once(dates.numeric(span.to)) : say.seen(when);
  return [
    days > 0 ? say.atLeast(days) : short,
    ...(shut === undefined ? [] : [say.since(dates.numeric(shut.at))]),
  ];
}

function isOneLook({ spans }: Exposure): boolean {
  return spans.length === 1 && spans[0]?.from === spans[0]?.to;
}

/** A snapshot from before exposures were kept says nothing. */
function isUndated(service: Service): boolean {
  const open = reachedSightings(service);
  return open.length > 0 && !open.some(isDated);
}

export function exposureBlocks(context: Context, service: Service): Block[] {
  const { exposure } = service;
  if (exposure === undefined)
    return isUndated(service) ? [{ kind: 'text', text: context.m.exposure.undated }] : [];
  const text = context.m.lines([
    mainSentence(context, exposure),
    ...earlierSentences(context, exposure),
    ...laterSentences(context, exposure),
  ]);
  const drawing = timelineOf(context, exposure, text);
  return [
    { kind: 'text', text },
    ...(drawing === undefined ? [] : [{ kind: 'timeline' as const, ...drawing }]),
  ];
}

/** Somebody found it shut before: it is known that it was not open all the time before the first look. */
export function isBounded({ exposure }: Service): boolean {
  return exposure !== undefined && shutBefore(exposure, openingOf(exposure)) !== undefined;
}

/** "Open at least 41 days (2026-10-10 to 2026-11-20), at most since 2026-10-02 (nmap found it closed then)." */
function mainSentence(context: Context, exposure: Exposure): string {
  const { m, dates } = context;
  const say = m.exposure;
  const span = exposure.spans.at(-1);
  if (span === undefined) return say.undated;
  const shut = shutBefore(exposure, openingOf(exposure));
  const bound = shut === undefined ? undefined : say.bound(dates.numeric(shut.at), howShut(context, shut));
  const [from, to] = [dates.numeric(span.from), dates.numeric(span.to)];
  const days = dates.daysBetween(span.from, span.to) ?? 0;
  if (days > 0)
    return bound === undefined ? say.atLeast(days, from, to) : say.atLeastSince(days, from, to, bound);
  if (isOneLook(exposure)) return bound === undefined ? say.once(to) : say.onceSince(to, bound);
  const when = whenText(context, span);
  return bound === undefined ? say.seen(when) : say.seenSince(when, bound);
}

/** Newest first: what is asked is how it came to be as it is. */
function earlierSentences(context: Context, exposure: Exposure): string[] {
  const { m, dates } = context;
  const { spans } = exposure;
  const opening = openingOf(exposure);
  const said: string[] = [];
  for (let index = spans.length - 1; index > 0; index -= 1) {
    const [span, before] = [spans[index], spans[index - 1]];
    if (span === undefined || before === undefined) continue;
    if (said.length === EARLIER_SHOWN) return [...said, m.exposure.earlier(index)];
    const shut = shutBefore(exposure, index);
    const again = dates.numeric(span.from);
    const when = whenText(context, before);
    if (shut === undefined) said.push(m.exposure.gap(dates.numeric(before.to), again, when));
    // When it was found shut is in the main sentence.
    else if (index === opening) said.push(m.exposure.again(when));
    else
      said.push(
        m.exposure.broke({ at: dates.numeric(shut.at), how: howShut(context, shut), again, before: when }),
      );
  }
  return said;
}

function laterSentences(context: Context, exposure: Exposure): string[] {
  const { m, dates } = context;
  const shut = shutAfter(exposure);
  const { certificateFrom } = exposure;
  const bound = shutBefore(exposure, 0);
  const isHint =
    certificateFrom !== undefined && (bound === undefined || compareInstants(bound.at, certificateFrom) < 0);
  return [
    ...(shut === undefined ? [] : [m.exposure.after(dates.numeric(shut.at), howShut(context, shut))]),
    ...(isHint ? [m.exposure.certificate(dates.numeric(certificateFrom))] : []),
  ];
}

function whenText({ m, dates }: Context, { from, to }: Span): string {
  const [first, last] = [dates.numeric(from), dates.numeric(to)];
  return first === last ? m.exposure.on(last) : m.exposure.during(first, last);
}

function howShut({ m }: Context, { source, status }: ShutLook): string {
  const who = source === 'probe' ? m.exposure.ownProbe : sourceName(m, { source });
  if (status === 'closed') return m.exposure.refused(who);
  return status === 'unreachable' ? m.exposure.unreachable(who) : m.exposure.silent(who);
}

/** Places on a line from 0 (the oldest look that counts) to 1 (the end of the run). */
function timelineOf(context: Context, exposure: Exposure, label: string): TimelineView | undefined {
  const { dates, snapshot } = context;
  const { spans, first } = exposure;
  const bounds = spans.flatMap((_, index) => shutBefore(exposure, index) ?? []);
  const after = shutAfter(exposure);
  const shut = after === undefined ? bounds : [...bounds, after];
  const start = Math.min(Date.parse(first), ...shut.map(({ at }) => Date.parse(at)));
  const end = Math.max(
    Date.parse(snapshot.endedAt),
    Date.parse(exposure.last),
    ...shut.map(({ at }) => Date.parse(at)),
  );
  const length = end - start;
  if (!(length >= LEAST_DAYS * DAY_MS)) return undefined;
  const x = (at: string): number => Math.round(((Date.parse(at) - start) / length) * 10_000) / 10_000;
  const dated = [exposure.last, first, spans.at(-1)?.from ?? '', ...shut.map(({ at }) => at)];
  return {
    label,
    bars: spans.map(({ from, to }) => ({ from: x(from), to: x(to) })),
    gaps: spans.slice(1).flatMap(({ from }, index) => {
      const before = spans[index];
      if (before === undefined || shutBefore(exposure, index + 1) !== undefined) return [];
      return [{ from: x(before.to), to: x(from) }];
    }),
    shut: shut.map(({ at }) => x(at)),
    dates: [...new Set(dated)].map((at) => ({ at: x(at), text: dates.numeric(at) })),
    key: context.m.exposure.key,
  };
}
