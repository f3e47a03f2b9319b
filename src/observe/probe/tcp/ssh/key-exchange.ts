import { createECDH, generateKeyPairSync, getDiffieHellman } from 'node:crypto';
import type { HostKey, KexInit } from './packets.ts';
import { mpint } from './packets.ts';

/**
 * Key exchanges in which the host key comes with the second packet and for which Node can make an ephemeral key.
 * Old ones are at the end: they are asked for only of servers that know nothing else.
 */
const EXCHANGES: Readonly<Record<string, () => Uint8Array>> = {
  'curve25519-sha256': x25519,
  'curve25519-sha256@libssh.org': x25519,
  'ecdh-sha2-nistp256': () => ecdh('prime256v1'),
  'ecdh-sha2-nistp384': () => ecdh('secp384r1'),
  'ecdh-sha2-nistp521': () => ecdh('secp521r1'),
  'diffie-hellman-group14-sha256': () => modp('modp14'),
  'diffie-hellman-group16-sha512': () => modp('modp16'),
  'diffie-hellman-group18-sha512': () => modp('modp18'),
  'diffie-hellman-group14-sha1': () => modp('modp14'),
  'diffie-hellman-group1-sha1': () => modp('modp2'),
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
 * Wide lists, so that old devices answer too: only the key exchange and the host key decide what we get to see, the
 * ciphers are never used.
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

/** Our half of the exchange as the body of the string or mpint in SSH_MSG_KEXDH_INIT; the private half is thrown away. */
export function ephemeralPublicKey(exchange: string): Uint8Array | undefined {
  return EXCHANGES[exchange]?.();
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

function x25519(): Uint8Array {
  const { publicKey } = generateKeyPairSync('x25519');
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function ecdh(curve: string): Uint8Array {
  return createECDH(curve).generateKeys();
}

function modp(group: string): Uint8Array {
  return mpint(getDiffieHellman(group).generateKeys());
}
