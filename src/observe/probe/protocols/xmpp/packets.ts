import type { Reading } from '../../question.ts';
import { bounded } from '../fields.ts';

const MAX_BYTES = 8 * 1024;

/** Opening of a stream, RFC 6120 §4.2. */
export function encodeStream(to: string, namespace: 'jabber:client' | 'jabber:server'): Uint8Array {
  return Buffer.from(
    `<?xml version='1.0'?><stream:stream to='${to}' version='1.0' xmlns='${namespace}' xmlns:stream='http://etherx.jabber.org/streams'>`,
    'utf8',
  );
}

export interface Stream {
  readonly namespace: string;
  /** Domain that the server gives itself. */
  readonly from: string | undefined;
  /** Condition of a stream error, "host-unknown" for a domain that it does not serve. */
  readonly error: string | undefined;
  readonly mechanisms: readonly string[];
  readonly startTls: 'offered' | 'required' | undefined;
  readonly features: boolean;
}

/** The server's stream header with its features or its error (RFC 6120 §4.2, §4.3, §4.9). */
export function parseStream(received: Uint8Array): Reading<Stream> {
  const text = Buffer.from(received.subarray(0, MAX_BYTES)).toString('utf8');
  const start = text.trimStart().slice(0, 15);
  if (!'<?xml version='.startsWith(start.slice(0, 14)) && !'<stream:stream '.startsWith(start))
    return undefined;
  const header = /<stream:stream [^<>]{0,1024}>/.exec(text)?.[0];
  if (header === undefined || !header.includes('http://etherx.jabber.org/streams'))
    return received.length < MAX_BYTES && header === undefined ? 'more' : undefined;
  const rest = text.slice(text.indexOf(header) + header.length);
  const error = /<stream:error[\s>][^<>]{0,200}<([a-z-]{1,40})[ />]/.exec(rest)?.[1];
  const isWhole =
    error !== undefined || /<\/stream:features>|<stream:features\s{0,4}\/>|<\/stream:stream>/.test(rest);
  if (!isWhole) return received.length < MAX_BYTES ? 'more' : undefined;
  return {
    namespace: attribute(header, 'xmlns') ?? '',
    from: attribute(header, 'from'),
    error,
    mechanisms: mechanismsOf(rest),
    startTls: startTlsOf(rest),
    features: rest.includes('<stream:features'),
  };
}

function attribute(header: string, name: 'xmlns' | 'from'): string | undefined {
  const match = (
    name === 'from' ? /\sfrom=(['"])([^'"<>]{1,256})\1/ : /\sxmlns=(['"])([^'"<>]{1,64})\1/
  ).exec(header);
  return match?.[2] === undefined ? undefined : bounded(match[2]);
}

const MAX_MECHANISMS = 16;

function mechanismsOf(features: string): readonly string[] {
  return [...features.matchAll(/<mechanism>([A-Z0-9_-]{1,40})<\/mechanism>/g)]
    .slice(0, MAX_MECHANISMS)
    .map(([, name = '']) => name);
}

function startTlsOf(features: string): Stream['startTls'] {
  const match =
    /<starttls [^<>]{0,200}urn:ietf:params:xml:ns:xmpp-tls[^<>]{0,20}>([^<]{0,20}<required)?/.exec(features);
  if (match === null) return undefined;
  return match[1] === undefined ? 'offered' : 'required';
}

/** A name that may stand in an attribute: letters of a host name and nothing else. */
export function isDomain(name: string): boolean {
  return /^[A-Za-z0-9.:-]{1,253}$/.test(name);
}
