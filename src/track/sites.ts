import { AddressSet, parseAddress, rangeContains } from '../lib/address.ts';
import type { Scope } from '../model/scope.ts';

/** Site that an address belongs to; undefined outside every range and inside an exclusion: deny wins. */
export function siteFinder(scope: Scope): (address: string) => string | undefined {
  const included = new AddressSet(scope.sites.flatMap(({ ranges }) => ranges));
  const excluded = new AddressSet(scope.exclusions);
  return (text) => {
    const address = parseAddress(text);
    if (address === undefined || excluded.has(address) || !included.has(address)) return undefined;
    return scope.sites.find(({ ranges }) => ranges.some((range) => rangeContains(range, address)))?.id;
  };
}
