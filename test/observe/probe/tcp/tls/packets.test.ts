import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertName } from '../../../../../src/observe/probe/tcp/tls/alerts.ts';
import {
  cipherName,
  TLS10_CIPHERS,
  TLS12_CIPHERS,
} from '../../../../../src/observe/probe/tcp/tls/ciphers.ts';
import { signatureAlgorithm } from '../../../../../src/observe/probe/tcp/tls/der.ts';
import { clientHello } from '../../../../../src/observe/probe/tcp/tls/hello.ts';
import {
  createFlightReader,
  parseServerHello,
  type ServerFlight,
} from '../../../../../src/observe/probe/tcp/tls/server-hello.ts';
import { createKeyShare } from '../../../../../src/observe/probe/tcp/tls/tls13.ts';
import { serverFlightBytes } from './flight-bytes.ts';
import { der } from './tls-server.ts';

function read(bytes: Uint8Array, until: 'hello' | 'done' = 'done'): ServerFlight {
  const reader = createFlightReader(until);
  reader.enough(bytes);
  return reader.flight();
}

const certificates = [der('device.crt'), der('ca.crt')];
const flight = serverFlightBytes({
  version: 0x0303,
  cipher: 0xc02f,
  certificates,
  certificateRequested: true,
});

describe('clientHello', () => {
  const random = new Uint8Array(32).fill(5);

  it('is byte for byte what RFC 6101 asks for when there are no extensions', () => {
    const hello = clientHello({
      version: 0x0300,
      serverName: 'a.example',
      ciphers: [0x000a, 0x00ff],
      random,
    });
    expect(Buffer.from(hello).toString('hex')).toBe(
      `160300002f0100002b0300${'05'.repeat(32)}000004000a00ff0100`,
    );
  });

  it('carries lengths that add up, for every version', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0x300, 0x301, 0x302, 0x303, 0x304),
        fc.option(fc.domain()),
        (version, name) => {
          const hello = Buffer.from(clientHello({ version, serverName: name, random }));
          expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
          expect(hello.readUIntBE(6, 3)).toBe(hello.length - 9);
          expect(hello.includes(name ?? 'nothing')).toBe(name !== null && version !== 0x300);
          // RFC 7685: these lengths hang some devices. SSLv3 has no extension to fill with.
          const isHanging = hello.length - 5 >= 256 && hello.length - 5 <= 511;
          expect(isHanging).toBe(false);
          expect(hello.length).toBeLessThan(800);
        },
      ),
    );
  });

  it('offers fewer suites than the 128 that old servers can take', () => {
    expect(TLS12_CIPHERS.length).toBeLessThan(128);
    expect(TLS10_CIPHERS.length).toBeLessThan(TLS12_CIPHERS.length);
    expect(new Set(TLS12_CIPHERS).size).toBe(TLS12_CIPHERS.length);
    expect(TLS10_CIPHERS.slice(0, -1).every((number) => /^(TLS|SSL)_/.test(cipherName(number)))).toBe(true);
  });
});

describe('order of the offer', () => {
  // Dovecot 2.3.19 without `ssl_dh` follows the client's order and hangs up when it has no parameters for the first.
  it.each([TLS10_CIPHERS, TLS12_CIPHERS])(
    'elliptic curves, then Diffie-Hellman, then the weak',
    (...list) => {
      const names = list.map(cipherName);
      const last = (pattern: RegExp): number => names.findLastIndex((name) => pattern.test(name));
      const first = (pattern: RegExp): number => names.findIndex((name) => pattern.test(name));
      expect(last(/^TLS_ECDHE_\w+_(AES|CAMELLIA)_/)).toBeLessThan(first(/^TLS_DHE_/));
      expect(last(/^TLS_DHE_\w+_(AES|CAMELLIA)_/)).toBeLessThan(first(/3DES|RC4|_DES_|EXPORT|anon|NULL/));
    },
  );
});

describe('names', () => {
  it.each([
    [0x0005, 'TLS_RSA_WITH_RC4_128_SHA'],
    [0x000a, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
    [0x0003, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'],
    [0x0018, 'TLS_DH_anon_WITH_RC4_128_MD5'],
    [0x0001, 'TLS_RSA_WITH_NULL_MD5'],
    [0x1301, 'TLS_AES_128_GCM_SHA256'],
    [0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    [0x1234, '0x1234'],
  ])('%i is %s', (number, name) => expect(cipherName(number)).toBe(name));

  it('names alerts', () => {
    expect(alertName(70)).toBe('protocol_version');
    expect(alertName(199)).toBe('alert 199');
  });
});

describe('createFlightReader', () => {
  it('reads a whole flight', () => {
    const { kind, hello, certificates: chain, certificateRequested, complete } = read(flight);
    expect({ kind, complete, certificateRequested }).toEqual({
      kind: 'tls',
      complete: true,
      certificateRequested: true,
    });
    expect(hello).toMatchObject({ version: 0x0303, cipher: 0xc02f, retry: false });
    expect(chain.map((one) => Buffer.from(one))).toEqual(certificates);
  });

  it('gives the same however the bytes are cut into records and reads', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 1, max: 5000 }),
        (recordSize, step) => {
          const bytes = serverFlightBytes({ version: 0x0301, cipher: 5, certificates, recordSize });
          const reader = createFlightReader('done');
          let done = false;
          for (let end = step; !done && end < bytes.length + step; end += step)
            done = reader.enough(bytes.subarray(0, end));
          expect(done).toBe(true);
          expect(reader.flight().certificates).toHaveLength(2);
          expect(reader.flight().hello?.version).toBe(0x0301);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says "more" for every part of it and never another protocol', () => {
    for (let length = 0; length < flight.length; length += 1) {
      const reader = createFlightReader('done');
      expect(reader.enough(flight.subarray(0, length))).toBe(false);
      expect(reader.flight().kind).not.toBe('other');
      expect(reader.flight().complete).toBe(false);
    }
  });

  it('goes on after a warning and stops at a fatal alert', () => {
    const warning = Buffer.from('15030300020170', 'hex');
    expect(read(Buffer.concat([warning, flight]))).toMatchObject({
      kind: 'tls',
      alert: undefined,
      complete: true,
    });
    expect(read(Buffer.from('15030300020246', 'hex'))).toMatchObject({
      kind: 'tls',
      alert: 70,
      complete: true,
    });
  });

  it('takes the version of TLS 1.3 from the extension, and knows a retry', () => {
    const retry = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
    const body = (random: string): Buffer =>
      Buffer.from(`0303${random}00130100000600 2b00020304`.replaceAll(' ', ''), 'hex');
    expect(parseServerHello(body('07'.repeat(32)))).toMatchObject({
      version: 0x0304,
      cipher: 0x1301,
      retry: false,
    });
    expect(parseServerHello(body(retry))).toMatchObject({ version: 0x0304, retry: true });
    expect(parseServerHello(body(retry).subarray(0, 30))).toBeUndefined();
  });

  it('never throws and stays linear on anything', () => {
    const arbitrary = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(fc.nat(flight.length), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, noise]) => {
        const copy = Buffer.from(flight);
        copy.set(noise.subarray(0, copy.length - at), at);
        return copy;
      }),
    );
    fc.assert(
      fc.property(arbitrary, fc.constantFrom<'hello' | 'done'>('hello', 'done'), (bytes, until) => {
        const { kind, certificates: chain } = read(bytes, until);
        expect(['tls', 'other', 'nothing']).toContain(kind);
        expect(chain.length).toBeLessThanOrEqual(16);
      }),
      { numRuns: 1000 },
    );
    const dripped = serverFlightBytes({
      version: 0x0303,
      cipher: 5,
      certificates: [new Uint8Array(200_000)],
      recordSize: 1,
    });
    const before = performance.now();
    const reader = createFlightReader('done');
    for (let end = 0; end <= dripped.length; end += 50) reader.enough(dripped.subarray(0, end));
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('gives up on a handshake without end', () => {
    const endless = Buffer.concat([
      flight.subarray(0, 0),
      Buffer.from('160303400002fffff0', 'hex'),
      Buffer.alloc(16_380),
    ]);
    const more = Buffer.concat([Buffer.from('1603034000', 'hex'), Buffer.alloc(16_384)]);
    const reader = createFlightReader('done');
    expect(reader.enough(Buffer.concat([endless, ...Array.from({ length: 20 }, () => more)]))).toBe(true);
    expect(reader.flight().complete).toBe(false);
  });
});

describe('createKeyShare', () => {
  it('refuses keys and records that are none, without throwing', () => {
    const keys = createKeyShare();
    expect(keys.publicKey).toHaveLength(32);
    const peer = createKeyShare().publicKey;
    expect(keys.opener(0x1304, peer, flight, flight)).toBeUndefined();
    expect(keys.opener(0x1301, new Uint8Array(32), flight, flight)).toBeUndefined();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(0x1301, 0x1302, 0x1303),
        (bytes, suite) => {
          expect(
            keys.opener(suite, bytes.length === 32 ? peer : bytes, bytes, bytes)?.open(bytes),
          ).toBeUndefined();
          expect(keys.opener(suite, peer, bytes, bytes)?.open(bytes)).toBeUndefined();
        },
      ),
    );
  });
});

describe('signatureAlgorithm', () => {
  it('never throws on damaged certificates', () => {
    const good = der('ec.crt');
    expect(signatureAlgorithm(good)).toBe('ecdsa-with-SHA256');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, length) => {
        const copy = Buffer.from(good);
        copy[at] = value;
        const name = signatureAlgorithm(copy.subarray(0, length));
        expect(name === undefined || name.length < 700).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
