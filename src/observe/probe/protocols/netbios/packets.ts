import { ByteReader } from '../../../../lib/byte-reader.ts';
import { encodeNetbiosName } from '../smb/framing.ts';

const NODE_STATUS = 0x21;
const CLASS_INTERNET = 1;

/** NODE STATUS REQUEST of RFC 1002 §4.2.17 for the name "*", which every node has. */
export function encodeNodeStatusRequest(transaction: number): Uint8Array {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(1, 4);
  return Buffer.concat([header, encodeNetbiosName('*', 0), Uint8Array.of(0, NODE_STATUS, 0, CLASS_INTERNET)]);
}

export interface NetbiosName {
  readonly name: string;
  /** Last byte of the name: 0x00 workstation or domain, 0x20 file server, 0x1c domain controllers … */
  readonly suffix: number;
  readonly isGroup: boolean;
}

export interface NodeStatus {
  readonly transaction: number;
  readonly names: readonly NetbiosName[];
  /** "00:50:56:ab:cd:ef"; undefined when it is all zeros, as Samba sends it. */
  readonly hardwareAddress?: string;
}

const NAME_LENGTH = 15;
const GROUP = 0x8000;
/** RFC 1002 §4.2.1.1: response, opcode query, authoritative. */
const RESPONSE_FLAGS = 0x8400;
const LABEL_LENGTH = 32;

/** NODE STATUS RESPONSE of RFC 1002 §4.2.18, whole; a cut one gives nothing. */
export function parseNodeStatus(received: Uint8Array): NodeStatus | undefined {
  const reader = new ByteReader(received);
  const transaction = reader.u16();
  const flags = reader.u16();
  const questions = reader.u16();
  const answers = reader.u16();
  reader.skip(4);
  const label = reader.u8();
  if (reader.short || (flags & 0xfc0f) !== RESPONSE_FLAGS || answers !== 1 || questions !== 0)
    return undefined;
  if (label !== LABEL_LENGTH) return undefined;
  reader.skip(LABEL_LENGTH + 1);
  if (reader.u16() !== NODE_STATUS || reader.u16() !== CLASS_INTERNET) return undefined;
  reader.skip(4);
  const length = reader.u16();
  const count = reader.u8();
  if (reader.short || count === 0 || length < 1 + count * 18) return undefined;
  const names = Array.from({ length: count }, () => readName(reader));
  const address = reader.take(6);
  if (reader.short) return undefined;
  const isKnown = address.some((byte) => byte !== 0);
  const hardwareAddress = Buffer.from(address)
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1:');
  return { transaction, names, ...(isKnown ? { hardwareAddress } : {}) };
}

function readName(reader: ByteReader): NetbiosName {
  const name = reader.latin1(NAME_LENGTH).replace(/[ \0]+$/, '');
  const suffix = reader.u8();
  return { name, suffix, isGroup: (reader.u16() & GROUP) !== 0 };
}
