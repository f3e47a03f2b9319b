import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { encodeCommands, parseCommands, parseGreeting } from './packets.ts';

/**
 * Music Player Daemon: whether it can be controlled without a password, by its own list of commands.
 *
 * Fields: none.
 */
export const mpdQuestion: TcpQuestion = {
  protocol: 'mpd',
  ports: [6600],
  elsewhere: 'never',
  read(received) {
    const greeting = parseGreeting(received);
    return greeting === undefined || greeting === 'more' ? undefined : factsOf(greeting.version, undefined);
  },
  async ask(line) {
    const greeting = await line.exchange(undefined, parseGreeting);
    if (greeting === undefined) return undefined;
    return factsOf(greeting.version, (await line.exchange(encodeCommands(), parseCommands))?.commands);
  },
};

function factsOf(version: string, commands: readonly string[] | undefined): ProtocolFacts {
  return {
    name: 'mpd',
    access: accessOf(commands),
    product: 'Music Player Daemon',
    version,
    fields: [],
    concerns: ['clear-text'],
  };
}

function accessOf(commands: readonly string[] | undefined): ProtocolFacts['access'] {
  if (commands === undefined || commands.length === 0) return 'unknown';
  return commands.includes('play') ? 'open' : 'password';
}
