import { showable } from '../../lib/hostile-text.ts';
import type { CoverageReason, Gap, SourceCoverage } from '../../model/snapshot.ts';
import { Guard } from '../../scope/guard.ts';
import type { ToolEnd } from '../child-process.ts';
import type { ImportOutput } from '../import/format.ts';
import { NmapReader } from '../import/xml/nmap-reader.ts';
import { planSweep, type Only } from '../probe/sweep-plan.ts';
import { coverageOfNothing, type Source, type SourceContext } from '../source.ts';
import { planBatches, type Batch } from './batches.ts';

export interface NmapSourceOptions {
  /** false = a passive run, or one that only looks for open ports. */
  readonly enabled: boolean;
  readonly only?: Only;
}

/** How often the time window is looked at while nmap runs. */
const WINDOW_CHECK_MS = 5000;
/** Failed calls in a row after which the others would fail too. */
const PATIENCE = 2;

/** nmap on the addresses of the scope, under the same permission, windows, exclusions and rate as the own probes. */
export function createNmapSource(options: NmapSourceOptions): Source {
  return {
    name: 'nmap',
    run: async (context) => {
      const { scope } = context;
      if (!scope.nmap.use) return idle(context, 'off', 'switched-off');
      if (!options.enabled) return idle(context, 'off', 'passive');
      if (scope.permission === undefined) return idle(context, 'off', 'no-permission');
      return new NmapRun(context, options).run();
    },
  };
}

/** Why a call did not do all it should; undefined: it did. */
type Shortfall = Extract<
  CoverageReason,
  'interrupted' | 'outside-window' | 'unfinished' | 'tool-failed' | 'not-installed' | 'permission-expired'
>;

class NmapRun {
  readonly #context: SourceContext;
  readonly #options: NmapSourceOptions;
  readonly #guard: Guard;
  readonly #looked = new Set<string>();
  readonly #answered = new Set<string>();
  readonly #missed = new Map<Shortfall, string[]>();
  #shortfall: Shortfall | undefined;
  #failures = 0;
  #requests = 0;

  constructor(context: SourceContext, options: NmapSourceOptions) {
    this.#context = context;
    this.#options = options;
    this.#guard = new Guard(context.scope, context.now);
  }

  async run(): Promise<SourceCoverage> {
    const { scope, now, log, earlier, alreadyDone, progress } = this.#context;
    const startedAt = now().toISOString();
    const endsAt = now().getTime() + scope.nmap.timeoutMinutes * 60_000;
    const plan = planSweep(scope, this.#guard, [], this.#options.only);
    const targets = plan.targets.map(({ address }) => address);
    if (targets.length === 0)
      return { ...idle(this.#context, 'failed', 'nothing-to-look-at'), notLooked: [...plan.notLooked] };
    const { only } = this.#options;
    const ports = only?.port === undefined ? (scope.nmap.ports ?? scope.probe.ports) : [only.port];
    for (const { address, status } of earlier.observations) {
      if (status === 'open' || status === 'closed') this.#answered.add(address);
    }
    log.info({ addresses: targets.length, ports: ports.length }, 'nmap begins');
    for (const batch of planBatches(scope, targets, ports)) {
      if (alreadyDone.has(batch.unit)) for (const target of batch.targets) this.#looked.add(target);
      else await this.#batch(batch, endsAt, targets.length);
      progress('nmap', this.#looked.size, targets.length);
    }
    return {
      ...this.#verdict(),
      source: 'nmap',
      vantage: scope.vantage,
      startedAt,
      endedAt: now().toISOString(),
      addresses: targets.length,
      looked: this.#looked.size,
      answered: targets.filter((target) => this.#answered.has(target)).length,
      notLooked: [...plan.notLooked, ...this.#gaps()],
      requests: this.#requests,
      refusedByScope: this.#guard.refusals.total,
    };
  }

  async #batch(batch: Batch, endsAt: number, total: number): Promise<void> {
    const refused = this.#refusal(batch.targets);
    const left = endsAt - this.#context.now().getTime();
    if (this.#context.signal.aborted) return this.#miss(batch.targets, 'interrupted');
    if (refused !== undefined) return this.#miss(batch.targets, refused);
    if (left <= 0) return this.#miss(batch.targets, 'unfinished');
    if (this.#shortfall === 'not-installed') return this.#miss(batch.targets, 'not-installed');
    if (this.#failures >= PATIENCE) return this.#miss(batch.targets, 'tool-failed');
    const { end, reader, isWindowClosed } = await this.#call(batch, left, total);
    const shortfall = isWindowClosed ? 'outside-window' : this.#judge(end, reader);
    this.#failures = shortfall === 'tool-failed' ? this.#failures + 1 : 0;
    const missing = batch.targets.filter((target) => !this.#looked.has(target));
    if (shortfall !== undefined || missing.length > 0) this.#miss(missing, shortfall ?? 'unfinished');
    else this.#context.record.done(batch.unit);
  }

  async #call(batch: Batch, deadlineMs: number, total: number) {
    const { runNmap } = await import('./fenced-scan.ts');
    const { scope, signal, now, progress } = this.#context;
    const window = new AbortController();
    const timer = setInterval(() => {
      if (this.#refusal(batch.targets.slice(0, 1)) !== undefined) window.abort();
    }, WINDOW_CHECK_MS);
    const before = this.#looked.size;
    const isTarget = new Set(batch.targets);
    const at = now().toISOString();
    const reader = new NmapReader(
      'nmap',
      {
        vantage: scope.vantage,
        collectedAt: at,
        observedAt: at,
        accepts: ({ text }) => isTarget.has(text),
      },
      this.#output(),
      {
        host: ({ address, isTimedOut, answered }) => {
          if (!isTimedOut) this.#looked.add(address);
          if (answered) this.#answered.add(address);
        },
        progress: (_task, percent) =>
          progress('nmap', before + Math.floor((batch.targets.length * percent) / 100), total),
      },
    );
    try {
      const end = await runNmap({
        ...batch,
        deadlineMs,
        signal: AbortSignal.any([signal, window.signal]),
        onOutput: (chunk) => reader.push(chunk),
      });
      if (end.notStarted === undefined) {
        this.#requests += batch.targets.length;
        reader.end(end.stopped !== undefined);
      }
      return { end, reader, isWindowClosed: window.signal.aborted };
    } finally {
      clearInterval(timer);
    }
  }

  #output(): ImportOutput {
    const { record, now, log } = this.#context;
    return {
      observation: (observation) => record.observation({ ...observation, collectedAt: now().toISOString() }),
      asset: () => undefined,
      record: () => undefined,
      outOfScope: () => log.warn('nmap told of an address that it was not asked about: left out'),
      ignored: () => undefined,
      fault: (line, why) => log.warn({ line, why: showable(why) }, 'output of nmap'),
    };
  }

  /** Exit code and nmap's own last words must both be good: a failed scan can be a well-formed file without hosts. */
  #judge(end: ToolEnd, reader: NmapReader): Shortfall | undefined {
    const { log } = this.#context;
    if (end.notStarted === 'ENOENT') {
      log.warn(
        'nmap is not installed on this machine, so it was not run. Install it, or take "observe: nmap:" out of the organisation file.',
      );
      this.#shortfall = 'not-installed';
      return 'not-installed';
    }
    if (end.stopped === 'signal') return 'interrupted';
    if (end.stopped === 'deadline') return 'unfinished';
    const noise = showable(end.noise, 300);
    if (end.code === 0 && reader.runEnd?.success === true) {
      if (noise !== '') log.info({ noise }, 'nmap says');
      return undefined;
    }
    const said = reader.runEnd?.message ?? '';
    log.warn(
      {
        code: end.code,
        endedBy: end.endedBy,
        notStarted: end.notStarted,
        said: showable(said === '' ? end.noise : said, 300),
      },
      'nmap did not come to its end: what it did not report was not looked at',
    );
    return 'tool-failed';
  }

  /** The guard decides anew before each call and while it runs. */
  #refusal(targets: readonly string[]): Shortfall | undefined {
    for (const target of targets) {
      const verdict = this.#guard.check(target);
      if (verdict.allowed) continue;
      return verdict.reason === 'permission-expired' ? 'permission-expired' : 'outside-window';
    }
    return undefined;
  }

  #miss(targets: readonly string[], reason: Shortfall): void {
    this.#shortfall ??= reason;
    this.#missed.set(reason, [...(this.#missed.get(reason) ?? []), ...targets]);
  }

  #gaps(): Gap[] {
    return [...this.#missed]
      .filter(([, targets]) => targets.length > 0)
      .map(([reason, targets]) => ({ what: targets.slice(0, 20).join(', '), reason, count: targets.length }));
  }

  #verdict(): { state: SourceCoverage['state']; reason?: CoverageReason } {
    const reason = this.#shortfall;
    if (reason === undefined) return { state: 'complete' };
    if (reason === 'not-installed') return { state: 'off', reason };
    return { state: this.#looked.size === 0 ? 'failed' : 'partial', reason };
  }
}

function idle({ scope }: SourceContext, state: 'off' | 'failed', reason: CoverageReason): SourceCoverage {
  return coverageOfNothing({ source: 'nmap', vantage: scope.vantage, state, reason });
}
