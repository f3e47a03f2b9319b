/** The invented organisation with made-up names in every place that a run has for them, and in the bytes that its devices answer. */
import type { Answers } from '../../../src/model/answers.ts';
import type { Evidence, Observation } from '../../../src/model/observation.ts';
import type { Service } from '../../../src/model/service.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import type { ShareInput, ShareOptions } from '../../../src/report/share/build.ts';
import { knowledge, snapshot } from '../fixture.ts';
import { addressForms, encodings, type Secret } from './secrets.ts';

export const OPTIONS: ShareOptions = {
  envelope: 'technical',
  tlp: 'GREEN',
  named: false,
  findings: undefined,
  evidence: true,
  keepAddresses: [],
  sender: {},
  passingOn: undefined,
  note: undefined,
};

export interface Names {
  readonly first: string;
  readonly second: string;
  readonly japanese: string;
  readonly label: string;
  readonly domain: string;
  readonly person: string;
  readonly serial: string;
  readonly address: string;
  readonly short: string;
}

export function secretsOf(names: Names): Secret[] {
  return [
    { of: 'organisation', text: `${names.first} ${names.second}` },
    { of: 'word of the organisation', text: names.first },
    { of: 'word of the organisation', text: names.second },
    { of: 'organisation, ja', text: names.japanese },
    { of: 'host label', text: names.label },
    { of: 'domain', text: names.domain },
    { of: 'host', text: `${names.label}.${names.domain}.co.jp` },
    { of: 'person', text: names.person },
    { of: 'serial', text: names.serial },
    { of: 'address', text: names.address },
    { of: 'short name', text: names.short },
  ];
}

const PORTS = { web: 443, ssh: 22, mail: 25, rdp: 3389, vnc: 5900 } as const;

export function planted(names: Names, options: Partial<ShareOptions> = {}): ShareInput {
  const all = allOf(names);
  const observations = observationsOf(names);
  const services = Object.entries(PORTS).map(([kind, port]) => serviceOf(kind, port, names));
  const [template] = snapshot.findings;
  if (template === undefined) throw new Error('the fixture has no finding');
  const run: Snapshot = {
    ...snapshot,
    runId: all,
    organisation: {
      id: names.short,
      ja: `株式会社${names.japanese}`,
      en: `${names.first} ${names.second} Co., Ltd.`,
    },
    sites: snapshot.sites.map((site) => ({
      ...site,
      ja: `${names.japanese}本社`,
      en: `${names.first} head office`,
      ranges: [`${names.address}/32`],
      hosts: [`${names.label}.${names.domain}.co.jp`],
      contact: names.person,
    })),
    permission: { by: names.person, reference: all, validUntil: '2027-03-31T14:59:59Z' },
    maintainer: { name: names.second, phone: '03-1234-5678' },
    exclusions: [names.address],
    vantage: `${names.first} office`,
    scopeDigest: names.serial,
    services,
    findings: services.map((service, index) => ({
      ...template,
      key: `${index}`.repeat(16),
      spokenId: `B-0${index}`,
      subject: service.key,
      verdict: 'found',
      productId: all,
      exploited: [
        {
          cve: all,
          grade: 'confirmed',
          kevAdded: all,
          ransomware: true,
          fixed: [all, `1.2-${names.first}`],
          source: all,
          usedBy: [{ who: all, date: '2026', source: all }],
        },
      ],
      listed: [{ cve: all, kevAdded: all, ransomware: false }],
      guides: [{ ja: all, en: all, url: all, publisher: all }],
      modifiers: [all],
    })),
    expected: services.map(({ key }) => ({
      key,
      owner: names.person,
      reason: all,
      until: '2027-01-01',
      ticket: names.serial,
      allowedSources: [names.address],
      reachedFrom: [all],
      state: 'as-declared',
    })),
    candidates: [
      {
        kind: 'name',
        value: `${names.label}.${names.domain}.co.jp`,
        found: [{ why: 'certificate', by: all, source: 'probe', at: '2026-11-20' }],
        shows: [all],
      },
    ],
    assets: [
      {
        range: names.address,
        name: all,
        owner: names.person,
        note: all,
        file: `${names.first}.csv`,
        line: 1,
      },
    ],
    elsewhere: [{ vantage: all, runId: all, endedAt: '2026-11-20T00:00:00Z', places: {} }],
    coverage: snapshot.coverage.map((one) => ({
      ...one,
      vantage: all,
      file: all,
      notLooked: [{ what: all, reason: all, count: 1 }],
    })),
    tool: { ...snapshot.tool, knowledge: all },
  };
  return {
    snapshot: run,
    observations,
    answers: answersOf(names),
    published: knowledge,
    key: '5a'.repeat(32),
    options: { ...OPTIONS, ...options },
  };
}

function allOf(names: Names): string {
  return secretsOf(names)
    .map(({ text }) => text)
    .join(' ');
}

function serviceOf(kind: string, port: number, names: Names): Service {
  const all = allOf(names);
  const host = `${names.label}.${names.domain}.co.jp`;
  return {
    key: `${names.address}:${port}/tcp`,
    address: names.address,
    port,
    transport: 'tcp',
    siteId: 'hq',
    protocol: kind === 'web' ? 'https' : all,
    class: 'ssl-vpn',
    role: 'door',
    identity: {
      productId: kind === 'web' ? 'example-vpn' : all,
      certainty: 'confirmed',
      version: { state: 'known', value: all, certainty: 'confirmed', how: all },
      matched: [all],
      observations: [],
    },
    candidates: [],
    version: {
      state: 'known',
      value: kind === 'web' ? `8.1.4-${names.first}` : `1.0 ${names.label}`,
      certainty: 'confirmed',
      how: all,
    },
    authentication: { kind: 'password', facts: ['http-form'] },
    certificate: {
      sha256: names.serial.repeat(4).slice(0, 64),
      subject: `CN=${host}, O=${names.first} ${names.second}`,
      issuer: `CN=${names.japanese} CA`,
      serial: names.serial,
      notBefore: '2026-09-01T01:02:03Z',
      notAfter: '2027-03-03T04:05:06Z',
      names: [host, names.address],
      keyType: 'RSA',
      selfSigned: true,
    },
    tlsVersions: ['TLSv1.2', all],
    tlsServerForm: all,
    jarm: names.serial.repeat(4).slice(0, 62),
    label: all,
    names: [host, all],
    sightings: [
      {
        source: 'probe',
        vantage: all,
        file: all,
        status: 'open',
        first: '2026-07-03T00:10:11Z',
        last: '2026-11-20T00:04:11Z',
      },
    ],
    exposure: { first: '2026-07-03T00:10:11Z', last: '2026-11-20T00:04:11Z', spans: [], shut: [] },
    assets: [{ range: names.address, name: all, file: all, line: 2 }],
    contradictions: [{ fact: 'title', values: [{ source: 'probe', value: all, at: '2026-11-20' }] }],
    passiveVulns: [all, 'CVE-2026-12345'],
    said: [
      ['hostname', all],
      ['domain', host],
    ],
    passiveTags: [all],
    oddities: [],
    webRisks: [{ risk: 'upload-form', seen: all }],
    indicators: {
      asked: 1,
      skipped: [],
      answers: [
        {
          id: all,
          method: 'GET',
          path: `/${all}`,
          status: 200,
          bodyBytes: 1,
          control: { path: all, status: 404, bodyBytes: 1 },
          campaign: { ja: all, en: all },
          about: { ja: all, en: all },
          source: { publisher: all, url: all, date: all },
        },
      ],
    },
    page: {
      path: `/${names.label}`,
      status: 200,
      title: all,
      bodySha256: names.serial,
      stableSha256: names.serial,
      truncated: false,
      scripts: [`https://${host}`],
      frames: [],
      forms: [all],
      refresh: [],
      links: [host],
    },
    observations: [`${kind}/1`],
  };
}

/** What devices say, with each name in each encoding. */
function messagesOf(names: Names): Record<keyof typeof PORTS, Buffer[]> {
  const all = allOf(names);
  const host = `${names.label}.${names.domain}.co.jp`;
  const forms = secretsOf(names)
    .flatMap(({ text }) => [text, text.toUpperCase(), ...encodings(text)])
    .concat(addressForms(names.address));
  const page = `<html><head><title>${all}</title></head><body>${forms.join(' ')} ExampleVPN 8.1.4 ExampleVPN/${names.address} ${forms.join('<br>')}</body></html>`;
  const head = (extra: string): string =>
    `HTTP/1.1 200 ${names.first}\r\nServer: ${names.label}-nginx/1.18.0 (${all})\r\nDate: Fri, 20 Nov 2026 00:04:11 GMT\r\nContent-Length: ${page.length}\r\nX-${names.first}: ${all}\r\n${extra}\r\n\r\n`;
  return {
    web: [
      Buffer.from(
        `${head(`Location: https://${host}/${names.first}\r\nSet-Cookie: ${names.first}=${names.serial}; domain=${host}\r\nWWW-Authenticate: Basic realm="${all}"`)}${page}`,
      ),
      ...forms.map((form) =>
        Buffer.from(`${head(`Server: ExampleVPN ${form} ExampleVPN/${form}`)}ExampleVPN ${form}`),
      ),
      Buffer.from(
        `GET /${names.label}?next=${encodeURIComponent(all)} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${all}\r\n\r\n`,
      ),
      Buffer.from([0x16, 3, 3, 0, 0x40, 2, ...Buffer.from(all)]),
      Buffer.concat([
        Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
        Buffer.from([0x30, 0x82, 1, 1, 0x30]),
        Buffer.from(all),
      ]),
      Buffer.from(`-----BEGIN CERTIFICATE-----\n${Buffer.from(all).toString('base64')}`),
    ],
    ssh: [
      Buffer.from(`SSH-2.0-OpenSSH_9.6p1 ${all}\r\n`),
      Buffer.from(`SSH-2.0-${names.first}_1.0\r\n\0\0${all}`),
    ],
    mail: [
      Buffer.from(`220 ${host} ESMTP Postfix (${all})\r\n250-${host}\r\n250 ${names.serial}\r\n`),
      Buffer.from(all, 'utf16le'),
    ],
    rdp: [Buffer.concat([Buffer.from('NTLMSSP\0'), Buffer.from(all, 'utf16le')])],
    vnc: [Buffer.from(`RFB 003.008\n${all}`)],
  };
}

function observationsOf(names: Names): Observation[] {
  const all = allOf(names);
  return Object.entries(messagesOf(names)).map(([kind, messages]) => ({
    id: `${kind}/1`,
    source: 'probe',
    vantage: all,
    observedAt: '2026-11-20T00:04:11Z',
    collectedAt: '2026-11-20T00:04:11Z',
    address: names.address,
    port: PORTS[kind as keyof typeof PORTS],
    transport: 'tcp',
    status: 'open',
    probe: kind,
    protocol: kind,
    facts: {},
    evidence: messages.map((bytes, index): Evidence => ({
      label: index % 2 === 0 ? `http GET /${names.label}?x=${all}` : all,
      sent: bytes.toString('base64'),
      received: bytes.toString('base64'),
      receivedBytes: bytes.length,
      sha256: `${names.serial}${index}`.padEnd(64, '0').slice(0, 64),
      truncated: false,
    })),
    note: all,
  }));
}

function answersOf(names: Names): Answers {
  const all = allOf(names);
  return {
    answered: { by: names.person, on: '2026-11-20' },
    findings: {
      'B-00': {
        purpose: all,
        'opened-by': names.person,
        note: all,
        version: all,
        logs: { days: 14, where: all },
        'may-close': 'yes',
      },
    },
    sites: { hq: { line: all, provider: names.second, note: all } },
    told: [
      { who: `IPA ${names.person}`, on: '2026-11-20', what: all },
      { who: names.second, what: all },
    ],
    touched: [{ who: names.person, what: all }],
    management: { 'may-stop': all, decides: names.person },
  };
}
