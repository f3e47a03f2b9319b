import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposureOfPlace } from '../../src/identify/exposure.ts';
import { identify } from '../../src/identify/identify.ts';
import type { Place } from '../../src/identify/place.ts';
import type { Certificate } from '../../src/model/facts.ts';
import type { Observation, SweepResult } from '../../src/model/observation.ts';
import type { Service } from '../../src/model/service.ts';
import type { CertificateProblem } from '../../src/model/tls-problems.ts';
import { makeKnowledge, makeObservation, makeScope, NOW, passiveFacts, tlsFacts } from './helpers.ts';

const at = (day: string): string => `${day}T00:00:00Z`;
const run = (observations: readonly Observation[], sweeps: readonly SweepResult[] = []): Service[] =>
  identify(observations, sweeps, makeScope(), makeKnowledge());
const only = (
  observations: readonly Observation[],
  sweeps: readonly SweepResult[] = [],
): Service | undefined => {
  const services = run(observations, sweeps);
  expect(services).toHaveLength(1);
  return services[0];
};
const sweep = (given: Partial<SweepResult>): SweepResult => ({
  address: '203.0.113.10',
  open: [],
  closed: [],
  noAnswer: [],
  unreachable: [],
  ...given,
});

const shodan = (day: string, given: Partial<Observation> = {}): Observation =>
  makeObservation({ source: 'shodan', observedAt: at(day), ...given });
const history = (day: string): Observation => shodan(day, { probe: 'history' });
const nmap = (day: string, file: string, given: Partial<Observation> = {}): Observation =>
  makeObservation({ source: 'nmap', vantage: 'office', file, observedAt: at(day), ...given });

describe('identify/exposure', () => {
  it('counts no look that nobody dated, and shows it as undated', () => {
    const undated = nmap('2026-11-19', 'list.txt', { undated: true });
    const service = only([makeObservation(), undated]);
    expect(service?.exposure).toMatchObject({ first: NOW, last: NOW });
    expect(service?.sightings.map(({ source, undated: none }) => [source, none])).toEqual([
      ['nmap', true],
      ['probe', undefined],
    ]);
    expect(only([undated])?.exposure).toBeUndefined();
  });

  it('goes by the dated looks of a file that has both', () => {
    const service = only([
      nmap('2026-11-19', 'list.txt', { undated: true, id: 'a' }),
      nmap('2026-10-01', 'list.txt', { id: 'b' }),
    ]);
    expect(service?.sightings).toMatchObject([{ first: at('2026-10-01'), last: at('2026-10-01') }]);
    expect(service?.sightings[0]?.undated).toBeUndefined();
  });

  it('counts the looks of everyone: own, current and historic records, files', () => {
    const service = only([
      makeObservation(),
      shodan('2026-11-15'),
      history('2026-10-20'),
      history('2026-10-01'),
      nmap('2026-08-30', 'scan-08.xml'),
      nmap('2026-07-01', 'scan-07.xml', { status: 'closed' }),
    ]);
    expect(service?.exposure).toEqual({
      first: at('2026-08-30'),
      last: NOW,
      spans: [{ from: at('2026-08-30'), to: NOW, sources: ['nmap', 'probe', 'shodan'], looks: 5 }],
      shut: [{ at: at('2026-07-01'), source: 'nmap', status: 'closed' }],
    });
    expect(service?.sightings).toEqual([
      {
        source: 'nmap',
        vantage: 'office',
        file: 'scan-07.xml',
        status: 'closed',
        first: at('2026-07-01'),
        last: at('2026-07-01'),
      },
      {
        source: 'nmap',
        vantage: 'office',
        file: 'scan-08.xml',
        status: 'open',
        first: at('2026-08-30'),
        last: at('2026-08-30'),
      },
      { source: 'probe', vantage: 'tokyo', status: 'open', first: NOW, last: NOW },
      {
        source: 'shodan',
        vantage: 'shodan',
        status: 'open',
        first: at('2026-10-01'),
        last: at('2026-11-15'),
      },
    ]);
  });

  it('takes one run for one look, and the own sweep for a look', () => {
    const twice = only([
      makeObservation({ protocol: 'https', observedAt: '2026-11-20T00:04:00Z' }),
      makeObservation({ protocol: 'http', status: 'no-answer' }),
    ]);
    expect(twice?.exposure?.spans).toEqual([
      { from: '2026-11-20T00:04:00Z', to: '2026-11-20T00:04:00Z', sources: ['probe'], looks: 1 },
    ]);
    const refused = only([shodan('2026-11-15')], [sweep({ closed: [443] })]);
    expect(refused?.exposure?.shut).toEqual([{ at: NOW, source: 'probe', status: 'closed' }]);
    const accepted = only([shodan('2026-11-15')], [sweep({ open: [443] })]);
    expect(accepted?.exposure).toMatchObject({ last: NOW, shut: [] });
  });

  it('does not count what has no date of its own, or one that cannot be', () => {
    const undated = makeObservation({
      source: 'internetdb',
      transport: 'unknown',
      probe: 'port-list',
      facts: { passive: passiveFacts() },
    });
    expect(only([undated])).not.toHaveProperty('exposure');
    const future = nmap('2030-01-01', 'scan.xml');
    expect(only([shodan('2026-11-15'), future])?.exposure).toMatchObject({ last: at('2026-11-15') });
  });

  it('does not take the silence of a UDP port for shut', () => {
    const udp = (given: Partial<Observation>): Observation =>
      nmap('2026-11-01', 'udp.xml', { port: 500, transport: 'udp', ...given });
    const open = makeObservation({ port: 500, transport: 'udp' });
    expect(only([open, udp({ status: 'no-answer' })])?.exposure?.shut).toEqual([]);
    expect(only([open, udp({ status: 'closed' })])?.exposure?.shut).toHaveLength(1);
  });

  it('takes the date of the certificate for a hint, unless its maker put it in', () => {
    const certificate = (given: Partial<Certificate>): Observation =>
      makeObservation({
        facts: {
          tls: tlsFacts({
            certificates: [
              {
                sha256: 'a'.repeat(64),
                subject: 'CN=vpn.example.jp',
                issuer: 'CN=R11',
                serial: '0a',
                notBefore: at('2026-09-01'),
                names: ['vpn.example.jp'],
                keyType: 'EC',
                selfSigned: false,
                ...given,
              },
            ],
          }),
        },
      });
    expect(only([certificate({})])?.exposure?.certificateFrom).toBe(at('2026-09-01'));
    expect(only([certificate({ notBefore: at('1970-01-01') })])?.exposure).not.toHaveProperty(
      'certificateFrom',
    );
    const shown = { notBefore: at('2026-09-01') } as Certificate;
    const place: Place = {
      address: '203.0.113.10',
      port: 443,
      transport: 'tcp',
      observations: [makeObservation()],
      historic: [],
    };
    const hint = (problems: readonly CertificateProblem[]): string | undefined =>
      exposureOfPlace(
        place,
        { vantage: 'tokyo', at: NOW },
        { certificate: shown, certificateProblems: problems },
      )?.certificateFrom;
    expect(hint(['self-signed'])).toBe(at('2026-09-01'));
    expect(hint(['self-signed', 'factory-default'])).toBeUndefined();
  });

  it('keeps what an old file says until the same tool looks there again', () => {
    const old = nmap('2026-03-01', 'march.xml', { port: 8080 });
    // The newer file speaks of another port: it may not have looked at this one.
    const [web, other] = run([old, nmap('2026-11-01', 'november.xml')]);
    expect([web?.port, other?.port]).toEqual([443, 8080]);
    expect(run([old, nmap('2026-11-01', 'november.xml', { port: 8080, status: 'closed' })])).toEqual([]);
    // A crawler looks at everything: what its newest data does not have is gone.
    expect(run([history('2026-03-01'), shodan('2026-11-15', { port: 80 })])).toHaveLength(1);
    expect(run([shodan('2026-03-01'), shodan('2026-11-15', { port: 80 })])).toHaveLength(1);
  });

  it('has no look outside of its bounds, whatever comes', () => {
    const look = fc.record({
      source: fc.constantFrom('probe' as const, 'shodan' as const, 'nmap' as const),
      status: fc.constantFrom('open' as const, 'closed' as const, 'no-answer' as const),
      days: fc.integer({ min: -400, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 20 }), (looks) => {
        const observations = looks.map(({ source, status, days }, n) =>
          makeObservation({
            id: `${n}`,
            source,
            status,
            observedAt: new Date(Date.parse(NOW) + days * 86_400_000).toISOString(),
          }),
        );
        const [service] = run(observations);
        const { exposure } = service ?? {};
        if (service === undefined || exposure === undefined) return;
        for (const { source, status, first, last } of service.sightings) {
          if (status !== 'open' || source === 'probe' || last > NOW) continue;
          expect(exposure.first <= first && last <= exposure.last).toBe(true);
        }
      }),
    );
  });
});
