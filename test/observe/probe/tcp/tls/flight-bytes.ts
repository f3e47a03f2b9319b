/** Answer of a server up to TLS 1.2, built by hand: ServerHello, Certificate, CertificateRequest, ServerHelloDone. */
export function serverFlightBytes(options: {
  readonly version: number;
  readonly cipher: number;
  readonly certificates: readonly Uint8Array[];
  readonly certificateRequested?: boolean;
  /** Bytes of handshake in one record. */
  readonly recordSize?: number;
}): Buffer {
  const { version, cipher, certificates, certificateRequested = false, recordSize = 16_384 } = options;
  const hello = Buffer.concat([
    u16(version),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    u16(cipher),
    Buffer.from([0]),
  ]);
  const list = Buffer.concat(certificates.map((der) => Buffer.concat([u24(der.length), der])));
  const messages = [
    message(2, hello),
    ...(certificates.length > 0 ? [message(11, Buffer.concat([u24(list.length), list]))] : []),
    ...(certificateRequested ? [message(13, Buffer.from([1, 1, 0, 0]))] : []),
    message(14, Buffer.alloc(0)),
  ];
  const all = Buffer.concat(messages);
  const records: Buffer[] = [];
  for (let at = 0; at < all.length; at += recordSize) {
    const body = all.subarray(at, at + recordSize);
    records.push(Buffer.from([22]), u16(version), u16(body.length), body);
  }
  return Buffer.concat(records);
}

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), u24(body.length), body]);
}
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const u24 = (value: number): Buffer => Buffer.from([value >> 16, (value >> 8) & 255, value & 255]);
