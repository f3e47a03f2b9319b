import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identify, siteOf } from '../../src/identify/identify.ts';
import type { Certificate, Facts } from '../../src/model/facts.ts';
import type { Product } from '../../src/model/product.ts';
import type { Observation, SweepResult } from '../../src/model/observation.ts';
import { Service } from '../../src/model/service.ts';
import {
  httpFacts,
  makeKnowledge,
  makeObservation,
  makeProduct,
  makeScope,
  NOW,
  passiveFacts,
  tlsFacts,
} from './helpers.ts';

const reader = { id: 'title-version', pattern: 'v([0-9.]+)', certainty: 'confirmed' };
const titled = (id: string, extra: Record<string, unknown> = {}): Product =>
  makeProduct({
    id,
    facts: [{ id: 'title', strength: 'strong', http: { title: `^${id}\\b` } }],
    version: [{ ...reader, http: { in: 'title' } }],
    ...extra,
  });
const fortress = titled('fortress', { 'same-from-outside': ['fortress-cloud'], authentication: 'password' });
const cloud = titled('fortress-cloud');
const citadel = titled('citadel', { role: 'window', class: 'cms' });
const knowledge = makeKnowledge([fortress, cloud, citadel]);

const titledFacts = (title: string): Facts => httpFacts({ title });
const run = (
  observations: Observation[],
  sweeps: SweepResult[] = [],
  scope = makeScope(),
  known = knowledge,
): Service[] => identify(observations, sweeps, scope, known);
const sweep = (address: string, given: Partial<SweepResult>): SweepResult => ({
  address,
  open: [],
  closed: [],
  noAnswer: [],
  unreachable: [],
  ...given,
});
const shodan = (given: Partial<Observation>): Observation =>
  makeObservation({ source: 'shodan', observedAt: '2026-11-15T00:00:00Z', ...given });
const internetdb = (given: Partial<Observation>): Observation =>
  makeObservation({
    source: 'internetdb',
    transport: 'unknown',
    observedAt: '2026-11-14T00:00:00Z',
    facts: { passive: passiveFacts() },
    ...given,
  });

describe('places', () => {
  it('makes one service of a place that several sources saw', () => {
    const services = run([
      makeObservation({ port: 3389, protocol: 'rdp' }),
      shodan({ port: 3389, protocol: 'rdp' }),
      internetdb({ port: 3389 }),
    ]);
    expect(services).toHaveLength(1);
    expect(services[0]).toMatchObject({
      key: '203.0.113.10:3389/tcp',
      class: 'rdp',
      role: 'door',
      siteId: 'hq',
    });
    expect(services[0]?.sightings.map(({ source, first }) => [source, first])).toEqual([
      ['internetdb', '2026-11-14T00:00:00Z'],
      ['probe', NOW],
      ['shodan', '2026-11-15T00:00:00Z'],
    ]);
  });

  it('gives a port of unknown transport to UDP when only UDP is known there, and to TCP first', () => {
    const udp = makeObservation({ port: 500, transport: 'udp', protocol: 'ike' });
    const tcp = makeObservation({ port: 500, protocol: 'unknown' });
    expect(run([udp, internetdb({ port: 500 })]).map(({ key }) => key)).toEqual(['203.0.113.10:500/udp']);
    const both = run([udp, tcp, internetdb({ port: 500 })]);
    expect(both.map(({ key, sightings }) => [key, sightings.length])).toEqual([
      ['203.0.113.10:500/tcp', 2],
      ['203.0.113.10:500/udp', 1],
    ]);
  });

  it('keeps a port of unknown transport when nobody else reached it, with the look that failed', () => {
    const services = run(
      [internetdb({ port: 443 }), makeObservation({ port: 22, protocol: 'ssh' })],
      [sweep('203.0.113.10', { open: [22], closed: [443] })],
    );
    expect(services.map(({ key }) => key)).toEqual(['203.0.113.10:22/tcp', '203.0.113.10:443/unknown']);
    expect(services[1]?.sightings).toContainEqual({
      source: 'probe',
      vantage: 'tokyo',
      status: 'closed',
      first: NOW,
      last: NOW,
    });
  });

  it('makes no service of a place that nobody reached', () => {
    for (const status of [
      'closed',
      'no-answer',
      'unreachable',
      'refused-by-scope',
      'rate-limited',
      'aborted',
    ] as const)
      expect(run([makeObservation({ status })])).toEqual([]);
  });

  it('does not lose an open port whose conversation was cut off', () => {
    const cut = makeObservation({ port: 443, status: 'aborted' });
    const [service] = run([cut], [sweep('203.0.113.10', { open: [443, 8443] })]);
    expect(service).toMatchObject({ key: '203.0.113.10:443/tcp', protocol: 'unknown', class: 'unknown' });
    expect(service?.sightings).toEqual([
      { source: 'probe', vantage: 'tokyo', status: 'open', first: NOW, last: NOW },
    ]);
    expect(run([cut], [sweep('203.0.113.10', { open: [8443] })])).toHaveLength(1);
  });

  it('lets the history of a passive source say since when, and not what', () => {
    const old = shodan({ port: 443, observedAt: '2024-01-01T00:00:00Z', facts: titledFacts('citadel v1') });
    const gone = shodan({ port: 23, observedAt: '2024-01-01T00:00:00Z', protocol: 'telnet' });
    const current = shodan({ port: 443, facts: titledFacts('fortress v7.0.1'), protocol: 'https' });
    const services = run([current, old, gone]);
    expect(services).toHaveLength(1);
    expect(services[0]).toMatchObject({ port: 443, identity: { productId: 'fortress' }, candidates: [] });
    expect(services[0]?.sightings[0]).toMatchObject({
      first: '2024-01-01T00:00:00Z',
      last: '2026-11-15T00:00:00Z',
    });
  });

  it('takes an old export for what it is: all of one age, so all of it counts', () => {
    const services = run([
      shodan({ port: 443, observedAt: '2024-01-05T00:00:00Z' }),
      shodan({ port: 23, observedAt: '2024-01-01T00:00:00Z' }),
    ]);
    expect(services.map(({ port }) => port)).toEqual([23, 443]);
  });

  it('sorts by address as numbers, then port and transport', () => {
    const keys = run([
      makeObservation({ address: '2001:db8::1' }),
      makeObservation({ address: '203.0.113.10', port: 8080 }),
      makeObservation({ address: '203.0.113.9', port: 9 }),
      makeObservation({ address: '203.0.113.10', port: 443, transport: 'udp' }),
      makeObservation({ address: '203.0.113.10', port: 443 }),
    ]).map(({ key }) => key);
    expect(keys).toEqual([
      '203.0.113.9:9/tcp',
      '203.0.113.10:443/tcp',
      '203.0.113.10:443/udp',
      '203.0.113.10:8080/tcp',
      '[2001:db8::1]:443/tcp',
    ]);
  });

  it('names the site with the smallest range', () => {
    expect(siteOf('203.0.113.10', makeScope())).toBe('hq');
    expect(siteOf('203.0.113.70', makeScope())).toBe('taipei');
    expect(siteOf('198.51.100.1', makeScope())).toBeUndefined();
  });
});

describe('what stands there', () => {
  it.each([
    ['rdp', 'rdp', 'door'],
    ['vnc', 'vnc', 'door'],
    ['ssh', 'ssh', 'door'],
    ['telnet', 'telnet', 'door'],
    ['ftp', 'file-transfer', 'window'],
    ['smtp', 'mail-transfer', 'other'],
    ['imaps', 'mail-groupware', 'door'],
    ['redis', 'database', 'window'],
    ['smb', 'smb', 'door'],
    ['https', 'web', 'other'],
    ['gopher', 'unknown', 'other'],
  ])('takes the class of %s from the protocol', (protocol, kind, role) => {
    expect(run([makeObservation({ port: 4711, protocol })])[0]).toMatchObject({ class: kind, role });
  });

  it('takes class, role, version and authentication from the product', () => {
    const [service] = run([makeObservation({ protocol: 'https', facts: titledFacts('fortress v7.0.17') })]);
    expect(service).toMatchObject({
      class: 'ssl-vpn',
      role: 'door',
      identity: { productId: 'fortress', certainty: 'confirmed', matched: ['title'] },
      version: { state: 'known', value: '7.0.17', certainty: 'confirmed' },
      authentication: { kind: 'password', facts: ['by-product'] },
      label: 'fortress v7.0.17',
      contradictions: [],
    });
    const [other] = run([makeObservation({ protocol: 'https', facts: titledFacts('citadel') })]);
    expect(other).toMatchObject({ class: 'cms', role: 'window', version: { state: 'unknown' } });
  });

  it('trusts a passive source one step less', () => {
    const [service] = run([shodan({ protocol: 'https', facts: titledFacts('fortress v7.0.17') })]);
    expect(service?.identity?.certainty).toBe('inferred');
    expect(service?.version).toMatchObject({ value: '7.0.17', certainty: 'to-confirm' });
  });

  it('keeps what two sources say differently, and goes by the own look', () => {
    const own = makeObservation({ protocol: 'https', facts: titledFacts('fortress v7.0.17') });
    const [version] = run([own, shodan({ protocol: 'https', facts: titledFacts('fortress v7.0.9') })]);
    expect(version?.version).toMatchObject({ value: '7.0.17' });
    expect(version?.contradictions).toEqual([
      {
        fact: 'version',
        values: [
          { source: 'probe', value: '7.0.17', at: NOW },
          { source: 'shodan', value: '7.0.9', at: '2026-11-15T00:00:00Z' },
        ],
      },
    ]);
    const [product] = run([own, shodan({ protocol: 'https', facts: titledFacts('citadel') })]);
    expect(product?.identity?.productId).toBe('fortress');
    expect(product?.candidates.map(({ productId }) => productId)).toEqual(['citadel']);
    expect(product?.contradictions.map(({ fact }) => fact)).toEqual(['product']);
  });

  it('sees no contradiction in products that look the same, equal versions, or http beside https', () => {
    const own = makeObservation({ protocol: 'https', facts: titledFacts('fortress v7.0') });
    expect(run([own, shodan({ facts: titledFacts('fortress-cloud') })])[0]?.contradictions).toEqual([]);
    expect(run([own, shodan({ facts: titledFacts('fortress v7.0.0') })])[0]?.contradictions).toEqual([]);
    expect(
      run([own, shodan({ protocol: 'http', facts: titledFacts('fortress') })])[0]?.contradictions,
    ).toEqual([]);
  });

  it('names a protocol and an authentication that changed in between', () => {
    const [protocol] = run([makeObservation({ protocol: 'ssh' }), shodan({ protocol: 'https' })]);
    expect(protocol).toMatchObject({ protocol: 'ssh', class: 'ssh' });
    expect(protocol?.contradictions.map(({ fact }) => fact)).toEqual(['protocol']);
    const vnc = (noPassword: boolean): Facts => ({
      vnc: { rfbVersion: '003.008', securityTypes: [{ id: noPassword ? 1 : 2, name: '' }], noPassword },
    });
    const [login] = run([
      makeObservation({ protocol: 'vnc', facts: vnc(false) }),
      shodan({ protocol: 'vnc', facts: vnc(true) }),
    ]);
    expect(login?.authentication).toEqual({ kind: 'password', facts: ['vnc-password'] });
    expect(login?.contradictions).toEqual([
      {
        fact: 'authentication',
        values: [
          { source: 'probe', value: 'password', at: NOW },
          { source: 'shodan', value: 'none', at: '2026-11-15T00:00:00Z' },
        ],
      },
    ]);
  });

  it('reads a passive version when the own look shows the product and no version', () => {
    const own = makeObservation({ protocol: 'https', facts: titledFacts('fortress') });
    const [service] = run([own, shodan({ facts: titledFacts('fortress v7.0.9') })]);
    expect(service?.version).toMatchObject({ value: '7.0.9', certainty: 'to-confirm' });
    expect(service?.identity).toMatchObject({ certainty: 'confirmed', version: { value: '7.0.9' } });
  });

  it('collects names, certificate and TLS versions, and no addresses as names', () => {
    const certificate: Certificate = {
      sha256: 'ab',
      subject: 'CN=vpn.example.jp',
      issuer: 'CN=ca',
      serial: '1',
      names: ['VPN.example.jp', '*.example.jp', '203.0.113.10', 'x y', 'localhost'],
      keyType: 'rsa',
      selfSigned: false,
    };
    const versions = [
      { version: 'TLSv1.0', accepted: true },
      { version: 'SSLv3', accepted: false },
    ];
    const tls = tlsFacts({ certificates: [certificate], versions, version: 'TLSv1.3' });
    const passive = passiveFacts({
      hostnames: ['gw.example.jp.', 'vpn.example.jp'],
      vulns: [{ cve: 'CVE-2024-0001', verified: false }],
      tags: ['vpn', 'cloud'],
    });
    const [service] = run([
      makeObservation({ protocol: 'https', facts: { tls } }),
      shodan({ facts: { passive } }),
    ]);
    expect(service).toMatchObject({
      names: ['*.example.jp', 'gw.example.jp', 'vpn.example.jp'],
      certificate: { sha256: 'ab' },
      tlsVersions: ['TLSv1.0', 'TLSv1.3'],
      passiveVulns: ['CVE-2024-0001'],
      passiveTags: ['cloud', 'vpn'],
    });
  });

  it('bounds names and label', () => {
    const hostnames = Array.from({ length: 200 }, (_, i) => `host${i}.example.jp`);
    const [service] = run([
      makeObservation({ facts: httpFacts({ title: `\ud800${'長'.repeat(5000)}` }) }),
      shodan({ facts: { passive: passiveFacts({ hostnames }) } }),
    ]);
    expect(service?.names).toHaveLength(50);
    expect(service?.label).toHaveLength(200);
    expect(service?.label?.isWellFormed()).toBe(true);
  });
});

describe('identify', () => {
  const observation = fc
    .record({
      source: fc.constantFrom('probe', 'shodan', 'internetdb'),
      address: fc.constantFrom('203.0.113.10', '203.0.113.9', '2001:db8::1'),
      port: fc.constantFrom(443, 3389),
      transport: fc.constantFrom('tcp', 'udp', 'unknown'),
      status: fc.constantFrom('open', 'closed', 'no-answer', 'protocol-error'),
      protocol: fc.constantFrom('https', 'rdp', 'unknown'),
      observedAt: fc.constantFrom('2026-11-18T00:00:00Z', '2026-11-19T00:00:00Z', '2024-01-01T00:00:00Z'),
      facts: fc.constantFrom<Facts>({}, titledFacts('fortress v7.0.9'), titledFacts('citadel')),
    })
    .map((given) => makeObservation(given as Partial<Observation>));
  const observations = fc.uniqueArray(observation, { maxLength: 12, selector: ({ id }) => id });

  it('does not depend on the order, has each key once, and fits the model', () => {
    fc.assert(
      fc.property(
        observations.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const services = run(all);
          expect(run(shuffled)).toEqual(services);
          expect(new Set(services.map(({ key }) => key)).size).toBe(services.length);
          for (const service of services) {
            expect(Service.parse(service)).toEqual(service);
            const twin = `${service.address} ${service.port}`;
            const unknown = services.filter((one) => one.transport === 'unknown');
            if (service.transport !== 'unknown')
              expect(unknown.map(({ address, port }) => `${address} ${port}`)).not.toContain(twin);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
