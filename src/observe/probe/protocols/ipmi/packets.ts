import { ByteReader } from '../../../../lib/byte-reader.ts';

/** RMCP header (IPMI 2.0 §13.1.3): version 1.0, no acknowledgement wanted, message class. */
const RMCP_IPMI = Buffer.of(0x06, 0x00, 0xff, 0x07);
const RMCP_ASF = Buffer.of(0x06, 0x00, 0xff, 0x06);
/** Enterprise number of ASF, which stands in a ping and in its answer (IPMI 2.0 §13.2.3). */
const ASF = 4542;

/**
 * Get Channel Authentication Capabilities (IPMI 2.0 §22.13) outside any session, for the channel that it arrives on (0Eh)
 * with the IPMI 2.0 bit, privilege level administrator. It is what every client asks first; nothing is logged in.
 */
export function encodeCapabilitiesRequest(): Uint8Array {
  // Session header of no session: authentication none, sequence 0, session 0; then the length of the message.
  const session = Buffer.from('00000000000000000009', 'hex');
  // BMC 20h, network function application (06h) lun 0, checksum; console 81h, sequence 0, command 38h, channel, privilege.
  const message = Buffer.from('2018c88100388e04b5', 'hex');
  return Buffer.concat([RMCP_IPMI, session, message]);
}

/** Presence ping (IPMI 2.0 §13.2.3). */
export function encodePing(): Uint8Array {
  return Buffer.concat([RMCP_ASF, Buffer.from('000011be80000000', 'hex')]);
}

export interface Capabilities {
  /** Bits of the ways to log in: 0 none, 1 MD2, 2 MD5, 4 straight password, 5 OEM. */
  readonly types: number;
  /** 0 anonymous, 1 users without a name, 2 users with a name, 3 user-level and 4 per-message authentication off, 5 own key. */
  readonly status: number;
  /** Bit 0 IPMI 1.5, bit 1 IPMI 2.0; meaningful only when `types` has bit 7. */
  readonly extended: number;
  /** IANA number of the maker whose OEM way it is; 0 for none. */
  readonly oem: number;
}

const CAPABILITIES_LENGTH = 16;
const ANSWER_NETWORK_FUNCTION = 0x1c;
const GET_CAPABILITIES = 0x38;

/** The answer to `encodeCapabilitiesRequest`, both checksums right and its completion code 0. */
export function parseCapabilities(received: Uint8Array): Capabilities | undefined {
  const reader = new ByteReader(received);
  if (!startsWith(reader.take(4), RMCP_IPMI)) return undefined;
  // Authentication none, sequence and session 0.
  if (reader.take(9).some((byte) => byte !== 0)) return undefined;
  const message = reader.take(reader.u8());
  if (reader.short || message.length < CAPABILITIES_LENGTH || !isSound(message)) return undefined;
  const inner = new ByteReader(message);
  inner.skip(1);
  const isAnswer = inner.u8() >> 2 === ANSWER_NETWORK_FUNCTION >> 2;
  inner.skip(3);
  if (!isAnswer || inner.u8() !== GET_CAPABILITIES || inner.u8() !== 0) return undefined;
  inner.skip(1);
  const types = inner.u8();
  const status = inner.u8();
  const extended = inner.u8();
  const oem = inner.u8() | (inner.u8() << 8) | (inner.u8() << 16);
  return inner.short ? undefined : { types, status, extended, oem };
}

/** Two's complement checksums over the first two bytes and over all after the third (IPMI 2.0 §13.8). */
function isSound(message: Uint8Array): boolean {
  return sum(message.subarray(0, 3)) === 0 && sum(message.subarray(3)) === 0;
}

function sum(bytes: Uint8Array): number {
  return bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
}

export interface Pong {
  /** IANA number of the maker, or 4542 (ASF) when it says nothing of its own. */
  readonly enterprise: number;
  /** Supported entities has bit 7: IPMI is spoken. */
  readonly isIpmi: boolean;
}

/** Presence pong, ASF 2.0 §3.2.4.3. */
export function parsePong(received: Uint8Array): Pong | undefined {
  const reader = new ByteReader(received);
  const isAsf = startsWith(reader.take(4), RMCP_ASF) && reader.u32() === ASF;
  const isPong = reader.u8() === 0x40;
  reader.skip(2);
  const length = reader.u8();
  const enterprise = reader.u32();
  reader.skip(4);
  const entities = reader.u8();
  reader.skip(7);
  if (!isAsf || !isPong || length !== 16 || reader.short) return undefined;
  return { enterprise, isIpmi: (entities & 0x80) !== 0 };
}

function startsWith(bytes: Uint8Array, wanted: Uint8Array): boolean {
  return Buffer.compare(bytes, wanted) === 0;
}

const TYPE_NAMES: readonly (readonly [number, string])[] = [
  [0, 'none'],
  [1, 'md2'],
  [2, 'md5'],
  [4, 'straight-password'],
  [5, 'oem'],
];

export function typeNames(types: number): readonly string[] {
  return TYPE_NAMES.filter(([bit]) => hasBit(types, bit)).map(([, name]) => name);
}

export function hasBit(value: number, bit: number): boolean {
  return ((value >> bit) & 1) === 1;
}
