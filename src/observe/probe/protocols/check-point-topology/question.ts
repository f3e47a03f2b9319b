import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpLine, TcpQuestion } from '../../question.ts';
import { bounded } from '../fields.ts';

/** First words of a SecuRemote client, and its second, which asks for the topology by the name of that program. */
const HELLO = Buffer.from('5100000000000021', 'hex');
const SECUREMOTE = Buffer.concat([Buffer.from('0000000b', 'hex'), Buffer.from('securemote\0', 'latin1')]);
const MAX_ANSWER = 2048;

/**
 * Check Point topology service (TCP 264): which firewall and which management server answer, by the name in the certificate of the internal authority
 * ("CN=…,O=…"). It is what a SecuRemote client reads before any log-in. Source: metasploit-framework modules/auxiliary/gather/checkpoint_hostname.rb.
 *
 * Fields: `firewall` (CN), `management` (O, as the name is followed by a code of the authority).
 */
export const checkPointTopologyQuestion: TcpQuestion = {
  protocol: 'check-point-topology',
  ports: [264],
  elsewhere: 'never',
  read: (received) => readNames(received)?.facts,
  ask: async (line: TcpLine) => {
    const hello = await line.exchange(HELLO, readHello);
    if (hello === undefined) return undefined;
    let last: ProtocolFacts | undefined;
    await line.exchange(SECUREMOTE, (received) => {
      const names = readNames(received);
      last = names?.facts;
      return names?.isWhole === true || received.length >= MAX_ANSWER ? true : 'more';
    });
    return last;
  },
};

/** "Y" and three zero octets. */
function readHello(received: Uint8Array): Reading<true> {
  const expected = [0x59, 0, 0, 0];
  const start = received.subarray(0, expected.length);
  if (start.some((byte, index) => byte !== expected[index])) return undefined;
  return start.length < expected.length ? 'more' : true;
}

/** The distinguished name somewhere in the answer, whose rest is binary; whole when something follows it. */
function readNames(
  received: Uint8Array,
): { readonly facts: ProtocolFacts; readonly isWhole: boolean } | undefined {
  const text = Buffer.from(received.subarray(0, MAX_ANSWER)).toString('latin1');
  const match = /CN=([\w.-]{1,64}),O=([\w.-]{1,128}\.[a-z0-9]{6})([^\w.-])?/.exec(text);
  if (match === null) return undefined;
  const [, firewall = '', management = '', end] = match;
  const facts: ProtocolFacts = {
    name: 'check-point-topology',
    access: 'open',
    fields: [
      ['firewall', bounded(firewall)],
      ['management', bounded(management)],
    ],
    concerns: ['data-shown'],
  };
  return { facts, isWhole: end !== undefined };
}
