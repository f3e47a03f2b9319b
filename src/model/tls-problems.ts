import { z } from 'zod';

/**
 * What is wrong with the certificate that a service shows: message ids of the report. Facts of the place; they do not move
 * the priority of a finding.
 *
 * - expired, not-yet-valid: at the time of the look
 * - self-signed: nobody vouches for it
 * - factory-default: it names a product or its maker and no known issuer signed it, or it is the sample of a manual:
 *   the device made it, or came with it
 * - weak-key: RSA or DSA below 2048 bits, elliptic curve below 224 (NIST SP 800-131A)
 * - weak-signature: MD2, MD5 or SHA-1
 * - long-validity: more than 825 days (CA/Browser Forum Baseline Requirements §6.3.2, until 2020)
 * - name-mismatch: it does not name the host name of the organisation file under which it was asked for
 * - shared-certificate: the same certificate is shown at another address of the run
 * - shared-key: another certificate of the same key is shown at another address of the run
 */
export const CERTIFICATE_PROBLEMS = [
  'expired',
  'not-yet-valid',
  'self-signed',
  'factory-default',
  'weak-key',
  'weak-signature',
  'long-validity',
  'name-mismatch',
  'shared-certificate',
  'shared-key',
] as const;
export const CertificateProblem = z.enum(CERTIFICATE_PROBLEMS);
export type CertificateProblem = z.infer<typeof CertificateProblem>;

/**
 * What the TLS server takes and ought to refuse (RFC 9325): message ids of the report.
 *
 * - ssl2, ssl3, tls1-0, tls1-1: the version is accepted (RFC 6176, 7568, 8996)
 * - only-old-versions: TLS 1.2 and 1.3 were asked for and refused
 * - null-cipher: no encryption · anonymous-cipher: no certificate · export-cipher: 40 or 56 bits by law of the nineties ·
 *   rc4 · des: 56 bits · 64-bit-blocks: 3DES or IDEA: taken when nothing better is offered
 * - no-secure-renegotiation: RFC 5746 is missing
 * - static-rsa: suites without forward secrecy are taken; for information
 * - cbc-sha1: chosen for TLS 1.2 although better was offered; for information
 */
export const TLS_WEAKNESSES = [
  'ssl2',
  'ssl3',
  'tls1-0',
  'tls1-1',
  'only-old-versions',
  'null-cipher',
  'anonymous-cipher',
  'export-cipher',
  'rc4',
  'des',
  '64-bit-blocks',
  'no-secure-renegotiation',
  'static-rsa',
  'cbc-sha1',
] as const;
export const TlsWeakness = z.enum(TLS_WEAKNESSES);
export type TlsWeakness = z.infer<typeof TlsWeakness>;

/** For the machine forms; a reader of the report has no work with them. */
export const TLS_INFORMATION: ReadonlySet<TlsWeakness> = new Set(['static-rsa', 'cbc-sha1']);
