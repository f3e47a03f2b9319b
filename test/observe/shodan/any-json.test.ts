import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Observation } from '../../../src/model/observation.ts';
import { Candidate } from '../../../src/model/snapshot.ts';
import { factsOfRecord } from '../../../src/observe/shodan/banner-facts.ts';
import { candidatesOfRecord } from '../../../src/observe/shodan/candidates.ts';
import { marksOf } from '../../../src/observe/shodan/pivots.ts';
import { HostAnswer } from '../../../src/observe/shodan/schema.ts';
import { RDP, bare, context, host, matches } from './reading.ts';
import { fixture } from './setting.ts';

describe('any JSON', () => {
  const KEYS = [
    'ip_str',
    'ip',
    'ipv6',
    'port',
    'transport',
    'timestamp',
    'data',
    'http',
    'ssl',
    'ssh',
    'vnc',
    'telnet',
    'ftp',
    'vulns',
    'opts',
    'ntlm',
    'html',
    'status',
    'chain',
    'cert',
    'subject',
    'favicon',
    'redirects',
    'key',
    'kex',
    '_shodan',
    'module',
    'security_types',
    'features',
    'product',
    'version',
    'cpe',
    'tags',
    'screenshot',
    'hostnames',
    'fingerprint',
    'sha1',
    'html_hash',
    'hash',
    '__proto__',
    'constructor',
  ];
  const scalar = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(
      'HTTP/1.1 200 OK\r\n\r\n',
      'SSH-2.0-x',
      'RFB 003.008',
      RDP('\\x02'),
      '-----BEGIN CERTIFICATE-----\nAA==\n',
      '2026-01-01T00:00:00',
    ),
  );
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...KEYS), tie('json'), { maxKeys: 6 }),
    ),
  }));
  const nearRecord = fc.dictionary(fc.constantFrom(...KEYS), json, { maxKeys: 14 }).map(
    (more) =>
      // As it arrives: own properties whatever their name.
      JSON.parse(JSON.stringify({ ...bare({}), ...more })) as unknown,
  );

  it('never throws, and what it gives is a valid observation', () => {
    fc.assert(
      fc.property(fc.oneof(json, nearRecord), (value) => {
        for (const observation of matches([value]).observations) {
          expect(Observation.safeParse(observation).success).toBe(true);
        }
        factsOfRecord(value);
        const parsed = HostAnswer.safeParse(value);
        if (parsed.success) host(value, true);
      }),
      { numRuns: 1500 },
    );
    expect(({} as Record<string, unknown>)['port']).toBeUndefined();
  });

  it('becomes bounded candidates and harmless searches, whatever a record holds', () => {
    const lead = { why: 'domain', by: 'hostname:"example.jp"' } as const;
    fc.assert(
      fc.property(fc.oneof(json, nearRecord), (value) => {
        for (const candidate of candidatesOfRecord(value, lead, context.collectedAt, ['example.jp'])) {
          expect(Candidate.safeParse(candidate).success).toBe(true);
          expect(candidate.value.length).toBeLessThan(254);
          expect(candidate.shows.join('').length).toBeLessThan(200);
        }
        for (const observation of matches([value]).observations)
          for (const { text } of marksOf(observation, ['example.jp']))
            expect(text).toMatch(
              /^(?:ssl\.cert\.fingerprint:[0-9a-f]{40,64}|http\.(?:favicon\.hash|html_hash):-?\d{1,16})$/i,
            );
      }),
      { numRuns: 1000 },
    );
  });

  it('survives records cut and altered anywhere', () => {
    const text = JSON.stringify(fixture('host-two-transports.json'));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, insert) => {
        let value: unknown;
        try {
          value = JSON.parse(text.slice(0, at) + insert + text.slice(at + insert.length));
        } catch {
          return;
        }
        if (HostAnswer.safeParse(value).success) host(value, true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes its time in proportion to hostile lengths', () => {
    const started = performance.now();
    const long = 'A'.repeat(2_000_000);
    for (const data of [
      `HTTP/1.1 200 OK\r\n${long}`,
      `220-${long}`,
      `${RDP('')}${'  a: b\n'.repeat(200_000)}`,
      `<title ${long}`,
      `SSH-${long}`,
    ]) {
      matches([bare({ data, http: { html: `<title${' '.repeat(1_000_000)}` } })]);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
