import { ByteReader } from '../../../../lib/byte-reader.ts';
import {
  BER,
  encodeElement,
  encodeInteger,
  encodeOctets,
  parseUnsigned,
  readElement,
  readElements,
  type BerElement,
} from '../../ber.ts';

/** Any number will do: nothing is kept between two requests, and strangers' reports are told by the form. */
const MESSAGE_ID = 0x4a69;

/**
 * Engine discovery (RFC 3414 §4): a request without a user, with an empty engine id and the reportable flag. Every
 * SNMPv3 agent answers it with a report that names its engine; no community and no user name is sent.
 */
export function encodeDiscovery(): Uint8Array {
  const header = encodeElement(
    BER.sequence,
    encodeInteger(MESSAGE_ID),
    encodeInteger(MAX_MESSAGE),
    encodeOctets(Uint8Array.of(REPORTABLE)),
    encodeInteger(USER_BASED),
  );
  const empty = encodeOctets('');
  const zero = encodeInteger(0);
  const security = encodeElement(BER.sequence, empty, zero, zero, empty, empty, empty);
  const get = encodeElement(GET, encodeInteger(MESSAGE_ID), zero, zero, encodeElement(BER.sequence));
  return encodeElement(
    BER.sequence,
    encodeInteger(VERSION_3),
    header,
    encodeOctets(security),
    encodeElement(BER.sequence, empty, empty, get),
  );
}

/** Largest answer that we take: what fits into a datagram of IPv4. */
const MAX_MESSAGE = 65_507;
const REPORTABLE = 0x04;
const VERSION_3 = 3;
/** msgSecurityModel 3 is the User-based Security Model (RFC 3411 §6). */
const USER_BASED = 3;
const GET = 0xa0;
const REPORT = 0xa8;
/** snmpEngineID is an octet string of 5 to 32 octets (RFC 3411 §5). */
const MIN_ENGINE_ID = 5;
const MAX_ENGINE_ID = 32;

export interface Report {
  readonly engineId: Uint8Array;
  /** Restarts since the engine was configured. */
  readonly boots: number;
  /** Seconds since the last restart. */
  readonly seconds: number;
}

/** A report of the User-based Security Model, RFC 3412 §6 and RFC 3414 §2.4. */
export function parseReport(received: Uint8Array): Report | undefined {
  const message = readElement(new ByteReader(received));
  if (message?.tag !== BER.sequence) return undefined;
  const [version, header, security, scoped] = readElements(message.body) ?? [];
  if (integer(version) !== VERSION_3 || header?.tag !== BER.sequence) return undefined;
  if (integer(readElements(header.body)?.[3]) !== USER_BASED) return undefined;
  return isReport(scoped) ? parseSecurityParameters(security) : undefined;
}

function isReport(scoped: BerElement | undefined): boolean {
  if (scoped?.tag !== BER.sequence) return false;
  return readElements(scoped.body)?.[2]?.tag === REPORT;
}

function parseSecurityParameters(security: BerElement | undefined): Report | undefined {
  if (security?.tag !== BER.octetString) return undefined;
  const parameters = readElement(new ByteReader(security.body));
  if (parameters?.tag !== BER.sequence) return undefined;
  const [engine, boots, seconds] = readElements(parameters.body) ?? [];
  const count = integer(boots);
  const time = integer(seconds);
  if (engine?.tag !== BER.octetString || count === undefined || time === undefined) return undefined;
  const { length } = engine.body;
  if (length < MIN_ENGINE_ID || length > MAX_ENGINE_ID) return undefined;
  return { engineId: engine.body, boots: count, seconds: time };
}

function integer(one: BerElement | undefined): number | undefined {
  return one?.tag === BER.integer ? parseUnsigned(one.body) : undefined;
}

export interface EngineId {
  /** Private enterprise number of the maker of the agent, often not that of the device. */
  readonly enterprise: number;
  readonly format: 'ipv4' | 'ipv6' | 'mac' | 'text' | 'octets' | 'enterprise';
  /** The rest of the id as its format says: an address, six octets with colons, a text, hexadecimal digits. */
  readonly value: string;
}

/** SnmpEngineID, RFC 3411 §5: enterprise number, then either a format octet or eight octets of the maker's own. */
export function readEngineId(engineId: Uint8Array): EngineId {
  const reader = new ByteReader(engineId);
  const first = reader.u32();
  const enterprise = first & 0x7fffffff;
  // The first bit says that a format octet follows; >>> keeps it from being a sign.
  if (first >>> 31 === 0) return { enterprise, format: 'enterprise', value: hex(reader.take(reader.left)) };
  const format = reader.u8();
  const rest = reader.take(reader.left);
  if (format === 1 && rest.length === 4) return { enterprise, format: 'ipv4', value: rest.join('.') };
  if (format === 2 && rest.length === 16) return { enterprise, format: 'ipv6', value: groups(rest) };
  if (format === 3 && rest.length === 6) return { enterprise, format: 'mac', value: colons(rest) };
  if (format === 4 && isText(rest))
    return { enterprise, format: 'text', value: Buffer.from(rest).toString('latin1') };
  return { enterprise, format: 'octets', value: hex(rest) };
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function colons(bytes: Uint8Array): string {
  return (hex(bytes).match(/../g) ?? []).join(':');
}

function groups(bytes: Uint8Array): string {
  return (hex(bytes).match(/.{4}/g) ?? []).join(':');
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
