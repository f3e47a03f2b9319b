import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';

/** The sentence "/quit": one word with its length, then the empty word (MikroTik documentation, "API", sentences). */
const REQUEST = Buffer.from('\x05/quit\x00', 'latin1');
const MAX_WORDS = 16;
const MAX_ANSWER = 1024;

/**
 * The API of MikroTik RouterOS (TCP 8728, in TLS 8729): it is asked to end the conversation before any log-in, and says that it is "not logged in" or
 * ends it.
 *
 * Fields: `message`.
 */
export const mikrotikApiQuestion: TcpQuestion = {
  protocol: 'mikrotik-api',
  ports: [8728],
  tlsPorts: [8729],
  elsewhere: 'never',
  read: (received) => settled(readSoFar(received)),
  ask: (line) => line.exchange(REQUEST, readSoFar),
};

/** A reply sentence: "!fatal", "!trap" or "!done" and its words, up to the empty one. */
function readSoFar(received: Uint8Array): Reading<ProtocolFacts> {
  const reader = new ByteReader(received.subarray(0, MAX_ANSWER));
  const words: string[] = [];
  while (words.length < MAX_WORDS) {
    // Lengths of 128 and more take several octets; no answer here is so long.
    const length = reader.u8();
    if (length >= 0x80) return undefined;
    const word = reader.latin1(length);
    const isReply = words.length > 0 || ['!fatal', '!trap', '!done'].some((one) => one.startsWith(word));
    if (!isReply || (words.length === 0 && length !== 6 && length !== 5 && received.length > 0))
      return undefined;
    if (reader.short) return 'more';
    if (length === 0) return toFacts(words);
    words.push(word);
  }
  return undefined;
}

function toFacts([reply, ...words]: readonly string[]): ProtocolFacts | undefined {
  if (reply === undefined) return undefined;
  const message = words.find((word) => word.startsWith('=message='))?.slice('=message='.length) ?? words[0];
  return { name: 'mikrotik-api', access: 'password', fields: fieldsOf(['message', message]), concerns: [] };
}
