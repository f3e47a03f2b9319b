import { ByteReader } from '../../../../lib/byte-reader.ts';
import { BER, parseObjectIdentifier, readElement } from '../../ber.ts';

/**
 * Name of the algorithm with which a certificate is signed (X509Certificate of Node does not tell before 24.9), or the
 * dotted object identifier when the table does not have it. undefined when the bytes are not a certificate.
 */
export function signatureAlgorithm(der: Uint8Array): string | undefined {
  const certificate = readElement(new ByteReader(der));
  if (certificate?.tag !== BER.sequence) return undefined;
  const inside = new ByteReader(certificate.body);
  const toBeSigned = readElement(inside);
  const algorithm = readElement(inside);
  if (toBeSigned?.tag !== BER.sequence || algorithm?.tag !== BER.sequence) return undefined;
  const identifier = readElement(new ByteReader(algorithm.body));
  if (identifier?.tag !== BER.objectIdentifier) return undefined;
  const dotted = parseObjectIdentifier(identifier.body);
  return dotted === undefined ? undefined : (ALGORITHMS.get(dotted) ?? dotted);
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
