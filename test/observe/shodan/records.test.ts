import { describe, expect, it } from 'vitest';
import { parseRange, rangeContains, type Address } from '../../../src/lib/address.ts';
import { Observation } from '../../../src/model/observation.ts';
import { bare, context, host, matches, type AnyHost } from './reading.ts';
import { fixture } from './setting.ts';

describe('a host answer of January 2026', () => {
  const { observations, outOfScope, unreadable } = host(fixture('host-eight-services.json'));
  const at = (port: number): Observation => {
    const found = observations.find((observation) => observation.port === port);
    if (found === undefined) throw new Error(`no observation on port ${port}`);
    return found;
  };

  it('gives one valid observation per service', () => {
    expect(observations.map(({ port }) => port).toSorted((a, b) => a - b)).toEqual([
      22, 80, 3306, 8080, 8123, 8443, 9000, 9001,
    ]);
    for (const observation of observations) expect(() => Observation.parse(observation)).not.toThrow();
    expect([outOfScope, unreadable]).toEqual([0, 0]);
  });

  it('dates each by its own timestamp, read as UTC', () => {
    expect(at(22).observedAt).toBe('2026-01-01T19:18:36.521Z');
    expect(at(22).collectedAt).toBe(context.collectedAt);
    expect(at(22).id).toBe('shodan/198.18.1.21/22/tcp/banner/20260101T191836521Z');
  });

  it('reads SSH: banner, algorithms, host key', () => {
    const { ssh, passive } = at(22).facts;
    expect(at(22).protocol).toBe('ssh');
    expect(ssh).toMatchObject({
      banner: 'SSH-2.0-OpenSSH_7.6p1 Ubuntu-4ubuntu0.7',
      software: 'OpenSSH_7.6p1',
    });
    expect(ssh?.kex?.mac).toContain('hmac-sha1');
    expect(ssh?.hostKeys[0]).toMatchObject({ type: 'ssh-rsa', bits: 2048 });
    expect(passive).toMatchObject({
      product: 'OpenSSH',
      cpe: ['cpe:2.3:a:openbsd:openssh:7.6p1', 'cpe:2.3:o:canonical:ubuntu_linux'],
      module: 'ssh',
    });
  });

  it('reads a web page: status, headers in order, title, body', () => {
    const [answer] = at(80).facts.http?.answers ?? [];
    expect(at(80).protocol).toBe('http');
    expect(answer).toMatchObject({
      status: 404,
      title: '404 Not Found',
      path: '/',
      method: 'GET',
      truncated: false,
    });
    expect(answer?.headers[0]).toEqual(['Date', 'Mon, 22 Dec 2025 07:53:16 GMT']);
    expect(answer?.body).toContain('<!DOCTYPE html>');
  });

  it('takes the title from the page where Shodan has mangled it', () => {
    expect(at(8443).facts.http?.answers[0]?.title).toBe('HTTP Status 404 – Not Found');
  });

  it('reads TLS and the whole serial number, which JSON cannot carry', () => {
    const { tls } = at(8443).facts;
    expect(at(8443).protocol).toBe('https');
    expect(tls).toMatchObject({
      handshake: 'complete',
      version: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      versions: [],
    });
    expect(tls?.certificates[0]).toMatchObject({
      serial: 'DA829A181B4C6CBE',
      subject: 'C=CN, ST=BJ, L=BJ, O=cas, OU=cas, CN=cas.example',
      names: ['cas.example', '*.cas.example', '198.18.1.21'],
      keyType: 'rsa',
      keyBits: 2048,
      selfSigned: true,
      notBefore: '2026-11-20T21:27:29.000Z',
    });
  });

  it('reads MySQL with its unverified names', () => {
    const { greeting, passive } = at(3306).facts;
    expect(at(3306).protocol).toBe('mysql');
    expect(greeting).toMatchObject({ protocol: 'mysql', version: '8.0.33' });
    expect(passive?.vulns).toHaveLength(5);
    expect(passive?.vulns.every(({ verified }) => !verified)).toBe(true);
    expect(passive?.tags).toEqual(['database']);
  });

  it('keeps the record as evidence', () => {
    const { evidence } = at(22);
    expect(evidence[0]).toMatchObject({ label: 'shodan record', sent: '', truncated: false });
    const record = JSON.parse(Buffer.from(evidence[0]?.received ?? '', 'base64').toString()) as {
      port: number;
    };
    expect(record.port).toBe(22);
  });
});

describe('other real records', () => {
  it('keeps ports without a record as places without facts', () => {
    const { observations } = host(fixture('host-no-banners.json'));
    expect(observations.map(({ port }) => port)).toEqual([80, 443, 179]);
    expect(observations[0]).toMatchObject({
      transport: 'unknown',
      probe: 'port-list',
      facts: {},
      evidence: [],
      observedAt: '2021-03-15T11:44:54.025Z',
    });
    expect(observations[0]?.note).toContain('without a record');
  });

  it('tells tcp and udp of one port apart, and does not list it a third time', () => {
    const { observations } = host(fixture('host-two-transports.json'));
    const dns = observations.filter(({ port }) => port === 53);
    expect(dns.map(({ transport, protocol }) => `${transport} ${protocol}`).toSorted()).toEqual([
      'tcp dns',
      'udp dns',
    ]);
  });

  it('keeps the redirect on the way as an answer of its own', () => {
    const { observations } = host(fixture('host-two-transports.json'));
    const { http, tls } = observations.find(({ port }) => port === 443)?.facts ?? {};
    expect(http?.answers.map(({ status }) => status)).toEqual([302, 200]);
    expect(http?.answers[0]?.location).toBe('https://dns.google/');
    expect(tls?.certificates.length).toBeGreaterThan(1);
    expect(tls?.sni).toBe('host9.example');
    expect(tls?.versions).toContainEqual({ version: 'TLSv1', accepted: false });
    expect(tls?.versions).toContainEqual({ version: 'TLSv1.3', accepted: true });
  });

  it('reads FTP, an HTTP record without any answer, and IKE of 2018', () => {
    const { observations } = matches(fixture('banners-2018.json') as unknown[]);
    const [ftp, http, ike] = observations;
    expect(ftp).toMatchObject({ protocol: 'ftp', transport: 'tcp' });
    expect(ftp?.facts.greeting?.capabilities).toContain('MLST');
    expect(http?.facts.http).toBeUndefined();
    expect(ike).toMatchObject({ protocol: 'ike', transport: 'udp', facts: { passive: { tags: ['vpn'] } } });
  });

  it('reads the page out of `data` in records of 2019', () => {
    const { observations } = matches((fixture('search-2019.json') as { matches: unknown[] }).matches);
    expect(observations[0]?.facts.http?.answers[0]).toMatchObject({ status: 200, title: '登陆' });
    expect(observations[0]?.facts.http?.answers[0]?.headers[0]).toEqual(['Server', 'nginx']);
  });

  it('reads SMB', () => {
    const { observations } = matches((fixture('search-smb.json') as { matches: unknown[] }).matches);
    expect(observations[0]).toMatchObject({ protocol: 'smb', facts: { passive: { product: 'Samba' } } });
    expect(observations[0]?.facts.greeting?.text).toContain('Authentication: disabled');
  });

  it('reads an authentication header', () => {
    const { observations } = matches(fixture('banners-goahead.json') as unknown[]);
    const headers = observations[0]?.facts.http?.answers[0]?.headers ?? [];
    expect(headers.map(([name]) => name)).toContain('WWW-Authenticate');
  });
});

describe('addresses, dates, scope', () => {
  it.each([
    [{ ip_str: '198.18.1.1' }, '198.18.1.1'],
    [{ ip_str: undefined, ip: 3323068673 }, '198.18.1.1'],
    [{ ip_str: undefined, ipv6: '2001:DB8:0::1' }, '2001:db8::1'],
    [{ ip_str: undefined, ip: '2001:db8::1' }, '2001:db8::1'],
    [{ ip_str: '::ffff:198.18.1.1' }, '198.18.1.1'],
  ])('finds the address of %j', (more, address) => {
    expect(matches([bare(more)]).observations[0]?.address).toBe(address);
  });

  it.each([
    [{ ip_str: undefined }],
    [{ ip_str: '198.18.1.1/24' }],
    [{ port: 70_000 }],
    [{ port: '443' }],
    [{ timestamp: undefined }],
    [{ timestamp: 'yesterday' }],
    [{ timestamp: '2026-13-01T00:00:00' }],
    [{ timestamp: '2031-01-01T00:00:00' }],
  ])('counts %j as unreadable', (more) => {
    expect(matches([bare(more)])).toEqual({ observations: [], outOfScope: 0, unreadable: 1 });
  });

  it('reads a date without a fraction', () => {
    expect(matches([bare({ timestamp: '2026-01-01T00:00:00' })]).observations[0]?.observedAt).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });

  it('counts and drops addresses outside the scope', () => {
    const range = parseRange('198.18.1.0/28');
    const accepts = (address: Address): boolean => rangeContains(range, address);
    const records = [bare({}), bare({ ip_str: '198.18.1.200' }), bare({ ip_str: '8.8.8.8' })];
    const readings = matches(records, { accepts });
    expect(readings.observations).toHaveLength(1);
    expect(readings.outOfScope).toBe(2);
  });
});

describe('history', () => {
  const value = fixture('host-eight-services.json') as AnyHost;
  const old = (year: number) => ({
    ...value.data.find((record) => record['port'] === 80),
    timestamp: `${year}-06-01T00:00:00`,
    http: { status: 200, html: 'x'.repeat(100_000) },
  });

  it('keeps the newest as the current one and older ones shortened, as history', () => {
    const many = { ...value, data: [old(2019), ...value.data, old(2021)] };
    const at80 = host(many, true).observations.filter(({ port }) => port === 80);
    expect(at80.map(({ probe, observedAt }) => `${probe} ${observedAt.slice(0, 4)}`)).toEqual([
      'banner 2025',
      'history 2021',
      'history 2019',
    ]);
    expect(at80[1]?.facts.http?.answers[0]).toMatchObject({ truncated: true, bodyBytes: 100_000 });
    expect(JSON.stringify(at80[1]).length).toBeLessThan(30_000);
    expect(host(many, false).observations.filter(({ port }) => port === 80)).toHaveLength(1);
  });

  it('keeps at most fifty per port', () => {
    const many = { ...value, data: Array.from({ length: 90 }, (_, i) => old(1930 + i)) };
    const at80 = host(many, true).observations.filter(({ port }) => port === 80);
    expect(at80).toHaveLength(50);
    expect(new Set(at80.map(({ id }) => id)).size).toBe(50);
    expect(at80[0]?.observedAt.slice(0, 4)).toBe('2019');
  });

  it('bounds the evidence and says so', () => {
    const { observations } = matches([bare({ data: 'A'.repeat(200_000) })]);
    const [evidence] = observations[0]?.evidence ?? [];
    expect(evidence?.truncated).toBe(true);
    expect(Buffer.from(evidence?.received ?? '', 'base64')).toHaveLength(64 * 1024);
    expect(evidence?.receivedBytes).toBeGreaterThan(200_000);
  });
});
