import { drain } from '../../lib/drain.ts';
import type { SweepResult } from '../../model/observation.ts';
import type { Connection } from './connection.ts';
import type { Attempt, Dialer } from './dialer.ts';
import { RoundTrips } from './round-trip.ts';
import type { SweepTarget } from './sweep-plan.ts';

/** States of one place (address × port); 0 = not looked at. */
const STATE = {
  open: 1,
  closed: 2,
  'no-answer': 3,
  unreachable: 4,
  /** Asked by another tool, which heard nothing or a refusal. */
  dark: 5,
  'refused-by-scope': 6,
  other: 7,
} as const;

/** The place was really looked at: an attempt that was stopped or refused is no look, and a resumed run makes it again. */
function isLooked(state: number | undefined): boolean {
  return state !== undefined && state >= STATE.open && state <= STATE.dark;
}

/** More places than this would not fit a sensible run or its memory. */
export const MOST_PLACES = 100_000_000;

export interface DiscoveryOptions {
  readonly dialer: Dialer;
  readonly targets: readonly SweepTarget[];
  /** In the order in which they are tried. */
  readonly ports: readonly number[];
  readonly connectTimeoutMs: number;
  /** Attempts begun but not ended, waiting for their turn included. */
  readonly outstanding: number;
  /** Places in the sweep's order that an earlier, killed run has finished, and what it found there. */
  readonly resumeAt: number;
  readonly earlier: readonly SweepResult[];
  /** Places that another tool has asked in vain: they count as looked at and are not asked again. */
  readonly isDark?: ((address: string, port: number) => boolean) | undefined;
  readonly signal: AbortSignal;
  /** Takes over the open connection and must close it. */
  readonly onOpen: (target: SweepTarget, port: number, connection: Connection) => void;
  /** Called now and then with what has changed: answers, and how many places from the start of the order are done. */
  readonly onProgress: (results: readonly SweepResult[], watermark: number, total: number) => void;
}

export interface DiscoveryOutcome {
  readonly total: number;
  readonly looked: number;
  /** Address → ports by state, for hosts that answered at all. */
  readonly responding: ReadonlyMap<
    string,
    { readonly open: readonly number[]; readonly closed: readonly number[] }
  >;
  readonly unfinished: ReadonlyMap<string, readonly number[]>;
  /** Places looked at that a router, or our own machine, called unreachable. */
  readonly unreachable: number;
  /** Answers that came only to the second try: packets are being lost. */
  readonly lost: number;
}

const PROGRESS_EVERY_MS = 250;

/** Milliseconds to wait for an answer from a site. */
type Patience = (siteId: string) => number;

/**
 * TCP connect discovery, one port after the other over all hosts: a host sees a new connection only every
 * hosts ÷ rate seconds, and a few dark hosts never hold up the others.
 */
export async function discover(options: DiscoveryOptions): Promise<DiscoveryOutcome> {
  const sweep = new Sweep(options);
  await sweep.firstLook();
  await sweep.secondLook();
  return sweep.outcome();
}

class Sweep {
  readonly #options: DiscoveryOptions;
  readonly #hosts: number;
  readonly #total: number;
  readonly #states: Uint8Array;
  readonly #roundTrips: RoundTrips;
  #changed = new Map<number, number[]>();
  #watermark: number;
  #lost = 0;
  #reportedAt = 0;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#hosts = options.targets.length;
    this.#total = this.#hosts * options.ports.length;
    this.#states = new Uint8Array(this.#total);
    this.#roundTrips = new RoundTrips(options.connectTimeoutMs);
    this.#watermark = Math.min(options.resumeAt, this.#total);
    this.#restore();
    this.#passOver();
  }

  async firstLook(): Promise<void> {
    const isAsked = (place: number): boolean => this.#states[place] !== STATE.dark;
    await this.#run(this.#watermark, this.#total, isAsked, this.#learntPatience);
    this.#report(true);
  }

  /**
   * One SYN can get lost. Silent ports of hosts that do answer are asked once more with the full patience, which
   * includes the system's own repetition after one second. Only when that shows that packets are lost here, or when
   * nothing answered at all and loss cannot be judged, is every silent place asked again.
   */
  async secondLook(): Promise<void> {
    const full = (): number => this.#options.connectTimeoutMs;
    const answered = this.#answeredHosts();
    const isSilent = (place: number): boolean => this.#states[place] === STATE['no-answer'];
    if (answered.size > 0) {
      await this.#run(0, this.#total, (place) => isSilent(place) && answered.has(place % this.#hosts), full);
    }
    if (this.#lost > 0 || answered.size === 0) {
      await this.#run(0, this.#total, (place) => isSilent(place) && !answered.has(place % this.#hosts), full);
    }
    this.#report(true);
    this.#reportSilence(answered);
  }

  outcome(): DiscoveryOutcome {
    const responding = new Map<string, { open: number[]; closed: number[] }>();
    const unfinished = new Map<string, number[]>();
    let looked = 0;
    let unreachable = 0;
    for (let place = 0; place < this.#total; place += 1) {
      const state = this.#states[place];
      const { target, port } = this.#placeOf(place);
      if (state === STATE.open || state === STATE.closed) {
        const host = responding.get(target.address) ?? { open: [], closed: [] };
        (state === STATE.open ? host.open : host.closed).push(port);
        responding.set(target.address, host);
      }
      if (state === STATE.unreachable) unreachable += 1;
      if (!isLooked(state)) {
        unfinished.set(target.address, [...(unfinished.get(target.address) ?? []), port]);
      } else looked += 1;
    }
    return { total: this.#total, looked, responding, unfinished, unreachable, lost: this.#lost };
  }

  /** Looks at the places begin..end that are wanted, at most `outstanding` at a time. */
  #run(begin: number, end: number, wanted: (place: number) => boolean, patience: Patience): Promise<void> {
    return drain(
      this.#places(begin, end, wanted),
      Math.min(this.#options.outstanding, end - begin),
      (place) => this.#look(place, patience),
    );
  }

  *#places(begin: number, end: number, wanted: (place: number) => boolean): Generator<number> {
    for (let place = begin; place < end && !this.#options.signal.aborted; place += 1) {
      if (wanted(place)) yield place;
    }
  }

  async #look(place: number, patience: Patience): Promise<void> {
    const { target, port } = this.#placeOf(place);
    const attempt = await this.#options.dialer.attempt(target.address, port, () => patience(target.siteId));
    this.#note(place, target, attempt);
    if (attempt.status === 'open') this.#options.onOpen(target, port, attempt.connection);
    this.#report(false);
  }

  #note(place: number, target: SweepTarget, { status, rttMs }: Attempt): void {
    const isAnswer = status === 'open' || status === 'closed';
    const before = this.#states[place];
    if (before === STATE['no-answer']) {
      if (isAnswer) this.#lost += 1;
      // A second look that was stopped does not undo the first.
      else if (status !== 'unreachable') return;
    }
    if (isAnswer) this.#roundTrips.sample(target.siteId, target.address, rttMs);
    this.#states[place] = status in STATE ? STATE[status as keyof typeof STATE] : STATE.other;
    const host = place % this.#hosts;
    this.#changed.set(host, [...(this.#changed.get(host) ?? []), place]);
    this.#raiseWatermark();
  }

  #raiseWatermark(): void {
    while (this.#watermark < this.#total && isLooked(this.#states[this.#watermark])) this.#watermark += 1;
  }

  readonly #learntPatience: Patience = (siteId) => this.#roundTrips.patience(siteId);

  #placeOf(place: number): { target: SweepTarget; port: number } {
    const target = this.#options.targets[place % this.#hosts];
    const port = this.#options.ports[Math.floor(place / this.#hosts)];
    if (target === undefined || port === undefined) throw new RangeError(`no place ${place} in the sweep`);
    return { target, port };
  }

  #answeredHosts(): Set<number> {
    const answered = new Set<number>();
    for (let place = 0; place < this.#total; place += 1) {
      const state = this.#states[place];
      if (state === STATE.open || state === STATE.closed) answered.add(place % this.#hosts);
    }
    return answered;
  }

  #report(isFinal: boolean): void {
    const now = performance.now();
    if (!isFinal && now - this.#reportedAt < PROGRESS_EVERY_MS) return;
    this.#reportedAt = now;
    const changed = this.#changed;
    this.#changed = new Map();
    const results: SweepResult[] = [];
    for (const [host, places] of changed) {
      const byState = (state: number): number[] =>
        places.filter((place) => this.#states[place] === state).map((place) => this.#placeOf(place).port);
      const result = {
        address: this.#options.targets[host]?.address ?? '',
        open: byState(STATE.open),
        closed: byState(STATE.closed),
        noAnswer: [],
        unreachable: byState(STATE.unreachable),
      };
      if (result.open.length + result.closed.length + result.unreachable.length > 0) results.push(result);
    }
    this.#options.onProgress(results, this.#watermark, this.#total);
  }

  /** Silent ports of hosts that do answer: without them such a host would look as if every port of it were open. */
  #reportSilence(answered: ReadonlySet<number>): void {
    const silent = new Map<string, number[]>();
    for (let place = 0; place < this.#total; place += 1) {
      const state = this.#states[place];
      const isSilent = state === STATE['no-answer'] || state === STATE.dark;
      if (!isSilent || !answered.has(place % this.#hosts)) continue;
      const { target, port } = this.#placeOf(place);
      const ports = silent.get(target.address) ?? [];
      ports.push(port);
      silent.set(target.address, ports);
    }
    if (silent.size === 0) return;
    const results = [...silent].map(([address, noAnswer]) => ({
      address,
      open: [],
      closed: [],
      noAnswer,
      unreachable: [],
    }));
    this.#options.onProgress(results, this.#watermark, this.#total);
  }

  #passOver(): void {
    const { isDark } = this.#options;
    if (isDark === undefined) return;
    for (let place = this.#watermark; place < this.#total; place += 1) {
      const { target, port } = this.#placeOf(place);
      if (!isLooked(this.#states[place]) && isDark(target.address, port)) this.#states[place] = STATE.dark;
    }
    this.#raiseWatermark();
  }

  /** Fills in what an earlier attempt at this run found; silent places below its watermark count as looked at. */
  #restore(): void {
    this.#states.fill(STATE['no-answer'], 0, this.#watermark);
    const hostOf = new Map(this.#options.targets.map(({ address }, index) => [address, index]));
    const roundOf = new Map(this.#options.ports.map((port, index) => [port, index]));
    for (const result of this.#options.earlier) {
      const host = hostOf.get(result.address);
      if (host === undefined) continue;
      for (const [ports, state] of [
        [result.open, STATE.open],
        [result.closed, STATE.closed],
        [result.unreachable, STATE.unreachable],
      ] as const) {
        for (const port of ports) {
          const round = roundOf.get(port);
          if (round !== undefined) this.#states[round * this.#hosts + host] = state;
        }
      }
    }
  }
}
