import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpLine, UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeReadProperty, parseAnswer, PROPERTY, type Answer } from './packets.ts';

/**
 * BACnet/IP: maker, model, name and firmware of the device, one read each. BACnet has no log-in: who may read may mostly write. An answer that
 * only refuses is BACnet too.
 *
 * Fields: `instance` (number of the device), `vendor`, `model`, `object-name`, `firmware`.
 */
export const bacnetQuestion: UdpQuestion = {
  protocol: 'bacnet',
  ports: [47_808],
  read: (received) => {
    const answer = parseAnswer(received);
    return answer === undefined ? undefined : toFacts([answer]);
  },
  ask,
};

async function ask(line: UdpLine): Promise<ProtocolFacts | undefined> {
  const answers: Answer[] = [];
  for (const property of [PROPERTY.vendor, PROPERTY.model, PROPERTY.name, PROPERTY.firmware]) {
    const answer = await line.exchange(encodeReadProperty(property), parseAnswer);
    // Silence to the first is silence to all.
    if (answer === undefined) break;
    answers.push(answer);
  }
  return answers.length === 0 ? undefined : toFacts(answers);
}

function toFacts(answers: readonly Answer[]): ProtocolFacts {
  const values = answers.filter((answer) => answer.kind === 'value');
  const valueOf = (property: number): string | undefined =>
    values.find((one) => one.property === property)?.text;
  const model = valueOf(PROPERTY.model);
  const firmware = valueOf(PROPERTY.firmware);
  const isOpen = values.length > 0;
  return {
    name: 'bacnet',
    access: isOpen ? 'open' : 'unknown',
    ...(model === undefined || model === '' ? {} : { product: model }),
    ...(firmware === undefined || firmware === '' ? {} : { version: firmware }),
    fields: fieldsOf(
      ['instance', values[0]?.instance],
      ['vendor', valueOf(PROPERTY.vendor)],
      ['model', model],
      ['object-name', valueOf(PROPERTY.name)],
      ['firmware', firmware],
    ),
    concerns: isOpen ? ['no-authentication-type', 'data-shown'] : [],
  };
}
