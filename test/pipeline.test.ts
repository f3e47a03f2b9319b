import { describe, expect, it } from 'vitest';
import { mergeKev } from '../src/knowledge/kev-merge.ts';
import { readCatalogue } from '../src/knowledge/kev-list.ts';
import type { Knowledge } from '../src/model/knowledge.ts';
import { Snapshot, type Candidate } from '../src/model/snapshot.ts';
import { conclude } from '../src/pipeline.ts';
import type { JournalContent } from '../src/track/read-journal.ts';
import { table } from './assess/helpers.ts';
import { makeObservation, makeScope, passiveFacts } from './identify/helpers.ts';
import { bytesOf, catalogue, shipped } from './knowledge/kev.ts';

const ENDED = '2026-08-20T10:00:00Z';
const journal: JournalContent = {
  header: {
    kind: 'run',
    schemaVersion: 1,
    runId: '20260820T090000Z',
    scopeDigest: 'x',
    startedAt: '2026-08-20T09:00:00Z',
    toolVersion: '0',
    vantage: 'tokyo',
    passive: false,
    portProfile: 'own',
    ports: '443',
  },
  observations: [],
  sweeps: [],
  candidates: [],
  assets: [],
  rechecks: [],
  done: new Map(),
  coverage: [],
  end: { kind: 'end', endedAt: ENDED, complete: true },
  complete: true,
  problems: { corruptCount: 0, corruptLines: [], tornBytes: 0, unknownKinds: {} },
};

function judged(knowledge: Knowledge, judgedAt?: string): Snapshot {
  return Snapshot.parse(
    conclude({
      journal,
      scope: makeScope(),
      knowledge: { ...knowledge, decisions: table },
      previous: undefined,
      toolVersion: '0',
      ...(judgedAt === undefined ? {} : { judgedAt }),
    }),
  );
}

describe('conclude', () => {
  it('records the age of the advisory data at the end of the run', () => {
    expect(judged(shipped).tool).toEqual({
      version: '0',
      knowledge: shipped.version,
      advisoryData: '2026-08-07',
      advisoryAgeDays: 13,
    });
  });

  it('records it as of the judgement when an old run is judged again, and the same bytes within a day', () => {
    expect(judged(shipped, '2026-08-21T09:59:59Z')).toEqual(judged(shipped));
    expect(judged(shipped, '2026-08-21T10:00:00Z').tool.advisoryAgeDays).toBe(14);
    expect(judged(shipped, '2026-09-30T10:00:00Z').tool.advisoryAgeDays).toBe(54);
    const { tool: _a, ...again } = judged(shipped, '2026-09-30T10:00:00Z');
    const { tool: _b, ...first } = judged(shipped);
    expect(again).toEqual(first);
  });

  it('records which list it judged by; one that came after the run is not old', () => {
    const read = readCatalogue(bytesOf(catalogue()));
    if (!read.ok) throw new Error(read.reason);
    const { tool } = judged(mergeKev(shipped, read.list), '2026-11-12T00:00:00Z');
    expect(tool).toMatchObject({
      advisoryData: '2026-11-10',
      advisoryAgeDays: 2,
      advisoryList: { catalogVersion: '2026.11.10', entries: 4, sha256: read.list.sha256 },
    });
    expect(judged(mergeKev(shipped, read.list)).tool.advisoryAgeDays).toBe(0);
  });

  it('lists what may be the organisation’s own, and its own list beside what was seen', () => {
    const seen = makeObservation({
      source: 'shodan',
      facts: { passive: passiveFacts({ hostnames: ['old.kakuu.jp', 'dc.kakuu.local'] }) },
    });
    const row = { range: '203.0.113.0/24', name: 'line', file: 'ledger.csv', line: 2 };
    const by = 'hostname:kakuu.jp';
    const candidate: Candidate = {
      kind: 'name',
      value: 'old.kakuu.jp',
      found: [{ why: 'domain', by, source: 'shodan', at: ENDED }],
      shows: ['443/tcp'],
    };
    const { services, assets, candidates } = Snapshot.parse(
      conclude({
        journal: { ...journal, observations: [seen], candidates: [candidate], assets: [row] },
        scope: makeScope(),
        knowledge: { ...shipped, decisions: table },
        previous: undefined,
        toolVersion: '0',
      }),
    );
    expect(services.map((one) => one.assets)).toEqual([[row]]);
    expect(assets).toEqual([row]);
    expect(candidates?.map(({ value, found }) => [value, found.map(({ why }) => why)])).toEqual([
      ['old.kakuu.jp', ['passive-name', 'domain']],
    ]);
    const bare = judged(shipped);
    expect([bare.assets, bare.candidates]).toEqual([undefined, []]);
  });
});
