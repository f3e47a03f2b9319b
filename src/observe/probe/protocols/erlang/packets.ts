/** Erlang/OTP documentation, "Distribution Protocol", section "Distribution Handshake". */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** What the log of the server shows; a reserved domain (RFC 2606), so it names nobody. */
const NAME = Buffer.from('sekisho@sekisho.invalid', 'latin1');

/**
 * send_name without any of the capabilities that a node must have: refused before a cookie is asked for, so no handshake can
 * come to its end. @param form N: since OTP 23 · n: before.
 */
export function encodeName(form: 'N' | 'n'): Uint8Array {
  const head = form === 'N' ? Buffer.alloc(1 + 8 + 4 + 2) : Buffer.alloc(1 + 2 + 4);
  head.write(form, 0, 'latin1');
  if (form === 'N') head.writeUInt16BE(NAME.length, 13);
  else head.writeUInt16BE(5, 1);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(head.length + NAME.length);
  return Buffer.concat([length, head, NAME]);
}

const STATUSES: readonly string[] = ['ok', 'ok_simultaneous', 'nok', 'not_allowed', 'alive'];

/** The message send_status: a length, "s" and a word of a closed list. A challenge may follow "ok". */
export function parseStatus(received: Uint8Array): Reading<string> {
  const reader = new ByteReader(received);
  const length = reader.u16();
  if (reader.short) return received.length === 0 || received[0] === 0 ? 'more' : undefined;
  if (length < 3 || length > 16) return undefined;
  const tag = reader.latin1(1);
  if (!reader.short && tag !== 's') return undefined;
  const status = reader.latin1(length - 1);
  if (reader.short) return 'more';
  return STATUSES.includes(status) ? status : undefined;
}
