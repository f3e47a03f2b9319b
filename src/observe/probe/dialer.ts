import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { canonicalAddress } from '../../lib/address.ts';
import { errorText } from '../../lib/app-error.ts';
import type { ObservationStatus } from '../../model/observation.ts';
import type { Guard } from '../../scope/guard.ts';
import { Budget, type BudgetLimits } from './budget.ts';
import { DialError, type Connection } from './connection.ts';
import { DEFAULT_BYTE_CAPS, TcpConnection, type ByteCaps } from './tcp-connection.ts';

interface FailedAttempt {
  readonly status: Exclude<ObservationStatus, 'open'>;
  readonly rttMs: number;
  readonly message: string;
  /** Our own system ran out of sockets or ports; worth another try. */
  readonly exhausted?: boolean;
}

/** How one attempt to connect ended. */
export type Attempt =
  | { readonly status: 'open'; readonly connection: Connection; readonly rttMs: number }
  | FailedAttempt;

interface Waiter {
  readonly since: number;
  readonly patience: Patience;
  readonly expire: (attempt: FailedAttempt) => void;
}

export interface DialerOptions {
  readonly guard: Guard;
  readonly limits: BudgetLimits;
  readonly signal: AbortSignal;
  readonly caps?: ByteCaps;
}

/** A look into the future of one attempt: the dialer asks again and again whether it has waited long enough. */
export type Patience = number | (() => number);

const SWEEP_MS = 10;
/** Tries of one attempt while our own system is out of sockets; each failure makes the budget smaller. */
const MAX_TRIES = 8;

/**
 * The only place in the program that opens sockets to the organisation. Guard, rate, caps and timeouts sit here, so no
 * probe can forget them.
 */
export class Dialer {
  readonly #guard: Guard;
  readonly #signal: AbortSignal;
  readonly #caps: ByteCaps;
  readonly #budget: Budget;
  readonly #waiting = new Set<Waiter>();
  #sweeper: NodeJS.Timeout | undefined;
  /** SYNs that were sent, that is sockets asked of the system. */
  attempts = 0;

  constructor({ guard, limits, signal, caps = DEFAULT_BYTE_CAPS }: DialerOptions) {
    this.#guard = guard;
    this.#signal = signal;
    this.#caps = caps;
    this.#budget = new Budget(limits);
  }

  get highestPerHost(): number {
    return this.#budget.highestPerHost;
  }

  /** @throws DialError when no connection came about. */
  async dial(address: string, port: number, patience: Patience): Promise<Connection> {
    const attempt = await this.attempt(address, port, patience);
    if (attempt.status === 'open') return attempt.connection;
    throw new DialError(attempt.status, attempt.message);
  }

  /** One attempt to connect, after waiting for its turn. Never throws. */
  async attempt(address: string, port: number, patience: Patience): Promise<Attempt> {
    for (let tries = 1; ; tries += 1) {
      const attempt = await this.#attemptOnce(address, port, patience);
      if (attempt.status === 'open' || attempt.exhausted !== true || tries === MAX_TRIES) return attempt;
    }
  }

  async #attemptOnce(address: string, port: number, patience: Patience): Promise<Attempt> {
    if (this.#signal.aborted) return failed('aborted', 0, 'the run was stopped');
    await this.#budget.acquire(address);
    if (this.#signal.aborted) {
      this.#budget.release(address);
      return failed('aborted', 0, 'the run was stopped');
    }
    // Asked here, after the wait and with the address that the socket gets: nothing lies between the answer and the SYN.
    const verdict = this.#guard.check(address);
    if (!verdict.allowed) {
      this.#budget.release(address);
      return failed('refused-by-scope', 0, verdict.sentence);
    }
    return this.#open(verdict.address, address, port, patience);
  }

  /**
   * Addresses of a host name, when the guard allows every one of them; the caller connects to these very addresses, so
   * a second, different answer of the name server cannot matter.
   *
   * @returns the addresses, or the reason why not.
   */
  async resolve(
    host: string,
  ): Promise<{ readonly addresses: readonly string[] } | { readonly refusal: string }> {
    const name = host.replace(/^\[|\]$/g, '');
    const addresses = isIP(name) === 0 ? await lookUp(name) : [canonicalAddress(name)];
    if (addresses.length === 0) return { refusal: `${name} could not be resolved` };
    for (const address of addresses) {
      const verdict = this.#guard.check(address);
      if (!verdict.allowed) return { refusal: verdict.sentence };
    }
    return { addresses };
  }

  /**
   * Connection to a host name or address in scope: to the very address that was checked.
   *
   * @throws DialError refused-by-scope, or why no connection came about
   */
  async dialName(host: string, port: number, patience: Patience): Promise<Connection> {
    const resolved = await this.resolve(host);
    if ('refusal' in resolved) throw new DialError('refused-by-scope', resolved.refusal);
    return this.dial(resolved.addresses[0] ?? '', port, patience);
  }

  #open(target: string, host: string, port: number, patience: Patience): Promise<Attempt> {
    this.attempts += 1;
    return new Promise((resolve) => {
      const since = performance.now();
      const elapsed = (): number => performance.now() - since;
      const socket = connect({ host: target, port, lookup: refuseLookup, autoSelectFamily: false });
      const settle = (): void => {
        this.#waiting.delete(waiter);
        socket.off('connect', onConnect);
        socket.off('error', onError);
      };
      const fail = (attempt: FailedAttempt): void => {
        settle();
        socket.on('error', ignore);
        socket.destroy();
        this.#budget.release(host);
        resolve(attempt);
      };
      const onConnect = (): void => {
        const remote = socket.remoteAddress ?? '';
        // Without one the peer has reset already: nothing can be sent there any more.
        if (remote !== '' && canonicalAddress(remote) !== target) {
          fail(failed('refused-by-scope', elapsed(), `connected to ${remote} instead of ${target}`));
          return;
        }
        settle();
        resolve(this.#opened(socket, { address: target, port, rttMs: elapsed() }, host));
      };
      const onError = (error: NodeJS.ErrnoException): void => {
        // A reset of a connection that stood (a refusal is ECONNREFUSED): both came before we looked. The port is open.
        if (error.code === 'ECONNRESET') {
          settle();
          resolve(this.#opened(socket, { address: target, port, rttMs: elapsed() }, host));
          return;
        }
        const exhausted = OUT_OF_SOCKETS.has(error.code ?? '');
        if (exhausted) this.#budget.shrink();
        fail({
          ...failed(STATUS_OF.get(error.code ?? '') ?? 'aborted', elapsed(), errorText(error)),
          exhausted,
        });
      };
      const waiter: Waiter = { since, patience, expire: fail };
      socket.once('connect', onConnect);
      socket.once('error', onError);
      this.#watch(waiter);
    });
  }

  #opened(socket: Socket, place: { address: string; port: number; rttMs: number }, host: string): Attempt {
    socket.setNoDelay(true);
    const release = (): void => this.#budget.release(host);
    const connection = new TcpConnection(socket, place, this.#caps, () => {
      // The place is free when the peer has been told: else the next connection overtakes the end of this one.
      if (socket.closed) release();
      else socket.once('close', release);
    });
    return { status: 'open', connection, rttMs: place.rttMs };
  }

  /** One timer for all attempts: thousands of them would cost more than the connections themselves. */
  #watch(waiter: Waiter): void {
    this.#waiting.add(waiter);
    if (this.#sweeper !== undefined) return;
    this.#sweeper = setTimeout(() => {
      // After the poll phase: answers that waited in the kernel while we were busy are heard before anyone is given up.
      setImmediate(() => this.#sweep());
    }, SWEEP_MS);
  }

  #sweep(): void {
    this.#sweeper = undefined;
    const now = performance.now();
    for (const { since, patience, expire } of this.#waiting) {
      const waited = now - since;
      if (this.#signal.aborted) expire(failed('aborted', waited, 'the run was stopped'));
      else if (waited >= (typeof patience === 'number' ? patience : patience())) {
        expire(failed('no-answer', waited, 'no answer in time'));
      }
    }
    const [next] = this.#waiting;
    if (next !== undefined) this.#watch(next);
  }
}

async function lookUp(name: string): Promise<string[]> {
  try {
    const found = await lookup(name, { all: true, verbatim: true });
    return [...new Set(found.map(({ address }) => canonicalAddress(address)))];
  } catch {
    return [];
  }
}

/** The socket gets an address; should it ever ask for a name, it gets an error instead of a look-up. */
function refuseLookup(
  host: string,
  _options: unknown,
  callback: (error: Error, address: string, family: number) => void,
): void {
  callback(new Error(`refusing to resolve ${host} at the socket`), '', 4);
}

function ignore(): void {
  // A late reset of a socket that has been given up.
}

function failed(status: FailedAttempt['status'], rttMs: number, message: string): FailedAttempt {
  return { status, rttMs, message };
}

/** Errors not listed here mean that we could not look, which says nothing about the other side. */
const STATUS_OF: ReadonlyMap<string, FailedAttempt['status']> = new Map([
  ['ECONNREFUSED', 'closed'],
  ['ETIMEDOUT', 'no-answer'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EACCES', 'unreachable'],
  ['EPERM', 'unreachable'],
]);

const OUT_OF_SOCKETS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL']);
