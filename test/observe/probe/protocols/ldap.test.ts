import { afterEach, describe, expect, it } from 'vitest';
import { connectionlessLdapQuestion } from '../../../../src/observe/probe/protocols/ldap/connectionless.ts';
import {
  encodeBaseSearch,
  parseResponse,
  parseSearchAnswer,
} from '../../../../src/observe/probe/protocols/ldap/packets.ts';
import { parseNetlogonAnswer } from '../../../../src/observe/probe/protocols/ldap/netlogon.ts';
import { ldapQuestion } from '../../../../src/observe/probe/protocols/ldap/question.ts';
import { DC, answerOf, answersOf, asRecorded, turnsOf } from './directory-recorded.ts';
import { askTcp, askTcpWithTls, askUdp } from './line.ts';
import { OTHER_SERVERS, expectBounded, hex } from './mutated.ts';
import { HOSTILE_PEERS, drippingFirst, playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

const SAMBA = `${DC}, ldap`;
const OPENLDAP = 'slapd 2.5.13';
const DIRECTORY_389 = '389-ds-base 2.3.1';

let server: { readonly port: number; close: () => void } | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

describe('LDAP against recorded servers', () => {
  it('reads the root entry, the refusal to strangers and the names of a domain controller', async () => {
    server = await tcpServer(asRecorded(SAMBA));
    const { facts, held } = await askTcpWithTls(ldapQuestion, server.port);
    expect(held).toBe(0);
    expect(facts).toMatchObject({
      name: 'ldap',
      access: 'password',
      product: 'Samba Team (https://www.samba.org)',
      version: '4.17.12-Debian',
      concerns: [],
    });
    expect(facts?.fields).toEqual(
      expect.arrayContaining([
        ['anonymous-read', 'no'],
        // The recording has no TLS inside.
        ['start-tls', 'failed'],
        ['computer-name', 'DC01'],
        ['dns-domain-name', 'corp.example'],
        ['os-build', '6.1.0'],
        ['default-naming-context', 'DC=corp,DC=example'],
        ['capability', '1.2.840.113556.1.4.800'],
        ['domain-controller-functionality', '4'],
      ]),
    );
  });

  it('says that OpenLDAP serves an entry to strangers', async () => {
    server = await tcpServer(asRecorded(OPENLDAP));
    const facts = await askTcp(ldapQuestion, server.port);
    expect(facts).toMatchObject({ access: 'open', product: 'OpenLDAP', concerns: ['data-shown'] });
    expect(facts?.fields).toContainEqual(['naming-context', 'dc=example,dc=jp']);
    expect(facts?.fields).toContainEqual(['anonymous-read', 'yes']);
  });

  it('says that a server without StartTLS takes passwords in clear text', async () => {
    server = await tcpServer(asRecorded(DIRECTORY_389));
    const facts = await askTcp(ldapQuestion, server.port);
    expect(facts).toMatchObject({ product: '389 Project', version: '389-Directory/2.3.1 B2025.016.1616' });
    expect(facts?.concerns).toEqual(['clear-text', 'cleartext-password-offered']);
    expect(facts?.fields).toContainEqual(['start-tls', 'refused']);
  });

  it('reads an answer that comes one byte at a time', async () => {
    server = await tcpServer(drippingFirst(answerOf(OPENLDAP)));
    const facts = await askTcp(ldapQuestion, server.port, { answerTimeoutMs: 300 });
    expect(facts).toMatchObject({ product: 'OpenLDAP', access: 'unknown' });
  });

  it('says that a server wants a log-in even for the root entry', async () => {
    // slapd 2.5.13 with "require bind": operationsError.
    const refusal = Buffer.concat([hex('301a02010165150a01010400040d'), Buffer.from('BIND required')]);
    refusal[1] = refusal.length - 2;
    refusal[6] = refusal.length - 7;
    refusal[13] = 13;
    server = await tcpServer(playing(refusal));
    const facts = await askTcp(ldapQuestion, server.port, { answerTimeoutMs: 200 });
    expect(facts?.access).toBe('password');
    expect(facts?.fields).toContainEqual(['diagnostic', 'BIND required']);
  });

  it('keeps the reason of a server that refuses everything', async () => {
    // confidentialityRequired, as slapd words it with "security tls=1".
    const refusal = Buffer.concat([
      hex('30', (7 + 7 + 24).toString(16), '020101', '65', (7 + 26).toString(16), '0a010d0400041a'),
      Buffer.from('TLS confidentiality require', 'latin1').subarray(0, 26),
    ]);
    server = await tcpServer(playing(refusal));
    const facts = await askTcp(ldapQuestion, server.port, { answerTimeoutMs: 200 });
    expect(facts?.fields).toEqual([
      ['result', '13'],
      ['diagnostic', 'TLS confidentiality requir'],
    ]);
  });
});

describe('LDAP over UDP', () => {
  const root = answerOf(`${DC}, cldap root entry`);
  const ping = answerOf(`${DC}, cldap ping`);

  it('counts what a small request brings, and learns the names', async () => {
    server = await udpServer((request) => [request.length < 60 && !request.includes(0xa0) ? root : ping]);
    const facts = await askUdp(connectionlessLdapQuestion, server.port);
    expect(facts?.concerns).toEqual(['amplifier']);
    expect(facts?.fields).toEqual(
      expect.arrayContaining([
        ['amplification', String(Math.floor(root.length / 39))],
        ['dns-forest-name', 'corp.example'],
        ['dns-computer-name', 'dc01.corp.example'],
        ['domain-name', 'CORP'],
        ['computer-name', 'DC01'],
        ['site', 'Default-First-Site-Name'],
        ['capability', '1.2.840.113556.1.4.800'],
      ]),
    );
  });

  it('asks for less when the long answer does not come, and is content with the ping', async () => {
    server = await udpServer((request) => (request.includes(0xa0) ? [ping] : []));
    const facts = await askUdp(connectionlessLdapQuestion, server.port, { answerTimeoutMs: 100 });
    expect(facts?.fields).toContainEqual(['dns-domain-name', 'corp.example']);
    expect(facts?.concerns).toEqual([]);
  });

  it('never throws', () => expectBounded(connectionlessLdapQuestion, [root, ping]));

  it('does not follow a name that points at itself or forward', () => {
    // The offset of the compressed host name, turned on itself.
    const at = ping.indexOf(hex('0464633031c018')) + 5;
    const looped = Buffer.from(ping);
    looped[at + 1] = 0xff;
    expect(parseNetlogonAnswer(looped)?.hostName).toBeUndefined();
    expect(parseNetlogonAnswer(ping)?.hostName).toBe('dc01.corp.example');
  });
});

describe('LDAP packets', () => {
  const captures = answersOf(SAMBA, OPENLDAP, DIRECTORY_389);

  it('asks as RFC 4511 says', () => {
    expect(Buffer.from(encodeBaseSearch(1, '', [])).toString('hex')).toBe(
      '3025020101632004000a01000a0100020101020105010100870b6f626a656374436c6173733000',
    );
  });

  it('waits for the end of a search and believes no other message id', () => {
    const whole = answerOf(SAMBA);
    for (const length of [1, 5, 400, whole.length - 1]) {
      expect(parseSearchAnswer(whole.subarray(0, length), 1)).toBe('more');
    }
    expect(parseSearchAnswer(whole, 2)).toBeUndefined();
    expect(parseResponse(whole, 1)).toBeUndefined();
  });

  it('knows a root entry, a bind answer and a notice of disconnection; not an entry of something else', () => {
    expect(ldapQuestion.read(answerOf(SAMBA))?.version).toBe('4.17.12-Debian');
    expect(ldapQuestion.read(hex('300c02010161070a010004000400'))?.fields).toEqual([['result', '0']]);
    const notice = `0a01020400040c64656372797074206661696c8a16${Buffer.from('1.3.6.1.4.1.1466.20036').toString('hex')}`;
    const framed = hex(
      '30',
      (notice.length / 2 + 5).toString(16),
      '02010078',
      (notice.length / 2).toString(16),
      notice,
    );
    expect(ldapQuestion.read(framed)?.fields).toContainEqual(['result', '2']);
    // An SNMP answer (sysDescr) and a certificate request begin alike.
    expect(
      ldapQuestion.read(hex('302902010004067075626c6963a21c0204000000010201000201003'.padEnd(86, '0'))),
    ).toBeUndefined();
    const entry = hex('3018020101641304036f3d7830', '0c', '300a0402636e31040402', '6162');
    expect(ldapQuestion.read(entry)).toBeUndefined();
  });

  it('takes no other server for LDAP, and not its own requests', () => {
    for (const other of OTHER_SERVERS) expect(ldapQuestion.read(other)).toBeUndefined();
    for (const [sent] of turnsOf(SAMBA)) expect(ldapQuestion.read(sent)).toBeUndefined();
  });

  it('never throws, and never says more than the model allows', () => expectBounded(ldapQuestion, captures));

  it.each(HOSTILE_PEERS)('ends with nothing at %s', async (_, play) => {
    server = await tcpServer(play);
    const { facts, held } = await askTcpWithTls(ldapQuestion, server.port, { answerTimeoutMs: 200 });
    expect([facts, held]).toEqual([undefined, 0]);
  });
});
