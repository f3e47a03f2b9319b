import { type Facts, type HttpAnswer, RdpFacts, type TelnetFacts, VncFacts } from '../../model/facts.ts';
import type { Sample } from '../../model/knowledge.ts';
import { type Answers, type AnswerSource, readAnswers } from './answers.ts';

/** The view of one service that gave these recorded answers. A sample that cannot be read says nothing; nothing throws. */
export function readSamples(samples: readonly Sample[]): Answers {
  const controls = samples.filter((sample) => isControl(sample)).map((sample) => controlAnswer(sample));
  return readAnswers(
    samples
      .filter((sample) => !isControl(sample))
      .map((sample, index) => readSample(sample, index, controls)),
  );
}

/** The path that sekisho's own web probe asks for to learn what a server says to anything. */
const CONTROL_PATH = '/sekisho-control-';

function isControl({ kind, request }: Sample): boolean {
  return kind === 'http' && request?.path.startsWith(CONTROL_PATH) === true;
}

function controlAnswer(sample: Sample): HttpAnswer {
  return { ...readAnswer(sample), control: true };
}

function readSample(sample: Sample, index: number, controls: readonly HttpAnswer[]): AnswerSource {
  const facts: Facts = { ...certificateFacts(sample.cert), ...groupFacts(sample) };
  if (facts.http !== undefined && controls.length > 0) {
    const catchAll = controls.some(({ status }) => status < 400);
    facts.http = { ...facts.http, answers: [...facts.http.answers, ...controls], catchAll };
  }
  return { id: sample.id ?? `sample-${index + 1}`, facts };
}

function groupFacts(sample: Sample): Facts {
  switch (sample.kind) {
    case 'http':
      return httpFacts(sample);
    case 'tcp':
      return bannerFacts(bannerText(sample), sample.port);
    case 'rdp':
      return parsed('rdp', RdpFacts.safeParse(sample.record));
    case 'vnc':
      return parsed('vnc', VncFacts.safeParse(sample.record));
    case 'shodan':
      return shodanFacts(sample.record ?? {}, sample.port);
    case 'udp':
      return { datagram: { text: bannerText(sample).slice(0, 2048) } };
    case 'tls':
      return {};
  }
}

function parsed<K extends 'rdp' | 'vnc'>(
  key: K,
  result: { success: true; data: NonNullable<Facts[K]> } | { success: false },
): Facts {
  return result.success ? { [key]: result.data } : {};
}

function bannerText({ banner, text }: Sample): string {
  // Latin-1: every byte keeps its value, as the first speakers' own parsers read it.
  return banner === undefined ? (text ?? '') : Buffer.from(banner, 'base64').toString('latin1');
}

function httpFacts(sample: Sample): Facts {
  return webFacts([readAnswer(sample)], sample.favicon);
}

function readAnswer(sample: Sample): HttpAnswer {
  const bytes = sample.bodyBase64 === undefined ? undefined : Buffer.from(sample.bodyBase64, 'base64');
  const body = bytes?.toString('utf8') ?? sample.body ?? '';
  const isGzip = bytes?.[0] === 0x1f && bytes[1] === 0x8b;
  return webAnswer({
    ...(isGzip ? { firstBytes: bytes.subarray(0, 32).toString('hex') } : {}),
    path: sample.request?.path ?? '/',
    method: sample.request?.method ?? 'GET',
    status: sample.status ?? 0,
    headers: sample.headers ?? [],
    body,
  });
}

function webFacts(answers: HttpAnswer[], favicon: number | undefined): Facts {
  return {
    http: {
      scheme: 'https',
      host: '',
      answers,
      ...(favicon === undefined ? {} : { favicon: { path: '', mmh3: favicon, sha256: '', bytes: 0 } }),
      notFollowed: [],
    },
  };
}

function webAnswer(
  given: Pick<HttpAnswer, 'path' | 'method' | 'status' | 'headers' | 'body' | 'firstBytes'> & {
    readonly title?: string;
  },
): HttpAnswer {
  return { ...given, bodyBytes: given.body.length, bodySha256: '', truncated: false };
}

function certificateFacts(cert: Sample['cert']): Facts {
  if (cert === undefined) return {};
  const certificate = {
    sha256: '',
    subject: cert.subject,
    issuer: cert.issuer,
    serial: cert.serial ?? '',
    names: cert.san ?? [],
    keyType: '',
    selfSigned: cert.subject === cert.issuer,
  };
  return {
    tls: {
      handshake: 'complete',
      sni: null,
      certificates: [certificate],
      versions: [],
      clientCertificateRequested: false,
    },
  };
}

const GREETING_PORTS: Readonly<Record<number, string>> = {
  21: 'ftp',
  23: 'telnet',
  25: 'smtp',
  110: 'pop3',
  143: 'imap',
  465: 'smtp',
  587: 'smtp',
  990: 'ftp',
  993: 'imap',
  995: 'pop3',
  2323: 'telnet',
  3306: 'mysql',
};

/** What a first speaker said, by the answer and only where that is not enough by the port. */
function bannerFacts(text: string, port: number | undefined): Facts {
  if (text === '') return {};
  if (text.startsWith('SSH-')) {
    const banner = text.split(/[\r\n]/, 1)[0] ?? '';
    const [, protocol = '', software = ''] = banner.split('-', 3);
    return { ssh: { banner, protocol, software, hostKeys: [] } };
  }
  const rfb = /^RFB (\d{3}\.\d{3})\n/.exec(text);
  if (rfb?.[1] !== undefined) return { vnc: { rfbVersion: rfb[1], securityTypes: [] } };
  if (text.startsWith('HTTP/')) return webFacts([parseHttp(text)], undefined);
  if (text.startsWith('\xff')) return { telnet: telnetFacts(text) };
  const mysql = /^.{3}\0\n([\x20-\x7e]{1,64})\0/s.exec(text);
  if (mysql?.[1] !== undefined) return { greeting: { protocol: 'mysql', text: mysql[1], version: mysql[1] } };
  return { greeting: { protocol: greetingProtocol(text, port), text } };
}

function greetingProtocol(text: string, port: number | undefined): string {
  if (text.startsWith('+OK')) return 'pop3';
  if (text.startsWith('* OK')) return 'imap';
  if (text.startsWith('220') && /^.{0,300}(?:E?SMTP|Mail)/is.test(text)) return 'smtp';
  return GREETING_PORTS[port ?? 0] ?? (text.startsWith('220') ? 'ftp' : 'unknown');
}

/** IANA registry "Telnet Options", in the words of the telnet probe. */
const TELNET_OPTIONS: Readonly<Record<number, string>> = {
  0: 'BINARY',
  1: 'ECHO',
  3: 'SUPPRESS-GO-AHEAD',
  5: 'STATUS',
  6: 'TIMING-MARK',
  24: 'TERMINAL-TYPE',
  31: 'NAWS',
  32: 'TERMINAL-SPEED',
  33: 'REMOTE-FLOW-CONTROL',
  34: 'LINEMODE',
  35: 'X-DISPLAY-LOCATION',
  36: 'ENVIRON',
  37: 'AUTHENTICATION',
  38: 'ENCRYPT',
  39: 'NEW-ENVIRON',
};
const TELNET_COMMANDS = { 0xfb: 'WILL', 0xfc: 'WONT', 0xfd: 'DO', 0xfe: 'DONT' } as const;

/** Commands of three bytes (RFC 854) and the text between them. */
function telnetFacts(bytes: string): TelnetFacts {
  const options: TelnetFacts['options'] = [];
  const text = bytes
    .slice(0, 8192)
    .replace(/\xff([\xfb-\xfe])([\s\S])/g, (_all, command: string, option: string) => {
      const number = option.charCodeAt(0);
      options.push({
        command: TELNET_COMMANDS[command.charCodeAt(0) as keyof typeof TELNET_COMMANDS],
        option: TELNET_OPTIONS[number] ?? `option ${number}`,
      });
      return '';
    });
  return { options, text };
}

/** A raw answer as Shodan keeps it in `data`: status line, header lines, sometimes a page. */
function parseHttp(text: string): HttpAnswer {
  const end = text.search(/\r?\n\r?\n/);
  const [first = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split(/\r?\n/);
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  return webAnswer({
    path: '/',
    method: 'GET',
    status: Number(/^HTTP\/\S+ (\d{3})/.exec(first)?.[1] ?? 0),
    headers,
    body: end < 0 ? '' : text.slice(end).trimStart(),
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** The parts of a Shodan banner that products are told by. The full reading of such records is the Shodan source's. */
function shodanFacts(record: Fields, port: number | undefined): Facts {
  const data = textOf(record['data']) ?? '';
  const http = fieldsOf(record['http']);
  const facts: Facts = bannerFacts(data, numberOf(record['port']) ?? port);
  const page = textOf(http?.['html']);
  const head = facts.http?.answers[0];
  const title = textOf(http?.['title']);
  const answer = webAnswer({
    path: '/',
    method: 'GET',
    status: head?.status ?? numberOf(http?.['status']) ?? 0,
    headers: head?.headers ?? [],
    body: page ?? head?.body ?? '',
    ...(title === undefined ? {} : { title }),
  });
  const favicon = numberOf(fieldsOf(http?.['favicon'])?.['hash']);
  return {
    ...facts,
    ...(http === undefined ? {} : webFacts([answer], favicon)),
    ...shodanCertificate(fieldsOf(fieldsOf(record['ssl'])?.['cert'])),
    ...shodanProduct(record),
  };
}

function shodanProduct(record: Fields): Facts {
  const product = textOf(record['product']);
  const version = textOf(record['version']) ?? numberOf(record['version'])?.toString();
  if (product === undefined) return {};
  const known = version === undefined ? {} : { version };
  return { passive: { product, ...known, cpe: [], vulns: [], tags: [], hostnames: [] } };
}

function shodanCertificate(cert: Fields | undefined): Facts {
  if (cert === undefined) return {};
  const serial = cert['serial'];
  return certificateFacts({
    subject: nameText(fieldsOf(cert['subject'])),
    issuer: nameText(fieldsOf(cert['issuer'])),
    ...(typeof serial === 'number' || typeof serial === 'string' ? { serial: String(serial) } : {}),
  });
}

function nameText(name: Fields | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${textOf(value) ?? ''}`)
    .join(', ');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
