/** An invented organisation with a little of everything. All addresses are from the documentation ranges (RFC 5737, RFC 3849). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ContactsFile } from '../../src/model/contacts.ts';
import type { Finding, Inputs } from '../../src/model/finding.ts';
import { Advice, ClassInfo, CommonAdvice, DecisionTable, type Knowledge } from '../../src/model/knowledge.ts';
import { Product } from '../../src/model/product.ts';
import { serviceKey, type Service } from '../../src/model/service.ts';
import { ServiceClass } from '../../src/model/service-class.ts';
import { Volatility } from '../../src/model/volatility.ts';
import type { Change, Snapshot, SourceCoverage } from '../../src/model/snapshot.ts';

const CONFIG = join(import.meta.dirname, '../../config');

function yaml(path: string): unknown {
  return parse(readFileSync(join(CONFIG, path), 'utf8'));
}

function product(id: string, kind: ServiceClass, name: string, nameJa: string): Product {
  return Product.parse({
    id,
    vendor: 'Example',
    name,
    'name-ja': nameJa,
    class: kind,
    facts: [{ id: 'title', http: { title: name }, strength: 'strong' }],
    sources: ['Example Corp. advisory EX-2026-01, 2026-11-18'],
    examples: [{ name: 'x', samples: [{ kind: 'http', status: 200 }], expect: 'confirmed' }],
  });
}

const products = [
  product('example-vpn', 'ssl-vpn', 'ExampleVPN', 'SSL-VPN 製品A'),
  product('example-router', 'appliance-admin', 'ExampleRouter', 'ルータ 製品B'),
  product('example-mail', 'mail-groupware', 'ExampleMail', 'ウェブメール 製品C'),
];

/** The knowledge that is shipped, with invented products. */
export const knowledge: Knowledge = {
  version: '2026.11.3-1a2b3c4d',
  advisoryData: '2026-11-20',
  products: new Map(products.map((one) => [one.id, one])),
  classes: z.record(ServiceClass, ClassInfo).parse(yaml('classes.yaml')),
  decisions: DecisionTable.parse(yaml('rules/priority.yaml')),
  advice: new Map(
    readdirSync(join(CONFIG, 'advice'))
      .filter((file) => file !== 'common.yaml')
      .map((file) => [ServiceClass.parse(file.replace('.yaml', '')), Advice.parse(yaml(`advice/${file}`))]),
  ),
  commonAdvice: CommonAdvice.parse(yaml('advice/common.yaml')),
  contacts: ContactsFile.parse(yaml('contacts.yaml')).contacts,
  volatility: Volatility.parse(yaml('volatility.yaml')),
  ports: {},
  wanted: {},
};

const START = '2026-11-20T00:00:00Z';
const END = '2026-11-20T00:38:00Z';

export function service(
  address: string,
  port: number,
  kind: ServiceClass,
  extra: Partial<Service> = {},
): Service {
  const transport = extra.transport ?? 'tcp';
  return {
    key: serviceKey(address, port, transport),
    address,
    port,
    transport,
    siteId: 'hq',
    protocol: 'https',
    class: kind,
    role: knowledge.classes[kind].role,
    candidates: [],
    version: { state: 'unknown' },
    authentication: { kind: 'unknown', facts: [] },
    tlsVersions: [],
    names: [],
    sightings: [
      {
        source: 'probe',
        vantage: '東京',
        status: 'open',
        first: '2026-07-03T00:10:00Z',
        last: '2026-11-20T00:04:11Z',
      },
    ],
    contradictions: [],
    passiveVulns: [],
    oddities: [],
    observations: [`probe/${address}/${port}/tcp/x/1`],
    ...extra,
  };
}

export function inputs(of: Service, extra: Partial<Inputs> = {}): Inputs {
  return {
    class: of.class,
    role: of.role,
    reach: 'everyone',
    authentication: of.authentication.kind,
    knownUse: 'none',
    codeExecution: false,
    support: 'unknown',
    declared: false,
    misuse: false,
    overseasOrAffiliate: false,
    owned: true,
    reopened: false,
    ...extra,
  };
}

export function finding(of: Service, spokenId: string, extra: Partial<Finding> = {}): Finding {
  return {
    key: Buffer.from(`${spokenId}${of.key}`).toString('hex').slice(0, 16),
    spokenId,
    rule: 'exposed',
    subject: of.key,
    ...(of.siteId === undefined ? {} : { siteId: of.siteId }),
    row: 'other',
    modifiers: [],
    priority: 'P4',
    trace: 'T0',
    certainty: 'confirmed',
    verdict: 'found',
    missing: [],
    inputs: inputs(of),
    exploited: [],
    firstSeen: '2026-06-21T05:00:00Z',
    lastSeen: '2026-11-20T00:04:11Z',
    ...extra,
  };
}

const identity = (productId: string): NonNullable<Service['identity']> => ({
  productId,
  certainty: 'confirmed',
  version: { state: 'unknown' },
  matched: ['title'],
  observations: [],
});

const rdp = service('203.0.113.10', 3389, 'rdp', {
  protocol: 'rdp',
  authentication: { kind: 'password', facts: ['rdp-nla-required'] },
  names: ['srv-keiri01.corp.example.jp'],
  certificate: {
    sha256: 'a'.repeat(64),
    subject: 'CN=srv-keiri01.corp.example.jp',
    issuer: 'CN=srv-keiri01.corp.example.jp',
    serial: '01',
    notBefore: '2026-09-01T00:00:00Z',
    notAfter: '2027-03-03T00:00:00Z',
    names: ['srv-keiri01.corp.example.jp'],
    keyType: 'RSA',
    keyBits: 2048,
    selfSigned: true,
  },
  tlsVersions: ['TLSv1.2'],
  sightings: [
    {
      source: 'probe',
      vantage: '東京',
      status: 'open',
      first: '2026-07-03T00:10:00Z',
      last: '2026-11-20T00:04:11Z',
    },
    {
      source: 'shodan',
      vantage: 'shodan',
      status: 'open',
      first: '2026-06-21T05:00:00Z',
      last: '2026-11-18T11:00:00Z',
    },
  ],
});
const vpn = service('203.0.113.4', 443, 'ssl-vpn', {
  identity: identity('example-vpn'),
  authentication: { kind: 'password', facts: ['http-form'] },
  label: 'ログイン - 製品A',
  tlsVersions: ['TLSv1.2', 'TLSv1.3'],
});
const router = service('198.51.100.2', 8443, 'appliance-admin', {
  siteId: 'taipei',
  identity: identity('example-router'),
  authentication: { kind: 'password', facts: ['http-basic', 'clear-text'] },
  contradictions: [
    {
      fact: 'version',
      values: [
        { source: 'probe', value: '7.2.1', at: '2026-11-20T00:04:11Z' },
        { source: 'shodan', value: '7.0.9', at: '2026-11-09T00:00:00Z' },
      ],
    },
  ],
});
const mail = service('203.0.113.6', 443, 'mail-groupware', {
  identity: identity('example-mail'),
  version: { state: 'known', value: '8.1.4', certainty: 'confirmed', how: 'title' },
  authentication: { kind: 'password', facts: ['http-form'] },
});
const ipsec = service('192.0.2.18', 500, 'ipsec-vpn', { siteId: 'shiga', transport: 'udp', protocol: 'ike' });
const camera = service('198.51.100.4', 8000, 'iot', {
  siteId: 'taipei',
  sightings: [
    {
      source: 'shodan',
      vantage: 'shodan',
      status: 'open',
      first: '2026-08-12T00:00:00Z',
      last: '2026-11-09T03:00:00Z',
    },
  ],
});
const web = service('203.0.113.9', 443, 'web', { label: 'It works!', oddities: ['catch-all-web'] });
const ssh = service('2001:db8:20::15', 22, 'ssh', {
  siteId: 'cloud',
  protocol: 'ssh',
  authentication: { kind: 'strong', facts: ['ssh-publickey-only'] },
});
const site = service('2001:db8:20::80', 443, 'web', { siteId: 'cloud', label: '架空精機株式会社' });

const vpnFinding = finding(vpn, 'B-02', {
  priority: 'P1',
  trace: 'T2',
  certainty: 'inferred',
  row: 'door-known-use-fresh',
  missing: ['version'],
  productId: 'example-vpn',
  inputs: inputs(vpn, { knownUse: 'product-matches', declared: true, noticeAgeDays: 2 }),
  exploited: [
    {
      cve: 'CVE-2026-99999',
      grade: 'product-matches',
      kevAdded: '2026-11-18',
      ransomware: true,
      fixed: ['7.4.3', '7.2.9'],
      source: 'vendor',
    },
  ],
});

const findings: Finding[] = [
  finding(rdp, 'B-07', {
    priority: 'P1',
    trace: 'T1',
    row: 'control-undeclared',
    modifiers: ['reopened'],
    inputs: inputs(rdp, { reopened: true }),
  }),
  vpnFinding,
  finding(router, 'B-03', {
    priority: 'P2',
    trace: 'T1',
    certainty: 'inferred',
    row: 'control-declared',
    modifiers: ['ownerless'],
    productId: 'example-router',
    firstSeen: '2026-01-30T00:00:00Z',
    inputs: inputs(router, { declared: true, owned: false, overseasOrAffiliate: true, support: 'ended' }),
  }),
  finding(mail, 'B-05', {
    priority: 'P2',
    trace: 'T1',
    row: 'door-password-only',
    productId: 'example-mail',
    inputs: inputs(mail, { declared: true, support: 'current' }),
  }),
  finding(ipsec, 'B-12', {
    priority: 'P3',
    trace: 'T1',
    row: 'boundary-support-unknown',
    firstSeen: '2026-11-17T00:00:00Z',
    inputs: inputs(ipsec, { declared: true }),
  }),
  finding(web, 'B-13', {
    priority: 'P3',
    row: 'other',
    modifiers: ['undeclared'],
    verdict: 'unknown',
    missing: ['product', 'version'],
    firstSeen: '2026-11-16T17:10:00Z',
    inputs: inputs(web, { owned: false }),
  }),
  finding(camera, 'B-10', {
    certainty: 'to-confirm',
    row: 'passive-record-only',
    verdict: 'unknown',
    missing: ['reach'],
    inputs: inputs(camera, { reach: 'passive-only', owned: false, overseasOrAffiliate: true }),
    firstSeen: '2026-08-12T00:00:00Z',
  }),
  finding(ssh, 'B-11', {
    row: 'door-in-order',
    verdict: 'clear',
    inputs: inputs(ssh, { declared: true, support: 'current', authentication: 'strong' }),
  }),
  finding(site, 'B-08', { verdict: 'clear', inputs: inputs(site, { declared: true, support: 'current' }) }),
];

export function change(of: Finding, kind: Change['kind'], extra: Partial<Change> = {}): Change {
  return {
    kind,
    key: of.key,
    spokenId: of.spokenId,
    subject: of.subject,
    ...(of.siteId === undefined ? {} : { siteId: of.siteId }),
    class: of.inputs.class,
    ...(of.productId === undefined ? {} : { productId: of.productId }),
    priority: of.priority,
    trace: of.trace,
    details: [],
    firstSeen: of.firstSeen,
    ...extra,
  };
}

const byId = (id: string): Finding => {
  const found = findings.find(({ spokenId }) => spokenId === id);
  if (found === undefined) throw new Error(id);
  return found;
};

export function coverage(extra: Partial<SourceCoverage> = {}): SourceCoverage {
  return {
    source: 'probe',
    vantage: '東京',
    state: 'complete',
    addresses: 34,
    looked: 34,
    answered: 9,
    notLooked: [],
    requests: 412,
    refusedByScope: 0,
    ...extra,
  };
}

export const snapshot: Snapshot = {
  schemaVersion: 1,
  runId: '20261120T000000Z-7c1e',
  organisation: { id: 'kakuu', ja: '架空精機株式会社', en: 'Kakuu Seiki K.K.' },
  sites: [
    place({
      id: 'hq',
      ja: '本社（大阪）',
      en: 'Head office (Osaka)',
      country: 'JP',
      kind: 'headquarters',
      ranges: ['203.0.113.0/28'],
      hosts: ['vpn.example.jp'],
    }),
    place({
      id: 'shiga',
      ja: '滋賀工場',
      en: 'Shiga plant',
      country: 'JP',
      kind: 'branch',
      ranges: ['192.0.2.16/29'],
    }),
    {
      ...place({
        id: 'taipei',
        ja: '台北事務所',
        en: 'Taipei office',
        country: 'TW',
        kind: 'overseas',
        ranges: ['198.51.100.0/29'],
      }),
      contact: '現地総務',
    },
    place({
      id: 'cloud',
      ja: 'クラウド',
      en: 'Cloud',
      country: 'JP',
      kind: 'cloud',
      ranges: ['2001:db8:20::15', '2001:db8:20::80'],
      hosts: ['www.example.jp'],
    }),
  ],
  permission: { by: '代表取締役', reference: '書面 第2026-07号', validUntil: '2027-03-31T14:59:59Z' },
  maintainer: { name: '架空保守サービス', phone: '06-0000-0000' },
  exclusions: ['198.51.100.5-198.51.100.6'],
  timezone: 'Asia/Tokyo',
  tlp: 'AMBER',
  vantage: '東京',
  startedAt: START,
  endedAt: END,
  complete: true,
  passive: false,
  tool: { version: '0.1.0', knowledge: knowledge.version, advisoryData: knowledge.advisoryData },
  scopeDigest: '7c1e'.repeat(16),
  coverage: [
    coverage({
      state: 'partial',
      looked: 31,
      startedAt: START,
      endedAt: END,
      notLooked: [
        { what: '198.51.100.5-198.51.100.6', reason: 'excluded', count: 2 },
        { what: '198.51.100.3', reason: 'unfinished', count: 1 },
      ],
      lookedAt: {
        ports: '21-23,25,80,443,3389,5900,8000-8100',
        addresses: ['203.0.113.0/28'],
        unfinished: [],
        responding: [],
      },
      reason: 'unfinished',
      refusedByScope: 2,
    }),
    coverage({
      source: 'shodan',
      vantage: 'shodan',
      addresses: 32,
      looked: 32,
      answered: 5,
      requests: 12,
      credits: { spent: 3, left: 97 },
      dataDate: '2026-11-18T11:00:00Z',
      notLooked: [{ what: '2001:db8:20::/64', reason: 'ipv6-not-supported', count: 2 }],
    }),
    coverage({
      source: 'internetdb',
      state: 'off',
      reason: 'switched-off',
      looked: 0,
      answered: 0,
      requests: 0,
    }),
  ],
  services: [rdp, vpn, router, mail, ipsec, camera, web, ssh, site],
  findings,
  expected: [
    {
      key: vpn.key,
      owner: '情報システム係',
      reason: '在宅勤務用',
      until: '2027-03-31',
      state: 'as-declared',
    },
    {
      key: mail.key,
      owner: '情報システム係',
      reason: 'ウェブメール',
      until: '2026-12-11',
      ticket: '2026-041',
      state: 'as-declared',
    },
  ],
  register: [],
  previousRun: {
    runId: '20261113T000000Z-7c1e',
    endedAt: '2026-11-13T00:30:00Z',
    scopeDigest: '7c1e'.repeat(16),
  },
  changes: [
    change(byId('B-07'), 're-opened'),
    change(vpnFinding, 'raised', { priorityBefore: 'P2' }),
    change(byId('B-13'), 'new'),
    change(byId('B-12'), 'new', { ticket: '2026-041' }),
    change(byId('B-05'), 'changed', {
      details: [{ what: 'certificate', from: 'b'.repeat(64), to: 'c'.repeat(64) }],
    }),
    change(byId('B-10'), 'not-seen'),
    change(finding(service('203.0.113.6', 21, 'file-transfer'), 'B-06'), 'closed'),
    change(byId('B-08'), 'not-checked', { details: [{ what: 'address-not-asked', from: '', to: '' }] }),
    change(byId('B-05'), 'expiring', { details: [{ what: 'until', from: '', to: '2026-12-11' }] }),
  ],
};

interface Place {
  id: string;
  ja: string;
  en: string;
  country: string;
  kind: string;
  ranges: string[];
  hosts?: string[];
}

function place({ hosts = [], ...rest }: Place): Snapshot['sites'][number] {
  return { ...rest, hosts };
}
