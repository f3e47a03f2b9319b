import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion, UdpQuestion } from '../../question.ts';
import { bounded } from '../fields.ts';
import {
  type Answer,
  encodeBinary,
  encodeDatagram,
  parseAnswer,
  parseBinary,
  parseDatagram,
} from './packets.ts';

/**
 * memcached by `version`. Measured on 1.6.18: a server with a password file (`-Y`) refuses every text command; one with SASL (`-S`)
 * says nothing to text, tells its version in the binary protocol to anybody and refuses the rest, so a no-operation is asked
 * there. No fields.
 */
export const memcachedQuestion: TcpQuestion = {
  protocol: 'memcached',
  ports: [11_211, 11_210],
  elsewhere: 'ask',
  read: (received) => factsOf(parseAnswer(received)),
  ask,
};

/** An answer by UDP at all lets anybody send the contents of the store to a third party: up to 50 000 times what was asked. */
export const memcachedUdpQuestion: UdpQuestion = {
  protocol: 'memcached',
  ports: [11_211],
  read: readDatagram,
  ask: (line) => line.exchange(encodeDatagram(), readDatagram),
};

function readDatagram(received: Uint8Array): ProtocolFacts | undefined {
  const found = factsOf(parseDatagram(received));
  return found && { ...found, concerns: ['amplifier'] };
}

function factsOf(answer: Answer | 'more' | undefined): ProtocolFacts | undefined {
  if (answer === undefined || answer === 'more') return undefined;
  const common = { name: 'memcached', product: 'memcached', fields: [], concerns: [] };
  if (answer === 'unauthenticated') return { ...common, access: 'password' };
  return { ...common, access: 'open', version: bounded(answer.version) };
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const answer = await line.exchange(Buffer.from('version\r\n'), parseAnswer);
  if (answer !== undefined) return factsOf(answer);
  return line.port === 11_211 || line.port === 11_210 ? askBinary(line) : undefined;
}

async function askBinary(line: TcpLine): Promise<ProtocolFacts | undefined> {
  line.again();
  const version = await line.exchange(encodeBinary('version'), parseBinary);
  if (version === undefined || !/^\d{1,3}\./.test(version.text)) return undefined;
  const noop = await line.exchange(encodeBinary('noop'), parseBinary);
  const access = noop?.status === 0 ? 'open' : noop?.status === 0x20 ? 'password' : 'unknown';
  return {
    name: 'memcached',
    access,
    product: 'memcached',
    version: bounded(version.text),
    fields: [],
    concerns: [],
  };
}
