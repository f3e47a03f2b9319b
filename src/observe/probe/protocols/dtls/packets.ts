import { ByteReader } from '../../../../lib/byte-reader.ts';

const [ALERT, HANDSHAKE] = [21, 22];
const [SERVER_HELLO, HELLO_VERIFY_REQUEST] = [2, 3];

const u16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
const extension = (type: number, body: Buffer): Buffer => Buffer.concat([u16(type), u16(body.length), body]);

/** ECDHE and RSA with AES, as VPN clients and browsers offer them. */
const SUITES = [
  0xc02c, 0xc030, 0xc02b, 0xc02f, 0xc00a, 0xc014, 0xc009, 0xc013, 0x009d, 0x009c, 0x0035, 0x002f, 0x00ff,
];

/**
 * DTLS 1.2 ClientHello without a cookie (RFC 6347 §4.2.1), in a record of version 1.0, as is the custom for the first one.
 *
 * @param random 32 bytes.
 */
export function encodeClientHello(random: Uint8Array): Buffer {
  const suites = Buffer.concat(SUITES.map(u16));
  const groups = Buffer.concat([29, 23, 24].map(u16));
  const signatures = Buffer.concat([0x0403, 0x0804, 0x0401, 0x0503, 0x0501, 0x0203, 0x0201].map(u16));
  const extensions = Buffer.concat([
    extension(10, Buffer.concat([u16(groups.length), groups])),
    extension(11, Buffer.of(1, 0)),
    extension(13, Buffer.concat([u16(signatures.length), signatures])),
    extension(23, Buffer.alloc(0)),
  ]);
  const hello = Buffer.concat([
    Buffer.of(0xfe, 0xfd),
    random,
    // No session, no cookie.
    Buffer.of(0, 0),
    u16(suites.length),
    suites,
    Buffer.of(1, 0),
    u16(extensions.length),
    extensions,
  ]);
  const length = Buffer.concat([Buffer.of(0), u16(hello.length)]);
  // Type 1, length, message 0, one fragment that is the whole.
  const handshake = Buffer.concat([Buffer.of(1), length, Buffer.alloc(5), length, hello]);
  return Buffer.concat([Buffer.of(HANDSHAKE, 0xfe, 0xff), Buffer.alloc(8), u16(handshake.length), handshake]);
}

export interface DtlsAnswer {
  readonly kind: 'cookie' | 'server-hello' | 'alert';
  /** "1.0", "1.2"; of the record for an alert. */
  readonly version: string;
  /** Number of the cipher suite that a server chose at once. */
  readonly cipher: number | undefined;
  /** Number of an alert's description. */
  readonly alert: number | undefined;
}

const VERSIONS: Readonly<Record<number, string>> = { 0xfeff: '1.0', 0xfefd: '1.2', 0x0100: '0.9' };

/**
 * First record of an answer: HelloVerifyRequest, ServerHello or a fatal alert, of epoch 0 (RFC 6347 §4.1). The lengths of record
 * and message must agree; a HelloVerifyRequest and an alert must fill the datagram.
 */
export function parseDtlsAnswer(datagram: Uint8Array): DtlsAnswer | undefined {
  const reader = new ByteReader(datagram);
  const type = reader.u8();
  const version = VERSIONS[reader.u16()];
  const epoch = reader.u16();
  reader.skip(6);
  const record = new ByteReader(reader.take(reader.u16()));
  if (reader.short || version === undefined || epoch !== 0) return undefined;
  if (type === ALERT) return reader.left === 0 ? parseAlert(record, version) : undefined;
  if (type !== HANDSHAKE) return undefined;
  const answer = parseHandshake(record);
  return answer?.kind === 'cookie' && reader.left > 0 ? undefined : answer;
}

function parseAlert(record: ByteReader, version: string): DtlsAnswer | undefined {
  const level = record.u8();
  const alert = record.u8();
  if (record.short || record.left > 0 || level < 1 || level > 2) return undefined;
  return { kind: 'alert', version, cipher: undefined, alert };
}

function parseHandshake(record: ByteReader): DtlsAnswer | undefined {
  const type = record.u8();
  const length = record.u24();
  record.skip(2);
  const offset = record.u24();
  const size = record.u24();
  const version = VERSIONS[record.u16()];
  if (record.short || version === undefined || offset !== 0 || size > length) return undefined;
  if (type === HELLO_VERIFY_REQUEST) {
    const cookie = record.take(record.u8());
    const isWhole = !record.short && record.left === 0 && cookie.length > 0 && size === length;
    return isWhole ? { kind: 'cookie', version, cipher: undefined, alert: undefined } : undefined;
  }
  if (type !== SERVER_HELLO) return undefined;
  record.skip(32);
  const session = record.u8();
  record.skip(session);
  const cipher = record.u16();
  return record.short || session > 32
    ? undefined
    : { kind: 'server-hello', version, cipher, alert: undefined };
}
