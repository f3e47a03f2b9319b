import { describe, expect, it } from 'vitest';
import {
  CIPHERS,
  MACS,
  agreedProtection,
  encryptingOffer,
} from '../../../../../src/observe/probe/tcp/ssh/algorithms.ts';
import { parseKexInitBothWays } from '../../../../../src/observe/probe/tcp/ssh/kex-init.ts';
import { MESSAGE, sshString } from '../../../../../src/observe/probe/tcp/ssh/packets.ts';

/** The eight name-lists of RFC 4253 §7.1 that matter, in their order on the wire. */
function kexInit(lists: readonly string[]): NonNullable<ReturnType<typeof parseKexInitBothWays>> {
  const payload = Buffer.concat([
    Uint8Array.of(MESSAGE.kexInit),
    Buffer.alloc(16),
    ...lists.map((list) => sshString(list)),
    Buffer.alloc(13),
  ]);
  return parseKexInitBothWays(payload) ?? expect.fail('no KEXINIT');
}

describe('cipher and code', () => {
  it('are settled for each direction by itself', () => {
    const server = kexInit([
      'curve25519-sha256',
      'ssh-ed25519',
      '3des-cbc,aes256-ctr',
      'aes128-gcm@openssh.com',
      'hmac-sha1,hmac-sha2-512',
      'hmac-md5',
      'zlib,none',
      'none',
    ]);
    expect(agreedProtection(server)).toEqual({
      // The client's order decides.
      toServer: { cipher: CIPHERS['aes256-ctr'], mac: MACS['hmac-sha2-512'] },
      // GCM needs no code, whatever the list says.
      toClient: { cipher: CIPHERS['aes128-gcm@openssh.com'], mac: undefined },
    });
  });

  it.each([
    [['aes128-ctr', 'x', 'hmac-sha1', 'hmac-sha1', 'none', 'none'], 'no cipher in common'],
    [['x', 'aes128-ctr', 'hmac-sha1', 'hmac-sha1', 'none', 'none'], 'no cipher in common'],
    [
      ['aes128-ctr', 'aes128-ctr', 'hmac-sha1', 'x', 'none', 'none'],
      'no message authentication code in common',
    ],
    [
      ['aes128-ctr', 'aes128-ctr', 'hmac-sha1', 'hmac-sha1', 'none', 'zlib'],
      'the server insists on compression',
    ],
  ])('%j: %s', (lists, expected) => {
    expect(agreedProtection(kexInit(['k', 'h', ...lists]))).toBe(expected);
  });

  it('are offered only as far as we can do them, without strict key exchange', () => {
    const offer = encryptingOffer();
    expect(offer.encryption).toEqual(Object.keys(CIPHERS));
    expect(offer.mac).toEqual(Object.keys(MACS));
    expect(offer.compression).toEqual(['none']);
    expect(offer.keyExchange.join()).not.toMatch(/kex-strict|ext-info/);
  });
});
