import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeVersionQuery, parseResponse } from './packets.ts';

/**
 * NRPE by its built-in check, in plain text and inside TLS (mostly with anonymous Diffie-Hellman). It answers only
 * "allowed_hosts"; one that answers a stranger runs its configured commands for him.
 *
 * Fields: `answer` (when it is no version).
 */
export const nrpeQuestion: TcpQuestion = {
  protocol: 'nrpe',
  ports: [5666],
  tlsPorts: [5666],
  elsewhere: 'never',
  read(received) {
    const response = parseResponse(received);
    return response === undefined || response === 'more' ? undefined : factsOf(response.text, false);
  },
  async ask(line) {
    const response = await line.exchange(encodeVersionQuery(), parseResponse);
    return response === undefined ? undefined : factsOf(response.text, line.isTls);
  },
};

function factsOf(text: string, isTls: boolean): ProtocolFacts {
  const version = /^NRPE v(\d{1,2}(?:\.\d{1,3}){1,3}[\w.-]{0,16})$/.exec(text)?.[1];
  return {
    name: 'nrpe',
    access: 'open',
    product: 'NRPE',
    ...(version === undefined ? {} : { version }),
    fields: fieldsOf(['answer', version === undefined ? text : undefined]),
    concerns: isTls ? ['runs-commands'] : ['runs-commands', 'clear-text'],
  };
}
