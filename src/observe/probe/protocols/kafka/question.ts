import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import {
  type ApiVersions,
  encodeApiVersions,
  encodeMetadata,
  parseApiVersions,
  parseMetadata,
} from './packets.ts';

/**
 * Kafka: ApiVersions, which every listener answers, then Metadata for no topic: a listener that wants a log-in closes on it, one
 * that serves anybody names its brokers. An answer to somebody else's question cannot be told, for it bears their number.
 *
 * Fields: `apis` (count), `highest-api`, `fetch-versions` and `produce-versions` ("0-16": by them the release can be told
 * roughly), `broker` ("host:port", one each), `controller`.
 */
export const kafkaQuestion: TcpQuestion = {
  protocol: 'kafka',
  ports: [9092, 9094, 19_092, 29_092],
  tlsPorts: [9093],
  elsewhere: 'ask',
  read: (received) => {
    const apis = parseApiVersions(received);
    return apis === undefined || apis === 'more' ? undefined : factsOf(apis);
  },
  ask,
};

const PRODUCE = 0;
const FETCH = 1;
const METADATA = 3;

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const apis = await line.exchange(encodeApiVersions(), parseApiVersions);
  if (apis === undefined) return undefined;
  const found = factsOf(apis);
  const [lowest = 2, highest = 0] = apis.get(METADATA) ?? [];
  // A controller (KRaft) has no Metadata, and a broker of the future may have dropped version 1.
  if (lowest > 1 || highest < 1) return found;
  const brokers = await line.exchange(encodeMetadata(), parseMetadata);
  if (brokers === undefined) return found;
  const shown = brokers.addresses.slice(0, 16).map((address) => ['broker', address] as const);
  return {
    ...found,
    access: 'open',
    fields: [...found.fields, ...fieldsOf(...shown, ['controller', brokers.controller])],
    concerns: ['data-shown'],
  };
}

function factsOf(apis: ApiVersions): ProtocolFacts {
  return {
    name: 'kafka',
    access: 'unknown',
    fields: fieldsOf(
      ['apis', apis.size],
      ['highest-api', Math.max(...apis.keys())],
      ['produce-versions', apis.get(PRODUCE)?.join('-')],
      ['fetch-versions', apis.get(FETCH)?.join('-')],
    ),
    concerns: [],
  };
}
