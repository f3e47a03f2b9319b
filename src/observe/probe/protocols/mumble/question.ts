import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion, UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodePing, parsePing, parseVersion, type MumblePing, type MumbleVersion } from './packets.ts';

/**
 * Mumble: the version that a voice server sends by itself inside TLS. Nobody logs in.
 *
 * Fields: `release` (the packager's own number), `system`.
 */
export const mumbleQuestion: TcpQuestion = {
  protocol: 'mumble',
  ports: [],
  tlsPorts: [64_738],
  elsewhere: 'never',
  read(received) {
    const version = parseVersion(received);
    return version === undefined || version === 'more' ? undefined : ofVersion(version);
  },
  async ask(line) {
    const version = await line.exchange(undefined, parseVersion);
    return version === undefined ? undefined : ofVersion(version);
  },
};

/** Fields: `users`, `maximum` (of the ping that the server lists show). */
export const mumblePingQuestion: UdpQuestion = {
  protocol: 'mumble',
  ports: [64_738],
  read(received) {
    const ping = parsePing(received);
    return ping === undefined ? undefined : ofPing(ping);
  },
  async ask(line) {
    const ping = await line.exchange(encodePing(), parsePing);
    return ping === undefined ? undefined : ofPing(ping);
  },
};

function ofVersion({ version, release, system }: MumbleVersion): ProtocolFacts {
  return {
    name: 'mumble',
    access: 'unknown',
    product: 'Mumble server',
    version,
    fields: fieldsOf(['release', release], ['system', system]),
    concerns: [],
  };
}

function ofPing({ version, users, maximum }: MumblePing): ProtocolFacts {
  return {
    name: 'mumble',
    access: 'unknown',
    product: 'Mumble server',
    version,
    fields: fieldsOf(['users', users], ['maximum', maximum]),
    concerns: [],
  };
}
