/** The identification protocol (RFC 1413). */
import { decodeText } from '../../tcp/text.ts';

const MAX_LINE = 300;

/** Ports 0 and 0, which no connection has: nobody's name can be the answer. */
export function encodeNobody(): Uint8Array {
  return Buffer.from('0, 0\r\n', 'latin1');
}

/** @returns the error word of RFC 1413 §4, or the user name of one that answers anything. */
export function parseReply(
  received: Uint8Array,
): { readonly kind: string; readonly text: string } | 'more' | undefined {
  const text = decodeText(received.subarray(0, MAX_LINE), MAX_LINE);
  if (!/^\s?\d/.test(text)) return undefined;
  const match = /^\s?(\d{1,5}) ?, ?(\d{1,5}) ?: ?(ERROR|USERID) ?: ?([^\r\n]{1,200})\r?\n/.exec(text);
  if (match === null) return text.includes('\n') || received.length >= MAX_LINE ? undefined : 'more';
  return { kind: match[3] === 'ERROR' ? 'error' : 'user', text: (match[4] ?? '').trim() };
}
