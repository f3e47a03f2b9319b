/**
 * Many looks at one place, by many, at many times → since when it is known to be open. Pure; the order of the looks and of
 * the runs that brought them does not matter, as long as no look that found it shut turns up only after the fact.
 */
import { compareInstants, DAY_MS, earliest, instantMs } from '../lib/time.ts';
import type { SourceName } from './observation.ts';
import { EXPOSURE_GAP_DAYS, type Exposure } from './service.ts';

export interface OpenLook {
  /** ISO-8601 UTC */
  readonly at: string;
  readonly source: SourceName;
}

export type Span = Exposure['spans'][number];
export type ShutLook = Exposure['shut'][number];

export interface Looks {
  readonly open: readonly OpenLook[];
  readonly shut: readonly ShutLook[];
  readonly certificateFrom?: string | undefined;
}

/** With one shut look for each gap between two spans, before the first and after the last, this is within `MAX_SHUT`. */
const MAX_SPANS = 48;
const MAX_SHUT = 50;
const GAP_MS = EXPOSURE_GAP_DAYS * DAY_MS;
/** No certificate of a service that still runs is older; factory clocks begin in 1970, 1980 and 1990. */
const FIRST_CERTIFICATES = '1995-01-01T00:00:00Z';

/** Undefined: nobody is known to have found it open. */
export function exposureOf({ open, shut, certificateFrom }: Looks): Exposure | undefined {
  const spans = open.map(({ at, source }): Span => ({ from: at, to: at, sources: [source], looks: 1 }));
  return assemble(spans, shut, [certificateFrom]);
}

/** What several runs know of one place. Merging the same again changes nothing. */
export function mergeExposures(
  parts: readonly (Exposure | undefined)[],
  shut: readonly ShutLook[] = [],
): Exposure | undefined {
  const known = parts.filter((one) => one !== undefined);
  return assemble(
    known.flatMap(({ spans }) => spans),
    [...known.flatMap((one) => one.shut), ...shut],
    known.map(({ certificateFrom }) => certificateFrom),
  );
}

/**
 * Whether a shut look sets a bound to a span that these sources saw. A refusal does. Silence does when it is heard by somebody who had
 * got in; who never did may be shut out by his address, and his silence says nothing about the others.
 */
function ends({ status, source }: ShutLook, { sources }: Pick<Span, 'sources'>): boolean {
  return status === 'closed' || sources.includes(source);
}

/** The newest look before span `index` that shows it did not begin earlier; undefined when there is none. */
export function shutBefore({ spans, shut }: Exposure, index: number): ShutLook | undefined {
  const [before, span] = [spans[index - 1], spans[index]];
  if (span === undefined) return undefined;
  return shut.findLast(
    (one) =>
      compareInstants(one.at, span.from) < 0 &&
      (before === undefined || compareInstants(one.at, before.to) > 0) &&
      (ends(one, span) || (before !== undefined && ends(one, before))),
  );
}

/** Index of the first of the spans that may be one opening: nobody found it shut between it and the last. */
export function openingOf(exposure: Exposure): number {
  let index = exposure.spans.length - 1;
  while (index > 0 && shutBefore(exposure, index) === undefined) index -= 1;
  return Math.max(0, index);
}

/** The first look after the last span that found it shut. */
export function shutAfter({ spans, shut }: Exposure): ShutLook | undefined {
  const last = spans.at(-1);
  if (last === undefined) return undefined;
  return shut.find((one) => compareInstants(one.at, last.to) > 0 && ends(one, last));
}

interface TimedSpan {
  readonly span: Span;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

interface TimedShut {
  readonly look: ShutLook;
  readonly at: number;
}

function assemble(
  spans: readonly Span[],
  shut: readonly ShutLook[],
  certificates: readonly (string | undefined)[],
): Exposure | undefined {
  const readable = spans.flatMap(timedSpan);
  const openMoments = new Set(readable.flatMap(({ from, to }) => [from, to]));
  // Who got in at that very moment is right.
  const shutLooks = distinctShut(shut).filter(({ at }) => !openMoments.has(at));
  const closings = shutLooks.filter(({ look }) => look.status === 'closed').map(({ at }) => at);
  const cut = distinctSpans(readable).flatMap((span) => cutAt(span, closings));
  const joined = join(distinctSpans(cut), shutLooks);
  const kept = joined.length > MAX_SPANS ? [...joined.slice(0, 1), ...joined.slice(1 - MAX_SPANS)] : joined;
  const [first, last] = [kept[0]?.span, kept.at(-1)?.span];
  if (first === undefined || last === undefined) return undefined;
  const from = earliest(certificates.filter((at) => at !== undefined && isPlausible(at, first.from)));
  return {
    first: first.from,
    last: last.to,
    spans: kept.map(({ span }) => span),
    shut: telling(shutLooks, kept),
    ...(from === undefined ? {} : { certificateFrom: from }),
  };
}

function isPlausible(at: string, first: string): boolean {
  return (
    instantMs(at) !== undefined &&
    compareInstants(at, FIRST_CERTIFICATES) >= 0 &&
    compareInstants(at, first) < 0
  );
}

function timedSpan(span: Span): TimedSpan[] {
  const [from, to] = [instantMs(span.from), instantMs(span.to)];
  return from === undefined || to === undefined ? [] : [{ span, from, to }];
}

/** Index of the first look after a moment. */
function firstAfter(moment: number, times: readonly number[]): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Which looks are inside of a span is not kept: when it turns out later that it was closed in between, only the ends are sure. */
function cutAt(timed: TimedSpan, closings: readonly number[]): TimedSpan[] {
  const { span, from, to } = timed;
  const closed = closings[firstAfter(from, closings)];
  if (closed === undefined || closed >= to) return [timed];
  return [
    { span: { ...span, to: span.from, looks: 1 }, from, to: from },
    { span: { ...span, from: span.to, looks: 1 }, from: to, to },
  ];
}

/** Sorted; what begins and ends alike is one span. */
function distinctSpans(spans: readonly TimedSpan[]): TimedSpan[] {
  const sorted = spans.toSorted((a, b) => a.from - b.from || a.to - b.to);
  const distinct: TimedSpan[] = [];
  for (const one of sorted) {
    const known = distinct.at(-1);
    const isKnown = known !== undefined && known.from === one.from && known.to === one.to;
    const { span } = isKnown ? known : one;
    const looks = Math.max(span.looks, one.span.looks);
    if (isKnown) distinct.pop();
    distinct.push({ ...one, span: { ...span, sources: union(span, one.span), looks } });
  }
  return distinct;
}

function join(spans: readonly TimedSpan[], shut: readonly TimedShut[]): TimedSpan[] {
  const times = shut.map(({ at }) => at);
  const joined: TimedSpan[] = [];
  for (const one of spans) {
    const before = joined.at(-1);
    if (before === undefined || one.from - before.to > GAP_MS) {
      joined.push(one);
      continue;
    }
    const between = shut.slice(firstAfter(before.to, times), firstAfter(one.from - 1, times));
    if (between.some(({ look }) => ends(look, before.span) || ends(look, one.span))) joined.push(one);
    else joined[joined.length - 1] = unite(before, one);
  }
  return joined;
}

/** Looks that both may have counted are counted once: at least so many there were. */
function unite(before: TimedSpan, one: TimedSpan): TimedSpan {
  const [a, b] = [before.span, one.span];
  const isLater = one.to > before.to;
  const isEarlier = before.from < one.from;
  const looks =
    one.from <= before.to
      ? Math.max(a.looks + Number(isLater), b.looks + Number(isEarlier))
      : a.looks + b.looks;
  return {
    span: { from: a.from, to: isLater ? b.to : a.to, sources: union(a, b), looks },
    from: before.from,
    to: Math.max(before.to, one.to),
  };
}

function union(a: Span, b: Span): SourceName[] {
  return [...new Set([...a.sources, ...b.sources])].toSorted();
}

function distinctShut(shut: readonly ShutLook[]): TimedShut[] {
  const distinct = new Map<string, TimedShut>();
  for (const look of shut) {
    const at = instantMs(look.at);
    if (at !== undefined) distinct.set(`${at} ${nameOf(look)}`, { look, at });
  }
  return [...distinct.values()].toSorted((a, b) => a.at - b.at || (nameOf(a.look) < nameOf(b.look) ? -1 : 1));
}

function nameOf({ source, status }: ShutLook): string {
  return `${source} ${status}`;
}

/**
 * A place that stays shut for years is looked at every week: of each gap the first and the last look of each source say it
 * all. When even these are too many, the newest of each gap stays, and of the others the newest.
 */
function telling(shut: readonly TimedShut[], spans: readonly TimedSpan[]): ShutLook[] {
  const starts = spans.map(({ from }) => from);
  const ofGap = new Map<string, { first: ShutLook; last: ShutLook }>();
  const newestOfGap = new Map<number, ShutLook>();
  for (const { look, at } of shut) {
    const gap = firstAfter(at, starts);
    const key = `${gap} ${nameOf(look)}`;
    ofGap.set(key, { first: ofGap.get(key)?.first ?? look, last: look });
    const sides = [spans[gap - 1], spans[gap]];
    if (sides.some((one) => one !== undefined && ends(look, one.span))) newestOfGap.set(gap, look);
  }
  const kept = new Set([...ofGap.values()].flatMap(({ first, last }) => [first, last]));
  const looks = shut.map(({ look }) => look).filter((look) => kept.has(look));
  if (looks.length <= MAX_SHUT) return looks;
  const bounds = new Set(newestOfGap.values());
  const others = looks.filter((look) => !bounds.has(look)).slice(bounds.size - MAX_SHUT);
  return looks.filter((look) => bounds.has(look) || others.includes(look));
}
