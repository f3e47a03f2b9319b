import { ByteReader } from '../../../../lib/byte-reader.ts';
import { bounded, boundedBytes } from '../fields.ts';

/** Properties of a device object (ASHRAE 135, BACnetPropertyIdentifier). */
export const PROPERTY = { firmware: 44, model: 70, name: 77, vendor: 121 } as const;

/** Instance 4194303 stands for "the device that you are" (ASHRAE 135 §15.5). */
const WILDCARD_DEVICE = Buffer.from('0c023fffff', 'hex');
const READ_PROPERTY = 0x0c;
const INVOKE = 0x69;

/**
 * ReadProperty of the device object, to the address itself (BACnet/IP, annex J). Who-Is would be shorter, but its answer goes to the
 * broadcast address of the device's own network.
 */
export function encodeReadProperty(property: number): Uint8Array {
  const network = Buffer.from('810a00110104', 'hex');
  const service = Buffer.of(0x00, 0x05, INVOKE, READ_PROPERTY);
  return Buffer.concat([network, service, WILDCARD_DEVICE, Buffer.of(0x19, property)]);
}

export type Answer =
  /** Text of the property, of device number `instance`. */
  | { readonly kind: 'value'; readonly instance: number; readonly property: number; readonly text: string }
  /** The device speaks BACnet and does not tell: error, reject or abort. */
  | { readonly kind: 'refusal' };

/** Answer to `encodeReadProperty`: BVLC of the right length, NPDU of version 1, and an APDU with our invoke id. */
export function parseAnswer(received: Uint8Array): Answer | undefined {
  const reader = new ByteReader(received);
  const type = reader.u8();
  const operation = reader.u8();
  const length = reader.u16();
  if (reader.short || type !== 0x81 || length !== received.length) return undefined;
  // Forwarded-NPDU carries the address of the first sender.
  if (operation === 0x04) reader.skip(6);
  else if (operation !== 0x0a && operation !== 0x0b) return undefined;
  return skipNetworkHeader(reader) ? readApdu(reader) : undefined;
}

/** NPDU, ASHRAE 135 §6.2: destination and source are there when the control octet says so. */
function skipNetworkHeader(reader: ByteReader): boolean {
  const version = reader.u8();
  const control = reader.u8();
  const hasDestination = (control & 0x20) !== 0;
  if (hasDestination) skipAddress(reader);
  if ((control & 0x08) !== 0) skipAddress(reader);
  if (hasDestination) reader.skip(1);
  // Bit 7: a message of the network layer, no APDU.
  return version === 1 && (control & 0x80) === 0 && !reader.short;
}

function skipAddress(reader: ByteReader): void {
  reader.skip(2);
  reader.skip(reader.u8());
}

function readApdu(reader: ByteReader): Answer | undefined {
  const type = reader.u8() >> 4;
  const invoke = reader.u8();
  const service = reader.u8();
  if (reader.short || invoke !== INVOKE) return undefined;
  if (type === 5) return service === READ_PROPERTY ? { kind: 'refusal' } : undefined;
  // Reject and abort: the third octet is the reason.
  if (type === 6 || type === 7) return service < 64 ? { kind: 'refusal' } : undefined;
  return type === 3 && service === READ_PROPERTY ? readValue(reader) : undefined;
}

/** ObjectIdentifier, PropertyIdentifier and the value between an opening and a closing tag. */
function readValue(reader: ByteReader): Answer | undefined {
  const isObject = reader.u8() === 0x0c;
  const object = reader.u32();
  const isProperty = reader.u8() === 0x19;
  const property = reader.u8();
  const isOpening = reader.u8() === 0x3e;
  const tag = reader.u8();
  // Character string: application tag 7, its length in the tag, or in one more octet.
  if (!isObject || !isProperty || !isOpening || tag >> 4 !== 7) return undefined;
  const length = (tag & 7) === 5 ? reader.u8() : tag & 7;
  const encoding = reader.u8();
  const bytes = reader.take(length - 1);
  if (reader.short || reader.u8() !== 0x3f) return undefined;
  return { kind: 'value', instance: object & 0x3fffff, property, text: text(bytes, encoding) };
}

/** Character set 0 is UTF-8, 4 UCS-2 with the high octet first (ASHRAE 135 §20.2.9). */
function text(bytes: Uint8Array, encoding: number): string {
  if (encoding !== 4 || bytes.length % 2 !== 0) return boundedBytes(bytes);
  return bounded(Buffer.from(bytes).swap16().toString('utf16le'));
}
