import type { Logger } from 'pino';
import type { Observation, SourceName, SweepResult } from '../model/observation.ts';
import type { Scope } from '../model/scope.ts';
import type { SourceCoverage } from '../model/snapshot.ts';

export type { SweepResult };

/** What a source writes down while it works; the journal behind it survives kill -9. */
export interface Recorder {
  observation(observation: Observation): void;
  sweep(results: readonly SweepResult[]): void;
  /** Marks a unit of work as finished, so that `--resume` does not do it again. */
  done(unit: string): void;
}

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
  run(context: SourceContext): Promise<SourceCoverage>;
}
