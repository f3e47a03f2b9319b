import ipaddr from 'ipaddr.js';
import { addressFromValue, rangeSize, type AddressRange } from '../lib/address.ts';
import { LARGEST_IPV6_SWEEP } from '../model/scope.ts';

/** A range larger than this is a whole network operator, not an organisation's boundary: /16 and /32. */
const LARGEST = { 4: 1n << 16n, 6: 1n << 96n } as const;

const NEVER: ReadonlyMap<string, string> = new Map([
  ['multicast', 'a multicast range has no hosts of yours'],
  ['broadcast', 'the broadcast address is no host'],
  ['unspecified', '"this network" (0.0.0.0/8, ::) has no hosts'],
  ['linkLocal', 'link-local addresses cannot be reached from the Internet'],
  ['discard', 'the discard range has no hosts'],
  ['reserved', 'this range is reserved by IANA'],
]);
const ODD: ReadonlyMap<string, string> = new Map([
  ['private', 'a private range (RFC 1918): the Internet cannot reach it, only a probe from inside can'],
  ['uniqueLocal', 'a unique local range (RFC 4193): the Internet cannot reach it'],
  ['loopback', 'loopback: this very machine'],
  ['carrierGradeNat', 'shared address space of carriers (RFC 6598): the Internet cannot reach it'],
]);
const DOCUMENTATION = ['192.0.2.', '198.51.100.', '203.0.113.', '198.18.', '198.19.', '2001:db8:'];

/** Why a range cannot be an organisation's own; undefined when it can. The sentence says what to do. */
export function rangeFault(range: AddressRange): string | undefined {
  const size = rangeSize(range);
  if (size > LARGEST[range.family]) {
    const limit = range.family === 4 ? 'a /16 (65,536 addresses)' : 'a /32';
    return `"${range.text}" is larger than ${limit}: write the ranges that the organisation really holds`;
  }
  for (const kind of kindsOf(range)) {
    const reason = NEVER.get(kind);
    if (reason !== undefined && !isDocumentation(range)) return `"${range.text}": ${reason}`;
  }
  return undefined;
}

/** What a careful reader should know about a range that is allowed; undefined when there is nothing odd. */
export function rangeNotice(range: AddressRange): string | undefined {
  if (isDocumentation(range)) {
    return `"${range.text}" is a range for documentation or benchmarks (RFC 5737, RFC 3849, RFC 2544): replace it by the organisation's own`;
  }
  for (const kind of kindsOf(range)) {
    const reason = ODD.get(kind);
    if (reason !== undefined) return `"${range.text}" is ${reason}`;
  }
  if (range.family === 6 && rangeSize(range) > LARGEST_IPV6_SWEEP) {
    return `"${range.text}" is too large to sweep (over 65,536 addresses): name the hosts under "hosts:" or give single addresses`;
  }
  return undefined;
}

function isDocumentation(range: AddressRange): boolean {
  const text = addressFromValue(range.family, range.first).text;
  return DOCUMENTATION.some((prefix) => text.startsWith(prefix));
}

/** Kinds of the first and last address; a range that only touches such a block at its end counts too. */
function kindsOf(range: AddressRange): string[] {
  return [range.first, range.last].map((value) =>
    ipaddr.parse(addressFromValue(range.family, value).text).range(),
  );
}
