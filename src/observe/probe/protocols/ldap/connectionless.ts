import type { UdpLine, UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { ROOT_ATTRIBUTES, entryFacts, isRootEntry, withConcerns } from './facts.ts';
import { encodeNetlogonPing, parseNetlogonAnswer, type NetlogonAnswer } from './netlogon.ts';
import { encodeBaseSearch, readLdap } from './packets.ts';
import { readAnswer } from './question.ts';

/** An answer this many times as long as its request is worth the trouble to those who flood others. */
const AMPLIFICATION = 5;

/**
 * LDAP over UDP (RFC 1798, MS-ADTS 3.1.1.3.1.11): the root entry, then the datagram with which clients look for a domain
 * controller. The first request has no attribute list, as those have that misuse the service, so that its answer shows
 * what they would get.
 *
 * Fields: those of `ldapQuestion` for the root entry; amplification (bytes received for one sent, rounded down);
 * dns-forest-name, dns-domain-name, dns-computer-name, domain-name, computer-name, site (of the server), our-site.
 */
export const connectionlessLdapQuestion: UdpQuestion = {
  protocol: 'ldap',
  ports: [389],
  read: (received) => readAnswer(received) ?? pingFacts(parseNetlogonAnswer(received)),
  ask,
};

async function ask(line: UdpLine) {
  const root = (await searchRoot(line, [])) ?? (await searchRoot(line, ROOT_ATTRIBUTES));
  const ping = await line.exchange(encodeNetlogonPing(3), parseNetlogonAnswer);
  if (root === undefined) return pingFacts(ping);
  const { facts, amplification } = root;
  const fields = [...fieldsOf(['amplification', amplification]), ...pingFields(ping), ...facts.fields];
  return withConcerns({ ...facts, fields }, [amplification >= AMPLIFICATION ? 'amplifier' : undefined]);
}

async function searchRoot(line: UdpLine, attributes: readonly string[]) {
  const request = encodeBaseSearch(1, '', attributes);
  return line.exchange(request, (received) => {
    const entry = readLdap(received)?.entry;
    if (entry === undefined || !isRootEntry(entry)) return undefined;
    return { facts: entryFacts(entry), amplification: Math.floor(received.length / request.length) };
  });
}

const PING_FIELDS: readonly (readonly [keyof NetlogonAnswer, string])[] = [
  ['forest', 'dns-forest-name'],
  ['domain', 'dns-domain-name'],
  ['hostName', 'dns-computer-name'],
  ['netbiosDomain', 'domain-name'],
  ['netbiosName', 'computer-name'],
  ['serverSite', 'site'],
  ['clientSite', 'our-site'],
];

function pingFields(ping: NetlogonAnswer | undefined): [string, string][] {
  return fieldsOf(...PING_FIELDS.map(([key, name]) => [name, ping?.[key]] as const));
}

function pingFacts(ping: NetlogonAnswer | undefined) {
  if (ping === undefined) return undefined;
  return withConcerns({ name: 'ldap', access: 'unknown', fields: pingFields(ping), concerns: [] }, []);
}
