import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nmapArguments, nmapFaults } from '../../src/model/nmap-options.ts';

const options = (...list: string[]) => nmapArguments({ options: list, scripts: [] });

describe('what the organisation file may ask of nmap', () => {
  it('takes harmless options, with a value behind a blank, an equals sign, or as the next text', () => {
    const { argv, faults } = options(
      '-sV',
      '--version-intensity 2',
      '--max-retries=3',
      '--scan-delay',
      '5ms',
      '-T4',
    );
    expect(faults).toEqual([]);
    expect(argv).toEqual([
      '-sV',
      '--version-intensity',
      '2',
      '--max-retries',
      '3',
      '--scan-delay',
      '5ms',
      '-T4',
    ]);
  });

  it.each([
    '-A',
    '-sC',
    '-O',
    '-oN',
    '-iL',
    '--min-rate',
    '--allports',
    '-D',
    '--script',
    '--script=vuln',
    '-sV -oN /tmp/x',
    '127.0.0.1',
    '-T5',
    '-sU',
    '--datadir /tmp',
  ])('refuses %s and passes none of it on', (option) => {
    const { argv, faults } = options(option);
    expect(argv).toEqual([]);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.path).toEqual(['options', 0]);
  });

  it('refuses a value of another form, and names the place', () => {
    const { argv, faults } = options('-sV', '--max-retries', '2 -oN x', '--version-intensity');
    expect(argv).toEqual(['-sV']);
    expect(faults.map(({ path }) => path)).toEqual([
      ['options', 1],
      ['options', 3],
    ]);
    expect(faults[0]?.message).toContain('a number from 0 to 10');
  });

  it('takes single scripts only; of a category it says why not', () => {
    const { argv, faults } = nmapArguments({
      options: [],
      scripts: ['banner', 'default', 'ftp-anon', 'ssl-cert', 'banner,vuln'],
    });
    expect(argv).toEqual(['--script', 'banner,ssl-cert']);
    expect(faults.map(({ path }) => path)).toEqual([
      ['scripts', 1],
      ['scripts', 2],
      ['scripts', 4],
    ]);
    expect(faults[0]?.message).toContain('is a category');
    expect(nmapFaults({ options: [], scripts: ['default'] })).toHaveLength(1);
  });

  it('lets nothing through that is neither on the list nor a value of it', () => {
    const safe =
      /^(?:-s[VTS]|-T[234]|--reason|--version-(?:light|all|intensity)|--max-(?:retries|parallelism|rtt-timeout)|--initial-rtt-timeout|--scan-delay|--(?:script|host)-timeout|\d{1,6}(?:ms|s|m)?)$/;
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string(), fc.constantFrom('-sV', '--max-retries', '--scan-delay', '3', '-oN', ' ')),
        ),
        (list) => {
          for (const argument of options(...list).argv) expect(argument).toMatch(safe);
        },
      ),
    );
  });
});
