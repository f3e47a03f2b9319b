import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { parseGreeting } from './packets.ts';

/** DameWare Mini Remote Control by its first packet. Nothing is sent. No fields. */
export const damewareQuestion: TcpQuestion = {
  protocol: 'dameware',
  ports: [6129],
  elsewhere: 'never',
  read: (received) => (parseGreeting(received) === true ? FACTS : undefined),
  async ask(line) {
    return (await line.exchange(undefined, parseGreeting)) === true ? FACTS : undefined;
  },
};

const FACTS: ProtocolFacts = {
  name: 'dameware',
  access: 'password',
  product: 'DameWare Mini Remote Control',
  fields: [],
  concerns: [],
};
