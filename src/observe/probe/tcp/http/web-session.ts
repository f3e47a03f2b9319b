import type { Client } from 'undici';
import type { Evidence, ObservationStatus } from '../../../../model/observation.ts';
import { DialError, type Connection } from '../../connection.ts';
import type { ProbeContext } from '../../probe.ts';
import { openTls, serverNameFor } from '../tls/open.ts';
import { lenientGet } from './lenient-get.ts';
import { parseLenient, startsLikeHttp, type RawAnswer } from './lenient.ts';
import { hostHeader, type Origin } from './origin.ts';
import { clientOver, strictGet, type SafeMethod, type StrictResult } from './strict-get.ts';
import { USER_AGENT } from './user-agent.ts';

/** How one request ended: an answer, a failure, or part of an answer with the failure that cut it off. */
export interface Exchange {
  readonly answer?: RawAnswer;
  readonly failure?: 'timeout' | 'reset' | 'not-http' | ObservationStatus;
  readonly evidence?: Evidence;
}

export interface WebAsk {
  readonly method: SafeMethod;
  readonly path: string;
  readonly bodyLimit: number;
  /** Names the request in the evidence instead of the path. */
  readonly label?: string;
}

/** Of each direction, per request. */
const EVIDENCE_BYTES = 32 * 1024;

/**
 * Requests to one web server, one after the other, on as few connections as possible: never more than one open at a time,
 * so that a host with room for one connection is served as well.
 */
export class WebSession {
  readonly origin: Origin;
  readonly #context: ProbeContext;
  readonly #dial: () => Promise<Connection>;
  #first: Connection | undefined;
  #connection: Connection | undefined;
  #client: Client | undefined;
  /** Answers that the open connection has given. */
  #served = 0;
  /** Another parser is needed: found out with the first answer that undici refused. */
  #isLenient = false;

  constructor(context: ProbeContext, origin: Origin, dial: () => Promise<Connection>, first?: Connection) {
    this.#context = context;
    this.origin = origin;
    this.#dial = dial;
    this.#first = first;
  }

  /** Never throws. */
  async ask(request: WebAsk): Promise<Exchange> {
    try {
      if (this.#isLenient) return await this.#lenient(request);
      const reused = this.#served > 0;
      const exchange = await this.#strict(request);
      // A server may close a kept connection at any moment (RFC 9112 §9.3.1): that says nothing about this path.
      if (reused && exchange.failure === 'reset' && exchange.answer === undefined)
        return await this.#strict(request);
      return exchange;
    } catch (error) {
      this.close();
      return { failure: error instanceof DialError ? error.status : 'reset' };
    }
  }

  close(): void {
    this.#client?.destroy().catch(() => undefined);
    this.#connection?.close();
    this.#first?.close();
    this.#client = undefined;
    this.#connection = undefined;
    this.#first = undefined;
    this.#served = 0;
  }

  async #strict(request: WebAsk): Promise<Exchange> {
    const { method, path, bodyLimit } = request;
    const { connection, client } = await this.#ready();
    const result = await strictGet(client, {
      method,
      path,
      headers: this.#headers(),
      bodyLimit,
      timeoutMs: this.#context.answerTimeoutMs,
    });
    const evidence = bounded(connection.evidence(labelOf(request)));
    this.#served += 1;
    if (result.failure === undefined && result.answer?.truncated === false)
      return { answer: result.answer, evidence };
    this.close();
    return this.#afterFailure(result, evidence, () => this.#lenient(request));
  }

  async #afterFailure(
    { answer, failure }: StrictResult,
    evidence: Evidence,
    askAgain: () => Promise<Exchange>,
  ): Promise<Exchange> {
    if (failure === undefined) return { ...(answer !== undefined && { answer }), evidence };
    const received = Buffer.from(evidence.received, 'base64');
    if (failure === 'malformed' && answer === undefined) {
      if (!startsLikeHttp(received)) return { failure: 'not-http', evidence };
      this.#isLenient = true;
      const again = await askAgain();
      if (again.answer !== undefined) return again;
    }
    // The head came, but not all of it, or slower than we wait: what is there still tells what it is.
    const part = answer ?? parseLenient(received, false);
    if (part === undefined) return { failure: failure === 'malformed' ? 'not-http' : failure, evidence };
    return {
      answer: { ...part, truncated: true },
      ...(failure !== 'malformed' && { failure }),
      evidence,
    };
  }

  async #lenient(request: WebAsk): Promise<Exchange> {
    const { method, path, bodyLimit } = request;
    const connection = await this.#open();
    try {
      const { answer, timedOut } = await lenientGet(connection, {
        method,
        path,
        headers: this.#headers(),
        bodyLimit,
        timeoutMs: this.#context.answerTimeoutMs,
      });
      const evidence = bounded(connection.evidence(labelOf(request)));
      if (answer === undefined) {
        const nothing = timedOut ? 'timeout' : 'reset';
        return { failure: evidence.receivedBytes === 0 ? nothing : 'not-http', evidence };
      }
      return { answer, ...(timedOut && answer.truncated && { failure: 'timeout' as const }), evidence };
    } finally {
      this.close();
    }
  }

  async #ready(): Promise<{ connection: Connection; client: Client }> {
    if (this.#connection !== undefined && this.#client !== undefined && !this.#client.destroyed) {
      return { connection: this.#connection, client: this.#client };
    }
    const connection = await this.#open();
    const stream = connection.stream();
    // undici listens only while it uses the stream.
    stream.on('error', () => undefined);
    const client = clientOver(stream);
    client.on('disconnect', () => this.#forget(connection));
    this.#client = client;
    return { connection, client };
  }

  /** The server closed after its answer: the next request opens another connection. */
  #forget(connection: Connection): void {
    if (this.#connection !== connection) return;
    connection.close();
    this.#client?.destroy().catch(() => undefined);
    this.#client = undefined;
    this.#connection = undefined;
    this.#served = 0;
  }

  async #open(): Promise<Connection> {
    const raw = this.#first ?? (await this.#dial());
    this.#first = undefined;
    this.#served = 0;
    try {
      this.#connection =
        this.origin.scheme === 'http'
          ? raw
          : await openTls(this.#context, raw, {
              serverName: serverNameFor(this.origin.host),
              alpn: ['http/1.1'],
            });
    } catch (error) {
      raw.close();
      throw error;
    }
    return this.#connection;
  }

  #headers(): Record<string, string> {
    return {
      Host: hostHeader(this.origin),
      'User-Agent': USER_AGENT,
      Accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'Accept-Language': 'ja,en;q=0.8',
      'Accept-Encoding': 'gzip, deflate',
    };
  }
}

function labelOf({ method, path, label = path }: WebAsk): string {
  return `http ${method} ${label}`;
}

function bounded(evidence: Evidence): Evidence {
  const sent = Buffer.from(evidence.sent, 'base64');
  const received = Buffer.from(evidence.received, 'base64');
  if (sent.length <= EVIDENCE_BYTES && received.length <= EVIDENCE_BYTES) return evidence;
  return {
    ...evidence,
    sent: sent.subarray(0, EVIDENCE_BYTES).toString('base64'),
    received: received.subarray(0, EVIDENCE_BYTES).toString('base64'),
    truncated: true,
  };
}
