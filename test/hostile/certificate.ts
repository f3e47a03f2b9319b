import { isUtf8 } from 'node:buffer';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface HostileCertificate {
  readonly key: string;
  readonly cert: string;
}

const EC = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const UTF8_STRING = 0x0c;
/** Any bytes go; OpenSSL refuses a UTF8String that is none. */
const TELETEX_STRING = 0x14;
const COMMON_NAME = '2.5.4.3';
const ORGANISATION = '2.5.4.10';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';

/**
 * A self-signed certificate with any bytes at all as common name, organisation and DNS name: openssl's own tools refuse to
 * write NUL, line breaks and broken UTF-8, a device with a fault (or a purpose) does not.
 */
export function hostileCertificate(text: Buffer, pair: { privateKey: KeyObject; publicKey: KeyObject } = EC) {
  const algorithm = der(0x30, oid(ECDSA_SHA256));
  const name = der(0x30, rdn(ORGANISATION, text), rdn(COMMON_NAME, text));
  const names = der(0x30, der(0x82, text), der(0x82, Buffer.from('ok.example')));
  const extension = der(0x30, oid(SUBJECT_ALTERNATIVE_NAME), der(0x04, names));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([0x2a])),
    algorithm,
    name,
    der(0x30, time('250401000000Z'), time('450401000000Z')),
    name,
    pair.publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = sign('sha256', body, pair.privateKey);
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature));
  return {
    key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`,
  } satisfies HostileCertificate;
}

function rdn(type: string, text: Buffer): Buffer {
  return der(0x31, der(0x30, oid(type), der(isUtf8(text) ? UTF8_STRING : TELETEX_STRING, text)));
}

function time(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}

/** Every arc of these is below 2^14 but for 113549 and 10045, hence the loop. */
function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size =
    length > 0xffff
      ? [0x83, length >> 16, (length >> 8) & 0xff]
      : length > 0xff
        ? [0x82, length >> 8]
        : [0x81];
  return Buffer.concat([Buffer.from([tag, ...size, length & 0xff]), content]);
}
