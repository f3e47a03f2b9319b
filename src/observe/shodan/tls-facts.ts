import type { Certificate, TlsFacts } from '../../model/facts.ts';
import { certificateFacts } from '../probe/tcp/tls/certificate.ts';
import type { BannerRecord } from './schema.ts';

type Ssl = NonNullable<BannerRecord['ssl']>;
type Parsed = NonNullable<Ssl['cert']>;

const MAX_CHAIN = 8;
const MAX_VERSIONS = 20;

/** What the record says about TLS; the crawler finished a handshake when it knows a cipher. */
export function readTls(record: BannerRecord): TlsFacts | undefined {
  const { ssl } = record;
  if (ssl === undefined) return undefined;
  const certificates = readChain(ssl);
  const cipher = ssl.cipher?.name;
  const version = versionOfCipher(cipher);
  const alpn = ssl.alpn[0];
  return {
    handshake: cipher === undefined ? 'certificate-only' : 'complete',
    ...(version === undefined ? {} : { version }),
    ...(cipher === undefined ? {} : { cipher }),
    ...(alpn === undefined ? {} : { alpn }),
    sni: record.crawl?.options?.hostname ?? null,
    certificates,
    versions: ssl.versions.slice(0, MAX_VERSIONS).map((text) => ({
      version: text.replace(/^-/, ''),
      accepted: !text.startsWith('-'),
    })),
    clientCertificateRequested: ssl.acceptable_cas.length > 0,
  };
}

/** TLS 1.3 has cipher names of its own (RFC 8446 B.4); `cipher.version` names no protocol: "TLSv1/SSLv3" with TLS 1.2. */
function versionOfCipher(cipher: string | undefined): string | undefined {
  return cipher?.startsWith('TLS_') === true ? 'TLSv1.3' : undefined;
}

function readChain(ssl: Ssl): Certificate[] {
  const [leaf, ...others] = ssl.chain.slice(0, MAX_CHAIN).map((pem) => certificateOfPem(pem));
  const first = leaf ?? (ssl.cert === undefined ? undefined : certificateOfFields(ssl.cert));
  if (first === undefined) return [];
  const bits = first.keyBits ?? ssl.cert?.pubkey?.bits;
  const signature = first.signature ?? ssl.cert?.sig_alg;
  const completed = {
    ...first,
    ...(bits === undefined ? {} : { keyBits: bits }),
    ...(signature === undefined ? {} : { signature }),
  };
  return [completed, ...others.filter((certificate) => certificate !== undefined)];
}

/** undefined when the text is no certificate that OpenSSL reads. */
function certificateOfPem(pem: string): Certificate | undefined {
  const base64 = /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,100000})-----END/.exec(pem)?.[1];
  return base64 === undefined ? undefined : certificateFacts(Buffer.from(base64, 'base64'));
}

/** For records that carry no chain. The serial is left out when parsing has already rounded it. */
function certificateOfFields(parsed: Parsed): Certificate {
  const subject = distinguishedName(parsed.subject);
  const issuer = distinguishedName(parsed.issuer);
  const notBefore = generalizedTime(parsed.issued);
  const notAfter = generalizedTime(parsed.expires);
  return {
    sha256: parsed.fingerprint?.sha256?.toLowerCase() ?? '',
    subject,
    issuer,
    serial: Number.isSafeInteger(parsed.serial) ? Number(parsed.serial).toString(16).toUpperCase() : '',
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
    names: commonNames(parsed.subject),
    keyType: parsed.pubkey?.type ?? 'unknown',
    selfSigned: subject !== '' && subject === issuer,
  };
}

function distinguishedName(parts: unknown): string {
  if (typeof parts !== 'object' || parts === null) return '';
  return Object.entries(parts)
    .filter(([, value]) => typeof value === 'string')
    .slice(0, 30)
    .map(([name, value]) => `${name}=${String(value).slice(0, 1000)}`)
    .join(', ');
}

function commonNames(parts: unknown): string[] {
  const isName = typeof parts === 'object' && parts !== null && 'CN' in parts && typeof parts.CN === 'string';
  return isName ? [String(parts.CN).slice(0, 255)] : [];
}

/** "20251029005750Z", ASN.1 GeneralizedTime in UTC. */
function generalizedTime(text: string | undefined): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return isoDate(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`));
}

function isoDate(ms: number): string | undefined {
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
