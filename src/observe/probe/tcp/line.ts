import type { TlsFacts } from '../../../model/facts.ts';
import type { Evidence } from '../../../model/observation.ts';
import { DialError, type Connection } from '../connection.ts';
import type { ProbeContext } from '../probe.ts';
import type { Reading, TcpLine } from '../question.ts';
import { handshakeFacts } from './tls/handshake-facts.ts';
import { openTls } from './tls/open.ts';

export interface QuestionLineOptions {
  readonly protocol: string;
  /** Already open, and inside TLS when `isTls`. */
  readonly first?: Connection;
  readonly isTls: boolean;
  /** Longest wait for one answer, in milliseconds, over a connection with this round-trip. */
  readonly patience: (rttMs: number) => number;
}

/** The line of one question: dials when it is needed, keeps what was said as evidence. Must be closed. */
export class QuestionLine implements TcpLine {
  readonly address: string;
  readonly port: number;
  readonly hostNames: readonly string[];
  readonly isTls: boolean;
  readonly #context: ProbeContext;
  readonly #options: QuestionLineOptions;
  readonly #evidence: Evidence[] = [];
  #connection: Connection | undefined;
  /** Set when the connection cannot be used any more, until `again`. */
  #isOver = false;
  /** Of a handshake made on the way (STARTTLS). */
  tls: TlsFacts | undefined;
  /** Why the first connection did not come about. */
  failure: DialError | undefined;

  constructor(context: ProbeContext, options: QuestionLineOptions) {
    this.#context = context;
    this.#options = options;
    this.#connection = options.first;
    this.address = context.address;
    this.port = context.port;
    this.hostNames = context.hostNames;
    this.isTls = options.isTls;
  }

  async exchange<T>(
    request: Uint8Array | undefined,
    parse: (received: Uint8Array) => Reading<T>,
    mostMs = Infinity,
  ): Promise<T | undefined> {
    const connection = await this.#ready();
    if (connection === undefined) return undefined;
    if (request !== undefined) connection.write(request);
    let reading: Reading<T> = 'more';
    const { ended } = await connection.read(
      (received) => {
        reading = received.length === 0 ? 'more' : parse(received);
        return reading !== 'more';
      },
      Math.min(mostMs, this.#options.patience(connection.rttMs), this.#context.answerTimeoutMs),
    );
    if (ended === 'closed' || ended === 'limit') this.#isOver = true;
    return reading === 'more' ? undefined : reading;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  again(): void {
    this.#drop();
    this.#isOver = false;
  }

  async startTls(): Promise<boolean> {
    const connection = this.#isOver ? undefined : this.#connection;
    if (connection === undefined) return false;
    this.#keepEvidence(connection);
    try {
      const inner = await openTls(this.#context, connection);
      this.tls = handshakeFacts(inner.tls);
      this.#connection = inner;
      return true;
    } catch {
      this.#connection = undefined;
      this.#isOver = true;
      return false;
    }
  }

  /** Closes what is open and gives everything that was said. */
  end(): readonly Evidence[] {
    this.#drop();
    return this.#evidence;
  }

  async #ready(): Promise<Connection | undefined> {
    if (this.#isOver) return undefined;
    try {
      this.#connection ??= await this.#dial();
    } catch (error) {
      if (!(error instanceof DialError)) throw error;
      this.failure ??= error;
      this.#isOver = true;
    }
    return this.#connection;
  }

  async #dial(): Promise<Connection> {
    const raw = await this.#context.dial();
    return this.isTls ? openTls(this.#context, raw) : raw;
  }

  #drop(): void {
    if (this.#connection === undefined) return;
    this.#keepEvidence(this.#connection);
    this.#connection.close();
    this.#connection = undefined;
  }

  #keepEvidence(connection: Connection): void {
    const evidence = connection.evidence(this.#options.protocol);
    if (evidence.sent !== '' || evidence.receivedBytes > 0) this.#evidence.push(evidence);
  }
}
