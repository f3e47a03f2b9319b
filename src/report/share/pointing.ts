/** What in a bundle can still lead back to the sender: told before anything is written, and in the cover note. */
import { isRedacted, type SharedBundle, type SharedService } from './shared-record.ts';

export const POINTER_KINDS = [
  'as-is',
  'named',
  'contact',
  'ports-together',
  'products-together',
  'unusual-port',
  'exact-version',
  'features',
  'place-and-day',
  'first-day',
  'abroad',
  'bands',
  'campaign-path',
  'evidence',
  'note',
  'others',
  'told',
  'answers',
  'numbers',
  'same-labels',
  'comparison',
] as const;
export type PointerKind = (typeof POINTER_KINDS)[number];

export interface Pointer {
  readonly kind: PointerKind;
  /** What it is about: ports, countries, labels. At most 8; may be empty. */
  readonly items: readonly string[];
  /** How many there are of it in all. */
  readonly count: number;
}

/** Ports that so many have open that the number alone tells nobody from another. */
const ORDINARY_PORTS = new Set([
  21, 22, 23, 25, 53, 80, 110, 123, 135, 139, 143, 161, 389, 443, 445, 465, 500, 587, 636, 993, 995, 1433,
  1723, 3306, 3389, 4443, 4500, 5060, 5432, 5900, 5985, 8000, 8080, 8081, 8443, 8888, 9443, 10443,
]);
const MOST = 8;

export function stillPointing(bundle: SharedBundle): Pointer[] {
  const { services, evidence, sender, otherParties, told, note, findings } = bundle;
  const redacted = isRedacted(bundle.tlp);
  const pointer = (kind: PointerKind, items: readonly string[], count = items.length): Pointer[] => {
    const each = [...new Set(items)];
    return count === 0 ? [] : [{ kind, items: each.slice(0, MOST), count }];
  };
  const perHost = portsOfHosts(services);
  const places = services.filter(({ country }) => country !== undefined);
  const bands = [sender.sector, sender.size, sender.region].filter((one) => one !== undefined);
  const answered = findings.filter(({ answer }) => answer !== undefined).map(({ id }) => id);
  return [
    ...(redacted
      ? []
      : pointer(
          'as-is',
          services.map(({ host }) => host),
          Math.max(1, services.length),
        )),
    ...(sender.names === undefined ? [] : pointer('named', [sender.names.ja])),
    ...(sender.contact === undefined ? [] : pointer('contact', [sender.contact])),
    ...pointer(
      'ports-together',
      [...perHost].filter(([, ports]) => ports > 1).map(([host, ports]) => `${host} (${ports})`),
    ),
    ...productsTogether(services).flatMap((names) => pointer('products-together', names)),
    ...pointer(
      'unusual-port',
      services.filter(({ port }) => !ORDINARY_PORTS.has(port)).map(({ port }) => `${port}`),
    ),
    ...pointer(
      'exact-version',
      services.flatMap(({ product, version }) =>
        product === undefined || version === undefined ? [] : [`${product.name} ${version.value}`],
      ),
    ),
    ...pointer('features', [], services.filter(hasFeatures).length),
    ...pointer('place-and-day', [
      ...new Set(places.map(({ country, network }) => `${country ?? ''} ${network}`)),
    ]),
    ...pointer('first-day', [], services.filter(({ open }) => open !== undefined).length),
    ...pointer('abroad', [
      ...new Set(places.flatMap(({ country }) => (country === 'JP' ? [] : (country ?? [])))),
    ]),
    ...pointer('bands', bands),
    ...pointer(
      'campaign-path',
      services.flatMap(({ campaignPaths, host }) => campaignPaths.map(({ path }) => `${host} ${path}`)),
    ),
    ...pointer(
      'evidence',
      [],
      evidence.filter(({ sent, received }) => [sent, received].some(({ state }) => state === 'masked'))
        .length,
    ),
    ...(note === undefined ? [] : pointer('note', [], 1)),
    ...pointer('others', otherParties),
    ...pointer(
      'told',
      told.map(({ who }) => who.ja),
    ),
    ...pointer('answers', answered),
    ...pointer(
      'numbers',
      findings.slice(0, 1).map(({ id }) => id),
    ),
    ...(services.length === 0 ? [] : pointer('same-labels', [], 1)),
    ...pointer('comparison', [], 1),
  ];
}

/** One organisation's own list of products, when there is more than one host and more than one product. */
function productsTogether(services: readonly SharedService[]): string[][] {
  const hosts = new Set(services.map(({ host }) => host));
  const names = new Set(services.flatMap(({ product }) => product?.name ?? []));
  return hosts.size > 1 && names.size > 1 ? [[...names]] : [];
}

/** What public records of scans hold as well, by which they can be searched. */
function hasFeatures({
  tlsVersions,
  certificateProblems,
  tlsWeaknesses,
  concerns,
  oddities,
  webRisks,
  passiveCves,
}: SharedService): boolean {
  return [tlsVersions, certificateProblems, tlsWeaknesses, concerns, oddities, webRisks, passiveCves].some(
    (list) => list.length > 0,
  );
}

function portsOfHosts(services: readonly SharedService[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { host } of services) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}
