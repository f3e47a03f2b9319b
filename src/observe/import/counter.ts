import { canonicalAddress } from '../../lib/address.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { HashSet } from './hash-set.ts';
import type { Asset, ImportTally, ImportType, StoredRecord } from '../../model/import.ts';
import type { Observation } from '../../model/observation.ts';
import type { FileOutput } from './format.ts';

export interface Counter {
  readonly output: FileOutput;
  tally(type: ImportType, cut: boolean): ImportTally;
}

interface Sink {
  observation(observation: Observation): void;
  asset(asset: Asset): void;
  record(record: StoredRecord): void;
}

const MAX_FAULTS = 20;

/**
 * Counts what a reader gives and hands it on. A record that stands in the file twice is counted twice and handed on once;
 * two observations with one id get different ids.
 *
 * @param fileDate the date that readers give to what carries none: such looks are marked, and are no part of the file's dates.
 */
export function createCounter(sink: Sink, fileDate?: string): Counter {
  const counts = { records: 0, observations: 0, assets: 0, outOfScope: 0, ignored: 0, broken: 0 };
  const faults: ImportTally['faults'] = [];
  const addresses = new HashSet();
  const ids = new HashSet();
  let oldest: string | undefined;
  let newest: string | undefined;

  const count = ({ address, observedAt }: Pick<Observation, 'address' | 'observedAt'>): void => {
    counts.observations += 1;
    addresses.add(address);
    if (observedAt === fileDate) return;
    if (oldest === undefined || observedAt < oldest) oldest = observedAt;
    if (newest === undefined || observedAt > newest) newest = observedAt;
  };

  const output: FileOutput = {
    observation: (observation) => {
      const content = contentOf(observation);
      if (!ids.add(`${observation.id} ${content}`)) return;
      const isNew = ids.add(observation.id);
      const id = isNew ? observation.id : `${observation.id}-${content.slice(0, 8)}`;
      count(observation);
      sink.observation({
        ...observation,
        id,
        ...(observation.observedAt === fileDate ? { undated: true as const } : {}),
      });
    },
    keep: ({ record, sha256, id }) => {
      if (!ids.add(`${id} ${sha256}`)) return;
      count(record);
      sink.record(record);
    },
    asset: (asset) => {
      counts.assets += 1;
      addresses.add(canonicalAddress(asset.range));
      sink.asset(asset);
    },
    record: () => {
      counts.records += 1;
    },
    outOfScope: () => {
      counts.outOfScope += 1;
    },
    ignored: () => {
      counts.ignored += 1;
    },
    fault: (line, why) => {
      counts.broken += 1;
      if (faults.length < MAX_FAULTS) faults.push({ line, why });
    },
  };
  return {
    output,
    tally: (type, cut) => ({
      type,
      ...counts,
      addresses: addresses.size,
      faults: [...faults],
      cut,
      ...(oldest === undefined ? {} : { oldest }),
      ...(newest === undefined ? {} : { newest }),
    }),
  };
}

/** Evidence is the record itself; without it, what was made of it. */
function contentOf({ evidence, facts, note, status }: Observation): string {
  const [first] = evidence;
  if (first !== undefined && evidence.length === 1) return first.sha256;
  return sha256Hex(JSON.stringify([status, facts, evidence, note]));
}
