import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeName, parseStatus } from './packets.ts';

/**
 * Distribution port of an Erlang node (RabbitMQ on 25672, ejabberd, CouchDB). A shared secret, the cookie, is all that stands
 * before running commands there. The node refuses us by the capabilities that we lack, before the cookie (measured on
 * RabbitMQ 3.10.8 with OTP 25).
 *
 * Fields: `status` (the node's word), `handshake` (6: since OTP 23, 5: before).
 */
export const erlangQuestion: TcpQuestion = {
  protocol: 'erlang-distribution',
  ports: [25_672],
  elsewhere: 'never',
  read: (received) => {
    const status = parseStatus(received);
    return status === undefined || status === 'more' ? undefined : factsOf(status);
  },
  ask,
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const status = await line.exchange(encodeName('N'), parseStatus);
  if (status !== undefined) return factsOf(status, '6');
  // A second form is worth a connection only where Erlang is likely.
  if (line.port !== 25_672) return undefined;
  line.again();
  const old = await line.exchange(encodeName('n'), parseStatus);
  return old === undefined ? undefined : factsOf(old, '5');
}

function factsOf(status: string, handshake?: string): ProtocolFacts {
  return {
    name: 'erlang-distribution',
    access: 'password',
    fields: fieldsOf(['status', status], ['handshake', handshake]),
    concerns: [],
  };
}
