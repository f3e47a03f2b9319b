import { errorText } from '../../../../lib/app-error.ts';
import type { RdpFacts, TlsFacts } from '../../../../model/facts.ts';
import type { Evidence } from '../../../../model/observation.ts';
import type { Connection } from '../../connection.ts';
import type { ProbeContext, ProbeResult } from '../../probe.ts';
import { handshakeFacts } from '../tls/handshake-facts.ts';
import { openTls } from '../tls/open.ts';
import { encodeNtlmNegotiate, parseNtlmChallenge } from '../../ntlm.ts';
import { derLength, encodeTsRequest } from './credssp.ts';
import {
  describeNegotiations,
  followUps,
  isHybrid,
  isTlsUndecided,
  judge,
  type Negotiation,
} from './judge.ts';
import { PROTOCOL, encodeConnectionRequest, parseConfirm, protocolName, type Confirm } from './packets.ts';

export interface RdpLook {
  /** undefined: what answered is not RDP, or nothing did. */
  readonly result: ProbeResult | undefined;
  /** Answer to the first request, whatever it was: it may tell another protocol. */
  readonly received: Uint8Array;
  readonly evidence: Evidence;
}

interface Answer {
  readonly confirm: Confirm | undefined;
  readonly received: Uint8Array;
  readonly evidence: Evidence;
}

/** What stands behind TLS. */
interface Inside {
  readonly tls?: TlsFacts;
  readonly ntlm?: RdpFacts['ntlm'];
  readonly evidence: readonly Evidence[];
  readonly note?: string;
}

/**
 * RDP negotiation, certificate and, when the server selects CredSSP, its NTLM challenge. Every request but the first has
 * a connection of its own. No user name, no password, no cookie; the conversation ends before anybody could log in.
 * Closes `connection`.
 */
export async function probeRdp(context: ProbeContext, connection: Connection): Promise<RdpLook> {
  const requested = PROTOCOL.tls | PROTOCOL.hybrid;
  const first = await ask(connection, requested, context.answerTimeoutMs);
  const { received, evidence, confirm } = first;
  if (confirm === undefined) {
    connection.close();
    return { result: undefined, received, evidence };
  }
  // Side by side; the first connection waits for none of the others, so that a cap on connections cannot block it.
  const [inside, others] = await Promise.all([
    lookInside(context, connection, confirm).finally(() => connection.close()),
    askMore(context, followUps(confirm)),
  ]);
  const negotiations = [{ requested, confirm }, ...others.negotiations];
  const last = isTlsUndecided(negotiations) ? await askMore(context, [PROTOCOL.tls]) : undefined;
  negotiations.push(...(last?.negotiations ?? []));

  const rdp: RdpFacts = {
    negotiations: describeNegotiations(negotiations),
    ...judge(negotiations),
    ...(inside.ntlm === undefined ? {} : { ntlm: inside.ntlm }),
  };
  const result: ProbeResult = {
    protocol: 'rdp',
    status: 'open',
    facts: { rdp, ...(inside.tls === undefined ? {} : { tls: inside.tls }) },
    evidence: [evidence, ...inside.evidence, ...others.evidence, ...(last?.evidence ?? [])],
    ...(inside.note === undefined ? {} : { note: inside.note }),
  };
  return { result, received, evidence };
}

async function ask(connection: Connection, protocols: number, timeoutMs: number): Promise<Answer> {
  connection.write(encodeConnectionRequest(protocols));
  const { bytes } = await connection.read((received) => parseConfirm(received) !== 'more', timeoutMs);
  const confirm = parseConfirm(bytes);
  return {
    confirm: confirm === 'more' ? undefined : confirm,
    received: bytes,
    evidence: connection.evidence(`rdp negotiation ${protocolName(protocols)}`),
  };
}

interface More {
  readonly negotiations: readonly Negotiation[];
  readonly evidence: readonly Evidence[];
}

async function askMore(context: ProbeContext, requests: readonly number[]): Promise<More> {
  const answers = await Promise.all(requests.map((requested) => askOnce(context, requested)));
  const had = answers.filter((answer) => answer !== undefined);
  return {
    negotiations: had.flatMap(({ requested, confirm }) =>
      confirm === undefined ? [] : [{ requested, confirm }],
    ),
    evidence: had.map((answer) => answer.evidence),
  };
}

async function askOnce(
  context: ProbeContext,
  requested: number,
): Promise<(Answer & { readonly requested: number }) | undefined> {
  try {
    const connection = await context.dial();
    const answer = await ask(connection, requested, context.answerTimeoutMs);
    connection.close();
    return { ...answer, requested };
  } catch (error) {
    const asked = protocolName(requested);
    context.log.debug({ port: context.port, asked, reason: errorText(error) }, 'RDP request not asked');
    return undefined;
  }
}

async function lookInside(context: ProbeContext, connection: Connection, confirm: Confirm): Promise<Inside> {
  const selected = confirm.kind === 'selected' ? confirm.protocol : PROTOCOL.standard;
  if (selected !== PROTOCOL.tls && !isHybrid(selected)) return { evidence: [] };
  try {
    const inner = await openTls(context, connection);
    const tls = handshakeFacts(inner.tls);
    if (!isHybrid(selected)) return { tls, evidence: [] };
    inner.write(encodeTsRequest(encodeNtlmNegotiate()));
    const { bytes } = await inner.read((received) => derLengthReached(received), context.answerTimeoutMs);
    const ntlm = parseNtlmChallenge(bytes);
    return {
      tls,
      ...(ntlm === undefined ? {} : { ntlm }),
      evidence: [inner.evidence('rdp credssp ntlm challenge')],
    };
  } catch (error) {
    return { evidence: [], note: `RDP negotiated TLS, but ${errorText(error)}` };
  }
}

/** Garbage is enough too: it does not get better by waiting. */
function derLengthReached(received: Uint8Array): boolean {
  const length = derLength(received);
  return length === undefined || (length !== 'more' && received.length >= length);
}
