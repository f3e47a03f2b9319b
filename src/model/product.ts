/** The shape of a product file: what a product answers, how its version is read, what of it was used for breaking in. */
import { z } from 'zod';
import { checkPattern } from '../lib/linear-pattern.ts';
import { Certainty, Role, ServiceClass } from './service-class.ts';
import { ProtocolFacts } from './facts.ts';
import { Texts } from './texts.ts';

/** A regular expression as text, in RE2 syntax, case-insensitive unless it starts with `(?-i)`. */
export const Pattern = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    try {
      checkPattern(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `not a regular expression: ${(error as Error).message}` });
    }
  });

const Patterns = z.union([Pattern.transform((one) => [one]), z.array(Pattern).min(1)]);
const isoDate = z.iso.date();

/** Every condition given must hold, on one and the same answer. Lists: `body`, `cookie` = all; `favicon`, `status`, `path` = any. */
export const HttpCondition = z.strictObject({
  /** Path as requested, regular expression. Without it any answer counts except the one to the random control path. */
  path: Pattern.optional(),
  status: z.array(z.number().int()).optional(),
  /** Header name → pattern over its value. */
  header: z.record(z.string(), Pattern).optional(),
  /** Names of cookies set; `*` at the end = prefix. An emptied or expired cookie does not count unless `cookie-emptied: true`. */
  cookie: z.array(z.string()).optional(),
  /** The same, where one of the names is enough. */
  'cookie-any': z.array(z.string()).optional(),
  'cookie-emptied': z.boolean().optional(),
  title: Pattern.optional(),
  body: Patterns.optional(),
  'body-any': Patterns.optional(),
  'body-not': Patterns.optional(),
  location: Pattern.optional(),
  /** Shodan-compatible: signed MurmurHash3 of the base64 text with line breaks. */
  favicon: z.array(z.number().int()).optional(),
});
export type HttpCondition = z.infer<typeof HttpCondition>;

export const Condition = z.strictObject({
  http: HttpCondition.optional(),
  /** Over the leaf certificate. */
  tls: z
    .strictObject({
      subject: Patterns.optional(),
      issuer: Patterns.optional(),
      name: Pattern.optional(),
      serial: Pattern.optional(),
    })
    .optional(),
  /** A first speaker's text: ftp, smtp, pop3, imap, mysql, telnet … or `any`. */
  greeting: z
    .strictObject({
      protocol: z.string(),
      text: Pattern,
      /** Over the lines of what it says it can do (FEAT, EHLO, CAPA), each ended by a line break. */
      capabilities: Pattern.optional(),
    })
    .optional(),
  /** An answer to a UDP request: its bytes as Latin-1 text, `\xNN` for a byte. */
  datagram: z.strictObject({ text: Pattern }).optional(),
  ssh: z.strictObject({ banner: Pattern }).optional(),
  /** The parsed answer of a protocol without a part of its own here; all given must hold on one answer. */
  protocol: z
    .strictObject({
      name: z.string().regex(/^[a-z0-9-]+$/),
      product: Pattern.optional(),
      version: Pattern.optional(),
      /** Field name → pattern over one of its values. */
      field: z.record(z.string(), Pattern).optional(),
      access: ProtocolFacts.shape.access.optional(),
    })
    .optional(),
  rdp: z
    .strictObject({
      answers: z.literal(true).optional(),
      /** Pattern over the OS build, "10.0.20348". */
      build: Pattern.optional(),
      'nla-required': z.boolean().optional(),
      /** What the server does with a request that it cannot grant: text of `RdpFacts.negotiations`, "hybrid→standard". */
      negotiation: Patterns.optional(),
      /** Every answer that selects a protocol carries exactly one of these values of its flags (MS-RDPBCGR 2.2.1.2.1). */
      flags: z.array(z.number().int()).min(1).optional(),
      certificate: Pattern.optional(),
    })
    .optional(),
  vnc: z
    .strictObject({
      answers: z.literal(true).optional(),
      version: Pattern.optional(),
      /** IANA numbers that must all be offered. */
      types: z.array(z.number().int()).optional(),
      /** None of these may be offered. */
      'types-not': z.array(z.number().int()).optional(),
      /** Exactly this list, in this order. */
      'types-exactly': z.array(z.number().int()).optional(),
      'vencrypt-types': z.array(z.number().int()).optional(),
      /** Pattern over `VncFacts.versionRefusal`. */
      'version-refusal': Pattern.optional(),
    })
    .optional(),
  /** A passive source's own product name. */
  passive: z.strictObject({ product: Pattern }).optional(),
});
export type Condition = z.infer<typeof Condition>;

/** strong: enough alone · medium: inferred alone, confirmed with a second one · weak: a hint that decides nothing. */
export const Strength = z.enum(['strong', 'medium', 'weak']);
export type Strength = z.infer<typeof Strength>;

export const ProductFact = Condition.extend({
  id: z.string().regex(/^[a-z0-9-]+$/),
  strength: Strength,
  /** What this answer shows of the log-in: open = it was served to a stranger, and everybody is served alike. */
  access: z.enum(['open', 'password', 'strong']).optional(),
  note: z.string().optional(),
});
export type ProductFact = z.infer<typeof ProductFact>;

/** Where a version is read: exactly one of the places; the first group of `pattern` is the version. */
export const VersionReader = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  http: z
    .strictObject({
      path: Pattern.optional(),
      header: z.string().optional(),
      /** first-bytes: the first 32 bytes of the page in hex, for files that are no text. */
      in: z.enum(['body', 'title', 'header', 'location', 'first-bytes']),
    })
    .optional(),
  greeting: z.strictObject({ protocol: z.string(), in: z.enum(['text', 'version']) }).optional(),
  ssh: z.literal('banner').optional(),
  rdp: z.literal('build').optional(),
  datagram: z.literal('text').optional(),
  /** `in`: product, version, or the name of a field. */
  protocol: z.strictObject({ name: z.string(), in: z.string() }).optional(),
  tls: z.enum(['subject', 'issuer']).optional(),
  passive: z.literal('version').optional(),
  pattern: Pattern,
  certainty: Certainty,
  /**
   * What the read text is before `map` sees it. date-hex: seconds since 1970 in hex → "2026-03-31"; seconds-hex-le: the same
   * with the least significant byte first (gzip header), → seconds in decimal; http-date: "Tue, 31 Mar 2026 …" → "2026-03-31". A date outside
   * 2005 … 2037 is no version.
   */
  decode: z.enum(['date-hex', 'seconds-hex-le', 'http-date']).optional(),
  /** Turns the read text into a version: table text → version, e.g. a build number → release. */
  map: z.record(z.string(), z.string()).optional(),
});
export type VersionReader = z.infer<typeof VersionReader>;

/** A vulnerability of the known-exploited list that touches the product. */
export const ExploitedCve = z.strictObject({
  cve: z.string().regex(/^CVE-\d{4}-\d{4,}$/),
  /** Half-open or closed version ranges: `from` (default: the first) up to `before` (not included) or `through` (included). */
  affected: z
    .array(
      z.strictObject({
        from: z.string().optional(),
        before: z.string().optional(),
        through: z.string().optional(),
      }),
    )
    .optional(),
  fixed: z.array(z.string()).default([]),
  kev: isoDate.optional(),
  ransomware: z.boolean().default(false),
  'code-execution': z.boolean().default(false),
  /** Public reports of use, as the source words it: "a China-nexus espionage actor (UNC5221)". */
  'used-by': z
    .array(
      z.strictObject({
        who: z.string().min(1),
        /** ISO date, or year and month where the day is not known. */
        date: z
          .string()
          .regex(/^\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?$/, 'write YYYY-MM-DD or YYYY-MM'),
        /** Who says so: the publisher, in a few words. */
        source: z.string().min(1).max(80),
        /** Where the author of this file has read it, when not at the publisher's; not shown in reports. */
        'read-at': z.string().optional(),
      }),
    )
    .default([]),
  /** cna-record: read in the CVE record · vendor: read at the vendor · remembered: not checked, yields "to confirm" at most. */
  source: z.enum(['cna-record', 'vendor', 'secondary', 'remembered', 'not-collected']),
  note: z.string().optional(),
});
export type ExploitedCve = z.infer<typeof ExploitedCve>;

/** A recorded answer; the same shape as `sekisho match` reads. */
export const Sample = z.strictObject({
  id: z.string().optional(),
  kind: z.enum(['http', 'tls', 'tcp', 'udp', 'shodan', 'rdp', 'vnc']),
  port: z.number().int().optional(),
  request: z.strictObject({ method: z.string().default('GET'), path: z.string() }).optional(),
  status: z.number().int().optional(),
  headers: z.array(z.tuple([z.string(), z.string()])).optional(),
  body: z.string().optional(),
  bodyBase64: z.string().optional(),
  /** Shodan-compatible favicon hash, for `kind: http`. */
  favicon: z.number().int().optional(),
  /** base64 */
  banner: z.string().optional(),
  /** The same as plain text, for people. */
  text: z.string().optional(),
  cert: z
    .strictObject({
      subject: z.string(),
      issuer: z.string(),
      serial: z.string().optional(),
      san: z.array(z.string()).optional(),
    })
    .optional(),
  /** For `kind: shodan` a banner record; for `rdp` and `vnc` the facts of `model/facts.ts`. */
  record: z.record(z.string(), z.unknown()).optional(),
});
export type Sample = z.infer<typeof Sample>;

export const ProductExample = z.strictObject({
  name: z.string(),
  /** One service: everything it answered. */
  samples: z.array(Sample).min(1),
  /** Certainty expected, or `none` for a look-alike that must not match. */
  expect: z.union([Certainty, z.literal('none')]),
  version: z.string().optional(),
});
export type ProductExample = z.infer<typeof ProductExample>;

/** ONE file = everything about one product. */
export const Product = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** Other ids of this product, or of the products that this one is the family of. */
  aliases: z.array(z.string().regex(/^[a-z0-9-]+$/)).default([]),
  vendor: z.string(),
  name: z.string(),
  'name-ja': z.string().optional(),
  class: ServiceClass,
  /** When it differs from the role of its class. */
  role: Role.optional(),
  /** A protocol or a carrier (any VNC, plain nginx): gives way to a product that is matched on top of it. */
  generic: z.boolean().default(false),
  /** Products that look the same from outside. */
  'same-from-outside': z.array(z.string()).default([]),
  /** Paths to ask a web server for. always: every web server · hinted: only when some fact of this product already matched. */
  requests: z
    .array(z.strictObject({ path: z.string().startsWith('/'), when: z.enum(['always', 'hinted']) }))
    .default([]),
  facts: z.array(ProductFact).min(1),
  /** Facts that, when they hold, take the product away again. */
  never: z.array(Condition).default([]),
  version: z.array(VersionReader).default([]),
  /** How versions compare. dotted: numbers by place, letters after digits · date: ISO or YYYYMMDD. */
  'version-scheme': z.enum(['dotted', 'date']).default('dotted'),
  /** Authentication that this product is known to ask for before log-in, when the answer itself does not tell. */
  authentication: z.enum(['none', 'password', 'strong', 'unknown']).default('unknown'),
  exploited: z.array(ExploitedCve).default([]),
  /** The vendor's or a CERT's own guide to checking integrity or finding traces on this product. */
  guides: z
    .array(
      z.strictObject({
        name: Texts,
        url: z.url({ protocol: /^https$/ }),
        publisher: z.string(),
        date: isoDate.optional(),
      }),
    )
    .default([]),
  'end-of-support': z
    .array(
      z.strictObject({
        before: z.string().optional(),
        all: z.literal(true).optional(),
        date: isoDate,
        source: z.string(),
      }),
    )
    .default([]),
  /** A version number may stay while a distribution patches beneath: then a match is "to confirm". */
  'distribution-backports': z.boolean().default(false),
  sources: z.array(z.string()).default([]),
  examples: z.array(ProductExample).min(1),
});
export type Product = z.infer<typeof Product>;
