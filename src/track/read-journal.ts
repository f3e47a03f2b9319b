/** The journal of a run as it is read back, whatever a kill, a full disk or a bad sector left of it. */
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { AppError, errorText } from '../lib/app-error.ts';
import { LineSplitter } from '../lib/line-splitter.ts';
import type { Asset } from '../model/import.ts';
import type { Observation, SourceName, SweepResult } from '../model/observation.ts';
import type { Recheck } from '../model/recheck.ts';
import type { Candidate, SourceCoverage } from '../model/snapshot.ts';
import {
  JOURNAL_KINDS,
  JOURNAL_SCHEMA,
  JournalEntry,
  MAX_LINE_BYTES,
  type RunEnd,
  type RunHeader,
} from './journal-entry.ts';

/** Damage found while reading. A torn last line is the ordinary mark of a kill; corrupt lines are not. */
export interface JournalProblems {
  /** Bytes after the last line break. */
  readonly tornBytes: number;
  readonly corruptCount: number;
  /** Numbers, from 1, of the first 100 corrupt lines. */
  readonly corruptLines: readonly number[];
  /** Kinds that this version does not know, with how often they came: a newer version wrote them. */
  readonly unknownKinds: Readonly<Record<string, number>>;
}

export interface JournalContent {
  /** Absent when the run was killed before its first line. */
  readonly header: RunHeader | undefined;
  /** In order of first appearance; a look that a resumed run repeated counts once, as seen last. */
  readonly observations: readonly Observation[];
  readonly sweeps: readonly SweepResult[];
  /** Found by searches of passive sources outside the scope; one entry may come several times. */
  readonly candidates: readonly Candidate[];
  /** Rows of the organisation's own list of devices. */
  readonly assets: readonly Asset[];
  /** Finished units of work of each source. */
  readonly done: ReadonlyMap<SourceName, ReadonlySet<string>>;
  /** The last word of each source, vantage and file. */
  readonly coverage: readonly SourceCoverage[];
  /** Looks at single places after the run, oldest first. They are no part of what the run saw. */
  readonly rechecks: readonly Recheck[];
  /** Absent when the run never ended, or went on after it had. */
  readonly end: RunEnd | undefined;
  /** The run ended by itself and nothing in its journal is damaged. */
  readonly complete: boolean;
  readonly problems: JournalProblems;
}

const MAX_NAMED_LINES = 100;

/**
 * @throws AppError `journal-missing` when it cannot be read at all, `journal-newer` when a newer version wrote it.
 * Damage never throws: see `problems`.
 */
export async function readJournal(path: string): Promise<JournalContent> {
  const collector = new Collector(path);
  const splitter = new LineSplitter(MAX_LINE_BYTES, (line) => collector.line(line));
  try {
    for await (const chunk of createReadStream(path)) splitter.push(chunk as Buffer);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('journal-missing', `Cannot read the journal ${path}: ${errorText(error)}`, {
      cause: error,
    });
  }
  return collector.content(splitter.pendingBytes);
}

function coverageKey({ source, vantage, file }: SourceCoverage): string {
  return JSON.stringify([source, vantage, file]);
}

const anyKind = z.object({ kind: z.string() });
const anyHeader = z.object({ kind: z.literal('run'), schemaVersion: z.number() });

class Collector {
  readonly #path: string;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true });
  #number = 0;
  #header: RunHeader | undefined;
  #end: RunEnd | undefined;
  readonly #observations = new Map<string, Observation>();
  readonly #sweeps: SweepResult[] = [];
  readonly #candidates: Candidate[] = [];
  readonly #assets = new Map<string, Asset>();
  readonly #done = new Map<SourceName, Set<string>>();
  readonly #coverage = new Map<string, SourceCoverage>();
  readonly #rechecks: Recheck[] = [];
  #corruptCount = 0;
  readonly #corruptLines: number[] = [];
  readonly #unknownKinds = new Map<string, number>();

  constructor(path: string) {
    this.#path = path;
  }

  line(bytes: Uint8Array | undefined): void {
    this.#number += 1;
    const json = this.#json(bytes);
    const kind = anyKind.safeParse(json).data?.kind;
    if (kind === undefined) return this.#corrupt();
    if (!JOURNAL_KINDS.has(kind)) {
      const name = kind.slice(0, 40);
      this.#unknownKinds.set(name, (this.#unknownKinds.get(name) ?? 0) + 1);
      return;
    }
    this.#refuseNewer(json);
    const entry = JournalEntry.safeParse(json).data;
    if (entry === undefined) return this.#corrupt();
    this.#take(entry);
  }

  content(tornBytes: number): JournalContent {
    const healthy = this.#header !== undefined && this.#corruptCount === 0 && tornBytes === 0;
    return {
      header: this.#header,
      observations: [...this.#observations.values()],
      sweeps: this.#sweeps,
      candidates: this.#candidates,
      assets: [...this.#assets.values()],
      done: this.#done,
      coverage: [...this.#coverage.values()],
      rechecks: this.#rechecks,
      end: this.#end,
      complete: healthy && this.#end?.complete === true,
      problems: {
        tornBytes,
        corruptCount: this.#corruptCount,
        corruptLines: this.#corruptLines,
        unknownKinds: Object.fromEntries(this.#unknownKinds),
      },
    };
  }

  #json(bytes: Uint8Array | undefined): unknown {
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse(this.#utf8.decode(bytes));
    } catch {
      return undefined;
    }
  }

  #take(entry: JournalEntry): void {
    // Whatever else follows an end shows that the run went on: a resumed run has to end again.
    if (entry.kind !== 'recheck') this.#end = entry.kind === 'end' ? entry : undefined;
    switch (entry.kind) {
      case 'run':
        if (this.#header !== undefined) this.#corrupt();
        this.#header ??= entry;
        break;
      case 'observation': {
        const { kind: _kind, ...observation } = entry;
        this.#observations.set(observation.id, observation);
        break;
      }
      case 'sweep':
        for (const result of entry.results) this.#sweeps.push(result);
        break;
      case 'candidate':
        this.#candidates.push(entry.candidate);
        break;
      case 'asset':
        this.#assets.set(JSON.stringify(entry.asset), entry.asset);
        break;
      case 'done':
        this.#done.set(entry.source, (this.#done.get(entry.source) ?? new Set()).add(entry.unit));
        break;
      case 'coverage':
        this.#coverage.set(coverageKey(entry.coverage), entry.coverage);
        break;
      case 'recheck':
        this.#rechecks.push(entry.recheck);
        break;
      case 'end':
        break;
    }
  }

  #corrupt(): void {
    this.#corruptCount += 1;
    if (this.#corruptLines.length < MAX_NAMED_LINES) this.#corruptLines.push(this.#number);
  }

  #refuseNewer(json: unknown): void {
    const version = anyHeader.safeParse(json).data;
    if (version === undefined || version.schemaVersion <= JOURNAL_SCHEMA) return;
    throw new AppError(
      'journal-newer',
      `${this.#path} was written by a newer version of sekisho (format ${version.schemaVersion}, this one reads ${JOURNAL_SCHEMA}). Update sekisho to read it.`,
    );
  }
}
