import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpLine, TcpQuestion } from '../../question.ts';
import { USER_AGENT } from '../../tcp/http/user-agent.ts';
import { parseHead, productAndVersion, type Head } from '../message-head.ts';
import { bounded, fieldsOf } from '../fields.ts';

const MAX_BODY = 16 * 1024;

interface Answer {
  readonly status: number;
  readonly head: Head;
  readonly body: string;
}

/**
 * RTSP: OPTIONS, then DESCRIBE of the root (RFC 2326 §10.1, §10.2): a description is only read, no stream is set up. A 401 shows that a
 * password is asked, a 200 with a session description that strangers may look. A 404 says neither: streams have paths of their own.
 *
 * Fields: `server`, `methods` (Public), `status` (of DESCRIBE, else of OPTIONS), `authentication` ("Digest", "Basic"), `realm`,
 * `session` (name in the description), `stream` ("video H264", one each).
 */
export const rtspQuestion: TcpQuestion = {
  protocol: 'rtsp',
  ports: [554, 8554],
  tlsPorts: [322],
  elsewhere: 'ask',
  read: (received) => {
    const answer = parseAnswer(received);
    return answer === undefined || answer === 'more' ? undefined : toFacts([answer], false);
  },
  ask,
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const options = await line.exchange(encode('OPTIONS', line, 1), parseAnswer);
  if (options === undefined) return undefined;
  const sameLine = await line.exchange(encode('DESCRIBE', line, 2), parseAnswer);
  if (sameLine !== undefined) return toFacts([options, sameLine], line.isTls);
  // Some cameras close after every answer.
  line.again();
  const describe = await line.exchange(encode('DESCRIBE', line, 2), parseAnswer);
  return toFacts(describe === undefined ? [options] : [options, describe], line.isTls);
}

function encode(method: 'OPTIONS' | 'DESCRIBE', line: TcpLine, sequence: number): Uint8Array {
  const host = line.address.includes(':') ? `[${line.address}]` : line.address;
  const lines = [
    `${method} ${line.isTls ? 'rtsps' : 'rtsp'}://${host}:${line.port}/ RTSP/1.0`,
    `CSeq: ${sequence}`,
    `User-Agent: ${USER_AGENT}`,
    ...(method === 'DESCRIBE' ? ['Accept: application/sdp'] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function parseAnswer(received: Uint8Array): Reading<Answer> {
  const head = parseHead(received, 'RTSP/');
  if (head === undefined || head === 'more') return head;
  const status = /^RTSP\/[12]\.0 ([1-5]\d\d)(?: |$)/.exec(head.startLine)?.[1];
  if (status === undefined) return undefined;
  const declared = Number(head.headers.get('content-length') ?? '0');
  const length = Number.isInteger(declared) && declared > 0 ? Math.min(declared, MAX_BODY) : 0;
  if (received.length < head.length + length) return 'more';
  const body = Buffer.from(received.subarray(head.length, head.length + length)).toString('utf8');
  return { status: Number(status), head, body };
}

function toFacts(answers: readonly Answer[], isTls: boolean): ProtocolFacts {
  const last = answers.at(-1);
  const header = (name: string): string | undefined =>
    answers.map(({ head }) => head.headers.get(name)).find((value) => value !== undefined);
  const server = header('server');
  const challenge = header('www-authenticate') ?? '';
  const scheme = /^([A-Za-z]{1,20}) /.exec(challenge)?.[1];
  const description = answers.find(({ body }) => body.startsWith('v=0'))?.body;
  return {
    name: 'rtsp',
    access: accessOf(answers, description),
    ...productAndVersion(server ?? ''),
    fields: [
      ...fieldsOf(['server', server]),
      ...fieldsOf(['methods', header('public')]),
      ...fieldsOf(['status', last === undefined ? undefined : String(last.status)]),
      ...fieldsOf(['authentication', scheme]),
      ...fieldsOf(['realm', /realm="([^"]{0,200})"/i.exec(challenge)?.[1]]),
      ...streamFields(description ?? ''),
    ],
    concerns: concernsOf(description !== undefined, scheme, isTls),
  };
}

function accessOf(answers: readonly Answer[], description: string | undefined): ProtocolFacts['access'] {
  if (description !== undefined) return 'open';
  if (answers.some(({ status }) => status === 401)) return 'password';
  return answers.some(({ status }) => status === 403) ? 'turned-away' : 'unknown';
}

function concernsOf(isShown: boolean, scheme: string | undefined, isTls: boolean): Concern[] {
  if (isShown) return ['data-shown', 'no-authentication-type'];
  return scheme?.toLowerCase() === 'basic' && !isTls ? ['cleartext-password-offered'] : [];
}

const MAX_STREAMS = 8;

/** Session name and streams of a description, RFC 8866 §5.3, §5.14 and §6.6. */
function streamFields(description: string): [string, string][] {
  const lines = description.split(/\r?\n/).slice(0, 256);
  const session = lines.find((line) => line.startsWith('s='))?.slice(2);
  const streams: [string, string][] = [];
  for (const line of lines) {
    const media = /^m=([a-z]{1,16}) /.exec(line)?.[1];
    if (media !== undefined && streams.length < MAX_STREAMS) streams.push(['stream', media]);
    const codec = /^a=rtpmap:\d{1,3} ([\w.-]{1,32})\//.exec(line)?.[1];
    const last = streams.at(-1);
    if (codec !== undefined && last?.[1].includes(' ') === false) last[1] += ` ${codec}`;
  }
  return [...fieldsOf(['session', session === undefined ? undefined : bounded(session.trim())]), ...streams];
}
