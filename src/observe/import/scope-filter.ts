import { AddressSet, rangesOverlap, type Address, type AddressRange } from '../../lib/address.ts';
import type { Scope } from '../../model/scope.ts';
import { countAddresses, spansInScope } from '../shodan/spans.ts';

/** Which addresses of a file are the organisation's. Whether a packet may go there is another question: see `scope/guard.ts`. */
export interface ScopeFilter {
  readonly accepts: (address: Address) => boolean;
  /** Is any address of the range? */
  readonly overlaps: (range: AddressRange) => boolean;
  /** Addresses in scope. */
  readonly size: number;
}

export function scopeFilter(scope: Scope): ScopeFilter {
  const spans = spansInScope(scope);
  const ranges = spans.map((span) => ({ ...span, text: '' }));
  const addresses = new AddressSet(ranges);
  return {
    accepts: (address) => addresses.has(address),
    overlaps: (range) => ranges.some((one) => rangesOverlap(one, range)),
    size: Number(countAddresses(spans)),
  };
}
