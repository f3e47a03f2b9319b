import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { parseGreeting, type GpsdGreeting } from './packets.ts';

/**
 * gpsd by its greeting. It knows no log-in: whoever connects may watch the position. Nothing is watched.
 *
 * Fields: `protocol-version`.
 */
export const gpsdQuestion: TcpQuestion = {
  protocol: 'gpsd',
  ports: [2947],
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

function factsOf({ release, protocolVersion }: GpsdGreeting): ProtocolFacts {
  return {
    name: 'gpsd',
    access: 'unknown',
    product: 'gpsd',
    version: bounded(release),
    fields: fieldsOf(['protocol-version', protocolVersion]),
    concerns: ['clear-text'],
  };
}
