import { dirname, resolve } from 'node:path';
import { parseRange, rangesOverlap, parseAddress, rangeContains, type AddressRange } from '../lib/address.ts';
import { errorText } from '../lib/app-error.ts';
import { sha256Hex } from '../lib/hash.ts';
import { parsePorts } from '../lib/port-list.ts';
import {
  ConfigError,
  formatPath,
  parseStrictYaml,
  type ConfigPath,
  type ConfigProblem,
  type StrictYaml,
} from '../lib/strict-yaml.ts';
import type { ImportSettings } from '../model/import.ts';
import { nmapFaults } from '../model/nmap-options.ts';
import type { Bilingual, Expectation, NmapSettings, Scope, Site } from '../model/scope.ts';
import { OrganisationFile, weekdayNumber } from './organisation-schema.ts';
import { rangeFault, rangeNotice } from './range-rules.ts';
import { endOfDay, isTimeZone } from './time-zone.ts';

/** What the file may name that is defined elsewhere. */
export interface Vocabulary {
  readonly portProfiles: Readonly<Record<string, readonly number[]>>;
  /** Product ids of the knowledge. */
  readonly hasProduct: (id: string) => boolean;
}

export interface ReadOrganisation {
  readonly scope: Scope;
  /** Oddities that are allowed but worth a look. */
  readonly warnings: readonly ConfigProblem[];
  /** Place of the permission, for the message when it has ended. */
  readonly permissionPlace: { readonly line: number; readonly column: number };
}

/**
 * Reads an organisation file.
 *
 * @param file name for the messages
 * @throws ConfigError listing every problem as file:line:column
 */
export function readOrganisationFile(text: string, file: string, vocabulary: Vocabulary): ReadOrganisation {
  const yaml = parseStrictYaml(text, file, OrganisationFile);
  const reader = new Reader(yaml, file);
  const scope = toScope(yaml.value, reader, vocabulary);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return { scope, warnings: reader.warnings, permissionPlace: yaml.where(['permission', 'valid-until']) };
}

/** Collects problems with their places, so that one reading shows all of them. */
class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly warnings: ConfigProblem[] = [];
  readonly #yaml: StrictYaml<OrganisationFile>;
  readonly #file: string;

  constructor(yaml: StrictYaml<OrganisationFile>, file: string) {
    this.#yaml = yaml;
    this.#file = file;
  }

  problem(path: ConfigPath, message: string): void {
    this.problems.push(this.#at(path, message));
  }

  warning(path: ConfigPath, message: string): void {
    this.warnings.push(this.#at(path, message));
  }

  get folder(): string {
    return dirname(this.#file);
  }

  line(path: ConfigPath): number {
    return this.#yaml.where(path).line;
  }

  range(text: string, path: ConfigPath): AddressRange | undefined {
    try {
      return parseRange(text);
    } catch (error) {
      this.problem(path, errorText(error));
      return undefined;
    }
  }

  #at(path: ConfigPath, message: string): ConfigProblem {
    return { file: this.#file, ...this.#yaml.where(path), path: formatPath(path), message };
  }
}

function toScope(file: OrganisationFile, reader: Reader, vocabulary: Vocabulary): Scope {
  if (!isTimeZone(file.timezone))
    reader.problem(['timezone'], `"${file.timezone}" is no IANA time zone such as Asia/Tokyo`);
  const timezone = isTimeZone(file.timezone) ? file.timezone : 'UTC';
  const sites = readSites(file, reader);
  const exclusions = file.exclusions.flatMap((text, i) => reader.range(text, ['exclusions', i]) ?? []);
  const permission = file.permission && {
    by: file.permission.by,
    reference: file.permission.reference,
    validUntil: endOfDay(file.permission['valid-until'], timezone),
  };
  const base = {
    id: file.organisation.id,
    organisation: bilingual(file.organisation.name),
    sites,
    exclusions,
    permission,
    windows: file.windows.map(({ days, from, to }) => ({
      days: days.map(weekdayNumber),
      from: minutes(from),
      to: minutes(to),
    })),
    expected: readExpected(file, sites, reader, vocabulary),
    probe: {
      ...readPorts(file.probe.ports, ['probe', 'ports'], reader, vocabulary),
      rate: file.probe.rate,
      perHost: file.probe['per-host'],
      connections: file.probe.connections,
      connectTimeoutMs: file.probe['connect-timeout-ms'],
      answerTimeoutMs: file.probe['answer-timeout-ms'],
      udp: file.probe.udp,
      jarm: file.probe.jarm,
      sshAuthMethods: file.probe['ssh-auth-methods'],
      webShellPaths: file.probe['web-shell-paths'],
    },
    shodan: {
      use: file.shodan.use,
      maxCredits: file.shodan['max-credits'],
      history: file.shodan.history,
      search: file.shodan.search,
    },
    internetdb: { use: file.internetdb.use },
    nmap: readNmap(file.observe.nmap, reader, vocabulary),
    masscan: file.observe.masscan,
    imports: readImports(file.imports, reader.folder, timezone),
    languages: [...new Set(file.languages)],
    timezone,
    vantage: file.vantage,
    tlp: `TLP:${file.tlp}`,
    maintainer: file.maintainer && { name: file.maintainer.name, phone: file.maintainer.phone },
  };
  return { ...base, digest: scopeDigest(sites, exclusions) };
}

function readSites(file: OrganisationFile, reader: Reader): Site[] {
  const seen: { range: AddressRange; path: ConfigPath }[] = [];
  const ids = new Set<string>();
  const sites = file.sites.map((entry, i): Site => {
    if (ids.has(entry.id))
      reader.problem(['sites', i, 'id'], `the id "${entry.id}" is used by another site: ids must differ`);
    ids.add(entry.id);
    const ranges = entry.ranges.flatMap((text, j) => {
      const path = ['sites', i, 'ranges', j];
      const range = reader.range(text, path);
      if (range === undefined) return [];
      judgeRange(range, path, seen, reader);
      seen.push({ range, path });
      return [range];
    });
    if (ranges.length === 0) {
      reader.problem(
        ['sites', i, 'ranges'],
        'a site needs at least one range: host names are looked at only inside the ranges',
      );
    }
    return {
      id: entry.id,
      name: bilingual(entry.name),
      country: entry.country,
      kind: entry.kind,
      ranges,
      hosts: entry.hosts,
      contact: entry.contact,
    };
  });
  return sites;
}

function judgeRange(
  range: AddressRange,
  path: ConfigPath,
  seen: readonly { range: AddressRange; path: ConfigPath }[],
  reader: Reader,
): void {
  const fault = rangeFault(range);
  if (fault !== undefined) reader.problem(path, fault);
  const other = seen.find((earlier) => rangesOverlap(earlier.range, range));
  if (other !== undefined) {
    reader.problem(
      path,
      `"${range.text}" overlaps "${other.range.text}" (line ${reader.line(other.path)}, ${formatPath(other.path)}): an address belongs to one site, once`,
    );
  }
  const notice = rangeNotice(range);
  if (fault === undefined && notice !== undefined) reader.warning(path, notice);
}

function readExpected(
  file: OrganisationFile,
  sites: readonly Site[],
  reader: Reader,
  vocabulary: Vocabulary,
): Expectation[] {
  return file.expected.flatMap((entry, i) => {
    const address = parseAddress(entry.address);
    if (address === undefined) {
      reader.problem(['expected', i, 'address'], `"${entry.address}" is not one address`);
      return [];
    }
    if (!sites.some((site) => site.ranges.some((range) => rangeContains(range, address)))) {
      reader.problem(
        ['expected', i, 'address'],
        `${address.text} lies in no range of the sites above: add the range, or remove this entry`,
      );
    }
    if (entry.product !== undefined && !vocabulary.hasProduct(entry.product)) {
      reader.problem(
        ['expected', i, 'product'],
        `no product "${entry.product}": use a file name under config/products, or give "class:" instead`,
      );
    }
    const { product, owner, reason, until, ticket } = entry;
    return [
      {
        address: address.text,
        port: entry.port,
        transport: entry.transport,
        product,
        class: entry.class,
        owner,
        reason,
        until,
        allowedSources: entry['allowed-sources'],
        ticket,
      },
    ];
  });
}

function readPorts(
  entry: OrganisationFile['probe']['ports'],
  path: ConfigPath,
  reader: Reader,
  vocabulary: Vocabulary,
): { ports: readonly number[]; portProfile: string } {
  const profile =
    typeof entry === 'string' && Object.hasOwn(vocabulary.portProfiles, entry)
      ? vocabulary.portProfiles[entry]
      : undefined;
  if (typeof entry === 'string' && profile !== undefined) return { ports: profile, portProfile: entry };
  const text = typeof entry === 'string' ? entry : entry.join(',');
  try {
    return { ports: parsePorts(text), portProfile: 'own' };
  } catch (error) {
    const names = Object.keys(vocabulary.portProfiles).join(', ');
    reader.problem(path, `${errorText(error)}; or name a profile: ${names}`);
    return { ports: [], portProfile: 'own' };
  }
}

function readNmap(
  entry: OrganisationFile['observe']['nmap'],
  reader: Reader,
  vocabulary: Vocabulary,
): NmapSettings {
  const { use, ports, options, scripts } = entry;
  for (const { path, message } of nmapFaults(entry)) reader.problem(['observe', 'nmap', ...path], message);
  return {
    use,
    ports:
      ports === undefined
        ? undefined
        : readPorts(ports, ['observe', 'nmap', 'ports'], reader, vocabulary).ports,
    options,
    scripts,
    timeoutMinutes: entry['timeout-minutes'],
  };
}

/** Paths count from the folder of the organisation file, wherever the command is run. */
function readImports(
  entries: OrganisationFile['imports'],
  folder: string,
  timezone: string,
): ImportSettings[] {
  return entries.map(({ file, as, vantage, observed, columns, encoding }) => ({
    path: resolve(folder, file),
    as,
    vantage,
    observedAt: observed === undefined ? undefined : endOfDay(observed, timezone),
    columns,
    encoding,
  }));
}

function bilingual(text: string | Bilingual): Bilingual {
  return typeof text === 'string' ? { ja: text, en: text } : text;
}

function minutes(clock: string): number {
  const [hours = '0', rest = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(rest);
}

/** What may be looked at, and nothing else: a renewed permission or a new contact is not another scope. */
function scopeDigest(sites: readonly Site[], exclusions: readonly AddressRange[]): string {
  const asText = ({ family, first, last }: AddressRange): string => `${family}:${first}-${last}`;
  const lines = [
    ...sites
      .flatMap((site) => [...site.ranges.map(asText), ...site.hosts.map((host) => `host ${host}`)])
      .toSorted(),
    'excluded',
    ...exclusions.map(asText).toSorted(),
  ];
  return sha256Hex(lines.join('\n'));
}
