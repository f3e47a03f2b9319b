import type { Observation } from '../model/observation.ts';
import type { Authentication, Contradiction } from '../model/service.ts';
import { isProbe } from './facts-of.ts';
import { protocolFamily } from './protocol.ts';

/** Who wears TLS and who does not is no contradiction: a server may do both on one port, or redirect. */
const WEB = ['http', 'https', 'tls', 'ssl'];

/** Own probes and passive sources heard different protocols. */
export function protocolContradiction(
  own: string,
  other: string,
  observations: readonly Observation[],
): Contradiction[] {
  const [ownKind, otherKind] = [protocolFamily(own), protocolFamily(other)];
  const isSame = ownKind === otherKind || (WEB.includes(ownKind) && WEB.includes(otherKind));
  if (own === 'unknown' || other === 'unknown' || isSame) return [];
  return contradiction('protocol', own, other, observations);
}

/** Own probes and passive sources saw different log-ins: someone changed it in between. */
export function authenticationContradiction(
  own: Authentication,
  other: Authentication,
  observations: readonly Observation[],
): Contradiction[] {
  if (own.kind === 'unknown' || other.kind === 'unknown' || own.kind === other.kind) return [];
  return contradiction('authentication', own.kind, other.kind, observations);
}

/** @param observations oldest first: the newest of each side gives source and date. */
function contradiction(
  fact: string,
  own: string,
  other: string,
  observations: readonly Observation[],
): Contradiction[] {
  const said = (value: string, byProbe: boolean): Contradiction['values'] => {
    const newest = observations.findLast((one) => isProbe(one) === byProbe && one.status === 'open');
    return newest === undefined ? [] : [{ source: newest.source, value, at: newest.observedAt }];
  };
  const values = [...said(own, true), ...said(other, false)];
  return values.length === 2 ? [{ fact, values }] : [];
}
