import { inRange } from '../lib/version.ts';
import { compareInstants } from '../lib/time.ts';
import type { Inputs } from '../model/finding.ts';
import type { Product } from '../model/product.ts';
import type { Service } from '../model/service.ts';

type Support = Inputs['support'];

/**
 * Whether the maker still mends the product, as of a moment. An entry whose date has not come says nothing yet. "current" is
 * said only when the product file has end-of-support data and none of it applies to a release that was read.
 *
 * @param now ISO-8601 UTC.
 */
export function supportOf(service: Service, product: Product | undefined, now: string): Support {
  const entries = product?.['end-of-support'] ?? [];
  if (product === undefined || entries.length === 0 || service.identity?.certainty === 'to-confirm')
    return 'unknown';
  const states = entries.map((entry): Support => {
    const isPast = compareInstants(entry.date, now) <= 0;
    if (entry.all === true) return isPast ? 'ended' : 'current';
    if (entry.before === undefined || service.version.state === 'unknown') return 'unknown';
    const applies = inRange(service.version.value, { before: entry.before }, product['version-scheme']);
    if (applies === undefined) return 'unknown';
    return applies && isPast ? 'ended' : 'current';
  });
  if (states.includes('ended')) return 'ended';
  return states.includes('unknown') ? 'unknown' : 'current';
}
