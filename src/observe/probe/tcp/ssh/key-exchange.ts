import {
  createECDH,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  getDiffieHellman,
} from 'node:crypto';
import type { KexInit } from './kex-init.ts';
import type { HostKey } from './packets.ts';
import { mpint } from './packets.ts';

/** Our half of a key exchange. */
export interface EphemeralKey {
  /** Body of the string or mpint in SSH_MSG_KEXDH_INIT. */
  readonly publicKey: Uint8Array;
  /** The shared secret K as the body of an mpint; undefined when the server's half is no valid one. */
  secretWith(serverPublicKey: Uint8Array): Uint8Array | undefined;
}

interface Exchange {
  /** Hash over the exchange and of the key derivation. */
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly makeKey: () => EphemeralKey;
}

/**
 * Key exchanges in which the host key comes with the second packet and for which Node can make an ephemeral key
 * (RFC 8731, RFC 5656, RFC 4253 §8, RFC 8268). Old ones are at the end: they are asked for only of servers that know
 * nothing else.
 */
const EXCHANGES: Readonly<Record<string, Exchange>> = {
  'curve25519-sha256': { hash: 'sha256', makeKey: () => x25519() },
  'curve25519-sha256@libssh.org': { hash: 'sha256', makeKey: () => x25519() },
  'ecdh-sha2-nistp256': { hash: 'sha256', makeKey: () => ecdh('prime256v1') },
  'ecdh-sha2-nistp384': { hash: 'sha384', makeKey: () => ecdh('secp384r1') },
  'ecdh-sha2-nistp521': { hash: 'sha512', makeKey: () => ecdh('secp521r1') },
  'diffie-hellman-group14-sha256': { hash: 'sha256', makeKey: () => modp('modp14') },
  'diffie-hellman-group16-sha512': { hash: 'sha512', makeKey: () => modp('modp16') },
  'diffie-hellman-group18-sha512': { hash: 'sha512', makeKey: () => modp('modp18') },
  'diffie-hellman-group14-sha1': { hash: 'sha1', makeKey: () => modp('modp14') },
  'diffie-hellman-group1-sha1': { hash: 'sha1', makeKey: () => modp('modp2') },
};

/** Host key algorithms by type of key, the ones asked for first first. */
const HOST_KEY_FAMILIES: readonly (readonly string[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
  ['ssh-dss'],
  ['ssh-ed448'],
];

/**
 * Wide lists, so that old devices answer too: only the key exchange and the host key decide what we get to see. The
 * ciphers are never used; where they are, algorithms.ts has a list of those that we can really do.
 */
const OFFER: KexInit = {
  keyExchange: Object.keys(EXCHANGES),
  hostKey: HOST_KEY_FAMILIES.flat(),
  encryption: [
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-cbc',
    'aes256-cbc',
    '3des-cbc',
  ],
  mac: [
    'hmac-sha2-256',
    'hmac-sha2-512',
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha1',
    'hmac-md5',
  ],
  compression: ['none', 'zlib@openssh.com', 'zlib'],
};

/** What we offer; with `hostKeys` only those host key algorithms, to be shown that key. */
export function clientOffer(hostKeys?: readonly string[]): KexInit {
  return hostKeys === undefined ? OFFER : { ...OFFER, hostKey: hostKeys };
}

/** The key exchange both sides arrive at (RFC 4253 §7.1: the client's first that the server has too), if we can do it. */
export function agreedExchange(server: KexInit): string | undefined {
  return OFFER.keyExchange.find((name) => server.keyExchange.includes(name));
}

/** Makes our half of the exchange. */
export function ephemeralKey(exchange: string): EphemeralKey | undefined {
  return EXCHANGES[exchange]?.makeKey();
}

export function hashOfExchange(exchange: string): Exchange['hash'] | undefined {
  return EXCHANGES[exchange]?.hash;
}

/** Families of host keys that the server has besides the ones already seen, one list of algorithms for each. */
export function otherHostKeyFamilies(server: KexInit, seen: readonly HostKey[]): readonly string[][] {
  return HOST_KEY_FAMILIES.map((family) => family.filter((name) => server.hostKey.includes(name))).filter(
    (offered) => offered.length > 0 && !seen.some((key) => sameFamily(offered, key.type)),
  );
}

function sameFamily(algorithms: readonly string[], type: string): boolean {
  // The blob of an RSA key says "ssh-rsa" whatever the signature algorithm (RFC 8332 §3).
  return (
    algorithms.includes(type) || (type === 'ssh-rsa' && algorithms.some((name) => name.startsWith('rsa-')))
  );
}

/** @param privateKey given only where an exchange has to come out the same again. */
export function x25519(privateKey = generateKeyPairSync('x25519').privateKey): EphemeralKey {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x, 'base64url'),
    secretWith: orUndefined((theirs) => {
      const jwk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(theirs).toString('base64url') };
      return diffieHellman({ privateKey, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) });
    }),
  };
}

function ecdh(curve: string): EphemeralKey {
  const own = createECDH(curve);
  return { publicKey: own.generateKeys(), secretWith: orUndefined((theirs) => own.computeSecret(theirs)) };
}

function modp(group: string): EphemeralKey {
  const own = getDiffieHellman(group);
  return {
    publicKey: mpint(own.generateKeys()),
    secretWith: orUndefined((theirs) => {
      // RFC 4253 §8: f outside of 1 … p−1 must not be taken. 0, 1 and p−1 would make a secret that anybody knows.
      return isWithin(theirs, own.getPrime()) ? own.computeSecret(theirs) : undefined;
    }),
  };
}

function isWithin(number: Uint8Array, prime: Uint8Array): boolean {
  const [n, p] = [number, prime].map((bytes) => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`));
  return n !== undefined && p !== undefined && n > 1n && n < p - 1n;
}

/** Node throws on points off the curve, keys of the wrong length and a secret of all zeroes. */
function orUndefined(compute: (theirs: Uint8Array) => Uint8Array | undefined): EphemeralKey['secretWith'] {
  return (theirs) => {
    try {
      const secret = compute(theirs);
      return secret === undefined ? undefined : mpint(secret);
    } catch {
      return undefined;
    }
  };
}
