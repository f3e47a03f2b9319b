/**
 * Which facts a judgement lacks. Two questions, because a fact may be unknown and yet not matter:
 *
 * - A row that names a fault decided (P1 to P3). Then the fault stands, whatever else is unknown; what is listed is each unknown
 *   fact that could still move the priority, found by trying the values that it might have.
 * - No such row did (P4). Then everything unknown is listed, because "nothing found" is only as good as what was known. Only
 *   when nothing is unknown may the verdict be "clear".
 */
import { type Inputs, MISSING_INPUTS, type MissingInput, type Priority } from '../model/finding.ts';
import type { Product } from '../model/product.ts';
import type { Service } from '../model/service.ts';
import { isNamed } from './exploited.ts';

/** Facts of the service that are not known. What hangs on an unknown product (release, support) is not counted twice. */
export function unknownFacts(service: Service, inputs: Inputs, product: Product | undefined): MissingInput[] {
  const unknown = new Set<MissingInput>();
  const named = isNamed(service, product);
  if (!named) unknown.add('product');
  if (named && (service.version.state === 'unknown' || service.version.certainty === 'to-confirm'))
    unknown.add('version');
  if (inputs.authentication === 'unknown') unknown.add('authentication');
  if (named && inputs.support === 'unknown') unknown.add('support');
  if (inputs.reach === 'unknown' || inputs.reach === 'passive-only') unknown.add('reach');
  return MISSING_INPUTS.filter((one) => unknown.has(one));
}

/** Values that an unknown fact might turn out to have. */
const MAY_BE: Readonly<Record<MissingInput, readonly Partial<Inputs>[]>> = {
  product: [{ knownUse: 'confirmed', codeExecution: true }, { knownUse: 'none' }, { support: 'ended' }],
  version: [{ knownUse: 'confirmed' }, { knownUse: 'none' }, { support: 'ended' }, { support: 'current' }],
  authentication: [{ authentication: 'none' }, { authentication: 'password' }, { authentication: 'strong' }],
  support: [{ support: 'ended' }, { support: 'current' }],
  reach: [{ reach: 'everyone' }, { reach: 'passive-only' }],
};

/** Of the unknown facts those that could move the priority. */
export function decisiveFacts(
  unknown: readonly MissingInput[],
  inputs: Inputs,
  priorityOf: (inputs: Inputs) => Priority,
): MissingInput[] {
  const now = priorityOf(inputs);
  return unknown.filter((fact) =>
    MAY_BE[fact].some((change) => isPossible(change, inputs) && priorityOf({ ...inputs, ...change }) !== now),
  );
}

/** A release cannot be affected by a weakness that the product does not have, nor out of a support that is known. */
function isPossible(change: Partial<Inputs>, inputs: Inputs): boolean {
  if (change.support !== undefined && inputs.support !== 'unknown') return false;
  return change.knownUse === undefined || inputs.knownUse !== 'none';
}
