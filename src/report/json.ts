import { escapeUnseen } from '../lib/hostile-text.ts';
import { DAY_MS, instantMs } from '../lib/time.ts';
import { createCorroboration, type Corroboration } from '../model/corroboration.ts';
import { openingOf, shutBefore } from '../model/exposure.ts';
import type { Finding } from '../model/finding.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Exposure, Identity, Service } from '../model/service.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { JSON_SCHEMA_NUMBER, type FindingJson, type ServiceJson } from './json-schema.ts';
import type { ReportView } from './view-model.ts';

/** Names of products; without it the ids stand alone. */
type Products = Pick<Knowledge, 'products'>;

/** The snapshot that the report was made from, as text; ends with a line feed. */
export function renderJson(view: ReportView): string {
  return `${escapeUnseen(JSON.stringify({ schema: JSON_SCHEMA_NUMBER, ...view.snapshot }, undefined, 2))}\n`;
}

/** One object per service, in the order of the snapshot. Text from the network is as it came: JSON escapes it, the reader must. */
export function servicesJson(snapshot: Snapshot, knowledge?: Products): ServiceJson[] {
  const findings = new Map<string, Finding>();
  for (const finding of snapshot.findings) {
    const known = findings.get(finding.subject);
    if (known === undefined || finding.priority < known.priority) findings.set(finding.subject, finding);
  }
  const corroboration = createCorroboration(snapshot);
  return snapshot.services.map((service) => {
    const finding = findings.get(service.key);
    return {
      schema: JSON_SCHEMA_NUMBER,
      key: service.key,
      address: service.address,
      port: service.port,
      transport: service.transport,
      protocol: service.protocol,
      site: siteJson(snapshot, service.siteId),
      class: service.class,
      role: service.role,
      product: service.identity === undefined ? null : productJson(service.identity, knowledge),
      candidates: service.candidates.map((candidate) => productJson(candidate, knowledge)),
      version: versionJson(service.version),
      authentication: service.authentication,
      certificate: service.certificate ?? null,
      tlsVersions: service.tlsVersions,
      certificateProblems: service.certificateProblems ?? [],
      tlsWeaknesses: service.tlsWeaknesses ?? [],
      tlsServerForm: service.tlsServerForm ?? null,
      jarm: service.jarm ?? null,
      label: service.label ?? null,
      names: service.names,
      ...seenJson(service, corroboration(service)),
      passiveVulns: service.passiveVulns,
      concerns: service.concerns ?? [],
      said: service.said ?? [],
      oddities: service.oddities,
      ...webJson(service),
      declared: snapshot.expected.find(({ key }) => key === service.key)?.state ?? null,
      priority: finding?.priority ?? null,
      trace: finding?.trace ?? null,
      findingKey: finding?.key ?? null,
      spokenId: finding === undefined || finding.spokenId === '' ? null : finding.spokenId,
    };
  });
}

function webJson({
  webRisks,
  indicators,
  page,
}: Service): Pick<ServiceJson, 'webRisks' | 'indicators' | 'page'> {
  return { webRisks: webRisks ?? null, indicators: indicators ?? null, page: page ?? null };
}

/** One object per finding, most urgent first; at equal priority in the order of the snapshot. */
export function findingsJson(snapshot: Snapshot, knowledge?: Products): FindingJson[] {
  const services = new Map<string, Service>(snapshot.services.map((service) => [service.key, service]));
  return snapshot.findings
    .toSorted((a, b) => (a.priority === b.priority ? 0 : a.priority < b.priority ? -1 : 1))
    .map((finding) => {
      const service = services.get(finding.subject);
      return {
        schema: JSON_SCHEMA_NUMBER,
        ...finding,
        findingKey: finding.key,
        protocol: service?.protocol ?? null,
        product: service?.identity === undefined ? null : productJson(service.identity, knowledge),
        version: versionJson(service?.version),
        authentication: service?.authentication ?? null,
        sources: (service?.sightings ?? []).map(sightingJson),
        siteId: finding.siteId ?? null,
        productId: finding.productId ?? null,
        address: service?.address ?? null,
        port: service?.port ?? null,
        transport: service?.transport ?? null,
        site: siteJson(snapshot, finding.siteId ?? service?.siteId),
        class: finding.inputs.class,
        role: finding.inputs.role,
      };
    });
}

function versionJson(version: Service['version'] | undefined): ServiceJson['version'] {
  return version?.state === 'known'
    ? { state: 'known', value: version.value, certainty: version.certainty }
    : { state: 'unknown', value: null, certainty: null };
}

function seenJson(
  { sightings, exposure, contradictions, agreements }: Service,
  corroboration: Corroboration | undefined,
): Pick<ServiceJson, 'sources' | 'exposure' | 'corroboration' | 'contradictions' | 'agreements'> {
  return {
    sources: sightings.map(sightingJson),
    exposure: exposureJson(exposure),
    corroboration: corroboration ?? null,
    contradictions,
    agreements: agreements ?? [],
  };
}

/** The newest span is the one that counts; those before it belong to the same opening unless it was found shut in between. */
function exposureJson(exposure: Exposure | undefined): ServiceJson['exposure'] {
  const span = exposure?.spans.at(-1);
  if (exposure === undefined || span === undefined) return null;
  const { first, last, spans, shut, certificateFrom } = exposure;
  // A snapshot is read from disk: what is no date has no length.
  const [from, to] = [instantMs(span.from) ?? 0, instantMs(span.to) ?? 0];
  return {
    first,
    last,
    atLeastDays: Math.max(0, Math.floor((to - from) / DAY_MS)),
    notBefore: shutBefore(exposure, openingOf(exposure)) ?? null,
    spans,
    shut,
    certificateFrom: certificateFrom ?? null,
  };
}

function sightingJson({
  source,
  vantage,
  file,
  first,
  last,
  undated,
  status,
}: Service['sightings'][number]): ServiceJson['sources'][number] {
  return { source, vantage, file: file ?? null, first, last, dated: undated !== true, status };
}

function siteJson(snapshot: Snapshot, id: string | undefined): ServiceJson['site'] {
  const site = snapshot.sites.find((one) => one.id === id);
  return site === undefined ? null : { id: site.id, name: { ja: site.ja, en: site.en } };
}

function productJson(
  identity: Identity,
  knowledge: Products | undefined,
): NonNullable<ServiceJson['product']> {
  const product = knowledge?.products.get(identity.productId);
  return {
    id: identity.productId,
    name: product?.name ?? null,
    vendor: product?.vendor ?? null,
    certainty: identity.certainty,
  };
}
