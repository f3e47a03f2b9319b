import type { Facts } from '../../model/facts.ts';
import type { Product } from '../../model/product.ts';
import type { Service } from '../../model/service.ts';
import { webPageOf } from './page.ts';
import { webRisksOf } from './risks.ts';

/**
 * What a place shows as a web server. The own look counts; a passive record only for the risks, and only when there is no
 * own look: its page was fetched by somebody else, at another time and under another name.
 */
export function webOf(
  probed: Facts,
  passive: Facts,
  product: Product | undefined,
): Pick<Service, 'webRisks' | 'indicators' | 'page'> {
  const webRisks = webRisksOf(probed.http === undefined ? passive : probed, product);
  const page = probed.http === undefined ? undefined : webPageOf(probed.http);
  const indicators = probed.http?.indicators;
  return {
    ...(webRisks !== undefined && { webRisks }),
    ...(indicators !== undefined && { indicators }),
    ...(page !== undefined && { page }),
  };
}
