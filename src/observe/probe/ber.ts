import { ByteReader } from '../../lib/byte-reader.ts';

/** Tags of X.690 that LDAP, Kerberos and SNMP share. Application and context tags are named by their users. */
export const BER = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  generalizedTime: 0x18,
  generalString: 0x1b,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: its identifier octet (class, constructed bit and number below 31) and its contents, which share memory. */
export interface BerElement {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** Tag numbers of 31 and more take several octets (X.690 §8.1.2.4); no protocol here uses them. */
const LONG_TAG = 0x1f;
/** A length of more octets than this is a lie. */
const MAX_LENGTH_OCTETS = 4;
const MAX_CHILDREN = 256;

/**
 * The next element, with a definite length in any form (X.690 §8.1.3).
 *
 * @returns undefined when it is cut, its length is indefinite or its tag takes several octets.
 */
export function readElement(reader: ByteReader): BerElement | undefined {
  const header = readHeader(reader);
  if (header === undefined) return undefined;
  const body = reader.take(header.length);
  return reader.short ? undefined : { tag: header.tag, body };
}

/**
 * All elements of a constructed one's contents, one after the other.
 *
 * @returns undefined unless the bytes are whole elements to the last; at most `MAX_CHILDREN`, the rest is left out.
 */
export function readElements(bytes: Uint8Array): readonly BerElement[] | undefined {
  const reader = new ByteReader(bytes);
  const elements: BerElement[] = [];
  while (reader.left > 0 && elements.length < MAX_CHILDREN) {
    const element = readElement(reader);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return elements;
}

/**
 * The whole elements at the beginning of bytes that may be cut off anywhere: what a bounded reader got of a long answer.
 * At most `MAX_CHILDREN`.
 */
export function readWholeElements(bytes: Uint8Array): readonly BerElement[] {
  const reader = new ByteReader(bytes);
  const elements: BerElement[] = [];
  while (reader.left > 0 && elements.length < MAX_CHILDREN) {
    const element = readElement(reader);
    if (element === undefined) break;
    elements.push(element);
  }
  return elements;
}

/**
 * Length in bytes of the element that begins here, header included.
 *
 * @returns 'more' while its header is cut, undefined when it has another tag, cannot be read or is longer than `limit`.
 */
export function elementLength(received: Uint8Array, tag: number, limit: number): number | 'more' | undefined {
  if (received.length > 0 && received[0] !== tag) return undefined;
  const reader = new ByteReader(received);
  const header = readHeader(reader);
  if (header === undefined) return reader.short ? 'more' : undefined;
  const length = reader.offset + header.length;
  return length > limit ? undefined : length;
}

function readHeader(reader: ByteReader): { readonly tag: number; readonly length: number } | undefined {
  const tag = reader.u8();
  if ((tag & LONG_TAG) === LONG_TAG) return undefined;
  const first = reader.u8();
  if (first < 0x80) return reader.short ? undefined : { tag, length: first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > MAX_LENGTH_OCTETS) return undefined;
  let length = 0;
  for (let i = 0; i < octets; i += 1) length = length * 256 + reader.u8();
  return reader.short ? undefined : { tag, length };
}

/** Contents of INTEGER or ENUMERATED, two's complement; undefined when empty or wider than a number holds exactly. */
export function parseInteger(body: Uint8Array): number | undefined {
  const value = parseUnsigned(body);
  if (value === undefined) return undefined;
  return (body[0] ?? 0) < 0x80 ? value : value - 256 ** body.length;
}

/** The same as a number without sign: counters, also from agents that forget the leading zero octet. At most 48 bits. */
export function parseUnsigned(body: Uint8Array): number | undefined {
  if (body.length === 0 || body.length > 6) return undefined;
  let value = 0;
  for (const byte of body) value = value * 256 + byte;
  return value;
}

/** Real object identifiers have fewer than 20 octets. */
const MAX_IDENTIFIER = 64;

/** Contents of OBJECT IDENTIFIER as "1.2.840"; undefined when cut, empty or longer than 64 octets. X.690 §8.19. */
export function parseObjectIdentifier(body: Uint8Array): string | undefined {
  if (body.length > MAX_IDENTIFIER || (body.at(-1) ?? 0x80) >= 0x80) return undefined;
  const arcs: number[] = [];
  let value = 0;
  for (const byte of body) {
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
    if (byte >= 0x80) continue;
    arcs.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

/** One element with the shortest length form (DER), its contents joined from `parts`. */
export function encodeElement(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), ...parts]);
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** INTEGER, or another tag with the same contents, of a number in 0 to 2⁴⁷ − 1. */
export function encodeInteger(value: number, tag: number = BER.integer): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const needsSignOctet = octets.length === 0 || (octets[0] ?? 0) >= 0x80;
  return encodeElement(tag, Uint8Array.from(needsSignOctet ? [0, ...octets] : octets));
}

/** OCTET STRING, or another tag with the same contents; text is written as UTF-8. */
export function encodeOctets(value: Uint8Array | string, tag: number = BER.octetString): Uint8Array {
  return encodeElement(tag, typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
}

/** OBJECT IDENTIFIER of a dotted text such as "1.3.6.1.2.1.1.1.0". */
export function encodeObjectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encodeElement(
    BER.objectIdentifier,
    Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)),
  );
}

function base128(arc: number): readonly number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift((rest % 128) | 0x80);
  }
  return octets;
}
