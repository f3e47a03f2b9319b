import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authenticationOf } from '../../src/identify/authentication.ts';
import { identify } from '../../src/identify/identify.ts';
import type { Certificate, TlsFacts } from '../../src/model/facts.ts';
import type { Product } from '../../src/model/product.ts';
import { Service } from '../../src/model/service.ts';
import { CERTIFICATE_PROBLEMS, TLS_WEAKNESSES } from '../../src/model/tls-problems.ts';
import {
  httpFacts,
  makeKnowledge,
  makeObservation,
  makeProduct,
  makeScope,
  NOW,
  tlsFacts,
} from './helpers.ts';

function certificate(given: Partial<Certificate> = {}): Certificate {
  return {
    sha256: 'aa',
    subject: 'CN=vpn.example.jp',
    issuer: "C=US, O=Let's Encrypt, CN=R11",
    serial: '01',
    notBefore: '2026-10-01T00:00:00.000Z',
    notAfter: '2026-12-30T00:00:00.000Z',
    names: ['vpn.example.jp'],
    keyType: 'rsa',
    keyBits: 2048,
    signature: 'sha256WithRSAEncryption',
    selfSigned: false,
    keySha256: 'k1',
    ...given,
  };
}

function see(tls: Partial<TlsFacts>, products: readonly Product[] = []): Service {
  const [service] = identify(
    [makeObservation({ facts: { tls: tlsFacts(tls) } })],
    [],
    makeScope(),
    makeKnowledge(products),
  );
  if (service === undefined) throw new Error('no service');
  return Service.parse(service);
}

const problemsOf = (
  given: Partial<Certificate>,
  tls: Partial<TlsFacts> = {},
  products: readonly Product[] = [],
): readonly string[] | undefined =>
  see({ certificates: [certificate(given)], ...tls }, products).certificateProblems;

const versions = (accepted: readonly string[], refused: readonly string[] = []): TlsFacts['versions'] => [
  ...accepted.map((version) => ({ version, accepted: true })),
  ...refused.map((version) => ({ version, accepted: false })),
];

describe('certificate problems', () => {
  it('has none to say of an ordinary certificate', () => {
    const service = see({ certificates: [certificate()], sni: 'vpn.example.jp' });
    expect(service.certificateProblems).toBeUndefined();
    expect(service.tlsWeaknesses).toBeUndefined();
  });

  it.each<[string, Partial<Certificate>, readonly string[] | undefined]>([
    ['the last second', { notAfter: NOW }, undefined],
    ['a second too late', { notAfter: '2026-11-20T00:04:59.000Z' }, ['expired']],
    ['from tomorrow', { notBefore: '2026-11-21T00:00:00.000Z' }, ['not-yet-valid']],
    ['825 days', { notAfter: '2029-01-03T00:00:00.000Z' }, undefined],
    ['826 days', { notAfter: '2029-01-04T00:00:00.000Z' }, ['long-validity']],
    ['no end that can be read', { notAfter: '+010000-01-01T00:00:00.000Z' }, undefined],
    ['self-signed', { selfSigned: true, issuer: 'CN=vpn.example.jp' }, ['self-signed']],
    ['RSA 1024', { keyBits: 1024 }, ['weak-key']],
    ['RSA as Shodan writes it', { keyType: 'RSA', keyBits: 2047 }, ['weak-key']],
    ['P-192', { keyType: 'ec', keyBits: 192 }, ['weak-key']],
    ['P-256', { keyType: 'ec', keyBits: 256 }, undefined],
    ['Ed25519', { keyType: 'ed25519', keyBits: 256 }, undefined],
    ['SHA-1', { signature: 'sha1WithRSAEncryption' }, ['weak-signature']],
    ['SHA-1 by curve', { signature: 'ecdsa-with-SHA1' }, ['weak-signature']],
    ['MD5', { signature: 'md5WithRSAEncryption' }, ['weak-signature']],
    ['SHA-256 by curve', { signature: 'ecdsa-with-SHA256' }, undefined],
    ['a manual’s sample', { subject: 'O=Internet Widgits Pty Ltd', issuer: 'CN=x' }, ['factory-default']],
    ['a public one of that name', { subject: 'O=Internet Widgits Pty Ltd' }, undefined],
  ])('%s', (_name, given, expected) => expect(problemsOf(given)).toEqual(expected));

  it.each<[string, string, readonly string[] | undefined]>([
    ['vpn.example.jp', 'vpn.example.jp', undefined],
    ['VPN.Example.JP', 'vpn.example.jp', undefined],
    ['*.example.jp', 'vpn.example.jp', undefined],
    ['*.example.jp', 'a.vpn.example.jp', ['name-mismatch']],
    ['*.example.jp', 'example.jp', ['name-mismatch']],
    ['mail.example.jp', 'vpn.example.jp', ['name-mismatch']],
  ])('a certificate for %s asked for as %s', (name, sni, expected) =>
    expect(problemsOf({ names: [name] }, { sni })).toEqual(expected),
  );

  it('does not judge the name when none was asked for', () => {
    expect(problemsOf({ names: ['other.example'] }, { sni: null })).toBeUndefined();
  });

  it('a certificate that names its product is the factory’s, unless a public issuer signed it', () => {
    const fortress = makeProduct({
      id: 'fortress',
      facts: [{ id: 'subject', strength: 'strong', tls: { subject: '(^|, )O=Fortress(,|$)' } }],
    });
    const given = { subject: 'CN=F100, O=Fortress', issuer: 'O=Fortress, CN=support' };
    expect(problemsOf(given, {}, [fortress])).toEqual(['factory-default']);
    expect(problemsOf({ ...given, issuer: 'C=US, O=DigiCert Inc, CN=x' }, {}, [fortress])).toBeUndefined();
    expect(problemsOf(given)).toBeUndefined();
  });

  it('a name alone is no factory certificate: the product was told by its page', () => {
    const fortress = makeProduct({
      id: 'fortress',
      facts: [
        { id: 'title', strength: 'strong', http: { title: '^fortress$' } },
        { id: 'subject', strength: 'strong', tls: { subject: 'O=Fortress' } },
      ],
    });
    const facts = { ...httpFacts({ title: 'fortress' }), tls: tlsFacts({ certificates: [certificate()] }) };
    const [service] = identify([makeObservation({ facts })], [], makeScope(), makeKnowledge([fortress]));
    expect(service?.identity?.productId).toBe('fortress');
    expect(service?.certificateProblems).toBeUndefined();
  });

  it('the own look counts before a newer passive record, and is judged by its own time', () => {
    const [service] = identify(
      [
        makeObservation({ facts: { tls: tlsFacts({ certificates: [certificate()] }) } }),
        makeObservation({
          source: 'shodan',
          observedAt: '2026-11-20T00:06:00Z',
          facts: { tls: tlsFacts({ certificates: [certificate({ keyBits: 512 })] }) },
        }),
      ],
      [],
      makeScope(),
      makeKnowledge(),
    );
    expect(service?.certificateProblems).toBeUndefined();
  });
});

describe('certificates shown at several addresses', () => {
  const at = (address: string, given: Partial<Certificate>, port = 443) =>
    makeObservation({
      address,
      port,
      facts: { tls: tlsFacts({ certificates: [certificate(given)] }) },
    });
  const problems = (...observations: ReturnType<typeof at>[]) =>
    identify(observations, [], makeScope(), makeKnowledge()).map((one) => one.certificateProblems);

  it('the same one', () => {
    expect(problems(at('203.0.113.1', {}), at('203.0.113.2', {}))).toEqual([
      ['shared-certificate'],
      ['shared-certificate'],
    ]);
  });

  it('another of the same key', () => {
    expect(problems(at('203.0.113.1', {}), at('203.0.113.2', { sha256: 'bb' }))).toEqual([
      ['shared-key'],
      ['shared-key'],
    ]);
  });

  it('two ports of one address share nothing with anybody', () => {
    expect(problems(at('203.0.113.1', {}), at('203.0.113.1', {}, 8443))).toEqual([undefined, undefined]);
  });

  it('records without a fingerprint do not make a group', () => {
    const { keySha256: _without, ...rest } = certificate({ sha256: '' });
    const bare = (address: string) =>
      makeObservation({ address, facts: { tls: tlsFacts({ certificates: [rest] }) } });
    expect(problems(bare('203.0.113.1'), bare('203.0.113.2'))).toEqual([undefined, undefined]);
  });
});

describe('TLS weaknesses', () => {
  it.each<[string, Partial<TlsFacts>, readonly string[] | undefined]>([
    ['today’s', { versions: versions(['TLSv1.2', 'TLSv1.3'], ['SSLv3', 'TLSv1', 'TLSv1.1']) }, undefined],
    ['old ones beside', { versions: versions(['TLSv1', 'TLSv1.1', 'TLSv1.2']) }, ['tls1-0', 'tls1-1']],
    [
      'nothing newer',
      { versions: versions(['SSLv2', 'SSLv3', 'TLSv1'], ['TLSv1.1', 'TLSv1.2', 'TLSv1.3']) },
      ['ssl2', 'ssl3', 'tls1-0', 'only-old-versions'],
    ],
    ['not asked is not refused', { versions: versions(['TLSv1']) }, ['tls1-0']],
    ['the version negotiated, without a list', { version: 'TLSv1' }, ['tls1-0']],
    ['renegotiation', { secureRenegotiation: false }, ['no-secure-renegotiation']],
    ['renegotiation not learnt', {}, undefined],
    [
      'every weak group',
      {
        weakCiphers: {
          complete: true,
          accepted: (['static-rsa', '3des', 'des', 'rc4', 'export', 'anonymous', 'null'] as const).map(
            (group) => ({ group, version: 'TLSv1', cipher: 'x' }),
          ),
        },
      },
      ['null-cipher', 'anonymous-cipher', 'export-cipher', 'rc4', 'des', '64-bit-blocks', 'static-rsa'],
    ],
    [
      'CBC where better was offered',
      { versions: [{ version: 'TLSv1.2', accepted: true, cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA' }] },
      ['cbc-sha1'],
    ],
  ])('%s', (_name, given, expected) => expect(see(given).tlsWeaknesses).toEqual(expected));

  it('lists are in the order of the model, without duplicates, whatever was seen', () => {
    const text = fc.constantFrom('SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3', '0x9999', '');
    fc.assert(
      fc.property(
        fc.array(fc.record({ version: text, accepted: fc.boolean() }), { maxLength: 8 }),
        fc.record(
          { keyBits: fc.nat(5000), keyType: fc.string(), signature: fc.string(), notAfter: fc.string() },
          { requiredKeys: ['keyType'] },
        ),
        (list, given) => {
          const { certificateProblems = [], tlsWeaknesses = [] } = see({
            versions: list,
            certificates: [certificate(given)],
          });
          expect(certificateProblems).toEqual(
            CERTIFICATE_PROBLEMS.filter((one) => certificateProblems.includes(one)),
          );
          expect(tlsWeaknesses).toEqual(TLS_WEAKNESSES.filter((one) => tlsWeaknesses.includes(one)));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('carries the fingerprints on', () => {
    expect(see({ serverForm: '0304:x', jarm: '0'.repeat(62) })).toMatchObject({
      tlsServerForm: '0304:x',
      jarm: '0'.repeat(62),
    });
  });
});

describe('a certificate of the visitor', () => {
  const asked = tlsFacts({ clientCertificateRequested: true });
  it.each([
    ['demanded in the handshake', { tls: { ...asked, clientCertificateRequired: true } }, 'strong'],
    ['asked for, and done without', { tls: { ...asked, clientCertificateRequired: false } }, 'unknown'],
    [
      'asked for in the handshake, demanded by the page',
      { tls: { ...asked, clientCertificateRequired: false }, ...httpFacts({ status: 400 }) },
      'strong',
    ],
    [
      'asked for, and a page comes without',
      { tls: { ...asked, clientCertificateRequired: false }, ...httpFacts() },
      'unknown',
    ],
    ['asked for, more was not learnt', { tls: asked }, 'strong'],
  ] as const)('%s', (_name, facts, kind) =>
    expect(authenticationOf(facts)).toEqual({ kind, facts: ['client-certificate'] }),
  );
});
