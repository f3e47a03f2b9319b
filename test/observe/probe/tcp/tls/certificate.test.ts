import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Certificate } from '../../../../../src/model/facts.ts';
import { alternativeNames, certificateFacts } from '../../../../../src/observe/probe/tcp/tls/certificate.ts';
import { serverNameFor } from '../../../../../src/observe/probe/tcp/tls/open.ts';
import { der } from './tls-server.ts';

describe('certificateFacts', () => {
  it('reads a device certificate', () => {
    const facts = Certificate.parse(certificateFacts(der('device.crt')));
    expect(facts).toMatchObject({
      subject: 'C=JP, O=Example Maker, OU=Gateway, CN=GW-0001',
      issuer: 'C=JP, O=Example Maker, OU=Gateway, CN=GW-0001',
      names: ['gw.example', '192.0.2.1', '2001:db8::1'],
      keyType: 'rsa',
      keyBits: 2048,
      signature: 'sha256WithRSAEncryption',
      selfSigned: true,
    });
    expect(facts.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(facts.serial).toMatch(/^[0-9A-F]+$/);
    expect(facts.notAfter?.slice(0, 2)).toBe('21');
    expect(Date.parse(facts.notBefore ?? '')).toBeLessThan(Date.parse(facts.notAfter ?? ''));
  });

  it('takes the common name when there is no alternative, and measures curves', () => {
    expect(certificateFacts(der('ec.crt'))).toMatchObject({
      names: ['ec.example'],
      keyType: 'ec',
      keyBits: 256,
      signature: 'ecdsa-with-SHA256',
    });
  });

  it('calls only that self-signed which verifies with its own key', () => {
    expect(certificateFacts(der('issued.crt'))).toMatchObject({
      selfSigned: false,
      issuer: 'O=Example CA, CN=Example Root',
    });
    expect(certificateFacts(der('tiny.crt'))).toMatchObject({
      selfSigned: true,
      keyBits: 512,
      signature: 'md5WithRSAEncryption',
    });
    const forged = der('device.crt');
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(certificateFacts(forged)?.selfSigned).toBe(false);
  });

  it('ignores what follows the certificate', () => {
    const whole = certificateFacts(der('ec.crt'));
    expect(certificateFacts(Buffer.concat([der('ec.crt'), Buffer.from('trailing')]))?.sha256).toBe(
      whole?.sha256,
    );
  });

  it('gives no date that cannot be read', () => {
    const odd = der('device.crt');
    // UTCTime (tag 0x17, 13 bytes) YYMMDDHHMMSSZ: the month 99.
    const at = odd.indexOf(Buffer.from([0x17, 0x0d]));
    odd.write('2699', at + 2, 'latin1');
    expect(certificateFacts(odd)).toMatchObject({ subject: expect.stringContaining('GW-0001') });
    expect(certificateFacts(odd)?.notBefore).toBeUndefined();
    expect(certificateFacts(odd)?.notAfter).toBeDefined();
  });

  it('never throws and stays bounded', () => {
    const good = der('device.crt');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, length) => {
        const copy = Buffer.from(good);
        copy[at] = value;
        for (const bytes of [copy, copy.subarray(0, length)]) {
          const facts = certificateFacts(bytes);
          if (facts !== undefined) Certificate.parse(facts);
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => certificateFacts(bytes) === undefined),
    );
  });
});

describe('alternativeNames', () => {
  it('reads what Node quotes', () => {
    const text = String.raw`DNS:a.example, DNS:"b\u002c DNS:evil.example", URI:http://x/, IP Address:2001:DB8:0:0:0:0:0:1`;
    expect(alternativeNames(text)).toEqual(['a.example', 'b, DNS:evil.example', '2001:db8::1']);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('DNS:', 'IP Address:', ', ', '"', '\\', 'a', ':') }),
        (text) => {
          expect(alternativeNames(text).length).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});

describe('serverNameFor', () => {
  it.each([
    ['vpn.example.jp', 'vpn.example.jp'],
    ['VPN.Example.JP.', 'vpn.example.jp'],
    ['192.0.2.1', null],
    ['2001:db8::1', null],
    ['[2001:db8::1]', null],
    ['fe80::1%eth0', null],
    ['', null],
    [null, null],
    [undefined, null],
    ['日本.example', null],
  ])('%s → %s', (host, name) => expect(serverNameFor(host)).toBe(name));
});
