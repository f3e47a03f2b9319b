import { parseAddress, parseRange, rangeContains } from '../lib/address.ts';
import { parsePorts } from '../lib/port-list.ts';
import type { Inputs } from '../model/finding.ts';
import type { Service } from '../model/service.ts';
import type { Elsewhere, LookedAt, SourceCoverage } from '../model/snapshot.ts';

/** Who may reach a service, as far as this run can tell. */
export type ReachOf = (service: Service) => Inputs['reach'];

/**
 * - an own probe got in from every vantage point that looked: everyone;
 * - from one and not from another, be it in a run of the same day from elsewhere: some, a source restriction, measured;
 * - none got in, and one looked: passive-only;
 * - none looked: unknown. Silence of a place that nobody asked is no answer.
 */
export function createReach(
  coverage: readonly SourceCoverage[],
  elsewhere: readonly Elsewhere[] = [],
): ReachOf {
  const sweeps = coverage
    .filter(({ source }) => source === 'probe')
    .map(({ lookedAt }) => (lookedAt === undefined ? undefined : createLookedAt(lookedAt)))
    .filter((one) => one !== undefined);
  return (service) => {
    const own = service.sightings.filter(({ source }) => source === 'probe');
    const reached = own.filter(({ status }) => status === 'open' || status === 'protocol-error');
    const refused = own.filter(({ status }) => ['closed', 'no-answer', 'unreachable'].includes(status));
    const there = elsewhere.map(({ places }) =>
      Object.hasOwn(places, service.key) ? places[service.key] : undefined,
    );
    const refusedThere = there.includes('closed') || there.includes('no-answer');
    if (reached.length > 0) return refused.length > 0 || refusedThere ? 'some' : 'everyone';
    if (refused.length === 0 && !sweeps.some((looked) => looked(service))) return 'unknown';
    return there.includes('open') ? 'some' : 'passive-only';
  };
}

/** Whether the discovery finished its look at a place. It knows TCP only; of a port of unknown transport it saw that half. */
function createLookedAt(lookedAt: LookedAt): (service: Service) => boolean {
  const ports = new Set(portsOf(lookedAt.ports));
  const ranges = lookedAt.addresses.flatMap((text) => {
    try {
      return [parseRange(text)];
    } catch {
      return [];
    }
  });
  const unfinished = new Map(lookedAt.unfinished.map((one) => [one.address, new Set(portsOf(one.ports))]));
  return ({ address, port, transport }) => {
    const parsed = parseAddress(address);
    if (parsed === undefined || transport === 'udp' || !ports.has(port)) return false;
    if (unfinished.get(address)?.has(port) === true) return false;
    return ranges.some((range) => rangeContains(range, parsed));
  };
}

/** A snapshot may come from disk, written by another release: what cannot be read was not looked at. */
function portsOf(text: string): number[] {
  try {
    return parsePorts(text);
  } catch {
    return [];
  }
}
