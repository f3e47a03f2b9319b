import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { productAndVersion } from '../message-head.ts';
import {
  encodeReadVariables,
  encodeTimeRequest,
  isKiss,
  parseTime,
  parseVariables,
  type Time,
} from './packets.ts';

/** An answer so many times longer than its request makes the server a tool against others. */
const AMPLIFICATION = 10;

/**
 * NTP: a client's request for the time, then the system variables by a control message of twelve octets (mode 6). ntpd and
 * NTPsec answer that only when `restrict` lets strangers query; chrony and OpenNTPD never do. monlist (mode 7) is not asked.
 *
 * Fields: `ntp-version`, `stratum`, `reference` (source of the time: a name, or an address that may be an inner one), `kiss` ("DENY",
 * "RATE"), `control` ("answers"), `system`, `processor`, `version-text`.
 */
export const ntpQuestion: UdpQuestion = {
  protocol: 'ntp',
  ports: [123],
  read,
  ask: async (line) => {
    const time = await line.exchange(encodeTimeRequest(), readOurTime);
    const control = await line.exchange(encodeReadVariables(), readControl);
    if (control === undefined) return time;
    return time === undefined ? control : { ...control, fields: [...time.fields, ...control.fields] };
  },
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const time = parseTime(received);
  return time === undefined ? readControl(received) : timeFacts(time);
}

function readOurTime(received: Uint8Array): ProtocolFacts | undefined {
  const time = parseTime(received);
  return time?.isOurs === true ? timeFacts(time) : undefined;
}

function timeFacts(time: Time): ProtocolFacts {
  const { version, stratum, reference } = time;
  return {
    name: 'ntp',
    access: isKiss(time) && reference === 'DENY' ? 'turned-away' : 'unknown',
    fields: [
      ['ntp-version', String(version)],
      ['stratum', String(stratum)],
      [isKiss(time) ? 'kiss' : 'reference', reference],
    ],
    concerns: [],
  };
}

function readControl(received: Uint8Array): ProtocolFacts | undefined {
  const variables = parseVariables(received);
  if (variables === undefined) return undefined;
  const version = variables.get('version');
  const isLarge = received.length >= AMPLIFICATION * encodeReadVariables().length;
  return {
    name: 'ntp',
    access: 'open',
    ...(version === undefined ? {} : productAndVersion(version)),
    fields: [
      ['control', 'answers'],
      ...fieldsOf(['version-text', version]),
      ...fieldsOf(['system', variables.get('system')]),
      ...fieldsOf(['processor', variables.get('processor')]),
    ],
    concerns: isLarge ? ['data-shown', 'amplifier'] : ['data-shown'],
  };
}
