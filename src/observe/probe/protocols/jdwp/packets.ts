/** Java Debug Wire Protocol (Oracle, "JDWP Specification"): the handshake and nothing else. */
import { ByteReader } from '../../../../lib/byte-reader.ts';

const HANDSHAKE = 'JDWP-Handshake';

export function encodeHandshake(): Uint8Array {
  return Buffer.from(HANDSHAKE, 'latin1');
}

/** As long, and nobody's greeting: only a service that says everything back answers with it. */
export function encodeControl(): Uint8Array {
  return Buffer.from('sekisho-echo-?', 'latin1');
}

/**
 * The same 14 bytes; a machine that waits for its debugger (suspend=y) sends a packet of events at once after them
 * (measured on OpenJDK 17.0.15).
 */
export function parseHandshake(received: Uint8Array): true | 'more' | undefined {
  const text = Buffer.from(received.subarray(0, HANDSHAKE.length)).toString('latin1');
  if (text !== HANDSHAKE) return HANDSHAKE.startsWith(text) ? 'more' : undefined;
  if (received.length === HANDSHAKE.length) return true;
  const reader = new ByteReader(received.subarray(HANDSHAKE.length));
  const length = reader.u32();
  return reader.short || (length >= 11 && length < 65_536) ? true : undefined;
}

/** Whether the control came back: then the handshake was an echo. */
export function parseEcho(received: Uint8Array): true | 'more' | undefined {
  const control = encodeControl();
  if (!received.every((byte, index) => byte === control[index])) return undefined;
  return received.length < control.length ? 'more' : true;
}
