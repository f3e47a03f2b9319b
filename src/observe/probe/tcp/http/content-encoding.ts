import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, constants } from 'node:zlib';
import type { Transform } from 'node:stream';

export interface DecodedBody {
  readonly bytes: Uint8Array;
  /** The decoded body went on beyond `limit`, or the encoding broke off. */
  readonly truncated: boolean;
}

/**
 * Undoes `Content-Encoding` up to `limit` decoded bytes; the rest of a bomb is never unpacked. Cut or damaged input
 * gives what could be decoded. An unknown encoding, or more than two on top of each other, leaves the bytes as they are.
 */
export async function decodeContent(body: Uint8Array, encoding: string, limit: number): Promise<DecodedBody> {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0 || codings.length > 2) return bounded(body, limit);
  let current: DecodedBody = { bytes: body, truncated: false };
  for (const coding of codings.reverse()) {
    const decoder = decoderFor(coding, current.bytes);
    if (decoder === undefined) return bounded(body, limit);
    const decoded = await run(decoder, current.bytes, limit);
    current = { bytes: decoded.bytes, truncated: current.truncated || decoded.truncated };
  }
  // Some servers announce an encoding and send plain text.
  if (current.bytes.length === 0 && body.length > 0) return bounded(body, limit);
  return current;
}

function bounded(bytes: Uint8Array, limit: number): DecodedBody {
  return { bytes: bytes.subarray(0, limit), truncated: bytes.length > limit };
}

function decoderFor(coding: string, bytes: Uint8Array): Transform | undefined {
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip(options);
  if (coding === 'br') return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
  if (coding !== 'deflate') return undefined;
  // RFC 9110 §8.4.1.2: "deflate" is the zlib format, but some send the bare stream.
  const [first = 0, second = 0] = bytes;
  const isZlib = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
  return isZlib ? createInflate(options) : createInflateRaw(options);
}

function run(decoder: Transform, input: Uint8Array, limit: number): Promise<DecodedBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (truncated: boolean): void => {
      decoder.removeAllListeners();
      decoder.on('error', () => undefined);
      decoder.destroy();
      resolve({ bytes: Buffer.concat(chunks).subarray(0, limit), truncated });
    };
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) finish(true);
    });
    decoder.on('end', () => finish(false));
    decoder.on('error', () => finish(true));
    decoder.on('close', () => finish(true));
    decoder.end(input);
  });
}
