import type { Logger } from 'pino';
import type { Observation, SourceName } from '../model/observation.ts';
import type { Scope } from '../model/scope.ts';
import type { SourceCoverage } from '../model/snapshot.ts';

/** Ports of one address sorted by how the look at them ended. Dark places are not listed: silence is the default. */
export interface SweepResult {
  readonly address: string;
  readonly open: readonly number[];
  readonly closed: readonly number[];
  readonly noAnswer: readonly number[];
  readonly unreachable: readonly number[];
}

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
