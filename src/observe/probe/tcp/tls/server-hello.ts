import { ByteReader } from '../../../../lib/byte-reader.ts';
import { CLOSE_NOTIFY } from './alerts.ts';
import type { RecordOpener } from './tls13.ts';
import { TLS12, TLS13 } from './versions.ts';

export interface ServerHello {
  /** The one chosen, with supported_versions of TLS 1.3 taken in. */
  readonly version: number;
  /** As it stands in the field that old clients read: 0x0303 in TLS 1.3. */
  readonly fieldVersion: number;
  readonly cipher: number;
  /** HelloRetryRequest. */
  readonly retry: boolean;
  /** Public key of the server for X25519; only with TLS 1.3. */
  readonly keyShare: Uint8Array | undefined;
  /** Types in the order sent, at most 32. */
  readonly extensions: readonly number[];
  /** RFC 7301; at most 255 characters. */
  readonly alpn: string | undefined;
}

/** What a server said in answer to a ClientHello, as far as it came in clear. */
export interface ServerFlight {
  /** tls: records of the protocol came · other: something else came · nothing: no byte, or too few to tell. */
  readonly kind: 'tls' | 'other' | 'nothing';
  readonly hello: ServerHello | undefined;
  /** DER, leaf first, as sent. */
  readonly certificates: readonly Uint8Array[];
  readonly certificateRequested: boolean;
  /** Description number of the alert that ended the handshake. */
  readonly alert: number | undefined;
  /** ServerHelloDone, a fatal alert, or the end of what can be read in clear. */
  readonly complete: boolean;
}

export interface FlightReader {
  /** Takes all that was received so far (a longer array on every call); true when nothing more is needed. Linear in total. */
  enough(received: Uint8Array): boolean;
  flight(): ServerFlight;
}

/** RFC 5246 §6.2.3: 2^14 and 2048 for compression and encryption. */
const MAX_RECORD = 2 ** 14 + 2048;
/** A chain of 16 large certificates; more is not a certificate chain. */
const MAX_HANDSHAKE_BYTES = 256 * 1024;
const MAX_CERTIFICATES = 16;
const MAX_EXTENSIONS = 32;
const ALPN = 16;
const SUPPORTED_VERSIONS = 43;
const KEY_SHARE = 51;
const X25519 = 29;

const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const CERTIFICATE_REQUEST = 13;
const SERVER_HELLO_DONE = 14;
const CERTIFICATE_VERIFY = 15;
const FINISHED = 20;

/** RFC 8446 §4.1.3: the random of a HelloRetryRequest, SHA-256 of "HelloRetryRequest". */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

interface State {
  hello: ServerHello | undefined;
  certificates: Uint8Array[];
  certificateRequested: boolean;
  alert: number | undefined;
  complete: boolean;
  other: boolean;
  records: number;
  /** Set while the encrypted part of a TLS 1.3 flight is read. */
  opener: RecordOpener | undefined;
}

/** Keys for the part of a TLS 1.3 flight that follows this ServerHello (whole message), when they can be had. */
export type OpenerFor = (hello: ServerHello, message: Uint8Array) => RecordOpener | undefined;

/**
 * Reads the records of a server as they arrive and puts the handshake messages together, however they are cut.
 *
 * @param until hello: stop at the ServerHello · done: go on to ServerHelloDone, or to CertificateVerify in TLS 1.3.
 * @param openerFor gives the keys of TLS 1.3; without them reading ends at its ServerHello.
 */
export function createFlightReader(
  until: 'hello' | 'done',
  openerFor: OpenerFor = () => undefined,
): FlightReader {
  const state: State = {
    hello: undefined,
    certificates: [],
    certificateRequested: false,
    alert: undefined,
    complete: false,
    other: false,
    records: 0,
    opener: undefined,
  };
  const take = (message: HandshakeMessage): void => {
    if (state.hello === undefined) takeServerHello(state, message, until, openerFor);
    else takeMessage(state, message);
  };
  const messages = createMessageBuffer();
  let offset = 0;
  return {
    enough(received) {
      while (!state.complete && !state.other) {
        const record = nextRecord(received, offset);
        if (record === 'more') return false;
        if (record === 'other') {
          if (state.records === 0) state.other = true;
          state.complete = true;
          break;
        }
        offset += 5 + record.body.length;
        takeRecord(state, messages, record, take);
      }
      return true;
    },
    flight: () => ({
      kind: kindOf(state),
      hello: state.hello,
      certificates: state.certificates,
      certificateRequested: state.certificateRequested,
      alert: state.alert,
      complete: state.complete && !state.other,
    }),
  };
}

function kindOf({ hello, alert, other }: State): ServerFlight['kind'] {
  if (hello !== undefined || alert !== undefined) return 'tls';
  return other ? 'other' : 'nothing';
}

interface ServerRecord {
  readonly type: number;
  readonly body: Uint8Array;
}

function nextRecord(bytes: Uint8Array, offset: number): ServerRecord | 'more' | 'other' {
  const type = bytes[offset];
  if (type === undefined) return 'more';
  if (type < 20 || type > 23) return 'other';
  const major = bytes[offset + 1];
  if (major !== undefined && major !== 3) return 'other';
  if (bytes.length < offset + 5) return 'more';
  const length = ((bytes[offset + 3] ?? 0) << 8) | (bytes[offset + 4] ?? 0);
  if (length === 0 || length > MAX_RECORD) return 'other';
  if (bytes.length < offset + 5 + length) return 'more';
  return { type, body: bytes.subarray(offset + 5, offset + 5 + length) };
}

function takeRecord(
  state: State,
  messages: MessageBuffer,
  record: ServerRecord,
  take: (message: HandshakeMessage) => void,
): void {
  state.records += 1;
  const { type, body } = openRecord(state, record);
  if (state.opener !== undefined && type === CHANGE_CIPHER_SPEC) return;
  if (type === ALERT) takeAlert(state, body);
  else if (type !== HANDSHAKE || !messages.add(body)) finish(state);
  else {
    for (let message = messages.next(); message !== undefined && !state.complete; message = messages.next())
      take(message);
  }
}

function openRecord({ opener }: State, { type, body }: ServerRecord): ServerRecord {
  if (opener === undefined || type !== APPLICATION_DATA) return { type, body };
  const inner = opener.open(body);
  return inner === undefined ? { type, body } : { type: inner.type, body: inner.content };
}

/** A record that has no place before the end of a handshake: another protocol when nothing of TLS came before it. */
function finish(state: State): void {
  state.complete = true;
  if (state.hello === undefined && state.alert === undefined) state.other = true;
}

function takeAlert(state: State, body: Uint8Array): void {
  const [level, description] = body;
  if (body.length !== 2 || description === undefined || (level !== 1 && level !== 2)) finish(state);
  // RFC 6066 §3: servers warn with unrecognized_name and go on.
  else if (level === 2 || description === CLOSE_NOTIFY) {
    state.alert = description;
    state.complete = true;
  }
}

function takeServerHello(
  state: State,
  message: HandshakeMessage,
  until: 'hello' | 'done',
  openerFor: OpenerFor,
): void {
  // A HelloRequest (0) may come before it and means nothing here.
  if (message.type === 0) return;
  if (message.type === SERVER_HELLO) state.hello = parseServerHello(message.body);
  const { hello } = state;
  if (hello === undefined) {
    finish(state);
    return;
  }
  if (hello.version === TLS13 && until === 'done' && !hello.retry)
    state.opener = openerFor(hello, message.whole);
  state.complete = until === 'hello' || (hello.version === TLS13 && state.opener === undefined);
}

function takeMessage(state: State, { type, body }: HandshakeMessage): void {
  const isThirteen = state.opener !== undefined;
  if (type === CERTIFICATE && state.certificates.length === 0)
    state.certificates = isThirteen ? parseCertificates13(body) : parseCertificates(body);
  else if (type === CERTIFICATE_REQUEST) state.certificateRequested = true;
  else if (type === SERVER_HELLO_DONE || (isThirteen && (type === CERTIFICATE_VERIFY || type === FINISHED)))
    state.complete = true;
}

/** RFC 5246 §7.4.1.3, RFC 8446 §4.1.3. undefined when it is cut or not a ServerHello. */
export function parseServerHello(body: Uint8Array): ServerHello | undefined {
  const reader = new ByteReader(body);
  const fieldVersion = reader.u16();
  const random = Buffer.from(reader.take(32)).toString('hex');
  reader.skip(reader.u8());
  const cipher = reader.u16();
  reader.skip(1);
  if (reader.short || fieldVersion >> 8 !== 3) return undefined;
  const said = serverExtensions(reader, fieldVersion);
  return { version: fieldVersion, fieldVersion, cipher, retry: random === RETRY_RANDOM, ...said };
}

type Said = Pick<ServerHello, 'extensions' | 'keyShare' | 'alpn'> & { readonly version?: number };

function serverExtensions(reader: ByteReader, fieldVersion: number): Said {
  const list = new ByteReader(
    reader.left >= 2 ? reader.take(Math.min(reader.u16(), reader.left)) : new Uint8Array(),
  );
  const extensions: number[] = [];
  let version: number | undefined;
  let keyShare: Uint8Array | undefined;
  let alpn: string | undefined;
  while (list.left >= 4) {
    const type = list.u16();
    const value = new ByteReader(list.take(list.u16()));
    if (extensions.length < MAX_EXTENSIONS) extensions.push(type);
    // supported_versions names the version chosen; the field above stays at 0x0303.
    if (type === SUPPORTED_VERSIONS && fieldVersion === TLS12 && value.left === 2) version = value.u16();
    if (type === KEY_SHARE && value.u16() === X25519) keyShare = value.take(value.u16()).slice();
    if (type === ALPN && alpn === undefined) alpn = protocolChosen(value);
  }
  return { ...(version !== undefined && { version }), keyShare, extensions, alpn };
}

/** A list with one name, RFC 7301 §3.1. */
function protocolChosen(value: ByteReader): string | undefined {
  value.skip(2);
  const name = value.latin1(value.u8());
  return value.short ? undefined : name;
}

/** RFC 5246 §7.4.2: a list of DER certificates, each with three bytes of length. What is whole is kept. */
export function parseCertificates(body: Uint8Array): Uint8Array[] {
  return certificateList(new ByteReader(body), () => undefined);
}

/** RFC 8446 §4.4.2: the same after a context, and with extensions behind each certificate. */
export function parseCertificates13(body: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(body);
  reader.skip(reader.u8());
  return certificateList(reader, (list) => list.skip(list.u16()));
}

function certificateList(outer: ByteReader, skipExtensions: (list: ByteReader) => void): Uint8Array[] {
  const list = new ByteReader(outer.take(Math.min(outer.u24(), outer.left)));
  const certificates: Uint8Array[] = [];
  while (list.left > 3 && certificates.length < MAX_CERTIFICATES) {
    const der = list.take(list.u24());
    if (list.short) break;
    if (der.length > 0) certificates.push(der.slice());
    skipExtensions(list);
  }
  return certificates;
}

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** With type and length, as it goes into the transcript. */
  readonly whole: Uint8Array;
}

export interface MessageBuffer {
  /** false when more bytes came than a handshake may have. */
  add(bytes: Uint8Array): boolean;
  next(): HandshakeMessage | undefined;
}

/** Puts handshake messages together that are cut over records, or packed several in one. Grows by doubling: linear. */
export function createMessageBuffer(): MessageBuffer {
  let buffer = new Uint8Array(4096);
  let start = 0;
  let end = 0;
  return {
    add(bytes) {
      if (end + bytes.length > MAX_HANDSHAKE_BYTES) return false;
      if (end + bytes.length > buffer.length) {
        const larger = new Uint8Array(Math.max(buffer.length * 2, end + bytes.length));
        larger.set(buffer.subarray(0, end));
        buffer = larger;
      }
      buffer.set(bytes, end);
      end += bytes.length;
      return true;
    },
    next() {
      if (end - start < 4) return undefined;
      const reader = new ByteReader(buffer.subarray(start, end));
      const type = reader.u8();
      const length = reader.u24();
      if (reader.left < length) return undefined;
      const whole = buffer.subarray(start, start + 4 + length);
      start += 4 + length;
      return { type, body: whole.subarray(4), whole };
    },
  };
}
