/** libvirt's remote protocol (libvirt.org, "Anatomy of a libvirt RPC call"; remote_protocol.x): ways to log in. */
import { ByteReader } from '../../../../lib/byte-reader.ts';

const PROGRAM = 0x20_00_80_86;
const VERSION = 1;
/** REMOTE_PROC_AUTH_LIST; the one procedure that needs no session. */
const AUTH_LIST = 66;
const REPLY = 1;

export function encodeAuthList(): Uint8Array {
  const packet = Buffer.alloc(28);
  [28, PROGRAM, VERSION, AUTH_LIST, 0, 1, 0].forEach((word, index) => packet.writeUInt32BE(word, index * 4));
  return packet;
}

export interface AuthList {
  /** none, sasl, polkit, or the number; undefined: the daemon refused to say. At most 20. */
  readonly methods: readonly string[] | undefined;
}

const NAMES = ['none', 'sasl', 'polkit'] as const;
const MAX_REPLY = 4096;
/** REMOTE_AUTH_TYPE_LIST_MAX. */
const MAX_METHODS = 20;

export function parseAuthList(received: Uint8Array): AuthList | 'more' | undefined {
  const reader = new ByteReader(received);
  const [length, program, version, procedure] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()];
  const [type, serial, status] = [reader.u32(), reader.u32(), reader.u32()];
  if (received.length >= 8 && (program !== PROGRAM || length > MAX_REPLY || length < 28)) return undefined;
  if (reader.short || received.length < length) return 'more';
  if (version !== VERSION || procedure !== AUTH_LIST || type !== REPLY || serial !== 1) return undefined;
  if (received.length > length) return undefined;
  if (status !== 0) return { methods: undefined };
  const count = reader.u32();
  if (reader.short || count > MAX_METHODS || reader.left !== count * 4) return undefined;
  return {
    methods: Array.from({ length: count }, () => reader.u32()).map((one) => NAMES[one] ?? String(one)),
  };
}
