import {
  addressFromValue,
  cidrBlocks,
  cidrText,
  parseAddress,
  type AddressRange,
} from '../../lib/address.ts';
import type { Scope } from '../../model/scope.ts';

/** Consecutive addresses of one family. */
export interface Span {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** The span of one address; none when the text is no address. */
export function spansOf(text: string): Span[] {
  const address = parseAddress(text);
  return address === undefined ? [] : [{ family: address.family, first: address.value, last: address.value }];
}

/** The ranges of all sites minus the exclusions: ascending, IPv4 first, without overlap. */
export function spansInScope(scope: Pick<Scope, 'sites' | 'exclusions'>): Span[] {
  const ranges = scope.sites.flatMap((site) => site.ranges);
  return ([4, 6] as const).flatMap((family) => {
    const excluded = merge(scope.exclusions, family);
    return merge(ranges, family).flatMap((span) => subtract(span, excluded));
  });
}

/** Overlapping and adjacent ranges of one family made one. */
function merge(ranges: readonly (AddressRange | Span)[], family: 4 | 6): Span[] {
  const sorted = ranges
    .filter((range) => range.family === family)
    .toSorted((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
  const merged: Span[] = [];
  for (const { first, last } of sorted) {
    const previous = merged.at(-1);
    if (previous === undefined || first > previous.last + 1n) merged.push({ family, first, last });
    else if (last > previous.last) merged[merged.length - 1] = { ...previous, last };
  }
  return merged;
}

function subtract(span: Span, excluded: readonly Span[]): Span[] {
  const left: Span[] = [];
  let { first } = span;
  for (const hole of excluded) {
    if (hole.last < first || hole.first > span.last) continue;
    if (hole.first > first) left.push({ ...span, first, last: hole.first - 1n });
    first = hole.last + 1n;
  }
  if (first <= span.last) left.push({ ...span, first });
  return left;
}

export function countAddresses(spans: readonly Span[]): bigint {
  return spans.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

/** The addresses of the spans one by one, at most `max`. */
export function listAddresses(spans: readonly Span[], max: number): string[] {
  const addresses: string[] = [];
  for (const { family, first, last } of spans) {
    for (let value = first; value <= last && addresses.length < max; value += 1n) {
      addresses.push(addressFromValue(family, value).text);
    }
  }
  return addresses;
}

/** The first `count` addresses of the spans, and the others. */
export function splitSpans(spans: readonly Span[], count: bigint): { head: Span[]; tail: Span[] } {
  const head: Span[] = [];
  const tail: Span[] = [];
  let left = count;
  for (const span of spans) {
    const size = span.last - span.first + 1n;
    if (size <= left) head.push(span);
    else if (left <= 0n) tail.push(span);
    else {
      head.push({ ...span, last: span.first + left - 1n });
      tail.push({ ...span, first: span.first + left });
    }
    left = left > size ? left - size : 0n;
  }
  return { head, tail };
}

/** "203.0.113.7" or "203.0.113.4-203.0.113.9". */
export function spanText({ family, first, last }: Span): string {
  const from = addressFromValue(family, first).text;
  return first === last ? from : `${from}-${addressFromValue(family, last).text}`;
}

/** One search over many networks. */
export interface ListQuery {
  /** `net:203.0.113.0/28,198.51.100.7`, so that a person can repeat it by hand. */
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Longest query that Shodan's own client builds. */
const MAX_QUERY_LENGTH = 1000;

/** As few queries as possible: a query costs one credit per hundred banners, whatever the number of its networks. */
export function listQueries(spans: readonly Span[]): ListQuery[] {
  const queries: { text: string; spans: Span[] }[] = [];
  for (const family of [4, 6] as const) {
    let current: { text: string; spans: Span[] } | undefined;
    for (const block of spans.filter((span) => span.family === family).flatMap((span) => cidrBlocks(span))) {
      const text = cidrText(block);
      if (current === undefined || current.text.length + 1 + text.length > MAX_QUERY_LENGTH) {
        current = { text: `net:${text}`, spans: [block] };
        queries.push(current);
      } else {
        current.text += `,${text}`;
        current.spans.push(block);
      }
    }
  }
  return queries;
}
