import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/lib/strict-yaml.ts';
import { readOrganisationFile, type Vocabulary } from '../../src/scope/organisation-file.ts';

const vocabulary: Vocabulary = {
  portProfiles: { standard: [22, 80, 443], small: [443] },
  hasProduct: (id) => id === 'xrdp',
};

const GOOD = `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites:
  - id: hq
    name: 本社
    country: JP
    kind: headquarters
    ranges: [203.0.113.0/28]
permission: { by: director, reference: "1", valid-until: 2027-03-31 }
`;

function problems(text: string): string[] {
  try {
    readOrganisationFile(text, 'org.yaml', vocabulary);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const withRange = (range: string): string => GOOD.replace('203.0.113.0/28', range);

describe('scope/organisation-file', () => {
  it('reads the example that "sekisho init" writes', () => {
    const text = readFileSync(new URL('../../config/sekisho.example.yaml', import.meta.url), 'utf8');
    const { scope, warnings } = readOrganisationFile(text, 'sekisho.yaml', vocabulary);
    expect(scope.sites.map(({ id }) => id)).toEqual(['hq', 'taipei']);
    expect(scope.permission?.validUntil).toBe('2027-03-31T14:59:59.000Z');
    expect(scope.probe).toMatchObject({ ports: [22, 80, 443], rate: 300, perHost: 6 });
    expect(warnings.map(({ message }) => message).join()).toContain('range for documentation');
  });

  it('shows in the example the defaults that hold', () => {
    const text = readFileSync(new URL('../../config/sekisho.example.yaml', import.meta.url), 'utf8');
    const blocks = ['timezone', 'languages', 'tlp', 'vantage', 'probe', 'shodan', 'internetdb'];
    let isInBlock = false;
    const uncommented = text
      .split('\n')
      .map((line) => {
        const key = /^# ([a-z]+):/.exec(line)?.[1];
        if (key !== undefined) isInBlock = blocks.includes(key);
        else if (!line.startsWith('#   ')) isInBlock = false;
        return isInBlock ? line.slice(2) : line;
      })
      .join('\n');
    expect(uncommented).toContain('\nprobe:\n  ports: standard');
    expect(readOrganisationFile(uncommented, 'b', vocabulary).scope).toEqual(
      readOrganisationFile(text, 'a', vocabulary).scope,
    );
  });

  it('names file, line, column and what to do for an unknown key', () => {
    expect(problems(GOOD.replace('    ranges:', '    rangse:')).join('\n')).toMatch(
      /^org\.yaml:7:5: .*rangse.*ranges/,
    );
  });

  it.each([
    ['0.0.0.0/0', 'larger than a /16'],
    ['10.0.0.0/8', 'larger than a /16'],
    ['::/0', 'larger than a /32'],
    ['224.0.0.0/24', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'reserved'],
    ['ff02::1', 'multicast'],
    ['169.254.1.1', 'link-local'],
    ['203.0.113.1/28', 'host bits set'],
    ['203.0.113.9-203.0.113.4', 'ends before it begins'],
    ['203.0.113.300', 'not an address'],
    ['::ffff:203.0.113.0/124', 'IPv4-mapped'],
    ['example.jp', 'not an address'],
  ])('refuses the range %s', (range, why) => {
    const [first = ''] = problems(withRange(`"${range}"`));
    expect(first).toMatch(/^org\.yaml:7:14: sites\[0\]\.ranges\[0\]: /);
    expect(first).toContain(why);
  });

  it('accepts CIDR, span, short span, single and IPv6', () => {
    for (const range of [
      '203.0.113.0/28',
      '203.0.113.4-203.0.113.9',
      '203.0.113.4-9',
      '203.0.113.4',
      '198.18.1.21',
      '2001:db8::/64',
      '2001:db8::1',
    ]) {
      expect(problems(withRange(`"${range}"`)), range).toEqual([]);
    }
  });

  it('tells that a large IPv6 range is not swept, and what to give instead', () => {
    const { warnings } = readOrganisationFile(withRange('"2a00:1450:4001::/64"'), 'org.yaml', vocabulary);
    expect(warnings[0]?.message).toMatch(/too large to sweep.*hosts:/);
  });

  it('shows both places of an overlap', () => {
    const text = GOOD.replace(
      'ranges: [203.0.113.0/28]',
      'ranges:\n      - 203.0.113.0/28\n      - 203.0.113.15-203.0.113.20',
    );
    expect(problems(text)).toEqual([
      expect.stringMatching(
        /^org\.yaml:9:9: sites\[0\]\.ranges\[1\]: .*overlaps "203\.0\.113\.0\/28" \(line 8/,
      ),
    ]);
  });

  it('lists all problems at once', () => {
    const text = GOOD.replace('country: JP', 'country: Japan').replace('kind: headquarters', 'kind: hq');
    expect(problems(text).length).toBe(2);
  });

  it('checks expected services against ranges, products and dates', () => {
    const expected = (entry: string): string[] => problems(`${GOOD}expected:\n  - ${entry}\n`);
    const rest = 'owner: a, reason: b, until: 2027-01-01';
    expect(expected(`{ address: 203.0.113.4, port: 3389, product: xrdp, ${rest} }`)).toEqual([]);
    expect(expected(`{ address: 203.0.113.99, port: 3389, ${rest} }`)[0]).toContain('lies in no range');
    expect(expected(`{ address: 203.0.113.4, port: 3389, product: xrpd, ${rest} }`)[0]).toContain(
      'no product "xrpd"',
    );
    expect(expected(`{ address: 203.0.113.4, port: 99999, ${rest} }`)[0]).toMatch(/org\.yaml:10:.*65535/);
    expect(
      expected('{ address: 203.0.113.4, port: 1, owner: a, reason: b, until: 2027-02-30 }')[0],
    ).toContain('YYYY-MM-DD');
  });

  it('changes the digest with what may be looked at, and only then', () => {
    const digest = (text: string): string => readOrganisationFile(text, 'org.yaml', vocabulary).scope.digest;
    expect(digest(GOOD.replace('director', 'president').replace('本社', '本店'))).toBe(digest(GOOD));
    expect(digest(withRange('203.0.113.0/29'))).not.toBe(digest(GOOD));
    expect(digest(`${GOOD}exclusions: [203.0.113.9]\n`)).not.toBe(digest(GOOD));
  });

  it('refuses a time zone that does not exist and a clock time that does not', () => {
    expect(problems(`${GOOD}timezone: Asia/Tokio\n`)[0]).toContain('no IANA time zone');
    expect(problems(`${GOOD}windows: [{ days: [mon], from: "25:00", to: "05:00" }]\n`)[0]).toContain('HH:MM');
  });

  it('refuses options and scripts of nmap that are not harmless, each at its place', () => {
    const nmap = (entry: string): string[] => problems(`${GOOD}observe:\n  nmap: ${entry}\n`);
    expect(nmap('{ use: true, options: [-sV, "--max-retries 2"], scripts: [banner] }')).toEqual([]);
    const found = nmap('{ use: true, options: [-sV, -oN], scripts: [default] }');
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/^org\.yaml:10:.*observe\.nmap\.options\[1\].*"-oN" is not on the list/);
    expect(found[1]).toMatch(/observe\.nmap\.scripts\[0\].*is a category/);
  });

  it('refuses host names with schemes, ports and wildcards', () => {
    for (const host of [
      'https://a.example.jp',
      'a.example.jp:443',
      '*.example.jp',
      'A.example.jp',
      '203.0.113.4',
      'localhost',
    ]) {
      expect(problems(GOOD.replace('    ranges', `    hosts: ["${host}"]\n    ranges`)).length, host).toBe(1);
    }
  });
});
