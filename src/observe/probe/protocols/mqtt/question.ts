import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { CONNECT_BEGINS, type ConnectAnswer, parseConnectAnswer, PING_REQUEST } from './packets.ts';

/** A broker that minds the order of packets ends at once; longer than this nobody needs to think about one byte. */
const SILENCE_MS = 1200;

/**
 * MQTT, without a CONNECT, which is its log-in: a server that ends the connection at a PINGREQ, which may not come first
 * (MQTT-3.1.0-1), and on another one waits for the rest when the first byte of a CONNECT comes. Measured on mosquitto
 * 2.0.11: a reset at C0 00 and 20 02, patience after 10; no answer is ever given before a CONNECT, so neither product nor
 * log-in is known. Asked on its own ports only: how a server behaves proves less than words. Recorded answers to other
 * people's CONNECTs are read.
 *
 * Fields: `told-by` ("packet-order"); of recorded answers `answer-version` (3 or 5: the form of the answer), `return-code`.
 */
export const mqttQuestion: TcpQuestion = {
  protocol: 'mqtt',
  ports: [1883, 1884],
  tlsPorts: [8883],
  elsewhere: 'never',
  read,
  ask: async (line) => {
    const atPing = await line.exchange(PING_REQUEST, anything, SILENCE_MS);
    if (atPing !== undefined || !line.isOver) return undefined;
    line.again();
    const atConnect = await line.exchange(CONNECT_BEGINS, anything, SILENCE_MS);
    if (atConnect !== undefined || line.isOver) return undefined;
    const fields = fieldsOf(['told-by', 'packet-order']);
    return { name: 'mqtt', access: 'unknown', fields, concerns: [] };
  },
};

/** Whoever says something here speaks another protocol. */
function anything(received: Uint8Array): true | 'more' {
  return received.length > 0 ? true : 'more';
}

function parse(received: Uint8Array): ProtocolFacts | 'more' | undefined {
  const answer = parseConnectAnswer(received);
  return answer === 'more' || answer === undefined ? answer : factsOf(answer);
}

function read(received: Uint8Array): ProtocolFacts | undefined {
  return settled(parse(received));
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
