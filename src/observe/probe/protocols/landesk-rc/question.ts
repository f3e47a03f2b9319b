import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { encodeQuery, parseAnswer, type LandeskAnswer } from './packets.ts';

/**
 * The remote control agent of LANDesk / Ivanti Endpoint Manager by its answer to "who is there?".
 *
 * Fields: none; the names of computer and user in the answer are not kept.
 */
export const landeskRcQuestion: TcpQuestion = {
  protocol: 'landesk-rc',
  ports: [1761, 1762, 1763],
  elsewhere: 'never',
  read(received) {
    const answer = parseAnswer(received);
    return answer === undefined || answer === 'more' ? undefined : factsOf(answer);
  },
  async ask(line) {
    const answer = await line.exchange(encodeQuery(), parseAnswer);
    return answer === undefined ? undefined : factsOf(answer);
  },
};

function factsOf({ product }: LandeskAnswer): ProtocolFacts {
  return {
    name: 'landesk-rc',
    access: 'unknown',
    product: product ?? 'LANDesk remote control',
    fields: [],
    concerns: ['data-shown'],
  };
}
