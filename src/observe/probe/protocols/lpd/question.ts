import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeQueueState, parseQueueState, type QueueState } from './packets.ts';

/**
 * A print server by the state of a queue that nobody has. Asked on its own port only: elsewhere the words of its answer
 * would prove nothing.
 *
 * Fields: `answer` (the server's words).
 */
export const lpdQuestion: TcpQuestion = {
  protocol: 'lpd',
  ports: [515],
  elsewhere: 'never',
  // The words are too common to be taken for an answer where nothing of this protocol was asked.
  read: () => undefined,
  async ask(line) {
    const state = await line.exchange(encodeQueueState('sekisho-none'), parseQueueState);
    return state === undefined ? undefined : factsOf(state);
  },
};

function factsOf({ text, isRefused, product }: QueueState): ProtocolFacts {
  return {
    name: 'lpd',
    access: isRefused ? 'turned-away' : 'unknown',
    ...(product === undefined ? {} : { product }),
    fields: fieldsOf(['answer', text]),
    concerns: ['clear-text'],
  };
}
