import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { type ConnectAnswer, encodeConnect, parseConnectAnswer } from './packets.ts';

/**
 * Firebird and InterBase by op_connect without database and user: the server takes one of the offered protocols or asks for the
 * log-in. Measured on firebird3.0-server 3.0.11.
 *
 * Fields: `answer` (accept, accept-data, conditional-accept, continue-authentication), `protocol` (10 InterBase and Firebird 1 and 2.0 ·
 * 11: 2.1 · 12: 2.5 · 13, 15: 3.0 · 16, 17: 4.0 · 18: 5.0), `plugin`.
 */
export const firebirdQuestion: TcpQuestion = {
  protocol: 'firebird',
  ports: [3050, 3051],
  elsewhere: 'never',
  read: (received) => {
    const answer = parseConnectAnswer(received);
    return answer === undefined || answer === 'more' ? undefined : factsOf(answer);
  },
  ask: async (line) => {
    const answer = await line.exchange(encodeConnect(), parseConnectAnswer);
    return answer && factsOf(answer);
  },
};

/** A rejection is four bytes, which anybody could send. */
function factsOf(answer: ConnectAnswer): ProtocolFacts | undefined {
  const { kind, protocol, isFirebird, plugin } = answer;
  if (kind === 'reject') return undefined;
  return {
    name: 'firebird',
    access: 'password',
    ...(isFirebird ? { product: 'Firebird' } : {}),
    fields: fieldsOf(['answer', kind], ['protocol', protocol], ['plugin', plugin]),
    concerns: [],
  };
}
