/**
 * Shodan's answers as far as they are used. Lenient: hardly any field is dependable (Shodan's own data reference marks
 * seven), types change between years, so a field of the wrong type counts as absent and a bad list element is dropped.
 * Only what an answer must have to be one at all is required.
 */
import { z } from 'zod';

export const CountAnswer = z.object({ total: z.int().nonnegative() });

export const SearchAnswer = z.object({ total: z.int().nonnegative(), matches: z.array(z.unknown()) });

export const ApiInfo = z.object({
  plan: z.string(),
  /** -1 = unlimited. */
  query_credits: z.int(),
});
export type ApiInfo = z.infer<typeof ApiInfo>;

const MAX_LIST = 1000;

/** zod takes a missing `unknown` for an error. */
const anything = z.unknown().optional();
const text = z.string().optional().catch(undefined);
const integer = z.int().optional().catch(undefined);
/** A version or product may come as a number. */
const textOrNumber = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
const truth = z.boolean().optional().catch(undefined);
const list = z.array(z.unknown()).catch([]);
const texts = list.transform((items) => items.filter((item) => typeof item === 'string').slice(0, MAX_LIST));
/** A list, or one element without the list. */
const textsOrOne = z.union([z.string().transform((one) => [one]), texts]);
const part = <T extends z.ZodRawShape>(shape: T) => z.object(shape).optional().catch(undefined);

/** The whole of a host answer; `data` and `ports` are taken one by one later. */
export const HostAnswer = z
  .object({
    ip_str: text,
    ports: list.transform((ports) => ports.filter((port) => isPort(port))),
    data: list,
    last_update: text,
  })
  .readonly();
export type HostAnswer = z.infer<typeof HostAnswer>;

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65535;
}

const Certificate = part({
  subject: anything,
  issuer: anything,
  issued: text,
  expires: text,
  sig_alg: text,
  fingerprint: part({ sha1: text, sha256: text }),
  pubkey: part({ type: text, bits: integer }),
  serial: anything,
});

const Ssl = part({
  versions: texts,
  cipher: part({ name: text }),
  cert: Certificate,
  chain: texts,
  alpn: texts,
  acceptable_cas: list,
});

const Http = part({
  status: integer,
  title: text,
  host: text,
  html: text,
  html_hash: integer,
  location: text,
  server: text,
  favicon: part({ hash: integer, location: text, data: text }),
  redirects: list,
});

export const HttpRedirect = z.object({ host: text, location: text, data: text, html: text });

/** One banner: what one crawl of one port brought. */
export const BannerRecord = z
  .object({
    ip_str: text,
    /** The IPv4 address as a number; in IPv6 records of some years the address as text. */
    ip: z.union([z.string(), z.number()]).optional().catch(undefined),
    ipv6: text,
    port: z.int().min(0).max(65535),
    transport: z.enum(['tcp', 'udp']).optional().catch(undefined),
    /** UTC without a zone suffix: `2026-01-01T19:18:36.521207`. */
    timestamp: text,
    data: text,
    product: textOrNumber,
    version: textOrNumber,
    cpe: textsOrOne,
    cpe23: textsOrOne,
    hostnames: texts,
    tags: texts,
    /** CVE → details, or (old) a list of names. */
    vulns: anything,
    opts: part({ vulns: anything, screenshot: anything }),
    screenshot: anything,
    ['_shodan']: part({ module: text, options: part({ hostname: text }) }),
    http: Http,
    ssl: Ssl,
    ssh: part({
      type: text,
      key: text,
      kex: part({
        kex_algorithms: texts,
        server_host_key_algorithms: texts,
        encryption_algorithms: texts,
        mac_algorithms: texts,
        compression_algorithms: texts,
      }),
    }),
    vnc: part({ protocol_version: text, security_types: anything }),
    telnet: part({ do: texts, dont: texts, will: texts, wont: texts }),
    ftp: part({ features: anything, anonymous: truth }),
    mysql: part({ version: textOrNumber }),
    ntlm: part({
      os_build: text,
      netbios_computer_name: text,
      netbios_domain_name: text,
      dns_domain_name: text,
      dns_forest_name: text,
      fqdn: text,
      /** FILETIME: 100 ns since 1601. */
      timestamp: z.number().optional().catch(undefined),
    }),
  })
  .transform(({ ['_shodan']: crawl, ...record }) => ({ ...record, crawl }));
export type BannerRecord = z.infer<typeof BannerRecord>;

/** https://internetdb.shodan.io/{ip}. No dates, no transports; CVE names are inferred and about the whole host. */
export const InternetDbAnswer = z.object({
  ip: z.string(),
  ports: z.array(z.unknown()).transform((ports) => ports.filter((port) => isPort(port))),
  cpes: texts,
  hostnames: texts,
  tags: texts,
  vulns: texts,
});
export type InternetDbAnswer = z.infer<typeof InternetDbAnswer>;
