import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  timingSafeEqual,
  type CipherGCMTypes,
} from 'node:crypto';
import type { Cipher, Mac, Protection } from './algorithms.ts';
import { encodePacket } from './packets.ts';
import { deriveKey, type KeyMaterial } from './session-keys.ts';

/** RFC 4253 §6.1. The answers that we wait for are far smaller. */
const MAX_PACKET = 35_000;
const GCM_TAG = 16;

/** One direction of an encrypted connection at one moment. Sealing and opening give the next moment back. */
export interface Lane {
  readonly cipher: Cipher;
  readonly mac: Mac | undefined;
  readonly key: Uint8Array;
  readonly macKey: Uint8Array;
  /** CTR: counter block · CBC: last block of the packet before · GCM: fixed field and invocation counter. */
  readonly iv: Uint8Array;
  /** Number of the packet in this direction since the connection began, unencrypted ones too (RFC 4253 §6.4). */
  readonly sequence: number;
}

/** @param sequence packets that went this way before NEWKEYS took effect. */
export function openLane(
  protection: Protection,
  material: KeyMaterial,
  direction: 'to-server' | 'to-client',
  sequence: number,
): Lane {
  const [iv, key, macKey] =
    direction === 'to-server' ? (['A', 'C', 'E'] as const) : (['B', 'D', 'F'] as const);
  const { cipher, mac } = protection;
  return {
    cipher,
    mac,
    key: deriveKey(material, key, cipher.keyBytes),
    macKey: deriveKey(material, macKey, mac?.bytes ?? 0),
    iv: deriveKey(material, iv, cipher.ivBytes),
    sequence,
  };
}

export interface Sealed {
  readonly bytes: Uint8Array;
  readonly next: Lane;
}

/** Frames, encrypts and authenticates a payload (RFC 4253 §6, RFC 4344 §4, RFC 5647 §7). */
export function seal(lane: Lane, payload: Uint8Array, random: (length: number) => Uint8Array): Sealed {
  const { cipher, mac } = lane;
  const clear = lengthIsClear(lane) ? 4 : 0;
  const plain = encodePacket(payload, random, cipher.block, clear);
  const [head, body] = [plain.subarray(0, clear), plain.subarray(clear)];
  if (cipher.mode === 'gcm') {
    const gcm = createCipheriv(cipher.algorithm, lane.key, lane.iv, { authTagLength: GCM_TAG });
    gcm.setAAD(head);
    const sealed = [head, gcm.update(body), gcm.final(), gcm.getAuthTag()];
    return { bytes: Buffer.concat(sealed), next: advance(lane, body) };
  }
  const stream = createCipheriv(cipher.algorithm, lane.key, lane.iv).setAutoPadding(false);
  const encrypted = Buffer.concat([head, stream.update(body), stream.final()]);
  const code = authenticate(lane, mac?.overEncrypted === true ? encrypted : plain);
  return { bytes: Buffer.concat([encrypted, code]), next: advance(lane, encrypted.subarray(clear)) };
}

export interface Opened {
  readonly payload: Uint8Array;
  /** Length of the whole packet on the wire. */
  readonly length: number;
  readonly next: Lane;
}

/** The first packet in `received`. broken: its length or its authentication code is wrong; nothing after it can be read. */
export function open(lane: Lane, received: Uint8Array): Opened | 'more' | 'broken' {
  const { cipher } = lane;
  const clear = lengthIsClear(lane) ? 4 : 0;
  if (received.length < (clear === 0 ? cipher.block : 4)) return 'more';
  const start = clear === 0 ? decrypt(lane, received.subarray(0, cipher.block)) : received;
  const inside = Buffer.from(start.subarray(0, 4)).readUInt32BE();
  const encrypted = inside + 4 - clear;
  if (inside + 4 > MAX_PACKET || encrypted % cipher.block !== 0) return 'broken';
  const code = cipher.mode === 'gcm' ? GCM_TAG : (lane.mac?.bytes ?? 0);
  const length = 4 + inside + code;
  if (received.length < length) return 'more';
  const plain = verified(
    lane,
    received.subarray(0, 4 + inside),
    received.subarray(4 + inside, length),
    clear,
  );
  if (plain === undefined) return 'broken';
  const padding = plain[4] ?? 0;
  // RFC 4253 §6: at least four bytes of padding, and a payload.
  if (padding < 4 || padding + 1 >= inside) return 'broken';
  const next = advance(lane, received.subarray(clear, 4 + inside));
  return { payload: plain.subarray(5, 4 + inside - padding), length, next };
}

/** The packet from its length field on, in clear; undefined when the code does not fit. */
function verified(lane: Lane, packet: Uint8Array, code: Uint8Array, clear: number): Uint8Array | undefined {
  const { cipher, mac } = lane;
  const [head, body] = [packet.subarray(0, clear), packet.subarray(clear)];
  if (cipher.mode === 'gcm') return openGcm(lane, cipher.algorithm, head, body, code);
  const plain = (): Uint8Array => Buffer.concat([head, decrypt(lane, body)]);
  if (mac?.overEncrypted === true) {
    return timingSafeEqual(authenticate(lane, packet), code) ? plain() : undefined;
  }
  const decrypted = plain();
  return timingSafeEqual(authenticate(lane, decrypted), code) ? decrypted : undefined;
}

function openGcm(
  lane: Lane,
  algorithm: CipherGCMTypes,
  head: Uint8Array,
  body: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  const gcm = createDecipheriv(algorithm, lane.key, lane.iv, { authTagLength: GCM_TAG });
  gcm.setAAD(head).setAuthTag(tag);
  const plain = gcm.update(body);
  try {
    gcm.final();
  } catch {
    return undefined;
  }
  return Buffer.concat([head, plain]);
}

/** CTR and CBC: whole blocks from the start of the packet. */
function decrypt({ cipher, key, iv }: Lane, blocks: Uint8Array): Uint8Array {
  const stream = createDecipheriv(cipher.algorithm, key, iv).setAutoPadding(false);
  return Buffer.concat([stream.update(blocks), stream.final()]);
}

function authenticate({ mac, macKey, sequence }: Lane, packet: Uint8Array): Uint8Array {
  if (mac === undefined) return new Uint8Array();
  const number = Buffer.alloc(4);
  number.writeUInt32BE(sequence);
  return createHmac(mac.hash, macKey).update(number).update(packet).digest();
}

function lengthIsClear({ cipher, mac }: Lane): boolean {
  return cipher.mode === 'gcm' || mac?.overEncrypted === true;
}

/** @param encrypted what the cipher made of the packet that has passed. */
function advance(lane: Lane, encrypted: Uint8Array): Lane {
  return { ...lane, sequence: lane.sequence + 1, iv: nextIv(lane, encrypted) };
}

function nextIv({ cipher, iv }: Lane, encrypted: Uint8Array): Uint8Array {
  switch (cipher.mode) {
    case 'ctr':
      return add(iv, encrypted.length / cipher.block);
    case 'cbc':
      return Uint8Array.from(encrypted.subarray(-cipher.block));
    case 'gcm':
      // Four fixed bytes and a counter of eight (RFC 5647 §7.1).
      return Buffer.concat([iv.subarray(0, 4), add(iv.subarray(4), 1)]);
  }
}

/** Big-endian number of fixed length plus `count`, round the corner. */
function add(number: Uint8Array, count: number): Uint8Array {
  const sum = Uint8Array.from(number);
  let carry = count;
  for (let at = sum.length - 1; at >= 0 && carry > 0; at -= 1) {
    carry += sum[at] ?? 0;
    sum[at] = carry & 0xff;
    carry = Math.floor(carry / 256);
  }
  return sum;
}
