import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PassiveFacts } from '../../src/model/facts.ts';
import type { ImportHeader } from '../../src/model/import.ts';
import type { Observation } from '../../src/model/observation.ts';
import { createImport } from '../../src/track/import-writer.ts';
import type { JournalContent } from '../../src/track/read-journal.ts';
import { runGolden, type Golden } from '../golden/golden.ts';
import { storeRun, type Place } from '../track/vantage-runs.ts';
import { sekisho, type CommandResult } from './command.ts';

const MAIL = { address: '203.0.113.4', port: 443 };
const RDP = { address: '203.0.113.3', port: 3389 };
const TELNET = { address: '198.51.100.4', port: 23 };

let golden: Golden;
let root: string;
const run = { first: '', second: '', affiliate: '' };

/** A record of Shodan, or of a file, about a place of the organisation. */
function recordOf(place: Place, at: string, passive: Partial<PassiveFacts>): Observation {
  return {
    id: `shodan/${place.address}/${place.port}/tcp/banner/1`,
    source: 'shodan',
    vantage: 'shodan',
    observedAt: at,
    collectedAt: at,
    ...place,
    transport: 'tcp',
    status: 'open',
    probe: 'banner',
    protocol: 'unknown',
    facts: { passive: { cpe: [], vulns: [], tags: [], hostnames: [], ...passive } },
    evidence: [],
  };
}

function withRecord(record: Observation): (journal: JournalContent) => JournalContent {
  return (journal) => ({ ...journal, observations: [...journal.observations, record] });
}

beforeAll(async () => {
  golden = await runGolden();
  root = mkdtempSync(join(tmpdir(), 'sekisho-ask-'));
  run.first = (
    await storeRun(root, golden, { vantage: 'here', at: '2026-11-06T00:00:00Z', journal: 0 })
  ).runId;
  run.second = (
    await storeRun(root, golden, { vantage: 'here', at: '2026-11-20T00:00:00Z', missed: [RDP] })
  ).runId;
  const record = recordOf(MAIL, '2026-11-18T00:00:00Z', {
    vulns: [{ cve: 'CVE-2099-12345', verified: false }],
  });
  run.affiliate = (
    await storeRun(root, golden, {
      organisation: 'affiliate',
      vantage: 'here',
      at: '2026-11-19T00:00:00Z',
      shut: [MAIL],
      change: withRecord(record),
    })
  ).runId;
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ask = async (...words: readonly string[]): Promise<CommandResult> =>
  sekisho(['ask', '--reports', root, ...words]);

type Line = Record<string, unknown>;

async function askJson(
  words: readonly string[],
  reports = root,
): Promise<{ code: number; hits: Line[]; summary: Line; stderr: string }> {
  const { code, stdout, stderr } = await sekisho(['ask', '--json', '--reports', reports, ...words]);
  const lines = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);
  return { code, hits: lines.slice(0, -1), summary: lines.at(-1) ?? {}, stderr };
}

const brief = ({ organisation, place, answer, state, look }: Line): unknown[] => [
  (organisation as { id: string }).id,
  place,
  answer,
  state,
  look,
];

describe('sekisho ask PRODUCT', () => {
  it('tells where, since when, which version, in which run', async () => {
    const { code, hits } = await askJson(['Exchange']);
    expect(code).toBe(10);
    expect(hits.map(brief)).toEqual([['kakuu-seiki', '203.0.113.4:443/tcp', 'shown', 'now', 'open']]);
    expect(hits[0]).toMatchObject({
      product: { id: 'microsoft-exchange', certainty: 'confirmed' },
      version: { value: '15.2.1118.7' },
      since: '2026-11-06T00:00:00Z',
      until: '2026-11-20T00:00:00Z',
      sources: ['probe'],
      run: run.second,
      vantage: 'here',
      asOf: '2026-11-20T00:00:00Z',
    });
  });

  it('takes id, name, Japanese name, maker and kind, whatever the case and width', async () => {
    for (const word of ['ivanti-connect-secure', 'IVANTI', 'Ｉｖａｎｔｉ connect', 'ssl-vpn', 'SSL-VPN'])
      expect(
        (await askJson([word])).hits.map(({ place }) => place),
        word,
      ).toContain('198.51.100.2:443/tcp');
    const { hits } = await askJson(['リモートデスクトップ']);
    expect(hits.map(({ place }) => place)).toContain('198.51.100.3:3389/tcp');
  });

  it('tells what was there from what was not looked at since', async () => {
    const { hits } = await askJson(['rdp', 'telnet']);
    const own = hits.map(brief).filter(([organisation]) => organisation === 'kakuu-seiki');
    expect(own).toContainEqual(['kakuu-seiki', '198.51.100.3:3389/tcp', 'shown', 'now', 'open']);
    expect(own).toContainEqual(['kakuu-seiki', '203.0.113.3:3389/tcp', 'shown', 'was', 'not-looked']);
    expect(own).toContainEqual(['kakuu-seiki', `${TELNET.address}:23/tcp`, 'shown', 'was', 'closed']);
    expect(hits.findIndex(({ state }) => state === 'was')).toBeGreaterThan(
      hits.findLastIndex(({ state }) => state === 'now'),
    );
    const { stdout } = await ask('rdp');
    expect(stdout).toContain('was there, last seen 2026-11-06, not looked at since');
    expect(stdout).toContain('now (as of 2026-11-20)');
  });

  it('looks for a text when nothing is known under the word, and says so', async () => {
    const { code, hits, stderr } = await askJson(['pqqr.example']);
    expect([code, hits]).toEqual([0, []]);
    expect(stderr).toContain('looked for that text');
    const named = await askJson(['Outlook']);
    expect(named.hits.map(({ answer }) => answer)).toContain('text');
    expect(named.code).toBe(10);
    const near = await ask('ivnati');
    expect(near.stderr).toMatch(/Similar names: .*\(ivanti-/);
    const wanted = await ask('skysea');
    expect(wanted.stderr).toContain('known by name only');
  });
});

describe('sekisho ask CVE', () => {
  it('judges the release by the ranges of the product file', async () => {
    const { code, hits } = await askJson(['cve-2022-41040']);
    expect(code).toBe(10);
    expect(hits.map(brief)).toEqual([['kakuu-seiki', '203.0.113.4:443/tcp', 'affected', 'now', 'open']]);
    const fixed = await askJson(['CVE-2021-34473']);
    expect([fixed.code, ...fixed.hits.map(({ answer }) => answer)]).toEqual([0, 'not-affected']);
    const unread = await askJson(['CVE-2024-21762']);
    expect(unread.hits.map(({ answer }) => answer)).toEqual(['version-unknown', 'version-unknown']);
  });

  it('finds what only a passive source names, and tells that the own look did not get in', async () => {
    const { code, hits, stderr } = await askJson(['CVE-2099-12345']);
    expect(hits.map(brief)).toEqual([
      ['affiliate', '203.0.113.4:443/tcp', 'passive-hint', 'recorded', 'closed'],
    ]);
    expect(hits[0]).toMatchObject({ sources: ['shodan'], until: '2026-11-18T00:00:00Z', run: run.affiliate });
    expect(code).toBe(0);
    expect(stderr).toContain('is in no product file');
  });

  it('refuses what is no CVE number', async () => {
    for (const word of ['CVE-24-1', 'cve-2024-x', ' ', 'x'.repeat(101)]) {
      const { code, stderr } = await ask(word);
      expect([code, stderr], word).toEqual([2, expect.stringMatching(/CVE/)]);
    }
  });
});

describe('sekisho ask says how far it looked', () => {
  it('with hits and without', async () => {
    for (const word of ['exchange', 'nowhere-to-be-found']) {
      const { stderr } = await ask(word);
      expect(stderr).toContain('Looked through 3 runs of 2 organisations');
      expect(stderr).toMatch(/the newest of 2026-11-20 \(\d+ days? old\), the oldest of 2026-11-19/);
      const { summary } = await askJson([word]);
      expect(summary).toMatchObject({ kind: 'summary', organisations: 2, runs: 3, unread: [] });
    }
    expect((await ask('nowhere-to-be-found')).stderr).toContain('None of what is stored shows it.');
  });

  it('and names the runs that it could not read', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'sekisho-ask-'));
    try {
      for (const at of ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-03T00:00:00Z'])
        await storeRun(broken, golden, { vantage: 'here', at });
      const folder = join(broken, golden.scope.id);
      const file = join(folder, '20261102T000000Z', 'snapshot.json');
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, 5000));
      const odd = join(folder, '20261101T000000Z', 'snapshot.json');
      writeFileSync(odd, readFileSync(odd, 'utf8').replaceAll(/"sightings": \[[^\]]*\]/g, '"sightings": 5'));
      mkdirSync(join(folder, '20261104T000000Z'));
      const { hits, summary } = await askJson(['ssh'], broken);
      expect(hits.map(({ state, run: id }) => [state, id])).toEqual([['now', '20261103T000000Z']]);
      expect(summary).toMatchObject({ runs: 2, organisations: 1 });
      const unread = summary['unread'] as { what: string; why: string }[];
      expect(unread.map(({ what }) => what)).toEqual([
        '20261104T000000Z',
        '20261102T000000Z',
        '20261101T000000Z',
      ]);
      expect(unread[0]?.why).toContain('no snapshot');
      expect(unread[1]?.why).toContain('damaged');
      expect(unread[2]?.why).toContain('1 of its services cannot be read');
    } finally {
      rmSync(broken, { recursive: true, force: true });
    }
  });

  it('does not give a store in which there is nothing for an answer', async () => {
    const { code, stderr } = await sekisho(['ask', '--reports', join(root, 'no-such-folder'), 'fortinet']);
    expect(code).toBe(30);
    expect(stderr).toContain('this is no answer');
    expect(stderr).not.toContain('None of what is stored');
  });

  it('and that a passive run looked at nothing: its old records are not called present', async () => {
    const passive = mkdtempSync(join(tmpdir(), 'sekisho-ask-'));
    try {
      await storeRun(passive, golden, {
        vantage: 'desk',
        at: '2026-11-03T00:00:00Z',
        change: (journal) => ({
          ...journal,
          header: journal.header && { ...journal.header, passive: true },
          observations: [
            recordOf(RDP, '2026-10-30T00:00:00Z', { product: 'Remote Desktop Protocol' }),
            recordOf(MAIL, '2026-01-30T00:00:00Z', { product: 'Remote Desktop Protocol' }),
          ],
          sweeps: [],
          coverage: [],
        }),
      });
      const { hits, stderr } = await askJson(['CVE-2019-0708'], passive);
      expect(stderr).toContain('it is passive');
      expect(hits.map(brief)).toEqual([
        ['kakuu-seiki', '203.0.113.3:3389/tcp', 'to-confirm', 'now', 'not-looked'],
        ['kakuu-seiki', '203.0.113.4:443/tcp', 'to-confirm', 'was', 'not-looked'],
      ]);
      expect((await sekisho(['ask', '--reports', join(passive, 'none'), 'rdp'])).stderr).toContain(
        'Looked through 0 runs of 0 organisations.',
      );
    } finally {
      rmSync(passive, { recursive: true, force: true });
    }
  });
});

describe('sekisho ask and imported files', () => {
  it('reads those that no run has taken in yet, also of an organisation without a run', async () => {
    const store = mkdtempSync(join(tmpdir(), 'sekisho-ask-'));
    try {
      const header: ImportHeader = {
        kind: 'import',
        schemaVersion: 1,
        id: '0123456789abcdef-shodan',
        file: 'export\u001b[2J.json.gz',
        bytes: 1,
        sha256: '0123456789abcdef'.repeat(4),
        vantage: 'shodan',
        importedAt: '2026-11-20T00:00:00Z',
        scopeDigest: 'x',
        settingsDigest: 'x',
        source: 'shodan',
        tally: {
          type: 'shodan',
          records: 2,
          observations: 2,
          assets: 0,
          addresses: 2,
          outOfScope: 0,
          ignored: 0,
          broken: 0,
          faults: [],
          cut: false,
        },
      };
      const writer = await createImport(store, 'fresh');
      writer.observation(
        recordOf(MAIL, '2026-11-10T00:00:00Z', { vulns: [{ cve: 'CVE-2099-12345', verified: false }] }),
      );
      writer.observation(recordOf(RDP, '2026-11-11T00:00:00Z', {}));
      // As an export is kept; and one that is damaged.
      const kept = {
        source: 'shodan',
        address: '203.0.113.5',
        port: 80,
        transport: 'tcp',
        observedAt: '2026-11-10T00:00:00.000Z',
        text: '{"ip_str":"203.0.113.5","port":80,"transport":"tcp","timestamp":"2026-11-10T00:00:00","data":"HTTP/1.1 200 OK\\r\\n\\r\\n","vulns":{"CVE-2099-54321":{"verified":false}}}',
      } as const;
      writer.record(kept);
      writer.record({ ...kept, port: 81 });
      await writer.finish(header);
      const asKept = await askJson(['CVE-2099-54321'], store);
      expect(asKept.hits.map(brief)).toEqual([
        ['fresh', '203.0.113.5:80/tcp', 'passive-hint', 'imported', 'not-looked'],
      ]);
      expect((await sekisho(['ask', '--reports', store, 'CVE-2099-54321'])).stderr).toContain(
        '1 lines are damaged',
      );
      const { code, hits, summary } = await askJson(['CVE-2099-12345'], store);
      expect(hits.map(brief)).toEqual([
        ['fresh', '203.0.113.4:443/tcp', 'passive-hint', 'imported', 'not-looked'],
      ]);
      expect(hits[0]).toMatchObject({
        run: null,
        files: ['export\u001b[2J.json.gz'],
        until: '2026-11-10T00:00:00Z',
      });
      expect(code).toBe(0);
      expect(summary).toMatchObject({ organisations: 1, runs: 0, imports: 1 });
      const { stdout, stderr } = await sekisho(['ask', '--reports', store, 'CVE-2099-12345']);
      expect(stdout).toContain('only in an imported file (2026-11-10)');
      expect(stdout + stderr).not.toContain('\u001b');
      await storeRun(store, golden, { organisation: 'fresh', vantage: 'here', at: '2026-11-21T00:00:00Z' });
      expect((await askJson(['CVE-2099-12345'], store)).summary).toMatchObject({ imports: 0, hits: 0 });
    } finally {
      rmSync(store, { recursive: true, force: true });
    }
  });
});
