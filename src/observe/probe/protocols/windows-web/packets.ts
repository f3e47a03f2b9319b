import { encodeNtlmNegotiate, parseNtlmChallenge, type NtlmChallenge } from '../../ntlm.ts';
import type { Reading, TcpLine } from '../../question.ts';
import { parseLenient } from '../../tcp/http/lenient.ts';
import { USER_AGENT } from '../../tcp/http/user-agent.ts';

const MAX_ANSWER = 64 * 1024;
const MAX_SCHEMES = 8;

export interface WindowsRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** An HTTP/1.1 request that announces the first step of NTLM in the given scheme; undefined: no Authorization header. */
export function encodeRequest(
  { hostNames: [name], address, port }: TcpLine,
  { method, path, headers = [], body = '' }: WindowsRequest,
  scheme?: 'NTLM' | 'Negotiate',
): Uint8Array {
  const host = name ?? (address.includes(':') ? `[${address}]` : address);
  const token = Buffer.from(encodeNtlmNegotiate()).toString('base64');
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    `User-Agent: ${USER_AGENT}`,
    ...headers,
    ...(scheme === undefined ? [] : [`Authorization: ${scheme} ${token}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'utf8');
}

export interface WindowsAnswer {
  readonly status: number;
  readonly server: string;
  /** Names of the schemes offered in WWW-Authenticate, "Basic" with its realm. */
  readonly schemes: readonly string[];
  readonly challenge?: NtlmChallenge;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';
const NTLM_TOKEN = /^(?:NTLM|Negotiate) {1,4}([A-Za-z0-9+/]{16,8000}={0,2})$/i;

/** The answer with as much body as its Content-Length names; without one, the head has to do. */
export function parseAnswer(received: Uint8Array): Reading<WindowsAnswer> {
  const start = Buffer.from(received.subarray(0, 7)).toString('latin1');
  if (!'HTTP/1.'.startsWith(start)) return undefined;
  const at = Buffer.from(received.subarray(0, MAX_ANSWER)).indexOf(HEAD_END);
  if (at < 0) return received.length < MAX_ANSWER ? 'more' : undefined;
  const answer = parseLenient(received.subarray(0, MAX_ANSWER));
  if (answer === undefined) return undefined;
  const values = (name: string): string[] =>
    answer.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value.trim());
  const length = /^\d{1,5}$/.test(values('content-length')[0] ?? '')
    ? Number(values('content-length')[0])
    : 0;
  const bodyAt = at + HEAD_END.length;
  if (received.length < Math.min(MAX_ANSWER, bodyAt + length)) return 'more';
  const offers = values('www-authenticate');
  const challenge = offers.map(readChallenge).find((one) => one !== undefined);
  return {
    status: answer.status,
    server: values('server')[0] ?? '',
    schemes: offers.slice(0, MAX_SCHEMES).map(schemeOf),
    ...(challenge === undefined ? {} : { challenge }),
    body: Buffer.from(received.subarray(bodyAt, Math.min(MAX_ANSWER, bodyAt + length))).toString('utf8'),
  };
}

function readChallenge(offer: string): NtlmChallenge | undefined {
  const token = NTLM_TOKEN.exec(offer)?.[1];
  return token === undefined ? undefined : parseNtlmChallenge(Buffer.from(token, 'base64'));
}

function schemeOf(offer: string): string {
  return /^(?:Basic|Digest) {1,4}realm="[^"]{0,64}"/i.exec(offer)?.[0] ?? offer.split(/[ ,]/, 1)[0] ?? '';
}
