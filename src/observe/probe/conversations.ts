import pLimit from 'p-limit';
import { errorText } from '../../lib/app-error.ts';
import type { Observation } from '../../model/observation.ts';
import type { Connection } from './connection.ts';
import { fitted, roomFor } from './fit.ts';
import type { ProbeResult } from './probe.ts';
import type { SweepTarget } from './sweep-plan.ts';

/** Conversations going on at once in the whole run: enough to hide waiting, few enough for one processor. */
const WHOLE_RUN = 96;
/** A host on which this many open ports said nothing, and none anything, is not asked more before the sweep has ended. */
const SILENT_PORTS_BEFORE_DOUBT = 4;
/** A host on which this many open ports said nothing, and none anything, is not asked more at all. */
const SILENT_PORTS_BEFORE_GIVING_UP = 12;
/** Below this many ports looked at, "nearly all open" may be chance. */
const ENOUGH_PORTS = 20;
const NEARLY_ALL = 0.8;
const TOO_MANY_PORTS = 50;
/** Of a host that accepts every port these are asked, quickly: where something real would stand, were there anything. */
const TELLING_PORTS: ReadonlySet<number> = new Set([22, 80, 443, 445, 3389, 5900, 8443, 10_443]);
const MOST_EXTRA_LOOKS = 12;
/** Second looks at one host: a host with more ports that nobody understands is not one of services. */
const MOST_SECOND_LOOKS = 12;

export interface ConversationsOptions {
  readonly perHost: number;
  /** The first look at a port. `isQuick`: nothing real is expected; waits are short. */
  readonly converse: (
    target: SweepTarget,
    port: number,
    first: Connection | undefined,
    isQuick: boolean,
  ) => Promise<ProbeResult>;
  /** The second look; gives `before` when there is nothing more to learn. */
  readonly lookAgain: (target: SweepTarget, port: number, before: ProbeResult) => Promise<ProbeResult>;
  /** In the order of the sweep, which asks every host one after the other. */
  readonly ports: readonly number[];
  readonly now: () => Date;
  readonly vantage: string;
  readonly onResult: (observation: Observation) => void;
  readonly signal: AbortSignal;
}

interface HostQueue {
  readonly limit: ReturnType<typeof pLimit>;
  /** Ports that accepted a connection. */
  open: number;
  /** Ports that the sweep has asked at least. */
  swept: number;
  /** First looks that have not ended yet. */
  pending: number;
  silent: number;
  spoke: number;
  secondLooks: number;
  /** Ports asked of a host that accepts everything, beyond the telling ones. */
  extraLooks: number;
  /** Left behind so far by its conversations, as `fitted` counts. */
  bytes: number;
  /** Called when no first look is pending. */
  readonly whenIdle: (() => void)[];
  /** Called when enough ports are open to tell whether all are. */
  readonly whenManyOpen: (() => void)[];
}

/**
 * Runs the conversations with open ports: spread over hosts, a few at a time on one host. A port that nobody understood
 * is looked at a second time, when the sweep is over and it is known whether its host accepts just everything.
 */
export class Conversations {
  readonly #options: ConversationsOptions;
  readonly #wholeRun = pLimit(WHOLE_RUN);
  readonly #hosts = new Map<string, HostQueue>();
  readonly #running: Promise<void>[] = [];
  readonly #sweepEnded: Promise<void>;
  #endSweep: () => void = () => undefined;
  /** Port → its place in the order of the sweep. */
  readonly #order: ReadonlyMap<number, number>;
  begun = 0;
  finished = 0;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#order = new Map(options.ports.map((port, index) => [port, index]));
    this.#sweepEnded = new Promise((resolve) => {
      this.#endSweep = resolve;
    });
  }

  /** Takes over `first` and closes it. It is used when the conversation can begin now, else the port is dialled again. */
  begin(target: SweepTarget, port: number, first?: Connection): void {
    this.begun += 1;
    const host = this.#host(target.address);
    host.pending += 1;
    host.open += 1;
    host.swept = Math.max(host.swept, (this.#order.get(port) ?? 0) + 1);
    if (host.open >= ENOUGH_PORTS) for (const wake of host.whenManyOpen.splice(0)) wake();
    // A connection that waits in a queue holds a place that the conversations before it may need: give it back.
    const isFree =
      host.limit.activeCount < perHostConversations(this.#options.perHost) &&
      this.#wholeRun.activeCount < WHOLE_RUN &&
      !isDoubtful(host);
    const usable = isFree ? first : undefined;
    if (usable === undefined) first?.close();
    this.#running.push(
      this.#both(host, target, port, usable).finally(() => {
        this.finished += 1;
      }),
    );
  }

  /** No more ports will come. Resolves when every conversation has ended. */
  async ended(): Promise<void> {
    for (const host of this.#hosts.values()) host.swept = this.#options.ports.length;
    this.#endSweep();
    await Promise.all(this.#running);
  }

  /** Both looks at one port. */
  async #both(
    host: HostQueue,
    target: SweepTarget,
    port: number,
    first: Connection | undefined,
  ): Promise<void> {
    const result = await host
      .limit(() => this.#firstLook(host, target, port, first))
      .finally(() => settle(host));
    if (result === undefined) return;
    const again = await this.#secondLook(host, target, port, result);
    const kept = fitted(again, roomFor(host.bytes));
    host.bytes += kept.bytes;
    this.#record(target, port, kept.result);
  }

  /** @returns undefined when the run was stopped: not written down, so that a resumed run asks again. */
  async #firstLook(
    host: HostQueue,
    target: SweepTarget,
    port: number,
    first: Connection | undefined,
  ): Promise<ProbeResult | undefined> {
    try {
      if (isDoubtful(host)) await Promise.race([this.#sweepEnded, manyOpen(host)]);
      if (this.#options.signal.aborted) return undefined;
      if (isMute(host))
        return unasked('not asked: this host accepts connections on many ports and says nothing');
      const isFacade = acceptsEverything(host);
      if (isFacade && !isWorthAsking(host, port))
        return unasked('not asked: this host accepts connections on nearly every port');
      const result = await this.#wholeRun(() => this.#options.converse(target, port, first, isFacade));
      if (result.status === 'aborted' && this.#options.signal.aborted) return undefined;
      // A page that is shown at any path says no more than silence: nothing of its own stands there.
      if (result.protocol === 'unknown' || result.facts.http?.catchAll === true) host.silent += 1;
      else host.spoke += 1;
      return result;
    } catch (error) {
      // A probe must not throw; should one do so, this one port suffers and says why.
      return unasked(`the probe failed: ${errorText(error)}`);
    } finally {
      first?.close();
    }
  }

  async #secondLook(
    host: HostQueue,
    target: SweepTarget,
    port: number,
    before: ProbeResult,
  ): Promise<ProbeResult> {
    if (before.protocol !== 'unknown' && before.protocol !== 'tls') return before;
    if (acceptsEverything(host) || isMute(host)) return before;
    await this.#sweepEnded;
    await idle(host);
    const isFacade = acceptsEverything(host) || isMute(host);
    if (isFacade || host.secondLooks >= MOST_SECOND_LOOKS || this.#options.signal.aborted) return before;
    host.secondLooks += 1;
    try {
      return await host.limit(() => this.#wholeRun(() => this.#options.lookAgain(target, port, before)));
    } catch (error) {
      return { ...before, note: `the second look failed: ${errorText(error)}` };
    }
  }

  #record(target: SweepTarget, port: number, result: ProbeResult): void {
    const { now, vantage, onResult } = this.#options;
    onResult(observationOf({ target, port, transport: 'tcp', result }, now(), vantage));
  }

  #host(address: string): HostQueue {
    const known = this.#hosts.get(address);
    if (known !== undefined) return known;
    const host: HostQueue = {
      limit: pLimit(perHostConversations(this.#options.perHost)),
      open: 0,
      swept: 0,
      pending: 0,
      silent: 0,
      spoke: 0,
      secondLooks: 0,
      extraLooks: 0,
      bytes: 0,
      whenIdle: [],
      whenManyOpen: [],
    };
    this.#hosts.set(address, host);
    return host;
  }
}

/** What goes into the journal of one look. */
export function observationOf(
  look: {
    readonly target: SweepTarget;
    readonly port: number;
    readonly transport: 'tcp' | 'udp';
    readonly result: ProbeResult;
  },
  now: Date,
  vantage: string,
): Observation {
  const { target, port, transport } = look;
  const { protocol, status, facts, evidence, note } = look.result;
  const at = now.toISOString();
  return {
    id: `probe/${target.address}/${port}/${transport}/${protocol}`,
    source: 'probe',
    vantage,
    observedAt: at,
    collectedAt: at,
    address: target.address,
    port,
    transport,
    status,
    probe: protocol,
    protocol,
    facts,
    evidence: [...evidence],
    ...(note === undefined ? {} : { note }),
  };
}

/** So many silent ports and not a word: asking the rest would learn no more. */
function isMute({ spoke, silent }: HostQueue): boolean {
  return spoke === 0 && silent >= SILENT_PORTS_BEFORE_GIVING_UP;
}

/** Several ports accepted and said nothing, none said anything: it may be a host that accepts everything. */
function isDoubtful({ spoke, silent }: HostQueue): boolean {
  return spoke === 0 && silent >= SILENT_PORTS_BEFORE_DOUBT;
}

function settle(host: HostQueue): void {
  host.pending -= 1;
  if (host.pending === 0) for (const wake of host.whenIdle.splice(0)) wake();
}

/** A SYN proxy, a tarpit or a trap, not a host of services (`identify/oddities.ts` says the same of the results). */
function acceptsEverything({ open, swept, spoke, silent }: HostQueue): boolean {
  if (swept < ENOUGH_PORTS || open <= NEARLY_ALL * swept) return false;
  // Somebody may ask for just the ports that he knows to be open, and then most of them speak; but not for so many.
  return open >= TOO_MANY_PORTS || (silent >= SILENT_PORTS_BEFORE_DOUBT && spoke <= silent);
}

function manyOpen(host: HostQueue): Promise<void> {
  return host.open >= ENOUGH_PORTS
    ? Promise.resolve()
    : new Promise((resolve) => {
        host.whenManyOpen.push(resolve);
      });
}

/** Of a host that accepts everything: the telling ports, and when one of those speaks, some more. */
function isWorthAsking(host: HostQueue, port: number): boolean {
  if (TELLING_PORTS.has(port)) return true;
  if (host.spoke === 0 || host.extraLooks >= MOST_EXTRA_LOOKS) return false;
  host.extraLooks += 1;
  return true;
}

/** Second looks wait until the first ones of their host are through: those are likelier to find something. */
function idle(host: HostQueue): Promise<void> {
  return host.pending === 0
    ? Promise.resolve()
    : new Promise((resolve) => {
        host.whenIdle.push(resolve);
      });
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
