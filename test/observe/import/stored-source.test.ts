import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { parseRange } from '../../../src/lib/address.ts';
import type { Asset, ImportHeader, ImportTally, StoredRecord } from '../../../src/model/import.ts';
import type { Observation } from '../../../src/model/observation.ts';
import {
  createImportSource,
  createUnreadSource,
  type StoredFile,
} from '../../../src/observe/import/stored-source.ts';
import type { SourceContext } from '../../../src/observe/source.ts';
import { observationOf, scopeOf } from '../../track/build.ts';

interface Recorded {
  readonly observations: Observation[];
  readonly assets: Asset[];
  readonly done: string[];
}

function contextOf(change: Partial<SourceContext> = {}): { context: SourceContext; recorded: Recorded } {
  const recorded: Recorded = { observations: [], assets: [], done: [] };
  const context: SourceContext = {
    scope: scopeOf(),
    record: {
      observation: (one) => void recorded.observations.push(one),
      sweep: () => undefined,
      candidate: () => undefined,
      asset: (one) => void recorded.assets.push(one),
      done: (unit) => void recorded.done.push(unit),
    },
    alreadyDone: new Set(),
    earlier: { observations: [], sweeps: [] },
    now: () => new Date('2026-11-20T00:00:00Z'),
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    progress: () => undefined,
    ...change,
  };
  return { context, recorded };
}

type Entry = Parameters<typeof storedOf>[0][number];

function storedOf(
  lines: readonly (Observation | StoredRecord | { asset: Asset } | undefined)[],
  tally: Partial<ImportTally> = {},
  source: ImportHeader['source'] = 'nmap',
): StoredFile {
  const numbered = lines.map((value, index) => ({ line: index + 2, value }));
  return {
    label: 'scan.xml',
    header: {
      kind: 'import',
      schemaVersion: 1,
      id: '0123456789abcdef-nmap',
      file: 'scan.xml',
      bytes: 1,
      sha256: '',
      vantage: 'office',
      importedAt: '2026-11-20T00:00:00.000Z',
      scopeDigest: scopeOf().digest,
      settingsDigest: '',
      ...(source === undefined ? {} : { source }),
      tally: {
        type: 'nmap',
        records: 0,
        observations: 0,
        assets: 0,
        addresses: 0,
        outOfScope: 0,
        ignored: 0,
        broken: 0,
        faults: [],
        cut: false,
        ...tally,
      },
    },
    places: async function* () {
      for (const { line, value } of numbered)
        if (value === undefined || 'port' in value) yield { line, value };
    },
    entries: async function* (wanted) {
      for (const { line, value } of numbered.filter((one) => wanted(one.line))) {
        if (value === undefined) yield { line, value };
        else if ('asset' in value) yield { line, value: { kind: 'asset' as const, ...value } };
        else if ('text' in value) yield { line, value: { kind: 'record' as const, ...value } };
        else yield { line, value: { kind: 'observation' as const, ...value } };
      }
    },
  };
}

const seen = (port: number, observedAt: string, change: Partial<Observation> = {}): Entry =>
  observationOf(port, { source: 'nmap', observedAt, ...change });

describe('an imported file as a source', () => {
  it('does not pass for whole under other ranges, when something was left out under the old ones', async () => {
    const { context } = contextOf({ scope: { ...scopeOf(), digest: 'other' } });
    const look = seen(443, '2026-10-01T00:00:00Z');
    expect(await createImportSource(storedOf([look], { outOfScope: 3 })).run(context)).toMatchObject({
      state: 'partial',
      reason: 'file-other-ranges',
      notLooked: [{ what: 'scan.xml', reason: 'file-other-ranges', count: 3 }],
    });
    const nothingLeftOut = await createImportSource(storedOf([look])).run(context);
    expect(nothingLeftOut).toMatchObject({ state: 'complete', notLooked: [] });
  });

  it('replays what is in scope today, under ids of its own, and says what it covers', async () => {
    const { context, recorded } = contextOf({ scope: scopeOf({ exclusions: [parseRange('203.0.113.11')] }) });
    const stored = storedOf(
      [
        seen(443, '2026-10-01T00:00:00Z'),
        seen(443, '2026-11-01T00:00:00Z', { id: 'b' }),
        seen(443, '2026-10-02T00:00:00Z', { id: 'c', address: '192.0.2.1' }),
        seen(443, '2026-10-02T00:00:00Z', { id: 'd', address: '203.0.113.11' }),
      ],
      { outOfScope: 3 },
    );
    const source = createImportSource(stored);
    const coverage = await source.run(context);
    expect(recorded.observations.map(({ id, file, port }) => [id, file, port])).toEqual([
      ['probe/203.0.113.10/443/tcp/ssh/1@01234567', 'scan.xml', 443],
      ['b@01234567', 'scan.xml', 443],
    ]);
    expect(recorded.done).toEqual(['import/0123456789abcdef-nmap']);
    expect(coverage).toEqual({
      source: 'nmap',
      vantage: 'office',
      file: 'scan.xml',
      state: 'complete',
      addresses: 511,
      looked: 1,
      answered: 1,
      notLooked: [],
      requests: 0,
      refusedByScope: 5,
      dataDate: '2026-11-01T00:00:00Z',
    });
    expect([source.name, source.file]).toEqual(['nmap', 'scan.xml']);
  });

  it('keeps the fifty newest looks at one place, all of them of another', async () => {
    const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString();
    const old = Array.from({ length: 230 }, (_, n) => seen(443, day((n * 7) % 230), { id: `o${n}` }));
    const { context, recorded } = contextOf();
    await createImportSource(storedOf([...old, seen(80, '2001-01-01T00:00:00Z', { id: 'x' })])).run(context);
    const dates = recorded.observations
      .filter(({ port }) => port === 443)
      .map(({ observedAt }) => observedAt);
    expect(dates.toSorted()).toEqual(Array.from({ length: 50 }, (_, n) => day(180 + n)));
    expect(recorded.observations.filter(({ port }) => port === 80)).toHaveLength(1);
  });

  it('reads of the records that were kept only those that it takes in, under ids of their own', async () => {
    const wanted: number[] = [];
    const kept = (n: number, change: Partial<StoredRecord> = {}): StoredRecord => {
      const observedAt = new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString();
      const text = `{"ip_str":"203.0.113.10","port":22,"transport":"tcp","timestamp":"${observedAt}","data":"SSH-2.0-OpenSSH_${n}"}`;
      return {
        source: 'shodan',
        address: '203.0.113.10',
        port: 22,
        transport: 'tcp',
        observedAt,
        text,
        ...change,
      };
    };
    // What is too old is not even JSON: nobody may look at it.
    const old = Array.from({ length: 60 }, (_, n) => kept(n, { text: 'junk' }));
    const newer = Array.from({ length: 49 }, (_, n) => kept(100 + n));
    const twin = kept(100, { text: kept(100).text.replace('"data"', '"hash":1,"data"') });
    const foreign = kept(200, { address: '192.0.2.1' });
    const stored = storedOf([...old, ...newer, twin, foreign], {}, 'shodan');
    const spied: StoredFile = {
      ...stored,
      entries: (isWanted) => stored.entries((line) => isWanted(line) && wanted.push(line) > 0),
    };
    const { context, recorded } = contextOf();
    expect(await createImportSource(spied).run(context)).toMatchObject({
      state: 'complete',
      refusedByScope: 1,
    });
    expect(wanted).toHaveLength(50);
    expect(recorded.observations).toHaveLength(50);
    expect(new Set(recorded.observations.map(({ id }) => id)).size).toBe(50);
    expect(recorded.observations[0]).toMatchObject({
      file: 'scan.xml',
      collectedAt: '2026-11-20T00:00:00.000Z',
      facts: { ssh: { software: 'OpenSSH_100' } },
    });
    expect(recorded.observations[0]?.id).toMatch(
      /^shodan\/203\.0\.113\.10\/22\/tcp\/banner\/20260411T000000000Z-[0-9a-f]{8}@01234567$/,
    );
    const again = contextOf();
    await createImportSource(stored).run(again.context);
    expect(again.recorded.observations).toEqual(recorded.observations);
  });

  it('counts a kept record that is damaged', async () => {
    const record = {
      source: 'shodan',
      address: '203.0.113.10',
      port: 22,
      transport: 'tcp',
      text: '{',
    } as const;
    const stored = storedOf([{ ...record, observedAt: '2026-01-01T00:00:00.000Z' }], {}, 'shodan');
    const { context, recorded } = contextOf();
    expect(await createImportSource(stored).run(context)).toMatchObject({
      state: 'partial',
      notLooked: [{ reason: 'file-broken-records', count: 1 }],
    });
    expect(recorded.observations).toEqual([]);
  });

  it('repeats nothing that the journal of a resumed run has', async () => {
    const { context, recorded } = contextOf({ alreadyDone: new Set(['import/0123456789abcdef-nmap']) });
    const coverage = await createImportSource(storedOf([seen(443, '2026-10-01T00:00:00Z')])).run(context);
    expect(recorded).toEqual({ observations: [], assets: [], done: [] });
    expect(coverage).toMatchObject({ state: 'complete', looked: 1, dataDate: '2026-10-01T00:00:00Z' });
  });

  it('is partial when the file was cut or broken, or the store is damaged, or the run is stopped', async () => {
    const run = async (stored: StoredFile, change?: Partial<SourceContext>) =>
      createImportSource(stored).run(contextOf(change).context);
    const one = seen(443, '2026-10-01T00:00:00Z');
    expect(await run(storedOf([one], { cut: true, broken: 2 }))).toMatchObject({
      state: 'partial',
      reason: 'file-cut',
      notLooked: [
        { what: 'scan.xml', reason: 'file-cut', count: 1 },
        { what: 'scan.xml', reason: 'file-broken-records', count: 2 },
      ],
    });
    expect(await run(storedOf([undefined, one]))).toMatchObject({
      state: 'partial',
      notLooked: [{ reason: 'file-broken-records', count: 1 }],
    });
    const stopped = contextOf({ signal: AbortSignal.abort() });
    expect(await createImportSource(storedOf([one])).run(stopped.context)).toMatchObject({
      state: 'partial',
      reason: 'interrupted',
    });
    expect(stopped.recorded.done).toEqual([]);
  });

  it('gives the rows of a ledger and claims no look', async () => {
    const row = (range: string): Entry => ({ asset: { range, file: 'assets.csv', line: 2 } });
    const lines = [row('203.0.113.10'), row('203.0.112.0/22'), row('192.0.2.1'), row('junk')];
    const { context, recorded } = contextOf();
    const ledger = (over: Partial<ImportTally> = {}): StoredFile => {
      const { header, ...rest } = storedOf(lines, { type: 'ledger', ...over });
      const { source: _source, ...without } = header;
      return { ...rest, header: without };
    };
    expect(await createImportSource(ledger()).run(context)).toBeUndefined();
    expect(recorded.assets.map(({ range, file }) => [range, file])).toEqual([
      ['203.0.113.10', 'scan.xml'],
      ['203.0.112.0/22', 'scan.xml'],
    ]);
    expect(await createImportSource(ledger({ broken: 1 })).run(context)).toMatchObject({
      source: 'file',
      state: 'complete',
      looked: 0,
      notLooked: [{ reason: 'file-broken-records', count: 1 }],
    });
  });

  it('a file that is missing lowers the coverage', async () => {
    const source = createUnreadSource('gone.xml', 'nmap', 'file-missing');
    expect(await source.run(contextOf().context)).toMatchObject({
      source: 'nmap',
      file: 'gone.xml',
      state: 'failed',
      reason: 'file-missing',
      addresses: 512,
      looked: 0,
    });
  });
});
