/** What one run's own probes came to at a place, in the words that runs are set side by side with. */
import { serviceKey } from '../model/service.ts';
import type { Elsewhere, Snapshot } from '../model/snapshot.ts';
import { parseServiceKey } from './alias.ts';
import { lookOf } from './look.ts';
import { openSightings } from './weigh.ts';

/** `not-looked`: that run cannot tell. */
export type PlaceState = Elsewhere['places'][string];

/**
 * Answers for service keys. Silence of a run in which nothing at all answered is no answer: it may have been cut off at its own
 * end. Of a port of unknown transport the TCP half counts, which is what passive sources nearly always mean.
 */
export function placeStates({
  services,
  coverage,
}: Pick<Snapshot, 'services' | 'coverage'>): (key: string) => PlaceState {
  const run = lookOf(coverage);
  const reached = new Set(
    services
      .filter((service) => openSightings(service).some(({ source }) => source === 'probe'))
      .map(({ key }) => key),
  );
  return (key) => {
    const place = parseServiceKey(key);
    if (place === undefined) return 'not-looked';
    const { address, port, transport } = place;
    const transports = transport === 'unknown' ? (['unknown', 'tcp', 'udp'] as const) : [transport];
    if (transports.some((one) => reached.has(serviceKey(address, port, one)))) return 'open';
    const { result } = run.look({ ...place, transport: transport === 'udp' ? 'udp' : 'tcp' });
    return result === 'no-answer' && !run.somethingAnswered ? 'not-looked' : result;
  };
}

/** Some own probe of the run has looked somewhere. */
export function hasOwnLooks({ coverage }: Pick<Snapshot, 'coverage'>): boolean {
  return coverage.some(({ source, lookedAt }) => source === 'probe' && lookedAt !== undefined);
}
