import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeList, parseAnswer, type FingerAnswer } from './packets.ts';

/**
 * Finger: who is logged in, for everybody. Asked on its own port only, because its answers are plain words.
 *
 * Fields: `answer` (first words).
 */
export const fingerQuestion: TcpQuestion = {
  protocol: 'finger',
  ports: [79],
  elsewhere: 'never',
  // The words are too common to be taken for an answer where nothing of this protocol was asked.
  read: () => undefined,
  async ask(line) {
    const answer = await line.exchange(encodeList(), parseAnswer);
    return answer === undefined ? undefined : factsOf(answer);
  },
};

function factsOf({ text, isList }: FingerAnswer): ProtocolFacts {
  return {
    name: 'finger',
    access: isList ? 'open' : 'unknown',
    fields: fieldsOf(['answer', text]),
    concerns: isList ? ['data-shown', 'clear-text'] : ['clear-text'],
  };
}
