import { u16 } from './wire.ts';
import { ByteReader } from '../../../../lib/byte-reader.ts';
import type { Reading } from '../../question.ts';
import { SSL2 } from './versions.ts';

/** What an SSLv2 server says of itself in its first message: everything, in clear. */
export interface Ssl2Answer {
  /** Names of draft-hickman-netscape-ssl-00, appendix C.4: the suites that both sides have, at most 32. */
  readonly ciphers: readonly string[];
  /** DER; SSLv2 sends the server's certificate alone. */
  readonly certificate: Uint8Array | undefined;
}

const CLIENT_HELLO = 1;
const SERVER_HELLO = 4;
const X509 = 1;
const MAX_CIPHERS = 32;
const CHALLENGE_LENGTH = 16;

const CIPHERS: ReadonlyMap<number, string> = new Map([
  [0x010080, 'SSL_CK_RC4_128_WITH_MD5'],
  [0x020080, 'SSL_CK_RC4_128_EXPORT40_WITH_MD5'],
  [0x030080, 'SSL_CK_RC2_128_CBC_WITH_MD5'],
  [0x040080, 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5'],
  [0x050080, 'SSL_CK_IDEA_128_CBC_WITH_MD5'],
  [0x060040, 'SSL_CK_DES_64_CBC_WITH_MD5'],
  [0x0700c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
  [0x080080, 'SSL_CK_RC4_64_WITH_MD5'],
]);

/** CLIENT-HELLO of SSLv2 with every cipher, draft-hickman-netscape-ssl-00 §2.5. @param challenge 16 bytes. */
export function ssl2Hello(challenge: Uint8Array): Uint8Array {
  const body = Buffer.concat([
    Buffer.from([CLIENT_HELLO]),
    u16(SSL2),
    u16(CIPHERS.size * 3),
    u16(0),
    u16(CHALLENGE_LENGTH),
    ...[...CIPHERS.keys()].map((number) => Buffer.from([number >> 16, (number >> 8) & 0xff, number & 0xff])),
    Buffer.from(challenge.subarray(0, CHALLENGE_LENGTH)),
  ]);
  return Buffer.concat([u16(0x8000 | body.length), body]);
}

/**
 * SERVER-HELLO, draft-hickman-netscape-ssl-00 §2.6. A server of SSLv3 or later answers the old form of hello with a record of
 * its own; that is no SSLv2.
 */
export function parseSsl2Answer(bytes: Uint8Array): Reading<Ssl2Answer> {
  const [high] = bytes;
  if (high === undefined) return 'more';
  // Two bytes of length without padding; a ServerHello is always sent in this form.
  if (high < 0x80) return undefined;
  if (bytes.length < 3) return 'more';
  const length = ((high & 0x7f) << 8) | (bytes[1] ?? 0);
  if (bytes[2] !== SERVER_HELLO || length < 11) return undefined;
  if (bytes.length < 2 + length) return 'more';
  return readServerHello(new ByteReader(bytes.subarray(3, 2 + length)));
}

function readServerHello(reader: ByteReader): Ssl2Answer | undefined {
  reader.skip(1);
  const certificateType = reader.u8();
  const version = reader.u16();
  const certificateLength = reader.u16();
  const ciphersLength = reader.u16();
  const identifierLength = reader.u16();
  const certificate = reader.take(certificateLength);
  const list = new ByteReader(reader.take(ciphersLength));
  reader.skip(identifierLength);
  if (reader.short || version !== SSL2 || ciphersLength % 3 !== 0) return undefined;
  const ciphers: string[] = [];
  while (list.left >= 3 && ciphers.length < MAX_CIPHERS) {
    const number = list.u24();
    ciphers.push(CIPHERS.get(number) ?? `0x${number.toString(16).padStart(6, '0')}`);
  }
  const isShown = certificateType === X509 && certificate.length > 0;
  return { ciphers, certificate: isShown ? certificate.slice() : undefined };
}
