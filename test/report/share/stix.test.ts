import { beforeAll, describe, expect, it } from 'vitest';
import type { ShareOptions } from '../../../src/report/share/build.ts';
import type { SharedBundle } from '../../../src/report/share/shared-record.ts';
import { stixFile } from '../../../src/report/share/stix.ts';
import { canonicalJson, observableId } from '../../../src/report/share/stix/ids.ts';
import { patternText } from '../../../src/report/share/stix/service.ts';
import { HOSTILE } from '../poisoned.ts';
import type { Golden } from '../../golden/golden.ts';
import { bundleOf, goldenRun } from './golden-bundles.ts';
import { StixBundle, stixFaults } from './stix-schema.ts';

let golden: Golden;
beforeAll(async () => {
  golden = await goldenRun();
}, 60_000);

const textOf = (bundle: SharedBundle): string => String(stixFile(bundle).content);
const shared = (options: Partial<ShareOptions> = {}): SharedBundle => bundleOf(golden, options).bundle;
const objects = (bundle: SharedBundle): StixBundle['objects'] =>
  StixBundle.parse(JSON.parse(textOf(bundle))).objects;
function ofType<T extends StixBundle['objects'][number]['type']>(
  bundle: SharedBundle,
  type: T,
): Extract<StixBundle['objects'][number], { type: T }>[] {
  return objects(bundle).filter(
    (one): one is Extract<StixBundle['objects'][number], { type: T }> => one.type === type,
  );
}

const MARKS: readonly Partial<ShareOptions>[] = [
  { tlp: 'CLEAR' },
  { tlp: 'GREEN' },
  { tlp: 'GREEN', envelope: 'victim' },
  { tlp: 'AMBER', named: true, note: '再起動はしていません。' },
  { tlp: 'AMBER+STRICT', envelope: 'victim' },
  { findings: [] },
];

describe('report/share/stix', () => {
  it.each(MARKS)('follows the specification: %j', (options) => {
    expect(stixFaults(textOf(shared(options)))).toEqual([]);
  });

  it.each<[string, (text: string) => string]>([
    ['a type of its own', (text) => text.replaceAll('"infrastructure"', '"door"')],
    ['another version', (text) => text.replace('"spec_version": "2.1"', '"spec_version": "2.0"')],
    ['a property in camel case', (text) => text.replace('"identity_class"', '"identityClass"')],
    ['a reference to nothing', (text) => text.replace(/("target_ref": "[a-z0-9-]+--)[0-9a-f]{4}/, '$10000')],
    ['seconds without fractions', (text) => text.replace(/("created": "[^"]+)\.\d{3}Z/, '$1Z')],
    [
      'an address that is not that of its id',
      (text) => text.replace('"value": "203.0.113.2"', '"value": "203.0.113.99"'),
    ],
    [
      'an infrastructure seen doing harm',
      (text) =>
        text.replace(
          '"infrastructure_types"',
          '"first_seen": "2026-11-20T00:00:00.000Z", "infrastructure_types"',
        ),
    ],
  ])('is told from %s', (_, spoil) => {
    const text = textOf(shared({ tlp: 'AMBER' }));
    expect(spoil(text)).not.toBe(text);
    expect(stixFaults(spoil(text))).not.toEqual([]);
  });

  it('tells strangers no address, no name, no certificate and no time of day', () => {
    const { organisation, services } = golden.snapshots[1];
    for (const tlp of ['CLEAR', 'GREEN'] as const) {
      const text = textOf(shared({ tlp, envelope: 'victim', note: `${organisation.ja} です` }));
      for (const { address, names, certificate } of services) {
        expect(text).not.toContain(address);
        for (const name of names) expect(text).not.toContain(name);
        if (certificate !== undefined) expect(text).not.toContain(certificate.sha256);
      }
      expect(text).not.toContain(organisation.ja);
      expect(text).not.toContain(organisation.en);
      const types = objects(shared({ tlp })).map(({ type }) => type);
      for (const type of ['ipv4-addr', 'ipv6-addr', 'network-traffic', 'x509-certificate'])
        expect(types).not.toContain(type);
      const times = text.match(/"\d{4}-\d\d-\d\dT[^"]+"/g) ?? [];
      expect(times.length).toBeGreaterThan(20);
      for (const time of times) expect(time).toMatch(/T00:00:00\.000Z"$/);
    }
  });

  it('gives a desk the places, and the same id for an address as everybody else does', () => {
    const addresses = ofType(shared({ tlp: 'AMBER' }), 'ipv4-addr');
    expect(addresses.map(({ value }) => value)).toContain('203.0.113.2');
    // The example of the specification, §2.9.
    expect(observableId('ipv4-addr', { value: '198.51.100.3' })).toBe(
      'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4',
    );
  });

  it('marks every object with the published ids of TLP 2.0', () => {
    const ids = {
      CLEAR: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
      GREEN: 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
      AMBER: 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
      'AMBER+STRICT': 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003',
    };
    for (const [tlp, id] of Object.entries(ids) as [keyof typeof ids, string][]) {
      const [marking, ...rest] = objects(shared({ tlp }));
      expect(marking).toMatchObject({ id, name: `TLP:${tlp}` });
      for (const one of rest) expect('object_marking_refs' in one && one.object_marking_refs).toEqual([id]);
    }
  });

  it('calls nothing of the organisation an indicator', () => {
    const bundle = shared({ tlp: 'AMBER' });
    const own = golden.snapshots[1].services.map(({ address }) => address);
    const patterns = ofType(bundle, 'indicator').map(({ pattern }) => pattern);
    expect(patterns).toContain("[ipv4-addr:value = '192.0.2.200']");
    expect(patterns).toContain("[ipv6-addr:value = '2001:db8:ffff::9']");
    expect(patterns.filter((pattern) => pattern.includes('http-request-ext'))).toHaveLength(1);
    for (const pattern of patterns) for (const address of own) expect(pattern).not.toContain(`'${address}'`);
    expect(textOf(bundle)).not.toContain('malicious-activity');
    for (const { description } of ofType(bundle, 'infrastructure'))
      expect(description).toContain('Not malicious infrastructure.');
  });

  it('says of a path that it answered, not what stands there', () => {
    const bundle = shared({ tlp: 'AMBER' });
    const sightings = ofType(bundle, 'sighting');
    expect(sightings.length).toBeGreaterThan(1);
    for (const { description, observed_data_refs: refs } of sightings) {
      expect(description).toContain('was not looked at');
      expect(refs).toHaveLength(2);
    }
  });

  it('does not date what stands there by looks that saw the port alone', () => {
    const bundle = shared({ tlp: 'AMBER' });
    const all = objects(bundle);
    const [vpn] = bundle.services;
    const data = ofType(bundle, 'observed-data').filter(({ object_refs: refs }) =>
      refs.some((ref) =>
        all.some((one) => one.id === ref && one.type === 'software' && one.name === vpn?.product?.name),
      ),
    );
    const probe = vpn?.seen.find(({ source }) => source === 'probe');
    expect(vpn?.seen.some(({ first }) => first < (probe?.last ?? ''))).toBe(true);
    expect(data.map((one) => [one.first_observed, one.last_observed])).toEqual([[probe?.last, probe?.last]]);
  });

  it('says "has" of a weakness only where the release is known to be affected', () => {
    const bundle = shared({ tlp: 'AMBER' });
    const grades = new Set(bundle.findings.flatMap(({ exploited }) => exploited.map(({ grade }) => grade)));
    expect(grades.size).toBeGreaterThan(1);
    const links = ofType(bundle, 'relationship').filter(({ target_ref: to }) =>
      to.startsWith('vulnerability--'),
    );
    const has = links.filter(({ relationship_type: kind }) => kind === 'has').length;
    const confirmed = bundle.findings.flatMap(({ service, exploited }) =>
      exploited.filter(({ grade }) => grade === 'confirmed').map(({ cve }) => `${service} ${cve}`),
    );
    expect(has).toBe(new Set(confirmed).size);
    expect(links.length).toBeGreaterThan(has);
  });

  it('gives the same bytes for the same bundle, and other ids for another', () => {
    expect(textOf(shared())).toBe(textOf(shared()));
    const ids = (bundle: SharedBundle): string[] =>
      objects(bundle).flatMap(({ type, id }) =>
        ['marking-definition', 'software', 'ipv4-addr', 'ipv6-addr'].includes(type) ? [] : [id],
      );
    const green = new Set(ids(shared({ tlp: 'GREEN' })));
    expect(ids(shared({ tlp: 'CLEAR' })).filter((id) => green.has(id))).toEqual([]);
  });

  it('keeps the words of strangers harmless and itself valid', () => {
    const bundle = shared({ tlp: 'AMBER' });
    for (const text of HOSTILE) {
      const hostile: SharedBundle = {
        ...bundle,
        note: text,
        sender: { ...bundle.sender, contact: text, names: { ja: text, en: text } },
        services: bundle.services.map((service) => ({
          ...service,
          protocol: text,
          ...(service.product === undefined
            ? {}
            : { product: { ...service.product, name: text, vendor: text } }),
          version: { value: text, certainty: 'confirmed' },
          campaignPaths: [
            { id: 'x', method: 'GET', path: text, status: 200, source: 'https://example.com/' },
          ],
          ...(service.identity === undefined
            ? {}
            : { identity: { ...service.identity, address: text, label: text, names: [text] } }),
        })),
      };
      expect(stixFaults(textOf(hostile)), text.slice(0, 40)).toEqual([]);
      // oxlint-disable-next-line no-control-regex -- what must not stand there
      expect(textOf(hostile)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
    }
  });

  it('escapes within a pattern, so that a path cannot end it', () => {
    expect(patternText("a'] OR [url:value = 'b\\")).toBe("a\\'] OR [url:value = \\'b\\\\");
    expect(canonicalJson({ b: [1, 'x'], a: undefined, A: { d: null } })).toBe('{"A":{"d":null},"b":[1,"x"]}');
  });
});
