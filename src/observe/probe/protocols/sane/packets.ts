/** SANE network protocol (sane-project.org, "SANE Standard" §5): SANE_NET_INIT. */
import { ByteReader } from '../../../../lib/byte-reader.ts';

/** Procedure 0, version 1.0.3, a user name that is absent. */
export function encodeInit(): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 0, 0);
}

export interface SaneInit {
  /** SANE_Status; 0: go on, 11: access denied. */
  readonly status: number;
  /** "1.1.3": of the protocol. */
  readonly protocolVersion: string;
}

const MAX_STATUS = 11;

/** Status and version, eight bytes in all. */
export function parseInit(received: Uint8Array): SaneInit | 'more' | undefined {
  const reader = new ByteReader(received);
  const status = reader.u32();
  const [major, minor, build] = [reader.u8(), reader.u8(), reader.u16()];
  if (received.length >= 4 && status > MAX_STATUS) return undefined;
  if (reader.short) return 'more';
  if (reader.left > 0 || major !== 1 || minor > 9 || build === 0 || build > 9) return undefined;
  return { status, protocolVersion: `${major}.${minor}.${build}` };
}
