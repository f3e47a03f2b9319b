/** Shapes met in exports that people published, with addresses of the documentation. */
import { describe, expect, it } from 'vitest';
import { importOf, lines, only, within } from './import-of.ts';

const places = (observations: readonly { address: string; port: number; protocol: string }[]): string[] =>
  observations.map(({ address, port, protocol }) => `${address} ${port} ${protocol}`);

describe('nuclei', () => {
  const record = {
    'template-id': 'CVE-2018-15473',
    info: { name: 'x', severity: 'medium', tags: 'cve,tor,scanner,vpn' },
    type: 'network',
    host: 'https://vpn.example.jp',
    'matched-at': 'vpn.example.jp:22',
    ip: '192.0.2.1',
    timestamp: '2026-03-21T01:43:31Z',
  };

  it('places a match where it matched, not where the scan was pointed', async () => {
    const old = { ...record, templateID: 'mysql-bruteforce', matched: 'vpn.example.jp:3306' };
    const { 'template-id': _id, 'matched-at': _at, ...before } = old;
    const { observations } = await importOf(
      lines(record, before, { ...record, type: 'http', 'matched-at': 'https://vpn.example.jp/a' }),
    );
    expect(places(observations)).toEqual([
      '192.0.2.1 22 unknown',
      '192.0.2.1 3306 unknown',
      '192.0.2.1 443 https',
    ]);
  });

  it('takes no word about a template for one about the host', async () => {
    const { observations } = await importOf(lines(record));
    expect(only(observations).facts.passive?.tags).toEqual(['cve', 'vpn']);
  });

  it('names an address that cannot be read, and does not guess what a script spoke over', async () => {
    const script = { ...record, type: 'javascript', 'matched-at': '192.0.2.1:161' };
    const { observations, tally } = await importOf(
      lines({ ...record, ip: '10.10.10.x' }, { ...script, ip: '192.0.2.1.' }),
    );
    expect(tally.faults).toMatchObject([{ line: 1, why: expect.stringContaining('10.10.10.x') as string }]);
    expect(only(observations)).toMatchObject({ port: 161, transport: 'unknown' });
  });
});

describe('naabu', () => {
  it('takes CPE names and what is said of a network that serves for others', async () => {
    const record = { ip: '192.0.2.5', port: 443, protocol: 'tcp', cpes: ['cpe:/a:f5:nginx'], cdn: true };
    const { observations } = await importOf(lines(record));
    expect(only(observations).facts.passive).toMatchObject({ cpe: ['cpe:/a:f5:nginx'], tags: ['cdn'] });
  });

  it('reads the list that it prints when it is said whose it is', async () => {
    const text = '[INF] Found 2 ports\n192.0.2.1:443\r\n[2001:db8::1]:22\nwww.example.jp:443\n192.0.2.1:0\n';
    const { observations, tally } = await importOf(text, { as: 'naabu' });
    expect(places(observations)).toEqual(['192.0.2.1 443 unknown', '2001:db8::1 22 unknown']);
    expect(observations.every(({ undated }) => undated === true)).toBe(true);
    expect(tally).toMatchObject({ records: 2, ignored: 1, faults: [{ line: 4 }, { line: 5 }] });
    await expect(importOf('192.0.2.1:443\n192.0.2.1:80\n')).rejects.toThrow('--as naabu');
  });
});

describe('httpx that followed redirects', () => {
  const base = {
    timestamp: '2026-03-22T21:45:44Z',
    url: 'http://vpn.example.jp',
    host: '192.0.2.1',
    title: 'Sign in',
    webserver: 'nginx',
    status_code: 200,
    chain_status_codes: [301, 200],
    tls: { tls_version: 'tls12', cipher: 'X' },
  };

  it('gives the last answer to the port that gave it', async () => {
    const { observations } = await importOf(
      lines({ ...base, final_url: 'https://vpn.example.jp/remote/login' }),
    );
    const [first, last] = observations;
    expect(places(observations)).toEqual(['192.0.2.1 80 http', '192.0.2.1 443 https']);
    expect(first?.facts.http?.answers[0]).toMatchObject({
      path: '/',
      status: 301,
      location: 'https://vpn.example.jp/remote/login',
    });
    expect(first?.facts.tls).toBeUndefined();
    expect(last?.facts.http?.answers[0]).toMatchObject({
      path: '/remote/login',
      status: 200,
      title: 'Sign in',
    });
  });

  it('gives nothing of the page of another host to this one', async () => {
    const { observations } = await importOf(lines({ ...base, final_url: 'https://login.example.com/x' }));
    expect(only(observations)).toMatchObject({ port: 80, protocol: 'http' });
    expect(only(observations).facts.tls).toBeUndefined();
    expect(JSON.stringify(only(observations).facts)).not.toContain('Sign in');
  });

  it('keeps CPE names and the JARM fingerprint', async () => {
    const jarm_hash = '29d3fd00029d29d00042d43d00041d598ac0c1012db967bb1ad0ff2491b3ae';
    const cpe = [{ product: 'nginx', vendor: 'f5', cpe: 'cpe:2.3:a:f5:nginx:*:*:*:*:*:*:*:*' }];
    const { observations } = await importOf(
      lines(
        { url: 'https://192.0.2.1', status_code: 200, jarm_hash, cpe },
        { url: 'https://192.0.2.2', status_code: 200 },
      ),
    );
    expect(observations[0]?.facts).toMatchObject({
      tls: { jarm: jarm_hash },
      passive: { cpe: [cpe[0]?.cpe] },
    });
    expect(observations[1]?.facts.tls).toBeUndefined();
  });
});

it('tlsx: a server that wants a certificate of its client', async () => {
  const record = {
    host: 'vpn.example.jp',
    ip: '192.0.2.1',
    port: '443',
    probe_status: true,
    tls_version: 'tls12',
  };
  const { observations } = await importOf(lines({ ...record, client_cert_required: true }, record));
  expect(observations.map(({ facts }) => facts.tls?.clientCertificateRequested)).toEqual([true, false]);
});

describe('masscan', () => {
  it('reads what it shows while it runs, with its progress in the same file', async () => {
    const text =
      'Starting masscan 1.3.2 (http://bit.ly/14GZzcT) at 2026-11-20 19:08:25 GMT\nInitiating SYN Stealth Scan\n' +
      'Discovered open port 22/tcp on 192.0.2.5                                       \n' +
      'Banner on port 22/tcp on 192.0.2.5: [ssh] SSH-2.0-OpenSSH_8.9p1                \r\n' +
      'rate:  0.00-kpps, 100.00% done, waiting 3-secs, found=1       \rDiscovered open port 53/udp on 2001:db8::6\n';
    const { observations, tally } = await importOf(text);
    expect(tally).toMatchObject({ type: 'masscan', records: 3, ignored: 2, broken: 0 });
    expect(places(observations)).toEqual([
      '192.0.2.5 22 unknown',
      '192.0.2.5 22 ssh',
      '2001:db8::6 53 unknown',
    ]);
    expect(observations[1]?.facts.ssh?.software).toBe('OpenSSH_8.9p1');
    expect(observations.map(({ undated }) => undated)).toEqual([true, true, true]);
  });

  it('reads banners of -oG, and passes over remarks in JSON', async () => {
    const grepable =
      '# Masscan 1.3.2 scan initiated Fri Nov 20 19:08:25 2026\n' +
      'Host: 192.0.2.5 ()\tPort: 22\tService: ssh\tBanner: SSH-2.0-OpenSSH_8.9p1\n';
    const { observations } = await importOf(grepable);
    expect(only(observations)).toMatchObject({
      port: 22,
      protocol: 'ssh',
      probe: 'banner',
      transport: 'tcp',
    });
    const record = {
      ip: '192.0.2.1',
      timestamp: '1795201679',
      ports: [{ port: 80, proto: 'tcp', status: 'open' }],
    };
    const { tally } = await importOf(`# our scan of May\n// second\n[\n${JSON.stringify(record)},\n]\n`);
    expect(tally).toMatchObject({ type: 'masscan', records: 1, ignored: 2, broken: 0 });
  });
});

it('nmap before version 7: fingerprints folded as on the screen, also within an escape', async () => {
  const fold = '&#xa;SF:';
  const servicefp =
    `SF-Port80-TCP:V=5.21%I=7%D=5/9%Time=536BFEF0%P=x86_64%r(${fold}GetRequest,40,&quot;HTTP/1\\.0\\x2` +
    `${fold}0200\\x20OK\\r\\nServer:\\x20ngi${fold}nx\\r\\n\\r\\n&lt;title&gt;VPN&lt;/title&gt;&quot;)`;
  const xml =
    `<?xml version="1.0"?><nmaprun scanner="nmap" start="1399586400"><host><address addr="192.0.2.1" addrtype="ipv4"/><ports>` +
    `<port protocol="tcp" portid="80"><state state="open" reason="syn-ack"/><service name="unknown" servicefp="${servicefp}" method="table"/></port>` +
    '</ports></host></nmaprun>';
  const { observations } = await importOf(xml);
  expect(only(observations).facts.http?.answers[0]).toMatchObject({
    status: 200,
    headers: [['Server', 'nginx']],
    title: 'VPN',
  });
});

describe('nrich', () => {
  const text =
    '192.0.2.9 (a.example.jp, b.example.jp)\n  Ports: 80, 443\n  Tags: vpn\n  CPEs: cpe:/a:f5:nginx\n' +
    '  Vulnerabilities: CVE-2021-1234\n\n2001:db8::1\r\n  Ports: 22\r\n';

  it('reads what it prints for people', async () => {
    const { observations, tally } = await importOf(text);
    expect(tally).toMatchObject({ type: 'internetdb', records: 2, broken: 0 });
    expect(places(observations)).toEqual([
      '192.0.2.9 80 unknown',
      '192.0.2.9 443 unknown',
      '2001:db8::1 22 unknown',
    ]);
    expect(observations[0]).toMatchObject({
      transport: 'unknown',
      undated: true,
      facts: {
        passive: {
          cpe: ['cpe:/a:f5:nginx'],
          tags: ['vpn'],
          vulns: [{ cve: 'CVE-2021-1234', verified: false }],
          hostnames: ['a.example.jp', 'b.example.jp'],
        },
      },
    });
  });

  it('counts hosts of others and names what is none of its lines', async () => {
    const { tally } = await importOf(`${text}nonsense\n`, { accepts: ({ family }) => family === 6 });
    expect(tally).toMatchObject({ records: 1, outOfScope: 1, faults: [{ line: 9 }] });
  });
});

it('Censys: hosts by their address, as its client gives them in bulk', async () => {
  const host = (ip: string) => ({
    ip,
    name: 'www.example.jp',
    last_updated_at: '2026-01-01T00:00:00Z',
    services: [{ port: 22, service_name: 'SSH', transport_protocol: 'TCP' }],
  });
  const { observations } = await importOf(
    JSON.stringify({
      '192.0.2.6': host('192.0.2.6'),
      '192.0.2.7': host('192.0.2.7'),
      '192.0.2.8': { error: '429' },
    }),
  );
  expect(places(observations)).toEqual(['192.0.2.6 22 ssh', '192.0.2.7 22 ssh']);
  expect(observations[0]?.facts.passive?.hostnames).toEqual(['www.example.jp']);
});

describe('zgrab2', () => {
  const record = (name: string, result: unknown): unknown => ({
    ip: '192.0.2.1',
    data: {
      [name]: { status: 'success', protocol: name, port: 4000, result, timestamp: '2026-01-01T00:00:00Z' },
    },
  });
  const factsOf = async (name: string, result: unknown) =>
    only((await importOf(lines(record(name, result)))).observations);

  it('puts answers together again for the parsers of the own probes', async () => {
    const greeting = Buffer.from('0a352e352e3538000100000061665a465246476f00fff7080200', 'hex');
    const packet = Buffer.concat([greeting, Buffer.alloc(40)]).toString('base64');
    expect(
      (await factsOf('mysql', { server_version: '5.5.58', raw_packets: [packet] })).facts.greeting,
    ).toMatchObject({
      protocol: 'mysql',
      version: '5.5.58',
    });
    const info = '# Server\r\nredis_version:5.0.4\r\nos:Linux\r\n';
    expect(
      (await factsOf('redis', { ping_response: 'PONG', info_response: info })).facts.protocols,
    ).toMatchObject([{ name: 'redis', access: 'open', version: '5.0.4' }]);
    const locked = '(Error: NOAUTH Authentication required.)';
    expect(
      (await factsOf('redis', { ping_response: locked, info_response: locked })).facts.protocols,
    ).toMatchObject([{ name: 'redis', access: 'password' }]);
    expect((await factsOf('memcached', { version: '1.6.0\r' })).facts.protocols).toMatchObject([
      { name: 'memcached', version: '1.6.0' },
    ]);
  });

  it('keeps versions of which nothing else is told, and calls protocols by their usual names', async () => {
    expect((await factsOf('mssql', { version: '14.0.3015' })).facts.protocols).toMatchObject([
      { name: 'mssql', version: '14.0.3015' },
    ]);
    expect((await factsOf('mongodb', { build_info: { version: '6.0.1' } })).facts.protocols).toMatchObject([
      { name: 'mongodb', version: '6.0.1' },
    ]);
    const amqp = await factsOf('amqp091', { server_properties: { product: 'RabbitMQ', version: '3.12' } });
    expect(amqp).toMatchObject({
      protocol: 'amqp',
      facts: { protocols: [{ product: 'RabbitMQ', version: '3.12' }] },
    });
    expect((await factsOf('postgres', { is_ssl: false })).protocol).toBe('postgresql');
  });

  it('keeps host keys and JARM fingerprints', async () => {
    const key = Buffer.concat([
      Buffer.from('0000000b7373682d6564323535313900000020', 'hex'),
      Buffer.alloc(32, 7),
    ]).toString('base64');
    const ssh = await factsOf('ssh', {
      banner: 'SSH-2.0-OpenSSH_9.6',
      key_exchange: { server_host_key: { raw: key, algorithm: 'ssh-ed25519' } },
    });
    expect(ssh.facts.ssh?.hostKeys).toMatchObject([{ type: 'ssh-ed25519' }]);
    const fingerprint = '29d3fd00029d29d00042d43d00041d598ac0c1012db967bb1ad0ff2491b3ae';
    expect((await factsOf('jarm', { fingerprint })).facts.tls?.jarm).toBe(fingerprint);
  });
});

describe('what nmap prints for people', () => {
  const text = `# Nmap 7.93 scan initiated Fri Nov 20 19:08:25 2026 as: nmap -sV -oA x 192.0.2.0/29
Nmap scan report for vpn.example.jp (192.0.2.1)
Host is up (0.010s latency).
Not shown: 998 filtered tcp ports (no-response)
PORT     STATE         SERVICE    REASON         VERSION
22/tcp   open          ssh        syn-ack ttl 64 OpenSSH 9.2p1 Debian 2 (protocol 2.0)
| ssh-hostkey:
|_  256 00:11 (ECDSA)
25/tcp   filtered      smtp       no-response
443/tcp  open          ssl/http   syn-ack ttl 64 nginx
500/udp  open|filtered isakmp     no-response
8080/tcp open          http-proxy syn-ack ttl 64

Nmap scan report for 198.51.100.1
PORT   STATE SERVICE
22/tcp open  ssh

Nmap scan report for 192.0.2.2 [host down, received no-response]
# Nmap done at Fri Nov 20 19:09:25 2026 -- 8 IP addresses (1 host up) scanned in 60.00 seconds
`;

  it('is read line by line, with what it says of versions', async () => {
    for (const form of [text, text.replaceAll('\n', '\r\n')]) {
      const { observations, tally } = await importOf(form, { accepts: within('192.0.2.0/24') });
      expect(tally).toMatchObject({ type: 'nmap', records: 1, ignored: 1, outOfScope: 1, broken: 0 });
      expect(
        observations.map(({ port, status, protocol, facts }) => [
          port,
          status,
          protocol,
          facts.passive?.product,
        ]),
      ).toEqual([
        [22, 'open', 'ssh', 'OpenSSH 9.2p1 Debian 2 (protocol 2.0)'],
        [25, 'no-answer', 'unknown', undefined],
        [443, 'open', 'https', 'nginx'],
        [8080, 'open', 'unknown', undefined],
      ]);
      expect(observations[0]).toMatchObject({
        observedAt: '2026-11-20T19:08:25.000Z',
        note: expect.stringContaining('time zone') as string,
        facts: { passive: { hostnames: ['vpn.example.jp'] } },
      });
    }
  });

  it('knows the zones that it can know', async () => {
    const start = (zone: string): string =>
      text.replace(/^.*\n/, `Starting Nmap 7.93 ( https://nmap.org ) at 2026-11-20 19:08 ${zone}\n`);
    const [first] = (await importOf(start('JST'))).observations;
    expect(first?.observedAt).toBe('2026-11-20T10:08:00.000Z');
    expect(first?.note).toBeUndefined();
    const [other] = (await importOf(start('CST'))).observations;
    expect(other).toMatchObject({
      observedAt: '2026-11-20T19:08:00.000Z',
      note: expect.stringContaining('zone') as string,
    });
  });
});
