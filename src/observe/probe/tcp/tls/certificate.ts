import { X509Certificate, type KeyObject } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { canonicalAddress } from '../../../../lib/address.ts';
import { sha256Hex } from '../../../../lib/hash.ts';
import type { Certificate } from '../../../../model/facts.ts';
import { signatureAlgorithm } from './der.ts';

const MAX_DER = 64 * 1024;
const MAX_CHAIN = 16;
const MAX_NAMES = 200;
const MAX_TEXT = 2000;

/** Certificates that the peer of a finished handshake showed, leaf first. */
export function certificatesOf(tls: TLSSocket): Certificate[] {
  const facts: Certificate[] = [];
  let current: Partial<DetailedPeerCertificate> | undefined = peerCertificate(tls);
  // The last one points to itself when it is self-signed; a loop of issuers must end too.
  const seen = new Set<string>();
  while (current?.raw !== undefined && facts.length < MAX_CHAIN) {
    const certificate = certificateFacts(current.raw);
    if (certificate === undefined || seen.has(certificate.sha256)) break;
    seen.add(certificate.sha256);
    facts.push(certificate);
    current = current.issuerCertificate;
  }
  return facts;
}

function peerCertificate(tls: TLSSocket): Partial<DetailedPeerCertificate> | undefined {
  try {
    return tls.getPeerCertificate(true);
  } catch {
    return undefined;
  }
}

/** What one certificate says, from its DER bytes. undefined when OpenSSL cannot read it; never throws. */
export function certificateFacts(der: Uint8Array): Certificate | undefined {
  if (der.length === 0 || der.length > MAX_DER) return undefined;
  try {
    return readCertificate(new X509Certificate(der));
  } catch {
    return undefined;
  }
}

function readCertificate(x509: X509Certificate): Certificate {
  // Bytes after the certificate are not part of it: `raw` is what OpenSSL read.
  const der = x509.raw;
  const key = publicKey(x509);
  const notBefore = isoDate(x509.validFrom);
  const notAfter = isoDate(x509.validTo);
  const signature = signatureAlgorithm(der);
  const bits = key === undefined ? undefined : keyBits(key);
  const subject = distinguishedName(x509.subject);
  return {
    sha256: sha256Hex(der),
    subject,
    issuer: distinguishedName(x509.issuer),
    serial: x509.serialNumber.slice(0, 128),
    ...(notBefore !== undefined && { notBefore }),
    ...(notAfter !== undefined && { notAfter }),
    names: namesOf(x509),
    keyType: key?.asymmetricKeyType ?? 'unknown',
    ...(bits !== undefined && { keyBits: bits }),
    ...(signature !== undefined && { signature }),
    selfSigned: isSelfSigned(x509, key),
    ...(key !== undefined && { keySha256: sha256Hex(key.export({ type: 'spki', format: 'der' })) }),
  };
}

/** "C=JP\nO=Example" as Node prints it → "C=JP, O=Example". Node types it as a string, but an empty name gives undefined. */
function distinguishedName(text: string | undefined): string {
  return (text ?? '').split('\n').join(', ').slice(0, MAX_TEXT);
}

function publicKey(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}

const CURVE_BITS: ReadonlyMap<string, number> = new Map([
  ['prime192v1', 192],
  ['secp224r1', 224],
  ['prime256v1', 256],
  ['secp256k1', 256],
  ['secp384r1', 384],
  ['secp521r1', 521],
  ['brainpoolP256r1', 256],
  ['brainpoolP384r1', 384],
  ['brainpoolP512r1', 512],
]);

function keyBits(key: KeyObject): number | undefined {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return modulusLength;
  if (key.asymmetricKeyType === 'ed25519') return 256;
  if (key.asymmetricKeyType === 'ed448') return 456;
  return namedCurve === undefined ? undefined : CURVE_BITS.get(namedCurve);
}

function isSelfSigned(x509: X509Certificate, key: KeyObject | undefined): boolean {
  if (x509.subject !== x509.issuer || key === undefined) return false;
  try {
    return x509.verify(key);
  } catch {
    return false;
  }
}

/** "Jan  2 03:04:05 2026 GMT" → ISO-8601 UTC; undefined for "Bad time value" and the like. */
function isoDate(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** DNS names and addresses of subjectAltName; without any, the common names. */
function namesOf(x509: X509Certificate): string[] {
  const alternative = alternativeNames(x509.subjectAltName ?? '');
  if (alternative.length > 0) return alternative;
  return (x509.subject ?? '')
    .split('\n')
    .filter((line) => line.startsWith('CN='))
    .map((line) => line.slice(3, 3 + 255))
    .slice(0, MAX_NAMES);
}

/** "DNS:a.example, IP Address:192.0.2.1, DNS:"quoted\u002c name"": Node quotes as JSON what could be mistaken. */
export function alternativeNames(text: string): string[] {
  const names = new Set<string>();
  let position = 0;
  while (position < text.length && names.size < MAX_NAMES) {
    const colon = text.indexOf(':', position);
    if (colon === -1) break;
    const kind = text.slice(position, colon);
    const { value, end } = nameValue(text, colon + 1);
    if (kind === 'DNS') names.add(value.slice(0, 255));
    if (kind === 'IP Address') names.add(canonicalAddress(value.slice(0, 64)));
    position = end + 2;
  }
  names.delete('');
  return [...names];
}

function nameValue(text: string, start: number): { value: string; end: number } {
  if (text[start] !== '"') {
    const comma = text.indexOf(', ', start);
    const end = comma === -1 ? text.length : comma;
    return { value: text.slice(start, end), end };
  }
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  end = Math.min(end + 1, text.length);
  return { value: unquote(text.slice(start, end)), end };
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
