import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion, UdpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import {
  INSTANCES_REQUEST,
  encodePrelogin,
  parseInstances,
  parsePreloginAnswer,
  type Instance,
  type PreloginAnswer,
} from './packets.ts';

const PRODUCT = 'Microsoft SQL Server';

/**
 * SQL Server: PRELOGIN of MS-TDS and nothing after it.
 *
 * Fields: encryption (required, on, login-only, not-supported; the client wished for none), federated-login (yes).
 * `version` is that of the engine, with its build ("16.0.1000").
 */
export const mssqlQuestion: TcpQuestion = {
  protocol: 'mssql',
  ports: [1433],
  elsewhere: 'ask',
  read: (received) => {
    const reading = parsePreloginAnswer(received);
    return reading === 'more' ? undefined : preloginFacts(reading);
  },
  ask: async (line) => preloginFacts(await line.exchange(encodePrelogin(), parsePreloginAnswer)),
};

function preloginFacts(answer: PreloginAnswer | undefined): ProtocolFacts | undefined {
  if (answer === undefined) return undefined;
  return {
    name: 'mssql',
    access: 'password',
    product: PRODUCT,
    version: answer.version,
    fields: fieldsOf(
      ['encryption', answer.encryption],
      ['federated-login', answer.federated ? 'yes' : undefined],
    ),
    concerns: answer.encryption === 'not-supported' ? ['clear-text'] : [],
  };
}

/**
 * SQL Server Browser (MC-SQLR): the list of instances for one byte.
 *
 * Fields: server-name, instance ("SQLEXPRESS 15.0.2000.5 tcp 1433", at most 16), clustered (yes), amplification (bytes
 * received for one sent).
 */
export const mssqlBrowserQuestion: UdpQuestion = {
  protocol: 'mssql-browser',
  ports: [1434],
  read: (received) => browserFacts(parseInstances(received), received.length),
  ask: (line) =>
    line.exchange(INSTANCES_REQUEST, (received) => browserFacts(parseInstances(received), received.length)),
};

function browserFacts(instances: readonly Instance[] | undefined, length: number): ProtocolFacts | undefined {
  const [first] = instances ?? [];
  if (instances === undefined || first === undefined) return undefined;
  return {
    name: 'mssql-browser',
    access: 'unknown',
    product: PRODUCT,
    version: bounded(first.version),
    fields: fieldsOf(
      ['server-name', first.serverName],
      ...instances.map((instance) => ['instance', describeInstance(instance)] as const),
      ['clustered', instances.some(({ isClustered }) => isClustered) ? 'yes' : undefined],
      ['amplification', length],
    ),
    concerns: ['amplifier'],
  };
}

function describeInstance({ instanceName, version, tcpPort, namedPipe }: Instance): string {
  return [
    instanceName,
    version,
    ...(tcpPort === undefined ? [] : [`tcp ${tcpPort}`]),
    ...(namedPipe === undefined ? [] : [`np ${namedPipe}`]),
  ].join(' ');
}
