import pLimit from 'p-limit';
import { errorText } from '../../lib/app-error.ts';
import type { Observation } from '../../model/observation.ts';
import type { Connection } from './connection.ts';
import { fitted, roomFor } from './fit.ts';
import type { ProbeResult } from './probe.ts';
import type { SweepTarget } from './sweep-plan.ts';

/** Conversations going on at once in the whole run: enough to hide waiting, few enough for one processor. */
const WHOLE_RUN = 96;
/** A host on which this many open ports said nothing answers on every port: the rest is not asked. */
const SILENT_PORTS_BEFORE_GIVING_UP = 12;

export interface ConversationsOptions {
  readonly perHost: number;
  readonly converse: (
    target: SweepTarget,
    port: number,
    first: Connection | undefined,
  ) => Promise<ProbeResult>;
  readonly now: () => Date;
  readonly vantage: string;
  readonly onResult: (observation: Observation) => void;
  readonly signal: AbortSignal;
}

interface HostQueue {
  readonly limit: ReturnType<typeof pLimit>;
  silent: number;
  spoke: number;
  /** Left behind so far by its conversations, as `fitted` counts. */
  bytes: number;
}

/** Runs the conversations with open ports: spread over hosts, a few at a time on one host. */
export class Conversations {
  readonly #options: ConversationsOptions;
  readonly #wholeRun = pLimit(WHOLE_RUN);
  readonly #hosts = new Map<string, HostQueue>();
  readonly #running: Promise<void>[] = [];
  begun = 0;
  finished = 0;

  constructor(options: ConversationsOptions) {
    this.#options = options;
  }

  /** Takes over `first` and closes it. It is used when the conversation can begin now, else the port is dialled again. */
  begin(target: SweepTarget, port: number, first?: Connection): void {
    this.begun += 1;
    const host = this.#host(target.address);
    // A connection that waits in a queue holds a place that the conversations before it may need: give it back.
    const isFree =
      host.limit.activeCount < perHostConversations(this.#options.perHost) &&
      this.#wholeRun.activeCount < WHOLE_RUN;
    const usable = isFree ? first : undefined;
    if (usable === undefined) first?.close();
    this.#running.push(
      host
        .limit(() => this.#wholeRun(() => this.#one(host, target, port, usable)))
        .finally(() => {
          this.finished += 1;
        }),
    );
  }

  /** Resolves when every conversation begun so far has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #one(
    host: HostQueue,
    target: SweepTarget,
    port: number,
    first: Connection | undefined,
  ): Promise<void> {
    try {
      // Not written down: the sweep has recorded the open port, and a resumed run must still ask it.
      if (this.#options.signal.aborted) return;
      if (host.spoke === 0 && host.silent >= SILENT_PORTS_BEFORE_GIVING_UP) {
        return this.#record(
          target,
          port,
          unasked('not asked: this host accepts connections on many ports and says nothing'),
        );
      }
      const result = await this.#options.converse(target, port, first);
      if (result.status === 'aborted' && this.#options.signal.aborted) return;
      if (result.protocol === 'unknown') host.silent += 1;
      else host.spoke += 1;
      const kept = fitted(result, roomFor(host.bytes));
      host.bytes += kept.bytes;
      return this.#record(target, port, kept.result);
    } catch (error) {
      // A probe must not throw; should one do so, this one port suffers and says why.
      return this.#record(target, port, unasked(`the probe failed: ${errorText(error)}`));
    } finally {
      first?.close();
    }
  }

  #record(target: SweepTarget, port: number, { protocol, status, facts, evidence, note }: ProbeResult): void {
    const at = this.#options.now().toISOString();
    this.#options.onResult({
      id: `probe/${target.address}/${port}/tcp/${protocol}`,
      source: 'probe',
      vantage: this.#options.vantage,
      observedAt: at,
      collectedAt: at,
      address: target.address,
      port,
      transport: 'tcp',
      status,
      probe: protocol,
      protocol,
      facts,
      evidence: [...evidence],
      ...(note === undefined ? {} : { note }),
    });
  }

  #host(address: string): HostQueue {
    const known = this.#hosts.get(address);
    if (known !== undefined) return known;
    const host = {
      limit: pLimit(perHostConversations(this.#options.perHost)),
      silent: 0,
      spoke: 0,
      bytes: 0,
    };
    this.#hosts.set(address, host);
    return host;
  }
}

/**
 * A conversation holds at most two connections while it waits for one more. With fewer conversations than this many,
 * some conversation can always go on, so the cap of a host cannot make them wait for each other for ever.
 */
function perHostConversations(perHost: number): number {
  return Math.max(1, Math.floor((perHost - 1) / 2));
}

function unasked(note: string): ProbeResult {
  return { protocol: 'unknown', status: 'open', facts: {}, evidence: [], note };
}
