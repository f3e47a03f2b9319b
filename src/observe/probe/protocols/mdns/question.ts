import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { bounded } from '../fields.ts';
import { CLASS, encodeQuery, parseMessage, TYPE, type Answer } from '../dns/message.ts';

const SERVICES = { name: '_services._dns-sd._udp.local', type: TYPE.ptr, class: CLASS.internet };
const ID = 0x4a69;
const MAX_SERVICES = 24;
const AMPLIFICATION = 10;

/**
 * mDNS asked from outside its link: a one-shot unicast query for the list of services (RFC 6762 §5.1 and §6.7, RFC 6763 §9). Who answers
 * it to a stranger has forgotten that "must ignore" is for packets from beyond the link (§11).
 *
 * Fields: `service` ("_http._tcp", one each, at most 24).
 */
export const mdnsQuestion: UdpQuestion = {
  protocol: 'mdns',
  ports: [5353],
  read,
  ask: (line) => line.exchange(encodeQuery(SERVICES, ID, false), read),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const message = parseMessage(received);
  if (message === undefined || !message.isResponse || message.opcode !== 0 || message.code !== 0)
    return undefined;
  if (!message.isAuthoritative) return undefined;
  const services = message.answers.map(serviceOf).filter((name) => name !== undefined);
  const isLocal = message.answers.some(({ name }) => isServices(name) || name.endsWith('.local'));
  if (!isLocal) return undefined;
  const isLarge = received.length >= AMPLIFICATION * encodeQuery(SERVICES, ID, false).length;
  return {
    name: 'mdns',
    access: 'open',
    fields: [...new Set(services)]
      .slice(0, MAX_SERVICES)
      .map((name) => ['service', bounded(name)] as [string, string]),
    concerns: isLarge ? ['data-shown', 'amplifier'] : ['data-shown'],
  };
}

function isServices(name: string): boolean {
  return name.toLowerCase() === SERVICES.name;
}

/** "_http._tcp" of the answer "_services._dns-sd._udp.local PTR _http._tcp.local". */
function serviceOf({ name, type, texts }: Answer): string | undefined {
  const [target] = texts;
  if (!isServices(name) || type !== TYPE.ptr || target === undefined) return undefined;
  return target.replace(/\.local$/i, '');
}
