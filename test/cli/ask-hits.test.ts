import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HitCollector, type Hit } from '../../src/cli/ask-hits.ts';
import { matchService, mayMatch } from '../../src/cli/ask-match.ts';
import { understand, type Question } from '../../src/cli/ask-question.ts';
import type { Identity, Service } from '../../src/model/service.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { probed, serviceOf, Series, sighting, WEEK } from '../track/build.ts';
import { knowledge } from '../knowledge/knowledge.ts';

const VPN = 'fortinet-fortigate-sslvpn';
const CVE = 'CVE-2024-21762';

function identityOf(productId: string, version?: string): Identity {
  return {
    productId,
    certainty: 'confirmed',
    version:
      version === undefined
        ? { state: 'unknown' }
        : { state: 'known', value: version, certainty: 'confirmed', how: 'x' },
    matched: [],
    observations: [],
  };
}

function device(at: string, productId: string | undefined, version?: string, more: Partial<Service> = {}) {
  const identity = productId === undefined ? undefined : identityOf(productId, version);
  return serviceOf({
    port: 443,
    class: 'ssl-vpn',
    ...(identity === undefined ? {} : { identity, version: identity.version }),
    sightings: [sighting('probe', at)],
    ...more,
  });
}

interface Stored {
  readonly at: string;
  readonly services: readonly Service[];
}

/** Hits over runs of one vantage point, newest first. */
function hitsOf(word: string, [newest, ...older]: readonly [Stored, ...Stored[]]): Hit[] {
  const collector = new HitCollector([understand(word, knowledge)]);
  const series = new Series();
  series.at(newest.at, { services: newest.services, coverage: [probed({ open: '443' })] });
  const take = ({ at, services }: Stored, snapshot: Snapshot | undefined): number =>
    collector.take({
      state: 'read',
      organisation: { id: 'example', ja: '例', en: 'Example' },
      runId: at,
      vantage: 'here',
      endedAt: at,
      services,
      newest: snapshot,
    });
  expect(take(newest, series.previous)).toBe(0);
  for (const run of older) expect(take(run, undefined)).toBe(0);
  return collector.hits();
}

const brief = (hits: readonly Hit[]): unknown[] =>
  hits.map(({ match, state, since, until }) => [match.answer, state, since, until]);

describe('hits over the history of a place', () => {
  it('tell that it was affected once, when it no longer is', () => {
    const found = hitsOf(CVE, [
      { at: WEEK[3], services: [device(WEEK[3], VPN, '7.4.9')] },
      { at: WEEK[2], services: [device(WEEK[2], VPN, '7.4.9')] },
      { at: WEEK[1], services: [device(WEEK[1], VPN, '7.4.1')] },
      { at: WEEK[0], services: [device(WEEK[0], VPN, '7.4.1')] },
    ]);
    expect(brief(found)).toEqual([
      ['affected', 'was', WEEK[0], WEEK[1]],
      ['not-affected', 'now', WEEK[2], WEEK[3]],
    ]);
  });

  it('do not tell that it once was of a release that is not affected', () => {
    const found = hitsOf(CVE, [
      { at: WEEK[1], services: [device(WEEK[1], VPN, '7.4.1')] },
      { at: WEEK[0], services: [device(WEEK[0], VPN, '7.4.9')] },
    ]);
    expect(brief(found)).toEqual([['affected', 'now', WEEK[1], WEEK[1]]]);
  });

  it('are one where an older record did not know the transport', () => {
    const vague = device(WEEK[0], VPN, undefined, {
      transport: 'unknown',
      key: '203.0.113.10:443/unknown',
      sightings: [sighting('internetdb', WEEK[0])],
    });
    const known = device(WEEK[1], VPN);
    expect(
      brief(
        hitsOf(VPN, [
          { at: WEEK[1], services: [known] },
          { at: WEEK[0], services: [vague] },
        ]),
      ),
    ).toEqual([['shown', 'now', WEEK[0], WEEK[1]]]);
    expect(
      hitsOf(VPN, [
        { at: WEEK[1], services: [vague] },
        { at: WEEK[0], services: [known] },
      ]),
    ).toHaveLength(1);
  });

  it('name what only files of other tools have', () => {
    const file = (status: 'open' | 'closed') => [
      { ...sighting('nmap', WEEK[0]), file: 'scan.xml' },
      ...(status === 'open' ? [] : [sighting('probe', WEEK[1], 'closed')]),
    ];
    const at = (port: number, sightings: Service['sightings']) =>
      device(WEEK[1], VPN, undefined, { port, key: `203.0.113.10:${port}/tcp`, sightings });
    const [hit] = hitsOf(VPN, [{ at: WEEK[1], services: [at(8443, file('open'))] }]);
    expect(hit).toMatchObject({
      state: 'imported',
      look: 'not-looked',
      files: ['scan.xml'],
      sources: ['nmap'],
    });
    const [shut] = hitsOf(VPN, [{ at: WEEK[1], services: [at(3389, file('closed'))] }]);
    expect(shut).toMatchObject({ state: 'recorded', look: 'no-answer' });
  });
});

describe('imported files', () => {
  const organisation = { id: 'example', ja: '例', en: 'Example' };
  const header = { file: 'scan.xml', vantage: 'here', importedAt: WEEK[2] };
  const collected = (services: readonly Service[], imported: readonly Service[]): Hit[] => {
    const collector = new HitCollector([understand(VPN, knowledge)]);
    const series = new Series();
    series.at(WEEK[1], { services, coverage: [probed({ open: '443' })] });
    const newest = series.previous;
    collector.take({
      state: 'read',
      organisation,
      runId: 'new',
      vantage: 'here',
      endedAt: WEEK[1],
      services,
      newest,
    });
    const old = device(WEEK[0], VPN);
    const older = { runId: 'old', endedAt: WEEK[0], services: [old], newest: undefined };
    collector.take({ state: 'read', organisation, vantage: 'here', ...older });
    collector.takeImported(organisation, header, imported);
    collector.takeImported(organisation, { ...header, file: 'second.xml' }, imported);
    return collector.hits();
  };

  it('tell of what the runs do not have, once, with the names of all of them', () => {
    const [hit, was, ...more] = collected([], [device(WEEK[2], VPN)]);
    expect(hit).toMatchObject({ state: 'imported', until: WEEK[2], files: ['scan.xml', 'second.xml'] });
    expect([was?.state, was?.until, more]).toEqual(['was', WEEK[0], []]);
  });

  it('add only their dates to what is there', () => {
    const found = collected([device(WEEK[1], VPN)], [device('2026-01-01T00:00:00Z', VPN)]);
    expect(brief(found)).toEqual([['shown', 'now', '2026-01-01T00:00:00Z', WEEK[1]]]);
  });
});

describe('how sure an answer is', () => {
  const answer = (word: string, service: Service): string | undefined =>
    matchService(service, understand(word, knowledge))?.answer;

  it('follows release, reading and product', () => {
    expect(answer(CVE, device(WEEK[0], VPN, '7.4.1'))).toBe('affected');
    expect(answer(CVE, device(WEEK[0], VPN))).toBe('version-unknown');
    expect(answer(CVE, device(WEEK[0], VPN, '7.4.9'))).toBe('not-affected');
    const candidates = [identityOf(VPN)];
    expect(answer(CVE, device(WEEK[0], 'openssh', undefined, { candidates }))).toBe('to-confirm');
    expect(answer(CVE, device(WEEK[0], 'openssh', undefined, { passiveVulns: [CVE] }))).toBe('passive-hint');
    expect(answer(CVE, device(WEEK[0], 'openssh'))).toBeUndefined();
    expect(answer(CVE, device(WEEK[0], undefined))).toBeUndefined();
  });

  it('counts the family of a device, which may be the one that was asked for', () => {
    expect(answer(CVE, device(WEEK[0], 'fortinet-device'))).toBe('to-confirm');
    expect(answer(VPN, device(WEEK[0], 'fortinet-device'))).toBe('maybe');
    expect(answer('fortinet-device', device(WEEK[0], VPN))).toBe('shown');
    expect(answer('dropbear', device(WEEK[0], 'ssh'))).toBeUndefined();
  });

  it('counts the kind of a service that nobody could name', () => {
    expect(answer('ssl-vpn', device(WEEK[0], undefined))).toBe('shown');
    expect(answer('vnc', device(WEEK[0], undefined))).toBeUndefined();
  });

  it('looks for texts where nothing else is known, whatever the case and width', () => {
    const word = 'ＫＥＩＲＩ-01';
    expect(answer(word, device(WEEK[0], undefined, undefined, { names: ['srv-keiri-01.example.jp'] }))).toBe(
      'text',
    );
    expect(answer(word, device(WEEK[0], undefined, undefined, { said: [['Host', 'Keiri-01']] }))).toBe(
      'text',
    );
    expect(answer(word, device(WEEK[0], undefined))).toBeUndefined();
  });

  it('is never hidden by the quick look before it', () => {
    const questions = [CVE, VPN, 'fortinet', 'ssl-vpn', 'mail', 'zzz'].map((word) =>
      understand(word, knowledge),
    );
    const ids = fc.constantFrom(VPN, 'fortinet-device', 'openssh', 'microsoft-exchange', 'no-such-product');
    const service = fc
      .record({
        identity: fc.option(ids, { nil: undefined }),
        candidates: fc.array(ids, { maxLength: 2 }),
        passiveVulns: fc.subarray([CVE, 'CVE-2020-0001']),
        class: fc.constantFrom('ssl-vpn' as const, 'web' as const, 'mail-groupware' as const),
        label: fc.constantFrom('zzz', 'x'),
      })
      .map(({ identity, candidates, ...rest }) =>
        device(WEEK[0], identity, undefined, { candidates: candidates.map((id) => identityOf(id)), ...rest }),
      );
    fc.assert(
      fc.property(service, fc.constantFrom(...questions), (one: Service, question: Question) => {
        if (matchService(one, question) !== undefined) expect(mayMatch(one, question)).toBe(true);
      }),
    );
    for (const odd of [null, 5, {}, { class: 1 }, []]) {
      for (const question of questions) expect(mayMatch(odd, question)).toBe(true);
    }
  });
});
