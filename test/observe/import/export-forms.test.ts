/** Tables, lists of devices, and what people put around the records of a tool. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpxTable, naabuTable } from '../../../src/observe/import/csv/tool-table.ts';
import { naabuList } from '../../../src/observe/import/text/naabu-list.ts';
import { nmapNormal } from '../../../src/observe/import/text/nmap-normal.ts';
import { nrich } from '../../../src/observe/import/text/nrich.ts';
import { importOf, only } from './import-of.ts';
import { readBytes } from './read-bytes.ts';

describe('tables of scanners', () => {
  it.each([
    ['Censys', 'host.ip,host.services.port,host.services.protocol\n192.0.2.1,443,HTTP\n'],
    ['OpenVAS', 'IP,Hostname,Port,CVSS,NVT Name\n192.0.2.1,a,443,5.0,x\n'],
    [
      'the web site of Shodan',
      'IP,Port,Banner,Timestamp,Hostnames\n192.0.2.1,443,"HTTP/1.1 200",2026-01-01,a\n',
    ],
  ])("%s: what was found open is nobody's list of devices", async (_name, text) => {
    await expect(importOf(text)).rejects.toThrow('table of a scanner');
    expect((await importOf(text, { as: 'ledger' })).assets[0]).toMatchObject({ range: '192.0.2.1' });
  });
});

describe('ledgers', () => {
  it.each([
    ['80/tcp・443/tcp', ['80 tcp', '443 tcp']],
    ['TCP/443 UDP/500 UDP/4500', ['443 tcp', '500 udp', '4500 udp']],
    ['HTTPS(443)、SSH (22)', ['443 -', '22 -']],
    ['443（HTTPS）', ['443 -']],
    ['TCP 443, UDP 500', ['443 tcp', '500 udp']],
    ['443(TCP) 53 UDP', ['443 tcp', '53 udp']],
    ['Gi0/1', ['undefined -']],
    ['5000-5010', ['undefined -']],
  ])('ports "%s"', async (cell, expected) => {
    const { assets } = await importOf(
      `機器名,公開IPアドレス,公開ポート,担当課\nVPN,192.0.2.6,"${cell}",広報課\n`,
    );
    expect(assets.map(({ port, transport }) => `${port} ${transport ?? '-'}`)).toEqual(expected);
    expect(assets[0]).toMatchObject({ name: 'VPN', owner: '広報課' });
  });

  it('knows the headings of clouds and of address management', async () => {
    const aws = 'Name,Instance ID,Public IPv4 address,Private IP address\nweb,i-0123,192.0.2.15,10.0.0.5\n';
    expect((await importOf(aws)).assets).toMatchObject([{ range: '192.0.2.15', name: 'web' }]);
    const netbox =
      'Address,VRF,Status,Tenant,DNS Name,Description\n192.0.2.11/24,,Active,Org,www.example.jp,web\n';
    expect((await importOf(netbox)).assets).toMatchObject([
      { range: '192.0.2.11', name: 'www.example.jp', owner: 'Org', note: 'web' },
    ]);
  });
});

describe('what somebody put around the records', () => {
  const idb = { ip: '192.0.2.9', ports: [80], cpes: [], hostnames: [], tags: [], vulns: [] };
  const scan = {
    ip: '192.0.2.9',
    timestamp: '1795201679',
    ports: [{ port: 80, proto: 'tcp', status: 'open' }],
  };
  const match = {
    templateID: 'x',
    info: { name: 'x' },
    matched: 'https://192.0.2.9:8443/',
    timestamp: '2026-03-21T01:43:31Z',
  };

  it.each([
    [
      'a list in an object',
      { meta: { by: 'x' }, results: [idb], count: 1, notes: [{ a: 1 }] },
      'internetdb',
      '80',
    ],
    ['objects by their address', { '192.0.2.9': idb }, 'internetdb', '80'],
    ['an envelope and a list', { data: { scan: [scan] } }, 'masscan', '80'],
    ['a list in an object, with keys of old releases', { findings: [match] }, 'nuclei', '8443'],
  ])('%s', async (_name, value, type, port) => {
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
      const { observations, tally } = await importOf(text);
      expect(tally).toMatchObject({ type, records: 1, broken: 0 });
      expect(`${only(observations).port}`).toBe(port);
    }
  });

  it('counts what stands among the records and is none', async () => {
    const { tally } = await importOf(JSON.stringify({ results: [idb, { ip: 'nowhere' }] }));
    expect(tally).toMatchObject({ type: 'internetdb', records: 1, broken: 1 });
  });

  it('is no failure of the program when it is nested too deep to be written again', async () => {
    const deep = `{"ip":"192.0.2.8","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const { tally } = await importOf(`{"results":[${JSON.stringify(idb)},${deep}]}`);
    expect(tally).toMatchObject({ records: 1, broken: 1 });
  });
});

describe('tables of tools that also write JSON', () => {
  it('naabu -csv', async () => {
    const text =
      'host,ip,port,protocol,tls,cdn,cdn-name,timestamp,mac_address,cpes\r\n' +
      'www.example.jp,192.0.2.13,443,tcp,true,false,,2026-01-01 09:00:00.5 +0900 JST m=+0.1,,[cpe:/a:f5:nginx]\r\n' +
      'short,192.0.2.13\r\n';
    const { observations, tally } = await importOf(text);
    expect(tally).toMatchObject({ type: 'naabu', records: 1, faults: [{ line: 3 }] });
    expect(only(observations)).toMatchObject({
      observedAt: '2026-01-01T00:00:00.500Z',
      port: 443,
      protocol: 'tls',
      facts: { passive: { cpe: ['cpe:/a:f5:nginx'], hostnames: ['www.example.jp'] } },
    });
  });

  it('httpx -csv', async () => {
    const text =
      'timestamp,port,url,input,title,webserver,host,a,tech,status_code,content_length,failed\n' +
      '2026-01-01 00:00:00 +0000 UTC,443,https://vpn.example.jp,vpn.example.jp,"Sign in, please",nginx,vpn.example.jp,[192.0.2.14],[Nginx HSTS],200,12,false\n' +
      '2026-01-01 00:00:00 +0000 UTC,443,https://gone.example.jp,gone.example.jp,,,,,,0,0,true\n';
    const { observations, tally } = await importOf(text);
    expect(tally).toMatchObject({ type: 'httpx', records: 1, ignored: 1, broken: 0 });
    expect(only(observations)).toMatchObject({
      address: '192.0.2.14',
      port: 443,
      observedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(only(observations).facts.http?.answers[0]).toMatchObject({
      status: 200,
      title: 'Sign in, please',
    });
    expect(only(observations).facts.passive?.tags).toEqual(['Nginx', 'HSTS']);
  });

  it('shodan convert with columns of the own choice, and of the time when it wrote no dates', async () => {
    const text =
      'ip_str;port;transport;product;version;http.title;http.status;hostnames;cpe\r\n' +
      '192.0.2.1;443;tcp;nginx;1.18.0;VPN;200;a.example.jp,b.example.jp;cpe:/a:f5:nginx:1.18.0\r\n';
    const { observations, tally } = await importOf(text);
    expect(tally).toMatchObject({ type: 'shodan', records: 1, broken: 0 });
    expect(only(observations)).toMatchObject({
      undated: true,
      note: expect.stringContaining('no date') as string,
      facts: {
        passive: {
          product: 'nginx',
          version: '1.18.0',
          cpe: ['cpe:/a:f5:nginx:1.18.0'],
          hostnames: ['a.example.jp', 'b.example.jp'],
        },
      },
    });
    const other = await importOf(
      'ip_str,port,transport,timestamp\n192.0.2.1,22,tcp,2026-01-02T03:04:05.678901\n',
    );
    expect(only(other.observations)).toMatchObject({ observedAt: '2026-01-02T03:04:05.678Z', port: 22 });
  });
});

describe('any text', () => {
  const part = fc.constantFrom(
    'Nmap scan report for ',
    '192.0.2.1',
    ' (vpn.example.jp)',
    '22/tcp open ssh ',
    'PORT STATE SERVICE VERSION',
    '  Ports: 80, x',
    '  CPEs: ',
    ':443',
    'host,ip,port,protocol,timestamp',
    'url,status_code,webserver,failed,timestamp',
    ',',
    '"',
    '[',
    '\r\n',
    '\n',
  );
  it.each([
    ['nmap -oN', nmapNormal],
    ['nrich', nrich],
    ['naabu', naabuList],
    ['naabu -csv', naabuTable],
    ['httpx -csv', httpxTable],
  ] as const)('%s never throws, and the chunks make no difference', (_name, format) => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(part, fc.string()), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (parts, chunk) => {
          const text = parts.join('');
          expect(readBytes(format, text, { chunk })).toEqual(readBytes(format, text));
        },
      ),
    );
  });
});
