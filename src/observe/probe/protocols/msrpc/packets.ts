import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';

/** Types of the connection-oriented PDUs of DCE 1.1 RPC, C706 §12.6.4. */
const TYPE = { request: 0, response: 2, fault: 3, bind: 11, bindAck: 12, bindNak: 13 } as const;
const FIRST_FRAGMENT = 1;
const LAST_FRAGMENT = 2;
const HEADER_LENGTH = 16;
/** What a server may send us at once; C706 wants at least 1432. */
const MAX_FRAGMENT = 4280;
/** All fragments of one answer. */
const MAX_ANSWER = 64 * 1024;
const LITTLE_ENDIAN = 0x10;

/** uuid and version of an interface, as the wire has them. */
interface Syntax {
  readonly uuid: string;
  readonly major: number;
  readonly minor: number;
}

/** Endpoint mapper, C706 appendix O. */
const ENDPOINT_MAPPER: Syntax = { uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', major: 3, minor: 0 };
const NDR: Syntax = { uuid: '8a885d04-1ceb-11c9-9fe8-08002b104860', major: 2, minor: 0 };

function encodePdu(type: number, callId: number, body: Uint8Array, verifier: Uint8Array): Uint8Array {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.set([5, 0, type, FIRST_FRAGMENT | LAST_FRAGMENT, LITTLE_ENDIAN]);
  header.writeUInt16LE(HEADER_LENGTH + body.length + verifier.length, 8);
  // auth_length counts the token only, not the eight bytes before it.
  header.writeUInt16LE(Math.max(0, verifier.length - 8), 10);
  header.writeUInt32LE(callId, 12);
  return Buffer.concat([header, body, verifier]);
}

function encodeSyntax({ uuid, major, minor }: Syntax): Uint8Array {
  const version = Buffer.alloc(4);
  version.writeUInt16LE(major, 0);
  version.writeUInt16LE(minor, 2);
  return Buffer.concat([encodeUuid(uuid), version]);
}

function encodeUuid(uuid: string): Uint8Array {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order.map((at) => bytes[at] ?? 0));
}

/**
 * bind to the endpoint mapper (C706 §12.6.4.3).
 *
 * @param token first token of NTLM; the server then answers with its challenge. Without one the bind is anonymous.
 */
export function encodeBind(token?: Uint8Array): Uint8Array {
  const body = Buffer.concat([
    Uint8Array.of(MAX_FRAGMENT & 0xff, MAX_FRAGMENT >> 8, MAX_FRAGMENT & 0xff, MAX_FRAGMENT >> 8, 0, 0, 0, 0),
    Uint8Array.of(1, 0, 0, 0, 0, 0, 1, 0),
    encodeSyntax(ENDPOINT_MAPPER),
    encodeSyntax(NDR),
  ]);
  // MS-RPCE 2.2.2.11: NTLM, at the level "connect".
  const verifier = token === undefined ? [] : [Uint8Array.of(10, 2, 0, 0, 0, 0, 0, 0), token];
  return encodePdu(TYPE.bind, 1, body, Buffer.concat(verifier));
}

const LOOKUP = 2;

/** ept_lookup (C706 appendix O) of every element, at most `max` of them, without a handle: the server keeps nothing for long. */
export function encodeLookup(max: number): Uint8Array {
  const stub = Buffer.alloc(40);
  // inquiry_type 0 (all), no object, no interface, vers_option 1 (all), an empty handle of 20 bytes, max_ents.
  stub.writeUInt32LE(1, 12);
  stub.writeUInt32LE(max, 36);
  const body = Buffer.alloc(8);
  body.writeUInt32LE(stub.length, 0);
  body.writeUInt16LE(LOOKUP, 6);
  return encodePdu(TYPE.request, 2, Buffer.concat([body, stub]), new Uint8Array());
}

interface Pdu {
  readonly type: number;
  readonly flags: number;
  readonly callId: number;
  /** Behind the header, the authentication verifier included. */
  readonly body: Uint8Array;
  readonly length: number;
}

/** One PDU in little endian, as every server in use sends it. */
function parsePdu(received: Uint8Array): Reading<Pdu> {
  const reader = new ByteReader(received);
  const version = reader.u8();
  if (version !== 5 && !reader.short) return undefined;
  const minor = reader.u8();
  const type = reader.u8();
  const flags = reader.u8();
  const order = reader.u32();
  if (reader.short) return 'more';
  // Integers little-endian, characters ASCII, floating point IEEE; the last two bytes are nought (C706 §14.1).
  if (minor > 1 || type > 19 || order !== 0x10000000) return undefined;
  const length = reader.u16le();
  const tokenLength = reader.u16le();
  const callId = reader.u32le();
  if (reader.short) return 'more';
  if (length < HEADER_LENGTH || tokenLength > length) return undefined;
  const body = reader.take(length - HEADER_LENGTH);
  return reader.short ? 'more' : { type, flags, callId, body, length };
}

export interface BindAnswer {
  readonly accepted: boolean;
  /** Port or pipe that the server gives as its secondary address: "135". */
  readonly address?: string;
  /** provider_reject_reason of a bind_nak, C706 §12.6.3.1. */
  readonly reason?: number;
  readonly token: Uint8Array;
}

/** bind_ack or bind_nak; anything else is none of ours. */
export function parseBindAnswer(received: Uint8Array): Reading<BindAnswer> {
  const pdu = parsePdu(received);
  if (pdu === 'more' || pdu === undefined) return pdu;
  const reader = new ByteReader(pdu.body);
  if (pdu.type === TYPE.bindNak) {
    const reason = reader.u16le();
    return reader.short ? undefined : { accepted: false, reason, token: new Uint8Array() };
  }
  if (pdu.type !== TYPE.bindAck) return undefined;
  reader.skip(8);
  const address = reader.latin1(reader.u16le()).replace(/\0$/, '').slice(0, 64);
  reader.skip((4 - ((HEADER_LENGTH + reader.offset) % 4)) % 4);
  const results = reader.u8();
  reader.skip(3);
  const result = reader.u16le();
  if (reader.short || results === 0) return undefined;
  reader.skip(2 + 20 + (results - 1) * 24);
  return { accepted: result === 0, address, token: reader.take(reader.left) };
}

/** A fault or response alone, for bytes of unknown origin. */
export function isCallAnswer(received: Uint8Array): boolean {
  const pdu = parsePdu(received);
  if (pdu === 'more' || pdu === undefined) return false;
  return (pdu.type === TYPE.fault || pdu.type === TYPE.response) && pdu.length >= 24;
}

export interface Endpoint {
  readonly uuid: string;
  /** "1.0" */
  readonly version: string;
  readonly annotation: string;
  /** "ncacn_ip_tcp:49664", "ncacn_np:\\pipe\\lsass"; undefined: a protocol that leads nowhere from outside (local calls). */
  readonly binding?: string;
}

/** The answer to `encodeLookup`, all fragments of it. An empty list: the server refuses or has nothing. */
export function parseLookup(received: Uint8Array): Reading<readonly Endpoint[]> {
  const parts: Uint8Array[] = [];
  let rest = received;
  while (received.length - rest.length < MAX_ANSWER) {
    const pdu = parsePdu(rest);
    if (pdu === 'more' || pdu === undefined) return pdu;
    if (pdu.type === TYPE.fault) return [];
    if (pdu.type !== TYPE.response || pdu.body.length < 8) return undefined;
    parts.push(pdu.body.subarray(8));
    if ((pdu.flags & LAST_FRAGMENT) !== 0) return parseEntries(Buffer.concat(parts));
    rest = rest.subarray(pdu.length);
  }
  return undefined;
}

const MAX_ENDPOINTS = 512;
const ANNOTATION_SIZE = 64;

/** The entries of an ept_lookup answer in NDR: a conformant array of structures, then the towers they point to. */
function parseEntries(stub: Uint8Array): readonly Endpoint[] {
  const reader = new ByteReader(stub);
  reader.skip(20 + 4 + 4 + 4);
  const count = reader.u32le();
  if (reader.short || count > MAX_ENDPOINTS) return [];
  const heads: { readonly hasTower: boolean; readonly annotation: string }[] = [];
  for (let i = 0; i < count && !reader.short; i += 1) {
    reader.skip(16);
    const hasTower = reader.u32le() !== 0;
    reader.skip(4);
    const length = reader.u32le();
    if (length > ANNOTATION_SIZE) return [];
    heads.push({ hasTower, annotation: reader.latin1(length).split('\0', 1)[0] ?? '' });
    align(reader);
  }
  const endpoints: Endpoint[] = [];
  for (const { hasTower, annotation } of heads) {
    if (!hasTower) continue;
    reader.skip(4);
    const tower = parseTower(reader.take(reader.u32le()));
    align(reader);
    if (reader.short) break;
    if (tower !== undefined) endpoints.push({ ...tower, annotation });
  }
  return endpoints;
}

function align(reader: ByteReader): void {
  reader.skip(Math.min(reader.left, (4 - (reader.offset % 4)) % 4));
}

const MAX_FLOORS = 8;

/** A tower of floors (C706 appendix L): interface, data representation, RPC protocol, then where it is reached. */
function parseTower(bytes: Uint8Array): Omit<Endpoint, 'annotation'> | undefined {
  const reader = new ByteReader(bytes);
  const floors: { readonly left: Uint8Array; readonly right: Uint8Array }[] = [];
  for (let left = Math.min(reader.u16le(), MAX_FLOORS); left > 0; left -= 1) {
    floors.push({ left: reader.take(reader.u16le()), right: reader.take(reader.u16le()) });
  }
  const [first] = floors;
  if (reader.short || first === undefined) return undefined;
  const identifier = new ByteReader(first.left);
  if (identifier.u8() !== 0x0d) return undefined;
  const uuid = readUuid(identifier);
  const version = `${identifier.u16le()}.${new ByteReader(first.right).u16le()}`;
  if (identifier.short) return undefined;
  const binding = floors
    .slice(3)
    .map(({ left, right }) => bindingOf(left[0], right))
    .find(Boolean);
  return { uuid, version, ...(binding === undefined ? {} : { binding }) };
}

/** Floors 4 and 5; protocol identifiers of C706 appendix I and MS-RPCE 2.2.1.2. Addresses (0x09) are left out: they are ours to know. */
function bindingOf(protocol: number | undefined, right: Uint8Array): string | undefined {
  const port = right.length === 2 ? ((right[0] ?? 0) << 8) | (right[1] ?? 0) : undefined;
  if (protocol === 0x07 && port !== undefined) return `ncacn_ip_tcp:${port}`;
  if (protocol === 0x08 && port !== undefined) return `ncadg_ip_udp:${port}`;
  if (protocol === 0x1f && port !== undefined) return `ncacn_http:${port}`;
  if (protocol !== 0x0f) return undefined;
  return `ncacn_np:${Buffer.from(right).toString('latin1').replace(/\0$/, '').slice(0, 100)}`;
}

function readUuid(reader: ByteReader): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const head = [hex(reader.u32le(), 8), hex(reader.u16le(), 4), hex(reader.u16le(), 4), hex(reader.u16(), 4)];
  return `${head.join('-')}-${Buffer.from(reader.take(6)).toString('hex')}`;
}
