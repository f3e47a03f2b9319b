import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeNtlmNegotiate, fileTime, parseNtlmChallenge } from '../../../../../src/observe/probe/ntlm.ts';
import { derLength, encodeTsRequest } from '../../../../../src/observe/probe/tcp/rdp/credssp.ts';
import {
  encodeConnectionRequest,
  parseConfirm,
  protocolName,
} from '../../../../../src/observe/probe/tcp/rdp/packets.ts';
import { recorded } from '../recorded.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('connection request', () => {
  it('is 19 bytes without cookie, the protocols in the last four', () => {
    // MS-RDPBCGR 2.2.1.1: TPKT, X.224 CR (length 14), RDP_NEG_REQ.
    expect(encodeConnectionRequest(11)).toEqual(hex('03000013 0ee00000000000 01000800 0b000000'));
  });
});

describe('connection confirm', () => {
  it('is read as real servers send it', () => {
    const selected = recorded('xrdp 0.9.21, negotiate', 'rdp negotiation hybrid');
    expect(parseConfirm(selected)).toEqual({ kind: 'selected', protocol: 0, flags: 1 });
    const nla = 'freerdp-shadow 2.11.7, nla';
    expect(parseConfirm(recorded(nla, 'rdp negotiation tls+hybrid'))).toMatchObject({ protocol: 2 });
    expect(parseConfirm(recorded(nla, 'rdp negotiation standard'))).toEqual({
      kind: 'failure',
      failure: 'HYBRID_REQUIRED_BY_SERVER',
    });
  });

  it('without a negotiation answer is one of an old server', () => {
    expect(parseConfirm(hex('0300000b 06d00000123400'))).toEqual({ kind: 'none' });
  });

  it('is not waited for when it lies about its length or is none', () => {
    expect(parseConfirm(hex('0300ffff 0ed0'))).toBeUndefined();
    expect(parseConfirm(hex('0300000b 0680'))).toBeUndefined();
    expect(parseConfirm(Buffer.from('HTTP/1.1 400'))).toBeUndefined();
    expect(parseConfirm(hex('03000013 0ed0'))).toBe('more');
  });

  it('survives every change and cut', () => {
    const whole = hex('03000013 0ed00000123400 021f0800 02000000');
    fc.assert(
      fc.property(fc.nat(18), fc.nat(18), fc.nat(255), (cut, at, value) => {
        const mutated = Buffer.from(whole);
        mutated[at] = value;
        parseConfirm(mutated);
        expect(parseConfirm(whole.subarray(0, cut))).toBe('more');
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void parseConfirm(bytes)));
  });

  it('names protocols by their bits', () => {
    expect([0, 1, 3, 4, 11, 0x100].map(protocolName)).toEqual([
      'standard',
      'tls',
      'tls+hybrid',
      'rdstls',
      'tls+hybrid+hybrid-ex',
      '0x100',
    ]);
  });
});

describe('NTLM in CredSSP', () => {
  it('names nobody', () => {
    const message = Buffer.from(encodeNtlmNegotiate());
    expect(message.length).toBe(40);
    // DomainNameFields and WorkstationFields: length, room and offset 0.
    expect(message.subarray(16, 32)).toEqual(Buffer.alloc(16));
    // TSRequest: version 6, then negoTokens with one token; no authInfo [2], no pubKeyAuth [3].
    const head = '3037 a003020106 a130 302e 302c a02a 0428';
    expect(encodeTsRequest(message)).toEqual(Buffer.concat([hex(head), message]));
  });

  it('is well-formed DER all the way', () => {
    const request = encodeTsRequest(encodeNtlmNegotiate());
    expect(derLength(request)).toBe(request.length);
    expect(derLength(request.subarray(0, 1))).toBe('more');
    expect(derLength(Buffer.from('HTTP'))).toBeUndefined();
    expect(derLength(hex('3082'))).toBe('more');
    expect(derLength(hex('3083ffffff'))).toBeUndefined();
  });

  it('gives names, build and time of the recorded FreeRDP server', () => {
    const answer = recorded('freerdp-shadow 2.11.7, nla', 'rdp credssp ntlm challenge');
    expect(derLength(answer)).toBe(answer.length);
    expect(parseNtlmChallenge(answer)).toMatchObject({
      computerName: 'VM',
      domainName: 'VM',
      dnsComputerName: 'vm',
      // FreeRDP calls itself Windows 7: no proof of Windows.
      osBuild: '6.1.7601',
      systemTime: expect.stringMatching(/^2026-11-20T/),
    });
  });

  it('reads a Windows challenge built by MS-NLMP', () => {
    expect(parseNtlmChallenge(challenge([10, 0], 20348))).toEqual({
      domainName: 'CORP',
      computerName: 'WIN-DC01',
      dnsForestName: 'corp.example',
      systemTime: '2024-02-29T12:00:00.000Z',
      osBuild: '10.0.20348',
    });
  });

  it('never throws, whatever is cut or changed', () => {
    const whole = challenge([10, 0], 20348);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (cut, at, value) => {
        const mutated = Buffer.from(whole);
        mutated[at] = value;
        parseNtlmChallenge(mutated);
        parseNtlmChallenge(whole.subarray(0, cut));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseNtlmChallenge(Buffer.concat([Buffer.from('NTLMSSP\0\x02\0\0\0', 'latin1'), bytes]));
        derLength(bytes);
      }),
    );
  });

  it('reads FILETIME within the years that a date can have', () => {
    expect(fileTime(116444736000000000n)).toBe('1970-01-01T00:00:00.000Z');
    expect(fileTime(0n)).toBeUndefined();
    expect(fileTime(0xffffffffffffffffn)).toBeUndefined();
  });
});

function challenge(version: [number, number], build: number): Buffer {
  const pair = (id: number, value: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  };
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(BigInt(Date.parse('2024-02-29T12:00:00Z')) * 10_000n + 116444736000000000n);
  const info = Buffer.concat([
    pair(2, Buffer.from('CORP', 'utf16le')),
    pair(1, Buffer.from('WIN-DC01', 'utf16le')),
    pair(5, Buffer.from('corp.example', 'utf16le')),
    pair(7, time),
    pair(0, Buffer.alloc(0)),
  ]);
  const head = Buffer.alloc(56);
  head.write('NTLMSSP\0', 'latin1');
  head.writeUInt32LE(2, 8);
  head.writeUInt32LE(0xe2898235, 20);
  head.writeUInt16LE(info.length, 40);
  head.writeUInt16LE(info.length, 42);
  head.writeUInt32LE(56, 44);
  head.set([...version, build & 0xff, build >> 8, 0, 0, 0, 15], 48);
  return Buffer.concat([Buffer.from([0x30, 0x81, 0x90]), head, info]);
}
