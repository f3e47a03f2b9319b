import { z } from 'zod';
import { IMPORT_TYPES } from '../model/import.ts';
import { SITE_KINDS } from '../model/scope.ts';
import { ServiceClass } from '../model/service-class.ts';

/** The organisation file as it is written. Doc texts go into the JSON Schema that editors show. */
const text = z.string().trim().min(1);
const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and hyphens, at most 63')
  .describe('Lower-case letters, digits and hyphens.');
const bilingual = z
  .union([text, z.strictObject({ ja: text, en: text })])
  .describe('One text, or { ja: …, en: … }.');
const date = z.iso.date('write a date as YYYY-MM-DD');
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time as HH:MM, 00:00 to 23:59');
const hostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'write a host name such as vpn.example.jp, in lower case, without "https://" and without "*"',
  );
const range = text.describe(
  'CIDR (203.0.113.0/28), first-last (203.0.113.4-203.0.113.9), or one address; IPv4 or IPv6.',
);
const portList = z.union([
  z
    .string()
    .describe('Name of a profile in ports.yaml (small, standard, deep) or ports such as "22,443,8000-8100".'),
  z.array(z.union([z.number().int().min(1).max(65535), z.string()])).min(1),
]);

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export const weekdayNumber = (day: (typeof WEEKDAYS)[number]): number => WEEKDAYS.indexOf(day);

const SiteEntry = z.strictObject({
  id: identifier,
  name: bilingual,
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'write the two-letter country code in capitals, such as JP')
    .describe('ISO 3166-1 alpha-2'),
  kind: z.enum(SITE_KINDS),
  ranges: z.array(range).default([]),
  hosts: z
    .array(hostName)
    .default([])
    .describe('Host names; every address they resolve to must lie in the ranges.'),
  contact: text.optional().describe('Who answers for this site: name, phone or mail.'),
});

const ExpectedEntry = z.strictObject({
  address: text,
  port: z.number().int().min(1).max(65535),
  transport: z.enum(['tcp', 'udp']).default('tcp'),
  product: text.optional().describe('Product id, a file name under config/products.'),
  class: ServiceClass.optional(),
  owner: text,
  reason: text,
  until: date.describe('The day on which somebody must look at this entry again.'),
  'allowed-sources': z
    .array(text)
    .default([])
    .describe('Addresses or names from which it should be reachable; empty = everyone.'),
  ticket: text.optional(),
});

/** Goes between double quotes into a query. */
const searchText = text.regex(
  /^[^"\\\p{C}]{1,100}$/u,
  'write a name of at most 100 characters, without quotes',
);

const ImportEntry = z.strictObject({
  file: text.describe('Path, from the folder of this file.'),
  as: z
    .enum(['auto', ...IMPORT_TYPES])
    .default('auto')
    .describe('auto: recognised by content.'),
  vantage: text.optional().describe('Where that tool stood.'),
  observed: date.optional().describe('Day of the look, for files that carry no date.'),
  columns: z
    .strictObject({
      address: text,
      port: text.optional(),
      transport: text.optional(),
      name: text.optional(),
      owner: text.optional(),
      note: text.optional(),
    })
    .optional()
    .describe('For a ledger: the heading (or the number) of the column that holds each.'),
  encoding: z.enum(['auto', 'utf-8', 'shift_jis']).default('auto'),
});

export const OrganisationFile = z.strictObject({
  organisation: z.strictObject({
    id: identifier.describe('Names the folder under reports/.'),
    name: bilingual,
  }),
  timezone: text.default('Asia/Tokyo').describe('IANA time zone, such as Asia/Tokyo.'),
  languages: z
    .array(z.enum(['ja', 'en']))
    .min(1)
    .default(['ja', 'en']),
  tlp: z.enum(['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR']).default('AMBER'),
  vantage: text.default('here').describe('Name of the place that probes are sent from.'),
  maintainer: z
    .strictObject({ name: text, phone: text.optional() })
    .optional()
    .describe('The firm that maintains the boundary devices: printed where people look for whom to call.'),
  sites: z.array(SiteEntry).min(1),
  exclusions: z.array(range).default([]).describe('Never contacted, whatever else this file says.'),
  permission: z
    .strictObject({ by: text, reference: text, 'valid-until': date })
    .optional()
    .describe('Who allowed probing. Without it only passive sources are asked.'),
  windows: z
    .array(z.strictObject({ days: z.array(z.enum(WEEKDAYS)).min(1), from: clock, to: clock }))
    .default([])
    .describe('Probes are sent only inside these local times; none = any time.'),
  expected: z.array(ExpectedEntry).default([]).describe('Services that are meant to be reachable.'),
  probe: z
    .strictObject({
      ports: portList.default('standard'),
      rate: z.number().min(1).max(50_000).default(300).describe('New connections per second, whole run.'),
      'per-host': z
        .number()
        .int()
        .min(3)
        .max(64)
        .default(6)
        .describe('Connections held at once to one address.'),
      connections: z
        .number()
        .int()
        .min(16)
        .max(20_000)
        .default(4096)
        .describe('Connections held at once, whole run.'),
      'connect-timeout-ms': z.number().int().min(100).max(20_000).default(1500),
      'answer-timeout-ms': z.number().int().min(200).max(30_000).default(5000),
      udp: z
        .boolean()
        .default(true)
        .describe('Ask UDP services too, each at its usual port with one small request of its own protocol.'),
      jarm: z
        .boolean()
        .default(false)
        .describe('Compute the JARM fingerprint of TLS servers: ten connections more on every TLS port.'),
      'ssh-auth-methods': z
        .boolean()
        .default(false)
        .describe(
          'Ask SSH servers which authentication methods they offer. Leaves a line with a user name in their logs.',
        ),
      'web-shell-paths': z
        .boolean()
        .default(false)
        .describe(
          'Ask own web servers for paths that public reports name as left behind by intruders (config/web-shell-paths.yaml). The requests look like an attack in logs: tell who reads them.',
        ),
    })
    .prefault({}),
  shodan: z
    .strictObject({
      use: z
        .enum(['auto', 'yes', 'no'])
        .default('auto')
        .describe('auto: when a key is there. yes: a run without it is incomplete.'),
      'max-credits': z.number().int().min(0).default(20),
      history: z.boolean().default(true),
      search: z
        .strictObject({
          domains: z
            .array(hostName)
            .default([])
            .describe('Domains of yours: hostname: and ssl.cert.subject.cn: of each.'),
          organisations: z
            .array(searchText)
            .default([])
            .describe('Names under which ranges of yours are registered: org: of each.'),
          asns: z
            .array(z.string().regex(/^AS\d{1,10}$/, 'write an AS number such as AS64500'))
            .default([])
            .describe('AS numbers that are yours alone.'),
          pivots: z
            .boolean()
            .default(false)
            .describe('Also search for the favicons, certificates and pages of your own services elsewhere.'),
        })
        .prefault({})
        .describe(
          'Searches beyond the ranges. What they find outside is listed as "is this yours?" and never contacted. Each may cost a credit.',
        ),
    })
    .prefault({}),
  internetdb: z
    .strictObject({ use: z.boolean().default(false).describe('Keyless, free for non-commercial use only.') })
    .prefault({}),
  imports: z
    .array(ImportEntry)
    .default([])
    .describe('Files of other tools, or your own list of devices, that every run takes in.'),
  observe: z
    .strictObject({
      nmap: z
        .strictObject({
          use: z
            .boolean()
            .default(false)
            .describe('Run nmap too, when it is installed. It needs the same permission.'),
          ports: portList.optional().describe('Default: the ports of the own probes.'),
          options: z
            .array(z.string())
            .default(['-sV', '--version-light'])
            .describe('From a list of harmless options; "sekisho check" names what is not on it.'),
          scripts: z
            .array(z.string())
            .default([])
            .describe('Script categories or names from a list of harmless ones.'),
          'timeout-minutes': z.number().int().min(1).max(1440).default(60),
        })
        .prefault({}),
      masscan: z
        .strictObject({
          use: z
            .boolean()
            .default(false)
            .describe(
              'Let masscan find the open ports first; for very large ranges. Needs root and masscan.',
            ),
          rate: z.number().int().min(1).max(100_000).default(1000).describe('Packets a second.'),
        })
        .prefault({}),
    })
    .prefault({}),
});
export type OrganisationFile = z.infer<typeof OrganisationFile>;
