import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agreedExchange,
  clientOffer,
  ephemeralKey,
  otherHostKeyFamilies,
} from '../../../../../src/observe/probe/tcp/ssh/key-exchange.ts';
import { encodeKexInit, parseKexInit } from '../../../../../src/observe/probe/tcp/ssh/kex-init.ts';
import {
  MESSAGE,
  describeHostKey,
  encodePacket,
  findPacket,
  mpint,
  parseKexDhReply,
  readIdentification,
  readKexDhReply,
  readPacket,
  sshString,
} from '../../../../../src/observe/probe/tcp/ssh/packets.ts';
import { recorded } from '../recorded.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const zeroes = (length: number): Uint8Array => new Uint8Array(length);

describe('identification line', () => {
  it('is split into its parts', () => {
    expect(readIdentification(ascii('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\nrest'))).toEqual({
      banner: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3',
      protocol: '2.0',
      software: 'OpenSSH_9.2p1',
      comment: 'Debian-2+deb12u3',
      length: 40,
    });
    expect(readIdentification(ascii('SSH-1.99-Cisco-1.25\n'))).toMatchObject({
      protocol: '1.99',
      software: 'Cisco-1.25',
    });
  });

  it('may come after other lines', () => {
    expect(readIdentification(ascii('Authorised use only\r\n\r\nSSH-2.0-x\r\n'))).toMatchObject({
      banner: 'SSH-2.0-x',
    });
  });

  it('is waited for only within bounds', () => {
    expect(readIdentification(ascii('SSH-2.0-Open'))).toBe('more');
    expect(readIdentification(ascii('a1b2c3\r\n'.repeat(2000)))).toBeUndefined();
    expect(readIdentification(new Uint8Array(9000))).toBeUndefined();
    expect(readIdentification(ascii('SSH-\r\n'))).toBeUndefined();
  });
});

describe('binary packets', () => {
  it('come back as they were framed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (payload) => {
        const packet = encodePacket(payload, zeroes);
        expect(packet.length % 8).toBe(0);
        expect(packet[4]).toBeGreaterThanOrEqual(4);
        expect(readPacket(packet)).toEqual({ payload: Buffer.from(payload), length: packet.length });
        expect(readPacket(packet.subarray(0, -1))).toBe('more');
      }),
    );
  });

  it('pass over IGNORE and DEBUG, and nothing else', () => {
    const wanted = encodePacket(Uint8Array.of(MESSAGE.kexInit, 9), zeroes);
    const ignore = encodePacket(Uint8Array.of(MESSAGE.ignore), zeroes);
    expect(findPacket(Buffer.concat([ignore, ignore, wanted]), MESSAGE.kexInit)).toMatchObject({
      length: ignore.length * 2 + wanted.length,
    });
    expect(
      findPacket(encodePacket(Uint8Array.of(MESSAGE.disconnect), zeroes), MESSAGE.kexInit),
    ).toBeUndefined();
  });

  it('refuse a length that no packet has', () => {
    expect(readPacket(Buffer.from('ffffffff00', 'hex'))).toBeUndefined();
    expect(readPacket(ascii('HTTP/1.1 400'))).toBeUndefined();
  });
});

describe('KEXINIT', () => {
  it('comes back as it was written', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9@.-]{0,30}$/);
    const names = fc.array(name, { maxLength: 12 });
    const lists = fc.record({
      keyExchange: names,
      hostKey: names,
      encryption: names,
      mac: names,
      compression: names,
    });
    fc.assert(
      fc.property(lists, (kex) => {
        expect(parseKexInit(encodeKexInit(kex, zeroes))).toEqual(kex);
      }),
    );
  });

  it('never throws on bytes of strangers, and refuses what is cut short', () => {
    const whole = encodeKexInit(clientOffer(), zeroes);
    fc.assert(
      fc.property(fc.nat(whole.length - 20), (cut) => {
        expect(parseKexInit(whole.subarray(0, cut))).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readIdentification(bytes);
        readPacket(bytes);
        findPacket(bytes, MESSAGE.kexDhReply);
        parseKexInit(Buffer.concat([Uint8Array.of(MESSAGE.kexInit), bytes]));
        parseKexDhReply(Buffer.concat([Uint8Array.of(MESSAGE.kexDhReply), bytes]));
        describeHostKey(bytes);
      }),
    );
  });
});

describe('host keys', () => {
  it('are those that ssh-keygen printed for the recorded server', () => {
    const keys = ['ssh key exchange', 'ssh ecdsa-sha2-nistp256', 'ssh rsa-sha2-512'].map((label) => {
      const bytes = recorded('openssh 9.2p1', label);
      const line = readIdentification(bytes);
      if (line === undefined || line === 'more') throw new Error('no identification');
      const kexInit = findPacket(bytes.subarray(line.length), MESSAGE.kexInit);
      if (kexInit === undefined || kexInit === 'more') throw new Error('no KEXINIT');
      expect(parseKexInit(kexInit.payload)?.hostKey).toContain('rsa-sha2-512');
      const reply = findPacket(bytes.subarray(line.length + kexInit.length), MESSAGE.kexDhReply);
      if (reply === undefined || reply === 'more') throw new Error('no reply');
      return parseKexDhReply(reply.payload);
    });
    expect(keys).toEqual([
      { type: 'ssh-ed25519', sha256: 'SHA256:VUplnHxU07vXq8MRbDV40dBAXKpUDw/zit5vfULIEq8', bits: 256 },
      {
        type: 'ecdsa-sha2-nistp256',
        sha256: 'SHA256:PObM7dmKJW7iiCRkLi3LPyhdm6sowVWjIlnBq7gnxVM',
        bits: 256,
      },
      { type: 'ssh-rsa', sha256: 'SHA256:nKKQCBB/vK6nV8fvCcx26osl9/pWVX/UKvvWXMkN6FI', bits: 3072 },
    ]);
  });

  it('are read without the rest of the reply, which then holds no key to agree with', () => {
    const blob = Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.alloc(32))]);
    const whole = Buffer.concat([
      Uint8Array.of(MESSAGE.kexDhReply),
      sshString(blob),
      sshString(Buffer.alloc(32, 4)),
    ]);
    expect(readKexDhReply(whole)?.publicKey).toHaveLength(32);
    expect(readKexDhReply(whole.subarray(0, -1))?.publicKey).toHaveLength(0);
    expect(parseKexDhReply(whole.subarray(0, -1))?.type).toBe('ssh-ed25519');
    expect(readKexDhReply(whole.subarray(0, 20))).toBeUndefined();
  });

  it('have the size of their modulus', () => {
    for (const modulusLength of [1024, 2048]) {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
      const { n = '', e = '' } = createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })).export({
        format: 'jwk',
      });
      const blob = Buffer.concat([
        sshString('ssh-rsa'),
        sshString(mpint(Buffer.from(e, 'base64url'))),
        sshString(mpint(Buffer.from(n, 'base64url'))),
      ]);
      const sha256 = createHash('sha256').update(blob).digest('base64').replaceAll('=', '');
      expect(describeHostKey(blob)).toEqual({
        type: 'ssh-rsa',
        sha256: `SHA256:${sha256}`,
        bits: modulusLength,
      });
    }
  });
});

describe('choices', () => {
  const server = {
    keyExchange: ['sntrup761x25519-sha512', 'ecdh-sha2-nistp256', 'curve25519-sha256'],
    hostKey: ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com'],
    encryption: [],
    mac: [],
    compression: [],
  };

  it('takes our first exchange that the server has', () => {
    expect(agreedExchange(server)).toBe('curve25519-sha256');
    expect(agreedExchange({ ...server, keyExchange: ['gss-group1-sha1-x'] })).toBeUndefined();
  });

  it('makes an ephemeral key of the right size for every exchange offered', () => {
    const sizes = clientOffer().keyExchange.map((name) => ephemeralKey(name)?.publicKey.length ?? 0);
    expect(sizes[0]).toBe(32);
    expect(sizes[2]).toBe(65);
    expect(Math.min(...sizes)).toBeGreaterThan(31);
  });

  it('arrives at the same secret from both sides in every exchange, and at none with a bad half', () => {
    for (const name of clientOffer().keyExchange.filter((one) => !one.includes('group18'))) {
      const [ours, theirs] = [ephemeralKey(name), ephemeralKey(name)];
      const secret = ours?.secretWith(theirs?.publicKey ?? new Uint8Array());
      expect(secret?.length, name).toBeGreaterThan(30);
      expect(secret, name).toEqual(theirs?.secretWith(ours?.publicKey ?? new Uint8Array()));
      for (const bad of [new Uint8Array(), Uint8Array.of(1), new Uint8Array(32), Buffer.alloc(9000, 0xff)]) {
        expect(ours?.secretWith(bad), name).toBeUndefined();
      }
    }
  });

  it('asks once more for every other type of key', () => {
    const seen = [{ type: 'ssh-ed25519', sha256: 'SHA256:x' }];
    expect(otherHostKeyFamilies(server, seen)).toEqual([['rsa-sha2-512', 'rsa-sha2-256']]);
    expect(otherHostKeyFamilies(server, [{ type: 'ssh-rsa', sha256: 'y' }])).toEqual([['ssh-ed25519']]);
  });
});
