import { ByteReader } from '../../../../lib/byte-reader.ts';

/** Control message with length and sequence, version 2 (RFC 2661 §3.1). */
const CONTROL = 0xc802;
const HEADER = 12;
const MAX_ATTRIBUTES = 40;
/** The request of a client; its echo is no answer. */
const REQUEST = 1;
export const REPLY = 2;
const STOP = 4;

const u16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
const attribute = (type: number, value: Uint8Array): Buffer =>
  Buffer.concat([u16(0x8000 | (6 + value.length)), u16(0), u16(type), value]);

/** @param tunnel the peer's number for it; 0 before it has one. @param sent messages sent before; both ways one each. */
function encode(tunnel: number, sent: number, attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes);
  return Buffer.concat([
    u16(CONTROL),
    u16(HEADER + body.length),
    u16(tunnel),
    u16(0),
    u16(sent),
    u16(sent),
    body,
  ]);
}

/**
 * Start-Control-Connection-Request (RFC 2661 §6.1).
 *
 * @param ownTunnel our number for the tunnel, 1 to 65535.
 */
export function encodeStartRequest(ownTunnel: number): Buffer {
  return encode(0, 0, [
    attribute(0, u16(REQUEST)),
    attribute(2, u16(0x0100)),
    // Synchronous and asynchronous framing; xl2tpd 1.3.18 demands the attribute.
    attribute(3, Buffer.of(0, 0, 0, 3)),
    attribute(7, Buffer.from('sekisho')),
    attribute(9, u16(ownTunnel)),
    attribute(10, u16(4)),
  ]);
}

/** Stop-Control-Connection-Notification (RFC 2661 §6.4), result 1: nothing is left behind at the server. */
export function encodeStop(tunnel: number, ownTunnel: number): Buffer {
  return encode(tunnel, 1, [attribute(0, u16(STOP)), attribute(1, u16(1)), attribute(9, u16(ownTunnel))]);
}

export interface ControlMessage {
  /** Tunnel that it is for: our number. */
  readonly tunnel: number;
  /** 0 for a bare acknowledgement. */
  readonly type: number;
  /** By attribute type, maker 0 only, none that is hidden. */
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

/** A control message whose attributes fill it to the byte; its first one says what it is (RFC 2661 §4.4.1). */
export function parseControlMessage(datagram: Uint8Array): ControlMessage | undefined {
  const reader = new ByteReader(datagram);
  const flags = reader.u16();
  const length = reader.u16();
  const tunnel = reader.u16();
  const session = reader.u16();
  reader.skip(4);
  // Some have the priority bit, all else is reserved.
  if (reader.short || (flags & ~0x0100) !== CONTROL || length !== datagram.length || session !== 0)
    return undefined;
  const attributes = new Map<number, Uint8Array>();
  const first = datagram.length > HEADER ? readAttribute(reader) : undefined;
  if (first !== undefined && (first.type !== 0 || first.value.length !== 2)) return undefined;
  for (let count = 0; reader.left > 0 && !reader.short; count += 1) {
    if (count === MAX_ATTRIBUTES) return undefined;
    const { type, value, isPlain } = readAttribute(reader);
    if (isPlain && !attributes.has(type)) attributes.set(type, value);
  }
  if (reader.short) return undefined;
  const [high = 0, low = 0] = first?.value ?? [];
  return { tunnel, type: high * 256 + low, attributes };
}

function readAttribute(reader: ByteReader): { type: number; value: Uint8Array; isPlain: boolean } {
  const head = reader.u16();
  const maker = reader.u16();
  const type = reader.u16();
  const value = reader.take((head & 0x3ff) - 6);
  return { type, value, isPlain: maker === 0 && (head & 0x4000) === 0 };
}

/** The reply to a request, or a refusal; not the acknowledgements in between. */
export function parseStartAnswer(datagram: Uint8Array): ControlMessage | undefined {
  const message = parseControlMessage(datagram);
  if (message === undefined) return undefined;
  const { type, attributes } = message;
  const isReply = type === REPLY && attributes.has(2) && attributes.has(9);
  return isReply || (type === STOP && attributes.has(1)) ? message : undefined;
}

export function wordsOf({ attributes }: ControlMessage, type: number): string {
  const value = attributes.get(type)?.subarray(0, 128) ?? new Uint8Array();
  return Buffer.from(value)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

/** A number of two bytes; undefined when the attribute is missing or of another size. */
export function numberOf({ attributes }: ControlMessage, type: number): number | undefined {
  const value = attributes.get(type);
  return value === undefined || value.length < 2 ? undefined : (value[0] ?? 0) * 256 + (value[1] ?? 0);
}
