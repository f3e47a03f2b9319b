import { describe, expect, it } from 'vitest';
import { factsOfRecord, readVulns } from '../../../src/observe/shodan/banner-facts.ts';
import { readMatches } from '../../../src/observe/shodan/records.ts';
import { RDP, bare, context } from './reading.ts';

describe('remote desktops', () => {
  const rdpOf = (more: object) => factsOfRecord(bare(more))?.facts.rdp;

  it('reads the X.224 confirm and NTLM out of the text', () => {
    const rdp = rdpOf({ data: RDP('\\x02\\x1f\\x08\\x00\\x02\\x00\\x00\\x00') });
    expect(rdp).toMatchObject({
      negotiations: [{ requested: 'not-recorded', selected: 'hybrid', flags: 0x1f }],
      accepts: { nla: true },
      noNegotiation: false,
      ntlm: {
        computerName: 'BASE-PC',
        domainName: 'BASE',
        dnsDomainName: 'base.example',
        dnsComputerName: 'base-pc.base.example',
        osBuild: '10.0.19041',
      },
    });
  });

  it('does not take "hybrid" for a proof that NLA is enforced', () => {
    expect(rdpOf({ data: RDP('\\x02\\x1f\\x08\\x00\\x02\\x00\\x00\\x00') })).not.toHaveProperty(
      'nlaRequired',
    );
  });

  it.each([
    ['\\x02\\x00\\x08\\x00\\x00\\x00\\x00\\x00', 'standard', false],
    ['\\x02\\x1f\\x08\\x00\\x01\\x00\\x00\\x00', 'tls', false],
  ])('knows that %s lets one in without NLA', (selection, selected, nlaRequired) => {
    expect(rdpOf({ data: RDP(selection) })).toMatchObject({ negotiations: [{ selected }], nlaRequired });
  });

  it('takes a confirm without a negotiation answer for standard security', () => {
    const data = 'Remote Desktop Protocol\n\\x03\\x00\\x00\\x0b\\x06\\xd0\\x00\\x00\\x124\\x00';
    expect(rdpOf({ data })).toMatchObject({
      noNegotiation: true,
      accepts: { standard: true, nla: false },
      nlaRequired: false,
    });
  });

  it('claims nothing about an answer that it cannot read', () => {
    expect(rdpOf({ data: 'Remote Desktop Protocol\ngarbage' })).toEqual({
      negotiations: [],
      accepts: {},
      noNegotiation: false,
    });
  });

  it('reads a refusal', () => {
    expect(rdpOf({ data: RDP('\\x03\\x00\\x08\\x00\\x05\\x00\\x00\\x00') })).toMatchObject({
      negotiations: [{ failure: 'HYBRID_REQUIRED_BY_SERVER' }],
      nlaRequired: true,
    });
  });

  it('takes a picture of the screen for a way in without NLA, and keeps no picture', () => {
    const screenshot = { data: 'UElDVFVSRQ==', mime: 'image/jpeg', labels: ['login'] };
    const data = RDP('\\x02\\x1f\\x08\\x00\\x02\\x00\\x00\\x00');
    for (const record of [bare({ data, screenshot }), bare({ data, opts: { screenshot } })]) {
      const { observations } = readMatches([{ value: record, text: JSON.stringify(record) }], context);
      expect(observations[0]?.facts.rdp?.nlaRequired).toBe(false);
      const evidence = Buffer.from(observations[0]?.evidence[0]?.received ?? '', 'base64').toString();
      expect(evidence).toContain('Remote Desktop Protocol');
      expect(evidence).not.toContain('UElDVFVSRQ==');
    }
  });

  it('calls RDP what answers as RDP, whatever the crawler asked', () => {
    const record = bare({
      data: RDP('\\x02\\x1f\\x08\\x00\\x02\\x00\\x00\\x00'),
      _shodan: { module: 'https' },
    });
    expect(factsOfRecord(record)?.protocol).toBe('rdp');
  });

  it.each([
    [{ '1': 'None', '2': 'VNC Authentication' }, true],
    [{ '2': 'VNC Authentication', '17': 'Ultra' }, false],
    [{ '19': 'VeNCrypt' }, undefined],
    [undefined, undefined],
  ])('reads VNC security types %j', (types, noPassword) => {
    const record = bare({
      data: 'RFB 003.008\nVNC:\n  Protocol Version: 3.8\n',
      vnc: { security_types: types },
    });
    const facts = factsOfRecord(record);
    expect(facts?.protocol).toBe('vnc');
    expect(facts?.facts.vnc?.rfbVersion).toBe('003.008');
    expect(facts?.facts.vnc?.noPassword).toBe(noPassword);
  });

  it('reads telnet options', () => {
    const record = bare({
      port: 23,
      data: 'login: ',
      telnet: { will: ['ECHO'], do: ['NAWS'], dont: [], wont: [] },
    });
    expect(factsOfRecord(record)).toMatchObject({
      protocol: 'telnet',
      facts: {
        telnet: {
          text: 'login: ',
          options: [
            { command: 'WILL', option: 'ECHO' },
            { command: 'DO', option: 'NAWS' },
          ],
        },
      },
    });
  });
});

describe('names of vulnerabilities', () => {
  it('drops what was tested and not affected, wherever the name comes from', () => {
    expect(
      readVulns({ 'CVE-2014-0160': { verified: false }, '!CVE-2015-0204': {} }, ['!CVE-2014-0160']),
    ).toEqual([]);
  });

  it('takes an object or a list, and says what was verified', () => {
    expect(
      readVulns({ 'CVE-2024-0002': { verified: true }, 'CVE-2024-0001': { cvss: '5.0' } }, undefined),
    ).toEqual([
      { cve: 'CVE-2024-0001', verified: false },
      { cve: 'CVE-2024-0002', verified: true },
    ]);
    expect(readVulns(['CVE-2024-0001', '!CVE-2024-0002', 7, 'CVE-x', '<b>'], undefined)).toEqual([
      { cve: 'CVE-2024-0001', verified: false },
    ]);
  });
});
