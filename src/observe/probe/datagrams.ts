import { createSocket, type Socket } from 'node:dgram';
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { canonicalAddress } from '../../lib/address.ts';
import type { Evidence } from '../../model/observation.ts';
import type { Guard } from '../../scope/guard.ts';
import type { Budget } from './budget.ts';
import { MAX_REQUEST, type UdpLine } from './question.ts';

export interface DatagramOptions {
  readonly guard: Guard;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  /** Longest wait after each sending, in milliseconds. */
  readonly answerTimeoutMs: number;
}

/** A line with what came of it. */
export interface DatagramLine extends UdpLine {
  /** answered: something came, acceptable or not · closed: ICMP port unreachable · refused-by-scope … */
  readonly outcome: () =>
    | 'answered'
    | 'no-answer'
    | 'closed'
    | 'unreachable'
    | 'refused-by-scope'
    | 'aborted';
  readonly evidence: () => readonly Evidence[];
  /** First datagram received, acceptable or not. */
  readonly firstReceived: () => Uint8Array | undefined;
  close(): void;
}

/** Datagrams taken in for one request; more is a flood. */
const MAX_DATAGRAMS = 32;
const MAX_KEPT = 8 * 1024;

/**
 * The only place that opens UDP sockets. Guard, rate and cap of the host are asked before every datagram, with the very
 * address that it goes to; answers of other addresses are dropped unread.
 */
export class DatagramDialer {
  readonly #options: DatagramOptions;
  /** Datagrams sent. */
  sent = 0;

  /** Called when the run is stopped: one listener for thousands of lines. */
  readonly #whenStopped = new Set<() => void>();

  constructor(options: DatagramOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => {
      for (const stop of this.#whenStopped) stop();
    });
  }

  open(place: DatagramPlace): DatagramLine {
    const whenStopped = this.#whenStopped;
    return new Line({ ...this.#options, ...place, whenStopped, onSent: () => (this.sent += 1) });
  }
}

export interface DatagramPlace {
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  /** Sendings of one request: UDP loses datagrams, and once more is what every client does. */
  readonly tries: number;
  /** The answer may come from another port of the same address. */
  readonly fromAnyPort: boolean;
}

interface LineOptions extends DatagramOptions, DatagramPlace {
  readonly onSent: () => void;
  readonly whenStopped: Set<() => void>;
}

type Outcome = ReturnType<DatagramLine['outcome']>;

class Line implements DatagramLine {
  readonly address: string;
  readonly port: number;
  readonly #options: LineOptions;
  readonly #evidence: Evidence[] = [];
  #socket: Socket | undefined;
  #outcome: Outcome = 'no-answer';
  #first: Uint8Array | undefined;
  #onDatagram: ((received: Uint8Array) => void) | undefined;
  #onFailure: (() => void) | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    this.address = options.address;
    this.port = options.port;
  }

  async exchange<T>(
    request: Uint8Array,
    parse: (received: Uint8Array) => T | undefined,
  ): Promise<T | undefined> {
    if (request.length > MAX_REQUEST)
      throw new RangeError(`a request of ${request.length} bytes is too large`);
    const { budget, address } = this.#options;
    if (this.#isHopeless()) return undefined;
    await budget.acquire(address);
    try {
      return await this.#converse(request, parse);
    } finally {
      this.#onDatagram = undefined;
      this.#onFailure = undefined;
      budget.release(address);
    }
  }

  outcome(): Outcome {
    return this.#outcome;
  }
  evidence(): readonly Evidence[] {
    return this.#evidence;
  }
  firstReceived(): Uint8Array | undefined {
    return this.#first;
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #isHopeless(): boolean {
    return this.#outcome !== 'no-answer' && this.#outcome !== 'answered';
  }

  async #converse<T>(
    request: Uint8Array,
    parse: (received: Uint8Array) => T | undefined,
  ): Promise<T | undefined> {
    const received: Uint8Array[] = [];
    let answer: T | undefined;
    for (
      let tries = 0;
      tries < this.#options.tries && answer === undefined && !this.#isHopeless();
      tries += 1
    ) {
      const socket = await this.#ready();
      if (socket === undefined) break;
      answer = await this.#sendAndWait(socket, request, (datagram) => {
        received.push(datagram);
        return parse(datagram);
      });
      // What answered but is not understood will not be understood the second time.
      if (received.length > 0) break;
    }
    this.#keep(request, received);
    return answer;
  }

  #sendAndWait<T>(
    socket: Socket,
    request: Uint8Array,
    take: (received: Uint8Array) => T | undefined,
  ): Promise<T | undefined> {
    const { whenStopped, answerTimeoutMs } = this.#options;
    return new Promise((resolve) => {
      let count = 0;
      const settle = (value: T | undefined): void => {
        clearTimeout(timer);
        whenStopped.delete(onAbort);
        this.#onDatagram = undefined;
        this.#onFailure = undefined;
        resolve(value);
      };
      const onAbort = (): void => {
        this.#outcome = 'aborted';
        settle(undefined);
      };
      const timer = setTimeout(() => settle(undefined), answerTimeoutMs);
      whenStopped.add(onAbort);
      this.#onFailure = () => settle(undefined);
      this.#onDatagram = (received) => {
        count += 1;
        this.#outcome = 'answered';
        this.#first ??= received;
        const value = take(received);
        if (value !== undefined || count >= MAX_DATAGRAMS) settle(value);
      };
      this.#send(socket, request);
    });
  }

  #send(socket: Socket, request: Uint8Array): void {
    const { address, port, fromAnyPort, onSent } = this.#options;
    onSent();
    const done = (error: Error | null): void => {
      if (error !== null) this.#fail(error);
    };
    if (fromAnyPort) socket.send(request, port, address, done);
    else socket.send(request, done);
  }

  /** A socket past the guard; asked anew for every datagram. */
  async #ready(): Promise<Socket | undefined> {
    const { guard, signal, address, port, fromAnyPort } = this.#options;
    if (signal.aborted) {
      this.#outcome = 'aborted';
      return undefined;
    }
    const verdict = guard.check(address);
    if (!verdict.allowed) {
      this.#outcome = 'refused-by-scope';
      return undefined;
    }
    if (this.#socket !== undefined) return this.#socket;
    const socket = createSocket({
      type: verdict.address.includes(':') ? 'udp6' : 'udp4',
      lookup: addressOnly,
    });
    this.#socket = socket;
    socket.on('error', (error) => this.#fail(error));
    socket.on('message', (message, from) => {
      if (canonicalAddress(from.address) !== verdict.address) return;
      if (!fromAnyPort && from.port !== port) return;
      this.#onDatagram?.(message);
    });
    if (!fromAnyPort) await this.#connect(socket, verdict.address, port);
    return this.#isHopeless() ? undefined : socket;
  }

  /** A connected socket hears ICMP port unreachable, and nobody but its peer. */
  #connect(socket: Socket, address: string, port: number): Promise<void> {
    return new Promise((resolve) => {
      socket.once('connect', resolve);
      // Binding comes first, and its failure is told by the event alone.
      socket.once('error', () => resolve());
      try {
        socket.connect(port, address, (error?: Error) => {
          if (error !== undefined && error !== null) this.#fail(error);
          resolve();
        });
      } catch (error) {
        this.#fail(error as Error);
        resolve();
      }
    });
  }

  #fail(error: NodeJS.ErrnoException): void {
    // After an answer it says nothing new: the server may close its port between two requests.
    if (this.#outcome === 'no-answer') this.#outcome = OUTCOME_OF.get(error.code ?? '') ?? 'aborted';
    this.#onFailure?.();
  }

  #keep(request: Uint8Array, received: readonly Uint8Array[]): void {
    if (received.length === 0) return;
    const all = Buffer.concat(received);
    this.#evidence.push({
      label: this.#options.protocol,
      sent: Buffer.from(request).toString('base64'),
      received: all.subarray(0, MAX_KEPT).toString('base64'),
      receivedBytes: all.length,
      sha256: createHash('sha256').update(all).digest('hex'),
      truncated: all.length > MAX_KEPT,
    });
  }
}

/** Sockets get addresses, their own and the target's; should one ever ask for a name, it gets an error instead of a look-up. */
function addressOnly(
  host: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  const family = isIP(host);
  callback(family === 0 ? new Error(`refusing to resolve ${host} at the socket`) : null, host, family);
}

const OUTCOME_OF: ReadonlyMap<string, Outcome> = new Map([
  ['ECONNREFUSED', 'closed'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EACCES', 'unreachable'],
  ['EPERM', 'unreachable'],
]);
