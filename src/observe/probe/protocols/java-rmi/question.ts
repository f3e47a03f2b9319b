import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeHeader, encodeListCall, parseAck, parseListAnswer, type RegistryAnswer } from './packets.ts';

/**
 * Java RMI: the handshake, then the registry's list of names. No name is looked up, no object is called. A port of RMI
 * that is no registry answers the list with an exception.
 *
 * Fields: `bound-name` (one each), `registry` ("empty", "refused").
 */
export const javaRmiQuestion: TcpQuestion = {
  protocol: 'java-rmi',
  ports: [1098, 1099, 1090, 11_099],
  elsewhere: 'ask',
  read(received) {
    const ack = parseAck(received);
    return ack === undefined || ack === 'more' ? undefined : factsOf(undefined);
  },
  async ask(line) {
    if ((await line.exchange(encodeHeader(), parseAck)) === undefined) return undefined;
    return factsOf(await line.exchange(encodeListCall(), parseListAnswer));
  },
};

function factsOf(answer: RegistryAnswer | undefined): ProtocolFacts {
  const base = { name: 'java-rmi', access: 'unknown', fields: [], concerns: ['clear-text'] } as const;
  if (answer === undefined) return { ...base, fields: [], concerns: ['clear-text'] };
  const { names } = answer;
  if (names === undefined) return { ...base, fields: [['registry', 'refused']], concerns: ['clear-text'] };
  return {
    ...base,
    access: 'open',
    fields: fieldsOf(
      ['registry', names.length === 0 ? 'empty' : undefined],
      ...names.map((name) => ['bound-name', name] as const),
    ),
    concerns: ['data-shown', 'clear-text'],
  };
}
