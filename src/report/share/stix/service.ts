/** One service with its findings as STIX objects. An own door is a place that may have been used, never an indicator of anything. */
import { showable } from '../../../lib/hostile-text.ts';
import { messagesFor, textOf } from '../../messages/index.ts';
import type { SharedFinding, SharedService } from '../shared-record.ts';
import { observablesOf } from './observables.ts';
import { STIX_TEXTS } from './texts.ts';
import { stixTime, type StixObject, type StixWriter } from './writer.ts';

export function serviceObjects(
  service: SharedService,
  findings: readonly SharedFinding[],
  writer: StixWriter,
): StixObject[] {
  const { address, traffic, certificate, software } = observablesOf(service, writer);
  const place = writer.object('infrastructure', service.id, {
    name: service.id,
    description: describe(service, findings),
    infrastructure_types: ['unknown'],
    labels: labelsOf(service, findings),
  });
  const isSure = service.product?.certainty === 'confirmed';
  const parts = [address, certificate].filter((one) => one !== undefined);
  const data = observed(
    service,
    {
      place: [address, traffic].filter((one) => one !== undefined),
      content: [certificate, isSure ? software : undefined].filter((one) => one !== undefined),
    },
    writer,
  );
  return [
    place,
    ...[address, traffic, certificate, software].filter((one) => one !== undefined),
    ...data,
    ...parts.map((part) => relation(writer, place, 'consists-of', part)),
    ...(software === undefined ? [] : [softwareRelation(writer, place, software, isSure)]),
    ...findings.flatMap((finding) => weaknesses(finding, place, writer)),
    ...campaignPaths(service, data, writer),
  ];
}

interface Seen {
  readonly place: readonly StixObject[];
  readonly content: readonly StixObject[];
}

/** That a place was open is known of every look; what stood there, of the newest one alone. */
function observed(service: SharedService, { place, content }: Seen, writer: StixWriter): StixObject[] {
  const looks = service.seen.filter(({ status }) => status === 'open');
  const all = timesOf(looks.flatMap(({ first, last }) => [first, last]));
  const own = looks.filter(({ source }) => source === 'probe');
  const newest = timesOf((own.length > 0 ? own : looks).map(({ last }) => last)).at(-1);
  const data = (
    name: string,
    objects: readonly StixObject[],
    times: readonly (string | undefined)[],
    count: number,
  ): StixObject[] => {
    const [first, last = first] = times;
    if (first === undefined || objects.length === 0) return [];
    const object_refs = objects.map(({ id }) => id);
    return [
      writer.object('observed-data', name, {
        first_observed: first,
        last_observed: last,
        number_observed: count,
        object_refs,
      }),
    ];
  };
  return [
    // At least once by each source; how often is not kept.
    ...data(service.id, place, [all[0], all.at(-1)], looks.length),
    ...data(`${service.id} content`, content, [newest], 1),
  ];
}

/** In order; what is no time is left out. */
function timesOf(times: readonly string[]): string[] {
  return times.flatMap((at) => stixTime(at) ?? []).toSorted();
}

function softwareRelation(
  writer: StixWriter,
  place: StixObject,
  software: StixObject,
  isSure: boolean,
): StixObject {
  return isSure
    ? relation(writer, place, 'consists-of', software)
    : relation(writer, place, 'related-to', software, STIX_TEXTS.inferred);
}

function weaknesses({ exploited }: SharedFinding, place: StixObject, writer: StixWriter): StixObject[] {
  return exploited.flatMap(({ cve, grade, kevAdded }) => {
    const listed =
      kevAdded === undefined
        ? []
        : [
            {
              source_name: STIX_TEXTS.listedBy,
              description: STIX_TEXTS.listed(showable(kevAdded, 10)),
            },
          ];
    const weakness = writer.object('vulnerability', cve, {
      name: cve,
      external_references: [{ source_name: 'cve', external_id: cve }, ...listed],
    });
    const kind = grade === 'confirmed' ? 'has' : 'related-to';
    return [weakness, relation(writer, place, kind, weakness, STIX_TEXTS.grades[grade])];
  });
}

function relation(
  writer: StixWriter,
  from: StixObject,
  kind: string,
  to: StixObject,
  description?: string,
): StixObject {
  return writer.object('relationship', `${from.id} ${kind} ${to.id}`, {
    relationship_type: kind,
    source_ref: from.id,
    target_ref: to.id,
    ...(description === undefined ? {} : { description }),
  });
}

/** The path is the indicator, and the report that names it says so; that it answered here is a sighting. */
function campaignPaths(
  service: SharedService,
  data: readonly StixObject[],
  writer: StixWriter,
): StixObject[] {
  const refs = data.map(({ id }) => id);
  return service.campaignPaths.flatMap(({ id, path, source }) => {
    const indicator = writer.object('indicator', id, {
      name: showable(STIX_TEXTS.path.name(path), 300),
      description: STIX_TEXTS.path.about,
      indicator_types: ['anomalous-activity'],
      pattern: `[network-traffic:extensions.'http-request-ext'.request_value = '${patternText(path)}']`,
      pattern_type: 'stix',
      pattern_version: '2.1',
      valid_from: writer.created,
      external_references: [{ source_name: STIX_TEXTS.path.source, url: source }],
    });
    return [
      indicator,
      writer.object('sighting', `${service.id} ${id}`, {
        sighting_of_ref: indicator.id,
        where_sighted_refs: [writer.idOf('identity', 'sender')],
        ...(refs.length === 0 ? {} : { observed_data_refs: refs }),
        description: STIX_TEXTS.path.seen(service.id),
      }),
    ];
  });
}

/** Within quotes of a STIX pattern. */
export function patternText(text: string): string {
  return showable(text, 300).replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}

function describe(service: SharedService, findings: readonly SharedFinding[]): string {
  const { ids } = messagesFor('en');
  return [
    STIX_TEXTS.own(service.role),
    STIX_TEXTS.kind(service.class, showable(service.protocol, 40)),
    ...(service.open === undefined
      ? []
      : [STIX_TEXTS.open(dayOf(service.open.first), dayOf(service.open.last))]),
    STIX_TEXTS.authentication(ids.authentication[service.authentication.kind]),
    ...service.concerns.map((id) => STIX_TEXTS.concern(ids.concern[id])),
    ...service.webRisks.map((id) => `${ids.webRisk[id]}.`),
    ...findings.map((finding) => judgement(finding)),
  ].join(' ');
}

function judgement({ id, priority, trace, certainty, reach, knownUse, missing }: SharedFinding): string {
  const { ids } = messagesFor('en');
  const marks = [
    `${priority} (${ids.priority[priority]})`,
    `${trace} (${ids.trace[trace]})`,
    ids.certainty[certainty],
  ];
  const facts = missing.map((one) => textOf(ids.input, one));
  const text = STIX_TEXTS.finding(showable(id, 20), marks, ids.reach[reach], ids.knownUse[knownUse]);
  return `${text}${STIX_TEXTS.missing(facts)}`;
}

function dayOf(at: string): string {
  return showable(at, 10);
}

function labelsOf(service: SharedService, findings: readonly SharedFinding[]): string[] {
  const marks = findings.flatMap(({ priority, trace }) => [priority.toLowerCase(), trace.toLowerCase()]);
  return [...new Set([service.class, service.role, ...marks])];
}
