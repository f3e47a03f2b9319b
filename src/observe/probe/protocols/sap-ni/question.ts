import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';

/**
 * SAP's network interface (router, dispatcher, gateway, message server) by its keep-alive: NI_PING is answered by NI_PONG before
 * anything else is spoken. Which of the programs it is, and its release, are not told by it. No fields.
 */
export const sapNiQuestion: TcpQuestion = {
  protocol: 'sap-ni',
  ports: [3299, 3200, 3300, 3600, 3201, 3301, 3601],
  elsewhere: 'never',
  read: (received) => settled(parsePong(received)),
  ask: (line) => line.exchange(frame('NI_PING\0'), parsePong),
};

/** A length of four bytes before the text. */
function frame(text: string): Buffer {
  return Buffer.concat([Uint8Array.of(0, 0, 0, text.length), Buffer.from(text, 'latin1')]);
}

const PONG = frame('NI_PONG\0');

function parsePong(received: Uint8Array): Reading<ProtocolFacts> {
  const part = received.subarray(0, PONG.length);
  if (part.some((byte, at) => byte !== PONG[at])) return undefined;
  if (part.length < PONG.length) return 'more';
  return { name: 'sap-ni', access: 'unknown', fields: [], concerns: [] };
}
