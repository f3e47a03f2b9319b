import type { Inputs } from '../model/finding.ts';
import type { Product } from '../model/product.ts';
import type { Service } from '../model/service.ts';
import type { Certainty } from '../model/service-class.ts';
import { isMisuseClass } from './inputs.ts';
import type { Decision } from './table.ts';

const ORDER: readonly Certainty[] = ['confirmed', 'inferred', 'to-confirm'];

/**
 * How sure the finding is, as a whole: no surer than the least sure thing that it rests on.
 *
 * - what stands there: the protocol is the fact when the class follows from the answer itself (an RDP answer is RDP, whatever
 *   the product); else the product's certainty;
 * - that it can be reached: an own probe got in, or it is to be confirmed;
 * - known use, when the row decided by it: a product match is an inference, a passive record is to be confirmed;
 * - misuse, when only a passive source or a path of a known campaign says so.
 */
export function certaintyOf(
  service: Service,
  inputs: Inputs,
  decision: Decision,
  product: Product | undefined,
): Certainty {
  return leastSure([
    identityCertainty(service, product),
    inputs.reach === 'everyone' || inputs.reach === 'some' ? 'confirmed' : 'to-confirm',
    decision.row.when['known-use'] === undefined ? 'confirmed' : knownUseCertainty(inputs),
    decision.row.when.misuse === true && !isMisuseClass(service) ? 'to-confirm' : 'confirmed',
  ]);
}

function identityCertainty(service: Service, product: Product | undefined): Certainty {
  if (service.oddities.includes('honeypot-like')) return 'to-confirm';
  if (service.protocol === 'unknown' && service.identity === undefined) return 'to-confirm';
  const byProtocol =
    ['rdp', 'vnc', 'telnet', 'ssh'].includes(service.class) && service.protocol === service.class;
  if (byProtocol || product === undefined || product.generic) return 'confirmed';
  return service.identity?.certainty ?? 'confirmed';
}

function knownUseCertainty({ knownUse }: Inputs): Certainty {
  if (knownUse === 'confirmed') return 'confirmed';
  return knownUse === 'product-matches' ? 'inferred' : 'to-confirm';
}

function leastSure(all: readonly Certainty[]): Certainty {
  return ORDER.findLast((one) => all.includes(one)) ?? 'to-confirm';
}
