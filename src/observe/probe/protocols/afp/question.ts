import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeGetStatus, parseStatus, type AfpServerInfo } from './packets.ts';

/**
 * AFP (Apple file sharing): what the server says of itself before any log-in.
 *
 * Fields: `server-name`, `machine-type` (the server's own words), `afp-version` and `authentication-method` (one each).
 */
export const afpQuestion: TcpQuestion = {
  protocol: 'afp',
  ports: [548],
  elsewhere: 'never',
  read(received) {
    const info = parseStatus(received);
    return info === undefined || info === 'more' ? undefined : factsOf(info);
  },
  async ask(line) {
    const info = await line.exchange(encodeGetStatus(), parseStatus);
    return info === undefined ? undefined : factsOf(info);
  },
};

function factsOf(info: AfpServerInfo): ProtocolFacts {
  const { machineType, versions, authenticationMethods } = info;
  const netatalk = /^Netatalk[ -]?(\d[\w.-]{0,20})?/.exec(machineType);
  return {
    name: 'afp',
    access: 'unknown',
    ...(netatalk === null ? {} : { product: 'Netatalk' }),
    ...(netatalk?.[1] === undefined ? {} : { version: netatalk[1] }),
    fields: fieldsOf(
      ['server-name', info.utf8Name ?? info.serverName],
      ['machine-type', machineType],
      ...authenticationMethods.map((method) => ['authentication-method', method] as const),
      ...versions.map((version) => ['afp-version', version] as const),
    ),
    concerns: concernsOf(authenticationMethods),
  };
}

/** Names of Apple's reference, in its spelling. */
function concernsOf(methods: readonly string[]): Concern[] {
  const concerns: Concern[] = ['clear-text'];
  if (methods.includes('No User Authent')) concerns.push('anonymous-user');
  if (methods.some((method) => /^Clea?rte?xt Passwrd$/i.test(method)))
    concerns.push('cleartext-password-offered');
  return concerns;
}
