import { ByteReader } from '../../../../lib/byte-reader.ts';
import {
  BER,
  encodeElement,
  encodeInteger,
  encodeOctets,
  parseInteger,
  readElement,
  readElements,
  type BerElement,
} from '../../ber.ts';
import type { Reading } from '../../question.ts';

/** Reserved for names that must not exist (RFC 2606 §2): no domain controller can serve it. */
const REALM = 'SEKISHO.INVALID';
const AS_REQUEST = 10;
const KRB_ERROR = 30;
/** krb-safe-body and others begin alike; the version and the type of message inside decide. */
const KRB_ERROR_TAG = 0x7e;
const VERSION = 5;
const NT_SERVICE = 2;
/** aes256, aes128, rc4, des3: every server knows one of them. */
const ENCRYPTION_TYPES = [18, 17, 23, 16];
const MAX_MESSAGE = 4096;
const MAX_TEXT = 256;

/**
 * AS-REQ (RFC 4120 §5.4.1) for a ticket-granting ticket of a realm that cannot exist, without a client name and without
 * pre-authentication: no account is asked for, so that no lockout counter and no user can be touched.
 *
 * @param nonce below 2³¹, another one each time: MIT's server repeats its earlier answer, with its earlier time, to a
 * request that it has seen.
 */
export function encodeAsRequest(nonce: number): Uint8Array {
  const service = encodeElement(
    BER.sequence,
    field(0, encodeInteger(NT_SERVICE)),
    field(1, encodeElement(BER.sequence, generalString('krbtgt'), generalString(REALM))),
  );
  const body = encodeElement(
    BER.sequence,
    field(0, encodeElement(0x03, Uint8Array.of(0, 0, 0, 0, 0))),
    field(2, generalString(REALM)),
    field(3, service),
    field(5, encodeElement(BER.generalizedTime, Buffer.from('20370913024805Z', 'latin1'))),
    field(7, encodeInteger(nonce)),
    field(8, encodeElement(BER.sequence, ...ENCRYPTION_TYPES.map((type) => encodeInteger(type)))),
  );
  return encodeElement(
    0x60 | AS_REQUEST,
    encodeElement(
      BER.sequence,
      field(1, encodeInteger(VERSION)),
      field(2, encodeInteger(AS_REQUEST)),
      field(4, body),
    ),
  );
}

/** Over TCP every message has its length before it, RFC 4120 §7.2.2. */
export function withLength(message: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

/**
 * A length with its highest bit set and one byte behind it. RFC 4120 §7.2.2 wants KRB_ERR_FIELD_TOOLONG from a server that
 * knows no extension of the framing, and MIT's puts its own realm into that (krb5-kdc 1.20.1).
 */
export const UNKNOWN_EXTENSION: Uint8Array = Uint8Array.of(0x80, 0, 0, 1, 0);

function field(number: number, content: Uint8Array): Uint8Array {
  return encodeElement(0xa0 | number, content);
}
function generalString(value: string): Uint8Array {
  return encodeOctets(value, BER.generalString);
}

/** KRB-ERROR as its fields of RFC 4120 §5.9.1; texts are bounded. */
export interface KerberosError {
  readonly errorCode: number;
  /** ISO-8601 UTC. */
  readonly serverTime: string;
  readonly realm: string;
  /** "krbtgt/EXAMPLE.JP" */
  readonly service: string;
  readonly clientRealm?: string;
  readonly errorText?: string;
}

/** One whole datagram. undefined unless it is a KRB-ERROR to its last byte. */
export function parseError(message: Uint8Array): KerberosError | undefined {
  const reader = new ByteReader(message.subarray(0, MAX_MESSAGE));
  const outer = readElement(reader);
  if (outer?.tag !== KRB_ERROR_TAG || reader.left > 0) return undefined;
  const [sequence] = readElements(outer.body) ?? [];
  const elements = sequence?.tag === BER.sequence ? readElements(sequence.body) : undefined;
  if (elements === undefined) return undefined;
  const inside = (number: number): BerElement | undefined => {
    const found = elements.find(({ tag }) => tag === (0xa0 | number));
    return found === undefined ? undefined : readElement(new ByteReader(found.body));
  };
  if (integer(inside(0)) !== VERSION || integer(inside(1)) !== KRB_ERROR) return undefined;
  const errorCode = integer(inside(6));
  const serverTime = time(inside(4));
  const realm = text(inside(9));
  if (errorCode === undefined || serverTime === undefined || realm === undefined) return undefined;
  const clientRealm = text(inside(7));
  const errorText = text(inside(11));
  return {
    errorCode,
    serverTime,
    realm,
    service: principal(inside(10)),
    ...(clientRealm === undefined ? {} : { clientRealm }),
    ...(errorText === undefined ? {} : { errorText }),
  };
}

/** The same behind its length, as TCP carries it. */
export function parseFramedError(received: Uint8Array): Reading<KerberosError> {
  const reader = new ByteReader(received);
  const length = reader.u32();
  if (reader.short) return 'more';
  if (length < 20 || length > MAX_MESSAGE) return undefined;
  if (reader.left > 0 && received[4] !== KRB_ERROR_TAG) return undefined;
  if (reader.left < length) return 'more';
  return parseError(reader.take(length));
}

function integer(element: BerElement | undefined): number | undefined {
  return element?.tag === BER.integer ? parseInteger(element.body) : undefined;
}

/** KerberosString; some servers write UTF-8 where RFC 4120 §5.2.1 wants ASCII. */
function text(element: BerElement | undefined): string | undefined {
  if (element?.tag !== BER.generalString) return undefined;
  return Buffer.from(element.body.subarray(0, MAX_TEXT)).toString('utf8');
}

const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

function time(element: BerElement | undefined): string | undefined {
  if (element?.tag !== BER.generalizedTime || element.body.length > 32) return undefined;
  const written = Buffer.from(element.body).toString('latin1').replace(TIME, '$1-$2-$3T$4:$5:$6.000Z');
  const read = new Date(written);
  return Number.isNaN(read.getTime()) || read.toISOString() !== written ? undefined : written;
}

const MAX_COMPONENTS = 4;

function principal(element: BerElement | undefined): string {
  const [, names] = readElements(element?.body ?? new Uint8Array()) ?? [];
  const [list] = readElements(names?.body ?? new Uint8Array()) ?? [];
  const components = readElements(list?.body ?? new Uint8Array()) ?? [];
  return components
    .slice(0, MAX_COMPONENTS)
    .map((component) => text(component) ?? '')
    .join('/')
    .slice(0, MAX_TEXT);
}

const ERROR_NAMES: ReadonlyMap<number, string> = new Map([
  [6, 'KDC_ERR_C_PRINCIPAL_UNKNOWN'],
  [7, 'KDC_ERR_S_PRINCIPAL_UNKNOWN'],
  [9, 'KDC_ERR_NULL_KEY'],
  [12, 'KDC_ERR_POLICY'],
  [14, 'KDC_ERR_ETYPE_NOSUPP'],
  [24, 'KDC_ERR_PREAUTH_FAILED'],
  [25, 'KDC_ERR_PREAUTH_REQUIRED'],
  [29, 'KDC_ERR_SVC_UNAVAILABLE'],
  [52, 'KRB_ERR_RESPONSE_TOO_BIG'],
  [60, 'KRB_ERR_GENERIC'],
  [61, 'KRB_ERR_FIELD_TOOLONG'],
  [68, 'KDC_ERR_WRONG_REALM'],
]);

export function errorName(code: number): string {
  return ERROR_NAMES.get(code) ?? String(code);
}
