/** From the observations of two runs, over all rooms, to the words: what several sources and times come to. */
import { describe, expect, it } from 'vitest';
import type { Observation, SweepResult } from '../../src/model/observation.ts';
import { Snapshot, type SourceCoverage } from '../../src/model/snapshot.ts';
import { conclude } from '../../src/pipeline.ts';
import { servicesJson } from '../../src/report/json.ts';
import { buildView } from '../../src/report/view.ts';
import type { JournalContent } from '../../src/track/read-journal.ts';
import { makeObservation, makeScope, passiveFacts } from '../identify/helpers.ts';
import { knowledge, coverage } from './fixture.ts';

const at = (day: string): string => `${day}T00:00:00Z`;

interface Told {
  readonly day: string;
  readonly observations: readonly Observation[];
  readonly sweeps?: readonly SweepResult[];
  readonly coverage: readonly SourceCoverage[];
  readonly previous?: Snapshot;
}

function run({ day, observations, sweeps = [], coverage: looked, previous }: Told): Snapshot {
  const journal: JournalContent = {
    header: {
      kind: 'run',
      schemaVersion: 1,
      runId: `${day.replaceAll('-', '')}T000000Z`,
      scopeDigest: 'digest',
      startedAt: at(day),
      toolVersion: '0',
      vantage: 'tokyo',
      passive: false,
      portProfile: 'own',
      ports: '443',
    },
    observations: [...observations],
    sweeps: [...sweeps],
    candidates: [],
    assets: [],
    rechecks: [],
    done: new Map(),
    coverage: [...looked],
    end: { kind: 'end', endedAt: at(day), complete: true },
    complete: true,
    problems: { corruptCount: 0, corruptLines: [], tornBytes: 0, unknownKinds: {} },
  };
  return Snapshot.parse(conclude({ journal, scope: makeScope(), knowledge, previous, toolVersion: '0' }));
}

function texts(snapshot: Snapshot, lang: 'ja' | 'en'): string {
  const view = buildView({ snapshot, knowledge, evidence: () => [], lang });
  const blocks = view.findings.full.flatMap(({ parts }) => parts.flatMap((part) => part.blocks));
  return blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('\n');
}

const looked = (open: string): SourceCoverage => ({
  ...coverage(),
  vantage: 'tokyo',
  lookedAt: {
    ports: '443,3389',
    addresses: ['203.0.113.0/24'],
    unfinished: [],
    responding: [
      { address: '203.0.113.99', open: '443', closed: '' },
      ...(open === '' ? [] : [{ address: '203.0.113.10', open, closed: '' }]),
    ],
  },
});
const rdp = (day: string, given: Partial<Observation> = {}): Observation =>
  makeObservation({
    port: 3389,
    protocol: 'rdp',
    observedAt: at(day),
    collectedAt: at('2026-11-20'),
    ...given,
  });
const shodan = (day: string, given: Partial<Observation> = {}): Observation =>
  rdp(day, { source: 'shodan', vantage: 'shodan', ...given });
const nmap = (day: string, file: string, given: Partial<Observation> = {}): Observation =>
  rdp(day, { source: 'nmap', vantage: 'unknown', file, ...given });

describe('fusion', () => {
  const files = [
    nmap('2026-10-02', 'scan-10.xml', { status: 'closed', protocol: 'unknown' }),
    nmap('2026-11-02', 'scan-11.xml', {
      facts: { passive: passiveFacts({ product: 'Microsoft Terminal Services' }) },
    }),
  ];
  const history = [shodan('2026-11-15'), shodan('2026-10-10', { probe: 'history' })];

  it('says since when at least and at most, and who saw it', () => {
    const snapshot = run({
      day: '2026-11-20',
      observations: [rdp('2026-11-20'), ...history, ...files],
      coverage: [looked('3389'), coverage({ source: 'shodan' })],
    });
    const en = texts(snapshot, 'en');
    expect(en).toContain(
      'Open at least 41 days (2026-10-10 to 2026-11-20), at most since 2026-10-02 (nmap found it closed then).',
    );
    expect(en).toContain(
      'Seen open by own probe: 2026-11-20 · Shodan: 2026-10-10 – 2026-11-15 · nmap (scan-11.xml): 2026-11-02.',
    );
    expect(texts(snapshot, 'ja')).toContain(
      '少なくとも 41 日間開いていました（2026-10-10 から 2026-11-20 まで）。開いたのは、早くても 2026-10-02 より後です（このときnmapは接続を断られました）。',
    );
    expect(snapshot.findings[0]?.firstSeen).toBe(at('2026-10-10'));
    expect(servicesJson(snapshot)[0]).toMatchObject({
      exposure: { atLeastDays: 41, notBefore: { at: at('2026-10-02'), source: 'nmap' } },
      corroboration: { verdict: 'agree' },
    });
  });

  it('remembers over the runs, and tells a record that the own probe cannot confirm', () => {
    const first = run({
      day: '2026-11-06',
      observations: [rdp('2026-11-06')],
      coverage: [looked('3389')],
    });
    const gone = run({ day: '2026-11-13', observations: [], coverage: [looked('')], previous: first });
    expect(gone.services).toEqual([]);
    const back = run({
      day: '2026-11-20',
      observations: [rdp('2026-11-20')],
      coverage: [looked('3389')],
      previous: gone,
    });
    expect(texts(back, 'en')).toContain(
      'Seen open on 2026-11-20; at most since 2026-11-13 (the own probe got no answer then). Open again after it was shut: before that seen open on 2026-11-06.',
    );
    const silent = run({
      day: '2026-11-20',
      observations: [shodan('2026-11-15')],
      coverage: [looked(''), coverage({ source: 'shodan' })],
      previous: first,
    });
    const view = buildView({ snapshot: silent, knowledge, evidence: () => [], lang: 'en' });
    expect(servicesJson(silent)[0]).toMatchObject({
      corroboration: { verdict: 'passive-only', reason: 'silent', otherAt: at('2026-11-15') },
      exposure: { first: at('2026-11-06'), last: at('2026-11-15') },
    });
    expect(view.doors.rows[0]?.record).toEqual({ text: '2026-11-15', sub: ['Shodan'] });
  });
});
