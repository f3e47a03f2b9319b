import { ByteReader } from '../../../../lib/byte-reader.ts';

/**
 * Name of the algorithm with which a certificate is signed (X509Certificate of Node does not tell before 24.9), or the
 * dotted object identifier when the table does not have it. undefined when the bytes are not a certificate.
 */
export function signatureAlgorithm(der: Uint8Array): string | undefined {
  const certificate = element(new ByteReader(der));
  if (certificate?.tag !== SEQUENCE) return undefined;
  const inside = new ByteReader(certificate.body);
  const toBeSigned = element(inside);
  const algorithm = element(inside);
  if (toBeSigned?.tag !== SEQUENCE || algorithm?.tag !== SEQUENCE) return undefined;
  const identifier = element(new ByteReader(algorithm.body));
  if (identifier?.tag !== OBJECT_IDENTIFIER) return undefined;
  const dotted = objectIdentifier(identifier.body);
  return dotted === undefined ? undefined : (ALGORITHMS.get(dotted) ?? dotted);
}

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;

/** One element with definite length, X.690 §8.1; undefined when it is cut. */
function element(reader: ByteReader): { readonly tag: number; readonly body: Uint8Array } | undefined {
  const tag = reader.u8();
  let length = reader.u8();
  if (length > 0x80) {
    const size = length & 0x7f;
    if (size > 4) return undefined;
    length = 0;
    for (let i = 0; i < size; i += 1) length = length * 256 + reader.u8();
  }
  const body = reader.take(length);
  return reader.short ? undefined : { tag, body };
}

/** X.690 §8.19. At most 64 bytes: real ones have fewer than 12. */
function objectIdentifier(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || bytes.length > 64) return undefined;
  const arcs: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(value);
    value = 0;
  }
  const [first, ...rest] = arcs;
  if (first === undefined) return undefined;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

/** RFC 3279, 4055, 5758, 8410; names as OpenSSL prints them. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption'],
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption'],
  ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption'],
  ['1.3.14.3.2.29', 'sha1WithRSA'],
  ['1.2.840.113549.1.1.10', 'rsassaPss'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption'],
  ['1.2.840.10040.4.3', 'dsaWithSHA1'],
  ['2.16.840.1.101.3.4.3.2', 'dsa_with_SHA256'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  ['1.3.101.112', 'ED25519'],
  ['1.3.101.113', 'ED448'],
]);
