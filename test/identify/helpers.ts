import type { Facts, HttpAnswer, HttpFacts, TlsFacts } from '../../src/model/facts.ts';
import { type Knowledge } from '../../src/model/knowledge.ts';
import { Product } from '../../src/model/product.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { ClassInfo } from '../../src/model/knowledge.ts';
import { parseRange } from '../../src/lib/address.ts';
import { ServiceClass, type Role } from '../../src/model/service-class.ts';
import { noOtherTools, noSearch } from '../no-other-tools.ts';

export const NOW = '2026-11-20T00:05:00Z';

const DOORS: readonly ServiceClass[] = [
  'rdp',
  'vnc',
  'ssl-vpn',
  'ipsec-vpn',
  'telnet',
  'ssh',
  'smb',
  'directory',
  'asset-agent',
  'remote-control-agent',
  'mail-groupware',
  'web-admin',
  'appliance-admin',
  'iot',
];
const WINDOWS: readonly ServiceClass[] = ['file-transfer', 'cms', 'database'];
const CONTROL: readonly ServiceClass[] = [
  'rdp',
  'vnc',
  'telnet',
  'ssh',
  'appliance-admin',
  'iot',
  'database',
];

export function makeClasses(): Record<ServiceClass, ClassInfo> {
  const text = { ja: '名', en: 'name' };
  const roleOf = (one: ServiceClass): Role => {
    if (DOORS.includes(one)) return 'door';
    return WINDOWS.includes(one) ? 'window' : 'other';
  };
  const entries = ServiceClass.options.map((one) => [
    one,
    { name: text, short: text, role: roleOf(one), group: 'other', control: CONTROL.includes(one) },
  ]);
  return Object.fromEntries(entries) as Record<ServiceClass, ClassInfo>;
}

export function makeProduct(given: Record<string, unknown> & { id: string }): Product {
  return Product.parse({
    vendor: given.id,
    name: given.id,
    class: 'ssl-vpn',
    facts: [{ id: 'title', strength: 'strong', http: { title: `^${given.id}$` } }],
    examples: [{ name: 'one', samples: [{ kind: 'http' }], expect: 'confirmed' }],
    ...given,
  });
}

export function makeKnowledge(products: readonly Product[] = []): Pick<Knowledge, 'products' | 'classes'> {
  return { products: new Map(products.map((one) => [one.id, one])), classes: makeClasses() };
}

export function makeScope(given: Partial<Scope> = {}): Scope {
  return {
    id: 'example',
    organisation: { ja: '例', en: 'Example' },
    sites: [
      {
        id: 'hq',
        name: { ja: '本社', en: 'Head office' },
        country: 'JP',
        kind: 'headquarters',
        ranges: [parseRange('203.0.113.0/24'), parseRange('2001:db8::/64')],
        hosts: [],
        contact: undefined,
      },
      {
        id: 'taipei',
        name: { ja: '台北', en: 'Taipei' },
        country: 'TW',
        kind: 'overseas',
        ranges: [parseRange('203.0.113.64/28')],
        hosts: [],
        contact: undefined,
      },
    ],
    exclusions: [],
    permission: undefined,
    windows: [],
    expected: [],
    probe: {
      ports: [22, 80, 443, 3389],
      portProfile: 'boundary',
      rate: 100,
      perHost: 2,
      connections: 100,
      connectTimeoutMs: 1000,
      answerTimeoutMs: 1000,
      udp: false,
      jarm: false,
      sshAuthMethods: false,
      webShellPaths: false,
    },
    ...noOtherTools,
    shodan: { use: 'auto', maxCredits: 0, history: false, search: noSearch },
    internetdb: { use: true },
    languages: ['ja', 'en'],
    timezone: 'Asia/Tokyo',
    vantage: 'tokyo',
    tlp: 'TLP:AMBER',
    maintainer: undefined,
    digest: 'digest',
    ...given,
  };
}

export function makeObservation(given: Partial<Observation> = {}): Observation {
  const source = given.source ?? 'probe';
  const address = given.address ?? '203.0.113.10';
  const [port, transport] = [given.port ?? 443, given.transport ?? 'tcp'];
  const protocol = given.protocol ?? 'unknown';
  const observedAt = given.observedAt ?? NOW;
  return {
    id: `${source}/${address}/${port}/${transport}/${protocol}/${observedAt}`,
    source,
    vantage: source === 'probe' ? 'tokyo' : source,
    observedAt,
    collectedAt: NOW,
    address,
    port,
    transport,
    status: 'open',
    probe: protocol,
    protocol,
    facts: {},
    evidence: [],
    ...given,
  };
}

export function makeAnswer(given: Partial<HttpAnswer> = {}): HttpAnswer {
  return {
    method: 'GET',
    path: '/',
    status: 200,
    headers: [],
    body: '',
    bodyBytes: 0,
    bodySha256: 'e3b0',
    truncated: false,
    ...given,
  };
}

export function httpFacts(answer: Partial<HttpAnswer> = {}, given: Partial<HttpFacts> = {}): Facts {
  return {
    http: { scheme: 'https', host: '203.0.113.10', answers: [makeAnswer(answer)], notFollowed: [], ...given },
  };
}

export function tlsFacts(given: Partial<TlsFacts> = {}): TlsFacts {
  return {
    handshake: 'complete',
    sni: null,
    certificates: [],
    versions: [],
    clientCertificateRequested: false,
    ...given,
  };
}

export function passiveFacts(
  given: Partial<NonNullable<Facts['passive']>> = {},
): NonNullable<Facts['passive']> {
  return { cpe: [], vulns: [], tags: [], hostnames: [], ...given };
}
