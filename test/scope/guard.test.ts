import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressFromValue, parseAddress, parseRange } from '../../src/lib/address.ts';
import { Guard } from '../../src/scope/guard.ts';
import { scopeOf, siteOf } from './scope-fixture.ts';

const NOON = new Date('2026-11-20T03:00:00Z');
const now = () => NOON;
const ip4 = fc.integer({ min: 0, max: 0xffffffff }).map((n) => addressFromValue(4, BigInt(n)).text);
const range4 = fc
  .tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 5000 }))
  .map(
    ([first, size]) =>
      `${addressFromValue(4, BigInt(first)).text}-${addressFromValue(4, BigInt(Math.min(first + size, 0xffffffff))).text}`,
  );

describe('scope/guard', () => {
  it('lets nothing through without ranges', () => {
    const guard = new Guard(scopeOf({ sites: [] }), now);
    fc.assert(fc.property(ip4, (address) => !guard.check(address).allowed));
  });

  it('agrees with plain arithmetic for any ranges, exclusions and address; deny wins', () => {
    const numbers = (text: string): [bigint, bigint] => {
      const { first, last } = parseRange(text);
      return [first, last];
    };
    fc.assert(
      fc.property(
        fc.array(range4, { maxLength: 5 }),
        fc.array(range4, { maxLength: 5 }),
        fc.nat(),
        ip4,
        (ranges, excluded, pick, random) => {
          const guard = new Guard(
            scopeOf({ sites: [siteOf(ranges)], exclusions: excluded.map(parseRange) }),
            now,
          );
          // Half of the time an address at an edge of a range, where off-by-one faults live.
          const edges = [...ranges, ...excluded].flatMap((range) =>
            numbers(range).flatMap((n) => [n - 1n, n, n + 1n]),
          );
          const edge = edges[pick % Math.max(1, edges.length)];
          const value =
            edge !== undefined && edge >= 0n && edge <= 0xffffffffn
              ? edge
              : (parseAddress(random)?.value ?? 0n);
          const isIn = (list: string[]): boolean =>
            list.some((range) => numbers(range)[0] <= value && value <= numbers(range)[1]);
          expect(guard.check(addressFromValue(4, value).text).allowed).toBe(isIn(ranges) && !isIn(excluded));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('judges an IPv4-mapped IPv6 address as the IPv4 address it is', () => {
    const guard = new Guard(
      scopeOf({ sites: [siteOf(['203.0.113.0/28'])], exclusions: [parseRange('203.0.113.9')] }),
      now,
    );
    expect(guard.check('::ffff:203.0.113.1')).toMatchObject({ allowed: true, address: '203.0.113.1' });
    expect(guard.check('::ffff:cb00:7109')).toMatchObject({ allowed: false, reason: 'excluded' });
    fc.assert(
      fc.property(
        ip4,
        (address) => guard.judgeAddress(`::ffff:${address}`).allowed === guard.judgeAddress(address).allowed,
      ),
    );
  });

  it('never crosses families', () => {
    const guard = new Guard(scopeOf({ sites: [siteOf(['::cb00:7100/124', '2001:db8::/32'])] }), now);
    expect(guard.check('203.0.113.1').allowed).toBe(false);
    expect(guard.check('2001:db8::1').allowed).toBe(true);
  });

  it('refuses what is not exactly one address', () => {
    const guard = new Guard(scopeOf({ sites: [siteOf(['127.0.0.0/16'])] }), now);
    for (const text of [
      '',
      '127.1',
      '0x7f000001',
      '2130706433',
      '127.0.0.01',
      '127.0.0.1 ',
      'localhost',
      '127.0.0.1/32',
      'fe80::1%eth0',
      '127.0.0.1:80',
    ]) {
      expect(guard.check(text), text).toMatchObject({ allowed: false, reason: 'not-an-address' });
    }
    fc.assert(fc.property(fc.string(), (text) => typeof guard.check(text).allowed === 'boolean'));
  });

  it('needs a permission that has not ended, to the second', () => {
    const at = (instant: string) =>
      new Guard(
        scopeOf({ permission: { by: 'a', reference: 'b', validUntil: '2026-11-20T14:59:59.000Z' } }),
        () => new Date(instant),
      );
    expect(at('2026-11-20T14:59:59.000Z').check('127.99.0.1').allowed).toBe(true);
    expect(at('2026-11-20T14:59:59.001Z').check('127.99.0.1')).toMatchObject({
      reason: 'permission-expired',
    });
    expect(new Guard(scopeOf({ permission: undefined }), now).check('127.99.0.1')).toMatchObject({
      reason: 'no-permission',
    });
  });

  it('asks the clock at every check: a window that closes stops a run', () => {
    let instant = '2026-11-20T15:30:00Z'; // Saturday 00:30 in Tokyo
    const guard = new Guard(
      scopeOf({ windows: [{ days: [5], from: 23 * 60, to: 60 }] }),
      () => new Date(instant),
    );
    expect(guard.check('127.99.0.1').allowed).toBe(true);
    instant = '2026-11-20T16:00:00Z';
    expect(guard.check('127.99.0.1')).toMatchObject({ reason: 'outside-window' });
    instant = '2026-11-20T13:59:00Z'; // Friday 22:59
    expect(guard.check('127.99.0.1').allowed).toBe(false);
  });

  it('counts and names what it refused, bounded', () => {
    const guard = new Guard(scopeOf(), now);
    for (let i = 0; i < 5000; i += 1) guard.check(addressFromValue(4, 0x0a000000n + BigInt(i)).text);
    expect(guard.refusals.total).toBe(5000);
    expect(guard.refusals.byReason.get('not-in-scope')).toBe(5000);
    expect(guard.refusals.destinations.length).toBe(1000);
  });
});
