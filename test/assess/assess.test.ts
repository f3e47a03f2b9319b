import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { assess, findingKey } from '../../src/assess/assess.ts';
import { createReach } from '../../src/assess/reach.ts';
import { isDeclared } from '../../src/assess/declared.ts';
import { Finding } from '../../src/model/finding.ts';
import type { Expectation } from '../../src/model/scope.ts';
import type { Service } from '../../src/model/service.ts';
import type { Elsewhere, RegisterEntry } from '../../src/model/snapshot.ts';
import type { IndicatorCheck } from '../../src/model/web.ts';
import { makeKnowledge, makeProduct, makeScope, NOW } from '../identify/helpers.ts';
import {
  identified,
  judge,
  makeCoverage,
  makeEntry,
  makeExpectation,
  makeIdentity,
  makeService,
  passiveSighting,
  table,
} from './helpers.ts';

const fortress = makeProduct({
  id: 'fortress',
  authentication: 'password',
  'same-from-outside': ['fortress-cloud'],
  exploited: [
    {
      cve: 'CVE-2025-00001',
      affected: [{ from: '7.0.0', before: '7.0.17' }],
      kev: '2026-06-01',
      source: 'cna-record',
    },
  ],
  'end-of-support': [{ before: '6.0', date: '2024-01-01', source: 'vendor' }],
});
const products = [
  fortress,
  makeProduct({ id: 'fortress-cloud' }),
  makeProduct({ id: 'citadel' }),
  makeProduct({ id: 'any-web', class: 'web', generic: true }),
];
const declared = { scope: { expected: [makeExpectation()] } };
const rdp = (given: Partial<Service> = {}): Service =>
  makeService({
    port: 3389,
    class: 'rdp',
    protocol: 'rdp',
    authentication: { kind: 'password', facts: ['rdp-nla-required'] },
    ...given,
  });

describe('a finding', () => {
  it('carries ids and values, a key of its place only, and no spoken id', () => {
    const finding = judge(rdp());
    expect(Finding.parse(finding)).toEqual(finding);
    expect(finding).toMatchObject({
      key: createHash('sha256').update('exposure\n203.0.113.10:3389/tcp').digest('hex').slice(0, 16),
      spokenId: '',
      rule: 'exposed-service',
      subject: '203.0.113.10:3389/tcp',
      siteId: 'hq',
      row: 'control-undeclared',
      priority: 'P1',
      trace: 'T1',
      certainty: 'confirmed',
      verdict: 'found',
      missing: [],
      firstSeen: '2026-11-19T00:00:00Z',
      lastSeen: NOW,
    });
    const other = judge(identified('7.0.3', { port: 3389 }), { products });
    expect(other.key).toBe(finding.key);
    expect(other).toMatchObject({ row: 'door-known-use-confirmed', productId: 'fortress' });
  });

  it('is made once per service, in their order, the same each time', () => {
    const services = [rdp(), identified('7.0.3'), makeService({ port: 80, class: 'web' })];
    const input = {
      services,
      scope: makeScope(),
      knowledge: { ...makeKnowledge(products), decisions: table },
      now: NOW,
      register: [],
      coverage: [],
    };
    const findings = assess(input);
    expect(findings.map(({ subject }) => subject)).toEqual(services.map(({ key }) => key));
    expect(assess(structuredClone(input))).toEqual(findings);
  });

  it('dates itself by looks that got in', () => {
    const sightings: Service['sightings'] = [
      { source: 'probe', vantage: 'tokyo', status: 'closed', first: NOW, last: NOW },
      passiveSighting,
    ];
    expect(judge(rdp({ sightings }))).toMatchObject({
      firstSeen: '2026-10-01T00:00:00Z',
      lastSeen: '2026-11-15T00:00:00Z',
    });
  });
});

describe('certainty', () => {
  it.each<[string, Service, string]>([
    ['RDP by its answer', rdp({ identity: makeIdentity({ certainty: 'inferred' }) }), 'confirmed'],
    [
      'a product that was inferred',
      makeService({ identity: makeIdentity({ productId: 'citadel', certainty: 'inferred' }) }),
      'inferred',
    ],
    ['a product match that the row rests on', identified(), 'inferred'],
    ['a release confirmed as affected', identified('7.0.3'), 'confirmed'],
    ['a web server as such', makeService({ class: 'web', protocol: 'https' }), 'confirmed'],
    ['a port that says nothing', makeService({ class: 'unknown', protocol: 'unknown' }), 'to-confirm'],
    ['a passive record', rdp({ sightings: [passiveSighting] }), 'to-confirm'],
    [
      'a honeypot',
      makeService({ identity: makeIdentity({ productId: 'citadel' }), oddities: ['honeypot-like'] }),
      'to-confirm',
    ],
    ['misuse by a tag', rdp({ passiveTags: ['compromised'] }), 'to-confirm'],
    [
      'misuse by the answer',
      makeService({ class: 'c2-indicator', identity: makeIdentity({ productId: 'citadel' }) }),
      'confirmed',
    ],
  ])('of %s', (_name, service, expected) => {
    expect(judge(service, { products }).certainty).toBe(expected);
  });
});

describe('verdict', () => {
  it('is "unknown" and lists what is not known when no row names a fault', () => {
    const ssh = makeService({ class: 'ssh', protocol: 'ssh', port: 22 });
    expect(judge(ssh)).toMatchObject({
      row: 'other',
      priority: 'P3',
      modifiers: ['undeclared'],
      verdict: 'unknown',
      missing: ['product', 'authentication'],
    });
    expect(judge(makeService({ class: 'web' }))).toMatchObject({
      priority: 'P4',
      verdict: 'unknown',
      missing: ['product', 'authentication'],
    });
  });

  it('does not take a carrier for the product', () => {
    const nginx = makeService({
      class: 'web',
      identity: makeIdentity({ productId: 'any-web' }),
      version: { state: 'known', value: '1.26.0', certainty: 'confirmed', how: 'server' },
    });
    const finding = judge(nginx, { products });
    expect(finding).toMatchObject({ verdict: 'unknown', missing: ['product', 'authentication'] });
    expect(finding.inputs.knownUse).toBe('unknown');
  });

  it('is "found" with what could still move it when a row does', () => {
    expect(judge(identified(), { products, ...declared })).toMatchObject({
      row: 'door-known-use-recent',
      priority: 'P2',
      verdict: 'found',
      missing: ['version', 'authentication', 'support'],
    });
    const form = { authentication: { kind: 'password' as const, facts: ['http-form' as const] } };
    expect(judge(identified('7.2.3', form), { products, ...declared })).toMatchObject({
      row: 'door-password-only',
      verdict: 'found',
      missing: [],
    });
  });

  it('is "clear" only when every input is known and nothing raises it', () => {
    const strong = { authentication: { kind: 'strong' as const, facts: ['client-certificate' as const] } };
    const inOrder = identified('7.2.3', strong);
    expect(judge(inOrder, { products, ...declared })).toMatchObject({
      row: 'door-in-order',
      priority: 'P4',
      verdict: 'clear',
      missing: [],
    });
    const elsewhere = { scope: { expected: [makeExpectation({ port: 1 })] } };
    expect(judge(inOrder, { products, ...elsewhere })).toMatchObject({ priority: 'P3', verdict: 'found' });
    expect(judge({ ...inOrder, sightings: [passiveSighting] }, { products, ...declared }).verdict).toBe(
      'unknown',
    );
    const noSupport = [{ ...fortress, 'end-of-support': [] }];
    expect(judge(inOrder, { products: noSupport, ...declared }).verdict).toBe('found');
    const hidden = makeService({ ...inOrder, version: { state: 'unknown' } });
    expect(judge(hidden, { products, ...declared }).verdict).toBe('found');
  });

  it('is never "clear" while anything is missing, and never empty-handed as "unknown"', () => {
    const kinds = ['none', 'password', 'strong', 'unknown'] as const;
    const all = kinds.flatMap((kind) =>
      [undefined, '5.0.1', '7.0.3', '7.0.17'].flatMap((version) =>
        [[passiveSighting], makeService().sightings].flatMap((sightings) =>
          [identified(version), makeService({ class: 'web' }), rdp()].map((service) =>
            judge({ ...service, sightings, authentication: { kind, facts: [] } }, { products, ...declared }),
          ),
        ),
      ),
    );
    for (const { verdict, missing, row, priority } of all) {
      if (verdict === 'clear') expect([row, priority, missing]).toEqual(['door-in-order', 'P4', []]);
      if (verdict === 'unknown') expect(missing).not.toEqual([]);
    }
    expect(new Set(all.map(({ verdict }) => verdict))).toEqual(new Set(['found', 'unknown', 'clear']));
  });
});

describe('reach', () => {
  const lookedAt = {
    ports: '22,3389',
    addresses: ['203.0.113.0/28'],
    unfinished: [{ address: '203.0.113.3', ports: '22' }],
    responding: [],
  };
  const reachOf = createReach([makeCoverage({ lookedAt })]);
  const recorded = (address: string, port: number, transport: Service['transport'] = 'tcp'): Service =>
    makeService({ address, port, transport, sightings: [passiveSighting] });
  const probe = (
    status: 'open' | 'closed' | 'no-answer' | 'protocol-error' | 'aborted',
    vantage = 'tokyo',
  ): Service['sightings'][number] => ({ ...passiveSighting, source: 'probe', vantage, status });

  it('is everyone when an own probe got in, some when another did not', () => {
    expect(reachOf(makeService())).toBe('everyone');
    expect(reachOf(makeService({ sightings: [probe('protocol-error')] }))).toBe('everyone');
    expect(reachOf(makeService({ sightings: [probe('open'), probe('open', 'osaka')] }))).toBe('everyone');
    expect(reachOf(makeService({ sightings: [probe('open'), probe('no-answer', 'osaka')] }))).toBe('some');
  });

  it('is some when a run of the same day from elsewhere met something else, after a finished look', () => {
    const from = (state: Elsewhere['places'][string]): Elsewhere[] => [
      {
        vantage: 'mobile',
        runId: 'x',
        endedAt: NOW,
        places: { [makeService().key]: state, '203.0.113.4:22/tcp': state, '203.0.113.4:23/tcp': state },
      },
    ];
    const here = makeCoverage({ lookedAt });
    const states = ['open', 'closed', 'no-answer', 'not-looked'] as const;
    const reaches = (service: Service): string[] =>
      states.map((state) => createReach([here], from(state))(service));
    expect(reaches(makeService())).toEqual(['everyone', 'some', 'some', 'everyone']);
    // Known from a record; our own look found it shut.
    const shut = ['some', 'passive-only', 'passive-only', 'passive-only'];
    expect(reaches(recorded('203.0.113.4', 22))).toEqual(shut);
    // Nobody looked from here, so there is nothing to compare with.
    expect(reaches(recorded('203.0.113.4', 23))).toEqual(Array(4).fill('unknown'));
    expect(createReach([here], from('closed'))(makeService({ port: 8443 }))).toBe('everyone');
    const finding = judge(makeService(), { coverage: [here], elsewhere: from('closed') });
    expect(finding.inputs.reach).toBe('some');
  });

  it('is passive-only when an own look did not get in, and unknown when nobody looked', () => {
    expect(reachOf(recorded('203.0.113.4', 22))).toBe('passive-only');
    expect(reachOf(recorded('203.0.113.4', 22, 'unknown'))).toBe('passive-only');
    expect(reachOf(recorded('203.0.113.4', 23))).toBe('unknown');
    expect(reachOf(recorded('203.0.113.4', 22, 'udp'))).toBe('unknown');
    expect(reachOf(recorded('203.0.113.3', 22))).toBe('unknown');
    expect(reachOf(recorded('203.0.113.3', 3389))).toBe('passive-only');
    expect(reachOf(recorded('203.0.113.40', 22))).toBe('unknown');
    expect(reachOf(makeService({ sightings: [passiveSighting, probe('closed')] }))).toBe('passive-only');
    expect(reachOf(makeService({ sightings: [passiveSighting, probe('aborted')] }))).toBe('unknown');
  });

  it('does not trip over a coverage that cannot be read', () => {
    const broken = createReach([makeCoverage({ lookedAt: { ...lookedAt, ports: 'x', addresses: ['y'] } })]);
    expect(broken(recorded('203.0.113.4', 22))).toBe('unknown');
    expect(createReach([makeCoverage({ source: 'shodan', lookedAt })])(recorded('203.0.113.4', 22))).toBe(
      'unknown',
    );
  });

  it('leaves a record that nobody could reach at P4 to be confirmed', () => {
    const finding = judge(rdp({ address: '203.0.113.4', sightings: [passiveSighting] }), {
      coverage: [makeCoverage({ lookedAt: { ...lookedAt, unfinished: [] } })],
    });
    expect(finding).toMatchObject({ priority: 'P4', certainty: 'to-confirm', verdict: 'unknown' });
    expect(finding.missing).toContain('reach');
  });
});

describe('declared', () => {
  const known = new Map(products.map((one) => [one.id, one]));
  const check = (service: Service, given: Partial<Expectation>, now = NOW): boolean =>
    isDeclared(service, { expected: [makeExpectation(given)], timezone: 'Asia/Tokyo' }, known, now);

  it('by place', () => {
    expect(check(identified(), {})).toBe(true);
    expect(check(identified(), { port: 444 })).toBe(false);
    expect(check(identified(), { transport: 'udp' })).toBe(false);
    expect(check(identified(), { address: '203.0.113.11' })).toBe(false);
    expect(check(makeService({ transport: 'unknown' }), { transport: 'udp' })).toBe(true);
    expect(check(makeService({ address: '2001:db8::1' }), { address: '2001:0DB8:0::1' })).toBe(true);
  });

  it('until the end of its last day in the local time zone', () => {
    expect(check(identified(), { until: '2026-11-20' })).toBe(true);
    expect(check(identified(), { until: '2026-11-19' })).toBe(false);
    expect(check(identified(), { until: '2026-11-20' }, '2026-11-20T14:59:59Z')).toBe(true);
    expect(check(identified(), { until: '2026-11-20' }, '2026-11-20T15:00:00Z')).toBe(false);
  });

  it('only when what stands there agrees', () => {
    expect(check(identified(), { product: 'fortress' })).toBe(true);
    expect(check(identified(), { product: 'citadel' })).toBe(false);
    expect(
      check(makeService({ identity: makeIdentity({ productId: 'fortress-cloud' }) }), {
        product: 'fortress',
      }),
    ).toBe(true);
    expect(check(makeService({ class: 'web' }), { product: 'fortress', class: 'ssl-vpn' })).toBe(true);
    expect(
      check(makeService({ class: 'web', identity: makeIdentity({ productId: 'any-web' }) }), {
        product: 'fortress',
      }),
    ).toBe(true);
    expect(check(rdp(), { port: 3389, class: 'ssl-vpn' })).toBe(false);
    expect(check(rdp(), { port: 3389, class: 'rdp' })).toBe(true);
    expect(check(rdp(), { port: 3389, product: 'fortress' })).toBe(false);
  });
});

describe('history and place', () => {
  const key = findingKey('203.0.113.10:3389/tcp');
  const reopened = (given: Partial<RegisterEntry>, service = rdp()): boolean =>
    judge(service, { register: [makeEntry({ key, ...given })] }).inputs.reopened;

  it('knows what is open again', () => {
    expect(reopened({ state: 'closed', closedAt: '2026-10-09T00:00:00Z' })).toBe(true);
    expect(reopened({ state: 'not-seen' })).toBe(false);
    expect(reopened({ state: 'open', reopenedAt: '2026-08-25T00:00:00Z' })).toBe(true);
    expect(reopened({ state: 'open', reopenedAt: '2026-08-01T00:00:00Z' })).toBe(false);
    expect(judge(rdp(), { register: [makeEntry({ key: 'other', state: 'closed' })] }).inputs.reopened).toBe(
      false,
    );
  });

  it('is not fooled by a passive source that goes on showing a closed port', () => {
    const recorded = rdp({ sightings: [passiveSighting] });
    expect(reopened({ state: 'closed', closedAt: '2026-11-16T00:00:00Z' }, recorded)).toBe(false);
    expect(reopened({ state: 'closed', closedAt: '2026-11-14T00:00:00Z' }, recorded)).toBe(true);
  });

  it('does not open again what our own look could not reach', () => {
    const lookedAt = { ports: '3389', addresses: ['203.0.113.0/24'], unfinished: [], responding: [] };
    const finding = judge(rdp({ sightings: [passiveSighting] }), {
      register: [makeEntry({ key, state: 'closed', closedAt: '2026-11-01T00:00:00Z' })],
      coverage: [makeCoverage({ lookedAt })],
    });
    expect(finding.inputs).toMatchObject({ reach: 'passive-only', reopened: false });
  });

  it('knows overseas sites and whether anyone is named for them', () => {
    const abroad = rdp({ siteId: 'taipei' });
    expect(judge(abroad).inputs).toMatchObject({ overseasOrAffiliate: true, owned: false });
    expect(judge(rdp()).inputs).toMatchObject({ overseasOrAffiliate: false, owned: true });
    const sites = makeScope().sites.map((site) => ({ ...site, contact: 'taipei@example.jp' }));
    expect(judge(abroad, { scope: { sites } }).inputs).toMatchObject({
      overseasOrAffiliate: true,
      owned: true,
    });
  });

  it('counts days since the newest notice, never below zero', () => {
    expect(judge(identified(), { products }).inputs.noticeAgeDays).toBe(172);
    expect(judge(identified(), { products, now: '2026-05-31T20:00:00Z' }).inputs.noticeAgeDays).toBe(0);
    expect(judge(rdp(), { products }).inputs).not.toHaveProperty('noticeAgeDays');
  });

  it('tells artefacts from services that speak', () => {
    const silent = makeService({ class: 'unknown', protocol: 'unknown', oddities: ['sip-alg', 'no-banner'] });
    expect(judge(silent, { scope: { expected: [makeExpectation({ port: 1 })] } })).toMatchObject({
      row: 'artefact',
      priority: 'P4',
      modifiers: [],
      verdict: 'unknown',
    });
    expect(judge(rdp({ oddities: ['answers-on-every-port'] })).priority).toBe('P1');
  });

  it('sees a sign of misuse in a path of a known campaign that answers, to be confirmed', () => {
    const indicators = (answers: IndicatorCheck['answers']): Service =>
      makeService({ class: 'web', indicators: { asked: 5, skipped: [], answers } });
    const text = { ja: 'x', en: 'x' };
    const answer = {
      id: 'a /b.php',
      method: 'GET',
      path: '/b.php',
      status: 200,
      bodyBytes: 3,
      control: { path: '/c.php', status: 404, bodyBytes: 0 },
      campaign: text,
      about: text,
      source: { publisher: 'x', url: 'https://x.example/', date: '2025-01-01' },
    } as const;
    expect(judge(indicators([answer]))).toMatchObject({
      row: 'misuse',
      priority: 'P1',
      trace: 'T2',
      verdict: 'found',
      certainty: 'to-confirm',
    });
    expect(judge(indicators([])).inputs.misuse).toBe(false);
  });

  it('sees misuse in the class and in the tags of a passive source', () => {
    for (const service of [
      makeService({ class: 'coin-miner' }),
      makeService({ passiveTags: ['cloud', 'scanner'] }),
    ])
      expect(judge(service)).toMatchObject({ row: 'misuse', priority: 'P1', trace: 'T2', verdict: 'found' });
    expect(judge(makeService({ class: 'web', passiveTags: ['cloud', 'vpn'] })).inputs.misuse).toBe(false);
  });
});
