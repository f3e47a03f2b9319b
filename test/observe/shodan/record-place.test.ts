import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeAlone, placeRecord } from '../../../src/observe/shodan/record-place.ts';
import { context } from './reading.ts';
import { fixture } from './setting.ts';

type AnyObject = Readonly<Record<string, unknown>>;

const short = (value: unknown, collectedAt = context.collectedAt): unknown => {
  const placed = placeAlone(value as AnyObject, collectedAt);
  return placed === undefined ? undefined : { ...placed, address: placed.address.text };
};
const full = (value: unknown, collectedAt = context.collectedAt): unknown => {
  const placed = placeRecord(value, collectedAt);
  if (placed === undefined) return undefined;
  const { record, address, observedAt } = placed;
  return { address: address.text, port: record.port, transport: record.transport ?? 'unknown', observedAt };
};

function recordsOf(value: unknown): AnyObject[] {
  if (Array.isArray(value)) return value.flatMap((one) => recordsOf(one));
  if (typeof value !== 'object' || value === null) return [];
  const object = value as AnyObject;
  const inside = Array.isArray(object['data']) ? object['data'] : object['matches'];
  return Array.isArray(inside) ? recordsOf(inside) : [object];
}

const RECORDS = [
  'banners-2018.json',
  'banners-goahead.json',
  'host-eight-services.json',
  'host-two-transports.json',
  'search-2019.json',
  'search-nginx.json',
  'search-smb.json',
].flatMap((name) => recordsOf(fixture(name)));

describe('the place of a banner record, told without reading the rest', () => {
  it('is that of the full reader for real records', () => {
    expect(RECORDS.length).toBeGreaterThan(20);
    for (const record of RECORDS) expect(short(record)).toEqual(full(record));
    expect(RECORDS.filter((record) => short(record) !== undefined).length).toBeGreaterThan(15);
  });

  it('is that of the full reader for whatever may stand in the fields that tell it', () => {
    const odd = fc.oneof(
      fc.constantFrom<unknown>(null, true, [], {}, '', '80', -0, -1, 0, 65_535, 65_536, 1.5, 1e300, 2 ** 53),
      fc.integer(),
      fc.string({ maxLength: 20 }),
    );
    const address = fc.oneof(
      odd,
      fc.constantFrom(
        '198.18.1.1',
        '198.18.1.01',
        '::ffff:198.18.1.1',
        '2001:DB8::1',
        'fe80::1%eth0',
        '1.2.3',
      ),
    );
    const time = fc.oneof(
      odd,
      fc.constantFrom(
        '2026-01-01T19:18:36.521207',
        '2026-02-30T00:00:00',
        '2026-01-01T24:00:00',
        '2026-13-01T00:00:00',
        '2026-12-01T23:59:59',
        '2026-12-03T00:00:00',
        '2026-01-01T00:00:00+00:00',
        '2026-01-01T00:00:00+09:00',
        '2026-01-01',
      ),
    );
    const record = fc.record(
      {
        ip_str: address,
        ipv6: address,
        ip: address,
        port: fc.oneof(odd, fc.constantFrom(22, 443)),
        transport: fc.oneof(odd, fc.constantFrom('tcp', 'udp', 'TCP', '__proto__')),
        timestamp: time,
        __proto__: fc.constant({ port: 80, ip_str: '198.18.1.1' }),
        opts: odd,
        http: odd,
        ssl: odd,
      },
      { requiredKeys: ['port'] },
    );
    const mixed = fc
      .tuple(fc.constantFrom(...RECORDS), record)
      .chain(([real, strange]) =>
        fc.subarray(Object.entries(strange)).map((some) => ({ ...real, ...Object.fromEntries(some) })),
      );
    let told = 0;
    fc.assert(
      fc.property(fc.oneof(record, mixed), (value) => {
        // As it arrives: own properties whatever their name.
        const arrived: unknown = JSON.parse(JSON.stringify(value));
        expect(short(arrived)).toEqual(full(arrived));
        told += Number(short(arrived) !== undefined);
      }),
      { numRuns: 4000 },
    );
    expect(told).toBeGreaterThan(200);
  });

  it('knows no list and no number that JSON cannot hold', () => {
    for (const text of ['[]', '{"port":1e999}', '{"port":80,"ip":1e999,"timestamp":"2026-01-01T00:00:00"}'])
      expect(short(JSON.parse(text))).toBe(full(JSON.parse(text)));
  });
});
