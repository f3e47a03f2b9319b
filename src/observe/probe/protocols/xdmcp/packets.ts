/** X Display Manager Control Protocol, version 1. */
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { decodeText } from '../../tcp/text.ts';

export interface XdmcpAnswer {
  readonly opcode: 'willing' | 'unwilling';
  readonly hostName: string;
  readonly status: string;
  /** Only of `willing`; empty: no way to prove who asks. */
  readonly authentication?: string;
}

/** Query (2) without authentication names. */
export function encodeQuery(): Uint8Array {
  return Uint8Array.of(0, 1, 0, 2, 0, 1, 0);
}

const WILLING = 5;
const UNWILLING = 6;

/** Willing or Unwilling; the declared length must be that of the datagram. */
export function parseAnswer(received: Uint8Array): XdmcpAnswer | undefined {
  const reader = new ByteReader(received);
  const [version, opcode, length] = [reader.u16(), reader.u16(), reader.u16()];
  if (reader.short || version !== 1 || length !== reader.left) return undefined;
  if (opcode !== WILLING && opcode !== UNWILLING) return undefined;
  const authentication = opcode === WILLING ? readText(reader) : undefined;
  const [hostName, status] = [readText(reader), readText(reader)];
  if (reader.short || reader.left > 0) return undefined;
  return opcode === WILLING && authentication !== undefined
    ? { opcode: 'willing', authentication, hostName, status }
    : { opcode: 'unwilling', hostName, status };
}

function readText(reader: ByteReader): string {
  return decodeText(reader.take(reader.u16()), 256);
}
