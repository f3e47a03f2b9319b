import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { Client, errors, type Dispatcher } from 'undici';
import { MAX_HEADER_BYTES, MAX_HEADERS, type RawAnswer } from './lenient.ts';

/** How one request ended. `answer` may stand beside a failure when part of it came. */
export interface StrictResult {
  readonly answer?: RawAnswer;
  /** malformed: the parser refused it · timeout · reset: the connection ended too early. */
  readonly failure?: 'malformed' | 'timeout' | 'reset';
}

/** All of them harmless: nothing is changed by asking (RFC 9110 §9.2.1). */
export type SafeMethod = 'GET' | 'HEAD' | 'OPTIONS';

export interface StrictRequest {
  readonly method: SafeMethod;
  readonly path: string;
  readonly headers: Record<string, string>;
  /** Bytes of body, before Content-Encoding is undone, after which the answer is cut off. */
  readonly bodyLimit: number;
  /** For the head, and once more for the body. */
  readonly timeoutMs: number;
}

/** undici over a stream that is open already. It cannot open another one: when the stream has ended, requests fail. */
export function clientOver(stream: Duplex): Client {
  let isTaken = false;
  // The name is for undici only: the Host header is given with each request.
  return new Client('http://peer.invalid', {
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 60_000,
    strictContentLength: false,
    connect: (_options, callback) => {
      if (isTaken || stream.destroyed) {
        callback(new Error('the connection has ended'), null);
        return;
      }
      isTaken = true;
      // Types say Socket; what undici uses of it is that of any Duplex, and ref/unref only when they are there.
      // Later: undici overlooks a connection that is there before `connect` has returned.
      queueMicrotask(() => callback(null, stream as Socket));
    },
  });
}

/** One request. Never throws; after a failure or a cut the connection is gone. */
export function strictGet(client: Client, request: StrictRequest): Promise<StrictResult> {
  return new Promise((resolve) => {
    // The times for head and body run from the moment the request is sent; this one holds when it never is.
    const guard = setTimeout(() => settle({ failure: 'timeout' }), 2 * request.timeoutMs + 1000);
    const settle = (result: StrictResult): void => {
      clearTimeout(guard);
      resolve(result);
    };
    const handler = collectingHandler(request, settle);
    try {
      client.dispatch({ method: request.method, path: request.path, headers: request.headers }, handler);
    } catch {
      settle({ failure: 'reset' });
    }
  });
}

class Stop extends Error {
  readonly why: 'limit' | 'timeout';
  constructor(why: 'limit' | 'timeout') {
    super(why);
    this.why = why;
  }
}

function collectingHandler(
  { bodyLimit, timeoutMs }: StrictRequest,
  resolve: (result: StrictResult) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let length = 0;
  let status = 0;
  let headers: [string, string][] | undefined;
  let timer: NodeJS.Timeout | undefined;
  const answer = (truncated: boolean): RawAnswer | undefined =>
    headers === undefined
      ? undefined
      : { status, headers, body: Buffer.concat(chunks).subarray(0, bodyLimit), truncated };
  const wait = (controller: Dispatcher.DispatchController): void => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Stop('timeout')), timeoutMs);
  };
  return {
    onRequestStart: (controller) => wait(controller),
    onRequestUpgrade: (_controller, _status, _headers, socket) => {
      socket.destroy();
      clearTimeout(timer);
      resolve({ failure: 'reset' });
    },
    onResponseStart: (controller, code) => {
      if (code < 200) return;
      status = code;
      headers = rawHeaders(controller.rawHeaders);
      wait(controller);
    },
    onResponseData: (controller, chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > bodyLimit) controller.abort(new Stop('limit'));
    },
    onResponseEnd: () => {
      clearTimeout(timer);
      const whole = answer(false);
      resolve(whole === undefined ? { failure: 'reset' } : { answer: whole });
    },
    onResponseError: (_controller, error) => {
      clearTimeout(timer);
      const part = answer(true);
      const isLimit = error instanceof Stop && error.why === 'limit';
      resolve({
        ...(part !== undefined && { answer: part }),
        ...(!isLimit && { failure: failureOf(error) }),
      });
    },
  };
}

function failureOf(error: Error): NonNullable<StrictResult['failure']> {
  if (error instanceof Stop) return 'timeout';
  const isRefused =
    error instanceof errors.HTTPParserError ||
    error instanceof errors.HeadersOverflowError ||
    error instanceof errors.ResponseContentLengthMismatchError;
  return isRefused ? 'malformed' : 'reset';
}

function rawHeaders(raw: Dispatcher.DispatchController['rawHeaders']): [string, string][] {
  if (!Array.isArray(raw)) return [];
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length && headers.length < MAX_HEADERS; at += 2)
    headers.push([latin1(raw[at]), latin1(raw[at + 1])]);
  return headers;
}

function latin1(value: Buffer | string | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '');
}
