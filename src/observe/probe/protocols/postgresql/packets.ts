/** PostgreSQL documentation, chapter "Frontend/Backend Protocol": "Message Formats" and "Error and Notice Message Fields". */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

const SSL_REQUEST = 80_877_103;
/** 255.255: no server speaks it, so the server answers before anybody could be named. */
const UNKNOWN_PROTOCOL = 0x00ff_00ff;

export function encodeSslRequest(): Uint8Array {
  return words(8, SSL_REQUEST);
}

/** A startup message of a protocol that does not exist, with an empty list of parameters: no user, no database. */
export function encodeUnknownStartup(): Uint8Array {
  return Buffer.concat([words(9, UNKNOWN_PROTOCOL), Uint8Array.of(0)]);
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, 4 * at);
  return bytes;
}

/** "S": TLS can begin · "N": it cannot. An error message means a server from before TLS (7.0). */
export function parseSslAnswer(received: Uint8Array): Reading<'offered' | 'refused' | 'error'> {
  const [first] = received;
  if (received.length === 1 && first === 0x53) return 'offered';
  if (received.length === 1 && first === 0x4e) return 'refused';
  return first === 0x45 ? 'error' : undefined;
}

/** Field type → text: S severity, C SQLSTATE, M message, F file, L line, R routine, V severity in English (9.6). */
export type ErrorFields = ReadonlyMap<string, string>;

const MAX_MESSAGE = 2048;
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * ErrorResponse. The terminating zero must stand at the end of the declared length, and severity, SQLSTATE and message must
 * be there, so that nothing else is taken for it.
 */
export function parseError(received: Uint8Array): Reading<ErrorFields> {
  const reader = new ByteReader(received);
  const type = reader.u8();
  if (received.length > 0 && type !== 0x45) return undefined;
  const length = reader.u32();
  if (reader.short) return 'more';
  if (length < 8 || length > MAX_MESSAGE) return undefined;
  const body = reader.take(length - 4);
  if (reader.short) return 'more';
  const fields = readFields(body);
  const isError = SQLSTATE.test(fields?.get('C') ?? '') && fields?.has('S') === true && fields.has('M');
  return isError ? fields : undefined;
}

function readFields(body: Uint8Array): ErrorFields | undefined {
  if (body.at(-1) !== 0 || body.at(-2) !== 0) return undefined;
  const fields = new Map<string, string>();
  for (const field of Buffer.from(body.subarray(0, -2)).toString('utf8').split('\0').slice(0, 32)) {
    if (!/^[A-Za-z]/.test(field)) return undefined;
    fields.set(field.charAt(0), field.slice(1));
  }
  return fields;
}
