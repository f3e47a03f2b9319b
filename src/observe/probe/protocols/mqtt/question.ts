import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { type ConnectAnswer, encodeImpossibleConnect, parseConnectAnswer } from './packets.ts';

/**
 * MQTT, told by how a CONNECT of a version that does not exist is refused. A CONNECT that could be accepted would be a log-in,
 * so whether a password is wanted is not known. Measured: mosquitto 2.0.11 refuses with return code 1, with and without
 * passwords; the MQTT plugin of RabbitMQ 3.10.8 closes without a word and is therefore not seen. A first packet other than
 * CONNECT is answered by no broker.
 *
 * Fields: `answer-version` (3 or 5: the form of the refusal), `return-code`.
 */
export const mqttQuestion: TcpQuestion = {
  protocol: 'mqtt',
  ports: [1883, 1884],
  tlsPorts: [8883],
  elsewhere: 'ask',
  read,
  ask: (line) => line.exchange(encodeImpossibleConnect(), (received) => parse(received)),
};

function parse(received: Uint8Array): ProtocolFacts | 'more' | undefined {
  const answer = parseConnectAnswer(received);
  return answer === 'more' || answer === undefined ? answer : factsOf(answer);
}

function read(received: Uint8Array): ProtocolFacts | undefined {
  const facts = parse(received);
  return facts === 'more' ? undefined : facts;
}

/** Bad user name or password, not authorized: codes 4 and 5 of version 3, 0x86, 0x87 and 0x8c of version 5. */
const WANTS_LOGIN: readonly number[] = [4, 5, 0x86, 0x87, 0x8c];

function factsOf({ form, code }: ConnectAnswer): ProtocolFacts {
  const access = code === 0 ? 'open' : WANTS_LOGIN.includes(code) ? 'password' : 'unknown';
  return {
    name: 'mqtt',
    access,
    fields: fieldsOf(['answer-version', form], ['return-code', code]),
    concerns: [],
  };
}
