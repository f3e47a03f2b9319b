import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** P_CONTROL_HARD_RESET_CLIENT_V2, key 0 (OpenVPN protocol description, "openvpn-wire-protocol"; ssl_pkt.h). */
const CLIENT_RESET = 7 << 3;
const SERVER_RESET = 8 << 3;
const MAX_ACKNOWLEDGED = 8;

/** Opcode, session, no acknowledgement, packet 0: the first packet of every client, without tls-auth or tls-crypt. */
export function encodeClientReset(session: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(CLIENT_RESET), session, Buffer.alloc(5)]);
}

export interface ServerReset {
  /** Session that the server answers to, in hex; undefined when it acknowledges nothing. */
  readonly acknowledgedSession: string | undefined;
}

/**
 * P_CONTROL_HARD_RESET_SERVER_V2: opcode, session, acknowledged packets and their session, packet 0. Nothing may follow: a
 * server with tls-auth or tls-crypt has a digest there, and does not answer us.
 */
export function parseServerReset(packet: Uint8Array): ServerReset | undefined {
  const reader = new ByteReader(packet);
  if (reader.u8() !== SERVER_RESET) return undefined;
  const session = reader.take(8);
  const count = reader.u8();
  if (count > MAX_ACKNOWLEDGED) return undefined;
  const acknowledged = Array.from({ length: count }, () => reader.u32());
  const peer = count === 0 ? undefined : Buffer.from(reader.take(8)).toString('hex');
  const packetId = reader.u32();
  if (reader.short || reader.left > 0 || packetId !== 0) return undefined;
  // A session of zero bytes, or an acknowledgement of packets never sent, is no OpenVPN.
  if (session.every((byte) => byte === 0) || acknowledged.some((id) => id !== 0)) return undefined;
  return { acknowledgedSession: peer };
}

/** Over TCP each packet stands behind its length in two bytes. */
export function encodeFrame(packet: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(packet.length >> 8, packet.length & 0xff), packet]);
}

/** The first frame; more may follow it. */
export function parseFramedReset(received: Uint8Array): Reading<ServerReset> {
  const reader = new ByteReader(received);
  const length = reader.u16();
  if (received.length < 3) return 'more';
  if (length < 14 || length > 64 || received[2] !== SERVER_RESET) return undefined;
  const packet = reader.take(length);
  return reader.short ? 'more' : parseServerReset(packet);
}
