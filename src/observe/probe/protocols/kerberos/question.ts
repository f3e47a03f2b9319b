import { randomInt } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion, UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import {
  UNKNOWN_EXTENSION,
  encodeAsRequest,
  errorName,
  parseError,
  parseFramedError,
  withLength,
  type KerberosError,
} from './packets.ts';

/**
 * Kerberos key distribution centre over TCP (RFC 4120 §7.2.2): one AS-REQ that names no client and a realm that cannot
 * exist, then a length that no server takes. The refusals tell the server's time and its kind; MIT's also its realm.
 *
 * Fields: error (its name in RFC 4120 §7.5.9, or the number), error-text, server-time (ISO-8601 UTC), realm (of the
 * refusal: mostly the one that was asked for), service, client-realm, own-realm.
 */
export const kerberosQuestion: TcpQuestion = {
  protocol: 'kerberos',
  ports: [88],
  elsewhere: 'never',
  read: (received) => {
    const reading = parseFramedError(received);
    return reading === 'more' ? undefined : factsOf(reading);
  },
  ask,
};

/** The same over UDP, without the length. */
export const kerberosDatagramQuestion: UdpQuestion = {
  protocol: 'kerberos',
  ports: [88],
  read: (received) => factsOf(parseError(received)),
  ask: async (line) => factsOf(await line.exchange(encodeAsRequest(randomInt(2 ** 31)), parseError)),
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const facts = factsOf(
    await line.exchange(withLength(encodeAsRequest(randomInt(2 ** 31))), parseFramedError),
  );
  if (facts === undefined) return undefined;
  line.again();
  const second = await line.exchange(UNKNOWN_EXTENSION, parseFramedError);
  // Heimdal writes "<unspecified realm>".
  if (second === undefined || second.realm.startsWith('<')) return facts;
  return { ...facts, fields: [...facts.fields, ...fieldsOf(['own-realm', second.realm])] };
}

function factsOf(error: KerberosError | undefined): ProtocolFacts | undefined {
  if (error === undefined) return undefined;
  const { errorCode, errorText, serverTime, realm, service, clientRealm } = error;
  const fields = fieldsOf(
    ['error', errorName(errorCode)],
    ['error-text', errorText],
    ['server-time', serverTime],
    ['realm', realm],
    ['service', service],
    ['client-realm', clientRealm],
  );
  return { name: 'kerberos', access: 'unknown', fields, concerns: [] };
}
