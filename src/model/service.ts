import { z } from 'zod';
import { Certificate, CONCERNS } from './facts.ts';
import { Asset } from './import.ts';
import { ObservationStatus, SourceName, Transport } from './observation.ts';
import { Certainty, Role, ServiceClass } from './service-class.ts';
import { CertificateProblem, TlsWeakness } from './tls-problems.ts';
import { IndicatorCheck, WebPage, WebRisk } from './web.ts';

/** Version as a state: `unknown` is an answer of its own, never an empty string. */
export const VersionState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('known'), value: z.string(), certainty: Certainty, how: z.string() }),
  z.object({ state: z.literal('unknown') }),
]);
export type VersionState = z.infer<typeof VersionState>;

/** A product that may stand there, and the facts that say so. */
export const Identity = z.object({
  productId: z.string(),
  certainty: Certainty,
  version: VersionState,
  /** Names of the facts of the product file that matched. */
  matched: z.array(z.string()),
  observations: z.array(z.string()),
});
export type Identity = z.infer<typeof Identity>;

/**
 * What was seen of the log-in, before any log-in: message ids of the report (closed, so that a missing text is a compile error).
 *
 * - rdp-nla-unknown: RDP answers, but it was not learnt whether it insists on Network Level Authentication
 * - vnc-refused: the server turned us away before it named its security types
 * - ssh-none: the server let a request without any credential in (only seen with `ssh-auth-methods`)
 * - ssh-not-asked: the methods were not asked for (opt-in `ssh-auth-methods`)
 * - ssh-interactive: keyboard-interactive without `password`: may be a password or a second factor
 * - saml-redirect: the page sends the visitor to an identity provider; what that asks for is not seen
 * - client-certificate: the TLS server asks for a certificate of the visitor
 * - telnet-no-login: a command prompt came without any question for a name or password
 * - ftp-not-asked: an FTP server always takes a name; whether `anonymous` is enough can only be learnt by logging in
 * - database-refused: the server turns our address away before log-in (source restriction)
 * - product-answer: an answer of the product itself shows it (`access` of a fact in the product file)
 * - protocol-open: the protocol served a stranger without any log-in
 * - protocol-strong: a certificate, key or second factor is demanded by the protocol
 * - protocol-refused: the service turns our address away before log-in (source restriction)
 * - clear-text: what is asked for would travel unencrypted
 * - by-product: nothing was seen; the product is known to ask for this
 */
export const AUTHENTICATION_FACTS = [
  'rdp-nla-required',
  'rdp-nla-not-required',
  'rdp-nla-unknown',
  'rdp-standard-security',
  'vnc-none',
  'vnc-password',
  'vnc-refused',
  'ssh-none',
  'ssh-password',
  'ssh-publickey-only',
  'ssh-interactive',
  'ssh-not-asked',
  'http-basic',
  'http-digest',
  'http-ntlm',
  'http-negotiate',
  'http-form',
  'saml-redirect',
  'client-certificate',
  'telnet-login',
  'telnet-no-login',
  'ftp-not-asked',
  'mail-login',
  'database-login',
  'database-none',
  'database-refused',
  'product-answer',
  'protocol-open',
  'protocol-password',
  'protocol-strong',
  'protocol-refused',
  'clear-text',
  'by-product',
] as const;
export type AuthenticationFact = (typeof AUTHENTICATION_FACTS)[number];

/** Who may get in, as seen before any log-in. */
export const Authentication = z.object({
  /** strong: a second factor, client certificate or key is demanded · password: only a password is asked · none: nothing is asked. */
  kind: z.enum(['none', 'password', 'strong', 'unknown']),
  /** Sorted as in `AUTHENTICATION_FACTS`, without duplicates. */
  facts: z.array(z.enum(AUTHENTICATION_FACTS)),
});
export type Authentication = z.infer<typeof Authentication>;

/**
 * Things about a place that are no product and must be named as what they are: message ids of the report.
 *
 * - answers-on-every-port: the host accepts nearly every port that was looked at and most never speak
 * - catch-all-web: a random path answers like a page, so paths prove nothing
 * - no-banner: the connection opened and nothing was ever said
 * - sip-alg: 2000 and 5060 accept on many hosts without a word: a router in between answers, not the host
 * - honeypot-like: products that never stand together claim the same place
 * - cdn-edge: an edge server of a content network; the organisation's own server is behind it
 * - tarpit: the answer was cut or fed byte by byte until the time was up
 */
export const ODDITIES = [
  'answers-on-every-port',
  'catch-all-web',
  'no-banner',
  'sip-alg',
  'honeypot-like',
  'cdn-edge',
  'tarpit',
] as const;
export type Oddity = (typeof ODDITIES)[number];

export const Sighting = z.object({
  source: SourceName,
  vantage: z.string(),
  /** Name of the imported file that says so. Hostile text. Absent: not a file. */
  file: z.string().optional(),
  status: ObservationStatus,
  first: z.string(),
  last: z.string(),
  /** Nobody dated these looks: the dates are those of the file that they stand in, and they were then or earlier. */
  undated: z.literal(true).optional(),
});
export type Sighting = z.infer<typeof Sighting>;

/**
 * Whether its dates are those of looks. InternetDB dates its data as a whole, and a file may carry no dates: such a record
 * can neither open, re-open nor keep open anything at a time.
 */
export function isDated({ source, undated }: Pick<Sighting, 'source' | 'undated'>): boolean {
  return source !== 'internetdb' && undated !== true;
}

/** Two sources that say different things about one fact; both are kept. */
export const Contradiction = z.object({
  fact: z.string(),
  values: z.array(z.object({ source: SourceName, value: z.string(), at: z.string() })),
});
export type Contradiction = z.infer<typeof Contradiction>;

/**
 * Since when a place is known to be open, and since when it may be at most. Looks of everyone count: own runs, passive records
 * with their history, imported files. Dates are those of the looks.
 */
export const Exposure = z.object({
  /** Oldest and newest look that found it open. */
  first: z.string(),
  last: z.string(),
  /**
   * Oldest first, at most 50. Looks that found it open belong to one span as long as no more than `EXPOSURE_GAP_DAYS` lie between two
   * of them and none in between found it shut: refused, or silent to somebody who had got in (see `exposure.ts`).
   */
  spans: z.array(
    z.object({ from: z.string(), to: z.string(), sources: z.array(SourceName), looks: z.number() }),
  ),
  /** Looks that found it shut, oldest first, at most 50. */
  shut: z.array(z.object({ at: z.string(), source: SourceName, status: ObservationStatus })),
  /** The certificate shown is valid from here, before `first`: a hint, no proof. */
  certificateFrom: z.string().optional(),
});
export type Exposure = z.infer<typeof Exposure>;

/** Days without any look after which "still open" would be a guess: Shodan's own window of 30 days and some patience. */
export const EXPOSURE_GAP_DAYS = 35;

export const Service = z.object({
  /** "203.0.113.10:3389/tcp", "[2001:db8::1]:443/tcp". */
  key: z.string(),
  address: z.string(),
  port: z.number(),
  transport: Transport,
  /** Site of the organisation file; absent only for data whose scope has changed since. */
  siteId: z.string().optional(),
  protocol: z.string(),
  class: ServiceClass,
  role: Role,
  identity: Identity.optional(),
  /** Other products that matched, best first. */
  candidates: z.array(Identity),
  version: VersionState,
  authentication: Authentication,
  certificate: Certificate.optional(),
  tlsVersions: z.array(z.string()),
  /** Sorted as in `CERTIFICATE_PROBLEMS`. Absent: none seen. */
  certificateProblems: z.array(CertificateProblem).optional(),
  /** Sorted as in `TLS_WEAKNESSES`. Absent: none seen. */
  tlsWeaknesses: z.array(TlsWeakness).optional(),
  /** Fingerprint of the TLS server, see `TlsFacts.serverForm`. Absent: not learnt. */
  tlsServerForm: z.string().optional(),
  /** Absent: not asked for. */
  jarm: z.string().optional(),
  /** Title, banner or name that a person would recognise the service by. Hostile text. */
  label: z.string().optional(),
  /** Host names seen in certificates, NTLM, Shodan: candidates for the owner, never targets. */
  names: z.array(z.string()),
  sightings: z.array(Sighting),
  /** Absent: nobody who gives a date for this port found it open. */
  exposure: Exposure.optional(),
  /** Rows of the organisation's own list of devices that speak of this place. Absent: none, or no list was given. */
  assets: z.array(Asset).optional(),
  contradictions: z.array(Contradiction),
  /** Facts on which two sources or more say the same, and what they say. Absent: none. */
  agreements: z.array(Contradiction).optional(),
  /** CVE ids that a passive source named for this service. */
  passiveVulns: z.array(z.string()),
  /** Weaknesses that the answer of the protocol itself shows, sorted as in `CONCERNS`. Absent: none. */
  concerns: z.array(z.enum(CONCERNS)).optional(),
  /** What else the protocol's answer says, in its own terms: name and value. Hostile text. Absent: nothing. */
  said: z.array(z.tuple([z.string(), z.string()])).optional(),
  /** Tags that a passive source gave ("compromised", "cdn", "eol-product" …), sorted. Absent: none. */
  passiveTags: z.array(z.string()).optional(),
  /** Sorted as in `ODDITIES`, without duplicates. */
  oddities: z.array(z.enum(ODDITIES)),
  /** Web servers only: what makes a web shell likely, sorted as in `WEB_RISKS`. Absent: no web server. */
  webRisks: z.array(WebRisk).optional(),
  /** The opt-in look at paths of known campaigns. Absent: not switched on, or not looked at. */
  indicators: IndicatorCheck.optional(),
  /** The page behind "/", for the content watch. Absent: none came. */
  page: WebPage.optional(),
  /** Observations behind this service, ids in the run's journal. */
  observations: z.array(z.string()),
});
export type Service = z.infer<typeof Service>;

/** Stable name of a place. `transport` unknown (InternetDB) is written as tcp-or-udp: "…/unknown". */
export function serviceKey(address: string, port: number, transport: Transport): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${port}/${transport}`;
}
