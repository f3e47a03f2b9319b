import { randomInt } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import {
  encodeStartRequest,
  encodeStop,
  numberOf,
  parseControlMessage,
  parseStartAnswer,
  REPLY,
  wordsOf,
  type ControlMessage,
} from './packets.ts';

/**
 * L2TP (RFC 2661) without IPsec around it: a request for a tunnel, the reply, and at once the notification that takes the
 * tunnel down again. No session, no PPP, no log-in. A server that insists on IPsec is silent.
 *
 * Fields: host-name, vendor, firmware ("6.144": two bytes, as the maker counts them) · tunnel-authentication (demanded: a
 * shared secret is asked for the tunnel) · result (of a refusal: "2 …"). Concern clear-text: what goes through such a
 * tunnel can be read on the way.
 */
export const l2tpQuestion: UdpQuestion = {
  protocol: 'l2tp',
  ports: [1701],
  read(received) {
    const answer = parseStartAnswer(received);
    return answer === undefined ? undefined : factsOf(answer);
  },
  async ask(line) {
    const ownTunnel = randomInt(1, 0x1_0000);
    const answer = await line.exchange(encodeStartRequest(ownTunnel), (received) => {
      const message = parseStartAnswer(received);
      return message?.tunnel === ownTunnel || message?.tunnel === 0 ? message : undefined;
    });
    if (answer === undefined) return undefined;
    const tunnel = answer.type === REPLY ? numberOf(answer, 9) : undefined;
    if (tunnel !== undefined && tunnel !== 0)
      await line.exchange(encodeStop(tunnel, ownTunnel), (received) => parseControlMessage(received));
    return factsOf(answer);
  },
};

function factsOf(answer: ControlMessage): ProtocolFacts {
  const isReply = answer.type === REPLY;
  const firmware = numberOf(answer, 6);
  const result = answer.attributes.get(1);
  const code = numberOf(answer, 1);
  const vendor = wordsOf(answer, 8);
  const fields: [string, string][] = [
    ['host-name', wordsOf(answer, 7)],
    ['vendor', vendor],
    ['firmware', firmware === undefined ? '' : `${firmware >> 8}.${firmware & 0xff}`],
    ['tunnel-authentication', answer.attributes.has(11) ? 'demanded' : ''],
    ['result', isReply || result === undefined ? '' : String(code)],
  ];
  return {
    name: 'l2tp',
    // Result 4: not authorised (RFC 2661 §4.4.2).
    access: !isReply && code === 4 ? 'turned-away' : 'unknown',
    ...(vendor === '' ? {} : { product: vendor }),
    fields: fields.filter(([, value]) => value !== ''),
    concerns: isReply ? ['clear-text'] : [],
  };
}
