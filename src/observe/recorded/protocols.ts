import type { ProtocolFacts } from '../../model/facts.ts';
import { TCP_QUESTIONS } from '../probe/protocols/tcp.ts';
import { UDP_QUESTIONS } from '../probe/protocols/udp.ts';

/** What recorded bytes prove about the protocol, read as the own probes read them; undefined when they prove none. */
export function protocolsOf(
  received: Uint8Array,
  transport: 'tcp' | 'udp',
): { readonly protocols?: ProtocolFacts[] } {
  if (received.length === 0) return {};
  for (const question of transport === 'udp' ? UDP_QUESTIONS : TCP_QUESTIONS) {
    const facts = question.read(received);
    if (facts !== undefined) return { protocols: [facts] };
  }
  return {};
}
