import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKey, type KeyLetter } from '../../../../../src/observe/probe/tcp/ssh/session-keys.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('key derivation of RFC 4253 §7.2', () => {
  /** NIST CAVS 14.1, "SSH" of SP 800-135, SHA-1 and TDES-CBC, the first vector whose session id is not the hash. */
  it.each<[KeyLetter, string]>([
    ['A', '55a1015757de84cb'],
    ['B', '7e57f61d5735f4fb'],
    ['C', 'dd1c24bde1af845e82207541e3e173aec822fb904a94ae3c'],
    ['D', 'cbbfdc9442af6db7f8c4dcaa4b0b5d0163e0e204476aa2a0'],
    ['E', 'e153e04886c0dc446dde9a9b3b13efb77151764d'],
    ['F', 'c8e4f61bd6b5abb2c6e06eca7b302349435e4842'],
  ])('gives the key %s that NIST computed', (letter, expected) => {
    const material = {
      hash: 'sha1',
      secret: hex(
        '00ec6f2c5f0517fd92f730567bd783138302917c277552b1b3fdf2b67d6edb6fa81bd17f7ebbe339b54b171341e6522b' +
          '91611f8274cc88652a458f8041261040818a268497e949e12f57271318b2b3194c29760cbb767c0fc8833b272994e186' +
          '82da807e6c9f235d88ef89c203c6f756d25cc2bea199b02c955b8b40cbc04f9208',
      ),
      exchangeHash: hex('ee40eef61bea3da8c2b1cec40fc4cdac892a2626'),
      sessionId: hex('ca9aad244e24797fd348d1250387c8aa45a0110a'),
    };
    expect(Buffer.from(deriveKey(material, letter, expected.length / 2)).toString('hex')).toBe(expected);
  });

  /** Computed by `openssl kdf … SSHKDF` of OpenSSL 3.0: keys longer than one digest. */
  it.each<[string, KeyLetter, string]>([
    [
      'sha256',
      'C',
      'aace0f1f8792dfa3acfcef66821f196dc435193ea2c02c9c24a4262976187757237a80963ad6b74f' +
        'c9336408889bee2fb0c1cd1e785d9daf7257b38783500723',
    ],
    [
      'sha256',
      'F',
      '2ca71839add2dcd0b071259292b9680a8a5286cfc47d2517a923c13bee249adc1bc7d8c4e76a2fd6' +
        'affe09ac0c62b5473312c536bba8c77be92c51dd72c605db3ff41778ce09e4e8cd89db46ba33d9c4' +
        'e929c16f369c916fbd054b6de0189c72671c5170',
    ],
    [
      'sha512',
      'F',
      '2be7bd9e3e8d9cbe9e83c4171e01e60aeb32bf186cf3580e52918e05faf9908d845386e1bbb753c4' +
        '9f802ebf4aef9d0fc39a9990d78df17fc5acb87e24e27be49a11bb426bcdc7a1c3d2393c52e98b25' +
        '2b01ef463292d4050e92a724500c3b691a52d229',
    ],
  ])('gives long keys as OpenSSL does: %s %s', (hash, letter, expected) => {
    const material = {
      hash,
      secret: hex('00c1d2e3f4a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f50'),
      exchangeHash: createHash('sha256').update('exchange').digest(),
      sessionId: createHash('sha256').update('session').digest(),
    };
    expect(Buffer.from(deriveKey(material, letter, expected.length / 2)).toString('hex')).toBe(expected);
  });
});
