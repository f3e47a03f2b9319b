import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';
import { headerValue, parseLenient } from '../../tcp/http/lenient.ts';

/** The greeting of a SoftEther VPN Server. */
export interface Greeting {
  /** "SoftEther VPN Server (64 bit)" or what a maker of a copy calls it. */
  readonly name: string;
  /** 501: release 5.01. */
  readonly version: number;
  readonly build: number;
}

const MAX_VALUES = 64;
const MAX_ANSWER = 16 * 1024;
const [INTEGER, DATA, TEXT, WIDE_TEXT, LONG] = [0, 1, 2, 3, 4];

/**
 * Answer to the client's first request: an HTTP answer whose body is a "pack": elements of name, type and values (SoftEtherVPN
 * src/Mayaqua/Pack.c ReadPack), with hello, version and build in it and 20 random bytes for the log-in that does not follow.
 */
export function parseGreeting(received: Uint8Array): Reading<Greeting> {
  const head = Buffer.from(received.subarray(0, 13)).toString('latin1');
  if (!'HTTP/1.1 200 '.startsWith(head)) return undefined;
  if (received.length > MAX_ANSWER) return undefined;
  const answer = parseLenient(received, false);
  if (answer === undefined || answer.truncated) return 'more';
  if (headerValue(answer.headers, 'content-type') !== 'application/octet-stream') return undefined;
  return readGreeting(answer.body);
}

function readGreeting(body: Uint8Array): Greeting | undefined {
  const reader = new ByteReader(body);
  const count = reader.u32();
  if (count === 0 || count > MAX_VALUES) return undefined;
  const values = new Map<string, string | number>();
  for (let at = 0; at < count && !reader.short; at += 1) readElement(reader, values);
  const [name, version, build] = [values.get('hello'), values.get('version'), values.get('build')];
  if (reader.short || typeof name !== 'string' || typeof version !== 'number' || typeof build !== 'number')
    return undefined;
  return { name: name.replace(/[^\x20-\x7e]/g, '').slice(0, 128), version, build };
}

/** The length of a name counts one more than it has. */
function readElement(reader: ByteReader, values: Map<string, string | number>): void {
  const name = reader.latin1(reader.u32() - 1);
  const type = reader.u32();
  const count = reader.u32();
  if (count > MAX_VALUES) reader.short = true;
  for (let at = 0; at < count && !reader.short; at += 1) {
    if (type === INTEGER) values.set(name, reader.u32());
    else if (type === TEXT) values.set(name, reader.latin1(reader.u32()));
    else if (type === DATA || type === WIDE_TEXT) reader.skip(reader.u32());
    else if (type === LONG) reader.skip(8);
    else reader.short = true;
  }
}
