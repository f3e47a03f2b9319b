import { parseAddress, rangeContains, rangeSize } from '../lib/address.ts';
import { latest } from '../lib/time.ts';
import type { Facts } from '../model/facts.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Product } from '../model/product.ts';
import type { Observation, SweepResult } from '../model/observation.ts';
import type { Scope } from '../model/scope.ts';
import { type Service, serviceKey } from '../model/service.ts';
import type { Role, ServiceClass } from '../model/service-class.ts';
import { authenticationOf } from './authentication.ts';
import { authenticationContradiction, protocolContradiction } from './contradictions.ts';
import {
  certificateOf,
  labelOf,
  namesOf,
  passiveTagsOf,
  passiveVulnsOf,
  sightingsOf,
  type SweepStamp,
  tlsVersionsOf,
} from './details.ts';
import { exposureOfPlace } from './exposure.ts';
import { isProbe, newestFacts } from './facts-of.ts';
import { createMatcher, type Matcher } from './match/match.ts';
import {
  foldDatagrams,
  foldSilentPorts,
  hostsOpenEverywhere,
  inOrder,
  markHoneypots,
  markSipGateways,
  oddAnswers,
} from './oddities.ts';
import { comparePlaces, type Place, placesOf } from './place.ts';
import { classOfProtocol, protocolOf } from './protocol.ts';
import { concernsOf, fieldsOf } from './protocol-facts.ts';
import { recognise } from './recognise.ts';
import { markSharedCertificates, tlsDetails } from './tls-problems.ts';
import { webOf } from './web/web.ts';

/** What of the scope tells about places. */
export type PlacesOfScope = Pick<Scope, 'sites' | 'vantage'> & {
  readonly probe: Pick<Scope['probe'], 'ports'>;
};

/**
 * Observations → services. A pure function: the same observations, in whatever order, give the same services, sorted by
 * address, port and transport.
 *
 * @param sweeps results of the own discovery: open ports whose conversation was cut off are services too.
 */
export function identify(
  observations: readonly Observation[],
  sweeps: readonly SweepResult[],
  scope: PlacesOfScope,
  knowledge: Pick<Knowledge, 'products' | 'classes'>,
): Service[] {
  const matcher = createMatcher(knowledge.products.values());
  const stamp = sweepStamp(observations, scope);
  const services = placesOf(observations, sweeps).map((place) =>
    toService(place, { scope, knowledge, matcher, stamp }),
  );
  const speaking = new Set(
    services
      .filter(({ protocol }) => protocol !== 'unknown')
      .map(({ address, port }) => `${address} ${port}`),
  );
  const openEverywhere = hostsOpenEverywhere(sweeps, scope.probe.ports.length, (address, port) =>
    speaking.has(`${address} ${port}`),
  );
  const folded = foldDatagrams(foldSilentPorts(services, openEverywhere));
  const marked = markSipGateways(markHoneypots(folded, knowledge.products));
  return markSharedCertificates(marked).toSorted(comparePlaces);
}

/** The discovery writes no dates: its results are as old as the newest conversation of the same run. */
function sweepStamp(observations: readonly Observation[], scope: PlacesOfScope): SweepStamp {
  const own = observations.filter(isProbe);
  const at =
    latest(own.map(({ observedAt }) => observedAt)) ?? latest(observations.map((one) => one.collectedAt));
  return { vantage: own[0]?.vantage ?? scope.vantage, at };
}

interface Context {
  readonly scope: PlacesOfScope;
  readonly knowledge: Pick<Knowledge, 'products' | 'classes'>;
  readonly matcher: Matcher;
  readonly stamp: SweepStamp;
}

function toService(place: Place, { scope, knowledge, matcher, stamp }: Context): Service {
  const { address, port, transport, observations } = place;
  const own = observations.filter(isProbe);
  const others = observations.filter((one) => !isProbe(one));
  const [probed, passive] = [newestFacts(own), newestFacts(others)];
  const recognised = recognise(observations, matcher, knowledge.products);
  const { identity } = recognised;
  const [ownProtocol, otherProtocol] = [protocolOf(own), protocolOf(others)];
  const protocol = ownProtocol === 'unknown' ? otherProtocol : ownProtocol;
  const product = identity === undefined ? undefined : knowledge.products.get(identity.productId);
  // The own look counts; a passive record only when the own look tells nothing.
  const [ownLogIn, otherLogIn] = [authenticationOf(probed), authenticationOf(passive)];
  const tells = ownLogIn.kind === 'unknown' && otherLogIn.kind !== 'unknown' ? passive : probed;
  const site = siteOf(address, scope);
  const label = labelOf(probed) ?? labelOf(passive);
  const certificate = certificateOf(probed, passive);
  const oddities = oddAnswers({ probed, protocol, observations, isIdentified: identity !== undefined });
  const tls = tlsDetails({
    observations,
    identities: identity === undefined ? recognised.candidates : [identity, ...recognised.candidates],
    products: knowledge.products,
  });
  const exposure = exposureOfPlace(place, stamp, { certificate, ...tls });
  return {
    key: serviceKey(address, port, transport),
    address,
    port,
    transport,
    ...(site === undefined ? {} : { siteId: site }),
    protocol,
    ...classAndRole(protocol, product, knowledge),
    ...(identity === undefined ? {} : { identity }),
    candidates: [...recognised.candidates],
    version: recognised.version,
    authentication: authenticationOf(tells, product, identity?.matched),
    ...(certificate === undefined ? {} : { certificate }),
    tlsVersions: tlsVersionsOf(probed, passive),
    ...tls,
    ...(label === undefined ? {} : { label }),
    names: namesOf(observations),
    sightings: sightingsOf(place, stamp),
    ...(exposure === undefined ? {} : { exposure }),
    contradictions: [
      ...protocolContradiction(ownProtocol, otherProtocol, observations),
      ...recognised.contradictions,
      ...authenticationContradiction(ownLogIn, otherLogIn, observations),
    ],
    ...(recognised.agreements.length === 0 ? {} : { agreements: [...recognised.agreements] }),
    passiveVulns: passiveVulnsOf(others),
    ...protocolDetails(probed),
    ...passiveTagsOf(others),
    ...webOf(probed, passive, product),
    oddities: recognised.isHoneypotLike ? inOrder([...oddities, 'honeypot-like']) : oddities,
    observations: observations.map(({ id }) => id).toSorted(),
  };
}

function protocolDetails(probed: Facts): Pick<Service, 'concerns' | 'said'> {
  const [concerns, said] = [concernsOf(probed), fieldsOf(probed)];
  return {
    ...(concerns.length === 0 ? {} : { concerns }),
    ...(said.length === 0 ? {} : { said }),
  };
}

function classAndRole(
  protocol: string,
  product: Product | undefined,
  { classes }: Pick<Knowledge, 'classes'>,
): { class: ServiceClass; role: Role } {
  const kind = product?.class ?? classOfProtocol(protocol);
  return { class: kind, role: product?.role ?? classes[kind].role };
}

/** The site with the smallest range around the address; among equals the first of the file. */
export function siteOf(address: string, { sites }: Pick<Scope, 'sites'>): string | undefined {
  const parsed = parseAddress(address);
  if (parsed === undefined) return undefined;
  let best: { id: string; size: bigint } | undefined;
  for (const { id, ranges } of sites) {
    for (const range of ranges) {
      if (!rangeContains(range, parsed)) continue;
      const size = rangeSize(range);
      if (best === undefined || size < best.size) best = { id, size };
    }
  }
  return best?.id;
}
