import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseRange, rangeContains, type Address } from '../../../src/lib/address.ts';
import type { Asset, ImportSettings, StoredRecord } from '../../../src/model/import.ts';
import { Observation } from '../../../src/model/observation.ts';
import { readStoredRecord } from '../../../src/observe/import/json/shodan.ts';
import { readImport, type ImportResult } from '../../../src/observe/import/read-file.ts';

export const NOW = new Date('2026-11-21T00:00:00.000Z');
export const FIXTURES = resolve(import.meta.dirname, '../../fixtures/import');

export interface Imported extends ImportResult {
  readonly observations: readonly Observation[];
  readonly assets: readonly Asset[];
}

type Options = Partial<ImportSettings> & {
  readonly accepts?: (address: Address) => boolean;
  readonly signal?: AbortSignal;
};

/** What a run makes of a record that was kept; fails when it can make nothing of it. */
export function madeOf(record: StoredRecord, file: string): Observation {
  const observation = readStoredRecord(record, { collectedAt: NOW.toISOString(), file });
  if (observation === undefined) throw new Error(`kept and not readable: ${record.text}`);
  return observation;
}

/** Reads a file; every observation must have the shape that the journal keeps, and an id of its own. */
export async function importFile(path: string, options: Options = {}): Promise<Imported> {
  const { accepts = () => true, signal, ...settings } = options;
  const observations: Observation[] = [];
  const assets: Asset[] = [];
  const result = await readImport(
    {
      path,
      as: 'auto',
      vantage: undefined,
      observedAt: undefined,
      columns: undefined,
      encoding: 'auto',
      ...settings,
    },
    { now: NOW, accepts, signal },
    {
      observation: (one) => observations.push(Observation.parse(one)),
      asset: (one) => assets.push(one),
      record: (one) => observations.push(Observation.parse(madeOf(one, basename(path)))),
      drain: async () => undefined,
    },
  );
  const ids = new Set(observations.map(({ id }) => id));
  if (ids.size !== observations.length) throw new Error('two observations have the same id');
  return { ...result, observations, assets };
}

export function importFixture(name: string, options: Options = {}): Promise<Imported> {
  return importFile(join(FIXTURES, name), options);
}

/** The same for content that stands in the test. */
export async function importOf(content: string | Uint8Array, options: Options = {}): Promise<Imported> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-import-'));
  try {
    const path = join(folder, 'scan.out');
    writeFileSync(path, content);
    return await importFile(path, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function lines(...values: readonly unknown[]): string {
  return `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;
}

/** A scope of one range. */
export function within(text: string): (address: Address) => boolean {
  const range = parseRange(text);
  return (address) => rangeContains(range, address);
}

/** The one that there is; fails when there are none or several. */
export function only(observations: readonly Observation[]): Observation {
  const [first, ...others] = observations;
  if (first === undefined || others.length > 0) throw new Error(`${observations.length} observations`);
  return first;
}

export function evidenceOf(observation: Observation | undefined): string {
  return Buffer.from(observation?.evidence[0]?.received ?? '', 'base64').toString('utf8');
}
