import { compareAddresses } from '../../lib/address.ts';
import { showable } from '../../lib/hostile-text.ts';
import type { Answers } from '../../model/answers.ts';
import { createCorroboration, type Corroboration } from '../../model/corroboration.ts';
import type { Finding, Priority, TraceMark } from '../../model/finding.ts';
import type { RunSummary } from '../../model/history.ts';
import type { Knowledge } from '../../model/knowledge.ts';
import type { Product } from '../../model/product.ts';
import type { Evidence, SourceName } from '../../model/observation.ts';
import type { Recheck } from '../../model/recheck.ts';
import type { Service } from '../../model/service.ts';
import type { ServiceClass } from '../../model/service-class.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { makeDates, type Dates, type Language } from '../dates.ts';
import { messagesFor, textOf, type Messages } from '../messages/index.ts';
import type { Mark } from '../view-model.ts';

/** One exchange behind a service, with the facts of its own that the snapshot does not carry. */
export interface EvidenceRecord {
  readonly label: string;
  /** ISO-8601 UTC */
  readonly observedAt: string;
  readonly source: SourceName;
  /** Where the looker stood. */
  readonly vantage?: string;
  readonly evidence: Evidence;
}

export interface ViewInput {
  readonly snapshot: Snapshot;
  readonly knowledge: Knowledge;
  /** Evidence of an observation, from the run's journal; empty when the journal is gone. */
  readonly evidence: (observationId: string) => readonly EvidenceRecord[];
  readonly lang: Language;
  /** What the owner has told; absent: nothing yet. */
  readonly answers?: Answers;
  /** Stored runs of the organisation up to this one, oldest first; absent: only this one is known. */
  readonly history?: readonly RunSummary[];
  /** Looks at single places after the run, oldest first. */
  readonly rechecks?: readonly Recheck[];
}

/** A service with the finding that weighs most; none when nothing was judged. */
export interface Entry {
  readonly service: Service;
  readonly finding: Finding | undefined;
}

/** What every section needs: the texts of the language, names, and the findings in their order. */
export interface Context {
  readonly snapshot: Snapshot;
  readonly knowledge: Knowledge;
  readonly evidence: ViewInput['evidence'];
  readonly lang: Language;
  readonly m: Messages;
  readonly dates: Dates;
  /** Most urgent first; those without a fault (verdict `clear`) are services to know about. */
  readonly findings: readonly Finding[];
  /** Every service once, in the same order; services without a finding last. */
  readonly entries: readonly Entry[];
  readonly service: (key: string) => Service | undefined;
  readonly product: (id: string | undefined) => Product | undefined;
  readonly corroboration: (service: Service) => Corroboration | undefined;
  readonly answers: Answers;
  readonly history: readonly RunSummary[];
  readonly rechecks: readonly Recheck[];
}

const PRIORITIES: readonly Priority[] = ['P1', 'P2', 'P3', 'P4'];
const TRACES: readonly TraceMark[] = ['T2', 'T1', 'T0'];

export function makeContext(input: ViewInput): Context {
  const { snapshot, knowledge, evidence, lang } = input;
  const services = new Map(snapshot.services.map((service) => [service.key, service]));
  const findings = snapshot.findings.toSorted(
    (a, b) => byUrgency(a, b) || byPlace(services.get(a.subject), services.get(b.subject)),
  );
  const first = new Map<string, Finding>();
  for (const finding of findings) if (!first.has(finding.subject)) first.set(finding.subject, finding);
  const judged = [...first.values()].flatMap((finding) => {
    const service = services.get(finding.subject);
    return service === undefined ? [] : [{ service, finding }];
  });
  const rest = snapshot.services
    .filter(({ key }) => !first.has(key))
    .toSorted(byPlace)
    .map((service) => ({ service, finding: undefined }));
  return {
    snapshot,
    knowledge,
    evidence,
    lang,
    m: messagesFor(lang),
    dates: makeDates(snapshot.timezone, lang, snapshot.endedAt),
    findings,
    entries: [...judged, ...rest],
    service: (key) => services.get(key),
    product: (id) => (id === undefined ? undefined : knowledge.products.get(id)),
    corroboration: createCorroboration(snapshot),
    answers: input.answers ?? {},
    history: input.history ?? [],
    rechecks: input.rechecks ?? [],
  };
}

function byUrgency(a: Finding, b: Finding): number {
  return (
    PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
    TRACES.indexOf(a.trace) - TRACES.indexOf(b.trace)
  );
}

function byPlace(a: Service | undefined, b: Service | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = compareAddresses(a.address, b.address) || a.port - b.port;
  if (order !== 0) return order;
  return a.key < b.key ? -1 : Number(a.key > b.key);
}

export function siteName(context: Context, id: string | undefined): string {
  const site = context.snapshot.sites.find((one) => one.id === id);
  return site === undefined ? context.m.glance.otherSite : showable(site[context.lang], 60);
}

export function siteKind(context: Context, id: string | undefined): string {
  const site = context.snapshot.sites.find((one) => one.id === id);
  return site === undefined ? '' : textOf(context.m.ids.siteKind, site.kind);
}

export function className(context: Pick<Context, 'knowledge' | 'lang'>, name: ServiceClass): string {
  return context.knowledge.classes[name].name[context.lang];
}

/** The kind in a word or two, as it is said on the phone. What is not known is said in full. */
export function shortName(context: Context, name: ServiceClass): string {
  return name === 'unknown' ? className(context, name) : context.knowledge.classes[name].short[context.lang];
}

export function productName(context: Pick<Context, 'product' | 'lang'>, id: string): string {
  const product = context.product(id);
  if (product === undefined) return showable(id, 80);
  return context.lang === 'ja' ? (product['name-ja'] ?? product.name) : product.name;
}

/** What people call the thing: the product once it is confirmed, else the kind of service. */
export function serviceName(context: Context, service: Service): string {
  const { identity } = service;
  return identity?.certainty === 'confirmed'
    ? productName(context, identity.productId)
    : shortName(context, service.class);
}

/** "443/tcp"; a passive record without a transport gives the bare number. */
export function portText(service: Pick<Service, 'port' | 'transport'>): string {
  return service.transport === 'unknown' ? `${service.port}` : `${service.port}/${service.transport}`;
}

/** "TCP", or nothing when a passive record does not say. */
export function transportText(service: Pick<Service, 'transport'>): string {
  return service.transport === 'unknown' ? '' : service.transport.toUpperCase();
}

/** "203.0.113.10:3389", "[2001:db8::1]:443" */
export function placeText(service: Pick<Service, 'address' | 'port'>): string {
  const host = service.address.includes(':') ? `[${service.address}]` : service.address;
  return showable(`${host}:${service.port}`, 80);
}

export function findingId(finding: Pick<Finding, 'spokenId' | 'key'>): string {
  return showable(finding.spokenId === '' ? finding.key.slice(0, 8) : finding.spokenId, 20);
}

export function anchorOf(finding: Pick<Finding, 'key'>): string {
  return `f-${finding.key.replace(/[^A-Za-z0-9-]/g, '').slice(0, 40)}`;
}

export function markOf(finding: Finding | undefined): Mark {
  return {
    priority: finding?.priority,
    trace: finding?.trace,
    unowned: finding !== undefined && !finding.inputs.owned,
  };
}

/** The newest sighting of a group of sources. */
export function lastSighting(
  service: Service,
  sources: readonly SourceName[],
): Service['sightings'][number] | undefined {
  return service.sightings
    .filter(({ source, status }) => sources.includes(source) && status !== 'refused-by-scope')
    .toSorted((a, b) => (a.last < b.last ? 1 : Number(a.last < b.last)))
    .at(0);
}

/** An own probe got an answer in this run's picture of the service. */
export function seenByProbe(service: Service): boolean {
  return service.sightings.some(({ source, status }) => source === 'probe' && status === 'open');
}

/** Joins texts in the language's own way and ends what lacks an end. */
export function joined(context: Context, items: readonly string[], limit = items.length): string {
  const shown = items.slice(0, limit).join(context.m.listSeparator);
  return items.length > limit ? `${shown}${context.m.today.andMore(items.length - limit)}` : shown;
}
