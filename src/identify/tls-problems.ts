/** What is wrong with a certificate and with what a TLS server takes, from what was seen alone. */
import { DAY_MS, instantMs } from '../lib/time.ts';
import type { Certificate, SuiteGroup, TlsFacts } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { Product } from '../model/product.ts';
import type { Identity, Service } from '../model/service.ts';
import {
  CERTIFICATE_PROBLEMS,
  TLS_WEAKNESSES,
  type CertificateProblem,
  type TlsWeakness,
} from '../model/tls-problems.ts';
import { isFactoryDefault } from './factory-certificates.ts';
import { isProbe } from './facts-of.ts';

const LEAST_RSA_BITS = 2048;
const LEAST_EC_BITS = 224;
const LONGEST_VALIDITY_DAYS = 825;

export interface TlsPlace {
  readonly observations: readonly Observation[];
  /** Every product that matched here. */
  readonly identities: readonly Identity[];
  readonly products: ReadonlyMap<string, Product>;
}

/** The own look counts; a passive record only when there is none. Absent lists: nothing wrong, or nothing seen. */
export function tlsDetails(
  place: TlsPlace,
): Pick<Service, 'certificateProblems' | 'tlsWeaknesses' | 'tlsServerForm' | 'jarm'> {
  const withTls = place.observations.filter(({ facts }) => facts.tls !== undefined);
  const newest = withTls.findLast(isProbe) ?? withTls.at(-1);
  const tls = newest?.facts.tls;
  if (newest === undefined || tls === undefined) return {};
  const problems = problemsOf(tls, newest.observedAt, place);
  const weaknesses = weaknessesOf(tls);
  return {
    ...(problems.length > 0 && { certificateProblems: problems }),
    ...(weaknesses.length > 0 && { tlsWeaknesses: weaknesses }),
    ...(tls.serverForm !== undefined && { tlsServerForm: tls.serverForm }),
    ...(tls.jarm !== undefined && { jarm: tls.jarm }),
  };
}

function problemsOf(
  { certificates: [leaf], sni }: TlsFacts,
  observedAt: string,
  { identities, products }: TlsPlace,
): CertificateProblem[] {
  if (leaf === undefined) return [];
  const found = new Set<CertificateProblem>(validityProblems(leaf, observedAt));
  if (leaf.selfSigned) found.add('self-signed');
  if (isFactoryDefault(leaf, identities, products)) found.add('factory-default');
  if (hasWeakKey(leaf)) found.add('weak-key');
  if (/^(?:md[25]|sha1|dsaWithSHA1)|-SHA1$/i.test(leaf.signature ?? '')) found.add('weak-signature');
  if (sni !== null && leaf.names.length > 0 && !leaf.names.some((name) => covers(name, sni)))
    found.add('name-mismatch');
  return inOrder(found);
}

function inOrder(found: ReadonlySet<CertificateProblem>): CertificateProblem[] {
  return CERTIFICATE_PROBLEMS.filter((one) => found.has(one));
}

/** Dates outside the calendar of the tool (year 9999 and later) say nothing. */
function validityProblems({ notBefore, notAfter }: Certificate, observedAt: string): CertificateProblem[] {
  const at = instantMs(observedAt);
  const from = notBefore === undefined ? undefined : instantMs(notBefore);
  const until = notAfter === undefined ? undefined : instantMs(notAfter);
  const found: CertificateProblem[] = [];
  if (at !== undefined && until !== undefined && until < at) found.push('expired');
  if (at !== undefined && from !== undefined && from > at) found.push('not-yet-valid');
  if (from !== undefined && until !== undefined && until - from > LONGEST_VALIDITY_DAYS * DAY_MS)
    found.push('long-validity');
  return found;
}

/** Key types as Node and Shodan name them. */
function hasWeakKey({ keyType, keyBits }: Certificate): boolean {
  if (keyBits === undefined) return false;
  if (/^(?:rsa|dsa)/i.test(keyType)) return keyBits < LEAST_RSA_BITS;
  return /^(?:ec|ecdsa|id-ecpublickey)$/i.test(keyType) && keyBits < LEAST_EC_BITS;
}

/** RFC 6125 §6.4: a star stands for the whole first label and nothing more. */
function covers(pattern: string, name: string): boolean {
  const [wanted, asked] = [pattern, name].map((one) => one.toLowerCase().replace(/\.$/, ''));
  if (wanted === undefined || asked === undefined) return false;
  if (!wanted.startsWith('*.')) return wanted === asked;
  const dot = asked.indexOf('.');
  return dot > 0 && asked.slice(dot) === wanted.slice(1);
}

const VERSION_WEAKNESSES: readonly (readonly [string, TlsWeakness])[] = [
  ['SSLv2', 'ssl2'],
  ['SSLv3', 'ssl3'],
  ['TLSv1', 'tls1-0'],
  ['TLSv1.1', 'tls1-1'],
];

const GROUP_WEAKNESSES: Readonly<Record<SuiteGroup, TlsWeakness>> = {
  null: 'null-cipher',
  anonymous: 'anonymous-cipher',
  export: 'export-cipher',
  rc4: 'rc4',
  des: 'des',
  '3des': '64-bit-blocks',
  'static-rsa': 'static-rsa',
};

function weaknessesOf(tls: TlsFacts): TlsWeakness[] {
  const found = new Set<TlsWeakness>(
    (tls.weakCiphers?.accepted ?? []).map(({ group }) => GROUP_WEAKNESSES[group]),
  );
  const taken = tls.versions.filter(({ accepted }) => accepted);
  for (const [version, weakness] of VERSION_WEAKNESSES) {
    if (tls.version === version || taken.some((one) => one.version === version)) found.add(weakness);
  }
  const refused = new Set(tls.versions.filter(({ accepted }) => !accepted).map(({ version }) => version));
  if (taken.length > 0 && refused.has('TLSv1.2') && refused.has('TLSv1.3')) found.add('only-old-versions');
  if (tls.secureRenegotiation === false) found.add('no-secure-renegotiation');
  if (taken.some(({ version, cipher }) => version === 'TLSv1.2' && cipher?.endsWith('_CBC_SHA') === true))
    found.add('cbc-sha1');
  return TLS_WEAKNESSES.filter((one) => found.has(one));
}

/** One certificate or one key at several addresses: whoever has one of these hosts can speak for the others. */
export function markSharedCertificates(services: readonly Service[]): Service[] {
  const places = new Map<string, Map<string, Set<string>>>();
  for (const { certificate, address } of services) {
    if (certificate === undefined || certificate.sha256 === '') continue;
    const key = keyOf(certificate);
    const certificates = places.get(key) ?? new Map<string, Set<string>>();
    places.set(key, certificates);
    const addresses = certificates.get(certificate.sha256) ?? new Set<string>();
    certificates.set(certificate.sha256, addresses.add(address));
  }
  return services.map((service) => {
    const { certificate, address } = service;
    if (certificate === undefined) return service;
    const found = new Set<CertificateProblem>(service.certificateProblems);
    for (const [sha256, addresses] of places.get(keyOf(certificate)) ?? []) {
      // Another address than this one.
      if (addresses.size === 1 && addresses.has(address)) continue;
      found.add(sha256 === certificate.sha256 ? 'shared-certificate' : 'shared-key');
    }
    return found.size === 0 ? service : { ...service, certificateProblems: inOrder(found) };
  });
}

/** A passive record without the certificate itself does not tell its key: the certificate then stands for itself. */
function keyOf({ keySha256, sha256 }: Certificate): string {
  return keySha256 ?? `certificate ${sha256}`;
}
