import type { Connection } from '../../connection.ts';
import type { SafeMethod } from './strict-get.ts';
import { headerValue, MAX_HEADER_BYTES, parseLenient, type RawAnswer } from './lenient.ts';

export interface LenientRequest {
  readonly method: SafeMethod;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly bodyLimit: number;
  readonly timeoutMs: number;
}

/** The request as bytes; the connection is closed after it, which is how the oldest servers mark the end of a page. */
export function requestBytes({
  method,
  path,
  headers,
}: Pick<LenientRequest, 'method' | 'path' | 'headers'>): Uint8Array {
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** One request on a fresh connection, read by our own parser. undefined when what came is not HTTP by any reading. */
export async function lenientGet(
  connection: Connection,
  request: LenientRequest,
): Promise<{ answer: RawAnswer | undefined; timedOut: boolean }> {
  connection.write(requestBytes(request));
  const { bytes, ended } = await connection.read(wholeAnswer(request), request.timeoutMs);
  const answer = parseLenient(bytes, ended === 'closed');
  const timedOut = ended === 'timeout';
  if (answer === undefined) return { answer, timedOut };
  const isCut = answer.body.length > request.bodyLimit;
  return {
    answer: {
      ...answer,
      body: answer.body.subarray(0, request.bodyLimit),
      truncated: answer.truncated || isCut,
    },
    timedOut,
  };
}

/** Looks at each byte a bounded number of times: the head is parsed once, afterwards only lengths are compared. */
function wholeAnswer({ bodyLimit, method }: LenientRequest): (received: Uint8Array) => boolean {
  const most = MAX_HEADER_BYTES + bodyLimit;
  let needed: number | undefined;
  let looked = 0;
  return (received) => {
    if (received.length >= most || (needed !== undefined && received.length >= needed)) return true;
    if (needed === undefined && looked < MAX_HEADER_BYTES) {
      const fresh = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
      const end = endOfHead(fresh, Math.max(0, looked - 4));
      looked = received.length;
      if (end !== undefined) needed = end + (method === 'HEAD' ? 0 : lengthOfBody(fresh.subarray(0, end)));
      if (needed !== undefined && received.length >= needed) return true;
    }
    return endsWithLastChunk(received);
  };
}

function endOfHead(bytes: Buffer, from: number): number | undefined {
  const strict = bytes.indexOf('\r\n\r\n', from);
  if (strict !== -1) return strict + 4;
  const bare = bytes.indexOf('\n\n', from);
  return bare === -1 ? undefined : bare + 2;
}

function lengthOfBody(head: Buffer): number {
  const answer = parseLenient(head);
  if (answer === undefined) return Infinity;
  if (answer.status === 204 || answer.status === 304) return 0;
  const declared = headerValue(answer.headers, 'content-length');
  return /^\d{1,10}$/.test(declared) ? Number(declared) : Infinity;
}

function endsWithLastChunk(bytes: Uint8Array): boolean {
  const end = Buffer.from(bytes.subarray(-7)).toString('latin1');
  return end.endsWith('\n0\r\n\r\n');
}
