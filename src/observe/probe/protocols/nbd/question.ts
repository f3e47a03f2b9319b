import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import {
  encodeAbort,
  encodeList,
  parseGreeting,
  parseList,
  type NbdGreeting,
  type NbdList,
} from './packets.ts';

/**
 * Network block devices: disks served over the network, by the list of their names. No disk is opened. A server of the
 * old style serves its one disk as soon as somebody connects: that is open.
 *
 * Fields: `style` (old, new), `export` (name of a disk, one each), `size` (bytes; old style), `refusal` (server's words).
 */
export const nbdQuestion: TcpQuestion = {
  protocol: 'nbd',
  ports: [10_809],
  elsewhere: 'never',
  read(received) {
    const greeting = parseGreeting(received);
    return greeting === undefined || greeting === 'more' ? undefined : factsOf(greeting, undefined);
  },
  async ask(line) {
    const greeting = await line.exchange(undefined, parseGreeting);
    if (greeting === undefined) return undefined;
    if (greeting.style === 'old') return factsOf(greeting, undefined);
    const list = await line.exchange(encodeList(greeting.flags), parseList);
    await line.exchange(encodeAbort(), () => true);
    return factsOf(greeting, list);
  },
};

function factsOf(greeting: NbdGreeting, list: NbdList | undefined): ProtocolFacts {
  if (greeting.style === 'old') {
    return {
      name: 'nbd',
      access: 'open',
      fields: fieldsOf(['style', 'old'], ['size', String(greeting.size)]),
      concerns: ['data-shown', 'clear-text'],
    };
  }
  const names = list?.names ?? [];
  return {
    name: 'nbd',
    access: 'unknown',
    fields: fieldsOf(
      ['style', 'new'],
      ['refusal', list?.refusal],
      ...names.map((name) => ['export', name === '' ? '(default)' : name] as const),
    ),
    concerns: names.length === 0 ? ['clear-text'] : ['data-shown', 'clear-text'],
  };
}
