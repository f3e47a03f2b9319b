import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeListUps, encodeVer, parseListUps, parseVer } from './packets.ts';

/**
 * NUT's upsd: version and the list of units, which need no log-in. Commands do, and none is given.
 *
 * Fields: `ups` ("name: description", one each).
 */
export const nutQuestion: TcpQuestion = {
  protocol: 'nut',
  ports: [3493],
  elsewhere: 'never',
  read(received) {
    const ver = parseVer(received);
    return ver === undefined || ver === 'more' ? undefined : factsOf(ver.version, undefined);
  },
  async ask(line) {
    const ver = await line.exchange(encodeVer(), parseVer);
    if (ver === undefined) return undefined;
    return factsOf(ver.version, (await line.exchange(encodeListUps(), parseListUps))?.units);
  },
};

function factsOf(version: string, units: readonly string[] | undefined): ProtocolFacts {
  const isShown = units !== undefined && units.length > 0;
  return {
    name: 'nut',
    access: isShown ? 'open' : 'unknown',
    product: 'Network UPS Tools upsd',
    version,
    fields: fieldsOf(...(units ?? []).map((unit) => ['ups', unit] as const)),
    concerns: isShown ? ['data-shown'] : [],
  };
}
