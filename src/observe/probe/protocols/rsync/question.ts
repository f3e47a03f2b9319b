import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeListRequest, parseListing, type RsyncListing } from './packets.ts';

/**
 * The list of modules of an rsync daemon. No module is opened: each may ask for a password of its own, so `access` stays
 * unknown even when names are shown.
 *
 * Fields: `protocol-version` ("32.0": rsync 3.4 and later; "31.0": 3.1 to 3.3; "30.0": 3.0), `digest` (one each), `module`
 * ("name: comment", one each), `refusal` (the daemon's words).
 */
export const rsyncQuestion: TcpQuestion = {
  protocol: 'rsync',
  ports: [873],
  elsewhere: 'never',
  read(received) {
    const listing = parseListing(received);
    return listing === undefined || listing === 'more' ? undefined : factsOf(listing);
  },
  async ask(line) {
    const request = encodeListRequest();
    let heard: RsyncListing | undefined;
    const parse = (received: Uint8Array): Reading<RsyncListing> => {
      const listing = parseListing(received);
      if (listing === undefined || listing === 'more') return listing;
      // What was said back word for word came from an echo.
      heard = Buffer.from(request).equals(received) ? undefined : listing;
      return listing.isComplete ? listing : 'more';
    };
    await line.exchange(request, parse);
    return heard === undefined ? undefined : factsOf(heard);
  },
};

function factsOf({ greeting, modules, refusal }: RsyncListing): ProtocolFacts {
  const names = modules.map(({ name, comment }) => (comment === '' ? name : `${name}: ${comment}`));
  return {
    name: 'rsync',
    access: refusal !== undefined && /access denied/i.test(refusal) ? 'turned-away' : 'unknown',
    fields: fieldsOf(
      ['protocol-version', greeting.protocolVersion],
      ['refusal', refusal],
      ...greeting.digests.map((digest) => ['digest', digest] as const),
      ...names.map((module) => ['module', module] as const),
    ),
    concerns: modules.length === 0 ? ['clear-text'] : ['clear-text', 'data-shown'],
  };
}
