import { describe, expect, it } from 'vitest';
import { Corroboration, createCorroboration } from '../../src/model/corroboration.ts';
import type { SourceName } from '../../src/model/observation.ts';
import type { Service, Sighting } from '../../src/model/service.ts';
import type { SourceCoverage } from '../../src/model/snapshot.ts';
import { coverage, finding, inputs, service, snapshot } from '../report/fixture.ts';

const day = (n: number): string => `2026-11-${`${n}`.padStart(2, '0')}T03:00:00Z`;
const END = '2026-11-20T03:38:00Z';

function seen(source: SourceName, at: string, change: Partial<Sighting> = {}): Sighting {
  return { source, vantage: source, status: 'open', first: at, last: at, ...change };
}

interface Told {
  readonly reach?: 'everyone' | 'some' | 'passive-only' | 'unknown';
  readonly coverage?: readonly SourceCoverage[];
  readonly others?: readonly Service[];
  readonly contradictions?: Service['contradictions'];
}

function judged(sightings: readonly Sighting[], told: Told = {}): Corroboration | undefined {
  const of = service('203.0.113.77', 443, 'ssl-vpn', {
    sightings: [...sightings],
    contradictions: told.contradictions ?? [],
  });
  const findings =
    told.reach === undefined ? [] : [finding(of, 'B-77', { inputs: inputs(of, { reach: told.reach }) })];
  const run = {
    ...snapshot,
    endedAt: END,
    services: [of, ...(told.others ?? [])],
    findings,
    coverage: [...(told.coverage ?? [])],
  };
  const verdict = createCorroboration(run)(of);
  return verdict === undefined ? undefined : Corroboration.parse(verdict);
}

describe('model/corroboration', () => {
  it('agrees when an own probe and somebody else got in, and gives the newest date of each', () => {
    expect(
      judged([seen('probe', day(20)), seen('shodan', day(2)), seen('nmap', day(9), { file: 'a.xml' })]),
    ).toEqual({ verdict: 'agree', reason: null, ownAt: day(20), otherAt: day(9), missedAt: null });
    const contradictions = [{ fact: 'version', values: [] }];
    expect(judged([seen('probe', day(20)), seen('shodan', day(2))], { contradictions })?.verdict).toBe(
      'contradiction',
    );
    expect(
      judged([seen('probe', day(20), { status: 'protocol-error' }), seen('shodan', day(2))])?.verdict,
    ).toBe('agree');
  });

  it('does not count who found it shut as one who saw it', () => {
    expect(judged([seen('probe', day(20)), seen('nmap', day(19), { status: 'closed' })])).toMatchObject({
      verdict: 'probe-only',
      otherAt: null,
    });
    expect(judged([seen('probe', day(20), { status: 'closed' })])).toBeUndefined();
  });

  it.each<[Corroboration['verdict'], Sighting[]]>([
    ['passive-only', [seen('shodan', day(18))]],
    ['passive-only', [seen('censys', day(18)), seen('nmap', day(9), { file: 'a.xml' })]],
    ['passive-only', [seen('shodan', day(18), { file: 'export.json.gz' })]],
    ['imported-only', [seen('nmap', day(9), { file: 'a.xml' }), seen('httpx', day(9), { file: 'b.jsonl' })]],
    ['tool-only', [seen('nmap', day(20))]],
    ['tool-only', [seen('nmap', day(20)), seen('httpx', day(9), { file: 'b.jsonl' })]],
  ])('without an own look that got in: %s', (verdict, sightings) => {
    expect(judged(sightings)).toMatchObject({ verdict, reason: 'not-looked', ownAt: null });
  });

  it('tells refused from silent from not looked from old', () => {
    const record = seen('shodan', day(18));
    const failed = (status: Sighting['status']): Sighting => seen('probe', day(20), { status });
    expect(judged([record, failed('closed')])).toMatchObject({ reason: 'refused', missedAt: day(20) });
    expect(judged([record, failed('no-answer')])).toMatchObject({ reason: 'silent', missedAt: day(20) });
    expect(judged([record, failed('unreachable')])).toMatchObject({ reason: 'silent' });
    // What the guard stopped was not looked at.
    expect(judged([record, failed('refused-by-scope')])).toMatchObject({ reason: 'not-looked' });
    // Silence of a dark address is in no sighting: the judgement knows.
    expect(judged([record], { reach: 'passive-only' })).toMatchObject({ reason: 'silent', missedAt: END });
    expect(judged([record], { reach: 'unknown' })).toMatchObject({ reason: 'not-looked', missedAt: null });
    const old = seen('shodan', '2026-10-16T03:37:00Z');
    expect(judged([old], { reach: 'unknown' })).toMatchObject({ reason: 'stale' });
    expect(judged([seen('shodan', '2026-10-16T03:38:00Z')])).toMatchObject({ reason: 'not-looked' });
    expect(judged([old, failed('closed')])).toMatchObject({ reason: 'refused' });
  });

  it('tells why nobody else has it', () => {
    const own = [seen('probe', day(20))];
    const reason = (told: Told): unknown => judged(own, told)?.reason;
    const shodan = (change: Partial<SourceCoverage> = {}): SourceCoverage =>
      coverage({ source: 'shodan', ...change });
    expect(reason({})).toBe('no-source-asked');
    expect(reason({ coverage: [shodan({ state: 'off' }), shodan({ state: 'failed' })] })).toBe(
      'no-source-asked',
    );
    // Another tool's file, or an export of somebody's choice, says nothing of what it does not hold.
    expect(reason({ coverage: [coverage({ source: 'nmap' }), shodan({ file: 'export.json' })] })).toBe(
      'no-source-asked',
    );
    expect(reason({ coverage: [shodan({ state: 'partial' })] })).toBe('not-all-asked');
    expect(reason({ coverage: [shodan()] })).toBe('not-this-address');
    const known = service('203.0.113.77', 80, 'web', { sightings: [seen('shodan', day(18))] });
    expect(reason({ coverage: [shodan({ file: 'export.json' })], others: [known] })).toBe('not-this-port');
    const elsewhere = service('203.0.113.78', 80, 'web', { sightings: [seen('shodan', day(18))] });
    expect(reason({ coverage: [shodan()], others: [elsewhere] })).toBe('not-this-address');
  });
});
