import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { askUntilClosed } from '../until-closed.ts';
import { encodeNamesRequest, type Names, parseNames } from './packets.ts';

/**
 * The port mapper of Erlang (epmd), as it stands beside RabbitMQ, ejabberd, CouchDB and Riak: tells anybody the names and ports
 * of the nodes on its machine. Whoever reaches such a port and knows or guesses the cookie runs commands there.
 *
 * Fields: `node` ("rabbit", one each), `node-port` (in the same order).
 */
export const epmdQuestion: TcpQuestion = {
  protocol: 'epmd',
  ports: [4369],
  elsewhere: 'never',
  read: (received) => {
    const names = parseNames(received);
    // Four bytes of a port alone could be anything.
    return names === undefined || names === 'more' || names.nodes.length === 0 ? undefined : factsOf(names);
  },
  ask: async (line) => {
    const names = await askUntilClosed(line, encodeNamesRequest(), parseNames);
    if (names === undefined || (names.nodes.length === 0 && names.port !== line.port)) return undefined;
    return factsOf(names);
  },
};

function factsOf({ nodes }: Names): ProtocolFacts {
  return {
    name: 'epmd',
    access: 'open',
    fields: fieldsOf(
      ...nodes.flatMap(({ name, port }) => [['node', name] as const, ['node-port', port] as const]),
    ),
    concerns: nodes.length > 0 ? ['data-shown'] : [],
  };
}
