import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { type CqlAnswer, encodeOptions, encodeStartup, parseCql } from './packets.ts';

/**
 * Cassandra and ScyllaDB: OPTIONS, then STARTUP, which names the version of the language and nobody: READY means that no log-in
 * follows, AUTHENTICATE names what is to be logged in with. No query is sent.
 *
 * Fields: `cql-version`, `protocol` (3/v3, one each), `compression`, `authenticator` (Java class), `sharding` (ScyllaDB), `error`.
 */
export const cassandraQuestion: TcpQuestion = {
  protocol: 'cassandra',
  ports: [9042],
  tlsPorts: [9142],
  elsewhere: 'ask',
  read: (received) => {
    const answer = parseCql(received);
    return answer === undefined || answer === 'more' ? undefined : ofAnswer(answer);
  },
  ask,
};

/** Nine bytes that say READY prove nothing; an error or a class name must be Cassandra's. */
function ofAnswer(answer: CqlAnswer): ProtocolFacts | undefined {
  if (answer.kind === 'supported') return factsOf(answer.options, undefined);
  if (answer.kind === 'ready') return undefined;
  const isAuthenticator = answer.kind === 'authenticate' && /^[\w.$]{1,120}Authenticator$/.test(answer.text);
  const isVersion = answer.kind === 'error' && /unsupported protocol version/i.test(answer.text);
  return isAuthenticator || isVersion ? factsOf(new Map(), answer) : undefined;
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const first = await line.exchange(encodeOptions(), parseCql);
  if (first?.kind !== 'supported') return first && ofAnswer(first);
  const language = first.options.get('CQL_VERSION')?.find((one) => /^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(one));
  const second = await line.exchange(encodeStartup(language ?? '3.0.0'), parseCql);
  return factsOf(first.options, second);
}

function factsOf(
  options: ReadonlyMap<string, readonly string[]>,
  answer: CqlAnswer | undefined,
): ProtocolFacts {
  const isScylla = [...options.keys()].some((name) => name.startsWith('SCYLLA_'));
  const access = answer?.kind === 'ready' ? 'open' : answer?.kind === 'authenticate' ? 'password' : 'unknown';
  return {
    name: 'cassandra',
    access,
    ...(isScylla ? { product: 'ScyllaDB' } : {}),
    fields: fieldsOf(
      ['cql-version', options.get('CQL_VERSION')?.join(', ')],
      ...(options.get('PROTOCOL_VERSIONS') ?? []).slice(0, 8).map((one) => ['protocol', one] as const),
      ['compression', options.get('COMPRESSION')?.join(', ')],
      ['sharding', options.get('SCYLLA_SHARDING_ALGORITHM')?.join(', ')],
      ['authenticator', answer?.kind === 'authenticate' ? answer.text : undefined],
      ['error', answer?.kind === 'error' ? answer.text : undefined],
    ),
    concerns: [],
  };
}
