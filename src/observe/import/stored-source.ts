import { parseAddress, parseRange, type AddressRange } from '../../lib/address.ts';
import { compareInstants, latest } from '../../lib/time.ts';
import type { Asset, ImportHeader, StoredRecord } from '../../model/import.ts';
import type { Observation, SourceName } from '../../model/observation.ts';
import type { CoverageReason, Gap, SourceCoverage } from '../../model/snapshot.ts';
import { coverageOfNothing, type FileSource, type SourceContext } from '../source.ts';
import { readStoredRecord } from './json/shodan.ts';
import { scopeFilter, type ScopeFilter } from './scope-filter.ts';

/** A line of a stored import; `value` is undefined for one that is damaged. */
interface Line<T> {
  readonly line: number;
  readonly value: T | undefined;
}

/** A file that was taken in earlier, as the store gives it back. */
export interface StoredFile {
  readonly header: ImportHeader;
  /** Name under which the run knows it: no other file of the run has it. */
  readonly label: string;
  /** Where and when of its observations and records, without the rest. */
  readonly places: () => AsyncIterable<
    Line<Pick<Observation, 'address' | 'port' | 'transport' | 'observedAt' | 'undated'>>
  >;
  /** Observations, records and rows of a ledger, of these lines. */
  readonly entries: (wanted: (line: number) => boolean) => AsyncIterable<Line<Entry>>;
}

type Entry =
  | ({ kind: 'observation' } & Observation)
  | ({ kind: 'record' } & StoredRecord)
  | { kind: 'asset'; asset: Asset };

/** Of one place; what is older tells when something stood there, and for that fifty looks are enough. */
const MOST_OF_A_PLACE = 50;

/** Replays what an imported file says about the addresses that are in scope today. Sends nothing. */
export function createImportSource(stored: StoredFile): FileSource {
  return {
    name: stored.header.source ?? 'file',
    file: stored.label,
    run: async (context) => new Replay(stored, context).run(),
  };
}

/** In place of a file that should be there and cannot be read. */
export function createUnreadSource(
  file: string,
  source: SourceName,
  reason: Extract<CoverageReason, 'file-missing' | 'file-unreadable'>,
): FileSource {
  return {
    name: source,
    file,
    run: async ({ scope }) =>
      coverageOfNothing({
        source,
        vantage: 'unknown',
        file,
        state: 'failed',
        reason,
        addresses: scopeFilter(scope).size,
        notLooked: [{ what: file, reason, count: 1 }],
      }),
  };
}

class Replay {
  readonly #stored: StoredFile;
  readonly #context: SourceContext;
  readonly #filter: ScopeFilter;
  readonly #inScope = new Map<string, boolean>();
  #outside = 0;
  #damaged = 0;
  #newest: string | undefined;

  constructor(stored: StoredFile, context: SourceContext) {
    this.#stored = stored;
    this.#context = context;
    this.#filter = scopeFilter(context.scope);
  }

  async run(): Promise<SourceCoverage | undefined> {
    const { header, entries } = this.#stored;
    const chosen = header.source === undefined ? undefined : await this.#choose();
    const unit = `import/${header.id}`;
    // A run that goes on has these in its journal already.
    if (!this.#context.alreadyDone.has(unit) && !this.#context.signal.aborted) {
      for await (const { line, value } of entries((number) => chosen?.has(number) ?? true)) {
        if (this.#context.signal.aborted) break;
        if (value?.kind === 'observation') this.#replay(value);
        else if (value?.kind === 'record') this.#read(value);
        else if (value?.kind === 'asset') this.#row(value.asset);
        else if (chosen === undefined || chosen.has(line)) this.#damaged += 1;
      }
      if (!this.#context.signal.aborted) this.#context.record.done(unit);
    }
    return this.#coverage();
  }

  /** Numbers of the lines to replay: of each place the newest. */
  async #choose(): Promise<ReadonlySet<number>> {
    const places = new Map<string, Look[]>();
    for await (const { line, value } of this.#stored.places()) {
      if (this.#context.signal.aborted) break;
      if (value === undefined) this.#damaged += 1;
      else if (this.#accepts(value.address)) {
        const { address, port, transport, observedAt, undated } = value;
        if (undated !== true) this.#newest = latest([this.#newest, observedAt]);
        const key = `${address} ${port} ${transport}`;
        const looks = places.get(key) ?? [];
        looks.push({ line, observedAt });
        places.set(key, looks.length < 2 * MOST_OF_A_PLACE ? looks : newestOf(looks));
      } else this.#outside += 1;
    }
    return new Set([...places.values()].flatMap((looks) => newestOf(looks).map(({ line }) => line)));
  }

  #replay({ kind: _kind, ...observation }: { kind: 'observation' } & Observation): void {
    this.#context.record.observation({
      ...observation,
      // Two files may hold the same record, and Shodan itself may be asked in the same run.
      id: `${observation.id}@${this.#stored.header.id.slice(0, 8)}`,
      file: this.#stored.label,
    });
  }

  #read(record: StoredRecord): void {
    const { header, label } = this.#stored;
    const observation = readStoredRecord(record, { collectedAt: header.importedAt, file: label });
    if (observation === undefined) this.#damaged += 1;
    else this.#replay({ kind: 'observation', ...observation });
  }

  #row(asset: Asset): void {
    const range = rangeOf(asset.range);
    if (range !== undefined && this.#filter.overlaps(range))
      this.#context.record.asset({ ...asset, file: this.#stored.label });
    else this.#outside += 1;
  }

  #accepts(text: string): boolean {
    const known = this.#inScope.get(text);
    if (known !== undefined) return known;
    const address = parseAddress(text);
    const accepted = address !== undefined && this.#filter.accepts(address);
    this.#inScope.set(text, accepted);
    return accepted;
  }

  #coverage(): SourceCoverage | undefined {
    const { header, label } = this.#stored;
    const gaps = this.#gaps();
    const looked = [...this.#inScope.values()].filter(Boolean).length;
    // A list of devices looked at nothing: a row of it that cannot be read leaves no place unseen.
    const isList = header.source === undefined;
    if (isList && gaps.length === 0) return undefined;
    const reason = isList ? undefined : gaps[0]?.reason;
    return coverageOfNothing({
      source: header.source ?? 'file',
      vantage: header.vantage,
      file: label,
      ...(reason === undefined ? { state: 'complete' } : { state: 'partial', reason }),
      addresses: this.#filter.size,
      looked,
      answered: looked,
      notLooked: gaps,
      refusedByScope: header.tally.outOfScope + this.#outside,
      ...(this.#newest === undefined ? {} : { dataDate: this.#newest }),
    });
  }

  #gaps(): Gap[] {
    const { tally, scopeDigest } = this.#stored.header;
    const { label: what } = this.#stored;
    const broken = tally.broken + this.#damaged;
    // What was left out then may lie in the ranges of today.
    const isOther = scopeDigest !== this.#context.scope.digest && tally.outOfScope > 0;
    return [
      ...(this.#context.signal.aborted ? [{ what, reason: 'interrupted' as const, count: 1 }] : []),
      ...(tally.cut ? [{ what, reason: 'file-cut' as const, count: 1 }] : []),
      ...(isOther ? [{ what, reason: 'file-other-ranges' as const, count: tally.outOfScope }] : []),
      ...(broken === 0 ? [] : [{ what, reason: 'file-broken-records' as const, count: broken }]),
    ];
  }
}

interface Look {
  readonly line: number;
  readonly observedAt: string;
}

function newestOf(looks: readonly Look[]): Look[] {
  return looks
    .toSorted((a, b) => compareInstants(b.observedAt, a.observedAt) || a.line - b.line)
    .slice(0, MOST_OF_A_PLACE);
}

function rangeOf(text: string): AddressRange | undefined {
  try {
    return parseRange(text);
  } catch {
    return undefined;
  }
}
