import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeReadIdentification, parseIdentification, type Identification } from './packets.ts';

/** The device itself, by the three numbers in use for it: 0, 255 (§ "unit identifier" of the TCP guide), 1. */
const UNITS = [0, 255, 1] as const;

/**
 * Modbus/TCP, on port 502 only: Read Device Identification, a read that touches no register and no coil. The protocol has no log-in: who
 * may ask this may as well write.
 *
 * Fields: `unit`, `maker`, `product-code`, `revision`, `model`, `exception` (number, when the device does not know the question).
 */
export const modbusQuestion: TcpQuestion = {
  protocol: 'modbus',
  ports: [502],
  elsewhere: 'never',
  read: (received) => {
    const answer = parseIdentification(received);
    if (answer === undefined || answer === 'more') return undefined;
    // An exception is nine octets that say little; only to our own question.
    return answer.exception === undefined || answer.isOurs ? toFacts(answer) : undefined;
  },
  ask,
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  let refused: Identification | undefined;
  for (const unit of UNITS) {
    const answer = await line.exchange(encodeReadIdentification(unit), parseIdentification);
    if (answer === undefined || !answer.isOurs) break;
    if (answer.exception === undefined) return toFacts(answer);
    refused ??= answer;
  }
  return refused === undefined ? undefined : toFacts(refused);
}

function toFacts({ unit, exception, objects }: Identification): ProtocolFacts {
  const product = objects.get(4) ?? objects.get(1);
  const version = objects.get(2);
  return {
    name: 'modbus',
    access: exception === undefined ? 'open' : 'unknown',
    ...(product === undefined || product === '' ? {} : { product }),
    ...(version === undefined || version === '' ? {} : { version }),
    fields: fieldsOf(
      ['unit', unit],
      ['maker', objects.get(0)],
      ['product-code', objects.get(1)],
      ['revision', version],
      ['model', objects.get(5)],
      ['exception', exception],
    ),
    concerns: exception === undefined ? ['no-authentication-type', 'data-shown'] : ['no-authentication-type'],
  };
}
