import type { Observation } from '../model/observation.ts';
import type { Authentication, Contradiction } from '../model/service.ts';
import { authenticationOf } from './authentication.ts';
import { isProbe } from './facts-of.ts';
import { protocolFamily, protocolOf } from './protocol.ts';

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
  return contradiction('protocol', own, other, observations, (one) => protocolOf([one]));
}

/** Own probes and passive sources saw different log-ins: someone changed it in between. */
export function authenticationContradiction(
  own: Authentication,
  other: Authentication,
  observations: readonly Observation[],
): Contradiction[] {
  if (own.kind === 'unknown' || other.kind === 'unknown' || own.kind === other.kind) return [];
  return contradiction(
    'authentication',
    own.kind,
    other.kind,
    observations,
    ({ facts }) => authenticationOf(facts).kind,
  );
}

/**
 * @param observations oldest first: of each side the newest that says so gives source and date, else the newest.
 * @param valueOf what one observation says by itself.
 */
function contradiction(
  fact: string,
  own: string,
  other: string,
  observations: readonly Observation[],
  valueOf: (one: Observation) => string,
): Contradiction[] {
  const said = (value: string, byProbe: boolean): Contradiction['values'] => {
    const side = observations.filter((one) => isProbe(one) === byProbe && one.status === 'open');
    const newest = side.findLast((one) => valueOf(one) === value) ?? side.at(-1);
    return newest === undefined ? [] : [{ source: newest.source, value, at: newest.observedAt }];
  };
  const values = [...said(own, true), ...said(other, false)];
  return values.length === 2 ? [{ fact, values }] : [];
}
