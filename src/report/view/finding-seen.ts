/** Part 1: what was seen, as facts with time and place. No reading of it. */
import { showable } from '../../lib/hostile-text.ts';
import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import { TLS_INFORMATION } from '../../model/tls-problems.ts';
import { textOf } from '../messages/index.ts';
import type { Block } from '../view-model.ts';
import { joined, lastSighting, productName, seenByProbe, serviceName, type Context } from './context.ts';
import { newestOther, sourceLines, sourceName } from './sources.ts';
import { indicatorBlocks, webBlocks } from './finding-web.ts';
import { elsewhereLines } from './vantage.ts';

export function seenBlocks(context: Context, finding: Finding, service: Service): Block[] {
  const { m } = context;
  const lines = [
    ...sightings(context, service),
    ...elsewhereLines(context, service),
    ...selfDescription(context, service),
  ];
  const { authentication, version } = service;
  const facts = authentication.facts.map((fact) => textOf(m.ids.authenticationFact, fact));
  if (authentication.kind !== 'unknown' || facts.length > 0) {
    lines.push(
      m.finding.authentication(m.ids.authentication[authentication.kind], facts.join(m.listSeparator)),
    );
  }
  if (service.identity !== undefined) {
    lines.push(
      version.state === 'known'
        ? m.finding.versionSeen(showable(version.value, 60), m.ids.certainty[version.certainty])
        : m.finding.versionUnknown,
    );
  }
  const weak = (service.concerns ?? []).map((id) => textOf(m.ids.concern, id));
  if (weak.length > 0) lines.push(m.finding.concerns(weak.join(m.listSeparator)));
  lines.push(...encryption(context, service));
  const blocks: Block[] = [...indicatorBlocks(context, service), { kind: 'text', text: m.lines(lines) }];
  const sources = sourceLines(context, service);
  if (sources.length > 0) blocks.push({ kind: 'text', text: m.lines(sources) });
  const said = (service.said ?? []).map(([name, value]) => showable(`${name}: ${value}`, 120));
  if (said.length > 0)
    blocks.push({ kind: 'text', text: m.finding.said(joined(context, said, 12)), small: true });
  const doubts = [...candidates(context, service), ...contradictions(context, service)];
  const odd = service.oddities.map((id) => textOf(m.ids.oddity, id));
  for (const text of [...odd, ...doubts]) blocks.push({ kind: 'text', text });
  blocks.push(...webBlocks(context, service));
  if (service.passiveVulns.length > 0 && finding.exploited.length === 0) {
    const list = joined(
      context,
      service.passiveVulns.map((cve) => showable(cve, 30)),
      5,
    );
    blocks.push({ kind: 'text', text: m.finding.passiveVulns(list), small: true });
  }
  return blocks;
}

/** What answered where and when: the first sentence of part 1. */
export function seenSentence(context: Context, service: Service): string {
  return sightings(context, service).at(0) ?? '';
}

function sightings(context: Context, service: Service): string[] {
  const { m, dates, snapshot } = context;
  const name = serviceName(context, service);
  const address = showable(service.address, 60);
  const own = lastSighting(service, ['probe']);
  const lines: string[] = [];
  if (own !== undefined) {
    const values = {
      at: dates.moment(own.last),
      vantage: showable(own.vantage === '' ? snapshot.vantage : own.vantage, 60),
      transport: service.transport === 'udp' ? 'UDP' : 'TCP',
      address,
      port: service.port,
      name,
    };
    lines.push(
      own.status === 'open'
        ? m.finding.seenNow(values)
        : m.finding.seenAnswer({ ...values, status: textOf(m.ids.status, own.status) }),
    );
  }
  const record = newestOther(service);
  if (record !== undefined && own === undefined) {
    lines.push(
      m.finding.seenRecord({
        source: sourceName(m, record),
        at: dates.full(record.last),
        address,
        port: `${service.port}`,
        name,
      }),
    );
  }
  if (!seenByProbe(service)) lines.push(m.finding.notConfirmed);
  return lines;
}

function selfDescription(context: Context, service: Service): string[] {
  const { m } = context;
  const lines: string[] = [];
  if (service.label !== undefined && service.label !== '')
    lines.push(m.finding.title(showable(service.label, 120)));
  if (service.names.length > 0) {
    const names = service.names.map((name) => showable(name, 80));
    lines.push(m.finding.names(joined(context, names, 5)));
  }
  return lines;
}

/** Certificate and TLS. Facts only: they do not move the priority. */
function encryption({ m }: Context, service: Service): string[] {
  const problems = (service.certificateProblems ?? []).map((id) => textOf(m.ids.certificateProblem, id));
  const weaknesses = (service.tlsWeaknesses ?? [])
    .filter((id) => !TLS_INFORMATION.has(id))
    .map((id) => textOf(m.ids.tlsWeakness, id));
  return [
    ...(problems.length === 0 ? [] : [m.finding.certificateProblems(problems.join(m.listSeparator))]),
    ...(weaknesses.length === 0 ? [] : [m.finding.tlsWeaknesses(weaknesses.join(m.listSeparator))]),
  ];
}

/** A protocol, carrier or family lies beneath what stands there: it is no alternative to it. */
function candidates(context: Context, service: Service): string[] {
  const others = service.candidates.filter(({ productId }) => context.product(productId)?.generic !== true);
  if (others.length === 0) return [];
  const names = others.map(({ productId }) => productName(context, productId));
  return [context.m.finding.candidates(joined(context, [...new Set(names)], 4))];
}

function contradictions(context: Context, service: Service): string[] {
  const { m, dates } = context;
  return service.contradictions.slice(0, 4).map(({ fact, values }) => {
    const list = values
      .slice(0, 4)
      .map(({ source, value, at }) =>
        m.withNote(`${m.ids.source[source]} ${showable(value, 60)}`, dates.numeric(at)),
      );
    return m.finding.disagree(textOf(m.ids.fact, fact), joined(context, list));
  });
}
