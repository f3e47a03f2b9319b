/**
 * What `bundle.json` holds, and all that the other files of a bundle are made from. Built field by field from a run (`build.ts`),
 * already redacted for its envelope and mark: whoever writes a file from it need not know what has to be left out. What is optional
 * is absent when the mark does not allow it, or when it is not known; which of the two, `kept` and `dropped` say.
 */
import { z } from 'zod';
import { CONTROLS } from '../../model/answers.ts';
import { CONCERNS } from '../../model/facts.ts';
import { KnownUse, MISSING_INPUTS, Priority, TraceMark } from '../../model/finding.ts';
import { ObservationStatus, SourceName, Transport } from '../../model/observation.ts';
import { AUTHENTICATION_FACTS, ODDITIES } from '../../model/service.ts';
import { Certainty, Role, ServiceClass } from '../../model/service-class.ts';
import { Texts } from '../../model/texts.ts';
import { CertificateProblem, TlsWeakness } from '../../model/tls-problems.ts';
import { WEB_RISKS } from '../../model/web.ts';
import { ENVELOPES, PASSING_ON, REGIONS, SECTORS, SIZES, TLP_MARKS } from './choices.ts';
import { SHARE_FIELDS } from './fields.ts';

export { ENVELOPES, isRedacted, PASSING_ON, REGIONS, SECTORS, SIZES } from './choices.ts';
export type { Envelope, TlpMark } from './choices.ts';

export const SHARE_SCHEMA = 1;

/** CLEAR, GREEN: a day, "2026-11-20", UTC. AMBER: ISO-8601 UTC to the second or finer. */
const Moment = z.string();
/** Stable label under the organisation's key: "HOST-7F3K". */
const Label = z.string().regex(/^[A-Z]+-[0-9A-Z]{4,}$/);
const Cve = z.string().regex(/^CVE-\d{4}-\d{4,}$/);

/** One message: bytes of one direction, in a file of their own. */
export const SharedMessage = z.object({
  /** none: nothing was sent or came · as-is · masked: text, a ▒ for each byte that is masked · withheld: the bytes are not here. */
  state: z.enum(['none', 'as-is', 'masked', 'withheld']),
  /** Why it is withheld. */
  reason: z
    .enum(['encrypted-handshake', 'certificate', 'not-text', 'third-party-record', 'nothing-left'])
    .optional(),
  /** Path in the bundle. */
  file: z.string().optional(),
  /** SHA-256 of that file, hex. */
  sha256: z.string().optional(),
  /** Masked: offset of the first byte and number of bytes. A character of the file is a byte of the message. */
  masked: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** The end was cut off: with masks, its length is not told; as-is, the run itself kept no more. */
  cut: z.literal(true).optional(),
  /** As-is only: SHA-256 of all that came, as the run noted it, before cutting. */
  originalSha256: z.string().optional(),
});
export type SharedMessage = z.infer<typeof SharedMessage>;

/** One exchange. */
export const SharedEvidence = z.object({
  /** "E-0001" */
  id: z.string(),
  /** `SharedService.id`, and the findings about it are found by the same. */
  service: z.string(),
  /** "http GET /", "ssh key exchange": masked like text. */
  what: z.string(),
  source: SourceName,
  at: Moment,
  sent: SharedMessage,
  received: SharedMessage,
});
export type SharedEvidence = z.infer<typeof SharedEvidence>;

export const SharedProduct = z.object({
  /** Of the shipped product files; a product file of the organisation itself is not named in CLEAR and GREEN. */
  id: z.string(),
  name: z.string(),
  vendor: z.string(),
  certainty: Certainty,
});
export type SharedProduct = z.infer<typeof SharedProduct>;

/** What AMBER alone holds of a place. Hostile text, as it came. */
export const SharedIdentity = z.object({
  address: z.string(),
  /** Host names seen there. */
  names: z.array(z.string()),
  label: z.string().optional(),
  certificate: z
    .object({
      sha256: z.string(),
      subject: z.string(),
      issuer: z.string(),
      serial: z.string(),
      notBefore: z.string().optional(),
      notAfter: z.string().optional(),
      names: z.array(z.string()),
    })
    .optional(),
  tlsServerForm: z.string().optional(),
  jarm: z.string().optional(),
  pageSha256: z.string().optional(),
  said: z.array(z.tuple([z.string(), z.string()])),
});
export type SharedIdentity = z.infer<typeof SharedIdentity>;

export const SharedService = z.object({
  /** "HOST-7F3K:443/tcp": host label, port and transport. */
  id: z.string(),
  host: Label,
  /** ISO 3166-1 alpha-2, of the connection point. Absent: not known. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  /** Kind of connection: no more is known of the network. */
  network: z.enum(['premises', 'cloud', 'mobile-line', 'unknown']),
  port: z.number(),
  transport: Transport,
  /** "https", "rdp" …; "other" when its name is not a common one. */
  protocol: z.string(),
  class: ServiceClass,
  role: Role,
  product: SharedProduct.optional(),
  /** Absent: not known, or its text could be a name. */
  version: z.object({ value: z.string(), certainty: Certainty }).optional(),
  authentication: z.object({
    kind: z.enum(['none', 'password', 'strong', 'unknown']),
    facts: z.array(z.enum(AUTHENTICATION_FACTS)),
  }),
  tlsVersions: z.array(z.enum(['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])),
  certificateProblems: z.array(CertificateProblem),
  tlsWeaknesses: z.array(TlsWeakness),
  concerns: z.array(z.enum(CONCERNS)),
  oddities: z.array(z.enum(ODDITIES)),
  webRisks: z.array(z.enum(WEB_RISKS)),
  /** Paths that public reports name for a campaign and that answered unlike made-up neighbours. No proof by itself. */
  campaignPaths: z.array(
    z.object({
      id: z.string(),
      method: z.enum(['GET', 'HEAD']),
      path: z.string(),
      status: z.number(),
      source: z.string(),
    }),
  ),
  /** CVEs that a passive source names for it, unverified. */
  passiveCves: z.array(Cve),
  /** Who found it open or not, newest look of each. */
  seen: z.array(z.object({ source: SourceName, status: ObservationStatus, first: Moment, last: Moment })),
  /** Since when it is known to be open. Absent: nobody has dated it. */
  open: z.object({ first: Moment, last: Moment }).optional(),
  /** AMBER only. */
  identity: SharedIdentity.optional(),
});
export type SharedService = z.infer<typeof SharedService>;

const YesNo = z.enum(['yes', 'no', 'unknown']);

/** What the owner has told of one door; envelope `victim` only. Absent keys: not answered, which is not a no. */
export const SharedAnswer = z.object({
  openedOn: Moment.optional(),
  mayClose: YesNo.optional(),
  logDays: z.number().optional(),
  logOldest: Moment.optional(),
  logOffBox: YesNo.optional(),
  controls: z.partialRecord(z.enum(CONTROLS), YesNo).optional(),
  /** AMBER only: the owner's own words by question ("purpose", "sources", "note" …). */
  words: z.array(z.object({ question: z.string(), text: z.string() })),
});
export type SharedAnswer = z.infer<typeof SharedAnswer>;

export const SharedFinding = z.object({
  /** Spoken id, "B-07": says nothing about the organisation, and its own report has it. */
  id: z.string(),
  /** `SharedService.id` */
  service: z.string(),
  priority: Priority,
  trace: TraceMark,
  certainty: Certainty,
  verdict: z.enum(['found', 'clear', 'unknown']),
  reach: z.enum(['everyone', 'some', 'passive-only', 'unknown']),
  knownUse: KnownUse,
  support: z.enum(['ended', 'current', 'unknown']),
  /** Facts that the judgement lacks. */
  missing: z.array(z.enum(MISSING_INPUTS)),
  reopened: z.boolean(),
  misuse: z.boolean(),
  exploited: z.array(
    z.object({
      cve: Cve,
      grade: z.enum(['confirmed', 'product-matches', 'passive-only', 'to-confirm']),
      kevAdded: z.string().optional(),
      ransomware: z.boolean(),
      fixed: z.array(z.string()),
    }),
  ),
  firstSeen: Moment,
  lastSeen: Moment,
  answer: SharedAnswer.optional(),
});
export type SharedFinding = z.infer<typeof SharedFinding>;

/** Who shares, as far as the mark allows. */
const Sender = z.object({
  /** AMBER only, "ORG-K7F3": the same in every bundle of this organisation. */
  label: Label.optional(),
  /** Both languages, AMBER with the owner's word only. */
  names: z.object({ ja: z.string(), en: z.string() }).optional(),
  sector: z.enum(SECTORS).optional(),
  size: z.enum(SIZES).optional(),
  region: z.enum(REGIONS).optional(),
  /** How to reach the sender, in his words. AMBER only; absent: through whoever handed the bundle on. */
  contact: z.string().optional(),
});

export const SharedBundle = z.object({
  schema: z.literal(SHARE_SCHEMA),
  /** "BUNDLE-9CK4": the same for the same run. */
  id: Label,
  envelope: z.enum(ENVELOPES),
  tlp: z.enum(TLP_MARKS),
  sender: Sender,
  tool: z.object({ name: z.literal('sekisho'), version: z.string(), advisoryData: z.string() }),
  /** When the run looked. */
  looked: z.object({ from: Moment, to: Moment, complete: z.boolean(), passive: z.boolean() }),
  /** IANA name of the sender's zone. AMBER only. */
  timezone: z.string().optional(),
  /** Hosts of which something is shared. */
  hosts: z.number(),
  services: z.array(SharedService),
  findings: z.array(SharedFinding),
  evidence: z.array(SharedEvidence),
  /** Exchanges of these services that are not in it: the bundle is full, or evidence was not wanted. */
  evidenceLeftOut: z.number(),
  /** Addresses of others that the sender has named himself, such as an attacker's. They may be victims themselves. */
  otherParties: z.array(z.string()),
  /** Desks that have been told. CLEAR, GREEN: public desks only, by their short names. */
  told: z.array(z.object({ who: Texts, on: Moment.optional() })),
  /** Of which nothing more is said: told, but not shared here. */
  toldOthers: z.number(),
  /** May the reader pass it on? Absent: not said; the mark holds. */
  passingOn: z.enum(PASSING_ON).optional(),
  /** The sender's own words for this bundle; CLEAR, GREEN: what could name him is masked. */
  note: z.string().optional(),
  /** Kinds of fields of the table in section 14 of the report: kept as they are, changed, left out. */
  fields: z.array(z.object({ field: z.enum(SHARE_FIELDS), treatment: z.enum(['keep', 'change', 'drop']) })),
});
export type SharedBundle = z.infer<typeof SharedBundle>;
