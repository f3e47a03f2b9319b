import { randomBytes } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { encodeClientHello, parseDtlsAnswer, type DtlsAnswer } from './packets.ts';

/**
 * DTLS (RFC 6347): one ClientHello without a cookie. What it carries is not known from it: on 443 the data channel of an
 * AnyConnect-compatible gateway, on 3391 a Remote Desktop gateway, on 5684 CoAP. ocserv 1.1.6 is silent to a stranger's
 * hello: it waits for the session of somebody who logged in over TCP. No certificate is fetched.
 *
 * Fields: version (1.0 · 1.2) · answer (cookie: the peer must prove its address first · server-hello: it need not, which
 * lets others make it flood third parties · alert) · cipher, alert (numbers in hex, decimal). Concern amplifier for a
 * ServerHello without a cookie.
 */
export const dtlsQuestion: UdpQuestion = {
  protocol: 'dtls',
  ports: [443, 3391, 5684],
  read(received) {
    const answer = parseDtlsAnswer(received);
    return answer === undefined ? undefined : factsOf(answer);
  },
  async ask(line) {
    const answer = await line.exchange(encodeClientHello(randomBytes(32)), parseDtlsAnswer);
    return answer === undefined ? undefined : factsOf(answer);
  },
};

function factsOf({ kind, version, cipher, alert }: DtlsAnswer): ProtocolFacts {
  const fields: [string, string][] = [
    ['version', version],
    ['answer', kind],
  ];
  if (cipher !== undefined) fields.push(['cipher', `0x${cipher.toString(16).padStart(4, '0')}`]);
  if (alert !== undefined) fields.push(['alert', String(alert)]);
  return {
    name: 'dtls',
    access: 'unknown',
    fields,
    concerns: kind === 'server-hello' ? ['amplifier'] : [],
  };
}
