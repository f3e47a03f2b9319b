import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import {
  type BoltVersion,
  encodeHandshake,
  encodeHello,
  type HelloAnswer,
  parseHelloAnswer,
  parseVersion,
} from './packets.ts';

/**
 * Bolt (Neo4j, Memgraph): the handshake and, from version 5.1 on, where log-in is a message of its own, HELLO, whose answer names
 * the server. In older versions HELLO is the log-in and is not sent. The four bytes of the handshake prove the protocol only as
 * the answer to the question.
 *
 * Fields: `bolt` (version chosen), `error` (of a HELLO that failed).
 */
export const boltQuestion: TcpQuestion = {
  protocol: 'bolt',
  ports: [7687],
  elsewhere: 'never',
  read: (received) => {
    const hello = parseHelloAnswer(received);
    return hello === undefined || hello === 'more' || !hello.texts.has('server') ? undefined : factsOf(hello);
  },
  ask,
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const version = await line.exchange(encodeHandshake(), parseVersion);
  if (version === undefined) return undefined;
  const hasLogOn = version.major === 5 && version.minor >= 1;
  return factsOf(hasLogOn ? await line.exchange(encodeHello(), parseHelloAnswer) : undefined, version);
}

function factsOf(hello: HelloAnswer | undefined, version?: BoltVersion): ProtocolFacts {
  const server = hello?.texts.get('server') ?? '';
  const [, product, number] =
    /^([\w .-]{1,60})\/v?(\d{1,4}(?:\.\d{1,4}){1,3}[\w.+-]{0,30})/.exec(server) ?? [];
  const isMemgraph = /memgraph/i.test(server);
  return {
    name: 'bolt',
    access: 'unknown',
    ...(product === undefined ? {} : { product: isMemgraph ? 'Memgraph' : bounded(product) }),
    // Memgraph gives the number of the Neo4j that it stands for.
    ...(number === undefined || isMemgraph ? {} : { version: bounded(number) }),
    fields: fieldsOf(
      ['bolt', version && `${version.major}.${version.minor}`],
      ['error', hello?.isSuccess === false ? hello.texts.get('code') : undefined],
    ),
    concerns: [],
  };
}
