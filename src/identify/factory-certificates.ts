/** Certificates that nobody made for the organisation: shipped, made by the device itself, or copied from a manual. */
import type { Certificate } from '../model/facts.ts';
import type { Product } from '../model/product.ts';
import type { Identity } from '../model/service.ts';

/**
 * Samples that ship with servers and tools, by what stands in the subject. Each line is one distinguished name or part of it,
 * as written by: OpenSSL's openssl.cnf and Debian's and Red Hat's changes of it, mod_ssl, Dovecot, Courier, ingress-nginx,
 * Traefik, Plesk, IIS Express, Apache Directory, nginx-proxy and Cockpit.
 */
const SAMPLES: readonly RegExp[] = [
  /(?:^|, )O=Internet Widgits Pty Ltd(?:,|$)/i,
  /(?:^|, )O=Default Company Ltd(?:,|$)/i,
  /(?:^|, )O=SomeOrganization(?:,|$)/i,
  /(?:^|, )O=Snake Oil,? Ltd/i,
  /(?:^|, )O=Dovecot mail server(?:,|$)/i,
  /(?:^|, )OU=IMAP server, CN=imap\.example\.com(?:,|$)/i,
  /(?:^|, )O=Courier Mail Server(?:,|$)/i,
  /(?:^|, )O=Acme Co(?:,|$)/i,
  /(?:^|, )CN=TRAEFIK DEFAULT CERT(?:,|$)/i,
  /(?:^|, )CN=(?:Plesk|Parallels Panel)(?:,|$)/i,
  /(?:^|, )(?:O|OU)=(?:MyCompany|My Company|YourCompany|Your Company|Company Name|ExampleOrg)(?:,|$)/i,
  /(?:^|, )CN=(?:localhost|localhost\.localdomain|example\.(?:com|org|net)|www\.example\.com|127\.0\.0\.1)(?:,|$)/i,
  /(?:^|, )CN=192\.168\.\d{1,3}\.\d{1,3}(?:,|$)/,
];

/** Public authorities, as their issuers' names begin; a certificate of theirs was asked for by somebody. */
const PUBLIC_ISSUERS =
  /(?:^|, )(?:O|CN)="?(?:Let's Encrypt|DigiCert|GlobalSign|Sectigo|COMODO|USERTRUST|The USERTRUST|GoDaddy|Starfield|Entrust|Amazon|Google Trust|Microsoft (?:Corporation|Azure|RSA|ECC)|IdenTrust|SECOM Trust|Cybertrust Japan|Japan Registry Services|National Institute of Informatics|GMO GlobalSign|ZeroSSL|SSL Corp|Buypass|Actalis|QuoVadis|GeoTrust|thawte|RapidSSL|Symantec|VeriSign|Certum|Unizeto|Asseco|Hellenic Academic|HARICA|SwissSign|T-Systems|D-Trust|TrustAsia|Cloudflare|WISeKey|Network Solutions|Trustwave|Gandi|certSIGN|Apple)/i;

/**
 * Whether the certificate came with the product. A fact of a product file that reads subject or issuer and holds tells that
 * the certificate names the product; that alone is no proof, because a maker's own sites have such names too.
 *
 * @param identities every product that matched at this place.
 */
export function isFactoryDefault(
  certificate: Certificate,
  identities: readonly Identity[],
  products: ReadonlyMap<string, Product>,
): boolean {
  if (PUBLIC_ISSUERS.test(certificate.issuer) && !certificate.selfSigned) return false;
  if (SAMPLES.some((sample) => sample.test(certificate.subject))) return true;
  return identities.some(({ productId, matched }) =>
    (products.get(productId)?.facts ?? []).some(
      ({ id, tls }) => matched.includes(id) && (tls?.subject !== undefined || tls?.issuer !== undefined),
    ),
  );
}
