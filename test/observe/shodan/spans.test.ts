import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseRange, rangeContains } from '../../../src/lib/address.ts';
import {
  countAddresses,
  listAddresses,
  listQueries,
  spanText,
  spansInScope,
  splitSpans,
} from '../../../src/observe/shodan/spans.ts';
import { scopeWith } from './setting.ts';

const spans = (ranges: readonly string[], exclusions: readonly string[] = []) =>
  spansInScope(scopeWith({ ranges, exclusions }));

describe('ranges in scope', () => {
  it('takes the exclusions out and joins neighbours', () => {
    const left = spans(
      ['198.18.1.8/29', '198.18.1.0/29', '198.18.1.4', '2001:db8::/64'],
      ['198.18.1.3', '198.18.1.14-20'],
    );
    expect(left.map((span) => spanText(span))).toEqual([
      '198.18.1.0-198.18.1.2',
      '198.18.1.4-198.18.1.13',
      '2001:db8::-2001:db8::ffff:ffff:ffff:ffff',
    ]);
    expect(spans(['198.18.1.0/29'], ['198.18.0.0/15'])).toEqual([]);
  });

  it('builds one query of networks', () => {
    expect(listQueries(spans(['198.18.1.0-198.18.1.9', '2001:db8::/48'])).map(({ text }) => text)).toEqual([
      'net:198.18.1.0/29,198.18.1.8/31',
      'net:2001:db8::/48',
    ]);
    expect(listQueries(spans(['0.0.0.0/0'])).map(({ text }) => text)).toEqual(['net:0.0.0.0/0']);
    expect(listQueries(spans(['198.18.1.7'])).map(({ text }) => text)).toEqual(['net:198.18.1.7']);
  });

  it('keeps queries short and covers exactly the scope', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const range = fc
      .tuple(octet, octet, octet)
      .map(([a, b, c]) => `198.18.${a}.${Math.min(b, c)}-198.18.${a}.${Math.max(b, c)}`);
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 1, maxLength: 120 }),
        fc.array(range, { maxLength: 20 }),
        (ranges, exclusions) => {
          const wanted = spans(ranges, exclusions);
          const queries = listQueries(wanted);
          for (const { text } of queries) expect(text.length).toBeLessThanOrEqual(1000);
          const covered = queries.flatMap(({ text }) =>
            text
              .slice(4)
              .split(',')
              .map((cidr) => parseRange(cidr)),
          );
          expect(covered.reduce((sum, { first, last }) => sum + last - first + 1n, 0n)).toBe(
            countAddresses(wanted),
          );
          for (const text of listAddresses(wanted, 50)) {
            const address = parseAddress(text);
            expect(address !== undefined && covered.some((cidr) => rangeContains(cidr, address))).toBe(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('splits after a number of addresses', () => {
    const { head, tail } = splitSpans(spans(['198.18.1.0/30', '198.18.2.0/24']), 10n);
    expect(head.map((span) => spanText(span))).toEqual(['198.18.1.0-198.18.1.3', '198.18.2.0-198.18.2.5']);
    expect(tail.map((span) => spanText(span))).toEqual(['198.18.2.6-198.18.2.255']);
  });
});
