/** Did this run look at a place, and what came of it? Nothing may be called closed where the answer is "not looked". */
import { AddressSet, parseAddress, parseRange, type AddressRange } from '../lib/address.ts';
import { parsePorts } from '../lib/port-list.ts';
import type { Service } from '../model/service.ts';
import type { LookedAt, NotCheckedReason, SourceCoverage } from '../model/snapshot.ts';

export type Place = Pick<Service, 'address' | 'port' | 'transport'>;

export type Look =
  | { readonly result: 'open' | 'closed' | 'no-answer' }
  | { readonly result: 'not-looked'; readonly reason: NotCheckedReason };

/** `look` answers for the own probes of one run, all vantage points together. */
export interface RunLook {
  look(place: Place): Look;
  /**
   * Some host answered some own probe. A run in which nothing did may have been cut off at its own end (ask of many users:
   * "nothing found" against "not looked"), so silence in it proves nothing.
   */
  readonly somethingAnswered: boolean;
}

/** Reading the coverage once is cheap, per place it is not: port lists have up to 65,535 members. */
export function lookOf(coverage: readonly SourceCoverage[]): RunLook {
  const probes = coverage.filter(({ source }) => source === 'probe');
  // A vantage point that was switched off on purpose is not waited for, unless there is no other.
  const asked = probes.filter(({ state }) => state !== 'off');
  const vantages = asked.map((one) => vantageLook(one));
  return {
    somethingAnswered: asked.some(({ lookedAt: seen }) => (seen?.responding.length ?? 0) > 0),
    look: (place) => {
      if (vantages.length === 0) return { result: 'not-looked', reason: 'probe-off' };
      return worst(vantages.map((look) => look(place)));
    },
  };
}

/** What the own probes of a run say about one place. */
export function lookedAt(coverage: readonly SourceCoverage[], service: Place): Look['result'] {
  return lookOf(coverage).look(service).result;
}

/** Open from one vantage point is open; closed only if every one of them looked and none got in. */
const ORDER: readonly Look['result'][] = ['open', 'not-looked', 'no-answer', 'closed'];

function worst(looks: readonly Look[]): Look {
  return looks.reduce((a, b) => (ORDER.indexOf(b.result) < ORDER.indexOf(a.result) ? b : a));
}

function vantageLook(coverage: SourceCoverage): (place: Place) => Look {
  const { lookedAt: seen } = coverage;
  if (seen === undefined) return () => ({ result: 'not-looked', reason: 'probe-failed' });
  const udp = udpLook(seen);
  const answers = answersOf(seen.responding);
  const unfinished = new Map(seen.unfinished.map(({ address, ports }) => [address, portSet(ports)]));
  const addresses = new AddressSet(seen.addresses.flatMap(readRange));
  const ports = portSet(seen.ports);
  return (place) => {
    if (place.transport !== 'tcp') return udp(place);
    // An answer is an answer, also from a place that the run did not finish.
    const answer = answers(place);
    if (answer !== undefined) return { result: answer };
    if (coverage.state === 'failed') return { result: 'not-looked', reason: 'probe-failed' };
    const address = parseAddress(place.address);
    if (address === undefined || !addresses.has(address))
      return { result: 'not-looked', reason: 'address-not-asked' };
    if (!ports.has(place.port)) return { result: 'not-looked', reason: 'port-not-asked' };
    if (unfinished.get(place.address)?.has(place.port) === true)
      return { result: 'not-looked', reason: 'not-finished' };
    return { result: 'no-answer' };
  };
}

/** UDP: who does not answer may be there all the same, so silence is never more than "not looked". */
function udpLook({ udp }: LookedAt): (place: Place) => Look {
  if (udp === undefined) return () => ({ result: 'not-looked', reason: 'not-tcp' });
  const answers = answersOf(udp.responding);
  const [ports, unfinished] = [portSet(udp.ports), portSet(udp.unfinished)];
  return (place) => {
    const answer = place.transport === 'udp' ? answers(place) : undefined;
    if (answer !== undefined) return { result: answer };
    if (place.transport !== 'udp') return { result: 'not-looked', reason: 'not-tcp' };
    if (!ports.has(place.port)) return { result: 'not-looked', reason: 'port-not-asked' };
    return { result: 'not-looked', reason: unfinished.has(place.port) ? 'not-finished' : 'udp-silent' };
  };
}

function answersOf(responding: LookedAt['responding']): (place: Place) => 'open' | 'closed' | undefined {
  const hosts = new Map(
    responding.map(({ address, open, closed }) => [
      address,
      { open: portSet(open), closed: portSet(closed) },
    ]),
  );
  return ({ address, port }) => {
    const host = hosts.get(address);
    if (host?.open.has(port) === true) return 'open';
    return host?.closed.has(port) === true ? 'closed' : undefined;
  };
}

/** Text that cannot be read counts as not looked at: the careful side. */
function portSet(text: string): ReadonlySet<number> {
  try {
    return new Set(parsePorts(text));
  } catch {
    return new Set();
  }
}

function readRange(text: string): AddressRange[] {
  try {
    return [parseRange(text)];
  } catch {
    return [];
  }
}
