import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressFromValue, parseRange, rangeContains } from '../../src/lib/address.ts';
import type { Asset } from '../../src/model/import.ts';
import { readLedger } from '../../src/model/ledger.ts';

function row(range: string, line: number, extra: Partial<Asset> = {}): Asset {
  return { range, file: 'ledger.csv', line, ...extra };
}

const place = { address: '203.0.113.4', port: 443, transport: 'tcp' as const };

describe('model/ledger', () => {
  it('gives the rows about an address, the narrowest first', () => {
    const rows = [
      row('203.0.113.0/24', 2),
      row('203.0.113.4', 3),
      row('203.0.113.0-203.0.113.15', 4),
      row('203.0.113.5', 5),
      row('203.0.113.4', 6),
      row('2001:db8::/64', 7),
      row('::ffff:203.0.113.4', 8),
    ];
    const lines = (address: string): number[] =>
      readLedger(rows)
        .about(address)
        .map(({ line }) => line);
    expect(lines('203.0.113.4')).toEqual([3, 6, 8, 4, 2]);
    expect(lines('2001:DB8::1')).toEqual([7]);
    expect(lines('198.51.100.1')).toEqual([]);
    expect(lines('nowhere')).toEqual([]);
  });

  it('asks for port and transport only where the row gives them', () => {
    const rows = [
      row('203.0.113.4', 2),
      row('203.0.113.4', 3, { port: 443, transport: 'tcp' }),
      row('203.0.113.4', 4, { port: 8443 }),
      row('203.0.113.4', 5, { transport: 'udp' }),
    ];
    const ledger = readLedger(rows);
    expect(ledger.speakingOf(place).map(({ line }) => line)).toEqual([3, 2]);
    expect(ledger.speakingOf({ ...place, transport: 'unknown' }).map(({ line }) => line)).toEqual([3, 2, 5]);
    expect(ledger.speakingOf({ ...place, transport: 'udp', port: 500 }).map(({ line }) => line)).toEqual([
      2, 5,
    ]);
  });

  it('leaves out what is no range', () => {
    const rows = ['', 'x', '203.0.113.4/33', '203.0.113.9-203.0.113.1', '203.0.113.4'].map((text, line) =>
      row(text, line),
    );
    expect(
      readLedger(rows)
        .about('203.0.113.4')
        .map(({ line }) => line),
    ).toEqual([4]);
  });

  it('finds what a look at every row finds', () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
      .map(([a, b]) => `192.0.2.${Math.min(a, b)}-192.0.2.${Math.max(a, b)}`);
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), fc.integer({ min: 0, max: 61 }), (ranges, last) => {
        const rows = ranges.map((text, line) => row(text, line));
        const address = addressFromValue(4, 0xc0000200n + BigInt(last));
        const slow = rows.filter((one) => rangeContains(parseRange(one.range), address));
        const quick = readLedger(rows).about(address.text);
        expect(new Set(quick)).toEqual(new Set(slow));
        expect(quick).toHaveLength(slow.length);
      }),
    );
  });
});
