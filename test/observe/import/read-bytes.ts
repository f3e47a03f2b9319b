/** Runs one reader over bytes in memory and keeps what it says. */
import { parseRange, rangeContains, rangesOverlap } from '../../../src/lib/address.ts';
import type { Asset } from '../../../src/model/import.ts';
import type { Observation } from '../../../src/model/observation.ts';
import { readStoredRecord } from '../../../src/observe/import/json/shodan.ts';
import type { ImportContext, ImportFormat } from '../../../src/observe/import/format.ts';

export interface ReadBytes {
  readonly observations: Observation[];
  readonly assets: Asset[];
  readonly faults: { line: number; why: string }[];
  readonly counts: { records: number; outOfScope: number; ignored: number };
}

export interface ReadSettings extends Partial<ImportContext> {
  readonly scope?: readonly string[];
  readonly cut?: boolean;
  /** Bytes of a chunk. */
  readonly chunk?: number;
}

export const everything = ['0.0.0.0-255.255.255.255', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'];

export function readBytes(
  format: ImportFormat,
  input: string | Uint8Array,
  { scope = everything, cut = false, chunk = 1 << 20, ...context }: ReadSettings = {},
): ReadBytes {
  const ranges = scope.map((text) => parseRange(text));
  const read: ReadBytes = {
    observations: [],
    assets: [],
    faults: [],
    counts: { records: 0, outOfScope: 0, ignored: 0 },
  };
  const whole: ImportContext = {
    file: 'given.csv',
    vantage: 'unknown',
    collectedAt: '2026-11-20T00:00:00.000Z',
    observedAt: '2026-11-19T00:00:00.000Z',
    accepts: (address) => ranges.some((range) => rangeContains(range, address)),
    overlaps: (range) => ranges.some((one) => rangesOverlap(one, range)),
    columns: undefined,
    encoding: 'auto',
    ...context,
  };
  const reader = format.open(whole, {
    observation: (observation) => read.observations.push(observation),
    asset: (asset) => read.assets.push(asset),
    keep: ({ record, id }) => {
      const observation = readStoredRecord(record, whole);
      if (observation?.id !== id) throw new Error(`kept as ${id}, read as ${observation?.id}`);
      read.observations.push(observation);
    },
    record: () => (read.counts.records += 1),
    outOfScope: () => (read.counts.outOfScope += 1),
    ignored: () => (read.counts.ignored += 1),
    fault: (line, why) => read.faults.push({ line, why }),
  });
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk));
  reader.end(cut);
  return read;
}
