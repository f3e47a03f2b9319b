/** Which version each source shows, and whether they agree. Own probes, passive records and other tools' files are asked apart. */
import { compareVersions } from '../lib/version.ts';
import type { Observation, SourceName } from '../model/observation.ts';
import type { Product } from '../model/product.ts';
import type { Contradiction, Identity } from '../model/service.ts';
import { readAnswers } from './match/answers.ts';
import type { Matcher } from './match/match.ts';

type Saying = Contradiction['values'][number];

interface VersionFacts {
  readonly contradictions: Contradiction[];
  readonly agreements: Contradiction[];
}

const NONE: VersionFacts = { contradictions: [], agreements: [] };
const MAX_VERSION = 64;

/**
 * @param observations what counts for now, oldest first.
 * @param identities the product that stands there, as own probes and as others show it; empty when none is known.
 */
export function versionFacts(
  observations: readonly Observation[],
  identities: readonly Identity[],
  matcher: Matcher,
  product: Product | undefined,
): VersionFacts {
  const bySource = groupBy(observations, ({ source }) => source);
  if (bySource.size < 2) return NONE;
  const sayings =
    product === undefined
      ? namedAlike([...bySource.values()].flatMap(newestName))
      : [...bySource].flatMap(([source, looks]) =>
          versionOf(source, looks, { identities, matcher, product }),
        );
  return judge(sayings, product);
}

/** Own probe first, then by name of the source. */
function judge(sayings: readonly Saying[], product: Product | undefined): VersionFacts {
  if (sayings.length < 2) return NONE;
  const rank = ({ source }: Saying): string => (source === 'probe' ? '' : source);
  const values = sayings.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const scheme = product?.['version-scheme'];
  const isEqual = (a: string, b: string): boolean => {
    const order = compareVersions(a, b, scheme);
    return order === undefined ? a === b : order === 0;
  };
  const [first] = values;
  const agrees = values.every(({ value }) => isEqual(value, first?.value ?? ''));
  const fact: Contradiction = { fact: 'version', values };
  return agrees ? { contradictions: [], agreements: [fact] } : { contradictions: [fact], agreements: [] };
}

interface Known {
  readonly identities: readonly Identity[];
  readonly matcher: Matcher;
  readonly product: Product;
}

/** What a product file reads from this source's answers; else what the source itself says of a product of that name. */
function versionOf(source: SourceName, looks: readonly Observation[], known: Known): Saying[] {
  const { identities, matcher, product } = known;
  const behind = new Set(identities.flatMap((one) => one.observations));
  const showing = looks.filter(({ id }) => behind.has(id)).at(-1);
  if (showing !== undefined) {
    const version = matcher.readVersion(product.id, readAnswers(looks.toReversed()));
    if (version.state === 'known') return [{ source, value: version.value, at: showing.observedAt }];
  }
  const named = looks.findLast(({ facts: { passive } }) => isNamed(passive?.product, product));
  const value = named?.facts.passive?.version;
  return named === undefined || !isVersion(value) ? [] : [{ source, value, at: named.observedAt }];
}

function isNamed(said: string | undefined, { name, vendor }: Product): boolean {
  if (said === undefined) return false;
  const text = normal(said);
  return text === normal(name) || text === normal(`${vendor} ${name}`);
}

function isVersion(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value.length <= MAX_VERSION;
}

interface NamedSaying extends Saying {
  readonly name: string;
}

/** Without a product file: the newest name and version that the source gave itself. */
function newestName(looks: readonly Observation[]): NamedSaying[] {
  const named = looks.findLast(({ facts: { passive } }) => isVersion(passive?.version));
  const { product, version } = named?.facts.passive ?? {};
  if (named === undefined || product === undefined || !isVersion(version)) return [];
  return [{ source: named.source, value: version, at: named.observedAt, name: normal(product) }];
}

/** Only versions of one and the same thing can be compared. */
function namedAlike(sayings: readonly NamedSaying[]): Saying[] {
  const groups = groupBy(sayings, ({ name }) => name);
  const largest = [...groups.values()].toSorted((a, b) => b.length - a.length).at(0) ?? [];
  return largest.map(({ source, value, at }) => ({ source, value, at }));
}

function normal(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}

function groupBy<T, K>(things: readonly T[], keyOf: (thing: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group === undefined) groups.set(keyOf(thing), [thing]);
    else group.push(thing);
  }
  return groups;
}
