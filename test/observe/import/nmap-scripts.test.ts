import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import { bannerBytes } from '../../../src/observe/import/escaped-banner.ts';
import { fingerprintAnswers } from '../../../src/observe/import/xml/nmap-port.ts';
import { nmapXml } from '../../../src/observe/import/xml/nmap.ts';
import { readBytes } from './read-bytes.ts';

/** The facts of one open port with these scripts. */
function facts(number: number, inside: string, hostScripts = ''): Facts {
  const xml = `<nmaprun scanner="nmap" start="1795202100"><host><status state="up"/><address addr="192.0.2.7" addrtype="ipv4"/>
<ports><port protocol="tcp" portid="${number}"><state state="open"/>${inside}</port></ports>${hostScripts}</host></nmaprun>`;
  const { observations, faults } = readBytes(nmapXml, xml);
  expect(faults).toEqual([]);
  const [first] = observations;
  if (first === undefined) throw new Error('nothing read');
  return first.facts;
}

const script = (id: string, output: string, inside = ''): string =>
  `<script id="${id}" output="${output.replaceAll('"', '&quot;').replaceAll('\n', '&#xa;')}">${inside}</script>`;
const elem = (key: string, text: string): string => `<elem key="${key}">${text}</elem>`;
const pem = readFileSync(resolve(import.meta.dirname, '../../fixtures/import/certificate.pem'), 'utf8');

describe('scripts of nmap', () => {
  it('ssl-cert: the certificate itself, or what is said of it', () => {
    const whole = facts(443, script('ssl-cert', 'Subject: …', elem('pem', pem))).tls;
    expect(whole?.certificates[0]).toMatchObject({
      subject: 'O=Kakuu Seiki, CN=vpn.kakuu.example',
      keyType: 'rsa',
    });
    expect(whole?.certificates[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const tables = `<table key="subject">${elem('commonName', 'vpn.kakuu.example')}${elem('organizationName', 'Kakuu')}</table>
<table key="issuer">${elem('commonName', 'CA')}</table><table key="pubkey">${elem('type', 'rsa')}${elem('bits', '2048')}</table>
<table key="extensions"><table>${elem('name', 'X509v3 Subject Alternative Name')}${elem('value', 'DNS:a.example, IP Address:192.0.2.7')}</table></table>
<table key="validity">${elem('notBefore', '2026-01-02T03:04:05')}${elem('notAfter', 'soon')}</table>${elem('sig_algo', 'sha256WithRSAEncryption')}`;
    expect(facts(443, script('ssl-cert', '', tables)).tls?.certificates).toEqual([
      {
        sha256: '',
        subject: 'O=Kakuu, CN=vpn.kakuu.example',
        issuer: 'CN=CA',
        serial: '',
        notBefore: '2026-01-02T03:04:05.000Z',
        names: ['a.example', '192.0.2.7'],
        keyType: 'rsa',
        keyBits: 2048,
        signature: 'sha256WithRSAEncryption',
        selfSigned: false,
      },
    ]);
    expect(facts(443, script('ssl-cert', 'ERROR')).tls).toBeUndefined();
  });

  it('ssl-enum-ciphers: the versions that it lists', () => {
    const list = `<table key="TLSv1.0"><table key="ciphers"><table>${elem('name', 'TLS_RSA_WITH_AES_128_CBC_SHA')}</table></table></table><table key="TLSv1.2"></table><elem key="least strength">A</elem>`;
    expect(facts(443, script('ssl-enum-ciphers', '', list)).tls?.versions).toEqual([
      { version: 'TLSv1', accepted: true, cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA' },
      { version: 'TLSv1.2', accepted: true },
    ]);
  });

  it('http-title and headers: what they say, and no status that nobody told', () => {
    const inside = `<service name="http" method="probed" tunnel="ssl"/>${script('http-title', 'VPN', elem('title', 'VPN'))}${script('http-headers', '\n  Date: Fri\n  Server: Boa\n\n  (Request type: HEAD)\n')}`;
    const { http } = facts(8443, inside);
    expect(http).toMatchObject({ scheme: 'https', host: '192.0.2.7' });
    expect(http?.answers).toHaveLength(1);
    expect(http?.answers[0]).toMatchObject({
      path: '/',
      status: 0,
      title: 'VPN',
      headers: [
        ['Date', 'Fri'],
        ['Server', 'Boa'],
      ],
    });
    const moved = facts(
      80,
      script('http-title', 'Did not follow redirect to https://a/', elem('redirect_url', 'https://a/')) +
        script('http-server-header', 'nginx', '<elem>nginx</elem>'),
    ).http;
    expect(moved?.scheme).toBe('http');
    expect(moved?.answers[0]).toMatchObject({
      location: 'https://a/',
      headers: [
        ['Server', 'nginx'],
        ['Location', 'https://a/'],
      ],
    });
    const escaped = elem('title', String.raw`\xE7\xAE\xA1\xE7\x90\x86`);
    expect(facts(80, script('http-title', '', escaped)).http?.answers[0]?.title).toBe('管理');
    expect(facts(80, script('http-title', 'ERROR')).http).toBeUndefined();
  });

  it('RDP: a confirm proves only the lowest layer, and NTLM brings names', () => {
    const layers = (...names: string[]): string =>
      `\n  Security layer\n${names.map((name) => `    ${name}: SUCCESS\n`).join('')}  RDP Encryption level: High`;
    expect(
      facts(3389, script('rdp-enum-encryption', layers('CredSSP (NLA)', 'Native RDP', 'SSL'))).rdp,
    ).toMatchObject({ accepts: { standard: true }, nlaRequired: false });
    expect(facts(3389, script('rdp-enum-encryption', layers('CredSSP (NLA)', 'SSL'))).rdp).toMatchObject({
      accepts: { tls: true },
      nlaRequired: false,
    });
    const names = script(
      'rdp-ntlm-info',
      '',
      elem('DNS_Computer_Name', 'srv1.kakuu.example') +
        elem('Product_Version', '10.0.20348') +
        elem('System_Time', '2026-11-20T19:15:26+00:00'),
    );
    expect(facts(3389, script('rdp-enum-encryption', layers('CredSSP (NLA)')) + names).rdp).toEqual({
      negotiations: [],
      accepts: { nla: true },
      nlaRequired: true,
      ntlm: {
        dnsComputerName: 'srv1.kakuu.example',
        osBuild: '10.0.20348',
        systemTime: '2026-11-20T19:15:26.000Z',
      },
      noNegotiation: false,
    });
    expect(facts(3389, names).rdp?.nlaRequired).toBeUndefined();
  });

  it('vnc-info: types, and whether a password is asked', () => {
    const type = (name: string, id: number): string =>
      `<table>${elem('name', name)}${elem('type', `${id}`)}</table>`;
    const open = `${elem('Protocol version', '3.8')}<table key="Security types">${type('None', 1)}${type('VNC Authentication', 2)}</table>`;
    expect(facts(5900, script('vnc-info', '', open)).vnc).toEqual({
      rfbVersion: '003.008',
      securityTypes: [
        { id: 1, name: 'None' },
        { id: 2, name: expect.any(String) as string },
      ],
      noPassword: true,
    });
    expect(
      facts(
        5900,
        script('vnc-info', '\n  Protocol version: 3.8\n  Security types: \n    VNC Authentication (2)\n'),
      ).vnc,
    ).toMatchObject({ noPassword: false });
  });

  it('SMB scripts of the host belong to its SMB port', () => {
    const scripts = `<hostscript>${script('smb2-security-mode', '', '<table key="3.1.1"><elem>Message signing enabled but not required</elem></table>')}${script('smb-os-discovery', '', elem('os', 'Windows Server 2008') + elem('lanmanager', 'Samba 4.9.5-Debian'))}</hostscript>`;
    expect(facts(445, '<service name="microsoft-ds" method="table"/>', scripts).protocols).toEqual([
      {
        name: 'smb',
        access: 'unknown',
        product: 'Samba',
        version: '4.9.5-Debian',
        fields: [
          ['dialect', '3.1.1'],
          ['signing', 'enabled'],
          ['smb1', 'accepted'],
          ['native-os', 'Windows Server 2008'],
          ['native-lan-manager', 'Samba 4.9.5-Debian'],
        ],
        concerns: ['smb1', 'signing-not-required'],
      },
    ]);
    expect(facts(80, '', scripts).protocols).toBeUndefined();
  });

  it('names of vulnerabilities are hints, and those that were tested and not found are left out', () => {
    const vulners =
      '<table key="cpe:/a:x"><table><elem key="id">CVE-2024-1111</elem></table><table><elem key="id">EDB-ID:1</elem></table></table>';
    const tested = (state: string, id: string): string =>
      `<table key="NMAP-1">${elem('state', state)}<table key="ids"><elem>CVE:${id}</elem></table></table>`;
    const said = facts(
      80,
      script('vulners', '', vulners) +
        script('http-vuln-a', '', tested('LIKELY VULNERABLE', 'CVE-2024-2222')) +
        script('http-vuln-b', '', tested('NOT VULNERABLE', 'CVE-2024-3333')),
    );
    expect(said.passive?.vulns).toEqual([
      { cve: 'CVE-2024-1111', verified: false },
      { cve: 'CVE-2024-2222', verified: false },
    ]);
  });

  it('ssh keys and algorithms stand beside the identification line', () => {
    const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw';
    const inside =
      script('banner', 'SSH-2.0-dropbear_2022.83') +
      script('ssh-hostkey', '', `<table>${elem('key', key)}${elem('type', 'ssh-ed25519')}</table>`) +
      script('ssh2-enum-algos', '', '<table key="kex_algorithms"><elem>curve25519-sha256</elem></table>');
    const { ssh } = facts(22, inside);
    expect(ssh).toMatchObject({
      banner: 'SSH-2.0-dropbear_2022.83',
      kex: { keyExchange: ['curve25519-sha256'] },
    });
    expect(ssh?.hostKeys[0]?.type).toBe('ssh-ed25519');
  });
});

describe('text that nmap escaped', () => {
  it('comes back as bytes', () => {
    expect(bannerBytes('\\x16\\x03\\r\\n\\\\ é\\"').toString('hex')).toBe('16030d0a5c20e922');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const escaped = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
        expect([...bannerBytes(escaped)]).toEqual([...bytes]);
      }),
    );
  });

  it('a service fingerprint gives each answer by the name of its probe', () => {
    const text = 'SF-Port80-TCP:V=7.93%I=3%r(NULL,4,"a\\"b\\n")%r(GetRequest,F,"HTTP/1\\.1\\x20200\\x20OK")';
    const answers = fingerprintAnswers(text);
    expect(bannerBytes(answers.get('NULL') ?? '').toString()).toBe('a"b\n');
    expect(bannerBytes(answers.get('GetRequest') ?? '').toString()).toBe('HTTP/1.1 200 OK');
    fc.assert(fc.property(fc.string(), (any) => void fingerprintAnswers(any)));
  });
});
