import {
  addressFromValue,
  compareAddresses,
  parseAddress,
  rangeContains,
  rangeSize,
  type Address,
} from '../../lib/address.ts';
import { LARGEST_IPV6_SWEEP, type Scope, type Site } from '../../model/scope.ts';
import type { Guard } from '../../scope/guard.ts';
import type { Gap } from '../../model/snapshot.ts';

export interface SweepTarget {
  readonly address: string;
  readonly siteId: string;
}

export interface SweepPlan {
  readonly targets: readonly SweepTarget[];
  readonly notLooked: readonly Gap[];
}

/** One place and port, "203.0.113.10:3389", "203.0.113.10", "[2001:db8::1]:443". */
export interface Only {
  readonly address: string;
  readonly port: number | undefined;
  /** Nothing but this: no other port, and no question over the other transport. Absent: both, and where its pages lead on that address. */
  readonly transport?: 'tcp' | 'udp';
}

/**
 * The addresses that a sweep of the scope looks at: every address of every range that the guard lets through; of an IPv6
 * range too large to sweep only the addresses that somebody named (hosts, expected services).
 */
export function planSweep(
  scope: Scope,
  guard: Guard,
  namedAddresses: readonly string[],
  only?: Only,
): SweepPlan {
  if (only !== undefined) return planOnly(guard, only);
  const targets = new Map<string, SweepTarget>();
  const notLooked: Gap[] = [];
  const excluded: string[] = [];
  const add = (address: Address, site: Site): void => {
    const verdict = guard.judgeAddress(address.text);
    if (verdict.allowed) targets.set(address.text, { address: address.text, siteId: site.id });
    else excluded.push(address.text);
  };
  const named = [...namedAddresses, ...scope.expected.map(({ address }) => address)].flatMap(
    (text) => parseAddress(text) ?? [],
  );
  for (const site of scope.sites) {
    for (const range of site.ranges) {
      if (range.family === 6 && rangeSize(range) > LARGEST_IPV6_SWEEP) {
        named.filter((address) => rangeContains(range, address)).forEach((address) => add(address, site));
        notLooked.push({ what: range.text, reason: 'ipv6-too-large', count: 1 });
        continue;
      }
      for (let value = range.first; value <= range.last; value += 1n)
        add(addressFromValue(range.family, value), site);
    }
  }
  if (excluded.length > 0) {
    notLooked.push({
      what: scope.exclusions.map(({ text }) => text).join(', '),
      reason: 'excluded',
      count: excluded.length,
    });
  }
  return {
    targets: [...targets.values()].toSorted((a, b) => compareAddresses(a.address, b.address)),
    notLooked,
  };
}

function planOnly(guard: Guard, { address }: Only): SweepPlan {
  const verdict = guard.judgeAddress(address);
  if (!verdict.allowed)
    return { targets: [], notLooked: [{ what: address, reason: verdict.reason, count: 1 }] };
  return { targets: [{ address: verdict.address, siteId: verdict.site.id }], notLooked: [] };
}
