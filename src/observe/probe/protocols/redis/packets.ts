/** REdis Serialization Protocol 2 (redis.io, "Redis serialization protocol specification"), as far as it is needed here. */
import type { Reading } from '../../question.ts';

export interface Reply {
  /** status: "+PONG" · error: "-NOAUTH …" · text: a bulk string. */
  readonly kind: 'status' | 'error' | 'text';
  /** Without the type character and the line end. */
  readonly text: string;
}

/** The refusal of protected mode is a page of 1 kB. */
const MAX_LINE = 2048;
/** `INFO server` has 600 bytes. */
const MAX_TEXT = 16_384;
const KINDS: Readonly<Record<string, Reply['kind']>> = { '+': 'status', '-': 'error' };

/** @param words of one command, ASCII. */
export function encodeCommand(...words: readonly string[]): Uint8Array {
  const strings = words.map((word) => `$${word.length}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${strings.join('')}`, 'latin1');
}

/** Simple string, error or bulk string; every other type is none of the answers to the commands used here. */
export function parseReply(received: Uint8Array): Reading<Reply> {
  const text = Buffer.from(received.subarray(0, MAX_TEXT + 32)).toString('latin1');
  const end = text.indexOf('\r\n');
  if (end < 0) return text.length > MAX_LINE || !/^[+\-$]/.test(text) ? undefined : 'more';
  const kind = KINDS[text.charAt(0)];
  if (kind !== undefined) return end > MAX_LINE ? undefined : { kind, text: text.slice(1, end) };
  const length = /^\$(\d{1,5})$/.exec(text.slice(0, end))?.[1];
  if (length === undefined || Number(length) > MAX_TEXT) return undefined;
  const bulk = text.slice(end + 2, end + 2 + Number(length));
  return bulk.length < Number(length) ? 'more' : { kind: 'text', text: bulk };
}

/** Lines "name:value" of the answer to INFO; the first of a name counts. */
export function readInfo(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const line of text.split('\r\n').slice(0, 200)) {
    const at = line.indexOf(':');
    if (at > 0 && !line.startsWith('#')) {
      const name = line.slice(0, at);
      if (!pairs.has(name)) pairs.set(name, line.slice(at + 1));
    }
  }
  return pairs;
}
