import { z } from 'zod';
import { Certificate } from './facts.ts';
import { ObservationStatus, SourceName, Transport } from './observation.ts';
import { Certainty, Role, ServiceClass } from './service-class.ts';

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

/** Who may get in, as seen before any log-in. */
export const Authentication = z.object({
  /** strong: a second factor or client certificate was seen · password: only a password is asked · none: nothing is asked. */
  kind: z.enum(['none', 'password', 'strong', 'unknown']),
  /**
   * Message ids with their values, e.g. {id: 'rdp-nla-required'}. Closed list in `report/messages`:
   * rdp-nla-required, rdp-nla-not-required, rdp-standard-security, vnc-none, vnc-password, vnc-refused, ssh-password,
   * ssh-publickey-only, ssh-not-asked, http-basic, http-form, http-ntlm, client-certificate, telnet-login, clear-text …
   */
  facts: z.array(z.string()),
});
export type Authentication = z.infer<typeof Authentication>;

export const Sighting = z.object({
  source: SourceName,
  vantage: z.string(),
  status: ObservationStatus,
  first: z.string(),
  last: z.string(),
});
export type Sighting = z.infer<typeof Sighting>;

/** Two sources that say different things about one fact; both are kept. */
export const Contradiction = z.object({
  fact: z.string(),
  values: z.array(z.object({ source: SourceName, value: z.string(), at: z.string() })),
});
export type Contradiction = z.infer<typeof Contradiction>;

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
  /** Title, banner or name that a person would recognise the service by. Hostile text. */
  label: z.string().optional(),
  /** Host names seen in certificates, NTLM, Shodan: candidates for the owner, never targets. */
  names: z.array(z.string()),
  sightings: z.array(Sighting),
  contradictions: z.array(Contradiction),
  /** CVE ids that a passive source named for this service. */
  passiveVulns: z.array(z.string()),
  /** "answers-on-every-port", "honeypot-like", "sip-alg", "cdn-edge" … */
  oddities: z.array(z.string()),
  /** Observations behind this service, ids in the run's journal. */
  observations: z.array(z.string()),
});
export type Service = z.infer<typeof Service>;

/** Stable name of a place. `transport` unknown (InternetDB) is written as tcp-or-udp: "…/unknown". */
export function serviceKey(address: string, port: number, transport: Transport): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${port}/${transport}`;
}
