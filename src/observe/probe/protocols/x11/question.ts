import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { encodeSetup, parseSetup, xorgVersion, type X11Setup } from './packets.ts';

/**
 * The connection setup of X11 without authorization. A display that accepts it lets everybody see the screen and type;
 * nothing is asked of it afterwards. A display without any other client starts afresh when we leave, as after every
 * client (X(7), "-noreset" of Xserver(1)).
 *
 * Fields: `release` (the vendor's number as sent), `screens`, `refusal` (the server's words).
 */
export const x11Question: TcpQuestion = {
  protocol: 'x11',
  ports: [6000, 6001, 6002, 6003, 6004, 6005, 6006, 6007, 6008, 6009, 6010],
  elsewhere: 'ask',
  read(received) {
    const setup = parseSetup(received);
    return setup === undefined || setup === 'more' ? undefined : factsOf(setup);
  },
  async ask(line) {
    const setup = await line.exchange(encodeSetup(), parseSetup);
    return setup === undefined ? undefined : factsOf(setup);
  },
};

function factsOf(setup: X11Setup): ProtocolFacts {
  if (setup.status !== 'accepted') {
    return {
      name: 'x11',
      // Which of keys and addresses are asked for is told by no field, only by sentences of the makers.
      access: /authoriz|protocol specified|MIT-MAGIC|\bkey\b/i.test(setup.reason) ? 'strong' : 'turned-away',
      fields: fieldsOf(['refusal', setup.reason]),
      concerns: ['clear-text'],
    };
  }
  const version = /^The X\.Org Foundation$/.test(setup.vendor) ? xorgVersion(setup.release) : undefined;
  return {
    name: 'x11',
    access: 'open',
    ...(setup.vendor === '' ? {} : { product: bounded(setup.vendor) }),
    ...(version === undefined ? {} : { version }),
    fields: fieldsOf(['release', setup.release], ['screens', setup.screens]),
    concerns: ['no-authentication-type', 'runs-commands', 'clear-text'],
  };
}
