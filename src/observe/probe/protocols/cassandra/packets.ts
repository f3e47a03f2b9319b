/** CQL binary protocol version 3 (doc/native_protocol_v3.spec of Apache Cassandra). */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** Version 3 is spoken by 2.1 up to 5. */
const VERSION = 3;
const OPTIONS = 0x05;
const STARTUP = 0x01;

export function encodeOptions(): Uint8Array {
  return frame(OPTIONS, new Uint8Array(0));
}

/** Names the version of the language and nobody. */
export function encodeStartup(cqlVersion: string): Uint8Array {
  return frame(STARTUP, Buffer.concat([Uint8Array.of(0, 1), text('CQL_VERSION'), text(cqlVersion)]));
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

function frame(operation: number, body: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(VERSION, 0, 0, 0, operation, 0, 0, 0, body.length), body]);
}

export type CqlAnswer =
  | { readonly kind: 'supported'; readonly options: ReadonlyMap<string, readonly string[]> }
  | { readonly kind: 'authenticate' | 'error'; readonly text: string }
  | { readonly kind: 'ready' };

const KINDS: Readonly<Record<number, CqlAnswer['kind']>> = {
  0: 'error',
  2: 'ready',
  3: 'authenticate',
  6: 'supported',
};
const MAX_BODY = 8192;

/** One response frame of the versions 1 to 6. */
export function parseCql(received: Uint8Array): Reading<CqlAnswer> {
  const reader = new ByteReader(received);
  const version = reader.u8();
  if (received.length > 0 && (version < 0x81 || version > 0x86)) return undefined;
  reader.skip(version < 0x83 ? 2 : 3);
  const kind = KINDS[reader.u8()];
  const length = reader.u32();
  if (reader.short) return 'more';
  if (kind === undefined || length > MAX_BODY) return undefined;
  const body = new ByteReader(reader.take(length));
  if (reader.short) return 'more';
  return readBody(kind, body);
}

function readBody(kind: CqlAnswer['kind'], body: ByteReader): CqlAnswer | undefined {
  if (kind === 'ready') return body.left === 0 ? { kind } : undefined;
  if (kind === 'supported') return readSupported(body);
  if (kind === 'error') body.skip(4);
  const said = body.latin1(body.u16());
  return body.short || said.length < 4 ? undefined : { kind, text: said };
}

const MAX_OPTIONS = 64;

/** A map of texts to lists of texts; CQL_VERSION is always in it. */
function readSupported(body: ByteReader): CqlAnswer | undefined {
  const options = new Map<string, readonly string[]>();
  const count = Math.min(body.u16(), MAX_OPTIONS);
  for (let at = 0; at < count && !body.short; at += 1) {
    const name = body.latin1(body.u16());
    const length = Math.min(body.u16(), MAX_OPTIONS);
    options.set(
      name,
      Array.from({ length }, () => body.latin1(body.u16())),
    );
  }
  return body.short || !options.has('CQL_VERSION') ? undefined : { kind: 'supported', options };
}
