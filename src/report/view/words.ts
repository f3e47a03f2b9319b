/** Sentences about one finding that several sections use. */
import { showable } from '../../lib/hostile-text.ts';
import { reachedSightings } from '../../model/corroboration.ts';
import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import { textOf } from '../messages/index.ts';
import type { Cell } from '../view-model.ts';
import {
  className,
  findingId,
  lastSighting,
  portText,
  productName,
  seenByProbe,
  serviceName,
  siteName,
  type Context,
} from './context.ts';
import { exposureLines } from './exposure.ts';
import { isOnlyImported, lastText, newestOther, sourceName } from './sources.ts';

/** The finding in one sentence. The strongest fact that was found decides; what is only suspected says so. */
export function headline(context: Context, finding: Finding, service: Service): string {
  const { headline: say } = context.m.finding;
  const site = siteName(context, finding.siteId ?? service.siteId);
  const name = serviceName(context, service);
  const { inputs } = finding;
  if (inputs.misuse) return say.misuse(site, name);
  if (inputs.artefact === true) return say.artefact(site, name);
  if (inputs.reach === 'passive-only' || !seenByProbe(service)) {
    return isOnlyImported(service) ? context.m.sources.headline(site, name) : say.record(site, name);
  }
  if (inputs.authentication === 'none' && inputs.role === 'door') return say.open(site, name);
  if (inputs.knownUse === 'confirmed') return say.affected(site, name);
  if (inputs.knownUse === 'product-matches') return say.suspected(site, name);
  if (inputs.support === 'ended') return say.ended(site, name);
  if (inputs.reach === 'some') return say.some(site, name);
  return inputs.role === 'door' && inputs.reach === 'everyone'
    ? say.everyone(site, name)
    : say.visible(site, name);
}

/** To be read aloud, so that the firm at the other end writes down the right place. */
export function phoneText(context: Context, finding: Finding, service: Service): string {
  const { phone, lines } = context.m;
  const recorded = isOnlyImported(service) ? context.m.sources.phone : phone.recorded;
  const said = [
    phone.where({
      id: findingId(finding),
      site: siteName(context, finding.siteId ?? service.siteId),
      name: serviceName(context, service),
      address: service.address.includes(':')
        ? phone.ipv6(service.address)
        : phone.ipv4(service.address.split('.')),
      port: service.port,
      udp: service.transport === 'udp',
    }),
    seenByProbe(service) ? phone.reached : recorded,
  ];
  const urgent = finding.priority === 'P1' || finding.priority === 'P2';
  if (!urgent || !seenByProbe(service)) return lines([...said, phone.ask]);
  said.push(phone.block);
  if (finding.trace === 'T2') said.push(phone.recordFirst);
  if (finding.trace === 'T1') said.push(phone.copyFirst);
  return lines(said);
}

export function versionText(context: Context, service: Service): string {
  const { m } = context;
  const { version } = service;
  if (version.state === 'unknown') return m.doors.versionUnknown;
  const value = showable(version.value, 60);
  return version.certainty === 'confirmed'
    ? m.doors.version(value)
    : m.doors.versionFrom(value, m.ids.certainty[version.certainty]);
}

export function productCell(context: Context, service: Service): Cell {
  const { m } = context;
  const { identity } = service;
  const label = service.label === undefined ? [] : [showable(service.label, 60)];
  if (identity === undefined) {
    return { text: className(context, service.class), sub: [m.doors.productUnknown, ...label] };
  }
  const sub = [versionText(context, service)];
  if (identity.certainty !== 'confirmed')
    sub.push(m.doors.productInferred(m.ids.certainty[identity.certainty]));
  return { text: productName(context, identity.productId), sub };
}

export function authenticationCell(context: Context, service: Service): Cell {
  const { ids } = context.m;
  return {
    text: ids.authentication[service.authentication.kind],
    sub: service.authentication.facts.map((fact) => textOf(ids.authenticationFact, fact)),
  };
}

/** Known use, support, and what stood in the way of judging them. */
export function patchCell(context: Context, service: Service, finding: Finding | undefined): Cell {
  const { m, dates } = context;
  if (finding === undefined) return { text: m.doors.notJudged, sub: [] };
  const { knownUse, support } = finding.inputs;
  const [newest] = finding.exploited.toSorted((a, b) => ((a.kevAdded ?? '') < (b.kevAdded ?? '') ? 1 : -1));
  const because = service.identity === undefined ? m.doors.becauseProduct : m.doors.because;
  if (newest !== undefined && knownUse !== 'none') {
    const cve = showable(newest.cve, 30);
    const notice =
      newest.kevAdded === undefined
        ? m.doors.noticedUndated(cve)
        : m.doors.noticed(cve, dates.numeric(newest.kevAdded));
    return {
      text: m.ids.knownUse[knownUse],
      sub: support === 'ended' ? [notice, m.ids.support.ended] : [notice],
    };
  }
  if (support === 'ended') return { text: m.ids.support.ended, sub: [] };
  if (knownUse === 'none' && service.identity !== undefined) {
    return { text: m.ids.knownUse.none, sub: support === 'current' ? [m.ids.support.current] : [] };
  }
  return { text: m.ids.knownUse.unknown, sub: [because] };
}

export function declaredCell(context: Context, service: Service): Cell {
  const { m, snapshot } = context;
  const expected = snapshot.expected.find(({ key }) => key === service.key);
  if (expected === undefined) return { text: m.doors.undeclared, sub: [m.doors.askWhy] };
  const ticket = expected.ticket === undefined ? [] : [showable(expected.ticket, 40)];
  return {
    text: m.ids.expected[expected.state],
    sub: [showable(expected.reason, 60), showable(expected.owner, 40), ...ticket].filter(
      (text) => text !== '',
    ),
  };
}

export function ownCell(context: Context, service: Service): Cell {
  const seen = lastSighting(service, ['probe']);
  if (seen === undefined) return { text: context.m.dash, sub: [] };
  const status = seen.status === 'open' ? [] : [textOf(context.m.ids.status, seen.status)];
  return { text: context.dates.numeric(seen.last), sub: [context.dates.clock(seen.last), ...status] };
}

export function recordCell(context: Context, service: Service): Cell {
  const { m } = context;
  const seen = newestOther(service);
  if (seen === undefined) return { text: m.dash, sub: [] };
  const names = new Set(
    reachedSightings(service)
      .filter(({ source }) => source !== 'probe' && source !== seen.source)
      .map(({ source }) => m.ids.source[source]),
  );
  return { text: lastText(context, seen), sub: [sourceName(m, seen), ...names] };
}

export function placeCell(context: Context, service: Service): Cell {
  return {
    text: siteName(context, service.siteId),
    sub: [showable(service.address, 60), portText(service)],
  };
}

/** The place with since when it is open, for the table of doors. */
export function doorCell(context: Context, service: Service): Cell {
  const cell = placeCell(context, service);
  return { ...cell, sub: [...cell.sub, ...exposureLines(context, service)] };
}
