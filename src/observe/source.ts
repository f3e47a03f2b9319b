import type { Logger } from 'pino';
import type { Asset } from '../model/import.ts';
import type { Observation, SourceName, SweepResult } from '../model/observation.ts';
import type { Scope } from '../model/scope.ts';
import type { Candidate, CoverageReason, SourceCoverage } from '../model/snapshot.ts';

export type { SweepResult };

/** What a source writes down while it works; the journal behind it survives kill -9. */
export interface Recorder {
  observation(observation: Observation): void;
  sweep(results: readonly SweepResult[]): void;
  /** Something outside the scope that may belong to the organisation. */
  candidate(candidate: Candidate): void;
  /** A row of the organisation's own list of devices. */
  asset(asset: Asset): void;
  /** Marks a unit of work as finished, so that `--resume` does not do it again. */
  done(unit: string): void;
}

/** Coverage of a source that looked at nothing (yet): what is known of it over zeros. */
export function coverageOfNothing(
  known: Pick<SourceCoverage, 'source' | 'vantage' | 'state'> &
    Partial<SourceCoverage> & { readonly reason?: CoverageReason },
): SourceCoverage {
  return { addresses: 0, looked: 0, answered: 0, notLooked: [], requests: 0, refusedByScope: 0, ...known };
}

/** For looks of which nothing is kept, and to be overwritten in parts. */
export const keepsNothing: Recorder = {
  observation: () => undefined,
  sweep: () => undefined,
  candidate: () => undefined,
  asset: () => undefined,
  done: () => undefined,
};

export interface SourceContext {
  readonly scope: Scope;
  readonly record: Recorder;
  /** Units that an earlier, killed attempt at this run has already finished. */
  readonly alreadyDone: ReadonlySet<string>;
  /** Observations and sweeps of that earlier attempt. */
  readonly earlier: {
    readonly observations: readonly Observation[];
    readonly sweeps: readonly SweepResult[];
  };
  readonly now: () => Date;
  /** Aborted by the first Ctrl-C: stop sending, return what is known with state `partial`. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly progress: (stage: string, done: number, total: number) => void;
}

/** One way of learning something. Never throws for what the network does: failure is its coverage. */
export interface Source {
  readonly name: SourceName;
  readonly file?: undefined;
  run(context: SourceContext): Promise<SourceCoverage>;
}

/** A file that was taken in earlier, replayed. */
export interface FileSource {
  /** The tool that wrote it. */
  readonly name: SourceName;
  /** Name under which the run knows it, unlike those of the other files of the run. */
  readonly file: string;
  /** @returns undefined when there is nothing to say: a list of devices that was read to its end looked at nothing. */
  run(context: SourceContext): Promise<SourceCoverage | undefined>;
}
