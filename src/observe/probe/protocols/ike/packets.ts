import { ByteReader } from '../../../../lib/byte-reader.ts';
import { COOKIE, INVALID_KE_PAYLOAD } from './names.ts';

export const EXCHANGE = {
  main: 2,
  aggressive: 4,
  informational1: 5,
  saInit: 34,
  informational2: 37,
} as const;

export interface Payload {
  readonly type: number;
  readonly body: Uint8Array;
}

/** One unencrypted answer of a responder. */
export interface IkeMessage {
  /** Hex. */
  readonly initiatorSpi: string;
  readonly responderSpi: string;
  readonly version: 1 | 2;
  readonly exchange: number;
  readonly payloads: readonly Payload[];
}

const HEADER = 28;
const NO_SPI = '0'.repeat(16);
const MAX_PAYLOADS = 48;
const RESPONSE = 0x20;
const INITIATOR = 0x08;

/**
 * The answer of an IKE responder: RFC 2408 §3.1 (version 1), RFC 7296 §3.1 (version 2), with or without the non-ESP marker
 * of port 4500 (RFC 3948 §2.2). Undefined unless the whole chain of payloads fits the datagram to the byte, and for a
 * request (ours, echoed): an answer of version 2 has the response flag, one of version 1 a responder cookie or a
 * notification.
 */
export function parseIkeAnswer(datagram: Uint8Array): IkeMessage | undefined {
  const reader = new ByteReader(withoutMarker(datagram));
  const size = reader.left;
  const initiatorSpi = hex(reader.take(8));
  const responderSpi = hex(reader.take(8));
  const first = reader.u8();
  const version = { 0x10: 1 as const, 0x20: 2 as const }[reader.u8()];
  const exchange = reader.u8();
  const flags = reader.u8();
  reader.skip(4);
  if (reader.u32() !== size || reader.short || version === undefined) return undefined;
  if (!isAnswer({ version, exchange, flags, responderSpi })) return undefined;
  const payloads = readPayloads(reader, first);
  if (payloads === undefined || !isPadding(reader, version)) return undefined;
  const message: IkeMessage = { initiatorSpi, responderSpi, version, exchange, payloads };
  return hasExpectedPayload(message) ? message : undefined;
}

function withoutMarker(datagram: Uint8Array): Uint8Array {
  const isMarked = datagram.length >= HEADER + 4 && datagram.subarray(0, 4).every((byte) => byte === 0);
  return isMarked ? datagram.subarray(4) : datagram;
}

function isAnswer(header: {
  readonly version: 1 | 2;
  readonly exchange: number;
  readonly flags: number;
  readonly responderSpi: string;
}): boolean {
  const { version, exchange, flags, responderSpi } = header;
  if (version === 2) {
    const isKnown = exchange === EXCHANGE.saInit || exchange === EXCHANGE.informational2;
    return isKnown && (flags & (RESPONSE | INITIATOR)) === RESPONSE;
  }
  // Flag 1 is encryption, 2 commit, 4 authentication only.
  if ((flags & ~2) !== 0) return false;
  if (exchange === EXCHANGE.informational1) return true;
  return (exchange === EXCHANGE.main || exchange === EXCHANGE.aggressive) && responderSpi !== NO_SPI;
}

function readPayloads(reader: ByteReader, first: number): readonly Payload[] | undefined {
  const payloads: Payload[] = [];
  let type = first;
  while (type !== 0) {
    if (payloads.length === MAX_PAYLOADS) return undefined;
    const next = reader.u8();
    reader.skip(1);
    const length = reader.u16();
    const body = reader.take(length - 4);
    if (reader.short) return undefined;
    payloads.push({ type, body });
    type = next;
  }
  return payloads;
}

/** libreswan fills messages of version 1 up to a multiple of four bytes (RFC 2408 §3.1); nobody else sends anything there. */
function isPadding(reader: ByteReader, version: 1 | 2): boolean {
  const rest = reader.take(reader.left);
  return rest.length <= (version === 1 ? 3 : 0) && rest.every((byte) => byte === 0);
}

export const PAYLOAD = {
  sa1: 1,
  id1: 5,
  hash1: 8,
  notify1: 11,
  vendor1: 13,
  sa2: 33,
  notify2: 41,
  vendor2: 43,
} as const;

/** Payload types of both versions start at different numbers; an answer without any of these says nothing. */
function hasExpectedPayload({ version, exchange, payloads }: IkeMessage): boolean {
  const types = payloads.map(({ type }) => type);
  if (version === 2) return types.includes(PAYLOAD.sa2) || types.includes(PAYLOAD.notify2);
  return types.includes(exchange === EXCHANGE.informational1 ? PAYLOAD.notify1 : PAYLOAD.sa1);
}

export interface Notification {
  readonly type: number;
  readonly spi: Uint8Array;
  readonly data: Uint8Array;
}

/** RFC 2408 §3.14, RFC 7296 §3.10. */
export function notificationsOf(message: IkeMessage): readonly Notification[] {
  const wanted = message.version === 1 ? PAYLOAD.notify1 : PAYLOAD.notify2;
  return message.payloads.flatMap(({ type, body }) => {
    if (type !== wanted) return [];
    const reader = new ByteReader(body);
    if (message.version === 1) reader.skip(4);
    reader.skip(1);
    const spiSize = reader.u8();
    const notification = { type: reader.u16(), spi: reader.take(spiSize), data: reader.take(reader.left) };
    return reader.short ? [] : [notification];
  });
}

export function vendorIdsOf({ version, payloads }: IkeMessage): readonly Uint8Array[] {
  const wanted = version === 1 ? PAYLOAD.vendor1 : PAYLOAD.vendor2;
  return payloads.filter(({ type, body }) => type === wanted && body.length > 0).map(({ body }) => body);
}

/** What the responder chose; numbers of the registries. */
export interface Chosen1 {
  readonly encryption: number;
  readonly keyBits: number | undefined;
  readonly hash: number;
  readonly authentication: number;
  readonly group: number;
}

/** The one transform of a responder's SA payload (RFC 2409 appendix A); undefined when it is none, or more than one. */
export function chosen1({ version, payloads }: IkeMessage): Chosen1 | undefined {
  const body = payloads.find(({ type }) => type === PAYLOAD.sa1)?.body;
  if (version !== 1 || body === undefined) return undefined;
  const reader = new ByteReader(body);
  // Domain of interpretation 1 (IPsec), situation, then next, reserved, length and number of the proposal.
  if (reader.u32() !== 1) return undefined;
  reader.skip(4 + 4 + 1);
  const protocol = reader.u8();
  const spiSize = reader.u8();
  const transforms = reader.u8();
  reader.skip(spiSize);
  reader.skip(2);
  const length = reader.u16();
  reader.skip(1);
  const transform = reader.u8();
  reader.skip(2);
  const attributes = readAttributes(reader.take(length - 8));
  if (reader.short || protocol !== 1 || transforms !== 1 || transform !== 1) return undefined;
  const [encryption, hash, authentication, group] = [1, 2, 3, 4].map((type) => attributes?.get(type));
  if (encryption === undefined || hash === undefined || authentication === undefined || group === undefined)
    return undefined;
  return { encryption, hash, authentication, group, keyBits: attributes?.get(14) };
}

/** Attributes of RFC 2408 §3.3; long ones keep the number only when it fits four bytes. */
function readAttributes(bytes: Uint8Array): ReadonlyMap<number, number> | undefined {
  const reader = new ByteReader(bytes);
  const attributes = new Map<number, number>();
  while (reader.left > 0) {
    const head = reader.u16();
    const value = reader.u16();
    const isShort = (head & 0x8000) !== 0;
    if (!isShort) reader.skip(value);
    if (reader.short) return undefined;
    if (isShort) attributes.set(head & 0x7fff, value);
  }
  return attributes;
}

export interface Transform2 {
  /** 1 encryption, 2 pseudo-random function, 3 integrity, 4 group. */
  readonly type: number;
  readonly id: number;
  readonly keyBits: number | undefined;
}

/** The transforms of the one proposal in a responder's SA payload (RFC 7296 §3.3); undefined when it is none. */
export function chosen2({ version, payloads }: IkeMessage): readonly Transform2[] | undefined {
  const body = payloads.find(({ type }) => type === PAYLOAD.sa2)?.body;
  if (version !== 2 || body === undefined) return undefined;
  const reader = new ByteReader(body);
  const isLast = reader.u8() === 0;
  reader.skip(1);
  const length = reader.u16();
  reader.skip(1);
  const protocol = reader.u8();
  const spiSize = reader.u8();
  const count = reader.u8();
  reader.skip(spiSize);
  if (!isLast || protocol !== 1 || length !== body.length || count === 0 || count > 16) return undefined;
  const transforms = Array.from({ length: count }, () => readTransform2(reader));
  return reader.short || reader.left > 0 ? undefined : transforms;
}

function readTransform2(reader: ByteReader): Transform2 {
  reader.skip(2);
  const length = reader.u16();
  const type = reader.u8();
  reader.skip(1);
  const id = reader.u16();
  return { type, id, keyBits: readAttributes(reader.take(length - 8))?.get(14) };
}

/** What a version 2 answer proves: a bare NO_PROPOSAL_CHOSEN is also what gateways with version 1 only say. */
export function isOffered2(message: IkeMessage): boolean {
  if (message.version !== 2 || message.exchange !== EXCHANGE.saInit) return false;
  if (chosen2(message) !== undefined) return true;
  return notificationsOf(message).some(({ type }) => type === COOKIE || type === INVALID_KE_PAYLOAD);
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
