import { daysBetween, compareInstants } from '../lib/time.ts';
import type { Inputs } from '../model/finding.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Product } from '../model/product.ts';
import type { Scope } from '../model/scope.ts';
import { isDated, type Oddity, type Service } from '../model/service.ts';
import type { RegisterEntry } from '../model/snapshot.ts';
import { isDeclared } from './declared.ts';
import { type KnownUseOf, knownUseOf } from './exploited.ts';
import type { ReachOf } from './reach.ts';
import { supportOf } from './support.ts';

/** What a passive source says of a host that others already use. "scanner": it was seen scanning the Internet. */
export const MISUSE_TAGS: readonly string[] = [
  'compromised',
  'malware',
  'c2',
  'doublepulsar',
  'scanner',
  'tor',
];
/** Oddities that come from a box in between and not from a service. */
const ARTEFACTS: readonly Oddity[] = ['answers-on-every-port', 'sip-alg', 'cdn-edge'];
/** How long "open again" stays a reason to hurry. */
const REOPENED_DAYS = 90;

export interface InputContext {
  readonly scope: Scope;
  readonly knowledge: Pick<Knowledge, 'products' | 'classes'>;
  readonly reachOf: ReachOf;
  /** ISO-8601 UTC. */
  readonly now: string;
}

export interface JudgedInputs {
  readonly inputs: Inputs;
  readonly knownUse: KnownUseOf;
  readonly product: Product | undefined;
}

/** Everything that the decision table asks about one service. */
export function inputsOf(
  service: Service,
  entry: RegisterEntry | undefined,
  { scope, knowledge, reachOf, now }: InputContext,
): JudgedInputs {
  const { products } = knowledge;
  const product = service.identity === undefined ? undefined : products.get(service.identity.productId);
  const known = knownUseOf(service, products);
  const site = scope.sites.find(({ id }) => id === service.siteId);
  const isFar = site?.kind === 'overseas' || site?.kind === 'affiliate';
  const reach = reachOf(service);
  const inputs: Inputs = {
    class: service.class,
    role: service.role,
    reach,
    authentication: service.authentication.kind,
    knownUse: known.knownUse,
    ...noticeAge(known.newestNotice, now),
    codeExecution: known.codeExecution,
    support: supportOf(service, product, now),
    declared: isDeclared(service, scope, products, now),
    baseline: scope.expected.length > 0,
    artefact: isArtefact(service),
    misuse: isMisuseClass(service) || hasMisuseTag(service) || hasIndicatorAnswer(service),
    overseasOrAffiliate: isFar,
    owned: !isFar || (site.contact ?? '').trim() !== '',
    reopened: isReopened(entry, service, reach, now),
  };
  return { inputs, knownUse: known, product };
}

export function isMisuseClass({ class: kind }: Service): boolean {
  return kind === 'c2-indicator' || kind === 'coin-miner';
}

function hasMisuseTag({ passiveTags }: Service): boolean {
  return passiveTags?.some((tag) => MISUSE_TAGS.includes(tag)) ?? false;
}

/** A path that public reports name for an attack answers unlike its neighbours: to be looked at on the device, and soon. */
function hasIndicatorAnswer({ indicators }: Service): boolean {
  return (indicators?.answers.length ?? 0) > 0;
}

function isArtefact({ oddities, identity, class: kind }: Service): boolean {
  const isPlain = identity === undefined && (kind === 'unknown' || kind === 'web');
  return isPlain && oddities.some((oddity) => ARTEFACTS.includes(oddity));
}

/** Never negative: a notice dated tomorrow (time zones) is fresh. */
function noticeAge(notice: string | undefined, now: string): Pick<Inputs, 'noticeAgeDays'> {
  return notice === undefined ? {} : { noticeAgeDays: Math.max(0, daysBetween(notice, now)) };
}

/**
 * Closed and seen again, now or within 90 days. A passive record does not reopen anything by itself: the source goes on
 * showing for weeks what it saw before the port was closed.
 */
function isReopened(
  entry: RegisterEntry | undefined,
  service: Service,
  reach: Inputs['reach'],
  now: string,
): boolean {
  if (entry === undefined) return false;
  const { reopenedAt, closedAt, state } = entry;
  if (reopenedAt !== undefined && daysBetween(reopenedAt, now) <= REOPENED_DAYS) return true;
  if (state !== 'closed') return false;
  if (reach === 'everyone' || reach === 'some') return true;
  return (
    reach === 'unknown' &&
    closedAt !== undefined &&
    service.sightings.some((one) => isDated(one) && compareInstants(one.last, closedAt) > 0)
  );
}
