import { randomUUID } from 'node:crypto';
import type { HttpFacts, ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpLine, type TcpQuestion } from '../../question.ts';
import { headerValue, parseLenient } from '../../tcp/http/lenient.ts';

/** Path and endless length are prescribed (MS-SSTP §3.2.4.1, §3.3.5.1). */
const TARGET = '/sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/';
const ENDLESS = '18446744073709551615';
const MAX_SERVER = 128;

/**
 * SSTP (MS-SSTP): the HTTP opening inside TLS and its 200 answer; no SSTP message follows, so no log-in begins.
 *
 * Product is the Server header: Microsoft-HTTPAPI/2.0 (Windows RRAS), MikroTik-SSTP … SoftEther 5.01.9674 of Debian 12
 * answers nothing until the client sends more, which is not done: it stays unseen here.
 *
 * Asked beside web servers that look like those that offer it, and inside TLS where nothing else was understood (MikroTik);
 * never in clear text. Fields: server.
 */
export const sstpQuestion: TcpQuestion = {
  protocol: 'sstp',
  ports: [],
  elsewhere: 'ask',
  besideWeb: isLikely,
  read(received) {
    return settled(parseOpening(received));
  },
  ask: (line) => (line.isTls ? line.exchange(openingOf(line), parseOpening) : Promise.resolve(undefined)),
};

function openingOf({ hostNames: [name], address }: TcpLine): Buffer {
  const host = name ?? (address.includes(':') ? `[${address}]` : address);
  const lines = [
    `SSTP_DUPLEX_POST ${TARGET} HTTP/1.1`,
    `Host: ${host}`,
    `SSTPCORRELATIONID: {${randomUUID().toUpperCase()}}`,
    `Content-Length: ${ENDLESS}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** RRAS stands behind http.sys; MikroTik and SoftEther have web servers of their own. */
function isLikely({ scheme, answers }: HttpFacts): boolean {
  if (scheme !== 'https') return false;
  return answers.some(({ headers }) => {
    const server = headerValue(headers, 'server').slice(0, MAX_SERVER);
    return /^(?:Microsoft-HTTPAPI\/|Microsoft-IIS\/|MikroTik)/i.test(server);
  });
}

function parseOpening(received: Uint8Array): Reading<ProtocolFacts> {
  const head = Buffer.from(received.subarray(0, 4096)).toString('latin1');
  if (!'HTTP/1.1 200 '.startsWith(head.slice(0, 13))) return undefined;
  if (!head.includes('\r\n\r\n')) return received.length < 4096 ? 'more' : undefined;
  const answer = parseLenient(received.subarray(0, 4096));
  if (answer === undefined || headerValue(answer.headers, 'content-length') !== ENDLESS) return undefined;
  const server = headerValue(answer.headers, 'server')
    .slice(0, MAX_SERVER)
    .replace(/[^\x20-\x7e]/g, '');
  return {
    name: 'sstp',
    access: 'unknown',
    ...(server === '' ? {} : { product: server }),
    fields: server === '' ? [] : [['server', server]],
    concerns: [],
  };
}
