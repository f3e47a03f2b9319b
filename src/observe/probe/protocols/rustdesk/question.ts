import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { encodeTestNat, parseResponse } from './packets.ts';

/**
 * RustDesk's rendezvous server (hbbs), by which computers find each other, from its test of address translation. No
 * identity is registered or asked for. The relay (21117) answers nothing that could be asked harmlessly.
 *
 * Fields: `sealed` ("yes": the server demands an encrypted connection).
 */
export const rustDeskQuestion: TcpQuestion = {
  protocol: 'rustdesk',
  ports: [21_115, 21_116],
  elsewhere: 'never',
  // A few bytes that another protocol might send as well.
  read: () => undefined,
  async ask(line) {
    const response = await line.exchange(encodeTestNat(), parseResponse);
    return response === undefined ? undefined : factsOf(response.isSealed);
  },
};

function factsOf(isSealed: boolean): ProtocolFacts {
  return {
    name: 'rustdesk',
    access: 'unknown',
    product: 'RustDesk server',
    fields: isSealed ? [['sealed', 'yes']] : [],
    concerns: [],
  };
}
