/** RustDesk's rendezvous server (rustdesk/hbb_common: protos/rendezvous.proto, src/bytes_codec.rs). */
import { ByteReader } from '../../../../lib/byte-reader.ts';

/** TestNatRequest (field 20) without a serial: "from which port do you see me?". */
export function encodeTestNat(): Uint8Array {
  // Frame of one byte: length times four. Then field 20, no bytes.
  return Uint8Array.of(3 << 2, 0xa2, 0x01, 0x00);
}

const TEST_NAT_RESPONSE = 21;
const KEY_EXCHANGE = 25;
const BYTES = 2;
const MAX_FRAME = 512;

/**
 * One frame: its first byte holds in two bits how many bytes the length has, in the others the length; then one message
 * that is TestNatResponse, or KeyExchange from servers that want their connection sealed.
 */
export function parseResponse(received: Uint8Array): { readonly isSealed: boolean } | 'more' | undefined {
  const [first] = received;
  if (first === undefined) return 'more';
  const head = (first & 3) + 1;
  if (received.length < head) return 'more';
  const length =
    received.subarray(0, head).reduce((sum, byte, index) => sum + byte * 2 ** (8 * index), 0) >>> 2;
  if (length < 2 || length > MAX_FRAME) return undefined;
  if (received.length < head + length) return 'more';
  if (received.length > head + length) return undefined;
  return parseMessage(new ByteReader(received.subarray(head)));
}

function parseMessage(reader: ByteReader): { readonly isSealed: boolean } | undefined {
  const tag = readVarint(reader);
  const length = readVarint(reader);
  const field = tag >>> 3;
  if (reader.short || (tag & 7) !== BYTES || length !== reader.left) return undefined;
  if (field === KEY_EXCHANGE) return length >= 32 ? { isSealed: true } : undefined;
  if (field !== TEST_NAT_RESPONSE) return undefined;
  // TestNatResponse.port, field 1, a number: the port from which we come.
  const isPort = readVarint(reader) === 8;
  const port = readVarint(reader);
  return isPort && !reader.short && port > 0 && port <= 65_535 ? { isSealed: false } : undefined;
}

function readVarint(reader: ByteReader): number {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = reader.u8();
    value += (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  reader.short = true;
  return 0;
}
