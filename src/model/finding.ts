import { z } from 'zod';
import { Certainty, Role, ServiceClass } from './service-class.ts';

export const Priority = z.enum(['P1', 'P2', 'P3', 'P4']);
export type Priority = z.infer<typeof Priority>;

/** T2: record before touching · T1: look through the logs of the exposure window · T0: nothing special. */
export const TraceMark = z.enum(['T0', 'T1', 'T2']);
export type TraceMark = z.infer<typeof TraceMark>;

/** Known use in attacks, graded by how sure it is that this very device is affected. */
export const KnownUse = z.enum(['confirmed', 'product-matches', 'passive-only', 'none', 'unknown']);
export type KnownUse = z.infer<typeof KnownUse>;

/** Facts that a judgement may lack: message ids of the report. */
export const MISSING_INPUTS = ['product', 'version', 'authentication', 'support', 'reach'] as const;
export type MissingInput = (typeof MISSING_INPUTS)[number];

/** The inputs of the decision table, `config/rules/priority.yaml`. */
export const Inputs = z.object({
  class: ServiceClass,
  role: Role,
  /**
   * everyone: an own probe got in · some: one vantage point got in and another, in this run or on the same day, did not · passive-only: a passive record says
   * so, an own probe looked and did not get in · unknown: a passive record says so and nobody has looked since.
   */
  reach: z.enum(['everyone', 'some', 'passive-only', 'unknown']),
  authentication: z.enum(['none', 'password', 'strong', 'unknown']),
  knownUse: KnownUse,
  /** Days since the newest notice that touches the product; absent without one. */
  noticeAgeDays: z.number().optional(),
  codeExecution: z.boolean(),
  support: z.enum(['ended', 'current', 'unknown']),
  declared: z.boolean(),
  /** The organisation declares services at all. Without that, "undeclared" tells no service from another. Absent: yes. */
  baseline: z.boolean().optional(),
  /** The port is the doing of a box in between (SIP gateway, SYN proxy, content network) and nothing else is known. Absent: no. */
  artefact: z.boolean().optional(),
  misuse: z.boolean(),
  overseasOrAffiliate: z.boolean(),
  owned: z.boolean(),
  reopened: z.boolean(),
});
export type Inputs = z.infer<typeof Inputs>;

/** A CVE known to be used for breaking in that touches the service. */
export const Exploited = z.object({
  cve: z.string(),
  grade: z.enum(['confirmed', 'product-matches', 'passive-only', 'to-confirm']),
  kevAdded: z.string().optional(),
  ransomware: z.boolean(),
  fixed: z.array(z.string()),
  source: z.string(),
  /** Public reports of use, as their source words them; date or month. They are about others, never about this place. */
  usedBy: z.array(z.object({ who: z.string(), date: z.string(), source: z.string() })).optional(),
});
export type Exploited = z.infer<typeof Exploited>;

/** A judgement on one service. Ids and values only: prose is made by the report. */
export const Finding = z.object({
  /** First 16 hex digits of SHA-256 over rule and subject: survives a change of product, version or priority. */
  key: z.string(),
  /** "B-07": given once, kept for the life of the key. Empty until track has assigned it. */
  spokenId: z.string(),
  rule: z.string(),
  /** Service key. */
  subject: z.string(),
  siteId: z.string().optional(),
  /** Row of the decision table that decided, and the modifiers that moved it. */
  row: z.string(),
  modifiers: z.array(z.string()),
  priority: Priority,
  trace: TraceMark,
  certainty: Certainty,
  /**
   * found: a row that names a fault decided · unknown: none did, and facts were missing, so it must never be read as clear ·
   * clear: none did, and every input is known.
   */
  verdict: z.enum(['found', 'clear', 'unknown']),
  /** Facts that were not known. With `found`: those that could still move the priority. */
  missing: z.array(z.enum(MISSING_INPUTS)),
  inputs: Inputs,
  exploited: z.array(Exploited),
  /**
   * CVEs that a passive source names and that the known-exploited list has, but no product file: no range is known, so they decide
   * nothing. Absent: none.
   */
  listed: z.array(z.object({ cve: z.string(), kevAdded: z.string(), ransomware: z.boolean() })).optional(),
  /** The vendor's or a CERT's own guides to checking this product for integrity or traces. Absent: none known. */
  guides: z
    .array(
      z.object({
        ja: z.string(),
        en: z.string(),
        url: z.string(),
        publisher: z.string(),
        date: z.string().optional(),
      }),
    )
    .optional(),
  productId: z.string().optional(),
  firstSeen: z.string(),
  lastSeen: z.string(),
});
export type Finding = z.infer<typeof Finding>;
