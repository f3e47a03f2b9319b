import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import type { Recheck } from '../../src/model/recheck.ts';
import { MAX_LINE_BYTES } from '../../src/track/journal-entry.ts';
import { linesOf, openJournal } from '../../src/track/journal.ts';
import { readJournal } from '../../src/track/read-journal.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-recheck-entry-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const observation: Observation = {
  id: 'probe/203.0.113.10/3389/tcp/rdp/1',
  source: 'probe',
  vantage: 'tokyo',
  observedAt: '2026-11-20T08:05:00Z',
  collectedAt: '2026-11-20T08:05:00Z',
  address: '203.0.113.10',
  port: 3389,
  transport: 'tcp',
  status: 'open',
  probe: 'rdp',
  protocol: 'rdp',
  facts: {},
  evidence: [],
};
const recheck: Recheck = {
  spokenId: 'B-07',
  subject: '203.0.113.10:3389/tcp',
  at: '2026-11-20T08:05:00Z',
  vantage: 'tokyo',
  state: 'open',
  details: [],
  requests: 2,
  observations: [observation],
};

describe('a recheck in the journal', () => {
  it('comes after the end, and leaves the run complete and its observations alone', async () => {
    const path = join(folder, 'journal.jsonl');
    const journal = openJournal(path);
    journal.append({
      kind: 'run',
      schemaVersion: 1,
      runId: 'x',
      scopeDigest: 'x',
      startedAt: '2026-11-20T00:00:00Z',
      toolVersion: '0',
      vantage: 'tokyo',
      passive: false,
      portProfile: 'own',
      ports: '3389',
    });
    journal.append({ kind: 'end', endedAt: '2026-11-20T00:10:00Z', complete: true });
    journal.append({ kind: 'recheck', recheck });
    journal.append({ kind: 'recheck', recheck: { ...recheck, state: 'closed', observations: [] } });
    journal.close();
    const content = await readJournal(path);
    expect([content.complete, content.end?.endedAt]).toEqual([true, '2026-11-20T00:10:00Z']);
    expect(content.observations).toEqual([]);
    expect(content.rechecks.map(({ state }) => state)).toEqual(['open', 'closed']);
    appendFileSync(path, `${JSON.stringify({ kind: 'recheck', recheck: { spokenId: 1 } })}\n`);
    expect((await readJournal(path)).problems.corruptCount).toBe(1);
  });

  it('loses the bytes of its evidence, not the fact, when the line would be too long', () => {
    const evidence = [
      {
        label: 'http GET /',
        sent: '',
        received: 'A'.repeat(MAX_LINE_BYTES),
        receivedBytes: 3,
        sha256: 'b'.repeat(64),
        truncated: false,
      },
    ];
    const lines = linesOf({
      kind: 'recheck',
      recheck: { ...recheck, observations: [{ ...observation, evidence }] },
    });
    expect(lines).toHaveLength(1);
    const [line = Buffer.alloc(0)] = lines;
    expect(line.length).toBeLessThan(2000);
    expect(JSON.parse(line.toString())).toMatchObject({
      recheck: { observations: [{ evidence: [{ received: '', truncated: true, sha256: 'b'.repeat(64) }] }] },
    });
  });
});
