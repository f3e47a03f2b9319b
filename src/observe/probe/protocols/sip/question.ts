import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpQuestion, UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { parseHead, productAndVersion, type Head } from '../message-head.ts';

/** Nobody's name (RFC 2606), so that no answer and no call ever goes to anybody. */
const NOBODY = 'sekisho@invalid.invalid';
const CALL_ID = '4a69@invalid.invalid';

/**
 * SIP by OPTIONS (RFC 3261 §11) with Max-Forwards 0: a proxy answers itself and forwards it to nobody. Nothing is registered, nobody is called.
 * An application gateway of a router that accepts TCP 5060 for everybody says nothing of its own, so it is never taken for a server.
 *
 * Fields: `status` ("200 OK"), `server` (Server or User-Agent as it is), `methods` (Allow), `realm`, `authentication` ("Digest").
 */
export const sipQuestion: UdpQuestion = {
  protocol: 'sip',
  ports: [5060],
  read: (received) => notMore(readSoFar(received, true)),
  ask: (line) =>
    line.exchange(encodeOptions(line.address, 'UDP'), (received) =>
      notMore(readSoFar(received, true, CALL_ID)),
    ),
};

export const sipTcpQuestion: TcpQuestion = {
  protocol: 'sip',
  ports: [5060],
  tlsPorts: [5061],
  elsewhere: 'ask',
  read: (received) => notMore(readSoFar(received, false)),
  ask: (line) =>
    line.exchange(encodeOptions(line.address, line.isTls ? 'TLS' : 'TCP'), (received) =>
      readSoFar(received, false, CALL_ID),
    ),
};

function encodeOptions(address: string, transport: 'UDP' | 'TCP' | 'TLS'): Uint8Array {
  const host = address.includes(':') ? `[${address}]` : address;
  const lines = [
    `OPTIONS sip:${host} SIP/2.0`,
    `Via: SIP/2.0/${transport} invalid.invalid:5060;branch=z9hG4bK4a69;rport`,
    'Max-Forwards: 0',
    `From: <sip:${NOBODY}>;tag=4a69`,
    `To: <sip:${host}>`,
    `Call-ID: ${CALL_ID}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:${NOBODY}>`,
    'Accept: application/sdp',
    'Content-Length: 0',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function notMore<T>(reading: Reading<T>): T | undefined {
  return reading === 'more' ? undefined : reading;
}

/** Headers that every response copies from its request (RFC 3261 §8.2.6.2), long and compact. */
const COPIED: readonly (readonly [string, string])[] = [
  ['via', 'v'],
  ['from', 'f'],
  ['to', 't'],
  ['call-id', 'i'],
  ['cseq', 'cseq'],
];
/** Some devices forget one or two of them. */
const MIN_COPIED = 2;

/** @param callId when given, the response must carry it. */
function readSoFar(received: Uint8Array, isWhole: boolean, callId?: string): Reading<ProtocolFacts> {
  const head = parseHead(received, 'SIP/2.0 ', isWhole);
  if (head === undefined || head === 'more') return head;
  const status = /^SIP\/2\.0 ([1-6]\d\d)(?: |$)/.exec(head.startLine)?.[1];
  const copied = COPIED.filter(([long, short]) => head.headers.has(long) || head.headers.has(short));
  if (status === undefined || copied.length < MIN_COPIED) return undefined;
  if (callId !== undefined && (head.headers.get('call-id') ?? head.headers.get('i')) !== callId)
    return undefined;
  return toFacts(head, status);
}

function toFacts({ startLine, headers }: Head, status: string): ProtocolFacts {
  const server = headers.get('server') ?? headers.get('user-agent');
  const challenge = headers.get('www-authenticate') ?? headers.get('proxy-authenticate') ?? '';
  return {
    name: 'sip',
    access: accessOf(status),
    ...productAndVersion(server ?? ''),
    fields: [
      ['status', startLine.slice('SIP/2.0 '.length)],
      ...fieldsOf(['server', server]),
      ...fieldsOf(['methods', headers.get('allow')]),
      ...fieldsOf(['authentication', /^([A-Za-z]{1,20}) /.exec(challenge)?.[1]]),
      ...fieldsOf(['realm', /realm="([^"]{0,200})"/i.exec(challenge)?.[1]]),
    ],
    concerns: [],
  };
}

/** A 200 to OPTIONS says what can be done, not that strangers may call. */
function accessOf(status: string): ProtocolFacts['access'] {
  if (status === '401' || status === '407') return 'password';
  return status === '403' ? 'turned-away' : 'unknown';
}
