import { describe, expect, it } from 'vitest';
import { CLIENT_IDENTIFICATION } from '../../src/observe/probe/tcp/ssh/packets.ts';
import { OWN_NAME } from '../../src/observe/probe/tcp/tls/upgrades.ts';
import { USER_AGENT } from '../../src/observe/probe/tcp/http/user-agent.ts';
import { buildView } from '../../src/report/view.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { evidence } from './fixture-runs.ts';
import { knowledge, snapshot } from './fixture.ts';

const LANGUAGES = ['ja', 'en'] as const;

function method(of: Snapshot, lang: 'ja' | 'en'): string {
  const { sections } = buildView({ snapshot: of, knowledge, evidence, lang });
  return JSON.stringify(sections.find(({ number }) => number === 'M')?.blocks);
}

describe('the method of the check', () => {
  it.each(LANGUAGES)('names the probes as they name themselves, in %s', (lang) => {
    const text = method(snapshot, lang);
    for (const mark of ['sekisho/', 'boundary self-check']) {
      expect(USER_AGENT).toContain(mark);
      expect(text).toContain(mark);
    }
    expect(CLIENT_IDENTIFICATION).toMatch(/^SSH-2\.0-sekisho_/);
    expect(text).toContain('SSH-2.0-sekisho_');
    expect(text).toContain(OWN_NAME);
    expect(text).toContain('412');
  });

  it.each(LANGUAGES)('prints every row of the table with how many findings it judged, in %s', (lang) => {
    const { sections } = buildView({ snapshot, knowledge, evidence, lang });
    const blocks = sections.find(({ number }) => number === 'M')?.blocks ?? [];
    const table = blocks.find((block) => block.kind === 'sheet' && block.id === 'decision-table');
    const rows = table?.kind === 'sheet' ? table.rows : [];
    expect(rows.map(([number]) => Number(number?.text))).toEqual(
      knowledge.decisions.rows.map(({ number }) => number),
    );
    const counted = rows.map((row) => Number(/^\d+/.exec(row[4]?.text ?? '')?.[0] ?? 0));
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(snapshot.findings.length);
    for (const row of rows) expect(row[1]?.sub?.length).toBeGreaterThan(0);
  });

  it.each(LANGUAGES)('claims no vantage point and no probes where none were sent, in %s', (lang) => {
    const off = { state: 'off' as const, reason: 'passive', looked: 0, answered: 0, requests: 0 };
    const coverage = snapshot.coverage.map((one) => (one.source === 'probe' ? { ...one, ...off } : one));
    const text = method({ ...snapshot, passive: true, services: [], findings: [], coverage }, lang);
    expect(text).not.toContain('boundary self-check');
    expect(text).not.toContain('東京');
  });
});
