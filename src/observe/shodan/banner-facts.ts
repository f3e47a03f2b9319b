import type { DatagramFacts, Facts, GreetingFacts, PassiveFacts } from '../../model/facts.ts';
import { readHttp } from './http-facts.ts';
import { bytesOfPythonText } from './python-text.ts';
import { readRdp, readSsh, readTelnet, readVnc } from './remote-facts.ts';
import { BannerRecord } from './schema.ts';
import { readTls } from './tls-facts.ts';

export interface BannerFacts {
  /** As `Observation.protocol`. */
  readonly protocol: string;
  readonly facts: Facts;
}

/** As the own probes keep it. */
export const MAX_BODY = 128 * 1024;
const MAX_GREETING = 4096;
const MAX_DATAGRAM = 2048;

/**
 * The facts of one banner record in the shape that own probes use. Pure; for any JSON value: undefined when it is no
 * banner record.
 */
export function factsOfRecord(record: unknown): BannerFacts | undefined {
  const parsed = BannerRecord.safeParse(record).data;
  return parsed === undefined ? undefined : readFacts(parsed, record, MAX_BODY);
}

/** @param raw the record as it came, for the groups that only show by being there. */
export function readFacts(record: BannerRecord, raw: unknown, maxBody: number): BannerFacts {
  const address = record.ip_str ?? '';
  const remote = readRemote(record);
  const http = Object.keys(remote).length > 0 ? undefined : readHttp(record, address, maxBody);
  const protocol = Object.keys(remote)[0] ?? http?.scheme ?? protocolByContent(record, raw);
  const greeting =
    http === undefined && Object.keys(remote).length === 0 ? readGreeting(record, protocol) : undefined;
  const tls = readTls(record);
  return {
    protocol: protocol === 'unknown' && tls !== undefined ? 'tls' : protocol,
    facts: {
      ...(tls === undefined ? {} : { tls }),
      ...(http === undefined ? {} : { http }),
      ...remote,
      ...(greeting === undefined ? {} : { greeting }),
      ...(record.transport === 'udp' && greeting !== undefined ? { datagram: datagramOf(record) } : {}),
      passive: readPassive(record),
    },
  };
}

type Remote = Pick<Facts, 'ssh' | 'rdp' | 'vnc' | 'telnet'>;

/** At most one: these protocols do not share a port, and the text in `data` decides, not the name of the crawler module. */
function readRemote(record: BannerRecord): Remote {
  const ssh = readSsh(record);
  if (ssh !== undefined) return { ssh };
  const rdp = readRdp(record);
  if (rdp !== undefined) return { rdp };
  const vnc = readVnc(record);
  if (vnc !== undefined) return { vnc };
  const telnet = readTelnet(record);
  return telnet === undefined ? {} : { telnet };
}

/** Groups of a record that Shodan only fills when the protocol answered, and our name of it. */
const GROUPS: readonly (readonly [string, string])[] = [
  ['ftp', 'ftp'],
  ['mysql', 'mysql'],
  ['mssql', 'mssql'],
  ['mongodb', 'mongodb'],
  ['redis', 'redis'],
  ['elastic', 'elasticsearch'],
  ['cassandra', 'cassandra'],
  ['clickhouse', 'clickhouse'],
  ['smb', 'smb'],
  ['netbios', 'netbios'],
  ['ldap', 'ldap'],
  ['snmp', 'snmp'],
  ['ntp', 'ntp'],
  ['dns', 'dns'],
  ['isakmp', 'ike'],
  ['rsync', 'rsync'],
  ['mqtt', 'mqtt'],
  ['coap', 'coap'],
  ['upnp', 'upnp'],
  ['msrpc', 'msrpc'],
  ['etcd', 'etcd'],
  ['docker', 'docker'],
  ['iscsi', 'iscsi'],
  ['afp', 'afp'],
  ['knx', 'knx'],
  ['ethernetip', 'ethernetip'],
  ['rip', 'rip'],
  ['vmware', 'vmware'],
];

/** Beginnings of `data` that only one protocol writes. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/^220[ -][^\r\n]{0,300}\b(?:E?SMTP|Postfix|Exim|sendmail)\b/i, 'smtp'],
  [/^220[ -][^\r\n]{0,300}\bFTP/i, 'ftp'],
  [/^\+OK[ \r\n]/, 'pop3'],
  [/^\* (?:OK|PREAUTH|BYE)[ \r\n]/, 'imap'],
  [/^VPN \(IKE/, 'ike'],
  [/^SMB Status:/, 'smb'],
  [/^MySQL:/, 'mysql'],
  [/^PPTP:/, 'pptp'],
];

/**
 * Crawler modules that speak one protocol only; the name is a question, so it counts only when something was answered.
 * The first group is our name of the protocol.
 */
const MODULE =
  /^(dns|snmp|ike|smtp|pop3|imap|ftp|mysql|smb|ldap|ntp|sip|rtsp|pptp|redis|mongodb|rsync|mqtt)(?:s|[-_][a-z0-9_-]{1,30})?$/;

function protocolByContent(record: BannerRecord, raw: unknown): string {
  const data = record.data ?? '';
  const groups = typeof raw === 'object' && raw !== null ? raw : {};
  const byText = TEXTS.find(([pattern]) => pattern.test(data))?.[1];
  const byGroup = GROUPS.find(([group]) => Object.hasOwn(groups, group))?.[1];
  if (byText !== undefined || byGroup !== undefined) return byText ?? byGroup ?? 'unknown';
  if (data.trim() === '') return 'unknown';
  return MODULE.exec(record.crawl?.module ?? '')?.[1] ?? 'unknown';
}

/** Everything that is no web page and no remote desktop or shell: what it said, as Shodan writes it down. */
function readGreeting(record: BannerRecord, protocol: string): GreetingFacts | undefined {
  const text = (record.data ?? '').slice(0, MAX_GREETING);
  if (text.trim() === '') return undefined;
  const { features } = record.ftp ?? {};
  const capabilities =
    typeof features === 'object' && features !== null ? Object.keys(features).slice(0, 100) : undefined;
  const startTls = record.tags.includes('starttls') || /^(?:250[ -])?STARTTLS\s*$/m.test(text);
  const version = record.mysql?.version;
  return {
    protocol,
    // Where no protocol is known the bytes count, which the crawler wrote down as escapes.
    text: protocol === 'unknown' ? unescaped(text) : text,
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(startTls ? { startTls } : {}),
    ...(version === undefined ? {} : { version }),
  };
}

function datagramOf({ data = '' }: BannerRecord): DatagramFacts {
  return { text: Buffer.from(bytesOfPythonText(data, MAX_DATAGRAM)).toString('latin1') };
}

function unescaped(text: string): string {
  return /\\x[0-9a-f]{2}/i.test(text)
    ? Buffer.from(bytesOfPythonText(text, MAX_GREETING)).toString('latin1')
    : text;
}

const MAX_VULNS = 1000;
const MAX_TEXT = 300;

function readPassive(record: BannerRecord): PassiveFacts {
  const { product, version } = record;
  const module = record.crawl?.module;
  return {
    ...(product === undefined ? {} : { product: product.slice(0, MAX_TEXT) }),
    ...(version === undefined ? {} : { version: version.slice(0, MAX_TEXT) }),
    cpe: short(record.cpe23.length > 0 ? record.cpe23 : record.cpe),
    vulns: readVulns(record.vulns, record.opts?.vulns),
    tags: short(record.tags),
    hostnames: short(record.hostnames),
    ...(module === undefined ? {} : { module: module.slice(0, MAX_TEXT) }),
  };
}

function short(texts: readonly string[]): string[] {
  return texts.slice(0, 200).map((text) => text.slice(0, MAX_TEXT));
}

/**
 * `vulns` is an object (name → details) or a list of names; `opts.vulns` a list of what the crawler tested. A "!" in front
 * means tested and not affected: left out, also when the version alone would suggest otherwise.
 */
export function readVulns(vulns: unknown, tested: unknown): PassiveFacts['vulns'] {
  const found = new Map<string, boolean>();
  const clear = new Set<string>();
  const note = (name: unknown, verified: boolean): void => {
    const match = typeof name === 'string' ? /^(!?)(CVE-\d{4}-\d{4,10})$/i.exec(name) : null;
    if (match === null || found.size >= MAX_VULNS) return;
    const cve = (match[2] ?? '').toUpperCase();
    if (match[1] === '!') clear.add(cve);
    else found.set(cve, verified || found.get(cve) === true);
  };
  if (Array.isArray(vulns)) for (const name of vulns) note(name, false);
  else if (typeof vulns === 'object' && vulns !== null) {
    for (const [name, details] of Object.entries(vulns)) note(name, isVerified(details));
  }
  if (Array.isArray(tested)) for (const name of tested) note(name, true);
  return [...found]
    .filter(([cve]) => !clear.has(cve))
    .map(([cve, verified]) => ({ cve, verified }))
    .toSorted((a, b) => (a.cve < b.cve ? -1 : 1));
}

function isVerified(details: unknown): boolean {
  return (
    typeof details === 'object' && details !== null && 'verified' in details && details.verified === true
  );
}
