/** Zabbix agent, passive checks (Zabbix documentation, "Header" and "Passive and active agent checks"). */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

const MAGIC = Buffer.from('ZBXD', 'latin1');
const PLAIN = 1;
const COMPRESSED = 2;
const LARGE = 4;
const MAX_DATA = 4096;

/** One item key; the old form, which agents of every version still take. */
export function encodeItem(key: string): Uint8Array {
  const head = Buffer.alloc(13);
  MAGIC.copy(head);
  head.writeUInt8(PLAIN, 4);
  head.writeUInt32LE(key.length, 5);
  return Buffer.concat([head, Buffer.from(key, 'latin1')]);
}

export interface ZabbixAnswer {
  /** "6.0.14", or what the agent says instead; undefined when it is compressed. */
  readonly text: string | undefined;
}

/** "ZBXD", flags, length and reserved word (four bytes each, eight in large packets), data. */
export function parseAnswer(received: Uint8Array): ZabbixAnswer | 'more' | undefined {
  const head = received.subarray(0, 4);
  if (!MAGIC.subarray(0, head.length).equals(head)) return undefined;
  const reader = new ByteReader(received);
  reader.skip(4);
  const flags = reader.u8();
  if (!reader.short && (flags & PLAIN) === 0) return undefined;
  const isLarge = (flags & LARGE) !== 0;
  const length = isLarge ? reader.u64le() : BigInt(reader.u32le());
  reader.skip(isLarge ? 8 : 4);
  if (reader.short) return 'more';
  if (flags > 7 || length > MAX_DATA) return undefined;
  const data = reader.take(Number(length));
  if (reader.short) return 'more';
  return { text: (flags & COMPRESSED) === 0 ? decodeText(data, 256) : undefined };
}
