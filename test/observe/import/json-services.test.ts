/** What Shodan, InternetDB and Censys tell. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIXTURES, evidenceOf, importFixture, importOf, lines, only, within } from './import-of.ts';

describe('shodan', () => {
  const banner = {
    ip_str: '192.0.2.1',
    port: 22,
    timestamp: '2026-11-01T10:00:00.123456',
    transport: 'tcp',
    data: 'SSH-2.0-OpenSSH_9.6',
  };

  it('reads banners as those that the service gives', async () => {
    const { observations, vantage, source } = await importFixture('export_goahead_4lines.json');
    expect([vantage, source]).toEqual(['shodan', 'shodan']);
    expect(observations[0]).toMatchObject({
      address: '198.18.1.50',
      port: 2067,
      transport: 'tcp',
      probe: 'banner',
      protocol: 'http',
      vantage: 'shodan',
      file: 'export_goahead_4lines.json',
      observedAt: '2026-03-15T22:57:45.950Z',
    });
    expect(observations[0]?.facts.http?.answers[0]).toMatchObject({
      status: 401,
      title: 'Document Error: Unauthorized',
    });
    const [line] = readFileSync(join(FIXTURES, 'export_goahead_4lines.json'), 'utf8').split('\n');
    expect(evidenceOf(observations[0])).toBe(line);
  });

  it('keeps the raw text of a record within a host and within a search', async () => {
    const serial = '"serial":123456789012345678901234567890';
    const record = `{"port":443,"timestamp":"2026-11-01T10:00:00","data":"x",${serial}}`;
    const host = `{"ip_str":"192.0.2.1","country_code":"JP","ports":[443,8443,8443],"last_update":"2026-11-01T10:00:00","data":[${record}]}`;
    const read = await importOf(host);
    expect(read.tally).toMatchObject({ records: 2, observations: 2, broken: 0 });
    expect(read.observations.map(({ port, probe }) => `${port} ${probe}`)).toEqual([
      '443 banner',
      '8443 port-list',
    ]);
    expect(evidenceOf(read.observations[0])).toBe(record);
    const found = record.replace('{', '{"ip_str":"192.0.2.1",');
    const search = await importOf(`{"matches": [${found}], "total": 1}`);
    expect(evidenceOf(only(search.observations))).toBe(found);
  });

  it('tells the newest record of a place in a host with history', async () => {
    const dates = ['2026-09-01T00:00:00', '2026-11-01T00:00:00', '2026-10-01T00:00:00'];
    const data = dates.map((timestamp) => ({ ...banner, timestamp }));
    const host = { ip_str: '192.0.2.1', ports: [22], last_update: '2026-11-01T00:00:00', data };
    const read = await importOf(JSON.stringify(host, undefined, 2));
    expect(read.observations.map(({ probe, observedAt }) => `${probe} ${observedAt.slice(0, 10)}`)).toEqual([
      'banner 2026-11-01',
      'history 2026-10-01',
      'history 2026-09-01',
    ]);
    expect(read.tally.records).toBe(3);
  });

  it('takes several hosts, or several searches, in one list', async () => {
    const bare = { ...banner, ip_str: undefined };
    const host = (end: number): unknown => ({
      ip_str: `192.0.2.${end}`,
      ports: [22],
      last_update: '2026-11-01T00:00:00',
      data: [bare],
    });
    const hosts = await importOf(JSON.stringify([host(1), host(2)]));
    expect(hosts.tally).toMatchObject({ records: 2, addresses: 2, broken: 0 });
    const searches = [banner, { ...banner, port: 23 }].map((one) => ({ matches: [one], total: 1 }));
    expect((await importOf(JSON.stringify(searches))).tally.records).toBe(2);
    const bareList = await importOf(JSON.stringify({ data: [banner, { ...banner, port: 23 }] }));
    expect(bareList.tally).toMatchObject({ type: 'shodan', records: 2, broken: 0 });
    const none = await importOf('{"matches": [], "total": 0}');
    expect(none.tally).toMatchObject({ type: 'shodan', records: 0, broken: 0 });
  });

  it('tells two records of one moment apart', async () => {
    const named = { ...banner, hostnames: ['b.example.jp'] };
    expect((await importOf(lines(banner, named, banner))).observations.length).toBe(2);
  });

  it('leaves out the rest of the world before anything else, and names what a record lacks', async () => {
    const { port: _port, ...portless } = banner;
    const { timestamp: _time, ...timeless } = banner;
    const { ip_str: _ip, ...homeless } = banner;
    const elsewhere = { ...portless, ip_str: '198.51.100.1' };
    const numbered = { ...homeless, ip: 0xc000_0201 };
    const text = lines(banner, elsewhere, portless, timeless, homeless, numbered, {
      ...homeless,
      ipv6: '2001:db8::1',
    });
    const { tally } = await importOf(text, { accepts: within('192.0.2.0/24') });
    expect(tally).toMatchObject({ records: 2, outOfScope: 2, broken: 3 });
    expect(tally.faults.map(({ line, why }) => `${line} ${why}`)).toEqual([
      '3 this Shodan record has no usable port',
      '4 this Shodan record has no date (timestamp)',
      '5 this Shodan record has no address (ip_str, ipv6 or ip)',
    ]);
  });
});

describe('internetdb', () => {
  it('dates the data by the file, says so, and knows no transport', async () => {
    const observedAt = '2024-01-05T00:00:00.000Z';
    const { observations, vantage } = await importFixture('internetdb_198.18.1.52_2024-01.json', {
      observedAt,
    });
    expect(vantage).toBe('internetdb');
    expect(observations.map(({ port }) => port)).toEqual([22, 80, 443, 3306, 8081, 8090]);
    expect(observations[0]).toMatchObject({ transport: 'unknown', observedAt, probe: 'port-list' });
    expect(observations[0]?.note).toContain('no date');
    expect(observations[0]?.facts.passive?.vulns.length).toBe(134);
  });

  it('counts addresses of which nothing is known, and takes nothing else', async () => {
    const known = { ip: '192.0.2.1', ports: [80], cpes: [], hostnames: [], tags: [], vulns: [] };
    const text = lines(
      known,
      { detail: 'No information available' },
      { ...known, ports: [] },
      { ...known, ip: 'x' },
    );
    expect((await importOf(text)).tally).toMatchObject({
      type: 'internetdb',
      records: 1,
      ignored: 2,
      broken: 1,
    });
  });
});

describe('censys', () => {
  const web = {
    port: 443,
    service_name: 'HTTP',
    extended_service_name: 'HTTPS',
    transport_protocol: 'TCP',
    observed_at: '2026-10-01T01:02:03.123456789Z',
    software: [
      {
        product: 'nginx',
        version: '1.25',
        uniform_resource_identifier: 'cpe:2.3:a:f5:nginx:1.25',
        part: 'a',
      },
    ],
    http: {
      request: { method: 'GET', uri: 'https://192.0.2.1/' },
      response: {
        status_code: 200,
        headers: { Server: ['nginx'], _encoding: { Server: 'DISPLAY_UTF8' } },
        body: '<title>Hi</title>',
        body_size: 17,
        favicons: [{ name: 'https://192.0.2.1/favicon.ico', size: 10, shodan_hash: 99 }],
      },
    },
    tls: {
      version_selected: 'TLSv1_3',
      cipher_selected: 'TLS_Z',
      certificates: {
        leaf_fp_sha_256: 'CD',
        leaf_data: {
          names: ['a.example.jp'],
          subject_dn: 'CN=a.example.jp',
          issuer_dn: 'CN=CA',
          pubkey_bit_size: 2048,
          pubkey_algorithm: 'RSA',
        },
      },
    },
  };
  const ike = {
    port: 500,
    service_name: 'IKE',
    transport_protocol: 'UDP',
    observed_at: '2026-10-02T00:00:00Z',
  };
  const host = {
    ip: '192.0.2.1',
    services: [web, ike],
    dns: { names: ['a.example.jp'] },
    last_updated_at: '2026-10-03T00:00:00Z',
  };

  it.each([
    ['alone', host],
    ['as the API gives it', { code: 200, status: 'OK', result: host }],
    ['as a hit of a search', { code: 200, result: { total: 1, hits: [host] } }],
  ])('reads a host of Search 2.0 %s', async (_name, value) => {
    const read = await importOf(JSON.stringify(value, undefined, 1));
    expect(read.tally).toMatchObject({ type: 'censys', records: 2, broken: 0 });
    expect([read.vantage, read.source]).toEqual(['censys', 'censys']);
    const [first, second] = read.observations;
    expect(first).toMatchObject({
      port: 443,
      protocol: 'https',
      vantage: 'censys',
      observedAt: '2026-10-01T01:02:03.123Z',
    });
    expect(first?.facts.http).toMatchObject({
      favicon: { mmh3: 99, path: '/favicon.ico' },
      answers: [{ title: 'Hi', headers: [['Server', 'nginx']] }],
    });
    expect(first?.facts.tls).toMatchObject({
      version: 'TLSv1.3',
      certificates: [{ sha256: 'cd', keyBits: 2048, keyType: 'rsa' }],
    });
    expect(first?.facts.passive).toMatchObject({
      product: 'nginx',
      version: '1.25',
      cpe: ['cpe:2.3:a:f5:nginx:1.25'],
      hostnames: ['a.example.jp'],
    });
    expect(second).toMatchObject({ port: 500, transport: 'udp', protocol: 'ike' });
  });

  const platform = {
    ip: '192.0.2.1',
    services: [
      {
        port: 8443,
        protocol: 'HTTP',
        transport_protocol: 'tcp',
        scan_time: '2026-11-01T00:00:00Z',
        tls: { version_selected: 'tls1_2', cipher_selected: 'TLS_Q', fingerprint_sha256: 'ef' },
        cert: {
          fingerprint_sha256: 'ef',
          names: ['b.example.jp'],
          parsed: {
            subject_dn: 'CN=b',
            issuer_dn: 'CN=b',
            validity_period: { not_before: '2026-01-01T00:00:00Z', not_after: '2027-01-01T00:00:00Z' },
            signature: { self_signed: true },
          },
        },
        endpoints: [
          {
            path: '/login',
            http: {
              status_code: 302,
              headers: { Location: { headers: ['/home'] } },
              html_title: 'Sign in',
              favicons: [{ hash_shodan: -5 }],
            },
          },
        ],
        vulns: [{ id: 'CVE-2024-1111' }],
        labels: [{ value: 'LOGIN_PAGE' }],
      },
      { port: 22, protocol: 'SSH', transport_protocol: 'tcp', banner: 'SSH-2.0-OpenSSH_9.6\r\n' },
    ],
  };

  it.each([
    ['alone', { host: platform }],
    ['as the API gives it', { result: { resource: platform } }],
    ['as a hit of a search', { result: { hits: [{ host_v1: { resource: platform } }] } }],
  ])('reads a host of the Platform %s', async (_name, value) => {
    const read = await importOf(JSON.stringify(value), { observedAt: '2026-11-05T00:00:00.000Z' });
    const [first, second] = read.observations;
    expect(first).toMatchObject({ port: 8443, protocol: 'https' });
    expect(first?.facts.tls).toMatchObject({
      version: 'TLSv1.2',
      certificates: [{ selfSigned: true, names: ['b.example.jp'] }],
    });
    expect(first?.facts.http).toMatchObject({
      favicon: { mmh3: -5 },
      answers: [{ path: '/login', status: 302, location: '/home', title: 'Sign in' }],
    });
    expect(first?.facts.passive).toMatchObject({
      vulns: [{ cve: 'CVE-2024-1111', verified: false }],
      tags: ['LOGIN_PAGE'],
    });
    expect(second).toMatchObject({
      protocol: 'ssh',
      observedAt: '2026-11-05T00:00:00.000Z',
      facts: { ssh: { software: 'OpenSSH_9.6' } },
    });
    expect(second?.note).toContain('no date');
  });

  it('counts what is no host, and hosts of others', async () => {
    const text = lines(
      host,
      { ...host, ip: '198.51.100.1' },
      { ...host, services: [] },
      { webproperty_v1: {} },
      { other: 1 },
    );
    const { tally } = await importOf(text, { accepts: within('192.0.2.0/24') });
    expect(tally).toMatchObject({ records: 2, outOfScope: 2, ignored: 2, broken: 1 });
  });
});
