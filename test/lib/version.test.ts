import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, inAnyRange, inRange } from '../../src/lib/version.ts';

/** Oldest first, as the vendor counts them; every pair of a list is compared. */
const IN_ORDER: Record<string, string[]> = {
  FortiOS: ['6.4.14', '7.0.0', '7.0.9', 'v7.0.16', '7.0.17', '7.2.0', '7.6.6'],
  'Ivanti Connect Secure': [
    '9.1R1',
    '9.1R9',
    '9.1R18',
    '9.1R18.9',
    '22.4R2',
    '22.7R2',
    '22.7R2.4',
    '22.7R2.10',
  ],
  'PAN-OS': ['10.2.9-b5', '10.2.9', '10.2.9-h1', '10.2.9-h16', '10.2.10', '11.1.2-h3'],
  NetScaler: ['13.0-92.31', '13.1-37.262', '13.1-62.23', '14.1-8.50', '14.1-66.59'],
  'Cisco ASA': ['9.8(4)', '9.16(4)', '9.16(4)9', '9.16(4)85', '9.18(2)'],
  'Cisco IOS': ['12.2(55)SE', '15.1(3)T4', '15.1(4)M', '15.1(4)M9', '15.1(4)M12'],
  'SonicWall SMA': ['9.0.0.11-31sv', '10.2.1.9-57sv', '10.2.1.13-72sv', '10.2.1.14-75sv'],
  SonicOS: ['5.9.2.14-12o', '6.5.4.14-109n', '6.5.4.15-116n', '7.0.1-5035', '7.0.1-5161'],
  Exchange: ['14.3.513.0', '15.1.2507.6', '15.2.1118.7', '15.2.1118.40', '15.2.1544.4'],
  'BIG-IP': ['14.1.4.6', '15.1.2', '15.1.2.1', '15.1.2.10', '16.1.2.2'],
  'Check Point': ['R80.20', 'R80.40', 'R81', 'R81.10', 'R81.20'],
  'Sophos SFOS': ['17.5.9.577', '18.5.3', '19.5.3.652'],
  Zyxel: ['4.60(ABPS.0)C0', '5.36(ABZH.2)', '5.38(ABFU.0)'],
  OpenSSH: ['6.6.1p1', '8.9p1', '9.2p1', '9.8', '9.8p1', '10.0p2'],
  OpenSSL: ['1.0.1f', '1.0.1g', '1.0.2', '1.0.2u', '1.1.1', '1.1.1k', '1.1.1w', '3.0.0'],
  Tomcat: ['9.0.0.M1', '9.0.0-M27', '9.0.0', '9.0.98', '10.1.0-M1'],
  WordPress: ['5.8-alpha', '5.8-beta2', '5.8-RC1', '5.8', '5.8.1', '6.4.3'],
  'Windows build': ['6.1.7601', '10.0.14393', '10.0.17763', '10.0.20348'],
};

describe('compareVersions', () => {
  for (const [vendor, versions] of Object.entries(IN_ORDER)) {
    it(`orders ${vendor} as its maker does`, () => {
      for (const [i, older] of versions.entries()) {
        for (const newer of versions.slice(i + 1)) {
          expect([older, newer, compareVersions(older, newer)]).toEqual([older, newer, -1]);
          expect([newer, older, compareVersions(newer, older)]).toEqual([newer, older, 1]);
        }
      }
    });
  }

  it.each([
    ['7.0', '7.0.0'],
    ['v7.0.17', '7.0.17'],
    ['R81.20', '81.20'],
    ['8.9p1 Ubuntu-3ubuntu0.6', '8.9p1'],
    ['2.4.6+dfsg', '2.4.6'],
    ['7.0.17,build0682', '7.0.17'],
    ['9.08', '9.8'],
    ['22.7r2.4', '22.7R2.4'],
  ])('takes %s and %s for one version', (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
  });

  it.each(['', 'unknown', 'latest', 'build 7601', '-1', 'x'.repeat(50), '1.'.repeat(60), '9'.repeat(20)])(
    'does not compare %j',
    (text) => {
      expect(compareVersions(text, '1.0')).toBeUndefined();
      expect(compareVersions('1.0', text)).toBeUndefined();
    },
  );

  it('orders dates and refuses days that do not exist', () => {
    expect(compareVersions('2024-03-05', '20240306', 'date')).toBe(-1);
    expect(compareVersions('2024/03/05', '2024.03.05', 'date')).toBe(0);
    expect(compareVersions('2024-02-30', '2024-03-01', 'date')).toBeUndefined();
    expect(compareVersions('7.0.17', '2024-03-01', 'date')).toBeUndefined();
  });

  const part = fc.oneof(
    fc.nat({ max: 30 }).map(String),
    fc.constantFrom('r', 'p', 'a', 'b', 'rc', 'h', 'm', 'sv', 'beta', '0'),
  );
  const version = fc
    .tuple(
      fc.nat({ max: 20 }),
      fc.array(fc.tuple(fc.constantFrom('.', '-', '', '_', '('), part), { maxLength: 6 }),
    )
    .map(([first, rest]) => `${first}${rest.map(([separator, one]) => separator + one).join('')}`);
  const order = (a: string, b: string): number => compareVersions(a, b) ?? Number.NaN;

  it('is a total order on everything that looks like a version', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(order(a, a)).toBe(0);
        expect(order(a, b) + order(b, a)).toBe(0);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
        if (order(a, b) === 0) expect(order(a, c)).toBe(order(b, c));
      }),
      { numRuns: 3000 },
    );
  });

  it('never throws, and stays quick on hostile text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (a, b) => {
        const result = compareVersions(a, b);
        expect(result === undefined || Number.isInteger(result)).toBe(true);
        expect([true, false, undefined]).toContain(inRange(a, { from: b, before: b, through: a }));
      }),
    );
    const started = performance.now();
    compareVersions(`1${'('.repeat(100_000)}`, `1${'(a'.repeat(50_000)}`);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('inRange', () => {
  it('takes "before" without and "from" and "through" with the bound', () => {
    const range = { from: '7.0.0', before: '7.0.17' };
    expect(inRange('7.0.0', range)).toBe(true);
    expect(inRange('7.0.16', range)).toBe(true);
    expect(inRange('7.0.17', range)).toBe(false);
    expect(inRange('6.4.99', range)).toBe(false);
    expect(inRange('7.2.6', { from: '7.2.0', through: '7.2.6' })).toBe(true);
    expect(inRange('7.2.7', { from: '7.2.0', through: '7.2.6' })).toBe(false);
    expect(inRange('10.2.9', { before: '10.2.9-h1' })).toBe(true);
    expect(inRange('22.7R2', { before: '22.7R2.4' })).toBe(true);
  });

  it('says nothing about a version that is cut short of the bound', () => {
    expect(inRange('9.16', { before: '9.16.4' })).toBeUndefined();
    expect(inRange('14.1', { before: '14.1-66.59' })).toBeUndefined();
    expect(inRange('9.16(4)', { before: '9.16(4)85' })).toBeUndefined();
    expect(inRange('7.0', { from: '7.0.5', before: '7.0.17' })).toBeUndefined();
    expect(inRange('7', { from: '8.0.0', before: '8.0.4' })).toBe(false);
    expect(inRange('7.0', { from: '7.0.0', before: '7.2.0' })).toBe(true);
  });

  it('says nothing without a bound or a version', () => {
    expect(inRange('7.0.0', {})).toBeUndefined();
    expect(inRange('unknown', { before: '7.0.0' })).toBeUndefined();
    expect(inRange('7.0.0', { before: 'all' })).toBeUndefined();
  });

  it('joins ranges: one that holds decides, one that cannot be told keeps the answer open', () => {
    const ranges = [
      { from: '7.0.0', through: '7.0.16' },
      { from: '7.2.0', through: '7.2.12' },
    ];
    expect(inAnyRange('7.2.4', ranges)).toBe(true);
    expect(inAnyRange('7.0.17', ranges)).toBe(false);
    expect(inAnyRange('7.2', ranges)).toBeUndefined();
    expect(inAnyRange('7.0.17', [...ranges, { before: 'unknown' }])).toBeUndefined();
    expect(inAnyRange('7.0.3', [...ranges, { before: 'unknown' }])).toBe(true);
    expect(inAnyRange('7.0.3', [])).toBeUndefined();
  });

  it('agrees with the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }),
        (a, b) => {
          const [version, bound] = [a.join('.'), b.join('.')];
          const compared = compareVersions(version, bound) ?? Number.NaN;
          expect(inRange(version, { before: bound })).toBe(compared < 0);
          expect(inRange(version, { through: bound })).toBe(compared <= 0);
          expect(inRange(version, { from: bound })).toBe(compared >= 0);
        },
      ),
    );
  });
});
