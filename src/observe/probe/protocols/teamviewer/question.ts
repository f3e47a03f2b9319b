import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { encodePing, parsePacket } from './packets.ts';

/**
 * A TeamViewer client that takes connections of the local network, by its answer to a ping. No session is begun.
 *
 * Fields: none: ping and answer carry no version.
 */
export const teamViewerQuestion: TcpQuestion = {
  protocol: 'teamviewer',
  ports: [5938],
  elsewhere: 'never',
  read: (received) => (isPacket(received) ? FACTS : undefined),
  async ask(line) {
    return (await line.exchange(encodePing(), parsePacket)) === undefined ? undefined : FACTS;
  },
};

function isPacket(received: Uint8Array): boolean {
  const packet = parsePacket(received);
  return packet !== undefined && packet !== 'more';
}

const FACTS: ProtocolFacts = {
  name: 'teamviewer',
  access: 'unknown',
  product: 'TeamViewer',
  fields: [],
  concerns: [],
};
