/** What scanners write as JSON. */
import { describe, expect, it } from 'vitest';
import { evidenceOf, importFixture, importOf, lines, only, within } from './import-of.ts';

describe('masscan', () => {
  it('reads its banners with the parsers of the own probes', async () => {
    const { observations } = await importFixture('masscan-banners.json');
    const banners = observations.filter(({ probe }) => probe === 'banner');
    expect(banners.map(({ port, protocol }) => `${port} ${protocol}`)).toEqual([
      '22 ssh',
      '21 ftp',
      '5900 vnc',
      '23 telnet',
    ]);
    expect(banners[0]?.facts.ssh?.software).toBe('OpenSSH_8.9p1');
    const ports = observations.filter(({ probe }) => probe === 'port');
    expect(ports.map(({ facts }) => facts)).toEqual([{}, {}, {}, {}, {}]);
  });

  it('takes no closed port for a door', async () => {
    const common = { ip: '192.0.2.1', timestamp: '1795201679' };
    const port = (status: string): unknown => ({ ...common, ports: [{ port: 80, proto: 'tcp', status }] });
    expect((await importOf(lines(port('closed'), port('open')))).tally).toMatchObject({
      records: 1,
      ignored: 1,
    });
    const line = (status: string): unknown => ({
      ...common,
      port: 53,
      proto: 'udp',
      rec_type: 'status',
      data: { status },
    });
    const read = await importOf(lines(line('closed'), line('open')));
    expect(read.tally).toMatchObject({ records: 1, ignored: 1 });
    expect(only(read.observations)).toMatchObject({ transport: 'udp', port: 53, source: 'masscan' });
  });
});

describe('naabu', () => {
  it('takes product and version of -sV, and a name only when the service was asked', async () => {
    const { observations } = await importFixture('naabu.jsonl', { vantage: 'office' });
    expect(observations.at(-1)).toMatchObject({
      protocol: 'ssh',
      vantage: 'office',
      facts: { passive: { product: 'OpenSSH', version: '10.0p2 Debian 5' } },
    });
    expect(observations[2]).toMatchObject({
      port: 443,
      protocol: 'unknown',
      facts: { passive: { hostnames: ['yahoo.co.jp'] } },
    });
    const table = { ip: '192.0.2.1', port: 22, protocol: 'tcp', name: 'ssh', method: 'table' };
    expect(only((await importOf(lines(table))).observations).protocol).toBe('unknown');
  });

  it('reads the port of version 2.1, and an address in the place of a host', async () => {
    const old = { host: '192.0.2.1', port: { Port: 8443, Protocol: 0, TLS: false } };
    const read = await importOf(lines(old));
    expect(only(read.observations)).toMatchObject({ address: '192.0.2.1', port: 8443, transport: 'tcp' });
    const nameless = await importOf(lines({ host: 'www.example.jp', port: 80 }));
    expect(nameless.tally).toMatchObject({ broken: 1, observations: 0 });
  });
});

describe('httpx', () => {
  it('makes web answers of which products can be told', async () => {
    const { observations } = await importFixture('httpx.jsonl');
    expect(observations[0]?.facts.http?.answers[0]).toMatchObject({
      path: '/cgi-bin/',
      status: 403,
      title: '403 Forbidden',
      headers: [
        ['Server', 'Apache/2.4.65 (Debian)'],
        ['Content-Type', 'text/html'],
      ],
      bodyBytes: 273,
      truncated: true,
    });
    expect(observations[1]).toMatchObject({
      address: '2400:cb00:2049:1::a29f:11f',
      observedAt: '2026-04-14T15:47:43.074Z',
    });
    expect(observations[1]?.facts.http?.answers[0]?.location).toBe('https://b.ns.hackerone.com/');
    expect(observations[1]?.facts.passive?.tags).toEqual(['cdn', 'Cloudflare']);
  });

  it('takes the own IPv4 address of a name that answered over IPv6, and says so', async () => {
    const { tally, observations } = await importFixture('httpx.jsonl', { accepts: within('162.159.0.0/16') });
    expect(tally).toMatchObject({ records: 1, outOfScope: 2 });
    expect(only(observations)).toMatchObject({ address: '162.159.1.31', port: 80 });
    expect(only(observations).note).toContain('was not asked itself');
  });

  it('reads the hyphens of old releases, TLS, favicon and headers, and leaves out failures', async () => {
    const old = {
      timestamp: '2021-09-01T09:00:00+09:00',
      url: 'https://www.example.jp:8443/a?b=1',
      host: '192.0.2.1',
      port: '8443',
      'status-code': 200,
      'content-length': 5,
      'tls-grab': {
        tls_version: 'tls12',
        cipher: 'TLS_X',
        subject_dn: 'CN=www.example.jp',
        issuer_dn: 'CN=CA',
        fingerprint_hash: { sha256: 'AB'.repeat(32) },
      },
      'response-body': '<title>Log in</title>',
      favicon: '-1234',
      header: { server: 'nginx', set_cookie: 'a=1' },
      request: 'GET / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n',
    };
    const read = await importOf(
      lines(old, { ...old, failed: true }, { url: 'http://gone.example.jp', failed: true }),
    );
    expect(read.tally).toMatchObject({ type: 'httpx', records: 1, ignored: 2, broken: 0 });
    const one = only(read.observations);
    expect(one).toMatchObject({ port: 8443, protocol: 'https', observedAt: '2021-09-01T00:00:00.000Z' });
    expect(one.facts.http).toMatchObject({
      scheme: 'https',
      host: 'www.example.jp',
      favicon: { mmh3: -1234 },
    });
    expect(one.facts.http?.answers[0]).toMatchObject({
      path: '/a?b=1',
      title: 'Log in',
      headers: [
        ['server', 'nginx'],
        ['set-cookie', 'a=1'],
      ],
    });
    expect(one.facts.tls).toMatchObject({
      version: 'TLSv1.2',
      certificates: [{ subject: 'CN=www.example.jp', sha256: 'ab'.repeat(32) }],
    });
    expect(evidenceOf(one)).not.toContain('Authorization');
  });
});

describe('nuclei', () => {
  it('takes an answer out of band as proof, and keeps no secret', async () => {
    const one = only((await importFixture('nuclei-log4shell.jsonl')).observations);
    expect(one).toMatchObject({ address: '10.1.6.107', port: 8080, protocol: 'http', transport: 'tcp' });
    expect(one.facts.passive).toMatchObject({
      vulns: [{ cve: 'CVE-2021-44228', verified: true }],
      module: 'CVE-2021-44228',
    });
    expect(one.note).toContain('critical');
    expect(evidenceOf(one)).not.toMatch(/curl|interaction|vuln-log4j|raw-request/);
  });

  const hit = {
    'template-id': 'ssl-thing',
    info: {
      name: 'x',
      severity: 'high',
      tags: 'cve,ssl, cdn',
      classification: { 'cve-id': ['cve-2020-1234'], cpe: 'cpe:2.3:a:x:y' },
    },
    type: 'ssl',
    host: 'mail.example.jp:465',
    'matched-at': 'mail.example.jp:465',
    ip: '192.0.2.1',
    timestamp: '2026-11-01T00:00:00+09:00',
  };

  it('takes a match of another kind for a hint', async () => {
    const { observations } = await importOf(lines(hit));
    const one = only(observations);
    expect(one).toMatchObject({ port: 465, protocol: 'tls', observedAt: '2026-10-31T15:00:00.000Z' });
    expect(one.facts.passive).toMatchObject({
      vulns: [{ cve: 'CVE-2020-1234', verified: false }],
      tags: ['cve', 'ssl'],
      cpe: ['cpe:2.3:a:x:y'],
      hostnames: ['mail.example.jp'],
    });
  });

  it('leaves out what says nothing of a port', async () => {
    const name = 'mail.example.jp';
    const portless = { ...hit, host: name, 'matched-at': name };
    const text = lines(hit, { ...hit, 'matcher-status': false }, { ...hit, type: 'dns' }, portless);
    expect((await importOf(text)).tally).toMatchObject({ records: 1, ignored: 3, broken: 0 });
  });

  it('finds the place in a URL, and keeps neither its password nor its query', async () => {
    const url = 'https://user:pw@[2001:db8::1]/?token=secret';
    const one = only(
      (await importOf(lines({ ...hit, ip: undefined, type: 'http', host: url, 'matched-at': url })))
        .observations,
    );
    expect(one).toMatchObject({ address: '2001:db8::1', port: 443, protocol: 'https' });
    expect(evidenceOf(one)).toContain('https://[2001:db8::1]/');
    expect(evidenceOf(one)).not.toMatch(/secret|pw@/);
  });
});

describe('zgrab2', () => {
  it('makes web answers with the names of headers as they are sent', async () => {
    const one = only((await importFixture('zgrab2.jsonl')).observations);
    expect(one).toMatchObject({ address: '198.18.1.67', port: 80, protocol: 'http' });
    expect(one.facts.http?.answers[0]).toMatchObject({ status: 200, title: 'Example Domain', path: '/' });
    expect(one.facts.http?.answers[0]?.headers).toContainEqual(['content-type', 'text/html']);
    expect(one.facts.passive?.hostnames).toEqual(['example.com']);
  });

  it('takes only an answer of the protocol for an open port', async () => {
    const ssh = {
      protocol: 'ssh',
      port: 2222,
      timestamp: '2026-11-01T00:00:00Z',
      result: { server_id: { raw: 'SSH-2.0-dropbear_2022.83' } },
    };
    const line = (status: string, more: object = {}): unknown => ({
      ip: '192.0.2.1',
      data: { mine: { status, ...ssh, ...more } },
    });
    const silent = ['connection-timeout', 'connection-refused', 'protocol-error'].map((status) =>
      line(status),
    );
    const read = await importOf(lines(line('success'), ...silent, line('success', { port: undefined })));
    expect(read.tally).toMatchObject({ type: 'zgrab2', records: 1, ignored: 3, broken: 1 });
    expect(only(read.observations)).toMatchObject({
      port: 2222,
      protocol: 'ssh',
      facts: { ssh: { software: 'dropbear_2022.83' }, passive: { module: 'mine' } },
    });
  });

  it('reads greetings, TLS, and the port of an old web record', async () => {
    const validity = { start: '2020-01-01T00:00:00Z', end: '2030-01-01T00:00:00Z' };
    const certificate = {
      parsed: { subject_dn: 'CN=a', issuer_dn: 'CN=b', fingerprint_sha256: 'ab', validity },
    };
    const hello = { version: { name: 'TLSv1.2' }, cipher_suite: { name: 'TLS_Y' } };
    const tls = { handshake_log: { server_hello: hello, server_certificates: { certificate } } };
    const url = { scheme: 'https', host: 'a.example.jp:8443', path: '/x' };
    const data = {
      smtp: {
        status: 'success',
        protocol: 'smtp',
        port: 25,
        result: { banner: '220 mx.example.jp ESMTP Postfix\r\n', tls },
      },
      http: {
        status: 'success',
        protocol: 'http',
        result: { response: { status_code: 404, request: { url } } },
      },
    };
    const read = await importOf(lines({ ip: '192.0.2.1', data }));
    expect(read.tally.records).toBe(1);
    const [mail, web] = read.observations;
    expect(mail).toMatchObject({ port: 25, protocol: 'smtp', facts: { greeting: { protocol: 'smtp' } } });
    expect(mail?.facts.tls).toMatchObject({
      version: 'TLSv1.2',
      certificates: [{ notAfter: '2030-01-01T00:00:00.000Z' }],
    });
    expect(web).toMatchObject({
      port: 8443,
      protocol: 'https',
      facts: { http: { answers: [{ path: '/x', status: 404 }] } },
    });
  });
});

describe('tlsx', () => {
  it('makes TLS facts of a handshake', async () => {
    const record = {
      timestamp: '2026-08-16T03:35:54.695858027Z',
      host: 'www.example.jp',
      ip: '192.0.2.1',
      port: '443',
      probe_status: true,
      tls_version: 'tls13',
      cipher: 'TLS_AES_128_GCM_SHA256',
      self_signed: true,
      not_before: '2026-06-29T15:45:25Z',
      not_after: '2036-09-27T16:45:08Z',
      subject_dn: 'CN=www.example.jp',
      subject_cn: 'www.example.jp',
      subject_an: ['www.example.jp', '*.example.jp'],
      serial: 'EB:1B:6F',
      issuer_dn: 'CN=www.example.jp',
      fingerprint_hash: { sha256: '36191a71c6b241e9562ab38fb5ced500b2d4af6dd36de76999efb60ede702040' },
      tls_connection: 'ctls',
      sni: 'www.example.jp',
    };
    const read = await importOf(lines(record, { host: 'q.example', port: '443', probe_status: false }));
    expect(read.tally).toMatchObject({ type: 'tlsx', records: 1, ignored: 1, broken: 0 });
    const one = only(read.observations);
    expect(one).toMatchObject({ port: 443, protocol: 'tls', observedAt: '2026-08-16T03:35:54.695Z' });
    expect(one.facts.passive?.hostnames).toEqual(['www.example.jp']);
    expect(one.facts.tls).toMatchObject({
      handshake: 'complete',
      version: 'TLSv1.3',
      sni: 'www.example.jp',
      certificates: [
        {
          serial: 'EB1B6F',
          selfSigned: true,
          notAfter: '2036-09-27T16:45:08.000Z',
          names: ['www.example.jp', '*.example.jp'],
        },
      ],
    });
  });
});
