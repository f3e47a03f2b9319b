import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeLink, parseLinkReply, type SpiceLink } from './packets.ts';

/**
 * SPICE (screens of virtual machines) up to the choice of how to log in. Whether a password is set is seen only by
 * sending one, so `access` stays unknown.
 *
 * Fields: `protocol-version`, `authentication` (spice, sasl; one each), `error` (number of the link reply, when not 0).
 */
export const spiceQuestion: TcpQuestion = {
  protocol: 'spice',
  ports: [5930, 5931, 61_000, 61_001],
  elsewhere: 'ask',
  read(received) {
    const link = parseLinkReply(received);
    return link === undefined || link === 'more' ? undefined : factsOf(link);
  },
  async ask(line) {
    const link = await line.exchange(encodeLink(), parseLinkReply);
    return link === undefined ? undefined : factsOf(link, line.isTls);
  },
};

const NEEDS_TLS = 5;

function factsOf({ protocolVersion, error, authentication }: SpiceLink, isTls = false): ProtocolFacts {
  return {
    name: 'spice',
    access: 'unknown',
    fields: fieldsOf(
      ['protocol-version', protocolVersion],
      ...authentication.map((method) => ['authentication', method] as const),
      ['error', error === 0 ? undefined : error],
    ),
    concerns: isTls || error === NEEDS_TLS ? [] : ['clear-text'],
  };
}
