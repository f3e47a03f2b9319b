import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { encodeGreeting, parseAnswer, type RadminAnswer } from './packets.ts';

/**
 * Radmin Server by its answer to the viewer's first packet. No user is named.
 *
 * Fields: `generation` (2 or 3).
 */
export const radminQuestion: TcpQuestion = {
  protocol: 'radmin',
  ports: [4899],
  elsewhere: 'never',
  read(received) {
    const answer = parseAnswer(received);
    return answer === undefined || answer === 'more' ? undefined : factsOf(answer);
  },
  async ask(line) {
    const answer = await line.exchange(encodeGreeting(), parseAnswer);
    return answer === undefined ? undefined : factsOf(answer);
  },
};

function factsOf({ generation, isRefused }: RadminAnswer): ProtocolFacts {
  return {
    name: 'radmin',
    access: isRefused ? 'turned-away' : 'password',
    product: 'Radmin Server',
    fields: generation === undefined ? [] : [['generation', generation]],
    concerns: [],
  };
}
