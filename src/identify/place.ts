import { compareAddresses } from '../lib/address.ts';
import { compareInstants, DAY_MS, instantMs } from '../lib/time.ts';
import { CRAWLERS } from '../model/corroboration.ts';
import type { Observation, ObservationStatus, SweepResult, Transport } from '../model/observation.ts';

/** One address, port and transport, and everything that was seen there. */
export interface Place {
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
  /** Looks that count for what stands there now, oldest first. */
  readonly observations: readonly Observation[];
  /** Looks of others that a newer one has overtaken; they only say since when. */
  readonly historic: readonly Observation[];
  /** How the own discovery's look at this place ended; absent when it got no answer or did not look. */
  readonly swept?: ObservationStatus;
}

/**
 * A passive source goes round all ports of an address and shows what its crawler saw within a sliding window of 30 days
 * (Shodan, "infrastructure guidance"). Anything older beside newer data of the same source and address comes from its
 * history: it is no longer so.
 */
const PASSIVE_WINDOW_MS = 30 * DAY_MS;
/** Kind of a passive record for which the same source has a newer one (see `observe/shodan/records.ts`). */
const SUPERSEDED = 'history';

/** Something accepted the connection or answered, be it nonsense. */
export function isReached(status: ObservationStatus): boolean {
  return status === 'open' || status === 'protocol-error';
}

/**
 * Groups observations and sweep results into places. A place that nobody reached is none.
 * Sorted by address, port and transport; the order of the input does not matter.
 */
export function placesOf(observations: readonly Observation[], sweeps: readonly SweepResult[]): Place[] {
  const swept = sweptPorts(sweeps);
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) add(groups, keyOf(observation), observation);
  for (const [key, status] of swept) if (status === 'open' && !groups.has(key)) groups.set(key, []);
  mergeUnknownTransport(groups, (key) => swept.get(key) === 'open');

  const newest = newestPerSource(observations);
  const places: Place[] = [];
  for (const [key, group] of groups) {
    const [address = '', port = '', transport = 'unknown'] = key.split(' ');
    const sorted = group.toSorted(byTime);
    const newestHere = new Map(sorted.map((one) => [lookerOf(one), one]));
    const isHistoric = (one: Observation): boolean =>
      CRAWLERS.includes(one.source)
        ? one.probe === SUPERSEDED || age(one.observedAt, newest.get(sourceKey(one))) > PASSIVE_WINDOW_MS
        : one.source !== 'probe' && isOvertaken(one, newestHere.get(lookerOf(one)));
    // The discovery looks at TCP ports only: that is what it can say about a port of unknown transport.
    const status = swept.get(transport === 'unknown' ? `${address} ${port} tcp` : key);
    places.push({
      address,
      port: Number(port),
      transport: transport as Transport,
      observations: sorted.filter((one) => !isHistoric(one)),
      historic: sorted.filter(isHistoric),
      ...(status === undefined ? {} : { swept: status }),
    });
  }
  return places.filter(isPlace).toSorted(comparePlaces);
}

/**
 * Another tool looked at what it was told to: its newer file need not speak of this place. Only its own newest look here
 * tells: it found the place shut, or it is much younger.
 */
function isOvertaken(one: Observation, newest: Observation | undefined): boolean {
  if (newest === undefined) return false;
  const older = age(one.observedAt, newest.observedAt);
  return older > PASSIVE_WINDOW_MS || (older > 0 && !isReached(newest.status));
}

function lookerOf({ source, vantage }: Observation): string {
  return `${source} ${vantage}`;
}

function isPlace(place: Place): boolean {
  return place.swept === 'open' || place.observations.some(({ status }) => isReached(status));
}

export function comparePlaces(
  a: Pick<Place, 'address' | 'port' | 'transport'>,
  b: Pick<Place, 'address' | 'port' | 'transport'>,
): number {
  return compareAddresses(a.address, b.address) || a.port - b.port || (a.transport < b.transport ? -1 : 1);
}

function keyOf({ address, port, transport }: Pick<Place, 'address' | 'port' | 'transport'>): string {
  return `${address} ${port} ${transport}`;
}

function sourceKey({ source, address }: Observation): string {
  return `${source} ${address}`;
}

function add<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** A source that does not say whether a port is TCP or UDP means the service that another source has seen there. */
function mergeUnknownTransport(groups: Map<string, Observation[]>, isOpen: (key: string) => boolean): void {
  for (const [key, group] of groups) {
    const [address, port, transport] = key.split(' ');
    if (transport !== 'unknown') continue;
    const known = [`${address} ${port} tcp`, `${address} ${port} udp`].find(
      (other) => isOpen(other) || groups.get(other)?.some(({ status }) => isReached(status)) === true,
    );
    if (known === undefined) continue;
    groups.get(known)?.push(...group);
    groups.delete(key);
  }
}

function newestPerSource(observations: readonly Observation[]): Map<string, string> {
  const newest = new Map<string, string>();
  for (const one of observations) {
    const known = newest.get(sourceKey(one));
    if (known === undefined || compareInstants(one.observedAt, known) > 0)
      newest.set(sourceKey(one), one.observedAt);
  }
  return newest;
}

function age(from: string, to: string | undefined): number {
  const [start, end] = [instantMs(from), to === undefined ? undefined : instantMs(to)];
  return start === undefined || end === undefined ? 0 : end - start;
}

function byTime(a: Observation, b: Observation): number {
  return compareInstants(a.observedAt, b.observedAt) || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** Status by place, from the TCP discovery. A place in several lists (journal of a resumed run) counts by its best. */
function sweptPorts(sweeps: readonly SweepResult[]): Map<string, ObservationStatus> {
  const status = new Map<string, ObservationStatus>();
  const lists = [
    ['noAnswer', 'no-answer'],
    ['unreachable', 'unreachable'],
    ['closed', 'closed'],
    ['open', 'open'],
  ] as const;
  for (const [list, value] of lists) {
    for (const sweep of sweeps) {
      for (const port of sweep[list])
        status.set(keyOf({ address: sweep.address, port, transport: 'tcp' }), value);
    }
  }
  return status;
}
