import type { Facts, GreetingFacts, HttpAnswer, RdpFacts, VncFacts } from '../../model/facts.ts';
import { classifyGreeting, isHttpAnswer } from '../probe/tcp/greeting/classify.ts';
import { parseMySqlGreeting } from '../probe/tcp/greeting/mysql.ts';
import { decodeText as decodePage } from '../probe/tcp/http/charset.ts';
import { headerValue, parseLenient } from '../probe/tcp/http/lenient.ts';
import { parseConfirm } from '../probe/tcp/rdp/packets.ts';
import { readIdentification } from '../probe/tcp/ssh/packets.ts';
import { optionName, parseTelnet } from '../probe/tcp/telnet/packets.ts';
import { decodeText } from '../probe/tcp/text.ts';
import {
  isPasswordless,
  parseRfbVersion,
  parseSecurity,
  securityTypeName,
} from '../probe/tcp/vnc/packets.ts';
import { confirmFacts } from '../shodan/remote-facts.ts';
import { protocolsOf } from './protocols.ts';
import { webAnswer } from './web-answer.ts';

/** As the own probes and the matching bound them. */
const MAX_BYTES = 256 * 1024;
const MAX_GREETING = 8 * 1024;
const MAX_OPTIONS = 64;

/**
 * What a service said over TCP, whoever wrote it down: first words, or an answer to a question that is not known. Told by
 * the bytes alone, with the parsers of the own probes. Pure; never throws.
 *
 * @param port decides only between FTP and SMTP, whose greetings may be the same.
 */
export function factsOfBanner(received: Uint8Array, port: number | undefined): Facts {
  const bytes = received.subarray(0, MAX_BYTES);
  if (bytes.length === 0) return {};
  if (isHttpAnswer(bytes)) {
    const answer = httpAnswer(bytes);
    if (answer !== undefined) {
      const upgraded = answer.status === 101 ? protocolsOf(bytes, 'tcp') : {};
      return { http: { scheme: 'http', host: '', answers: [answer], notFollowed: [] }, ...upgraded };
    }
  }
  const rdp = rdpFacts(bytes);
  if (rdp !== undefined) return { rdp };
  const kind = classifyGreeting(bytes);
  if (kind === 'ssh') return sshFacts(bytes);
  if (kind === 'rfb') return vncFacts(bytes);
  if (kind === 'telnet') return telnetFacts(bytes);
  if (kind === 'mysql') {
    const greeting = parseMySqlGreeting(bytes);
    if (greeting !== undefined) return { greeting: { protocol: 'mysql', ...greeting } };
  }
  const isOpenText = kind === undefined || kind === 'text';
  return { greeting: greetingFacts(bytes, kind, port), ...(isOpenText ? protocolsOf(bytes, 'tcp') : {}) };
}

function httpAnswer(bytes: Uint8Array): HttpAnswer | undefined {
  const raw = parseLenient(bytes);
  if (raw === undefined) return undefined;
  const body = decodePage(raw.body, headerValue(raw.headers, 'content-type'));
  return webAnswer({ path: '/', method: 'GET', status: raw.status, headers: raw.headers, body });
}

/** The answer to a request that was not recorded: what it selects is known, what was offered is not. */
function rdpFacts(bytes: Uint8Array): RdpFacts | undefined {
  const confirm = parseConfirm(bytes);
  return typeof confirm === 'object' ? confirmFacts(confirm) : undefined;
}

function sshFacts(bytes: Uint8Array): Facts {
  // A recorded line has often lost its end.
  const read = readIdentification(Buffer.concat([bytes.subarray(0, MAX_GREETING), Buffer.from('\n')]));
  if (read === undefined || read === 'more') return { greeting: greetingFacts(bytes, 'text', undefined) };
  const { length: _length, ...identification } = read;
  return { ssh: { ...identification, hostKeys: [] } };
}

const VERSION_LINE = 12;

/** The version line, and the security types when the recording goes on with them. */
function vncFacts(bytes: Uint8Array): Facts {
  const version = parseRfbVersion(bytes);
  const rfbVersion = /^RFB (\d{3}\.\d{3})/.exec(
    Buffer.from(bytes.subarray(0, VERSION_LINE)).toString('latin1'),
  )?.[1];
  if (rfbVersion === undefined || version === undefined) {
    return { greeting: greetingFacts(bytes, 'text', undefined) };
  }
  const security = bytes.length > VERSION_LINE ? parseSecurity(bytes.subarray(VERSION_LINE), 8) : 'more';
  const types = security === 'more' ? [] : security.types;
  const noPassword = isPasswordless(types, undefined);
  const vnc: VncFacts = {
    rfbVersion,
    securityTypes: types.map((id) => ({ id, name: securityTypeName(id) })),
    ...(types.length === 0 || noPassword === undefined ? {} : { noPassword }),
  };
  return { vnc };
}

function telnetFacts(bytes: Uint8Array): Facts {
  const stream = parseTelnet(bytes.subarray(0, MAX_GREETING));
  const options = stream.options
    .slice(0, MAX_OPTIONS)
    .map(({ command, option }) => ({ command, option: optionName(option) }));
  return { telnet: { options, text: decodeText(stream.text) } };
}

const SMTP_PORTS: ReadonlySet<number> = new Set([25, 465, 587, 2525]);
const TELNET_PORTS: ReadonlySet<number> = new Set([23, 2323]);

function greetingFacts(
  bytes: Uint8Array,
  kind: ReturnType<typeof classifyGreeting>,
  port: number | undefined,
): GreetingFacts {
  const part = bytes.subarray(0, MAX_GREETING);
  // Bytes that are no text: one character a byte, so that a pattern can name each.
  if (kind === undefined) return { protocol: 'unknown', text: Buffer.from(part).toString('latin1') };
  const text = decodeText(part, MAX_GREETING);
  if (kind === 'text') return { protocol: TELNET_PORTS.has(port ?? 0) ? 'telnet' : 'unknown', text };
  const isMail = kind === 'ftp' && SMTP_PORTS.has(port ?? 0) && !/ftp/i.test(text);
  return { protocol: isMail ? 'smtp' : kind, text };
}
