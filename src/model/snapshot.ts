import { z } from 'zod';
import { Finding, Priority, TraceMark } from './finding.ts';
import { Asset } from './import.ts';
import { SourceName } from './observation.ts';
import { Exposure, Service } from './service.ts';
import { ServiceClass } from './service-class.ts';
import { WebPage } from './web.ts';

export const SNAPSHOT_SCHEMA = 1;

/**
 * How something that may belong to the organisation came up: message ids of the report.
 *
 * - certificate, remote-desktop, passive-name: a name in a certificate, in the answer of a Windows host, in a passive record
 * - domain, certificate-name, organisation, asn: a search of Shodan built from the organisation file
 * - favicon, same-certificate, same-page: a search of Shodan for what an own service shows
 * - ledger: a row of the organisation's own list that lies outside the ranges
 */
export const CANDIDATE_REASONS = [
  'certificate',
  'remote-desktop',
  'passive-name',
  'domain',
  'certificate-name',
  'organisation',
  'asn',
  'favicon',
  'same-certificate',
  'same-page',
  'ledger',
] as const;
export type CandidateReason = (typeof CANDIDATE_REASONS)[number];

/** A name or an address that may be the organisation's own and is not in its file. Listed for the owner, never contacted. */
export const Candidate = z.object({
  kind: z.enum(['name', 'address']),
  /** Lower case name, or address. Hostile text. */
  value: z.string(),
  /** At most 10, sorted. */
  found: z.array(
    z.object({
      why: z.enum(CANDIDATE_REASONS),
      /** Key of the service, text of the search, or name of the file. Hostile text. */
      by: z.string(),
      source: SourceName,
      /** Date of the fact, ISO-8601 UTC. */
      at: z.string(),
    }),
  ),
  /** What the passive source says stands there: "443/tcp nginx". Hostile text, at most 5. */
  shows: z.array(z.string()),
});
export type Candidate = z.infer<typeof Candidate>;

/** A run from another vantage point on the same day: which places it reached. */
export const Elsewhere = z.object({
  vantage: z.string(),
  runId: z.string(),
  endedAt: z.string(),
  /** Every place that this run or that one found, by service key. `not-looked`: that run cannot tell. */
  places: z.record(z.string(), z.enum(['open', 'closed', 'no-answer', 'not-looked'])),
});
export type Elsewhere = z.infer<typeof Elsewhere>;

/** Why a source did not look at all, or not at some place: message ids of the report, which has a text for each. */
export const COVERAGE_REASONS = [
  'no-key',
  'bad-key',
  'network',
  'no-credits',
  'credit-cap',
  'plan-lacks',
  'switched-off',
  'interrupted',
  'rate-limited',
  'no-permission',
  'outside-window',
  'passive',
  'ipv6-too-large',
  'ipv6-not-supported',
  'unfinished',
  'resolve-failed',
  'excluded',
  'permission-expired',
  'not-in-scope',
  'not-an-address',
  'not-accepted',
  'incomplete-answer',
  'too-many-addresses',
  'unreadable-record',
  'nothing-to-look-at',
  'no-history',
  'not-installed',
  'no-raw-sockets',
  'tool-failed',
  'file-missing',
  'file-unreadable',
  'file-cut',
  'file-broken-records',
  'file-other-ranges',
  'unexpected',
] as const;
export type CoverageReason = (typeof COVERAGE_REASONS)[number];

/** Places that a source did not look at, and why. Read leniently: a snapshot of another version may name other reasons. */
export const NotLooked = z.object({ what: z.string(), reason: z.string(), count: z.number() });
export type NotLooked = z.infer<typeof NotLooked>;

/** The same as the sources write it. */
export interface Gap extends NotLooked {
  readonly reason: CoverageReason;
}

/** What the discovery really looked at, so that the diff can tell "closed" from "not looked". */
export const LookedAt = z.object({
  /** Port list in range form: "21-23,25,443". */
  ports: z.string(),
  /** Address ranges that were wholly looked at on all `ports`. */
  addresses: z.array(z.string()),
  /** Exceptions: places not finished when the run ended. */
  unfinished: z.array(z.object({ address: z.string(), ports: z.string() })),
  /** Hosts that answered at all. A looked-at port that is in neither list gave no answer. */
  responding: z.array(z.object({ address: z.string(), open: z.string(), closed: z.string() })),
  /** Absent: no UDP port was asked. */
  udp: z
    .object({
      /** Ports at which the question of a protocol was asked, of all `addresses`. */
      ports: z.string(),
      /** Of those, ports that were not finished. */
      unfinished: z.string(),
      /** Hosts that answered, or refused (ICMP). Silence is in no list and proves nothing. */
      responding: z.array(z.object({ address: z.string(), open: z.string(), closed: z.string() })),
    })
    .optional(),
});
export type LookedAt = z.infer<typeof LookedAt>;

export const SourceCoverage = z.object({
  source: SourceName,
  vantage: z.string(),
  /** Name of the imported file that this row is about. Hostile text. Absent: not a file. */
  file: z.string().optional(),
  /** complete · partial: some places missing · failed: nothing usable · off: not asked, on purpose. */
  state: z.enum(['complete', 'partial', 'failed', 'off']),
  /** One of `COVERAGE_REASONS`, when this version wrote it. */
  reason: z.string().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** Addresses in scope for this source, looked at, and that answered. */
  addresses: z.number(),
  looked: z.number(),
  answered: z.number(),
  notLooked: z.array(NotLooked),
  lookedAt: LookedAt.optional(),
  /** Connections opened (probe) or requests sent (passive). */
  requests: z.number(),
  credits: z.object({ spent: z.number(), left: z.number().optional() }).optional(),
  /** Newest date of the data itself, for passive sources. */
  dataDate: z.string().optional(),
  refusedByScope: z.number(),
});
export type SourceCoverage = z.infer<typeof SourceCoverage>;

/**
 * Why this run cannot say whether a thing is still there: message ids of the report.
 *
 * - probe-off, probe-failed: the own probes sent nothing, or nothing usable came of it
 * - not-finished: the run ended before it was this place's turn
 * - address-not-asked, port-not-asked: not in what the discovery swept (address range, port profile)
 * - not-tcp: UDP ports were not asked
 * - udp-silent: a UDP port was asked and gave no answer, which is what an open one does too
 * - no-conversation: something accepts connections, but what it is was not learnt this time
 * - passive-incomplete: known from passive sources only, and not all of those answered in full
 * - scope-changed: the place is no longer in the organisation file; told once, when the file changes
 */
export const NOT_CHECKED_REASONS = [
  'probe-off',
  'probe-failed',
  'not-finished',
  'address-not-asked',
  'port-not-asked',
  'not-tcp',
  'udp-silent',
  'no-conversation',
  'passive-incomplete',
  'scope-changed',
] as const;
export type NotCheckedReason = (typeof NOT_CHECKED_REASONS)[number];

/** State of a finding across runs. */
export const RegisterEntry = z.object({
  key: z.string(),
  spokenId: z.string(),
  subject: z.string(),
  siteId: z.string().optional(),
  productId: z.string().optional(),
  class: ServiceClass,
  priority: Priority,
  trace: TraceMark,
  state: z.enum(['open', 'not-seen', 'closed']),
  /** Consecutive looks that did not see it. */
  misses: z.number(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  /** Newest sighting by each source: tells what an own probe has seen from what is known by hearsay. */
  seenBy: z.partialRecord(SourceName, z.string()).optional(),
  /** Last closing; stays after a re-opening, so read `state` first. */
  closedAt: z.string().optional(),
  /** Last time it was seen again after it had been closed; raises the priority for 90 days. */
  reopenedAt: z.string().optional(),
  /** Short digest of what the diff compares (product, version, certificate, authentication). */
  appearance: z.record(z.string(), z.string()),
});
export type RegisterEntry = z.infer<typeof RegisterEntry>;

/** A top page as it last came, carried from run to run: the content watch compares with it. */
export const SeenPage = z.object({ key: z.string(), seenAt: z.string(), page: WebPage });
export type SeenPage = z.infer<typeof SeenPage>;

/** Since when a place was known to be open that this run did not find, by service key: it may come back. */
export const KeptExposure = z.object({ key: z.string(), exposure: Exposure });
export type KeptExposure = z.infer<typeof KeptExposure>;

/** One run, self-contained. Written once, atomically. */
export const Snapshot = z.object({
  schemaVersion: z.literal(SNAPSHOT_SCHEMA),
  runId: z.string(),
  organisation: z.object({ id: z.string(), ja: z.string(), en: z.string() }),
  sites: z.array(
    z.object({
      id: z.string(),
      ja: z.string(),
      en: z.string(),
      country: z.string(),
      kind: z.string(),
      ranges: z.array(z.string()),
      hosts: z.array(z.string()),
      contact: z.string().optional(),
    }),
  ),
  permission: z.object({ by: z.string(), reference: z.string(), validUntil: z.string() }).optional(),
  maintainer: z.object({ name: z.string(), phone: z.string().optional() }).optional(),
  exclusions: z.array(z.string()),
  timezone: z.string(),
  tlp: z.string(),
  vantage: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  /** false when the run was stopped or killed and this was made from what the journal held. */
  complete: z.boolean(),
  passive: z.boolean(),
  tool: z.object({
    version: z.string(),
    knowledge: z.string(),
    advisoryData: z.string(),
    /** Whole days that the advisory data was old when this was judged. Absent in snapshots from before it was kept. */
    advisoryAgeDays: z.number().optional(),
    /** The known-exploited list that `sekisho kb update` had taken over; absent: the one that ships. */
    advisoryList: z
      .object({ catalogVersion: z.string(), released: z.string(), sha256: z.string(), entries: z.number() })
      .optional(),
  }),
  scopeDigest: z.string(),
  coverage: z.array(SourceCoverage),
  services: z.array(Service),
  findings: z.array(Finding),
  expected: z.array(
    z.object({
      key: z.string(),
      owner: z.string(),
      reason: z.string(),
      until: z.string(),
      ticket: z.string().optional(),
      /** Addresses or names that alone should reach it, as declared. Absent: everyone. */
      allowedSources: z.array(z.string()).optional(),
      /** Vantage points that reached it and are not among `allowedSources` by name. Absent: none. */
      reachedFrom: z.array(z.string()).optional(),
      /** as-declared · differs: another product or class stands there · missing: looked at, not seen · not-checked. */
      state: z.enum(['as-declared', 'differs', 'missing', 'not-checked', 'expired']),
    }),
  ),
  /** Every finding ever seen here, open or not; carried from run to run. */
  register: z.array(RegisterEntry),
  /** By service key. Absent in snapshots from before the content watch. */
  pages: z.array(SeenPage).optional(),
  /** Of places that are no service of this run. Absent in snapshots from before they were kept. */
  exposures: z.array(KeptExposure).optional(),
  /** By value. Absent in snapshots from before they were kept. */
  candidates: z.array(Candidate).optional(),
  /** The organisation's own list of devices, as imported. Absent: none was given. */
  assets: z.array(Asset).optional(),
  /** Newest run of the same day from each other vantage point. Absent: none. */
  elsewhere: z.array(Elsewhere).optional(),
  previousRun: z.object({ runId: z.string(), endedAt: z.string(), scopeDigest: z.string() }).optional(),
  changes: z.array(
    z.object({
      kind: z.enum([
        'new',
        're-opened',
        'changed',
        'raised',
        'lowered',
        'closed',
        'not-seen',
        'not-checked',
        'expiring',
        'content-changed',
        'content-varied',
      ]),
      key: z.string(),
      spokenId: z.string(),
      subject: z.string(),
      siteId: z.string().optional(),
      class: ServiceClass,
      productId: z.string().optional(),
      priority: Priority,
      trace: TraceMark,
      priorityBefore: Priority.optional(),
      /**
       * For `changed`, `re-opened` and `content-changed`: which facts, from what to what. `content-varied`: the page's stable hash, for
       * information only. For `expiring`: what = until, to = the date.
       * For `not-seen` and `closed`: how it was missed: closed, no-answer, unlisted, mended.
       * For `not-checked`: what = the reason (`NOT_CHECKED_REASONS`), from and to empty.
       */
      details: z.array(z.object({ what: z.string(), from: z.string(), to: z.string() })),
      firstSeen: z.string(),
      ticket: z.string().optional(),
    }),
  ),
});
export type Snapshot = z.infer<typeof Snapshot>;
export type Change = Snapshot['changes'][number];
export type ExpectedState = Snapshot['expected'][number];
