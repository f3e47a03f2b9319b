import type { Facts, PassiveFacts } from '../../../model/facts.ts';
import type { Evidence } from '../../../model/observation.ts';
import { describeHostKey } from '../../probe/tcp/ssh/packets.ts';
import { factsOfText, protocolOfFacts } from '../escaped-banner.ts';
import { portNumber, recordEvidence, scanStatus, type ScannedPort } from '../scan-observation.ts';
import { protocolOfService } from '../service-names.ts';
import { readScript, type Script } from './nmap-script.ts';
import { ikeOfScript, rdpOfScripts, vncOfScript } from './protocol-scripts.ts';
import { childOf, childrenOf, xmlText, type XmlElement } from './stream.ts';
import { bareTls, certificateOfScript, versionsOfScript } from './tls-scripts.ts';
import { webOfScripts } from './web-scripts.ts';

/** One `<port>`, without what only its host knows. */
export interface PortReading {
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  readonly status: ScannedPort['status'];
  readonly protocol: string;
  readonly facts: Facts;
  readonly passive: PassiveFacts;
  readonly evidence: Evidence;
  /** What the server itself said, recorded by masscan. */
  readonly isBanner: boolean;
}

const MAX_TEXT = 300;
const MAX_CPE = 20;
const MAX_VULNS = 500;

/** undefined: no statement about whether something answers there (SCTP, "open|filtered", no number). */
export function readPort(element: XmlElement, source: 'nmap' | 'masscan'): PortReading | undefined {
  const { protocol: transport, portid } = element.attributes;
  const port = portNumber(portid);
  const state = childOf(element, 'state')?.attributes;
  const status = scanStatus(state?.['state'] ?? '', state?.['reason']);
  if (port === undefined || status === undefined || (transport !== 'tcp' && transport !== 'udp'))
    return undefined;
  const service = childOf(element, 'service');
  const scripts = childrenOf(element, 'script').map((script) => readScript(script));
  const banner = service?.attributes['banner'];
  const facts = status === 'open' ? readFacts({ port, service, scripts, banner }) : {};
  return {
    port,
    transport,
    status,
    protocol: status === 'open' ? protocolOf(service, facts) : 'unknown',
    facts,
    passive: passiveOf(service, scripts),
    evidence: recordEvidence(`${source} port`, xmlText(element)),
    isBanner: banner !== undefined,
  };
}

interface PortParts {
  readonly port: number;
  readonly service: XmlElement | undefined;
  readonly scripts: readonly Script[];
  /** masscan's: beside the service's name. */
  readonly banner: string | undefined;
}

function readFacts({ port, service, scripts, banner }: PortParts): Facts {
  const find = (id: string): Script | undefined => scripts.find((script) => script.id === id);
  const isTls = service?.attributes['tunnel'] === 'ssl';
  const said = factsOfWords({ port, service, scripts, banner });
  const tls = tlsOf(find);
  const http = webOfScripts(scripts, { scheme: isTls ? 'https' : 'http', host: '' }, said.http);
  const rdp = rdpOfScripts(find) ?? said.rdp;
  const vnc = vncOfScript(find('vnc-info')) ?? said.vnc;
  const ssh = said.ssh === undefined ? undefined : { ...said.ssh, ...sshOf(find) };
  const ike = ikeOfScript(find('ike-version'));
  const protocols = [...(said.protocols ?? []), ...(ike === undefined ? [] : [ike])];
  return {
    ...said,
    ...(tls === undefined ? {} : { tls }),
    ...(http === undefined ? {} : { http }),
    ...(rdp === undefined ? {} : { rdp }),
    ...(vnc === undefined ? {} : { vnc }),
    ...(ssh === undefined ? {} : { ssh }),
    ...(protocols.length === 0 ? {} : { protocols }),
  };
}

/** What the service was heard to say: masscan's banner, the script `banner`, or the answers of an unrecognised service. */
function factsOfWords({ port, service, scripts, banner }: PortParts): Facts {
  const script = scripts.find(({ id }) => id === 'banner')?.output;
  if (banner !== undefined) return masscanFacts(service?.attributes['name'] ?? '', banner, port);
  // The script breaks its own lines; those of the server are written as \x0A.
  if (script !== undefined) return factsOfText(script.replaceAll('\n', ''), port);
  const answers = fingerprintAnswers(service?.attributes['servicefp'] ?? '');
  const telling = answers.get('GetRequest') ?? answers.get('NULL') ?? [...answers.values()][0];
  return telling === undefined ? {} : factsOfText(telling, port);
}

function masscanFacts(name: string, banner: string, port: number): Facts {
  if (name === 'title' || name === 'X509' || name === 'vuln' || name === 'http.server') return {};
  const facts = factsOfText(banner, port);
  const { greeting } = facts;
  if (greeting?.protocol !== 'unknown' || name === '') return facts;
  return { ...facts, greeting: { ...greeting, protocol: protocolOfService(name, false) } };
}

/** Until version 7 the text was folded as it is on the screen, also in the middle of an escape. */
const FOLD = /[ \r\n]+SF:/g;

/**
 * `servicefp`: "SF-Port80-TCP:V=7.93%I=3…%r(GetRequest,97,\"HTTP/1\\.1…\")%r(…": the answer to each probe, by its name, escaped
 * as a banner is, with `\.` and `\x20` for what would break nmap's own patterns.
 */
export function fingerprintAnswers(text: string): Map<string, string> {
  const answers = new Map<string, string>();
  for (const match of text
    .slice(0, 65_536)
    .replaceAll(FOLD, '')
    .matchAll(/%r\(([A-Za-z0-9_-]{1,40}),[0-9A-F]{1,6},"((?:[^"\\]|\\[^])*)"\)/g)) {
    answers.set(match[1] ?? '', (match[2] ?? '').replace(/\\([^x0-9A-Za-z\\"])/g, '$1'));
  }
  return answers;
}

function tlsOf(find: (id: string) => Script | undefined): Facts['tls'] {
  const [cert, ciphers] = [find('ssl-cert'), find('ssl-enum-ciphers')];
  const certificate = cert === undefined ? undefined : certificateOfScript(cert);
  const versions = ciphers === undefined ? [] : versionsOfScript(ciphers);
  if (certificate === undefined && versions.length === 0) return undefined;
  return bareTls(certificate === undefined ? [] : [certificate], versions);
}

/** Keys and algorithms beside an identification line; without that line there is nothing to hang them on. */
function sshOf(find: (id: string) => Script | undefined): Partial<NonNullable<Facts['ssh']>> {
  const keys = (find('ssh-hostkey')?.tables() ?? []).flatMap(([, table]) => {
    const key = describeHostKey(Buffer.from(table.value('key') ?? '', 'base64'));
    return key === undefined ? [] : [key];
  });
  const algorithms = find('ssh2-enum-algos');
  return {
    hostKeys: keys.slice(0, 10),
    ...(algorithms === undefined
      ? {}
      : {
          kex: {
            keyExchange: algorithms.list('kex_algorithms'),
            hostKey: algorithms.list('server_host_key_algorithms'),
            encryption: algorithms.list('encryption_algorithms'),
            mac: algorithms.list('mac_algorithms'),
            compression: algorithms.list('compression_algorithms'),
          },
        }),
  };
}

/**
 * What the service itself said comes first; then what a probe recognised. `method="table"` is the name that the port number
 * usually has, and scripts that look at versions pass such a name off as probed.
 */
function protocolOf(service: XmlElement | undefined, facts: Facts): string {
  const { name, method, product, tunnel, banner } = service?.attributes ?? {};
  const isTls = tunnel === 'ssl';
  const isProbed =
    method === 'probed' || (method === undefined && (product !== undefined || banner !== undefined));
  const named = protocolOfService(isProbed ? name : undefined, isTls || facts.tls !== undefined);
  const shown = protocolOfFacts(facts);
  if (shown !== undefined && facts.greeting === undefined) return shown;
  return named === 'unknown' || named === 'tls' ? (shown ?? named) : named;
}

function passiveOf(service: XmlElement | undefined, scripts: readonly Script[]): PassiveFacts {
  const { product, version, name, method } = service?.attributes ?? {};
  const cpe =
    service === undefined ? [] : childrenOf(service, 'cpe').map(({ text }) => text.trim().slice(0, MAX_TEXT));
  return {
    ...(product === undefined || product === '' ? {} : { product: product.slice(0, MAX_TEXT) }),
    ...(version === undefined || version === '' ? {} : { version: version.slice(0, MAX_TEXT) }),
    cpe: cpe.filter((text) => text.startsWith('cpe:')).slice(0, MAX_CPE),
    vulns: vulnsOf(scripts),
    tags: [],
    hostnames: [],
    ...(name === undefined || method === 'table' ? {} : { module: name.slice(0, MAX_TEXT) }),
  };
}

const CVE = /^CVE-\d{4}-\d{4,7}$/;

/** `vulners` guesses by version; scripts of the library `vulns` say what they found: "VULNERABLE", "LIKELY VULNERABLE", "NOT VULNERABLE". */
function vulnsOf(scripts: readonly Script[]): PassiveFacts['vulns'] {
  const found = new Set<string>();
  for (const script of scripts) {
    for (const [, table] of script.tables()) {
      const state = table.value('state');
      if (state !== undefined && /VULNERABLE/.test(state) && !state.startsWith('NOT ')) {
        for (const id of table.list('ids')) found.add(id.replace(/^CVE:/, ''));
      }
      if (script.id === 'vulners') for (const [, one] of table.tables()) found.add(one.value('id') ?? '');
    }
  }
  return [...found]
    .filter((id) => CVE.test(id))
    .slice(0, MAX_VULNS)
    .map((cve) => ({ cve, verified: false }));
}
