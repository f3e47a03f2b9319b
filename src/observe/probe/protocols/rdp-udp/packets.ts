import { ByteReader } from '../../../../lib/byte-reader.ts';

const [SYN, ACK, SYN_EX] = [0x0001, 0x0004, 0x1000];
const HEADER = 16;
/** Prescribed for both directions (MS-RDPEUDP 2.2.2.5). */
const [MIN_MTU, MAX_MTU] = [1132, 1232];

/**
 * RDP-UDP SYN (MS-RDPEUDP 2.2.2.1, 2.2.2.5): header and sequence number, without the padding to 1232 bytes that a client adds.
 *
 * @param sequence our first sequence number, 32 bits.
 */
export function encodeSyn(sequence: number): Buffer {
  const request = Buffer.alloc(HEADER);
  request.writeUInt32BE(0xff_ff_ff_ff, 0);
  request.writeUInt16BE(64, 4);
  request.writeUInt16BE(SYN, 6);
  request.writeUInt32BE(sequence, 8);
  request.writeUInt16BE(MAX_MTU, 12);
  request.writeUInt16BE(MAX_MTU, 14);
  return request;
}

export interface SynAck {
  /** Sequence number that it acknowledges. */
  readonly acknowledged: number;
  /** Highest protocol version of the extension: 1, 2 or 257; undefined without one. */
  readonly version: number | undefined;
  readonly size: number;
}

/** SYN and ACK with sizes in the prescribed bounds, padded with zeroes to 1232 bytes or not at all. */
export function parseSynAck(datagram: Uint8Array): SynAck | undefined {
  const reader = new ByteReader(datagram);
  const acknowledged = reader.u32();
  const window = reader.u16();
  const flags = reader.u16();
  reader.skip(4);
  const mtus = [reader.u16(), reader.u16()];
  if (reader.short || window === 0 || datagram.length > MAX_MTU) return undefined;
  if ((flags & ~SYN_EX) !== (SYN | ACK)) return undefined;
  if (mtus.some((mtu) => mtu < MIN_MTU || mtu > MAX_MTU)) return undefined;
  const version = (flags & SYN_EX) === 0 ? undefined : readVersion(reader);
  const rest = reader.take(reader.left);
  if (reader.short || rest.some((byte) => byte !== 0)) return undefined;
  return { acknowledged, version, size: datagram.length };
}

/** RDPUDP_SYNDATAEX_PAYLOAD (2.2.2.9): the version counts when flag 1 is set. */
function readVersion(reader: ByteReader): number | undefined {
  const isValid = (reader.u16() & 1) !== 0;
  const version = reader.u16();
  return isValid ? version : undefined;
}
