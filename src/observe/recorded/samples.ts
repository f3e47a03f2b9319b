import { type Facts, type HttpAnswer, RdpFacts, VncFacts } from '../../model/facts.ts';
import type { Sample } from '../../model/product.ts';
import { decodeText as decodePage } from '../probe/tcp/http/charset.ts';
import { firstBytesOf } from '../probe/tcp/http/first-bytes.ts';
import { headerValue } from '../probe/tcp/http/lenient.ts';
import { factsOfRecord } from '../shodan/banner-facts.ts';
import { factsOfBanner } from './banner.ts';
import { protocolsOf } from './protocols.ts';
import { webAnswer } from './web-answer.ts';

/** Facts of one recorded answer, in the form that matching reads. */
export interface RecordedFacts {
  /** The sample's own id, or its place in the list: "sample-1". */
  readonly id: string;
  readonly facts: Facts;
}

/**
 * What one service said in these recorded answers. The answer to a random path (`/sekisho-control-…`) becomes the measure
 * of the others. A sample that cannot be read says nothing; nothing throws.
 */
export function factsOfSamples(samples: readonly Sample[]): RecordedFacts[] {
  const controls = samples
    .filter((sample) => isControl(sample))
    .map((sample): HttpAnswer => ({ ...readAnswer(sample), control: true }));
  return samples
    .filter((sample) => !isControl(sample))
    .map((sample, index) => ({
      id: sample.id ?? `sample-${index + 1}`,
      facts: withControls({ ...certificateFacts(sample.cert), ...factsOfSample(sample) }, controls),
    }));
}

/** The path that sekisho's own web probe asks for to learn what a server says to anything. */
const CONTROL_PATH = '/sekisho-control-';

function isControl({ kind, request }: Sample): boolean {
  return kind === 'http' && request?.path.startsWith(CONTROL_PATH) === true;
}

function withControls(facts: Facts, controls: readonly HttpAnswer[]): Facts {
  if (facts.http === undefined || controls.length === 0) return facts;
  const catchAll = controls.some(({ status }) => status < 400);
  return { ...facts, http: { ...facts.http, answers: [...facts.http.answers, ...controls], catchAll } };
}

function factsOfSample(sample: Sample): Facts {
  const { kind, port, record = {} } = sample;
  switch (kind) {
    case 'http':
      return httpFacts(sample);
    case 'tcp':
      return factsOfBanner(bytesOf(sample), port);
    case 'udp':
      return udpFacts(bytesOf(sample));
    case 'rdp':
      return parsed('rdp', RdpFacts.safeParse(record));
    case 'vnc':
      return parsed('vnc', VncFacts.safeParse(record));
    case 'shodan':
      // A record cut out of its context may have lost the port, which says nothing here.
      return factsOfRecord({ port: port ?? 0, ...record })?.facts ?? {};
    case 'tls':
      return {};
  }
}

const MAX_DATAGRAM = 2048;

function udpFacts(received: Uint8Array): Facts {
  const text = Buffer.from(received).toString('latin1').slice(0, MAX_DATAGRAM);
  return { datagram: { text }, ...protocolsOf(received, 'udp') };
}

function parsed<K extends 'rdp' | 'vnc'>(
  key: K,
  result: { success: true; data: NonNullable<Facts[K]> } | { success: false },
): Facts {
  return result.success ? { [key]: result.data } : {};
}

/** `text` is for people: Latin-1 where that holds it, so that `\xff` is the byte. */
function bytesOf({ banner, text = '' }: Sample): Uint8Array {
  if (banner !== undefined) return Buffer.from(banner, 'base64');
  const isLatin1 = [...text].every((character) => character.charCodeAt(0) <= 0xff);
  return Buffer.from(text, isLatin1 ? 'latin1' : 'utf8');
}

function httpFacts(sample: Sample): Facts {
  const { favicon } = sample;
  return {
    http: {
      scheme: 'https',
      host: '',
      answers: [readAnswer(sample)],
      ...(favicon === undefined ? {} : { favicon: { path: '', mmh3: favicon, sha256: '', bytes: 0 } }),
      notFollowed: [],
    },
  };
}

function readAnswer({ request, status, headers = [], body, bodyBase64 }: Sample): HttpAnswer {
  const bytes = bodyBase64 === undefined ? undefined : Buffer.from(bodyBase64, 'base64');
  const firstBytes = bytes === undefined ? undefined : firstBytesOf(bytes);
  return webAnswer({
    path: targetOf(request?.path ?? '/'),
    method: request?.method ?? 'GET',
    status: status ?? 0,
    headers,
    body: bytes === undefined ? (body ?? '') : decodePage(bytes, headerValue(headers, 'content-type')),
    ...(firstBytes === undefined ? {} : { firstBytes }),
  });
}

/** Path and query, also where a whole URL was recorded. */
function targetOf(path: string): string {
  if (path.startsWith('/') || !URL.canParse(path)) return path;
  const { pathname, search } = new URL(path);
  return `${pathname}${search}`;
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
