import { describe, expect, it } from 'vitest';
import { readAnswers } from '../../../src/identify/match/answers.ts';
import { createMatcher, weigh } from '../../../src/identify/match/match.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { answer, certainty, matcherOf, product, web } from './build.ts';

const passive = (product: string): Facts => ({
  passive: { product, cpe: [], vulns: [], tags: [], hostnames: [] },
});
const certificate = (subject: string): Facts => ({
  tls: {
    handshake: 'complete',
    sni: null,
    certificates: [
      { sha256: 'a', subject, issuer: subject, serial: '1', names: [], keyType: 'RSA', selfSigned: true },
    ],
    versions: [],
    clientCertificateRequested: false,
  },
});

describe('how facts weigh', () => {
  it.each([
    ['one strong', [['strong', 'http']], 'confirmed'],
    ['one medium', [['medium', 'http']], 'inferred'],
    [
      'two medium from the web answer',
      [
        ['medium', 'http'],
        ['medium', 'http'],
      ],
      'inferred',
    ],
    [
      'two medium of different kinds',
      [
        ['medium', 'http'],
        ['medium', 'tls'],
      ],
      'confirmed',
    ],
    [
      'page and icon',
      [
        ['medium', 'http'],
        ['medium', 'favicon'],
      ],
      'confirmed',
    ],
    [
      'weak ones only',
      [
        ['weak', 'http'],
        ['weak', 'tls'],
      ],
      undefined,
    ],
    [
      'medium and weak',
      [
        ['medium', 'http'],
        ['weak', 'tls'],
      ],
      'inferred',
    ],
    ["a passive source's strong word", [['strong', 'passive']], 'inferred'],
    ["a passive source's medium word", [['medium', 'passive']], 'to-confirm'],
    [
      "a passive source's word and a page",
      [
        ['medium', 'http'],
        ['medium', 'passive'],
      ],
      'inferred',
    ],
    [
      "a passive source's strong word and a page",
      [
        ['medium', 'http'],
        ['strong', 'passive'],
      ],
      'inferred',
    ],
  ] as const)('%s', (_what, facts, expected) => {
    expect(weigh(facts.map(([strength, group]) => ({ strength, groups: [group] })))).toBe(expected);
  });

  it('takes a fact over two kinds of evidence as depending on both', () => {
    const both = { strength: 'medium', groups: ['http', 'tls'] } as const;
    expect(weigh([both, { strength: 'medium', groups: ['tls'] }])).toBe('inferred');
  });
});

describe('match', () => {
  it('wants all parts of a fact on one and the same answer', () => {
    const matcher = matcherOf({
      strength: 'strong',
      http: { status: [200], title: '^Portal$', header: { Server: '^x$' } },
    });
    const title = answer({ title: 'Portal' });
    const header = answer({ path: '/a', headers: [['server', 'x']] });
    expect(certainty(matcher, web([title, header]))).toBe('none');
    expect(certainty(matcher, web([answer({ title: 'Portal', headers: [['SERVER', 'x']] })]))).toBe(
      'confirmed',
    );
    expect(
      certainty(matcher, web([answer({ title: 'Portal', status: 404, headers: [['server', 'x']] })])),
    ).toBe('none');
  });

  it('holds a pattern against its own field only', () => {
    const matcher = matcherOf({ strength: 'strong', http: { header: { Server: 'PIX' } } });
    expect(
      certainty(matcher, web([answer({ body: 'PIX', title: 'PIX', headers: [['X-Server', 'PIX']] })])),
    ).toBe('none');
  });

  it('looks at every value of a repeated header', () => {
    const matcher = matcherOf({ strength: 'strong', http: { header: { 'WWW-Authenticate': '^NTLM$' } } });
    const headers: [string, string][] = [
      ['WWW-Authenticate', 'Negotiate'],
      ['www-authenticate', 'NTLM'],
    ];
    expect(certainty(matcher, web([answer({ headers })]))).toBe('confirmed');
  });

  it('takes a product away when one of its never-conditions holds anywhere', () => {
    const matcher = createMatcher([
      product({
        facts: [{ id: 'a', strength: 'strong', http: { title: 'Portal' } }],
        never: [{ http: { header: { 'X-Cloud': '.' } } }],
      }),
    ]);
    const page = answer({ title: 'Portal' });
    expect(matcher.match(web([page]))).toHaveLength(1);
    const denied = web([page, answer({ path: '/b', headers: [['x-cloud', '1']] })]);
    expect(matcher.match(denied)).toEqual([]);
    expect(matcher.explain(denied).nearMisses).toEqual([
      { productId: 'thing', facts: ['a'], reason: 'denied' },
    ]);
  });

  it('shows hints that decide nothing as near misses', () => {
    const matcher = matcherOf({ strength: 'weak', http: { body: 'thing' } });
    const { matches, nearMisses } = matcher.explain(web([answer({ body: 'a thing' })]));
    expect(matches).toEqual([]);
    expect(nearMisses).toEqual([{ productId: 'thing', facts: ['fact-0'], reason: 'weak-only' }]);
  });

  it('names the facts, strongest first, and the observations behind them', () => {
    const matcher = createMatcher([
      product({
        facts: [
          { id: 'page', strength: 'medium', http: { title: 'Portal' } },
          { id: 'cert', strength: 'strong', tls: { subject: 'OU=Thing' } },
        ],
      }),
    ]);
    const http = {
      scheme: 'http' as const,
      host: '',
      notFollowed: [],
      answers: [answer({ title: 'Portal' })],
    };
    const answers = readAnswers([
      { id: 'z', facts: { http } },
      { id: 'b', facts: certificate('O=Maker, OU=Thing') },
      { id: 'c', facts: {} },
    ]);
    expect(matcher.match(answers)).toEqual([
      {
        productId: 'thing',
        certainty: 'confirmed',
        facts: ['cert', 'page'],
        observations: ['b', 'z'],
        generic: false,
        isMakerless: false,
      },
    ]);
  });

  it('puts the product before the server that carries it, and what is only to be confirmed last', () => {
    const titled = { http: { title: 'Portal' } };
    const matcher = createMatcher([
      product({ id: 'carrier', generic: true, facts: [{ id: 'a', strength: 'strong', ...titled }] }),
      product({ id: 'inferred', facts: [{ id: 'a', strength: 'medium', ...titled }] }),
      product({ id: 'confirmed', facts: [{ id: 'a', strength: 'strong', ...titled }] }),
      product({ id: 'heard', facts: [{ id: 'a', strength: 'medium', passive: { product: 'Portal' } }] }),
    ]);
    const http = {
      scheme: 'http' as const,
      host: '',
      notFollowed: [],
      answers: [answer({ title: 'Portal' })],
    };
    const answers = readAnswers([{ id: 'o', facts: { http, ...passive('Portal') } }]);
    expect(matcher.match(answers).map(({ productId }) => productId)).toEqual([
      'confirmed',
      'inferred',
      'carrier',
      'heard',
    ]);
  });

  it('reads certificates whichever way a tool prints the name', () => {
    const matcher = matcherOf({
      strength: 'strong',
      tls: { subject: ['(^|, )O=Fortinet(,|$)', '(^|, )CN=FG[A-Z0-9]{6,}(,|$)'] },
    });
    for (const subject of [
      'C=US, O=Fortinet, OU=FortiGate, CN=FGT60FTK00000001',
      '/C=US/O=Fortinet/OU=FortiGate/CN=FGT60FTK00000001',
      'CN = FGT60FTK00000001,O = Fortinet',
      'O=Fortinet\nCN=FGT60FTK00000001',
      'commonName=FGT60FTK00000001/organizationName=Fortinet/countryName=US',
      'organizationName = Fortinet, commonName = FGT60FTK00000001',
    ]) {
      expect(certainty(matcher, readAnswers([{ id: 'o', facts: certificate(subject) }]))).toBe('confirmed');
    }
    const reseller = certificate('O=Fortinet Reseller KK, CN=FGT60FTK00000001');
    expect(certainty(matcher, readAnswers([{ id: 'o', facts: reseller }]))).toBe('none');
  });

  it('asks the hinted pages for a hint only', () => {
    const matcher = matcherOf({ strength: 'weak', http: { header: { Server: '^xxxx$' } } });
    const http = {
      scheme: 'http' as const,
      host: '',
      notFollowed: [],
      answers: [answer({ headers: [['Server', 'xxxx']] })],
    };
    expect([...matcher.hinted({ http })]).toEqual(['thing']);
    expect(matcher.hinted({}).size).toBe(0);
  });
});

describe('readVersion', () => {
  it('reads a field of its own that is not in the text', () => {
    const reader = {
      id: 'field',
      greeting: { protocol: 'mysql', in: 'version' },
      pattern: '^(\\d+\\.\\d+)-MariaDB',
      certainty: 'confirmed',
    };
    const own = createMatcher([
      product({ facts: [{ id: 'a', strength: 'weak', http: { status: [1] } }], version: [reader] }),
    ]);
    const facts = { greeting: { protocol: 'mysql', text: 'MySQL:', version: '10.6-MariaDB' } };
    expect(own.readVersion('thing', readAnswers([{ id: 'o', facts }]))).toMatchObject({ value: '10.6' });
  });

  const readers = [
    { id: 'page', http: { path: '^/about', in: 'body' }, pattern: 'v(\\d+\\.\\d+)', certainty: 'inferred' },
    {
      id: 'header',
      http: { header: 'X-Version', in: 'header' },
      pattern: '^(\\d+\\.\\d+)$',
      certainty: 'confirmed',
    },
    {
      id: 'hash',
      http: { in: 'title' },
      pattern: '^([0-9a-f]{4})$',
      certainty: 'to-confirm',
      map: { abcd: '9.9' },
    },
  ];
  const matcher = createMatcher([
    product({ facts: [{ id: 'a', strength: 'weak', http: { status: [1] } }], version: readers }),
  ]);
  const read = (...answers: Parameters<typeof web>[0]) => matcher.readVersion('thing', web(answers));

  it('prefers the surest reading and says where it comes from', () => {
    const page = answer({ path: '/about', body: 'thing v1.2' });
    expect(read(page)).toEqual({ state: 'known', value: '1.2', certainty: 'inferred', how: 'page' });
    expect(read(page, answer({ headers: [['x-version', '1.3']] }))).toEqual({
      state: 'known',
      value: '1.3',
      certainty: 'confirmed',
      how: 'header',
    });
  });

  it('says unknown instead of guessing', () => {
    expect(read()).toEqual({ state: 'unknown' });
    expect(read(answer({ path: '/other', body: 'thing v1.2' }))).toEqual({ state: 'unknown' });
    expect(read(answer({ title: 'ffff' }))).toEqual({ state: 'unknown' });
    expect(read(answer({ title: 'abcd' }))).toMatchObject({ value: '9.9' });
    expect(read(answer({ path: '/about', body: `v${'1'.repeat(200)}.2` }))).toEqual({ state: 'unknown' });
    expect(matcher.readVersion('nothing', web([]))).toEqual({ state: 'unknown' });
  });

  it('does not read back what was asked for', () => {
    expect(read(answer({ path: '/about/v7.7', body: 'not found: /about/v7.7' }))).toEqual({
      state: 'unknown',
    });
  });
});
