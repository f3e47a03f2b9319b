import type { RdpFacts } from '../../../../model/facts.ts';
import { HYBRID_REQUIRED, PROTOCOL, protocolName, type Confirm } from './packets.ts';

/** One request and what the server made of it. */
export interface Negotiation {
  /** Protocol bits asked for. */
  readonly requested: number;
  readonly confirm: Confirm;
}

type Accepts = RdpFacts['accepts'];

/**
 * What to ask after the answer to TLS + CredSSP. Only what that answer leaves open: four or five connections in all.
 * CredSSP alone is asked of servers without it because their answers tell implementations apart (xrdp confirms, FreeRDP
 * refuses).
 */
export function followUps(first: Confirm): readonly number[] {
  if (first.kind === 'none') return [];
  if (first.kind === 'failure') return [PROTOCOL.standard, PROTOCOL.tls, PROTOCOL.rdstls];
  if (isHybrid(first.protocol)) {
    return [PROTOCOL.standard, PROTOCOL.tls | PROTOCOL.hybrid | PROTOCOL.hybridEx, PROTOCOL.rdstls];
  }
  const other = first.protocol === PROTOCOL.tls ? PROTOCOL.standard : PROTOCOL.tls;
  return [other, PROTOCOL.hybrid, PROTOCOL.rdstls];
}

/** TLS without CredSSP is still open: neither refused as a matter of policy nor seen to be accepted. */
export function isTlsUndecided(negotiations: readonly Negotiation[]): boolean {
  return judge(negotiations).accepts.tls === undefined;
}

export function isHybrid(protocol: number): boolean {
  return protocol === PROTOCOL.hybrid || protocol === PROTOCOL.hybridEx;
}

/**
 * Which security layers the server takes. Judged by the protocol selected: xrdp answers every request, also one for
 * CredSSP alone, with a confirm that selects standard security, and a confirm alone is not a yes.
 */
export function judge(
  negotiations: readonly Negotiation[],
): Pick<RdpFacts, 'accepts' | 'nlaRequired' | 'noNegotiation'> {
  const noNegotiation = negotiations.some(({ confirm }) => confirm.kind === 'none');
  const selected = new Set(
    negotiations.flatMap(({ confirm }) => (confirm.kind === 'selected' ? [confirm.protocol] : [])),
  );
  const demandsNla = negotiations.some(
    ({ requested, confirm }) =>
      (requested & PROTOCOL.hybrid) === 0 &&
      confirm.kind === 'failure' &&
      confirm.failure === HYBRID_REQUIRED,
  );
  const withoutNla = noNegotiation || selected.has(PROTOCOL.standard) || selected.has(PROTOCOL.tls);
  const nlaRequired = demandsNla === withoutNla ? {} : { nlaRequired: demandsNla };
  // Without a negotiation answer the server knows standard security only, MS-RDPBCGR 2.2.1.2.
  const accepts = noNegotiation
    ? { standard: true, tls: false, nla: false }
    : layers(negotiations, selected, demandsNla);
  return { accepts, ...nlaRequired, noNegotiation };
}

function layers(
  negotiations: readonly Negotiation[],
  selected: ReadonlySet<number>,
  demandsNla: boolean,
): Accepts {
  const asked = (fits: (requested: number) => boolean): boolean =>
    negotiations.some(({ requested }) => fits(requested));
  const verdict = (isAccepted: boolean, isRefused: boolean): boolean | undefined =>
    isAccepted || (isRefused ? false : undefined);
  const all: { [key in keyof Accepts]-?: boolean | undefined } = {
    standard: verdict(selected.has(PROTOCOL.standard), demandsNla || asked((r) => r === PROTOCOL.standard)),
    tls: verdict(selected.has(PROTOCOL.tls), demandsNla || asked((r) => r === PROTOCOL.tls)),
    nla: verdict(
      [...selected].some(isHybrid),
      asked((r) => (r & PROTOCOL.hybrid) !== 0),
    ),
    rdstls: verdict(
      selected.has(PROTOCOL.rdstls),
      asked((r) => (r & PROTOCOL.rdstls) !== 0),
    ),
    earlyUserAuth: verdict(
      selected.has(PROTOCOL.hybridEx),
      asked((r) => (r & PROTOCOL.hybridEx) !== 0),
    ),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The negotiations as the model keeps them. */
export function describeNegotiations(negotiations: readonly Negotiation[]): RdpFacts['negotiations'] {
  return negotiations.map(({ requested, confirm }) => ({
    requested: protocolName(requested),
    ...(confirm.kind === 'selected'
      ? { selected: protocolName(confirm.protocol), flags: confirm.flags }
      : {}),
    ...(confirm.kind === 'failure' ? { failure: confirm.failure } : {}),
  }));
}
