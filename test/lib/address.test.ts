import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  addressFromValue,
  addressSpans,
  AddressSet,
  cidrBlocks,
  cidrText,
  compareAddresses,
  parseAddress,
  parseRange,
  rangeContains,
} from '../../src/lib/address.ts';

const v4 = fc.integer({ min: 0, max: 0xffffffff }).map((n) => addressFromValue(4, BigInt(n)));
const v6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((n) => addressFromValue(6, n));

describe('lib/address', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (address) => {
        const again = parseAddress(address.text);
        // An IPv4-mapped value is read as the IPv4 address on purpose.
        if (address.family === 6 && address.value >> 32n === 0xffffn) expect(again?.family).toBe(4);
        else expect(again).toEqual(address);
      }),
    );
  });

  it('takes for a dotted quad what ipaddr.js takes for one, and as the same', () => {
    const part = fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(String),
      fc.constantFrom('', '0', '00', '01', '255', '256', '0x1', '-1', '+1', ' 1', '1e1', '999999', '١'),
    );
    const quad = fc
      .tuple(fc.array(part, { minLength: 3, maxLength: 5 }), fc.constantFrom('', '', '', ' ', '.', '\n'))
      .map(([parts, end]) => `${parts.join('.')}${end}`);
    let quads = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          quad,
          v4.map(({ text }) => text),
        ),
        (text) => {
          const isQuad = ipaddr.IPv4.isValidFourPartDecimal(text);
          const value = isQuad ? ipaddr.IPv4.parse(text).toByteArray() : undefined;
          const address = parseAddress(text);
          expect(address?.text).toBe(value?.join('.'));
          expect(address?.value).toBe(value?.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n));
          quads += Number(isQuad);
        },
      ),
      { numRuns: 3000 },
    );
    expect(quads).toBeGreaterThan(300);
  });

  it('writes IPv6 by RFC 5952', () => {
    expect(parseAddress('2001:DB8:0:0:0:0:0:1')?.text).toBe('2001:db8::1');
    expect(parseAddress('0:0:0:0:0:0:0:0')?.text).toBe('::');
  });

  it('merges ranges without gaining or losing an address', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const ranges = spans.map(([first, size]) =>
          parseRange(
            `${addressFromValue(4, BigInt(first)).text}-${addressFromValue(4, BigInt(first + size)).text}`,
          ),
        );
        const set = new AddressSet(ranges);
        for (let n = 0; n < 345; n += 1) {
          const address = addressFromValue(4, BigInt(n));
          expect(set.has(address)).toBe(ranges.some((range) => rangeContains(range, address)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes sorted addresses as spans that say the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }), (numbers) => {
        const addresses = numbers.toSorted((a, b) => a - b).map((n) => addressFromValue(4, BigInt(n)).text);
        const ranges = addressSpans(addresses).map(parseRange);
        const all = ranges.flatMap(({ first, last }) =>
          Array.from(
            { length: Number(last - first) + 1 },
            (_, i) => addressFromValue(4, first + BigInt(i)).text,
          ),
        );
        expect(all).toEqual(addresses);
      }),
    );
  });

  it('cuts a range into CIDR blocks that follow each other and read back', () => {
    expect(cidrBlocks(parseRange('203.0.113.1-203.0.113.8')).map((block) => cidrText(block))).toEqual([
      '203.0.113.1',
      '203.0.113.2/31',
      '203.0.113.4/30',
      '203.0.113.8',
    ]);
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.bigInt({ min: 0n, max: 5000n }), ({ family, value }, length) => {
        const most = (1n << (family === 4 ? 32n : 128n)) - 1n;
        const last = value + length > most ? most : value + length;
        let next = value;
        for (const block of cidrBlocks({ family, first: value, last })) {
          const read = parseRange(cidrText(block));
          expect(read.first).toBe(next);
          next = read.last + 1n;
        }
        expect(next).toBe(last + 1n);
      }),
    );
  });

  it('orders as numbers, IPv4 first', () => {
    expect(['2001:db8::1', '10.0.0.10', '10.0.0.9', 'x'].toSorted(compareAddresses)).toEqual([
      '10.0.0.9',
      '10.0.0.10',
      '2001:db8::1',
      'x',
    ]);
  });
});
