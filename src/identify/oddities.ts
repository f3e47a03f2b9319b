/** Places that are no product and must be named as what they are, before they drown the report or become false findings. */
import type { Facts } from '../model/facts.ts';
import type { Product } from '../model/product.ts';
import type { Observation, SweepResult } from '../model/observation.ts';
import { ODDITIES, type Oddity, type Service } from '../model/service.ts';
import type { ServiceClass } from '../model/service-class.ts';
import { header, isProbe, ownAnswers } from './facts-of.ts';

/** Headers that the edge servers of content networks add of themselves: Cloudflare, CloudFront, Akamai, Fastly, Front Door, Imperva. */
const CDN_HEADERS = ['cf-ray', 'x-amz-cf-id', 'x-akamai-request-id', 'x-azure-ref', 'x-iinfo'];
const CDN_SERVERS = /^(?:cloudflare|cloudfront|akamaighost|akamainetstorage|fastly|ecacc|ecs) ?(?:$|[/( ])/i;

/** What the answers of one place show by themselves. */
export function oddAnswers(place: {
  readonly probed: Facts;
  readonly protocol: string;
  readonly observations: readonly Observation[];
  readonly isIdentified: boolean;
}): Oddity[] {
  const { probed, protocol, observations, isIdentified } = place;
  const found: Oddity[] = [];
  const own = observations.filter(isProbe);
  if (probed.http?.catchAll === true) found.push('catch-all-web');
  if (isCdn(probed, observations)) found.push('cdn-edge');
  if (probed.dripped === true) found.push('tarpit');
  if (protocol !== 'unknown' || isIdentified) return found;
  const evidence = own.flatMap((one) => one.evidence);
  const received = evidence.some(({ receivedBytes }) => receivedBytes > 0);
  if (own.some(({ status }) => status === 'open') && !received) found.push('no-banner');
  // Bytes without end that are no protocol: the reader gave up, not the server.
  if (evidence.some(({ truncated }) => truncated)) found.push('tarpit');
  return found;
}

function isCdn(probed: Facts, observations: readonly Observation[]): boolean {
  if (observations.some(({ facts }) => facts.passive?.tags.includes('cdn') === true)) return true;
  return ownAnswers(probed).some(
    ({ headers }) =>
      CDN_HEADERS.some((name) => header(headers, name) !== undefined) ||
      CDN_SERVERS.test(header(headers, 'server') ?? ''),
  );
}

/** Below this many ports looked at, "nearly all open" may be chance. */
const ENOUGH_PORTS = 20;
const NEARLY_ALL = 0.8;

/**
 * Hosts that accept more than 80 % of at least 20 ports looked at and stay silent on most of them: SYN proxies, tarpits,
 * some firewalls.
 *
 * @param portsLookedAt how many ports the discovery asks each host; a host that answers on a few and is silent on the rest
 * lists only those few.
 * @param speaks whether a place of the host answered with a protocol.
 */
export function hostsOpenEverywhere(
  sweeps: readonly SweepResult[],
  portsLookedAt: number,
  speaks: (address: string, port: number) => boolean,
): Set<string> {
  const hosts = new Map<string, { open: Set<number>; looked: Set<number> }>();
  for (const { address, open, closed, noAnswer, unreachable } of sweeps) {
    const host = hosts.get(address) ?? { open: new Set(), looked: new Set() };
    hosts.set(address, host);
    for (const port of open) host.open.add(port);
    for (const port of [...open, ...closed, ...noAnswer, ...unreachable]) host.looked.add(port);
  }
  const found = new Set<string>();
  for (const [address, { open, looked }] of hosts) {
    const total = Math.max(looked.size, portsLookedAt);
    if (total < ENOUGH_PORTS || open.size <= NEARLY_ALL * total) continue;
    const silent = [...open].filter((port) => !speaks(address, port)).length;
    if (silent > open.size / 2) found.add(address);
  }
  return found;
}

const isSilent = (service: Service): boolean =>
  service.protocol === 'unknown' && service.identity === undefined && service.transport !== 'udp';

/**
 * Of a host that answers on every port only the places that say something of their own are services. The silent ones say
 * one thing together, and so do those that show one page on every port: the lowest of them stands for all. A report with a
 * thousand such ports tells nobody anything.
 */
export function foldSilentPorts(services: readonly Service[], hosts: ReadonlySet<string>): Service[] {
  const standsFor = new Set<string>();
  const kept: Service[] = [];
  for (const service of services) {
    if (!hosts.has(service.address)) {
      kept.push(service);
      continue;
    }
    const says = `${service.address} ${sayingOf(service)}`;
    if (standsFor.has(says)) continue;
    standsFor.add(says);
    kept.push(withOddity(service, 'answers-on-every-port'));
  }
  return kept;
}

function sayingOf(service: Service): string {
  if (isSilent(service)) return 'nothing';
  const { protocol, label = '', identity, oddities, port } = service;
  return oddities.includes('catch-all-web') ? `${protocol} ${identity?.productId} ${label}` : `${port}`;
}

/** Application-level gateways of routers accept SCCP (2000) and SIP (5060) for every address behind them. */
const ALG_PORTS = [2000, 5060];
const ALG_HOSTS = 3;

/** Marks 2000 and 5060 that accept without a word on three hosts or more. */
export function markSipGateways(services: readonly Service[]): Service[] {
  const silent = services.filter(
    (service) => ALG_PORTS.includes(service.port) && isSilent(service) && isProbed(service),
  );
  const count = new Map<string, number>();
  for (const { address } of silent) count.set(address, (count.get(address) ?? 0) + 1);
  const hosts = new Set([...count].filter(([, ports]) => ports === ALG_PORTS.length).map(([host]) => host));
  if (hosts.size < ALG_HOSTS) return [...services];
  return services.map((service) =>
    silent.includes(service) && hosts.has(service.address) ? withOddity(service, 'sip-alg') : service,
  );
}

function isProbed({ sightings }: Service): boolean {
  return sightings.some(({ source, status }) => source === 'probe' && status === 'open');
}

/** One public address rarely stands for more than two of these; many of them at once are a honeypot's display. */
const BOUNDARY_CLASSES: readonly ServiceClass[] = ['ssl-vpn', 'ipsec-vpn', 'appliance-admin'];
const TOO_MANY_BOUNDARIES = 4;

/**
 * An address that claims to be the boundary device of four makers at once. Other products may share an address by port
 * forwarding, boundary devices do not. The products stay, to be confirmed.
 */
export function markHoneypots(
  services: readonly Service[],
  products: ReadonlyMap<string, Product>,
): Service[] {
  const vendors = new Map<string, Set<string>>();
  for (const { address, identity } of services) {
    const product = identity === undefined ? undefined : products.get(identity.productId);
    if (product === undefined || !BOUNDARY_CLASSES.includes(product.class)) continue;
    vendors.set(address, (vendors.get(address) ?? new Set()).add(product.vendor));
  }
  return services.map((service) => {
    const { identity } = service;
    const isBait = (vendors.get(service.address)?.size ?? 0) >= TOO_MANY_BOUNDARIES;
    if (!isBait || identity === undefined) return service;
    return { ...withOddity(service, 'honeypot-like'), identity: { ...identity, certainty: 'to-confirm' } };
  });
}

/** More UDP services than this at one address, and none of them understood: an echo, a noise generator, a trap. */
const TOO_MANY_DATAGRAMS = 8;

/** Of a host that answers on UDP port after UDP port with nothing that is understood, the lowest stands for all. */
export function foldDatagrams(services: readonly Service[]): Service[] {
  const noise = new Map<string, Service[]>();
  for (const service of services) {
    if (service.transport !== 'udp' || service.protocol !== 'unknown' || service.identity !== undefined)
      continue;
    noise.set(service.address, [...(noise.get(service.address) ?? []), service]);
  }
  return services.flatMap((service) => {
    const same = noise.get(service.address) ?? [];
    if (same.length < TOO_MANY_DATAGRAMS || !same.includes(service)) return [service];
    return service === same[0] ? [withOddity(service, 'answers-on-every-port')] : [];
  });
}

export function withOddity(service: Service, oddity: Oddity): Service {
  return { ...service, oddities: inOrder([...service.oddities, oddity]) };
}

export function inOrder(oddities: readonly Oddity[]): Oddity[] {
  return ODDITIES.filter((oddity) => oddities.includes(oddity));
}
