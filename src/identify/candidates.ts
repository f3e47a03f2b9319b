/** What may be the organisation's own and is not in its file: listed for the owner, never contacted. */
import { AddressSet, canonicalAddress, compareAddresses, parseAddress } from '../lib/address.ts';
import { compareInstants } from '../lib/time.ts';
import { domainsOf, kinOf, MAX_CANDIDATES } from '../model/candidate-kin.ts';
import type { Observation } from '../model/observation.ts';
import type { Scope } from '../model/scope.ts';
import { serviceKey, type Service } from '../model/service.ts';
import type { Candidate } from '../model/snapshot.ts';
import { isHostName, namesIn, plainName } from './names.ts';

const MAX_FOUND = 10;
const MAX_SHOWS = 5;
const MAX_TEXT = 200;

/**
 * Last labels that name nothing on the Internet: RFC 2606, 6761, 6762, 8375, ICANN's "internal", and what Windows domains and
 * home routers use. Such a name leaks how the inside is called; there is nothing to add to the file.
 */
const INTERNAL = new Set([
  'arpa',
  'corp',
  'dom',
  'domain',
  'home',
  'internal',
  'intra',
  'intranet',
  'invalid',
  'lan',
  'loc',
  'local',
  'localdomain',
  'localhost',
  'onion',
  'priv',
  'private',
  'test',
  'workgroup',
]);

type Found = Candidate['found'][number];

export interface CandidateInput {
  readonly observations: readonly Observation[];
  /** As the searches wrote them; one value may come several times. */
  readonly searched: readonly Candidate[];
  /** Gives the key of a place whose transport an observation did not know. */
  readonly services: readonly Service[];
  readonly scope: Pick<Scope, 'sites' | 'exclusions'> & { readonly shodan: Pick<Scope['shodan'], 'search'> };
}

/** Merged by value and sorted by it: addresses first. The order of the input does not matter. */
export function candidatesOf({ observations, searched, services, scope }: CandidateInput): Candidate[] {
  const collected = new Collected(scope);
  const keys = new Set(services.map(({ key }) => key));
  for (const one of observations) {
    const by = keyOf(one, keys);
    for (const { name, why } of namesIn(one.facts))
      collected.add('name', name, [{ why, by, source: one.source, at: one.observedAt }], []);
  }
  for (const { kind, value, found, shows } of searched) collected.add(kind, value, found, shows);
  return collected.list();
}

function keyOf({ address, port, transport }: Observation, keys: ReadonlySet<string>): string {
  const named = serviceKey(address, port, transport);
  if (transport !== 'unknown' || keys.has(named)) return named;
  const known = (['tcp', 'udp'] as const).map((one) => serviceKey(address, port, one));
  return known.find((key) => keys.has(key)) ?? named;
}

class Collected {
  readonly #hosts: ReadonlySet<string>;
  readonly #addresses: AddressSet;
  readonly #domains: ReadonlySet<string>;
  readonly #byValue = new Map<string, { candidate: Candidate; found: Map<string, Found> }>();

  constructor({ sites, exclusions, shodan }: CandidateInput['scope']) {
    const hosts = sites.flatMap((site) => site.hosts.map(plainName));
    this.#hosts = new Set(hosts);
    this.#domains = domainsOf([...hosts, ...shodan.search.domains.map(plainName)]);
    // An excluded address is known to the owner: there is nothing to ask about it.
    this.#addresses = new AddressSet([...sites.flatMap(({ ranges }) => ranges), ...exclusions]);
  }

  add(kind: Candidate['kind'], text: string, found: readonly Found[], shows: readonly string[]): void {
    const value = kind === 'name' ? plainName(text) : canonicalAddress(text.trim());
    if (found.length === 0 || !(kind === 'name' ? this.#isNews(value) : this.#isOutside(value))) return;
    const entry = this.#byValue.get(value) ?? {
      candidate: { kind, value, found: [], shows: [] },
      found: new Map<string, Found>(),
    };
    this.#byValue.set(value, entry);
    for (const one of found) keepNewest(entry.found, { ...one, by: one.by.slice(0, MAX_TEXT) });
    const shown = new Set([...entry.candidate.shows, ...shows.map((line) => line.slice(0, MAX_TEXT))]);
    entry.candidate.shows = [...shown];
  }

  list(): Candidate[] {
    const all = [...this.#byValue.values()].map(({ candidate, found }) => ({
      ...candidate,
      found: [...found.values()].toSorted(compareFound).slice(0, MAX_FOUND),
      shows: candidate.shows.toSorted().slice(0, MAX_SHOWS),
    }));
    const weight = { 'own-domain': 0, other: 1, provider: 2 };
    const weigh = (one: Candidate): number => weight[kinOf(one, this.#domains)];
    return all
      .toSorted((a, b) => weigh(a) - weigh(b) || compareValues(a, b))
      .slice(0, MAX_CANDIDATES)
      .toSorted(compareValues);
  }

  /** A name on the Internet that the organisation file does not hold. A wildcard alone names no host. */
  #isNews(name: string): boolean {
    if (!isHostName(name) || name.startsWith('*.') || this.#hosts.has(name)) return false;
    const top = name.slice(name.lastIndexOf('.') + 1);
    return /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(top) && !INTERNAL.has(top);
  }

  #isOutside(text: string): boolean {
    const address = parseAddress(text);
    return address !== undefined && !this.#addresses.has(address);
  }
}

function keepNewest(all: Map<string, Found>, one: Found): void {
  const key = `${one.why}\n${one.source}\n${one.by}`;
  const known = all.get(key);
  if (known === undefined || compareInstants(one.at, known.at) > 0) all.set(key, one);
}

/** Newest first, so that what is cut off is old. */
function compareFound(a: Found, b: Found): number {
  const byDate = compareInstants(b.at, a.at);
  if (byDate !== 0) return byDate;
  const [left, right] = [a, b].map(({ why, source, by }) => `${why}\n${source}\n${by}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

function compareValues(a: Candidate, b: Candidate): number {
  return compareAddresses(a.value, b.value);
}
