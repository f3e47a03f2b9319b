import { ByteReader } from '../../../../lib/byte-reader.ts';
import {
  BER,
  elementLength,
  encodeElement,
  encodeInteger,
  encodeOctets,
  parseInteger,
  readElement,
  readElements,
  readWholeElements,
  type BerElement,
} from '../../ber.ts';
import type { Reading } from '../../question.ts';

/** protocolOp tags of RFC 4511 §4.2 to §4.12. */
export const OP = {
  bindRequest: 0x60,
  bindResponse: 0x61,
  searchRequest: 0x63,
  searchResultEntry: 0x64,
  searchResultDone: 0x65,
  searchResultReference: 0x73,
  extendedRequest: 0x77,
  extendedResponse: 0x78,
} as const;
/** Context tags inside of requests and answers. */
const PRESENT_FILTER = 0x87;
const SASL_CREDENTIALS = 0xa3;
const REQUEST_NAME = 0x80;
const RESPONSE_NAME = 0x8a;

const START_TLS = '1.3.6.1.4.1.1466.20037';
const NOTICE_OF_DISCONNECTION = '1.3.6.1.4.1.1466.20036';

/** resultCode of RFC 4511 §4.1.9, those that decide what to do next. */
export const RESULT = { success: 0, operationsError: 1, confidentialityRequired: 13 } as const;

/** No root entry in use comes near it (Active Directory: 3 kB). */
const MAX_MESSAGE = 64 * 1024;
const MAX_VALUES = 64;
const MAX_VALUE = 256;

/** Attribute description in lower case → values as text, in the server's order. */
export type Attributes = ReadonlyMap<string, readonly string[]>;

export interface SearchAnswer {
  /** undefined: no entry came. */
  readonly entry: Attributes | undefined;
  readonly resultCode: number;
  /** diagnosticMessage of the server. */
  readonly diagnostic: string;
}

/**
 * SearchRequest for one entry by its name, without a bind before it (RFC 4511 §4.5): what RFC 4512 §5.1 lets everybody
 * ask of the root entry. At most one entry and five seconds of the server's time.
 *
 * @param attributes none: all user attributes; "+" all operational ones, "1.1" none.
 */
export function encodeBaseSearch(id: number, name: string, attributes: readonly string[]): Uint8Array {
  return encodeMessage(
    id,
    encodeElement(
      OP.searchRequest,
      encodeOctets(name),
      encodeInteger(0, BER.enumerated),
      encodeInteger(0, BER.enumerated),
      encodeInteger(1),
      encodeInteger(5),
      encodeElement(BER.boolean, Uint8Array.of(0)),
      encodeOctets('objectClass', PRESENT_FILTER),
      encodeElement(BER.sequence, ...attributes.map((attribute) => encodeOctets(attribute))),
    ),
  );
}

/** ExtendedRequest StartTLS, RFC 4511 §4.14. */
export function encodeStartTls(id: number): Uint8Array {
  return encodeMessage(id, encodeElement(OP.extendedRequest, encodeOctets(START_TLS, REQUEST_NAME)));
}

/** First step of a SASL bind, RFC 4511 §4.2; the token must name nobody. */
export function encodeSaslBind(id: number, mechanism: string, token: Uint8Array): Uint8Array {
  return encodeMessage(
    id,
    encodeElement(
      OP.bindRequest,
      encodeInteger(3),
      encodeOctets(''),
      encodeElement(SASL_CREDENTIALS, encodeOctets(mechanism), encodeOctets(token)),
    ),
  );
}

export function encodeMessage(id: number, operation: Uint8Array): Uint8Array {
  return encodeElement(BER.sequence, encodeInteger(id), operation);
}

interface LdapMessage {
  readonly id: number;
  readonly tag: number;
  readonly body: Uint8Array;
}

/** One LDAPMessage envelope (RFC 4511 §4.1.1) of which the contents of the outer SEQUENCE are given. */
function parseMessage(body: Uint8Array): LdapMessage | undefined {
  const [idElement, operation] = readElements(body) ?? [];
  const id = idElement?.tag === BER.integer ? parseInteger(idElement.body) : undefined;
  if (id === undefined || id < 0 || operation === undefined) return undefined;
  return { id, tag: operation.tag, body: operation.body };
}

/** The whole messages at the beginning of `received`; empty when it does not begin with one. */
export function readMessages(received: Uint8Array): readonly LdapMessage[] {
  const messages: LdapMessage[] = [];
  for (const element of readWholeElements(received)) {
    const message = element.tag === BER.sequence ? parseMessage(element.body) : undefined;
    if (message === undefined) break;
    messages.push(message);
  }
  return messages;
}

/** undefined when these bytes cannot be the beginning of an LDAPMessage. */
function isMessageStart(received: Uint8Array): boolean {
  return elementLength(received, BER.sequence, MAX_MESSAGE) !== undefined;
}

export interface Result {
  readonly resultCode: number;
  readonly diagnostic: string;
  /** What follows diagnosticMessage: responseName, SASL credentials, referral. */
  readonly rest: readonly BerElement[];
}

/** LDAPResult, RFC 4511 §4.1.9. */
function parseResult(body: Uint8Array): Result | undefined {
  const [code, matched, diagnostic, ...rest] = readElements(body) ?? [];
  if (code?.tag !== BER.enumerated || matched?.tag !== BER.octetString) return undefined;
  if (diagnostic?.tag !== BER.octetString) return undefined;
  const resultCode = parseInteger(code.body);
  if (resultCode === undefined || resultCode < 0 || resultCode > 16_654) return undefined;
  return { resultCode, diagnostic: textOf(diagnostic.body), rest };
}

/**
 * The answer to `encodeBaseSearch` with this message id, read to its SearchResultDone.
 *
 * @returns undefined for anything else, a notice of disconnection included.
 */
export function parseSearchAnswer(received: Uint8Array, id: number): Reading<SearchAnswer> {
  if (!isMessageStart(received)) return undefined;
  let entry: Attributes | undefined;
  for (const message of readMessages(received)) {
    if (message.id !== id) return undefined;
    if (message.tag === OP.searchResultEntry) entry ??= parseEntry(message.body);
    else if (message.tag === OP.searchResultDone) return done(entry, message.body);
    else if (message.tag !== OP.searchResultReference) return undefined;
  }
  return received.length > MAX_MESSAGE ? undefined : 'more';
}

function done(entry: Attributes | undefined, body: Uint8Array): SearchAnswer | undefined {
  const result = parseResult(body);
  if (result === undefined) return undefined;
  return { entry, resultCode: result.resultCode, diagnostic: result.diagnostic };
}

/** The one result that answers StartTLS or a step of a SASL bind. */
export function parseResponse(received: Uint8Array, id: number): Reading<Result> {
  if (!isMessageStart(received)) return undefined;
  const [message] = readMessages(received);
  if (message === undefined) return received.length > MAX_MESSAGE ? undefined : 'more';
  const isResponse = message.tag === OP.extendedResponse || message.tag === OP.bindResponse;
  return message.id === id && isResponse ? parseResult(message.body) : undefined;
}

/**
 * What bytes of unknown origin prove: the first entry with an attribute of the root entry, else a whole result message.
 * The envelope alone is no proof: SNMP and certificates begin alike.
 */
export function readLdap(
  received: Uint8Array,
): { readonly entry?: Attributes; readonly result?: Result } | undefined {
  const messages = readMessages(received);
  const [first] = messages;
  if (first === undefined) return undefined;
  if (first.tag === OP.searchResultEntry) {
    const entry = parseEntry(first.body);
    return entry === undefined ? undefined : { entry };
  }
  const isResponse =
    first.tag === OP.searchResultDone ||
    first.tag === OP.bindResponse ||
    (first.tag === OP.extendedResponse && first.id === 0);
  const result = isResponse ? parseResult(first.body) : undefined;
  if (result === undefined) return undefined;
  return first.tag === OP.extendedResponse && !isNotice(result) ? undefined : { result };
}

function isNotice({ rest }: Result): boolean {
  return rest.some(({ tag, body }) => tag === RESPONSE_NAME && textOf(body) === NOTICE_OF_DISCONNECTION);
}

/** SearchResultEntry, RFC 4511 §4.5.2. A cut one gives the attributes that are whole. */
function parseEntry(body: Uint8Array): Attributes | undefined {
  const reader = new ByteReader(body);
  const name = readElement(reader);
  const list = readElement(reader);
  if (name?.tag !== BER.octetString || list?.tag !== BER.sequence) return undefined;
  const attributes = new Map<string, readonly string[]>();
  for (const element of readWholeElements(list.body)) {
    const [type, values] = readElements(element.body) ?? [];
    if (element.tag !== BER.sequence || type?.tag !== BER.octetString || values?.tag !== BER.set) {
      return undefined;
    }
    attributes.set(
      textOf(type.body).toLowerCase(),
      readWholeElements(values.body)
        .slice(0, MAX_VALUES)
        .map((value) => textOf(value.body)),
    );
  }
  return attributes;
}

/** Values as UTF-8; what is none (GUIDs, SIDs) as Latin-1 would be noise and is shown by its replacement characters. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 4 * MAX_VALUE))
    .toString('utf8')
    .slice(0, MAX_VALUE);
}
