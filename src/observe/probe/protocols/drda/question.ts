import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { encodeExchange, parseAttributes, type Attributes, versionOf } from './packets.ts';

/**
 * DRDA: Db2, Derby and Informix by an exchange of attributes, the step before a database or a user is named. Measured on Derby
 * 10.14.2.0; the form of Db2's names is that of IBM's documentation.
 *
 * Fields: `release` (as sent), `server-name`, `external-name`.
 */
export const drdaQuestion: TcpQuestion = {
  protocol: 'drda',
  ports: [50_000, 50_001, 446, 1527, 60_000, 9089],
  tlsPorts: [448],
  elsewhere: 'never',
  read: (received) => {
    const found = parseAttributes(received);
    return found === undefined || found === 'more' ? undefined : factsOf(found);
  },
  ask: async (line) => {
    const found = await line.exchange(encodeExchange(), parseAttributes);
    return found && factsOf(found);
  },
};

function factsOf({ className, release, serverName, externalName }: Attributes): ProtocolFacts {
  const version = release === undefined ? undefined : versionOf(release);
  return {
    name: 'drda',
    access: 'unknown',
    product: bounded(className ?? ''),
    ...(version === undefined ? {} : { version: bounded(version) }),
    fields: fieldsOf(['release', release], ['server-name', serverName], ['external-name', externalName]),
    concerns: [],
  };
}
