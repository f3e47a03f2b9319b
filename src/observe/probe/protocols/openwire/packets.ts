/** ActiveMQ, "OpenWire version 2 specification": the command WireFormatInfo; measured on activemq 5.17.2. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

export interface WireFormat {
  /** Of the protocol: 1 to 12. */
  readonly version: number;
  /** Texts among the properties: ProviderName, ProviderVersion, PlatformDetails. */
  readonly texts: ReadonlyMap<string, string>;
}

const WIRE_FORMAT_INFO = 1;
const MAGIC = 'ActiveMQ';
const MAX_FRAME = 8192;

/** What a broker sends of itself. */
export function parseWireFormat(received: Uint8Array): Reading<WireFormat> {
  const reader = new ByteReader(received);
  const length = reader.u32();
  if (!reader.short && (length < 13 || length > MAX_FRAME)) return undefined;
  const type = reader.u8();
  if (!reader.short && type !== WIRE_FORMAT_INFO) return undefined;
  const magic = reader.latin1(MAGIC.length);
  if (!MAGIC.startsWith(magic)) return undefined;
  if (received.length < length + 4 || reader.short) return 'more';
  const version = reader.u32();
  const hasProperties = reader.u8() === 1;
  const size = hasProperties ? reader.u32() : 0;
  const texts = readTexts(reader.take(size));
  return reader.short || version > 100 || texts === undefined ? undefined : { version, texts };
}

/** Lengths of the values that are no text, by type. */
const LENGTHS: Readonly<Record<number, number>> = { 0: 0, 1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 8, 7: 8, 8: 4 };
const TEXT = 9;
const MAX_PROPERTIES = 64;

function readTexts(properties: Uint8Array): ReadonlyMap<string, string> | undefined {
  const reader = new ByteReader(properties);
  const texts = new Map<string, string>();
  const count = properties.length === 0 ? 0 : Math.min(reader.u32(), MAX_PROPERTIES);
  for (let at = 0; at < count && !reader.short; at += 1) {
    const name = reader.latin1(reader.u16());
    const type = reader.u8();
    const length = type === TEXT ? reader.u16() : LENGTHS[type];
    if (length === undefined) return undefined;
    const value = reader.latin1(length);
    if (type === TEXT) texts.set(name, value);
  }
  return reader.short ? undefined : texts;
}
