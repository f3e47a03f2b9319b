/** What a person recognises a service by: label, names, certificate; and who saw it when. */
import { earliest, latest } from '../lib/time.ts';
import type { Certificate, Facts } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { Service, Sighting } from '../model/service.ts';
import { ownAnswers } from './facts-of.ts';
import { namesIn } from './names.ts';
import { selfNameOf } from './protocol-facts.ts';
import { isReached, type Place } from './place.ts';

const MAX_LABEL = 200;
const MAX_NAMES = 50;
const MAX_VULNS = 500;
const MAX_TAGS = 50;

/** Title, else first line of the banner, else the name in the NTLM answer, else what a passive source calls it. */
export function labelOf(facts: Facts): string | undefined {
  const candidates = [
    ...ownAnswers(facts).map(({ title }) => title),
    facts.ssh?.banner,
    facts.greeting?.protocol === 'answer' ? undefined : facts.greeting?.text,
    facts.telnet?.text,
    facts.rdp?.ntlm?.dnsComputerName,
    facts.rdp?.ntlm?.computerName,
    selfNameOf(facts),
    facts.passive?.product,
  ];
  for (const candidate of candidates) {
    const line = candidate
      ?.split(/[\r\n]/)
      .map((one) => one.trim())
      .find((one) => one !== '');
    if (line !== undefined) return [...line.toWellFormed()].slice(0, MAX_LABEL).join('');
  }
  return undefined;
}

/** Names in certificates, NTLM answers and passive records, lower case, sorted. Addresses are no names. */
export function namesOf(observations: readonly Observation[]): string[] {
  const found = new Set(observations.flatMap(({ facts }) => namesIn(facts).map(({ name }) => name)));
  return [...found].toSorted().slice(0, MAX_NAMES);
}

export function certificateOf(probed: Facts, passive: Facts): Certificate | undefined {
  return probed.tls?.certificates[0] ?? passive.tls?.certificates[0];
}

/** TLS and SSL versions that the server took, as the probe (else a passive source) saw them. */
export function tlsVersionsOf(probed: Facts, passive: Facts): string[] {
  const tls = probed.tls ?? passive.tls;
  if (tls === undefined) return [];
  const taken = tls.versions.filter(({ accepted }) => accepted).map(({ version }) => version);
  return [...new Set(tls.version === undefined ? taken : [...taken, tls.version])].toSorted();
}

export function passiveVulnsOf(observations: readonly Observation[]): string[] {
  const found = observations.flatMap(({ facts }) => facts.passive?.vulns.map(({ cve }) => cve) ?? []);
  return [...new Set(found)].toSorted().slice(0, MAX_VULNS);
}

export function passiveTagsOf(observations: readonly Observation[]): Pick<Service, 'passiveTags'> {
  const found = new Set(observations.flatMap(({ facts }) => facts.passive?.tags ?? []));
  return found.size === 0 ? {} : { passiveTags: [...found].toSorted().slice(0, MAX_TAGS) };
}

/** When and where the own discovery worked: its results carry no date of their own. */
export interface SweepStamp {
  readonly vantage: string;
  readonly at: string | undefined;
}

/**
 * One entry per source, vantage and file: since when and until when it saw the place. When it reached the place at all, only
 * those looks count; else its newest failure stands.
 */
export function sightingsOf(place: Place, stamp: SweepStamp): Sighting[] {
  const groups = new Map<string, Observation[]>();
  for (const one of [...place.historic, ...place.observations]) {
    const key = JSON.stringify([one.source, one.vantage, one.file]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const sightings = [...groups.values()].map(sightingOf);
  const swept = sweptSighting(place, stamp);
  if (swept === undefined) return sightings.toSorted(compareSightings);
  const own = sightings.find(({ source, vantage }) => source === 'probe' && vantage === stamp.vantage);
  // The conversation that follows an open port may be cut off: the port was open all the same.
  const isNews = own === undefined || (swept.status === 'open' && !isReached(own.status));
  const others = isNews ? sightings.filter((one) => one !== own) : sightings;
  return [...others, ...(isNews ? [swept] : [])].toSorted(compareSightings);
}

function sightingOf(group: readonly Observation[]): Sighting {
  const reached = group.filter(({ status }) => isReached(status));
  const counted = reached.length > 0 ? reached : group;
  const dated = counted.filter(({ undated }) => undated !== true);
  const times = (dated.length > 0 ? dated : counted).map(({ observedAt }) => observedAt);
  const [newest] = counted.toReversed();
  const status = reached.some((one) => one.status === 'open') ? 'open' : (newest?.status ?? 'aborted');
  return {
    source: newest?.source ?? 'probe',
    vantage: newest?.vantage ?? '',
    ...(newest?.file === undefined ? {} : { file: newest.file }),
    status,
    first: earliest(times) ?? '',
    last: latest(times) ?? '',
    ...(dated.length > 0 ? {} : { undated: true as const }),
  };
}

function sweptSighting({ swept }: Place, { vantage, at }: SweepStamp): Sighting | undefined {
  if (swept === undefined || at === undefined) return undefined;
  return { source: 'probe', vantage, status: swept, first: at, last: at };
}

function compareSightings(a: Sighting, b: Sighting): number {
  const [left, right] = [whoOf(a), whoOf(b)];
  return left < right ? -1 : Number(left > right);
}

function whoOf({ source, vantage, file = '' }: Sighting): string {
  return `${source} ${vantage} ${file}`;
}
