import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeStart, parseRefusal, type RCommand, type Refusal } from './packets.ts';

/**
 * rlogin, rsh and rexec from an unprivileged port with one byte 0 and no names: what refuses in their words is one. Many
 * close without a word (measured: rsh-redone 85-4), which proves nothing.
 *
 * Fields: `service` (rlogin, rsh, rexec; r-command when the words do not tell), `refusal` (the server's words).
 */
export const rCommandQuestion: TcpQuestion = {
  protocol: 'r-command',
  ports: [512, 513, 514],
  elsewhere: 'never',
  read(received) {
    const refusal = parseRefusal(received);
    return refusal === undefined || refusal === 'more' ? undefined : factsOf(refusal, refusal.service);
  },
  async ask(line) {
    const refusal = await line.exchange(encodeStart(), parseRefusal);
    return refusal === undefined ? undefined : factsOf(refusal, byPort(refusal, line));
  },
};

/** Once the words prove the family, its ports tell which of the three it is. */
function byPort({ service }: Refusal, { port }: TcpLine): RCommand {
  const ofPort = (['rexec', 'rlogin', 'rsh'] as const)[port - 512];
  return service === 'r-command' ? (ofPort ?? service) : service;
}

function factsOf({ text }: Refusal, service: RCommand): ProtocolFacts {
  return {
    name: 'r-command',
    access: 'turned-away',
    fields: fieldsOf(['service', service], ['refusal', text]),
    concerns: ['runs-commands', 'clear-text'],
  };
}
