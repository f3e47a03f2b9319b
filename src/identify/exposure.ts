/** Since when a place is known to be open, from all the looks that one run knows of: its own, and everybody else's of any age. */
import { compareInstants, DAY_MS, instantMs, latest } from '../lib/time.ts';
import { exposureOf, type OpenLook, type ShutLook } from '../model/exposure.ts';
import type { Certificate } from '../model/facts.ts';
import type { Observation, ObservationStatus, Transport } from '../model/observation.ts';
import type { Exposure } from '../model/service.ts';
import type { CertificateProblem } from '../model/tls-problems.ts';
import type { SweepStamp } from './details.ts';
import { isProbe } from './facts-of.ts';
import { isReached, type Place } from './place.ts';

/** Kind of record that names ports without a date for each: InternetDB, and ports that a host answer only lists. */
const UNDATED = 'port-list';
const SHUT: readonly ObservationStatus[] = ['closed', 'no-answer', 'unreachable'];
/** Clocks differ by minutes, not by days: a look dated after we learnt of it has no date to rely on. */
const CLOCK_MS = DAY_MS;

export function exposureOfPlace(
  place: Place,
  stamp: SweepStamp,
  shown: {
    readonly certificate?: Certificate | undefined;
    readonly certificateProblems?: readonly CertificateProblem[] | undefined;
  },
): Exposure | undefined {
  const all = [...place.historic, ...place.observations].filter(isDated);
  const others = all.filter((one) => !isProbe(one));
  const own = ownLook(place, all.filter(isProbe), stamp);
  // The certificate that a maker puts into every device tells when the device was made, if that.
  const isOwnCertificate = shown.certificateProblems?.includes('factory-default') !== true;
  return exposureOf({
    open: [
      ...others
        .filter(({ status }) => isReached(status))
        .map(({ observedAt, source }) => ({ at: observedAt, source })),
      ...own.open,
    ],
    shut: [
      ...others
        .filter(({ status }) => isShut(status, place.transport))
        .map(({ observedAt, source, status }) => ({ at: observedAt, source, status })),
      ...own.shut,
    ],
    certificateFrom: isOwnCertificate ? shown.certificate?.notBefore : undefined,
  });
}

/** Silence of a UDP port proves nothing: an open one is silent to a question that it does not know. */
function isShut(status: ObservationStatus, transport: Transport): boolean {
  return transport === 'tcp' ? SHUT.includes(status) : status === 'closed';
}

function isDated({ probe, observedAt, collectedAt, undated }: Observation): boolean {
  const [at, learnt] = [instantMs(observedAt), instantMs(collectedAt)];
  if (probe === UNDATED || undated === true || at === undefined) return false;
  return learnt === undefined || at <= learnt + CLOCK_MS;
}

/** One run is one look, however many conversations it had: whoever got in once found it open. */
function ownLook(
  { swept, transport }: Place,
  own: readonly Observation[],
  { at }: SweepStamp,
): { open: OpenLook[]; shut: ShutLook[] } {
  const reached = latest(own.filter(({ status }) => isReached(status)).map(({ observedAt }) => observedAt));
  const open = reached ?? (swept === 'open' ? at : undefined);
  if (open !== undefined) return { open: [{ at: open, source: 'probe' }], shut: [] };
  const failed = own
    .filter(({ status }) => isShut(status, transport))
    .toSorted((a, b) => compareInstants(a.observedAt, b.observedAt))
    .at(-1);
  const status = failed?.status ?? swept;
  const when = failed?.observedAt ?? at;
  if (status === undefined || when === undefined || !isShut(status, transport)) return { open: [], shut: [] };
  return { open: [], shut: [{ at: when, source: 'probe', status }] };
}
