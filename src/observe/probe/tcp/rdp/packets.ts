import { ByteReader } from '../../../../lib/byte-reader.ts';

/** Security protocols of MS-RDPBCGR 2.2.1.1.1; the numbers are bits and may be joined. */
export const PROTOCOL = { standard: 0, tls: 1, hybrid: 2, rdstls: 4, hybridEx: 8 } as const;

const PROTOCOL_BITS: readonly (readonly [number, string])[] = [
  [PROTOCOL.tls, 'tls'],
  [PROTOCOL.hybrid, 'hybrid'],
  [PROTOCOL.rdstls, 'rdstls'],
  [PROTOCOL.hybridEx, 'hybrid-ex'],
  [0x10, 'rdsaad'],
];

/** "standard", "tls", "tls+hybrid" …; bits without a name in hexadecimal. */
export function protocolName(protocols: number): string {
  if (protocols === 0) return 'standard';
  const names = PROTOCOL_BITS.filter(([bit]) => (protocols & bit) !== 0).map(([, name]) => name);
  const unknown = (protocols & ~0x1f) >>> 0;
  return [...names, ...(unknown === 0 ? [] : [`0x${unknown.toString(16)}`])].join('+');
}

const FAILURES: Readonly<Record<number, string>> = {
  1: 'SSL_REQUIRED_BY_SERVER',
  2: 'SSL_NOT_ALLOWED_BY_SERVER',
  3: 'SSL_CERT_NOT_ON_SERVER',
  4: 'INCONSISTENT_FLAGS',
  5: 'HYBRID_REQUIRED_BY_SERVER',
  6: 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER',
};

export const HYBRID_REQUIRED = 'HYBRID_REQUIRED_BY_SERVER';

/** X.224 Connection Request with RDP_NEG_REQ, without cookie or routing token: nobody's name is sent. */
export function encodeConnectionRequest(protocols: number): Uint8Array {
  const packet = Buffer.from('030000130ee000000000000100080000000000', 'hex');
  packet.writeUInt32LE(protocols, 15);
  return packet;
}

/** What the server made of a request. `none`: it confirmed without any negotiation answer. */
export type Confirm =
  | { readonly kind: 'selected'; readonly protocol: number; readonly flags: number }
  | { readonly kind: 'failure'; readonly failure: string }
  | { readonly kind: 'none' };

/** No confirm in use is longer than 19 bytes; a declared 64 KiB is a lie that must not be waited for. */
const MAX_CONFIRM = 256;
const CONNECTION_CONFIRM = 0xd0;
/** Without any negotiation answer: an old server, or one without it. */
const BARE_CONFIRM = 11;

/**
 * X.224 Connection Confirm in TPKT (MS-RDPBCGR 2.2.1.2).
 *
 * @returns 'more' while bytes are missing, undefined when this is no RDP.
 */
export function parseConfirm(received: Uint8Array): Confirm | 'more' | undefined {
  const version = received[0];
  if (version === undefined) return 'more';
  if (version !== 3) return undefined;
  if (received.length < 4) return 'more';
  const length = new ByteReader(received.subarray(2, 4)).u16();
  if (length < 11 || length > MAX_CONFIRM) return undefined;
  // Known by the sixth byte, so that a liar is not waited for.
  if (received.length > 5 && ((received[5] ?? 0) & 0xf0) !== CONNECTION_CONFIRM) return undefined;
  if (received.length < length) return 'more';
  return length === BARE_CONFIRM
    ? { kind: 'none' }
    : parseNegotiation(received.subarray(BARE_CONFIRM, length));
}

/** undefined for other parameters: programmable controllers confirm a connection in the same envelope (ISO 8073 §13.4). */
function parseNegotiation(bytes: Uint8Array): Confirm | undefined {
  const reader = new ByteReader(bytes);
  const type = reader.u8();
  const flags = reader.u8();
  reader.skip(2);
  const value = reader.u32le();
  if (reader.short) return undefined;
  if (type === 2) return { kind: 'selected', protocol: value, flags };
  if (type === 3) return { kind: 'failure', failure: FAILURES[value] ?? `failure-${value}` };
  return undefined;
}
