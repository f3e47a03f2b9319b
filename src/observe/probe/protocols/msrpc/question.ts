import type { ProtocolFacts } from '../../../../model/facts.ts';
import { encodeNtlmNegotiate, ntlmFields, parseNtlmChallenge } from '../../ntlm.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { bounded } from '../fields.ts';
import {
  encodeBind,
  encodeLookup,
  isCallAnswer,
  parseBindAnswer,
  parseLookup,
  type BindAnswer,
  type Endpoint,
} from './packets.ts';

/** Elements asked for: more than a Windows server has, few enough for one answer of some fragments. */
const MAX_ELEMENTS = 500;
const MAX_FIELDS = 32;

/**
 * Endpoint mapper of DCE/RPC: an anonymous bind, the list of what it knows, and on another connection a bind with the
 * first token of NTLM, which is answered with the server's names.
 *
 * Fields: bind (accepted, refused), those of `ntlmFields`, endpoints (how many), endpoint (binding, then the interfaces
 * behind it with their annotations, at most 32 bindings that can be reached over a network).
 */
export const msrpcQuestion: TcpQuestion = {
  protocol: 'msrpc',
  ports: [135],
  elsewhere: 'ask',
  read,
  ask,
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const bind = parseBindAnswer(received);
  if (bind !== undefined && bind !== 'more') return describe(bind, []);
  return isCallAnswer(received) ? { name: 'msrpc', access: 'unknown', fields: [], concerns: [] } : undefined;
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const bind = await line.exchange(encodeBind(), parseBindAnswer);
  if (bind === undefined) return undefined;
  const endpoints = bind.accepted ? await line.exchange(encodeLookup(MAX_ELEMENTS), parseLookup) : undefined;
  line.again();
  const challenge = await line.exchange(encodeBind(encodeNtlmNegotiate()), parseBindAnswer);
  return describe({ ...bind, token: challenge?.token ?? new Uint8Array() }, endpoints ?? []);
}

function describe(bind: BindAnswer, endpoints: readonly Endpoint[]): ProtocolFacts {
  const challenge = parseNtlmChallenge(bind.token);
  const isServed = endpoints.length > 0;
  return {
    name: 'msrpc',
    // The list leads to nothing by itself: what stands behind it asks for log-in on its own.
    access: 'unknown',
    fields: [
      ['bind', bind.accepted ? 'accepted' : 'refused'],
      ...(challenge === undefined ? [] : ntlmFields(challenge)),
      ...(isServed ? [['endpoints', String(endpoints.length)] satisfies [string, string]] : []),
      ...reachable(endpoints),
    ],
    concerns: isServed ? ['data-shown'] : [],
  };
}

/** One line for each binding that a network leads to. */
function reachable(endpoints: readonly Endpoint[]): [string, string][] {
  const behind = new Map<string, Set<string>>();
  for (const { binding, annotation, uuid, version } of endpoints) {
    if (binding === undefined) continue;
    const names = behind.get(binding) ?? new Set<string>();
    behind.set(binding, names.add(annotation === '' ? `${uuid} v${version}` : annotation));
  }
  return [...behind]
    .slice(0, MAX_FIELDS)
    .map(([binding, names]) => ['endpoint', bounded(`${binding} ${[...names].join(', ')}`)]);
}
