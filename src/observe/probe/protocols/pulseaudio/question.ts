import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { encodeServerInfo, parseServerInfo, type ServerInfo } from './packets.ts';

/**
 * PulseAudio: would it tell a stranger about itself? One that does also plays and records for him.
 *
 * Fields: `user-name`, `host-name` (of the machine, when it is served).
 */
export const pulseAudioQuestion: TcpQuestion = {
  protocol: 'pulseaudio',
  ports: [4713],
  elsewhere: 'never',
  read(received) {
    const info = parseServerInfo(received);
    return info === undefined || info === 'more' ? undefined : factsOf(info);
  },
  async ask(line) {
    const info = await line.exchange(encodeServerInfo(), parseServerInfo);
    return info === undefined ? undefined : factsOf(info);
  },
};

function factsOf(info: ServerInfo): ProtocolFacts {
  if (info.status === 'refused') {
    return {
      name: 'pulseaudio',
      access: 'strong',
      product: 'PulseAudio',
      fields: [],
      concerns: ['clear-text'],
    };
  }
  return {
    name: 'pulseaudio',
    access: 'open',
    product: info.name === 'pulseaudio' ? 'PulseAudio' : bounded(info.name),
    version: bounded(info.version),
    fields: fieldsOf(['user-name', info.userName], ['host-name', info.hostName]),
    concerns: ['data-shown', 'clear-text'],
  };
}
