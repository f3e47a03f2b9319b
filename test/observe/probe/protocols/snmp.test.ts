import { describe, expect, it } from 'vitest';
import {
  encodeDiscovery,
  parseReport,
  readEngineId,
} from '../../../../src/observe/probe/protocols/snmp/packets.ts';
import { snmpQuestion } from '../../../../src/observe/probe/protocols/snmp/question.ts';
import { askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS } from './mutated.ts';
import { udpServer } from './udp-server.ts';

/** snmpd 5.9.3+dfsg-2+deb12u1: usmStatsUnknownEngineIDs. */
const NET_SNMP = hex(
  '306d020103300f02024a69020300ffe30401000201030421301f041180001f8880fcc22c39680a016b00000000020101020102',
  '04000400',
  '04003034041180001f8880fcc22c39680a016b000000000400a81d020237f00201000201003011300f060a2b060106030f0101',
  '0400410101',
);

describe('engine discovery', () => {
  it('names no community and no user', () => {
    const request = encodeDiscovery();
    expect(request).toHaveLength(60);
    // What net-snmp was asked when it gave the answer above, but for the request number.
    expect(Buffer.from(request).toString('hex')).toBe(
      '303a020103300f02024a69020300ffe30401040201030410300e0400020100020100040004000400301204000400a00c02024a690201000201003000',
    );
  });

  it('reads the report of net-snmp', () => {
    expect(snmpQuestion.read(NET_SNMP)).toEqual({
      name: 'snmp',
      access: 'unknown',
      fields: [
        ['version', '3'],
        ['engine-id', '80001f8880fcc22c39680a016b00000000'],
        ['enterprise', '8072'],
        ['maker', 'net-snmp'],
        ['engine-boots', '1'],
        ['uptime-seconds', '2'],
      ],
      concerns: [],
    });
  });

  it.each([
    ['8000000903001b2a3c4d5e', { enterprise: 9, format: 'mac', value: '00:1b:2a:3c:4d:5e' }],
    ['80001f8801c0a80a01', { enterprise: 8072, format: 'ipv4', value: '192.168.10.1' }],
    ['800030440466772d3031', { enterprise: 12_356, format: 'text', value: 'fw-01' }],
    ['8000304404660a77', { enterprise: 12_356, format: 'octets', value: '660a77' }],
    ['000000090300c0a80a010000', { enterprise: 9, format: 'enterprise', value: '0300c0a80a010000' }],
    ['8000063e0100', { enterprise: 1598, format: 'octets', value: '00' }],
    [
      '8000000902fe80000000000000021b2afffe3c4d5e',
      { enterprise: 9, format: 'ipv6', value: 'fe80:0000:0000:0000:021b:2aff:fe3c:4d5e' },
    ],
  ])('reads the engine id %s', (id, expected) => {
    expect(readEngineId(hex(id))).toEqual(expected);
  });

  it('takes nothing else for a report', () => {
    for (const other of OTHER_SERVERS) expect(snmpQuestion.read(other)).toBeUndefined();
    // Our own request, as an echo service sends it back.
    expect(parseReport(encodeDiscovery())).toBeUndefined();
    for (let length = 0; length < NET_SNMP.length; length += 1)
      expect(parseReport(NET_SNMP.subarray(0, length))).toBeUndefined();
  });

  it('is bounded whatever comes', () => expectBounded(snmpQuestion, [NET_SNMP]));

  it('asks once and passes over what is no report', async () => {
    const server = await udpServer((request) => [request, hex('00'), NET_SNMP]);
    const facts = await askUdp(snmpQuestion, server.port);
    server.close();
    expect(facts?.fields).toContainEqual(['enterprise', '8072']);
    expect(server.requests).toHaveLength(1);
  });

  it('says nothing about silence', async () => {
    const server = await udpServer(() => []);
    expect(await askUdp(snmpQuestion, server.port, { answerTimeoutMs: 50 })).toBeUndefined();
    server.close();
  });
});
