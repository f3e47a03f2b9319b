/**
 * How many connections may be begun and held: a whole-run rate, a cap for one host and a cap for the run. Waiters are
 * served in the order in which they came, except that one who waits for a busy host does not hold up the others.
 */
export interface BudgetLimits {
  /** New connections per second. */
  readonly rate: number;
  /** Held at once to one host. */
  readonly perHost: number;
  /** Held at once in the whole run. */
  readonly total: number;
}

interface HostState {
  held: number;
  readonly waiting: (() => void)[];
}

/** Tokens that pile up while nobody asks: at most this long, so that a pause is not followed by a burst. */
const BURST_SECONDS = 0.02;
const TICK_MS = 2;

export class Budget {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  readonly #hosts = new Map<string, HostState>();
  /** Hosts with someone waiting and a free place, in turn. */
  readonly #ready: string[] = [];
  readonly #readySet = new Set<string>();
  #readyHead = 0;
  #held = 0;
  #limit: number;
  #tokens: number;
  #filledAt: number;
  #timer: NodeJS.Timeout | undefined;
  /** Most connections that were ever held to one host at once. */
  highestPerHost = 0;

  constructor(limits: BudgetLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#limit = limits.total;
    this.#now = now;
    this.#tokens = 1;
    this.#filledAt = now();
  }

  /** Waits for a place; every `acquire` must be followed by one `release` of the same host. */
  acquire(host: string): Promise<void> {
    return new Promise((resolve) => {
      const state = this.#hosts.get(host) ?? { held: 0, waiting: [] };
      this.#hosts.set(host, state);
      state.waiting.push(resolve);
      this.#offer(host, state);
      this.#pump();
    });
  }

  release(host: string): void {
    const state = this.#hosts.get(host);
    if (state === undefined) return;
    state.held -= 1;
    this.#held -= 1;
    if (state.waiting.length > 0) this.#offer(host, state);
    else if (state.held === 0) this.#hosts.delete(host);
    this.#schedule();
  }

  /** The system ran out of sockets: go on with fewer. */
  shrink(): void {
    this.#limit = Math.max(16, Math.floor(Math.min(this.#limit, this.#held) * 0.8));
  }

  #offer(host: string, state: HostState): void {
    if (state.held >= this.#limits.perHost || this.#readySet.has(host)) return;
    this.#readySet.add(host);
    this.#ready.push(host);
  }

  #pump(): void {
    this.#refill();
    while (this.#tokens >= 1 && this.#held < this.#limit && this.#readyHead < this.#ready.length) {
      const host = this.#ready[this.#readyHead] ?? '';
      this.#readyHead += 1;
      this.#readySet.delete(host);
      const state = this.#hosts.get(host);
      const resolve = state?.waiting.shift();
      if (state === undefined || resolve === undefined) continue;
      state.held += 1;
      this.#held += 1;
      this.#tokens -= 1;
      this.highestPerHost = Math.max(this.highestPerHost, state.held);
      if (state.waiting.length > 0) this.#offer(host, state);
      resolve();
    }
    this.#compact();
    this.#schedule();
  }

  #schedule(): void {
    const isWorkLeft = this.#readyHead < this.#ready.length && this.#held < this.#limit;
    if (!isWorkLeft || this.#timer !== undefined) return;
    const wait = Math.max(TICK_MS, ((1 - this.#tokens) / this.#limits.rate) * 1000);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, wait);
  }

  #refill(): void {
    const at = this.#now();
    const elapsed = (at - this.#filledAt) / 1000;
    this.#filledAt = at;
    // A tick that came late gives what it owes: the burst limit is for idle times, hence never below one late tick.
    const most = Math.max(1, this.#limits.rate * BURST_SECONDS, this.#limits.rate * Math.min(elapsed, 0.1));
    this.#tokens = Math.min(most, this.#tokens + elapsed * this.#limits.rate);
  }

  #compact(): void {
    if (this.#readyHead < 4096) return;
    this.#ready.splice(0, this.#readyHead);
    this.#readyHead = 0;
  }
}
