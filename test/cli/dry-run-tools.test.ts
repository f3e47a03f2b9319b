import { describe, expect, it } from 'vitest';
import { parseRange } from '../../src/lib/address.ts';
import { otherToolLines } from '../../src/cli/dry-run-tools.ts';
import type { ScanOptions } from '../../src/cli/scan-options.ts';
import { scopeOf, siteOf } from '../scope/scope-fixture.ts';

const NOW = new Date('2026-11-20T00:00:00Z');
const plain = { reports: 'reports' } as ScanOptions;
const nmap = { use: true, ports: [22, 443], options: ['-sV'], scripts: [], timeoutMinutes: 30 };

describe('dry run of other tools', () => {
  it('says nothing of tools that are switched off', () => {
    expect(otherToolLines(scopeOf(), plain, NOW)).toEqual([]);
  });

  it('tells packets, addresses and the very arguments', () => {
    const scope = scopeOf({
      sites: [siteOf(['203.0.113.0/28'])],
      exclusions: [parseRange('203.0.113.4')],
      masscan: { use: true, rate: 20 },
      nmap,
    });
    const [masscan, head, call] = otherToolLines(scope, plain, NOW);
    expect(masscan).toContain('60 SYN packets to 15 IPv4 addresses, at most 20 a second');
    expect(head).toContain(
      '15 addresses, 2 TCP ports (22,443), in 1 calls, at most 1000 packets a second, at most 30 minutes',
    );
    expect(call).toMatch(/^ {2}nmap -oX - -n -Pn .*-p 22,443 --exclude 203\.0\.113\.4 -sV$/);
  });

  it('leaves out what a look at one place, or for open ports only, does not start', () => {
    const scope = scopeOf({ masscan: { use: true, rate: 20 }, nmap });
    const only = { address: '127.99.0.1', port: 22 };
    expect(otherToolLines(scope, { ...plain, only }, NOW).join('\n')).toMatch(
      /^nmap would look at the same 1 addresses, 1 TCP ports \(22\)/,
    );
    expect(otherToolLines(scope, { ...plain, discoverOnly: true }, NOW)).toHaveLength(1);
  });
});
