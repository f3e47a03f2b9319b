import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeAuthList, parseAuthList, type AuthList } from './packets.ts';

/**
 * libvirtd over TCP: the ways to log in that it lists. With "none" whoever connects is master of the virtual machines; no
 * connection to a hypervisor is opened.
 *
 * Fields: `authentication` (none, sasl, polkit; one each).
 */
export const libvirtQuestion: TcpQuestion = {
  protocol: 'libvirt',
  ports: [16_509],
  tlsPorts: [16_514],
  elsewhere: 'never',
  read(received) {
    const list = parseAuthList(received);
    return list === undefined || list === 'more' ? undefined : factsOf(list, false);
  },
  async ask(line) {
    const list = await line.exchange(encodeAuthList(), parseAuthList);
    return list === undefined ? undefined : factsOf(list, line.isTls);
  },
};

function factsOf({ methods }: AuthList, isTls: boolean): ProtocolFacts {
  const isNone = methods?.includes('none') === true;
  return {
    name: 'libvirt',
    access: isNone ? 'open' : methods === undefined ? 'unknown' : 'password',
    product: 'libvirt',
    fields: fieldsOf(...(methods ?? []).map((method) => ['authentication', method] as const)),
    concerns: [
      ...(isNone ? (['no-authentication-type', 'runs-commands'] as const) : []),
      ...(isTls ? [] : (['clear-text'] as const)),
    ],
  };
}
