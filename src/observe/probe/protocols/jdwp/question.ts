import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { encodeControl, encodeHandshake, parseEcho, parseHandshake } from './packets.ts';

/**
 * The debugger port of a Java program. Its handshake is one text in both directions, so a second connection asks whether
 * the service says everything back. A debugger may run any code; there is no log-in. No command is sent; but a program
 * that was started with suspend=y and waits for its first debugger begins to run when we leave (measured on OpenJDK 17).
 *
 * No fields.
 */
export const jdwpQuestion: TcpQuestion = {
  protocol: 'jdwp',
  ports: [5005, 8787, 9009, 45_000],
  elsewhere: 'never',
  read: (received) => (parseHandshake(received) === true ? FACTS : undefined),
  async ask(line) {
    if ((await line.exchange(encodeHandshake(), parseHandshake)) === undefined) return undefined;
    line.again();
    return (await line.exchange(encodeControl(), parseEcho)) === true ? undefined : FACTS;
  },
};

const FACTS: ProtocolFacts = {
  name: 'jdwp',
  access: 'open',
  fields: [],
  concerns: ['runs-commands', 'clear-text'],
};
