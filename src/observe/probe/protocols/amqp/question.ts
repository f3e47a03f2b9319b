import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import {
  encodeHeader,
  parseHeader,
  parseMechanisms,
  parseStart,
  type Start,
  type Version,
} from './packets.ts';

/**
 * AMQP brokers. The header of 0-9-1 makes RabbitMQ introduce itself (measured on 3.10.8) and every other broker say which
 * version it speaks; those of 1.0 are then asked for their SASL mechanisms. Nothing is chosen from either list.
 *
 * Fields: `protocol-version`, `platform`, `cluster-name`, `mechanism` (one each).
 */
export const amqpQuestion: TcpQuestion = {
  protocol: 'amqp',
  ports: [5672, 5673],
  tlsPorts: [5671],
  elsewhere: 'ask',
  read: (received) => {
    const reading = readStartOrHeader(received);
    if (reading === undefined || reading === 'more') return undefined;
    if (typeof reading === 'object') return ofStart(reading);
    const mechanisms = parseMechanisms(received);
    return ofVersion(reading, mechanisms === 'more' ? undefined : mechanisms);
  },
  ask,
};

function readStartOrHeader(received: Uint8Array): Start | Version | 'more' | undefined {
  return received[0] === 1 ? parseStart(received) : parseHeader(received);
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const first = await line.exchange<Start | Version>(encodeHeader('0-9-1'), readStartOrHeader);
  // Who speaks 0-9-1 goes on with it; the same header again is an echo.
  if (first === undefined || first === '0-9-1') return undefined;
  if (typeof first === 'object') return inClear(line, ofStart(first));
  if (!first.startsWith('1.0')) return ofVersion(first, undefined);
  line.again();
  return inClear(line, ofVersion(first, await line.exchange(encodeHeader('1.0-sasl'), parseMechanisms)));
}

function ofVersion(version: Version, mechanisms: readonly string[] | undefined): ProtocolFacts {
  const [number = version] = version.split('-tls')[0]?.split('-sasl') ?? [];
  return {
    name: 'amqp',
    ...judge(mechanisms ?? []),
    fields: fieldsOf(
      ['protocol-version', number],
      ...(mechanisms ?? []).map((one) => ['mechanism', one] as const),
    ),
  };
}

function ofStart({ version, properties, mechanisms }: Start): ProtocolFacts {
  const product = properties.get('product');
  const number = properties.get('version');
  return {
    name: 'amqp',
    ...judge(mechanisms),
    ...(product === undefined ? {} : { product: bounded(product) }),
    ...(number === undefined ? {} : { version: bounded(number) }),
    fields: fieldsOf(
      ['protocol-version', version === '0-9' ? '0-9-1' : version],
      ['platform', properties.get('platform')],
      ['cluster-name', properties.get('cluster_name')],
      ...mechanisms.slice(0, 16).map((one) => ['mechanism', one] as const),
    ),
  };
}

const PASSWORD = /^(?:PLAIN|AMQPLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|SCRAM-.+|RABBIT-CR-DEMO)$/;
const STRONG = /^(?:EXTERNAL|GSSAPI|GS2-.+|XOAUTH2|OAUTHBEARER)$/;

/** What is offered, not what would be let in: ANONYMOUS is on some lists without having any rights. */
function judge(mechanisms: readonly string[]): Pick<ProtocolFacts, 'access' | 'concerns'> {
  const concerns: Concern[] = mechanisms.includes('ANONYMOUS') ? ['no-authentication-type'] : [];
  if (mechanisms.some((one) => PASSWORD.test(one))) return { access: 'password', concerns };
  const isStrong = mechanisms.length > 0 && mechanisms.every((one) => STRONG.test(one));
  return { access: isStrong ? 'strong' : 'unknown', concerns };
}

function inClear(line: TcpLine, found: ProtocolFacts): ProtocolFacts {
  const sendsPassword = found.fields.some(
    ([name, value]) => name === 'mechanism' && /^(?:PLAIN|AMQPLAIN|LOGIN)$/.test(value),
  );
  if (line.isTls || !sendsPassword) return found;
  return { ...found, concerns: [...found.concerns, 'cleartext-password-offered'] };
}
