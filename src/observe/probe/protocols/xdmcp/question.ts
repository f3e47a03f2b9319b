import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeQuery, parseAnswer } from './packets.ts';

/**
 * XDMCP: would the display manager show its log-in window here? No session is asked for.
 *
 * Fields: `answer` (willing, unwilling), `host-name`, `status` (the manager's words), `authentication` (when one is named).
 */
export const xdmcpQuestion: UdpQuestion = {
  protocol: 'xdmcp',
  ports: [177],
  read,
  ask: (line) => line.exchange(encodeQuery(), read),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const answer = parseAnswer(received);
  if (answer === undefined) return undefined;
  const { opcode, hostName, status, authentication = '' } = answer;
  return {
    name: 'xdmcp',
    access: opcode === 'willing' ? 'password' : 'turned-away',
    fields: fieldsOf(
      ['answer', opcode],
      ['host-name', hostName],
      ['status', status],
      ['authentication', authentication],
    ),
    concerns: opcode === 'willing' ? ['clear-text', 'cleartext-password-offered'] : ['clear-text'],
  };
}
