import { createHash } from 'node:crypto';
import { ByteReader } from '../../../../lib/byte-reader.ts';
import { OWN_VERSION } from '../own-version.ts';

/** RFC 4253 §4.2: our own identification says honestly who asks. The version may hold no space and no minus sign. */
export const CLIENT_IDENTIFICATION = `SSH-2.0-sekisho_${OWN_VERSION.replace(/[^\w.+]/g, '_')}`;

/** Bytes of text before and including the identification line that are looked at; tarpits send lines for ever. */
const MAX_IDENTIFICATION_BYTES = 8192;
/** RFC 4253 §6.1 asks for 35000; some servers send longer lists of algorithms. */
const MAX_PACKET = 65_536;

export const MESSAGE = {
  disconnect: 1,
  ignore: 2,
  unimplemented: 3,
  debug: 4,
  serviceRequest: 5,
  serviceAccept: 6,
  extInfo: 7,
  kexInit: 20,
  newKeys: 21,
  kexDhInit: 30,
  kexDhReply: 31,
  userauthRequest: 50,
  userauthFailure: 51,
  userauthSuccess: 52,
  userauthBanner: 53,
};

export interface Identification {
  /** Without CR LF. */
  readonly banner: string;
  readonly protocol: string;
  readonly software: string;
  readonly comment?: string;
  /** Bytes up to and with the line end; binary packets begin here. */
  readonly length: number;
}

/**
 * Finds the identification line. Lines before it are allowed (RFC 4253 §4.2).
 *
 * @returns 'more' while it may still come, undefined when it will not.
 */
export function readIdentification(received: Uint8Array): Identification | 'more' | undefined {
  let start = 0;
  while (start < MAX_IDENTIFICATION_BYTES) {
    const end = received.indexOf(0x0a, start);
    if (end < 0 || end >= MAX_IDENTIFICATION_BYTES) break;
    const line = latin1(received.subarray(start, end)).replace(/\r$/, '');
    if (line.startsWith('SSH-')) {
      const parts = parseIdentification(line);
      return parts === undefined ? undefined : { ...parts, length: end + 1 };
    }
    start = end + 1;
  }
  return received.length < MAX_IDENTIFICATION_BYTES ? 'more' : undefined;
}

/** Splits one identification line, e.g. "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3". */
export function parseIdentification(line: string): Omit<Identification, 'length'> | undefined {
  const match = /^SSH-([^-\s]{1,20})-([^ ]*)(?: (.*))?$/.exec(line.slice(0, 512));
  if (match === null) return undefined;
  const [banner, protocol = '', software = '', comment] = match;
  return { banner, protocol, software, ...(comment === undefined ? {} : { comment }) };
}

export interface Packet {
  readonly payload: Uint8Array;
  /** Length of the whole packet on the wire. */
  readonly length: number;
}

/** One packet before encryption begins (RFC 4253 §6). undefined: this is no SSH packet. */
export function readPacket(received: Uint8Array): Packet | 'more' | undefined {
  if (received.length < 4) return 'more';
  const reader = new ByteReader(received);
  const length = reader.u32();
  if (length < 5 || length > MAX_PACKET) return undefined;
  if (received.length < 4 + length) return 'more';
  const padding = reader.u8();
  if (padding + 1 >= length) return undefined;
  return { payload: reader.take(length - padding - 1), length: 4 + length };
}

/** The first packet whose message number is `wanted`; messages that may come at any time are passed over. */
export function findPacket(received: Uint8Array, wanted: number): Packet | 'more' | undefined {
  let offset = 0;
  for (;;) {
    const packet = readPacket(received.subarray(offset));
    if (packet === 'more' || packet === undefined) return packet;
    offset += packet.length;
    const message = packet.payload[0];
    if (message === wanted) return { payload: packet.payload, length: offset };
    if (message !== MESSAGE.ignore && message !== MESSAGE.debug) return undefined;
  }
}

/**
 * Frames a payload with at least 4 bytes of padding.
 *
 * @param block block size of the cipher, 8 while there is none
 * @param outside bytes of the length field that do not count for the block size: 4 where the length is not encrypted
 */
export function encodePacket(
  payload: Uint8Array,
  random: (length: number) => Uint8Array,
  block = 8,
  outside = 0,
): Uint8Array {
  let padding = block - ((payload.length + 5 - outside) % block);
  if (padding < 4) padding += block;
  const packet = Buffer.alloc(5 + payload.length + padding);
  packet.writeUInt32BE(1 + payload.length + padding, 0);
  packet[4] = padding;
  packet.set(payload, 5);
  packet.set(random(padding), 5 + payload.length);
  return packet;
}

/** RFC 4253 §8 (mpint) and RFC 5656 §4 (string): the same on the wire once the number is made an mpint. */
export function encodeKexDhInit(publicKey: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([MESSAGE.kexDhInit]), sshString(publicKey)]);
}

/** Polite end of the conversation, RFC 4253 §11.1: by application. */
export function encodeDisconnect(text: string): Uint8Array {
  const byApplication = Buffer.from([MESSAGE.disconnect, 0, 0, 0, 11]);
  return Buffer.concat([byApplication, sshString(text), sshString('')]);
}

export interface HostKey {
  readonly type: string;
  /** As OpenSSH prints it: "SHA256:" and base64 without padding. */
  readonly sha256: string;
  readonly bits?: number;
}

/** The host key of SSH_MSG_KEXDH_REPLY. */
export function parseKexDhReply(payload: Uint8Array): HostKey | undefined {
  const reply = readKexDhReply(payload);
  return reply === undefined ? undefined : describeHostKey(reply.hostKeyBlob);
}

export interface KexDhReply {
  /** K_S. */
  readonly hostKeyBlob: Uint8Array;
  /** Body of f or Q_S: the server's half of the exchange; empty when the packet was cut short behind the host key. */
  readonly publicKey: Uint8Array;
}

/** RFC 4253 §8, RFC 5656 §4. The signature is not looked at: nothing that we send is secret. */
export function readKexDhReply(payload: Uint8Array): KexDhReply | undefined {
  const reader = new ByteReader(payload);
  if (reader.u8() !== MESSAGE.kexDhReply) return undefined;
  const hostKeyBlob = reader.take(reader.u32());
  if (reader.short) return undefined;
  const publicKey = reader.take(reader.u32());
  return { hostKeyBlob, publicKey: reader.short ? new Uint8Array() : publicKey };
}

/** Type, fingerprint and size of a public key blob (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4). */
export function describeHostKey(blob: Uint8Array): HostKey | undefined {
  const reader = new ByteReader(blob);
  const type = reader.latin1(reader.u32());
  if (reader.short || !/^[\w@.+-]{3,64}$/.test(type)) return undefined;
  const sha256 = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  const bits = keyBits(type, reader);
  return { type, sha256, ...(bits === undefined ? {} : { bits }) };
}

function keyBits(type: string, reader: ByteReader): number | undefined {
  const curve = /^ecdsa-sha2-nistp(256|384|521)$/.exec(type)?.[1];
  if (curve !== undefined) return Number(curve);
  if (type === 'ssh-ed25519') return 256;
  if (type !== 'ssh-rsa' && type !== 'ssh-dss') return undefined;
  // RSA: e, n · DSA: p first. The size of the key is that of n and of p.
  if (type === 'ssh-rsa') reader.skip(reader.u32());
  const number = reader.take(reader.u32());
  return reader.short ? undefined : bitLength(number);
}

function bitLength(number: Uint8Array): number {
  const first = number.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (number.length - first) * 8 - (Math.clz32(number[first] ?? 0) - 24);
}

/** Big-endian unsigned number as the body of an mpint (RFC 4251 §5): a leading zero byte keeps it positive. */
export function mpint(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  if (first < 0) return new Uint8Array();
  const trimmed = number.subarray(first);
  return (trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), trimmed]) : trimmed;
}

export function sshString(content: string | Uint8Array): Uint8Array {
  const body = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
