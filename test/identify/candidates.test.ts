import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from '../../src/lib/address.ts';
import { candidatesOf, type CandidateInput } from '../../src/identify/candidates.ts';
import { serviceKey } from '../../src/model/service.ts';
import { Candidate } from '../../src/model/snapshot.ts';
import { makeObservation, makeScope, NOW, passiveFacts, tlsFacts } from './helpers.ts';
import type { Certificate } from '../../src/model/facts.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Service } from '../../src/model/service.ts';

const scope = makeScope({
  sites: [
    {
      id: 'hq',
      name: { ja: '本社', en: 'Head office' },
      country: 'JP',
      kind: 'headquarters',
      ranges: [parseRange('203.0.113.0/24')],
      hosts: ['vpn.kakuu.jp'],
      contact: undefined,
    },
  ],
  exclusions: [parseRange('198.51.100.7')],
});

function named(hostnames: readonly string[], extra: Partial<Observation> = {}): Observation {
  const facts = { passive: passiveFacts({ hostnames: [...hostnames] }) };
  return makeObservation({ source: 'shodan', address: '203.0.113.9', facts, ...extra });
}

const certificate: Certificate = {
  sha256: 'a'.repeat(64),
  subject: 'CN=x',
  issuer: 'CN=x',
  serial: '01',
  names: ['Old-VPN.kakuu.jp', '*.kakuu.jp', '192.0.2.1'],
  keyType: 'RSA',
  selfSigned: false,
};

function candidates(given: Partial<CandidateInput>): Candidate[] {
  const found = candidatesOf({ observations: [], searched: [], services: [], scope, ...given });
  for (const one of found) Candidate.parse(one);
  return found;
}

const values = (given: Partial<CandidateInput>): string[] => candidates(given).map(({ value }) => value);

function searched(value: string, extra: Partial<Candidate> = {}): Candidate {
  return {
    kind: 'name',
    value,
    found: [{ why: 'domain', by: 'hostname:kakuu.jp', source: 'shodan', at: NOW }],
    shows: [],
    ...extra,
  };
}

describe('identify/candidates', () => {
  it('takes names from certificates, Windows answers and passive records, each with its reason', () => {
    const ntlm = { dnsComputerName: 'srv01.ad.kakuu.jp.', dnsDomainName: 'kakuu.corp' };
    const found = candidates({
      observations: [
        named([], { facts: { tls: tlsFacts({ certificates: [certificate] }) } }),
        named([], {
          port: 3389,
          facts: { rdp: { negotiations: [], accepts: {}, noNegotiation: false, ntlm } },
        }),
        named(['mail.kakuu.co.jp']),
      ],
    });
    expect(found.map(({ value, found: ways }) => [value, ways.map(({ why, by }) => `${why} ${by}`)])).toEqual(
      [
        ['mail.kakuu.co.jp', ['passive-name 203.0.113.9:443/tcp']],
        ['old-vpn.kakuu.jp', ['certificate 203.0.113.9:443/tcp']],
        ['srv01.ad.kakuu.jp', ['remote-desktop 203.0.113.9:3389/tcp']],
      ],
    );
  });

  it.each([
    'vpn.kakuu.jp',
    'VPN.KAKUU.JP.',
    '*.kakuu.jp',
    'localhost',
    'localhost.localdomain',
    'printer.local',
    'dc01.kakuu.corp',
    'router.home.arpa',
    '9.113.0.203.in-addr.arpa',
    'nas.lan',
    'host.internal',
    'a.b.123',
    'no spaces.example.jp',
    '',
    '203.0.113.9',
    '__proto__',
  ])('leaves out %j', (name) => {
    expect(values({ observations: [named([name])] })).toEqual([]);
    expect(values({ searched: [searched(name)] })).toEqual([]);
  });

  it('keeps addresses that lie neither in a range nor in an exclusion', () => {
    const addresses = ['203.0.113.77', '198.51.100.7', '192.0.2.5', '::ffff:203.0.113.1', '2001:db8::5', 'x'];
    const all = addresses.map((value) => searched(value, { kind: 'address' }));
    expect(values({ searched: all })).toEqual(['192.0.2.5', '2001:db8::5']);
  });

  it('merges what several searches and records say of one value', () => {
    const found = candidates({
      observations: [named(['a.kakuu.jp'], { observedAt: '2026-01-01T00:00:00Z' }), named(['a.kakuu.jp'])],
      searched: [
        searched('a.kakuu.jp', { shows: ['443/tcp nginx', '22/tcp'] }),
        searched('A.kakuu.jp', {
          shows: ['22/tcp'],
          found: [{ why: 'asn', by: 'asn:AS64500', source: 'shodan', at: '2026-11-01T00:00:00Z' }],
        }),
      ],
    });
    expect(found).toEqual([
      {
        kind: 'name',
        value: 'a.kakuu.jp',
        found: [
          { why: 'domain', by: 'hostname:kakuu.jp', source: 'shodan', at: NOW },
          { why: 'passive-name', by: '203.0.113.9:443/tcp', source: 'shodan', at: NOW },
          { why: 'asn', by: 'asn:AS64500', source: 'shodan', at: '2026-11-01T00:00:00Z' },
        ],
        shows: ['22/tcp', '443/tcp nginx'],
      },
    ]);
  });

  it('names the service that a record without a transport belongs to', () => {
    const services = [{ key: serviceKey('203.0.113.9', 443, 'udp') } as Service];
    const [found] = candidates({ observations: [named(['a.kakuu.jp'], { transport: 'unknown' })], services });
    expect(found?.found[0]?.by).toBe('203.0.113.9:443/udp');
    const [bare] = candidates({ observations: [named(['a.kakuu.jp'], { transport: 'unknown' })] });
    expect(bare?.found[0]?.by).toBe('203.0.113.9:443/unknown');
  });

  it('keeps 500, and drops names of lines and clouds before others', () => {
    const lines = Array.from({ length: 400 }, (_, index) => `p${index}.tokyo.ocn.ne.jp`);
    const clouds = [
      'ec2-203-0-113-9.compute.amazonaws.com',
      'd111.cloudfront.net',
      '9.113.0.203.static.carrier.jp',
    ];
    const others = Array.from({ length: 450 }, (_, index) => `h${index}.other.co.jp`);
    const own = ['zz.kakuu.jp', '203-0-113-9.kakuu.jp'];
    const kept = values({ observations: [named([...lines, ...clouds, ...others, ...own].toReversed())] });
    expect(kept).toHaveLength(500);
    expect(kept).toContain('zz.kakuu.jp');
    expect(kept.filter((name) => name.endsWith('.other.co.jp'))).toHaveLength(450);
    expect(kept.filter((name) => name.endsWith('.ocn.ne.jp')).length).toBeGreaterThan(40);
  });

  it('bounds what stands in one candidate', () => {
    const observations = Array.from({ length: 40 }, (_, index) => named(['a.kakuu.jp'], { port: index + 1 }));
    const long = searched('a.kakuu.jp', {
      shows: Array.from({ length: 40 }, (_, index) => `${index}/tcp`),
      found: [{ why: 'domain', by: 'x'.repeat(5000), source: 'shodan', at: '2027-01-01T00:00:00Z' }],
    });
    const [one] = candidates({ observations, searched: [long] });
    expect(one?.found).toHaveLength(10);
    expect(one?.found[0]?.by).toHaveLength(200);
    expect(one?.shows).toHaveLength(5);
  });

  it('does not depend on the order of its input', () => {
    const observations = [
      named(['b.kakuu.jp', 'a.kakuu.jp']),
      named(['a.kakuu.jp'], { port: 8443 }),
      named(['a.kakuu.jp', 'c.other.jp'], { address: '203.0.113.2', observedAt: '2026-02-02T00:00:00Z' }),
    ];
    const search = [
      searched('a.kakuu.jp', { shows: ['1/tcp', '2/tcp'] }),
      searched('192.0.2.1', { kind: 'address' }),
      searched('a.kakuu.jp', { shows: ['3/tcp'] }),
    ];
    const straight = candidates({ observations, searched: search });
    expect(candidates({ observations: observations.toReversed(), searched: search.toReversed() })).toEqual(
      straight,
    );
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 80 })), (texts) => {
        const search = texts.map((text) => searched(text, { shows: [text] }));
        const found = values({ observations: [named(texts)], searched: search });
        for (const value of found) expect(value).toMatch(/^[a-z0-9._-]+$/);
      }),
    );
  });
});
