import type { ConnectionOptions } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { Evidence } from '../../../model/observation.ts';
import type { Connection, ReadResult, TlsConnection } from '../connection.ts';

/**
 * A connection whose next reads see `received` before anything new. Who listened for a greeting to tell the protocol
 * hands the connection on with it, so that every conversation reads from the first byte of the server.
 */
export function receivedFirst(connection: Connection, received: Uint8Array): Connection {
  return received.length === 0 ? connection : new ReceivedFirst(connection, received);
}

/** A connection that is another one, but for what a subclass adds. */
class Passed implements Connection {
  readonly #inner: Connection;

  constructor(inner: Connection) {
    this.#inner = inner;
  }

  get address(): string {
    return this.#inner.address;
  }
  get port(): number {
    return this.#inner.port;
  }
  get rttMs(): number {
    return this.#inner.rttMs;
  }

  get isDripping(): boolean {
    return this.#inner.isDripping;
  }

  write(bytes: Uint8Array): void {
    this.#inner.write(bytes);
  }

  read(enough: (received: Uint8Array) => boolean | number, timeoutMs: number): Promise<ReadResult> {
    return this.#inner.read(enough, timeoutMs);
  }
  startTls(options: ConnectionOptions, timeoutMs: number): Promise<TlsConnection> {
    return this.#inner.startTls(options, timeoutMs);
  }
  stream(): Duplex {
    return this.#inner.stream();
  }
  evidence(label: string): Evidence {
    return this.#inner.evidence(label);
  }
  close(): void {
    this.#inner.close();
  }
}

/** A connection that remembers what evidence was taken of it, by whomever. */
export class Witnessed extends Passed {
  readonly #taken: Evidence[] = [];

  override evidence(label: string): Evidence {
    const evidence = super.evidence(label);
    this.#taken.push(evidence);
    return evidence;
  }

  /** All evidence taken so far, with what has come since under `label`. */
  allEvidence(label: string): readonly Evidence[] {
    const rest = super.evidence(label);
    const isEmpty = rest.sent === '' && rest.receivedBytes === 0;
    return isEmpty && this.#taken.length > 0 ? this.#taken : [...this.#taken, rest];
  }
}

class ReceivedFirst extends Passed {
  #kept: Uint8Array;

  constructor(inner: Connection, received: Uint8Array) {
    super(inner);
    this.#kept = received;
  }

  override async read(
    enough: (received: Uint8Array) => boolean | number,
    timeoutMs: number,
  ): Promise<ReadResult> {
    const kept = this.#kept;
    if (kept.length === 0) return super.read(enough, timeoutMs);
    const answer = enough(kept);
    if (answer !== false) return { bytes: this.#consume(kept, answer), ended: 'enough' };
    let verdict: boolean | number = false;
    const more = await super.read((fresh) => {
      verdict = enough(concat(kept, fresh));
      // The surplus is kept here, not in the inner connection.
      return verdict !== false;
    }, timeoutMs);
    this.#kept = new Uint8Array();
    return { bytes: this.#consume(concat(kept, more.bytes), verdict), ended: more.ended };
  }

  #consume(bytes: Uint8Array, answer: boolean | number): Uint8Array {
    const length = typeof answer === 'number' ? answer : bytes.length;
    this.#kept = bytes.subarray(length);
    return bytes.subarray(0, length);
  }
}

export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
