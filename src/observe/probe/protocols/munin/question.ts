import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeVersion, parseGreeting, parseVersion } from './packets.ts';

/**
 * munin-node: its name and version. It speaks only with addresses that it allows, and tells them everything it measures.
 *
 * Fields: `host-name`.
 */
export const muninQuestion: TcpQuestion = {
  protocol: 'munin',
  ports: [4949],
  elsewhere: 'never',
  read(received) {
    const greeting = parseGreeting(received);
    return greeting === undefined || greeting === 'more' ? undefined : factsOf(greeting.hostName, undefined);
  },
  async ask(line) {
    const greeting = await line.exchange(undefined, parseGreeting);
    if (greeting === undefined) return undefined;
    return factsOf(greeting.hostName, (await line.exchange(encodeVersion(), parseVersion))?.version);
  },
};

function factsOf(hostName: string, version: string | undefined): ProtocolFacts {
  return {
    name: 'munin',
    access: 'open',
    product: 'Munin node',
    ...(version === undefined ? {} : { version }),
    fields: fieldsOf(['host-name', hostName]),
    concerns: ['data-shown', 'clear-text'],
  };
}
