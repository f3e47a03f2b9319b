import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeNobody, parseReply } from './packets.ts';

/**
 * ident (RFC 1413): asked for a connection that cannot be, so nobody's name is learnt.
 *
 * Fields: `error` (word of RFC 1413), `user` (of a server that answers anything).
 */
export const identQuestion: TcpQuestion = {
  protocol: 'ident',
  ports: [113],
  elsewhere: 'never',
  read: toFacts,
  async ask(line) {
    const reply = await line.exchange(encodeNobody(), parseReply);
    return reply === undefined ? undefined : factsOf(reply);
  },
};

function toFacts(received: Uint8Array): ProtocolFacts | undefined {
  const reply = parseReply(received);
  return reply === undefined || reply === 'more' ? undefined : factsOf(reply);
}

function factsOf({ kind, text }: { readonly kind: string; readonly text: string }): ProtocolFacts {
  return { name: 'ident', access: 'unknown', fields: fieldsOf([kind, text]), concerns: ['clear-text'] };
}
