import { ByteReader } from '../../../../lib/byte-reader.ts';
import { MESSAGE, sshString } from './packets.ts';

export interface KexInit {
  readonly keyExchange: readonly string[];
  readonly hostKey: readonly string[];
  /** Client to server; both directions agree on every server in use. */
  readonly encryption: readonly string[];
  readonly mac: readonly string[];
  readonly compression: readonly string[];
}

/** RFC 4253 §7.1. */
export function encodeKexInit(lists: KexInit, random: (length: number) => Uint8Array): Uint8Array {
  const { encryption, mac, compression } = lists;
  const inOrder = [
    lists.keyExchange,
    lists.hostKey,
    encryption,
    encryption,
    mac,
    mac,
    compression,
    compression,
  ];
  return Buffer.concat([
    Buffer.from([MESSAGE.kexInit]),
    random(16),
    ...inOrder.map((names) => sshString(names.join(','))),
    // No languages, no guessed packet, reserved word.
    Buffer.alloc(4 + 4 + 1 + 4),
  ]);
}

/** Names are bounded in number and length: 200 of 64 characters are far beyond any real server. */
export function parseKexInit(payload: Uint8Array): KexInit | undefined {
  return parseKexInitBothWays(payload)?.toServer;
}

/** The lists for each direction; the key exchange and the host key are the same in both. */
export interface KexInitBothWays {
  readonly toServer: KexInit;
  readonly toClient: KexInit;
}

export function parseKexInitBothWays(payload: Uint8Array): KexInitBothWays | undefined {
  const reader = new ByteReader(payload);
  if (reader.u8() !== MESSAGE.kexInit) return undefined;
  reader.skip(16);
  const lists: string[][] = [];
  for (let i = 0; i < 8; i += 1) lists.push(nameList(reader.latin1(reader.u32())));
  if (reader.short) return undefined;
  const direction = (offset: 0 | 1): KexInit => ({
    keyExchange: lists[0] ?? [],
    hostKey: lists[1] ?? [],
    encryption: lists[2 + offset] ?? [],
    mac: lists[4 + offset] ?? [],
    compression: lists[6 + offset] ?? [],
  });
  return { toServer: direction(0), toClient: direction(1) };
}

/** A name-list of RFC 4251 §5. */
export function nameList(text: string): string[] {
  return text
    .split(',')
    .filter((name) => name !== '')
    .slice(0, 200)
    .map((name) => name.slice(0, 64));
}
