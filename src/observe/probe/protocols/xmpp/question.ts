import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeStream, isDomain, parseStream, type Stream } from './packets.ts';

const MAX_TRIES = 3;
const NAMESPACE = { client: 'jabber:client', server: 'jabber:server' } as const;

/**
 * XMPP: a stream is opened and its features are read, inside TLS too when it is offered. Asked for are the names of the place, then "localhost", the domain of a server that nobody set up; a server that serves
 * another domain and tells which is asked once more for that. Nobody authenticates.
 *
 * Fields: `stream` ("client", "server"), `domain`, `error` (condition), `start-tls` ("offered", "required"), `mechanism` (before TLS, one each),
 * `mechanism-inside-tls`.
 */
export const xmppQuestion: TcpQuestion = {
  protocol: 'xmpp',
  ports: [5222],
  tlsPorts: [5223],
  elsewhere: 'never',
  read,
  ask: (line) => converse(line, 'client'),
};

export const xmppServerQuestion: TcpQuestion = {
  protocol: 'xmpp',
  ports: [5269],
  elsewhere: 'never',
  read,
  ask: (line) => converse(line, 'server'),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const stream = parseStream(received);
  return stream === undefined || stream === 'more' ? undefined : toFacts(stream, undefined, false);
}

async function converse(line: TcpLine, kind: keyof typeof NAMESPACE): Promise<ProtocolFacts | undefined> {
  const wanted = [...line.hostNames.slice(0, MAX_TRIES - 1), 'localhost'].filter(isDomain);
  let stream: Stream | undefined;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const to = wanted[tries];
    if (to === undefined) break;
    if (tries > 0) line.again();
    const answer = await line.exchange(encodeStream(to, NAMESPACE[kind]), parseStream);
    if (answer === undefined) break;
    stream = answer;
    if (answer.error === undefined)
      return toFacts(answer, await askInside(line, to, kind, answer), line.isTls);
    if (answer.from !== undefined && isDomain(answer.from) && !wanted.includes(answer.from))
      wanted.push(answer.from);
  }
  return stream === undefined ? undefined : toFacts(stream, undefined, line.isTls);
}

const START_TLS = Buffer.from("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", 'latin1');

/** Features inside TLS (RFC 6120 §5.4.3), where the servers that are set up well name their mechanisms. */
async function askInside(
  line: TcpLine,
  to: string,
  kind: keyof typeof NAMESPACE,
  { startTls }: Stream,
): Promise<Stream | undefined> {
  if (line.isTls || startTls === undefined) return undefined;
  const proceed = await line.exchange(START_TLS, (received) => {
    const text = Buffer.from(received.subarray(0, 1024)).toString('latin1');
    if (/^\s{0,8}<proceed[ />]/.test(text)) return text.includes('>') ? true : 'more';
    return '<proceed '.startsWith(text.trimStart().slice(0, 9)) ? 'more' : undefined;
  });
  if (proceed === undefined || !(await line.startTls())) return undefined;
  return line.exchange(encodeStream(to, NAMESPACE[kind]), parseStream);
}

function toFacts(stream: Stream, inside: Stream | undefined, isTls: boolean): ProtocolFacts {
  const hasMechanisms = stream.mechanisms.length > 0 || (inside?.mechanisms.length ?? 0) > 0;
  return {
    name: 'xmpp',
    access: accessOf(stream, inside, hasMechanisms),
    fields: fieldsOf(
      ['stream', stream.namespace === NAMESPACE.server ? 'server' : 'client'],
      ['domain', stream.from],
      ['error', stream.error],
      ['start-tls', stream.startTls],
      ...stream.mechanisms.map((name) => ['mechanism', name] as const),
      ...(inside?.mechanisms ?? []).map((name) => ['mechanism-inside-tls', name] as const),
    ),
    concerns: concernsOf(stream, isTls),
  };
}

function accessOf(
  { mechanisms }: Stream,
  inside: Stream | undefined,
  hasMechanisms: boolean,
): ProtocolFacts['access'] {
  if (!hasMechanisms) return 'unknown';
  const all = [...mechanisms, ...(inside?.mechanisms ?? [])];
  // ANONYMOUS (RFC 4505) lets in whoever comes.
  if (all.includes('ANONYMOUS')) return 'open';
  return all.every((name) => name === 'EXTERNAL') ? 'strong' : 'password';
}

function concernsOf({ mechanisms, startTls, features }: Stream, isTls: boolean): Concern[] {
  if (isTls || !features) return [];
  if (mechanisms.includes('PLAIN')) return ['cleartext-password-offered'];
  return startTls === undefined && mechanisms.length > 0 ? ['clear-text'] : [];
}
