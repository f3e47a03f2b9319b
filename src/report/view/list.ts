import { showable } from '../../lib/hostile-text.ts';
import { reachedSightings } from '../../model/corroboration.ts';
import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import { textOf } from '../messages/index.ts';
import type { ListRow, ListView } from '../view-model-list.ts';
import {
  className,
  findingId,
  lastSighting,
  productName,
  siteKind,
  siteName,
  transportText,
  type Context,
} from './context.ts';
import { exposureLines } from './exposure.ts';
import { groundText } from './finding.ts';
import { sourceName } from './sources.ts';
import { deadlines } from './today.ts';
import { declaredCell, headline, versionText } from './words.ts';

export function buildList(context: Context): ListView {
  const judged = context.findings.flatMap((finding): ListRow[] => {
    const service = context.service(finding.subject);
    return service === undefined ? [] : [judgedRow(context, finding, service)];
  });
  const rest = context.entries
    .filter(({ finding }) => finding === undefined)
    .map(({ service }) => seenRow(context, service));
  return {
    rows: [...judged, ...rest],
    rules: context.knowledge.decisions.rows.map(({ id, number, priority, trace }) => ({
      id,
      number,
      priority,
      trace,
    })),
  };
}

function judgedRow(context: Context, finding: Finding, service: Service): ListRow {
  const { m, dates } = context;
  const { ids } = m;
  const { inputs } = finding;
  return {
    ...seenRow(context, service),
    finding,
    id: findingId(finding),
    priority: finding.priority,
    priorityWord: ids.priority[finding.priority],
    trace: finding.trace,
    traceWord: ids.trace[finding.trace],
    headline: headline(context, finding, service),
    site: siteName(context, finding.siteId ?? service.siteId),
    siteKind: siteKind(context, finding.siteId ?? service.siteId),
    reach: ids.reach[inputs.reach],
    knownUse: ids.knownUse[inputs.knownUse],
    cves: finding.exploited.map(({ cve }) => showable(cve, 30)),
    support: ids.support[inputs.support],
    firstSeen: dates.numeric(finding.firstSeen),
    lastSeen: dates.numeric(finding.lastSeen),
    certainty: ids.certainty[finding.certainty],
    ...deadlines(context, finding.priority),
    ground: groundText(context, finding),
    missing: finding.missing.map((id) => textOf(ids.input, id)),
  };
}

function seenRow(context: Context, service: Service): ListRow {
  const { m, dates } = context;
  const { identity } = service;
  const newest = lastSighting(
    service,
    service.sightings.map(({ source }) => source),
  );
  return {
    finding: undefined,
    service,
    id: '',
    priority: undefined,
    priorityWord: m.doors.notJudged,
    trace: undefined,
    traceWord: '',
    headline: '',
    site: siteName(context, service.siteId),
    siteKind: siteKind(context, service.siteId),
    address: showable(service.address, 60),
    port: service.port,
    transport: transportText(service),
    kind: className(context, service.class),
    product: identity === undefined ? m.doors.productUnknown : productName(context, identity.productId),
    version: versionText(context, service),
    productCertainty: identity === undefined ? '' : m.ids.certainty[identity.certainty],
    authentication: m.ids.authentication[service.authentication.kind],
    reach: '',
    knownUse: '',
    cves: [],
    support: '',
    declared: declaredCell(context, service).text,
    firstSeen: service.exposure === undefined ? '' : dates.numeric(service.exposure.first),
    lastSeen: newest === undefined ? '' : dates.numeric(newest.last),
    exposure: exposureLines(context, service).join(m.listSeparator),
    sources: [...new Set(reachedSightings(service).map((one) => sourceName(m, one)))],
    certainty: '',
    begin: '',
    finish: '',
    ground: '',
    missing: [],
  };
}
