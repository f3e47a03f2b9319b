import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { encodeDiscovery, parseAnswer, resourcesOf, type Answer } from './packets.ts';

const AMPLIFICATION = 10;

/**
 * CoAP: the list of resources that every server may offer (RFC 6690). Nothing else is read, nothing is written.
 *
 * Fields: `code` ("2.05"), `resource` (paths, at most 24).
 */
export const coapQuestion: UdpQuestion = {
  protocol: 'coap',
  ports: [5683],
  read,
  ask: (line) =>
    line.exchange(encodeDiscovery(), (received) => {
      const answer = parseAnswer(received);
      return answer?.isOurs === true ? toFacts(answer, received.length) : undefined;
    }),
};

/** Of a stranger's answer only a list of links is proof: the header alone is four bytes that many datagrams begin with. */
function read(received: Uint8Array): ProtocolFacts | undefined {
  const answer = parseAnswer(received);
  if (answer === undefined) return undefined;
  const isList = answer.format === LINK_FORMAT && resourcesOf(answer.payload) !== undefined;
  return isList || answer.isOurs ? toFacts(answer, received.length) : undefined;
}

const LINK_FORMAT = 40;

function toFacts({ code, payload }: Answer, length: number): ProtocolFacts {
  const resources = resourcesOf(payload) ?? [];
  const isShown = code === '2.05' && resources.length > 0;
  const isLarge = length >= AMPLIFICATION * encodeDiscovery().length;
  const concerns: Concern[] = isShown ? ['data-shown'] : [];
  return {
    name: 'coap',
    access: isShown ? 'open' : accessOf(code),
    fields: [['code', code], ...resources.map((path) => ['resource', path] as [string, string])],
    concerns: isLarge ? [...concerns, 'amplifier'] : concerns,
  };
}

function accessOf(code: string): ProtocolFacts['access'] {
  if (code === '4.01') return 'password';
  return code === '4.03' ? 'turned-away' : 'unknown';
}
