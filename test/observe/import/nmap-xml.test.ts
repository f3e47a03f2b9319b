import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import { masscanXml } from '../../../src/observe/import/xml/masscan.ts';
import { nmapXml } from '../../../src/observe/import/xml/nmap.ts';
import { readBytes } from './read-bytes.ts';

const folder = resolve(import.meta.dirname, '../../fixtures/import');
const sample = (name: string): Buffer => readFileSync(resolve(folder, name));
const SAMPLES = readdirSync(folder).filter((name) => /^nmap-.*\.xml$/.test(name));
const LATER = { collectedAt: '2026-11-22T00:00:00.000Z' };

const run = (
  hosts: string,
  end = '<runstats><finished time="1795202154" exit="success"/></runstats></nmaprun>',
): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" start="1795202100">${hosts}${end}`;
const host = (ports: string, rest = ''): string =>
  `<host starttime="1795202126" endtime="1795202142"><status state="up"/><address addr="192.0.2.7" addrtype="ipv4"/><ports>${ports}</ports>${rest}</host>`;
const port = (number: number, inside: string, state = 'open', transport = 'tcp'): string =>
  `<port protocol="${transport}" portid="${number}"><state state="${state}" reason="syn-ack"/>${inside}</port>`;
const read = (text: string, settings = {}) => readBytes(nmapXml, text, { ...LATER, ...settings });
const only = (text: string): Observation => {
  const { observations } = read(text);
  expect(observations).toHaveLength(1);
  const [first] = observations;
  if (first === undefined) throw new Error('nothing read');
  return first;
};

describe('nmap XML', () => {
  it.each(SAMPLES.filter((name) => name !== 'nmap-malformed.xml'))(
    'knows %s by its content and reads it without a fault of its form',
    (name) => {
      const bytes = sample(name);
      expect(nmapXml.recognises(bytes.toString('latin1'))).toBe(true);
      expect(masscanXml.recognises(bytes.toString('latin1'))).toBe(false);
      const { faults } = readBytes(nmapXml, bytes, LATER);
      expect(faults.filter(({ why }) => !why.startsWith('the scan itself failed'))).toEqual([]);
    },
  );

  it.each(SAMPLES)('reads %s alike in chunks of any size', (name) => {
    const whole = readBytes(nmapXml, sample(name), LATER);
    for (const chunk of [1, 7, 4096])
      expect(readBytes(nmapXml, sample(name), { ...LATER, chunk })).toEqual(whole);
  });

  it('takes name, product, version and CPE of a probed service, and https of http inside TLS', () => {
    const { observations } = readBytes(nmapXml, sample('nmap-service-scan.xml'), LATER);
    expect(observations.map(({ port: number, protocol, status }) => [number, protocol, status])).toEqual([
      [80, 'http', 'open'],
      [443, 'https', 'open'],
    ]);
    expect(observations[0]?.facts.passive).toEqual({
      product: 'nginx',
      cpe: ['cpe:/a:igor_sysoev:nginx'],
      vulns: [],
      tags: [],
      hostnames: ['example.com', 'static.86.161.13.49.clients.your-server.de'],
      module: 'http',
    });
    expect(observations[0]).toMatchObject({
      source: 'nmap',
      file: 'given.csv',
      observedAt: '2025-09-04T14:08:10.000Z',
    });
    expect(Buffer.from(observations[0]?.evidence[0]?.received ?? '', 'base64').toString()).toContain(
      '<service name="http" product="nginx"',
    );
  });

  it('believes what a service said before the name that a script left standing', () => {
    const service = `<service name="https-alt" tunnel="ssl" method="probed" servicefp="SF:V=7.93%r(GetRequest,9,&quot;HTTP/1\\.1\\x20401\\x20No\\r\\n\\r\\n&lt;title&gt;Door&lt;/title&gt;&quot;);"/>`;
    const { protocol, facts } = only(run(host(port(8443, service))));
    expect(protocol).toBe('https');
    expect(facts.http?.answers[0]).toMatchObject({ status: 401, title: 'Door' });
  });

  it('does not believe the name of the port table', () => {
    expect(only(run(host(port(443, '<service name="https" method="table" conf="3"/>')))).protocol).toBe(
      'unknown',
    );
  });

  it('reads the words of a service from a banner, and the recorded answer of one that was not recognised', () => {
    const { observations } = readBytes(nmapXml, sample('nmap-loopback-scripts.xml'), LATER);
    expect(observations.find(({ port: number }) => number === 2222)?.facts.ssh?.banner).toBe(
      'SSH-2.0-OpenSSH_7.4',
    );
    const percent = observations.find(({ port: number }) => number === 54322);
    expect(percent?.facts.greeting).toEqual({ protocol: 'ftp', text: '220 ftp ready, 40 percent load' });
    const web = only(sample('nmap-loopback-taskprogress.xml').toString());
    expect(web.protocol).toBe('http');
    expect(web.facts.http?.answers[0]).toMatchObject({
      status: 200,
      body: expect.stringContaining('é中') as string,
    });
  });

  it('counts hosts that are down as ignored, and reads the others', () => {
    const { counts, observations } = readBytes(nmapXml, sample('nmap-local-network-verbose.xml'), LATER);
    expect(counts).toEqual({ records: 5, outOfScope: 0, ignored: 246 });
    expect(new Set(observations.map(({ address }) => address)).size).toBe(5);
  });

  it('tells closed from filtered, and says nothing of what may be either', () => {
    const { observations, counts } = read(
      run(
        host(
          port(1, '', 'closed') +
            port(2, '', 'filtered') +
            port(3, '', 'open|filtered', 'udp') +
            port(4, '', 'open', 'sctp') +
            '<port protocol="tcp" portid="5"><state state="filtered" reason="admin-prohibited"/></port><extraports state="closed" count="9"/>',
        ) + host(port(500, '', 'open|filtered', 'udp')),
      ),
    );
    expect(observations.map(({ port: number, status }) => [number, status])).toEqual([
      [1, 'closed'],
      [2, 'no-answer'],
      [5, 'unreachable'],
    ]);
    expect(counts).toEqual({ records: 1, outOfScope: 0, ignored: 1 });
  });

  it('says that a scan failed although its file is whole', () => {
    const { faults, observations } = readBytes(nmapXml, sample('nmap-exit-error.xml'), LATER);
    expect(observations).toEqual([]);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.why).toMatch(/^the scan itself failed.*did not match a category/);
  });

  it('leaves out what lies outside the scope, and an IPv4-mapped address is its IPv4 address', () => {
    const mapped = host(port(22, '')).replace('192.0.2.7', '::ffff:192.0.2.9').replace('"ipv4"', '"ipv6"');
    const { counts, observations } = read(run(host(port(22, '')) + mapped), { scope: ['192.0.2.9'] });
    expect(counts).toMatchObject({ records: 1, outOfScope: 1 });
    expect(observations[0]?.address).toBe('192.0.2.9');
  });

  it('keeps what stands before the place where a file is cut', () => {
    const bytes = sample('nmap-service-scan.xml');
    const whole = readBytes(nmapXml, bytes, LATER).observations.map(({ id }) => id);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        const cut = readBytes(nmapXml, bytes.subarray(0, length), { ...LATER, cut: true });
        expect(cut.faults).toEqual([]);
        expect(whole.slice(0, cut.observations.length)).toEqual(cut.observations.map(({ id }) => id));
      }),
      { numRuns: 60 },
    );
    const upToFirst = bytes.subarray(0, bytes.indexOf('</port>') + 7);
    expect(readBytes(nmapXml, upToFirst, { ...LATER, cut: true }).observations).toHaveLength(1);
  });

  it('tells whether the file was closed', () => {
    const open = (text: string): boolean | undefined => {
      const none = (): undefined => undefined;
      const reader = nmapXml.open(
        {
          file: 'x',
          vantage: 'v',
          collectedAt: LATER.collectedAt,
          observedAt: LATER.collectedAt,
          accepts: () => true,
          columns: undefined,
          encoding: 'auto',
        },
        {
          observation: none,
          asset: none,
          keep: none,
          record: none,
          outOfScope: none,
          ignored: none,
          fault: none,
        },
      );
      reader.push(Buffer.from(text));
      reader.end(false);
      return reader.unfinished;
    };
    expect(open(run(''))).toBe(false);
    expect(open(run(host(port(22, '')), ''))).toBe(true);
  });

  it('reads several documents behind each other, and Latin-1', () => {
    expect(
      read(run(host(port(22, ''))) + run(host(port(23, '')))).observations.map(({ port: number }) => number),
    ).toEqual([22, 23]);
    const latin = Buffer.from(
      run(host(port(80, '<service name="http" product="Caf\u00e9" method="probed"/>'))).replace(
        'UTF-8',
        'iso-8859-1',
      ),
      'latin1',
    );
    expect(readBytes(nmapXml, latin, LATER).observations[0]?.facts.passive?.product).toBe('Café');
  });

  it('takes the date of the host, of the run, or of the file, and none that is still to come', () => {
    const [dated, undated] = [
      host(port(22, '')),
      host(port(22, '')).replace(/ (?:start|end)time="\d+"/g, ''),
    ];
    expect(only(run(dated)).observedAt).toBe('2026-11-20T19:15:42.000Z');
    expect(only(run(undated)).observedAt).toBe('2026-11-20T19:15:00.000Z');
    expect(only(run(undated).replace('start="1795202100"', '')).observedAt).toBe('2026-11-19T00:00:00.000Z');
    expect(
      only(
        run(dated)
          .replaceAll(/time="\d+"/g, 'time="4000000000"')
          .replace('start="1795202100"', ''),
      ).observedAt,
    ).toBe('2026-11-19T00:00:00.000Z');
  });
});

describe('hostile XML', () => {
  it('reads no entity that the document declares', () => {
    const bomb = `<!DOCTYPE nmaprun [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><nmaprun scanner="nmap">${host(port(22, '<service name="ssh" product="&b;" method="probed"/>'))}</nmaprun>`;
    const { faults, observations } = read(bomb);
    expect(faults[0]?.why).toContain('declares entities');
    expect(observations[0]?.facts.passive?.product).toBe('&b;');
  });

  it('stops at elements without end and at text without tags', () => {
    expect(read(`<nmaprun>${'<host>'.repeat(100)}`).faults[0]?.why).toContain('nested deeper');
    expect(read(`<nmaprun><host a="${'x'.repeat(9_000_000)}"/>`).faults[0]?.why).toContain('without a tag');
  });

  it('names a host without an address, a wrong root, and what is no XML', () => {
    expect(read(run('<host><status state="up"/></host>')).faults[0]?.why).toBe(
      'a host without an IP address',
    );
    expect(read('<html><body>502</body></html>').faults[0]?.why).toContain('<html>');
    expect(readBytes(nmapXml, sample('nmap-malformed.xml'), LATER).faults.length).toBeGreaterThan(0);
  });

  it('counts a broken host as a fault and goes on with the next', () => {
    const { faults, counts, observations } = read(
      run(host(port(22, '').replace('</port>', '')) + host(port(23, ''))),
    );
    expect(faults).toHaveLength(1);
    expect(counts.records).toBe(1);
    expect(observations.map(({ port: number }) => number)).toEqual([23]);
  });

  it('holds the ports of one host in bounds', () => {
    const many = Array.from({ length: 3000 }, (_, i) => port(i + 1, '')).join('');
    const { observations, counts } = read(run(host(many)));
    expect(observations).toHaveLength(3000);
    expect(counts.records).toBe(1);
  });

  it('is not led astray by names of the language', () => {
    const { observations } = read(
      run(
        host(
          port(
            22,
            '<service name="__proto__" product="constructor" method="probed" __proto__="x"/><script id="__proto__" output="y"/>',
          ),
        ),
      ),
    );
    expect(observations[0]?.protocol).toBe('unknown');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('never throws, whatever the bytes', () => {
    const pieces = fc.constantFrom(
      '<nmaprun>',
      '<host>',
      '</host>',
      '<ports>',
      '</ports>',
      '<port protocol="tcp" portid="1">',
      '</port>',
      '<state state="open"/>',
      '&',
      '<!--',
      '-->',
      '<![CDATA[',
      '<address addr="1.2.3.4" addrtype="ipv4"/>',
      '<?x',
      '<!DOCTYPE',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string()), { maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        (parts, chunk) => {
          read(parts.join(''), { chunk });
          read(`<nmaprun>${parts.join('')}`, { chunk });
        },
      ),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void readBytes(nmapXml, bytes, LATER)),
    );
  });
});
