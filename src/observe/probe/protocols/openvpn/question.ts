import { randomBytes } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion, UdpQuestion } from '../../question.ts';
import {
  encodeClientReset,
  encodeFrame,
  parseFramedReset,
  parseServerReset,
  type ServerReset,
} from './packets.ts';

const PORT = 1194;

/** Answered a packet that carried no key: neither tls-auth nor tls-crypt. What is asked after TLS is not known. */
const FACTS: ProtocolFacts = {
  name: 'openvpn',
  access: 'unknown',
  fields: [['control-channel', 'unprotected']],
  concerns: [],
};

/** Replays the very session id of the request; an answer that acknowledges nothing cannot be matched, and is taken. */
const isOurs = (reset: ServerReset, session: Buffer): boolean =>
  reset.acknowledgedSession === undefined || reset.acknowledgedSession === session.toString('hex');

/**
 * OpenVPN over UDP: one reset, as every client sends first, and the server's. A server with tls-auth or tls-crypt, which is
 * what most use, is silent (measured on openvpn 2.6.14): no answer proves nothing.
 *
 * Fields: control-channel (unprotected: no tls-auth and no tls-crypt).
 */
export const openvpnDatagramQuestion: UdpQuestion = {
  protocol: 'openvpn',
  ports: [PORT],
  read: (received) => (parseServerReset(received) === undefined ? undefined : FACTS),
  async ask(line) {
    const session = freshSession();
    const answer = await line.exchange(encodeClientReset(session), (received) => {
      const reset = parseServerReset(received);
      return reset !== undefined && isOurs(reset, session) ? reset : undefined;
    });
    return answer === undefined ? undefined : FACTS;
  },
};

/** The same over TCP. With tls-auth or tls-crypt the server closes at once, which any server may do. */
export const openvpnQuestion: TcpQuestion = {
  protocol: 'openvpn',
  ports: [PORT],
  elsewhere: 'ask',
  besideTls: true,
  read(received) {
    const reset = parseFramedReset(received);
    return reset === undefined || reset === 'more' ? undefined : FACTS;
  },
  async ask(line) {
    const session = freshSession();
    const reset = await line.exchange(encodeFrame(encodeClientReset(session)), parseFramedReset);
    return reset !== undefined && isOurs(reset, session) ? FACTS : undefined;
  },
};

function freshSession(): Buffer {
  const session = randomBytes(8);
  session[0] = (session[0] ?? 0) | 1;
  return session;
}
