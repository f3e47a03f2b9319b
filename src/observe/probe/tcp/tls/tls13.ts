import {
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type CipherGCMTypes,
  type KeyObject,
} from 'node:crypto';

/** Takes the protection off the handshake records of a TLS 1.3 server, one after the other. */
export interface RecordOpener {
  /** Inner content and its type, or undefined when the record was not made with these keys. */
  open(body: Uint8Array): { readonly type: number; readonly content: Uint8Array } | undefined;
}

export interface KeyShare {
  /** 32 bytes for the key_share extension. */
  readonly publicKey: Uint8Array;
  /** undefined for a suite that is not supported here (CCM), or a public key that is none. */
  opener(
    cipher: number,
    serverKey: Uint8Array,
    clientHello: Uint8Array,
    serverHello: Uint8Array,
  ): RecordOpener | undefined;
}

interface Suite {
  readonly hash: 'sha256' | 'sha384';
  readonly cipher: CipherGCMTypes | 'chacha20-poly1305';
  readonly keyLength: number;
}

const SUITES: ReadonlyMap<number, Suite> = new Map([
  [0x1301, { hash: 'sha256', cipher: 'aes-128-gcm', keyLength: 16 }],
  [0x1302, { hash: 'sha384', cipher: 'aes-256-gcm', keyLength: 32 }],
  [0x1303, { hash: 'sha256', cipher: 'chacha20-poly1305', keyLength: 32 }],
]);
const TAG_LENGTH = 16;

/**
 * An X25519 key for one hello. From TLS 1.3 on a server encrypts its certificate and its wish for a client certificate;
 * with the key of the exchange both can be read from its first flight, without finishing the handshake.
 */
export function createKeyShare(
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('x25519'),
): KeyShare {
  return {
    publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
    opener(cipher, serverKey, clientHello, serverHello) {
      const suite = SUITES.get(cipher);
      const shared = sharedSecret(privateKey, serverKey);
      if (suite === undefined || shared === undefined) return undefined;
      const transcript = createHash(suite.hash).update(clientHello).update(serverHello).digest();
      return createOpener(suite, serverTrafficSecret(suite, shared, transcript));
    },
  };
}

function sharedSecret(privateKey: KeyObject, serverKey: Uint8Array): Buffer | undefined {
  try {
    const x = Buffer.from(serverKey).toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
    return diffieHellman({ privateKey, publicKey });
  } catch {
    return undefined;
  }
}

/** server_handshake_traffic_secret, RFC 8446 §7.1. */
function serverTrafficSecret({ hash }: Suite, shared: Uint8Array, transcript: Uint8Array): Buffer {
  const size = createHash(hash).digest().length;
  const early = createHmac(hash, Buffer.alloc(size)).update(Buffer.alloc(size)).digest();
  const derived = expandLabel(hash, early, 'derived', createHash(hash).digest(), size);
  const handshake = createHmac(hash, derived).update(shared).digest();
  return expandLabel(hash, handshake, 's hs traffic', transcript, size);
}

/** HKDF-Expand-Label for lengths up to that of the hash, where one block is enough (RFC 5869 §2.3). */
function expandLabel(
  hash: string,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Buffer {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([
    Buffer.from([length >> 8, length & 0xff, name.length]),
    name,
    Buffer.from([context.length]),
    context,
    Buffer.from([1]),
  ]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

function createOpener({ hash, cipher, keyLength }: Suite, secret: Uint8Array): RecordOpener {
  const key = expandLabel(hash, secret, 'key', new Uint8Array(), keyLength);
  const iv = expandLabel(hash, secret, 'iv', new Uint8Array(), 12);
  let sequence = 0;
  return {
    open(body) {
      if (body.length <= TAG_LENGTH) return undefined;
      const nonce = Buffer.from(iv);
      nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence) >>> 0, 8);
      sequence += 1;
      const header = Buffer.from([23, 3, 3, body.length >> 8, body.length & 0xff]);
      try {
        // Both names take the same calls; the types know AEAD only by the name of one of them.
        const decipher = createDecipheriv(cipher as CipherGCMTypes, key, nonce, {
          authTagLength: TAG_LENGTH,
        });
        decipher.setAuthTag(body.subarray(-TAG_LENGTH));
        decipher.setAAD(header);
        const plain = Buffer.concat([decipher.update(body.subarray(0, -TAG_LENGTH)), decipher.final()]);
        return withoutPadding(plain);
      } catch {
        return undefined;
      }
    },
  };
}

/** RFC 8446 §5.4: content, one byte of type, zeros. */
function withoutPadding(plain: Buffer): { type: number; content: Uint8Array } | undefined {
  let end = plain.length - 1;
  while (end >= 0 && plain[end] === 0) end -= 1;
  const type = plain[end];
  return type === undefined ? undefined : { type, content: plain.subarray(0, end) };
}
