import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { parseGreeting } from './packets.ts';

/** Splashtop Streamer by its first words. Nothing is sent. No fields. */
export const splashtopQuestion: TcpQuestion = {
  protocol: 'splashtop',
  ports: [6783, 6784, 6785],
  elsewhere: 'never',
  read: (received) => (parseGreeting(received) === true ? FACTS : undefined),
  async ask(line) {
    return (await line.exchange(undefined, parseGreeting)) === true ? FACTS : undefined;
  },
};

const FACTS: ProtocolFacts = {
  name: 'splashtop',
  access: 'unknown',
  product: 'Splashtop Streamer',
  fields: [],
  concerns: [],
};
