import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { parseGreeting, type SvnGreeting } from './packets.ts';

/**
 * svnserve by its greeting. No repository is asked for: who may read is told only for a repository whose name is known.
 *
 * Fields: `protocol-version` ("2", or "1-2"), `capability` (one each).
 */
export const svnQuestion: TcpQuestion = {
  protocol: 'svn',
  ports: [3690],
  elsewhere: 'never',
  read(received) {
    const greeting = parseGreeting(received);
    return greeting === undefined || greeting === 'more' ? undefined : factsOf(greeting);
  },
  async ask(line) {
    const greeting = await line.exchange(undefined, parseGreeting);
    return greeting === undefined ? undefined : factsOf(greeting);
  },
};

function factsOf({ lowest, highest, capabilities }: SvnGreeting): ProtocolFacts {
  return {
    name: 'svn',
    access: 'unknown',
    product: 'Subversion svnserve',
    fields: fieldsOf(
      ['protocol-version', lowest === highest ? lowest : `${lowest}-${highest}`],
      ...capabilities.map((capability) => ['capability', capability] as const),
    ),
    concerns: ['clear-text'],
  };
}
