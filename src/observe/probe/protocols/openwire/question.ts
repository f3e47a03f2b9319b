import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { parseWireFormat, type WireFormat } from './packets.ts';

/**
 * OpenWire, the own protocol of ActiveMQ Classic: the broker introduces itself before anybody says a word. Nothing is sent;
 * whether a log-in follows is not known.
 *
 * Fields: `openwire` (version of the protocol), `platform`.
 */
export const openwireQuestion: TcpQuestion = {
  protocol: 'openwire',
  ports: [61_616],
  tlsPorts: [61_617],
  elsewhere: 'never',
  read: (received) => {
    const format = parseWireFormat(received);
    return format === undefined || format === 'more' ? undefined : factsOf(format);
  },
  ask: async (line) => {
    const format = await line.exchange(undefined, parseWireFormat);
    return format && factsOf(format);
  },
};

/** Brokers before 5.10 tell neither name nor version. */
function factsOf({ version, texts }: WireFormat): ProtocolFacts {
  const number = texts.get('ProviderVersion');
  return {
    name: 'openwire',
    access: 'unknown',
    product: bounded(texts.get('ProviderName') ?? 'ActiveMQ'),
    ...(number === undefined ? {} : { version: bounded(number) }),
    fields: fieldsOf(['openwire', version], ['platform', texts.get('PlatformDetails')]),
    concerns: [],
  };
}
