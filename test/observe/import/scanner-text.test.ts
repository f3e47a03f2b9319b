import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImportFormat } from '../../../src/observe/import/format.ts';
import { grepable, masscanGrepable } from '../../../src/observe/import/text/grepable.ts';
import { masscanList } from '../../../src/observe/import/text/masscan-list.ts';
import { masscanXml } from '../../../src/observe/import/xml/masscan.ts';
import { nmapXml } from '../../../src/observe/import/xml/nmap.ts';
import { readBytes } from './read-bytes.ts';

const sample = (name: string): Buffer =>
  readFileSync(resolve(import.meta.dirname, '../../fixtures/import', name));
const LATER = { collectedAt: '2026-11-22T00:00:00.000Z' };
const places = (format: ImportFormat, bytes: Uint8Array | string): string[] =>
  readBytes(format, bytes, LATER).observations.map(
    (one) => `${one.address} ${one.port} ${one.status} ${one.protocol}`,
  );

const OPEN = ['10.99.0.2 21', '10.99.0.2 22', '10.99.0.2 23', '10.99.0.3 5900', '10.99.0.3 80'].map(
  (place) => `${place} open unknown`,
);

describe('forms of masscan', () => {
  it.each([
    ['masscan.xml', masscanXml],
    ['masscan.list', masscanList],
    ['masscan.gnmap', masscanGrepable],
  ] as const)('%s: known by its content, and says what the others say', (name, format) => {
    const head = sample(name).toString('latin1');
    const all = [nmapXml, masscanXml, masscanList, grepable, masscanGrepable];
    expect(all.filter((one) => one.recognises(head))).toEqual([format]);
    expect(places(format, sample(name)).toSorted()).toEqual(OPEN);
    const { faults, counts, observations } = readBytes(format, sample(name), { ...LATER, chunk: 5 });
    expect(faults).toEqual([]);
    expect(counts).toEqual({ records: 5, outOfScope: 0, ignored: 0 });
    expect(new Set(observations.map(({ source }) => source))).toEqual(new Set(['masscan']));
    expect(new Set(observations.map(({ id }) => id)).size).toBe(5);
  });

  it('reads what the services said, in XML and in a list', () => {
    const { observations } = readBytes(masscanXml, sample('masscan-banners.xml'), LATER);
    const banners = observations.filter(({ probe }) => probe === 'banner');
    expect(banners.map(({ port, protocol }) => [port, protocol])).toEqual([
      [22, 'ssh'],
      [21, 'ftp'],
      [5900, 'vnc'],
      [23, 'telnet'],
    ]);
    expect(banners[1]?.facts.greeting?.text).toBe('220 "quoted" <ftp> & 100% ready ');
    const [line] = readBytes(
      masscanList,
      'banner tcp 22 10.99.0.2 1795201746 ssh SSH-2.0-OpenSSH_8.9p1\n',
      LATER,
    ).observations;
    expect(line).toMatchObject({
      protocol: 'ssh',
      probe: 'banner',
      observedAt: '2026-11-20T19:09:06.000Z',
      facts: { ssh: { software: 'OpenSSH_8.9p1' } },
    });
  });

  it('names a broken line by its number, and leaves a cut one out', () => {
    const text =
      '#masscan\nopen tcp 80 10.0.0.1 1795201692\nopen tcp 99999 10.0.0.1 1795201692\nopen sctp 80 10.0.0.1 1795201692\nopen tcp 81 10.0.0.2 17952';
    const cut = readBytes(masscanList, text, { ...LATER, cut: true });
    expect(cut.faults.map(({ line }) => line)).toEqual([3]);
    expect(cut.counts).toEqual({ records: 1, outOfScope: 0, ignored: 1 });
    expect(readBytes(masscanList, text, { ...LATER, scope: ['10.0.0.2'] }).counts.outOfScope).toBe(1);
  });
});

const GNMAP = `# Nmap 7.93 scan initiated Fri Nov 20 19:08:25 2026 as: nmap -sV -oG x 192.0.2.0/29
Host: 192.0.2.1 (vpn.kakuu.example)\tStatus: Up
Host: 192.0.2.1 (vpn.kakuu.example)\tPorts: 22/open/tcp//ssh//OpenSSH 9.2p1, Debian 2 (protocol 2.0)/, 25/filtered/tcp//smtp///, 443/open/tcp//ssl|http//nginx/, 500/open|filtered/udp//isakmp?///, 8080/closed/tcp//http-proxy///\tIgnored State: filtered (995)
# Nmap done at Fri Nov 20 19:09:25 2026 -- 8 IP addresses (1 host up) scanned in 60.00 seconds
`;

describe('nmap -oG', () => {
  it('reads ports, states and versions, whose texts may hold a comma', () => {
    expect(grepable.recognises(GNMAP)).toBe(true);
    const { observations, counts, faults } = readBytes(grepable, GNMAP, LATER);
    expect(faults).toEqual([]);
    expect(counts).toEqual({ records: 1, outOfScope: 0, ignored: 1 });
    expect(
      observations.map(({ port, status, protocol, facts }) => [
        port,
        status,
        protocol,
        facts.passive?.product,
      ]),
    ).toEqual([
      [22, 'open', 'ssh', 'OpenSSH 9.2p1, Debian 2 (protocol 2.0)'],
      [25, 'no-answer', 'unknown', undefined],
      [443, 'open', 'https', 'nginx'],
      [8080, 'closed', 'unknown', undefined],
    ]);
    expect(observations[0]).toMatchObject({
      source: 'nmap',
      observedAt: '2026-11-20T19:08:25.000Z',
      note: expect.stringContaining('time zone') as string,
      facts: { passive: { hostnames: ['vpn.kakuu.example'] } },
    });
  });

  it('never lets the hour of another zone lie after the reading', () => {
    const { observations } = readBytes(grepable, GNMAP, { collectedAt: '2026-11-20T10:09:00.000Z' });
    expect(observations[0]?.observedAt).toBe('2026-11-20T10:09:00.000Z');
  });

  it('names what is no such line', () => {
    expect(readBytes(grepable, 'Host: nowhere (x)\tPorts: 1/open/tcp', LATER).faults).toHaveLength(1);
  });
});

describe('any text', () => {
  const words = fc.constantFrom(
    'open',
    'banner',
    ' tcp ',
    ' 80 ',
    '10.0.0.1',
    ' 1795201692',
    'Host: ',
    ' ()',
    '\tPorts: ',
    '80/open/tcp//http///',
    ', ',
    '\n',
    '\\x',
    '#',
  );
  it.each([
    ['masscan -oL', masscanList],
    ['nmap -oG', grepable],
    ['masscan -oG', masscanGrepable],
  ] as const)('%s never throws, and every line is counted once', (_, format) => {
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const { counts, faults } = readBytes(format, text, LATER);
        const lines = Buffer.from(text)
          .toString()
          .split('\n')
          .filter(
            (line) =>
              line.trim() !== '' &&
              !line
                .trimEnd()
                .replace(/^\ufeff/, '')
                .startsWith('#'),
          );
        expect(counts.records + counts.ignored + counts.outOfScope + faults.length).toBe(
          lines.filter((line) => line.replace(/^\ufeff/, '').trim() !== '').length,
        );
      }),
    );
  });
});
