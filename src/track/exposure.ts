/** Since when places are open, carried from run to run: what a passive source forgets, and what this run did not see, is kept. */
import { daysBetween, instantMs } from '../lib/time.ts';
import { exposureOf, mergeExposures, type ShutLook } from '../model/exposure.ts';
import { isDated, serviceKey, type Exposure, type Service } from '../model/service.ts';
import type { KeptExposure, Snapshot, SourceCoverage } from '../model/snapshot.ts';
import { parseServiceKey } from './alias.ts';
import { lookOf, type Place } from './look.ts';
import { compareSubjects } from './order.ts';
import { openSightings } from './weigh.ts';

/** Longer than a year, so that what opens for a few days each year is known again. */
export const KEEP_DAYS = 400;

export interface ExposureInput {
  readonly services: readonly Service[];
  readonly coverage: readonly SourceCoverage[];
  readonly previous: Snapshot | undefined;
  /** End of this run, ISO-8601 UTC. */
  readonly now: string;
}

/** The services with what earlier runs know of them, and what is known of places that are no service of this run. Pure. */
export function withEarlierLooks({ services, coverage, previous, now }: ExposureInput): {
  services: Service[];
  exposures: KeptExposure[];
} {
  const before = exposuresOf(previous);
  const here = new Map(services.map((service) => [service.key, service]));
  const earlier = ownShutLooks(previous);
  const current = ownShutLooks({ coverage, services, endedAt: now });
  const taken = new Set<string>();
  const merged = services.map((service) => {
    const keys = keysBefore(service, before, here);
    if (service.transport !== 'unknown') for (const key of keys) taken.add(key);
    const exposure = mergeExposures(
      [service.exposure, ...keys.map((key) => before.get(key))],
      [...earlier(service), ...current(service)],
    );
    return exposure === undefined ? service : { ...service, exposure };
  });
  const exposures = [...before]
    .filter(([key]) => !here.has(key) && !taken.has(key))
    .flatMap(([key, exposure]) => kept(key, exposure, current, now))
    .toSorted((a, b) => compareSubjects(a.key, b.key));
  return { services: merged, exposures };
}

function kept(
  key: string,
  before: Exposure,
  current: (place: Place) => ShutLook[],
  now: string,
): KeptExposure[] {
  const place = parseServiceKey(key);
  const exposure = mergeExposures([before], place === undefined ? [] : current(place));
  if (exposure === undefined || instantMs(now) === undefined) return [];
  return daysBetween(exposure.last, now) > KEEP_DAYS ? [] : [{ key, exposure }];
}

/** What the previous run knew, by service key. */
function exposuresOf(previous: Snapshot | undefined): Map<string, Exposure> {
  const known = new Map((previous?.exposures ?? []).map(({ key, exposure }) => [key, exposure]));
  for (const service of previous?.services ?? []) {
    const exposure = mergeExposures([
      service.exposure ?? exposureOfSightings(service),
      known.get(service.key),
    ]);
    if (exposure !== undefined) known.set(service.key, exposure);
  }
  return known;
}

/** For snapshots from before exposures were kept. InternetDB has no date for a port. */
function exposureOfSightings(service: Service): Exposure | undefined {
  const dated = openSightings(service).filter(isDated);
  return exposureOf({
    open: dated.flatMap(({ source, first, last }) => [
      { at: first, source },
      { at: last, source },
    ]),
    shut: [],
  });
}

/**
 * Names that the place had in the previous run: its own, and that of the same port whose transport one of the two does not
 * tell (see `alias.ts`). Where both TCP and UDP are open, nobody can say which was meant.
 */
function keysBefore(
  { key, address, port, transport }: Service,
  before: ReadonlyMap<string, Exposure>,
  here: ReadonlyMap<string, Service>,
): string[] {
  const [tcp, udp, unknown] = [
    serviceKey(address, port, 'tcp'),
    serviceKey(address, port, 'udp'),
    serviceKey(address, port, 'unknown'),
  ];
  const known = [tcp, udp].filter((one) => before.has(one) || here.has(one));
  const aliases = transport === 'unknown' ? known : [unknown];
  const isClear = known.length === 1 && (transport === 'unknown' || !here.has(unknown));
  return [key, ...(isClear ? aliases : [])].filter((one) => before.has(one));
}

/** What the own probes of a run found shut, dated with its end. Silence counts only when something else answered. */
function ownShutLooks(
  run: (Pick<ExposureInput, 'coverage' | 'services'> & { readonly endedAt: string }) | undefined,
): (place: Place) => ShutLook[] {
  if (run === undefined) return () => [];
  const own = lookOf(run.coverage);
  // These have their own look, with its own time, in their exposure already.
  const seen = new Set(
    run.services
      .filter(({ sightings }) => sightings.some(({ source }) => source === 'probe'))
      .map(({ address, port, transport }) => serviceKey(address, port, transport)),
  );
  return (place) => {
    if (seen.has(serviceKey(place.address, place.port, place.transport))) return [];
    const { result } = own.look(place);
    const isShut = result === 'closed' || (result === 'no-answer' && own.somethingAnswered);
    return isShut ? [{ at: run.endedAt, source: 'probe', status: result }] : [];
  };
}
