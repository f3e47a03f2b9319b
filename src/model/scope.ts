import type { AddressRange } from '../lib/address.ts';
import type { ImportSettings } from './import.ts';
import type { ServiceClass } from './service-class.ts';

export const SITE_KINDS = [
  'headquarters',
  'branch',
  'overseas',
  'affiliate',
  'cloud',
  'mobile-line',
] as const;
export type SiteKind = (typeof SITE_KINDS)[number];

/** IPv6 ranges with more addresses than this are not swept; host names and single addresses in them are looked at. */
export const LARGEST_IPV6_SWEEP = 1n << 16n;

/** A text in both languages. An organisation that gives only one gets that one in both. */
export interface Bilingual {
  readonly ja: string;
  readonly en: string;
}

/** One connection point of the organisation: an office, a plant, a cloud tenant, a mobile line. */
export interface Site {
  readonly id: string;
  readonly name: Bilingual;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  readonly kind: SiteKind;
  readonly ranges: readonly AddressRange[];
  /** Host names, lower case, without the trailing dot. Resolved at run time; every address must lie in scope. */
  readonly hosts: readonly string[];
  readonly contact: string | undefined;
}

export interface Permission {
  readonly by: string;
  readonly reference: string;
  /** Last moment at which packets may be sent, ISO-8601 UTC. */
  readonly validUntil: string;
}

/** Probes may be sent on these days between these local times; a window may pass midnight. */
export interface TimeWindow {
  /** 0 = Sunday … 6 = Saturday. */
  readonly days: readonly number[];
  /** Minutes after local midnight. */
  readonly from: number;
  readonly to: number;
}

/** A service that the organisation declares it wants to be reachable. */
export interface Expectation {
  readonly address: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  readonly product: string | undefined;
  readonly class: ServiceClass | undefined;
  readonly owner: string;
  readonly reason: string;
  /** ISO date; after it the expectation no longer counts. */
  readonly until: string;
  readonly allowedSources: readonly string[];
  readonly ticket: string | undefined;
}

export interface ProbeSettings {
  /** TCP ports, ascending, without duplicates. */
  readonly ports: readonly number[];
  readonly portProfile: string;
  /** New connections per second, whole run. */
  readonly rate: number;
  /** Connections open at once to one address. */
  readonly perHost: number;
  /** Connections open at once, whole run. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly answerTimeoutMs: number;
  /** Ask UDP services too. */
  readonly udp: boolean;
  /** Ten connections more on every TLS port, for the JARM fingerprint. */
  readonly jarm: boolean;
  readonly sshAuthMethods: boolean;
  /** Ask own web servers for paths that public reports name as left behind by intruders. */
  readonly webShellPaths: boolean;
}

export type PassiveUse = 'auto' | 'yes' | 'no';

export interface ShodanSettings {
  readonly use: PassiveUse;
  /** Query credits that one run may spend. */
  readonly maxCredits: number;
  readonly history: boolean;
  /** Searches beyond the ranges: what they find outside is a candidate for the owner, never a target. */
  readonly search: {
    /** `hostname:` and `ssl.cert.subject.cn:` of each. */
    readonly domains: readonly string[];
    /** `org:` of each. */
    readonly organisations: readonly string[];
    /** "AS64500": `asn:` of each. */
    readonly asns: readonly string[];
    /** Search for the favicons, certificates and pages of own services elsewhere. */
    readonly pivots: boolean;
  };
}

/** nmap, started by us on the addresses of the scope. Active: it needs the same permission as the own probes. */
export interface NmapSettings {
  readonly use: boolean;
  /** TCP ports, ascending; undefined: those of the own probes. */
  readonly ports: readonly number[] | undefined;
  /** Options from the safe list, as they stand on a command line. */
  readonly options: readonly string[];
  /** Script categories from the safe list. */
  readonly scripts: readonly string[];
  readonly timeoutMinutes: number;
}

/** masscan as a first look at very large ranges; the own discovery then asks only what it found. Needs raw sockets. */
export interface MasscanSettings {
  readonly use: boolean;
  /** Packets a second. */
  readonly rate: number;
}

/** The organisation file, checked. Deny by default: an address outside `sites[].ranges` is never contacted. */
export interface Scope {
  /** Letters, digits and hyphens: names the folder under `reports/`. */
  readonly id: string;
  readonly organisation: Bilingual;
  readonly sites: readonly Site[];
  readonly exclusions: readonly AddressRange[];
  readonly permission: Permission | undefined;
  readonly windows: readonly TimeWindow[];
  readonly expected: readonly Expectation[];
  readonly probe: ProbeSettings;
  readonly shodan: ShodanSettings;
  readonly internetdb: { readonly use: boolean };
  readonly nmap: NmapSettings;
  readonly masscan: MasscanSettings;
  /** Files of other tools that every run takes in. */
  readonly imports: readonly ImportSettings[];
  readonly languages: readonly ('ja' | 'en')[];
  /** IANA name, used for windows and for the dates people read. */
  readonly timezone: string;
  readonly vantage: string;
  readonly tlp: string;
  /** Phone or mail of the firm that maintains the boundary devices. */
  readonly maintainer: { readonly name: string; readonly phone: string | undefined } | undefined;
  /** SHA-256 (hex) over sites, exclusions, permission and host names: what may be looked at. */
  readonly digest: string;
}
