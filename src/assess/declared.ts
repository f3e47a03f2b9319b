import { canonicalAddress } from '../lib/address.ts';
import { localDate } from '../lib/time.ts';
import type { Product } from '../model/product.ts';
import type { Expectation, Scope } from '../model/scope.ts';
import type { Service } from '../model/service.ts';

/** Whether the organisation file declares the service, by an entry that has not run out. `until` is the last day, in the organisation's time zone. */
export function isDeclared(
  service: Service,
  { expected, timezone }: Pick<Scope, 'expected' | 'timezone'>,
  products: ReadonlyMap<string, Product>,
  now: string,
): boolean {
  const today = dayIn(now, timezone);
  return expected.some(
    (one) => one.until.slice(0, 10) >= today && isPlaceOf(one, service) && agrees(one, service, products),
  );
}

function dayIn(now: string, timezone: string): string {
  const { year, month, day } = localDate(now, timezone);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function isPlaceOf({ address, port, transport }: Expectation, service: Service): boolean {
  return (
    canonicalAddress(address) === service.address &&
    port === service.port &&
    (transport === service.transport || service.transport === 'unknown')
  );
}

/**
 * Something else than was declared is not declared. What could not be recognised does not disagree: a web server may well
 * be the declared VPN portal that hides its name; an RDP answer is not, whatever stands behind it.
 */
function agrees(
  { product, class: kind }: Expectation,
  service: Service,
  products: ReadonlyMap<string, Product>,
): boolean {
  const { identity } = service;
  const isGeneric = identity === undefined || products.get(identity.productId)?.generic === true;
  const couldBe = isGeneric && (service.class === 'web' || service.class === 'unknown');
  if (kind !== undefined && kind !== service.class && !couldBe) return false;
  if (product === undefined) return true;
  if (identity?.productId === product || service.candidates.some((one) => one.productId === product))
    return true;
  const declared = products.get(product);
  if (identity !== undefined && declared?.['same-from-outside'].includes(identity.productId) === true)
    return true;
  return couldBe || (isGeneric && declared?.class === service.class);
}
