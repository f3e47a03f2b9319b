import { randomInt } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { encodeSyn, parseSynAck, type SynAck } from './packets.ts';

const REQUEST_BYTES = 16;
/** An answer so many times the request is worth a third party's while. */
const LARGE = 10;

/**
 * RDP over UDP (MS-RDPEUDP): one SYN, and the SYN and ACK of the server; the handshake is not gone on with, no DTLS, no log-in.
 * Made after the document; no server of it runs on Linux, so it was not measured against one.
 *
 * Fields: version (1 · 2 · 257, only when the server says it). Concern amplifier when the answer to these 16 bytes had ten
 * times as many or more, as Windows pads it to 1232 (NETSCOUT, "Microsoft RDP reflection/amplification", 2021-01).
 */
export const rdpUdpQuestion: UdpQuestion = {
  protocol: 'rdp-udp',
  ports: [3389],
  read(received) {
    const answer = parseSynAck(received);
    return answer === undefined ? undefined : factsOf(answer);
  },
  async ask(line) {
    const sequence = randomInt(1, 2 ** 32 - 1);
    const answer = await line.exchange(encodeSyn(sequence), (received) => {
      const reply = parseSynAck(received);
      return reply?.acknowledged === sequence ? reply : undefined;
    });
    return answer === undefined ? undefined : factsOf(answer);
  },
};

function factsOf({ version, size }: SynAck): ProtocolFacts {
  return {
    name: 'rdp-udp',
    access: 'unknown',
    fields: version === undefined ? [] : [['version', String(version)]],
    concerns: size >= REQUEST_BYTES * LARGE ? ['amplifier'] : [],
  };
}
