import { describe, expect, it } from 'vitest';
import type { Certificate } from '../../src/model/facts.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Identity, Service } from '../../src/model/service.ts';
import { findingFor, kinds, emptyCoverage, Series, serviceOf, sighting, WEEK } from './build.ts';

const [w1, w2, w3, w4] = WEEK;
const identity = (productId: string, certainty: Identity['certainty'] = 'confirmed'): Identity => ({
  productId,
  certainty,
  version: { state: 'unknown' },
  matched: [],
  observations: [],
});
const version = (value: string, certainty: Identity['certainty'] = 'confirmed'): Service['version'] => ({
  state: 'known',
  value,
  certainty,
  how: 'banner',
});
const certificate = (sha256: string): Certificate => ({
  sha256,
  subject: '',
  issuer: '',
  serial: '',
  names: [],
  keyType: 'rsa',
  selfSigned: false,
});
const at = (week: string, change: Partial<Service> = {}): Service =>
  serviceOf({ sightings: [sighting('probe', week)], ...change });

function detailsOf(...runs: Service[]): unknown[] {
  const series = new Series();
  const weeks = WEEK.slice(0, runs.length);
  const last = runs.map((service, n) => series.at(weeks[n] ?? w1, { services: [service] })).at(-1);
  return (last?.changes ?? []).map(({ kind, details }) => [
    kind,
    ...details.map(({ what, from, to }) => `${what}: ${from} → ${to}`),
  ]);
}

describe('changed', () => {
  it('tells which facts, from what to what', () => {
    const before = at(w1, {
      identity: identity('alpha'),
      version: version('1.0'),
      certificate: certificate('a'.repeat(64)),
      authentication: { kind: 'strong', facts: [] },
    });
    const now = at(w2, {
      identity: identity('beta'),
      version: version('2.0'),
      protocol: 'https',
      certificate: certificate('b'.repeat(64)),
      authentication: { kind: 'none', facts: [] },
    });
    expect(detailsOf(before, now)).toEqual([
      [
        'changed',
        'protocol: rdp → https',
        'product: alpha → beta',
        'version: 1.0 → 2.0',
        `certificate: ${'a'.repeat(16)} → ${'b'.repeat(16)}`,
        'authentication: strong → none',
      ],
    ]);
  });

  it('is not what became known, nor what is not known this time; the last known is remembered', () => {
    const known = { identity: identity('alpha'), version: version('1.0') };
    const blank = { authentication: { kind: 'unknown' as const, facts: [] }, protocol: 'unknown' };
    expect(detailsOf(at(w1, blank), at(w2, known))).toEqual([]);
    expect(detailsOf(at(w1, known), at(w2, blank))).toEqual([]);
    expect(detailsOf(at(w1, known), at(w2, blank), at(w3, known))).toEqual([]);
    expect(detailsOf(at(w1, known), at(w2, blank), at(w3, { ...known, version: version('1.1') }))).toEqual([
      ['changed', 'version: 1.0 → 1.1'],
    ]);
  });

  it('is not hearsay', () => {
    const known = { identity: identity('alpha'), version: version('1.0') };
    const hearsay = { identity: identity('beta', 'to-confirm'), version: version('0.9', 'to-confirm') };
    expect(detailsOf(at(w1, known), at(w2, hearsay))).toEqual([]);
  });

  it('forgets the version of a product that is no longer there', () => {
    const [alpha, beta] = [identity('alpha'), identity('beta')];
    expect(
      detailsOf(
        at(w1, { identity: alpha, version: version('9.9') }),
        at(w2, { identity: beta }),
        at(w3, { identity: beta, version: version('1.0') }),
      ),
    ).toEqual([]);
  });

  it('compares titles of web pages, without their digits, and no other labels', () => {
    const page = (week: string, label: string): Service => at(week, { class: 'web', label });
    expect(detailsOf(page(w1, 'Home (3 visitors)'), page(w2, 'Home (14 visitors)'))).toEqual([]);
    expect(detailsOf(page(w1, 'Home'), page(w2, 'hacked\u202e'))).toEqual([
      ['changed', 'title: Home → hacked\ufffd'],
    ]);
    expect(detailsOf(at(w1, { label: 'SSH-1' }), at(w2, { label: 'other' }))).toEqual([]);
  });

  it('is not a passive record from before our last look', () => {
    const series = new Series();
    const old = (record: string): Service =>
      serviceOf({ sightings: [sighting('shodan', record)], certificate: certificate('a'.repeat(64)) });
    const coverage = [emptyCoverage('shodan', 'complete')];
    series.at(w2, { services: [at(w2, { certificate: certificate('b'.repeat(64)) })] });
    expect(kinds(series.at(w3, { services: [old(w1)], coverage }))).toEqual(['not-checked B-01']);
    expect(kinds(series.at(w4, { services: [old(w3)], coverage }))).toEqual(['changed B-01']);
  });

  it('is not an older record of the same passive source', () => {
    const series = new Series();
    const coverage = [emptyCoverage('shodan', 'complete')];
    const record = (date: string, value: string): Service =>
      serviceOf({ sightings: [sighting('shodan', date)], version: version(value) });
    series.at(w3, { services: [record(w2, '2')], coverage });
    expect(kinds(series.at(w3, { services: [record(w1, '1')], coverage }))).toEqual([]);
    expect(kinds(series.at(w4, { services: [record(w3, '3')], coverage }))).toEqual(['changed B-01']);
    expect(series.previous?.changes[0]?.details).toEqual([{ what: 'version', from: '2', to: '3' }]);
  });

  it('is told once for a service, by its most urgent finding', () => {
    const series = new Series();
    const run = (week: string, value: string) => {
      const service = at(week, { version: version(value) });
      const findings = [
        findingFor(service, { rule: 'a', priority: 'P3' }),
        findingFor(service, { rule: 'b', priority: 'P1' }),
      ];
      return series.at(week, { services: [service], findings });
    };
    run(w1, '1');
    expect(run(w2, '2').changes).toMatchObject([{ kind: 'changed', priority: 'P1', spokenId: 'B-01' }]);
    expect(run(w3, '2').changes).toEqual([]);
  });
});

describe('priority', () => {
  it('raised and lowered say what it was', () => {
    const series = new Series();
    const run = (week: string, priority: 'P1' | 'P2') => {
      const service = at(week);
      return series.at(week, { services: [service], findings: [findingFor(service, { priority })] });
    };
    run(w1, 'P2');
    expect(run(w2, 'P1').changes).toMatchObject([{ kind: 'raised', priority: 'P1', priorityBefore: 'P2' }]);
    expect(run(w3, 'P2').changes).toMatchObject([{ kind: 'lowered', priority: 'P2', priorityBefore: 'P1' }]);
    expect(run(w4, 'P2').changes).toEqual([]);
  });

  it('lowered because a fact is missing this time is told only when it stays so', () => {
    const series = new Series();
    const run = (week: string, missing: Finding['missing'], priority: 'P1' | 'P2') => {
      const service = at(week);
      const verdict = missing.length === 0 ? ('found' as const) : ('unknown' as const);
      return series.at(week, {
        services: [service],
        findings: [findingFor(service, { missing, verdict, priority })],
      });
    };
    run(w1, [], 'P1');
    expect(kinds(run(w2, ['version'], 'P2'))).toEqual([]);
    expect(series.previous?.register[0]?.priority).toBe('P1');
    expect(kinds(run(w3, ['version'], 'P2'))).toEqual(['lowered B-01']);
    expect(kinds(run(w4, [], 'P1'))).toEqual(['raised B-01']);
  });
});
