/** Shape of the machine forms. Additive changes only within one `schema` number; the CLI can publish it as JSON Schema. */
import { z } from 'zod';
import { Corroboration } from '../model/corroboration.ts';
import { CONCERNS } from '../model/facts.ts';
import { Certificate } from '../model/facts.ts';
import { Finding, Priority, TraceMark } from '../model/finding.ts';
import { ObservationStatus, SourceName, Transport } from '../model/observation.ts';
import { Contradiction, Exposure, Service } from '../model/service.ts';
import { Certainty, Role, ServiceClass } from '../model/service-class.ts';
import { Snapshot } from '../model/snapshot.ts';
import { IndicatorCheck, WebPage, WebRisk } from '../model/web.ts';
import { CertificateProblem, TlsWeakness } from '../model/tls-problems.ts';

export const JSON_SCHEMA_NUMBER = 1;

const ProductJson = z.object({
  id: z.string(),
  /** null: the product file is not in the knowledge that wrote this. */
  name: z.string().nullable(),
  vendor: z.string().nullable(),
  certainty: Certainty,
});

const VersionJson = z.object({
  state: z.enum(['known', 'unknown']),
  value: z.string().nullable(),
  certainty: Certainty.nullable(),
});

const SightingJson = z.object({
  source: SourceName,
  vantage: z.string(),
  /** Name of the imported file. null: not a file. */
  file: z.string().nullable(),
  /** ISO-8601 UTC */
  first: z.string(),
  last: z.string(),
  /** false: nobody dated these looks; the dates are those of the file. */
  dated: z.boolean(),
  status: ObservationStatus,
});

/** Since when it is open, by the dates of all looks. ISO-8601 UTC. */
const ExposureJson = z.object({
  first: z.string(),
  last: z.string(),
  /** Whole days of the newest span. */
  atLeastDays: z.number().int(),
  /** Newest look before it opened that found it shut. null: none, so it may be open since any time before. */
  notBefore: Exposure.shape.shut.element.nullable(),
  spans: Exposure.shape.spans,
  shut: Exposure.shape.shut,
  certificateFrom: z.string().nullable(),
});

/** One service: what answers at one place, with the finding that weighs most. Absent facts are null, never left out. */
export const ServiceJson = z.object({
  schema: z.literal(JSON_SCHEMA_NUMBER),
  key: z.string(),
  address: z.string(),
  port: z.number().int(),
  transport: Transport,
  protocol: z.string(),
  site: z.object({ id: z.string(), name: z.object({ ja: z.string(), en: z.string() }) }).nullable(),
  class: ServiceClass,
  role: Role,
  product: ProductJson.nullable(),
  candidates: z.array(ProductJson),
  version: VersionJson,
  authentication: Service.shape.authentication,
  certificate: Certificate.nullable(),
  tlsVersions: z.array(z.string()),
  certificateProblems: z.array(CertificateProblem),
  tlsWeaknesses: z.array(TlsWeakness),
  tlsServerForm: z.string().nullable(),
  jarm: z.string().nullable(),
  label: z.string().nullable(),
  names: z.array(z.string()),
  sources: z.array(SightingJson),
  /** null: nobody who gives a date for this port found it open. */
  exposure: ExposureJson.nullable(),
  corroboration: Corroboration.nullable(),
  contradictions: z.array(Contradiction),
  agreements: z.array(Contradiction),
  passiveVulns: z.array(z.string()),
  /** Weaknesses that the protocol's own answer shows. */
  concerns: z.array(z.enum(CONCERNS)),
  /** Name and value, in the protocol's own terms. */
  said: z.array(z.tuple([z.string(), z.string()])),
  oddities: Service.shape.oddities,
  webRisks: z.array(WebRisk).nullable(),
  indicators: IndicatorCheck.nullable(),
  page: WebPage.nullable(),
  declared: z.string().nullable(),
  priority: Priority.nullable(),
  trace: TraceMark.nullable(),
  findingKey: z.string().nullable(),
  spokenId: z.string().nullable(),
});
export type ServiceJson = z.infer<typeof ServiceJson>;

/** One finding with what is known of the place it is about; the same words as in `ServiceJson`. */
export const FindingJson = z.object({
  schema: z.literal(JSON_SCHEMA_NUMBER),
  ...Finding.shape,
  findingKey: z.string(),
  protocol: z.string().nullable(),
  product: ProductJson.nullable(),
  version: VersionJson,
  authentication: Service.shape.authentication.nullable(),
  sources: z.array(SightingJson),
  address: z.string().nullable(),
  port: z.number().int().nullable(),
  transport: Transport.nullable(),
  site: ServiceJson.shape.site,
  class: ServiceClass,
  role: Role,
  siteId: z.string().nullable(),
  productId: z.string().nullable(),
});
export type FindingJson = z.infer<typeof FindingJson>;

/** The whole run: the snapshot as it lies on disk, with the number of this form in front. */
export const ReportJson = z.object({ schema: z.literal(JSON_SCHEMA_NUMBER), ...Snapshot.shape });
