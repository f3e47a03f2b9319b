import { describe, expect, it } from 'vitest';
import { dtlsQuestion } from '../../../../src/observe/probe/protocols/dtls/question.ts';
import { parseControlMessage } from '../../../../src/observe/probe/protocols/l2tp/packets.ts';
import { l2tpQuestion } from '../../../../src/observe/probe/protocols/l2tp/question.ts';
import {
  openvpnDatagramQuestion,
  openvpnQuestion,
} from '../../../../src/observe/probe/protocols/openvpn/question.ts';
import { encodeStartRequest } from '../../../../src/observe/probe/protocols/pptp/packets.ts';
import { pptpQuestion } from '../../../../src/observe/probe/protocols/pptp/question.ts';
import { encodeSyn, parseSynAck } from '../../../../src/observe/probe/protocols/rdp-udp/packets.ts';
import { rdpUdpQuestion } from '../../../../src/observe/probe/protocols/rdp-udp/question.ts';
import { encodeClientHello } from '../../../../src/observe/probe/protocols/dtls/packets.ts';
import { askTcp, askTcpWithTls, askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS } from './mutated.ts';
import { drippingFirst, HOSTILE_PEERS, playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

/** openvpn 2.6.14-0+deb12u2, answer to session 0f8324717311c31c. */
const OPENVPN = hex('40c8cef4465431f7e301000000000f8324717311c31c00000000');
/** softether-vpnserver 5.01.9674, TCP 443, answer to session 79f01c46f90e60fa. */
const SOFTETHER_OPENVPN = hex('001a40e718186b68e631e2010000000079f01c46f90e60fa00000000');
/** xl2tpd 1.3.18-1, for our tunnel 21376. */
const XL2TPD = hex(
  'c80200632753000000000001800800000000000280080000000201',
  '00800a0000000300000003800a00000004000000000008000000060690800800000007766d00130000000878656c6572616e63652e636f6d',
  '800800000009719380080000000a0004',
);
/** softether-vpnserver 5.01.9674, raw L2TP. */
const SOFTETHER_L2TP = hex(
  'c802005270cf00000000000180080000000000028008000000020100000a0000000300000003',
  '000a0000000400000003800800000007766d000a000000084c325450800800000009000100080000000a0010',
);
/** pptpd 1.4.0-12. */
const PPTPD = Buffer.concat([
  hex('009c00011a2b3c4d0002000001000100000000000000000000010001'),
  Buffer.concat([Buffer.from('local'), Buffer.alloc(59)]),
  Buffer.concat([Buffer.from('linux'), Buffer.alloc(59)]),
]);
/** openssl s_server 3.0 -dtls1_2 -listen. */
const OPENSSL = hex(
  '16feff00000000000000000023030000170000000000000017feff14cf55dfb468617beb08f6f87f514a3a41ea118058',
);
/** MS-RDPEUDP 2.2.2: SYN and ACK of 1232 bytes, with the version extension. */
const SYN_ACK = Buffer.concat([hex('0102030400401005aabbccdd04d004d000010002'), Buffer.alloc(1232 - 20)]);

describe('OpenVPN', () => {
  it('over UDP, matched by the session that is acknowledged', async () => {
    const server = await udpServer((request) => [
      Buffer.concat([OPENVPN.subarray(0, 14), request.subarray(1, 9), OPENVPN.subarray(22)]),
    ]);
    const facts = await askUdp(openvpnDatagramQuestion, server.port, { answerTimeoutMs: 100 });
    server.close();
    expect(facts).toEqual({
      name: 'openvpn',
      access: 'unknown',
      fields: [['control-channel', 'unprotected']],
      concerns: [],
    });
    expect(server.requests[0]).toHaveLength(14);
  });

  it('over UDP, not for the session of somebody else', async () => {
    const server = await udpServer(() => [OPENVPN]);
    expect(await askUdp(openvpnDatagramQuestion, server.port, { answerTimeoutMs: 40 })).toBeUndefined();
    server.close();
  });

  it('over TCP, in one piece and byte by byte', async () => {
    const answerTo = (request: Uint8Array): Buffer =>
      Buffer.concat([SOFTETHER_OPENVPN.subarray(0, 16), request.subarray(3, 11), Buffer.alloc(4)]);
    for (const inPieces of [false, true]) {
      const server = await tcpServer((socket) =>
        socket.once('data', (request) => {
          if (!inPieces) socket.write(answerTo(request));
          else for (const byte of answerTo(request)) socket.write(Uint8Array.of(byte));
        }),
      );
      expect(await askTcp(openvpnQuestion, server.port)).toMatchObject({ name: 'openvpn' });
      server.close();
    }
  });

  it('reads recorded answers, and not those of a server that wants a key', () => {
    expect(openvpnDatagramQuestion.read(OPENVPN)).toBeDefined();
    expect(openvpnQuestion.read(SOFTETHER_OPENVPN)).toBeDefined();
    // A digest of tls-auth stands behind the session.
    expect(
      openvpnDatagramQuestion.read(hex('40c8cef4465431f7e3', 'ab'.repeat(28), '00000000')),
    ).toBeUndefined();
    expect(openvpnDatagramQuestion.read(hex('380f8324717311c31c0000000000'))).toBeUndefined();
    expect(openvpnDatagramQuestion.read(Buffer.concat([OPENVPN, Buffer.of(0)]))).toBeUndefined();
    expect(openvpnQuestion.read(hex('000e380f8324717311c31c0000000000'))).toBeUndefined();
  });
});

describe('L2TP', () => {
  it('names the server and takes the tunnel down again', async () => {
    const server = await udpServer((request, count) => {
      if (count > 1) return [hex('c802000c2753000000010002')];
      const answer = Buffer.from(XL2TPD);
      // Our number for the tunnel stands in the request's attribute 9.
      answer.set(request.subarray(57, 59), 4);
      return [answer];
    });
    const facts = await askUdp(l2tpQuestion, server.port, { answerTimeoutMs: 100 });
    server.close();
    expect(facts).toEqual({
      name: 'l2tp',
      access: 'unknown',
      product: 'xelerance.com',
      fields: [
        ['host-name', 'vm'],
        ['vendor', 'xelerance.com'],
        ['firmware', '6.144'],
      ],
      concerns: ['clear-text'],
    });
    const stop = server.requests[1] ?? Buffer.alloc(0);
    expect(server.requests).toHaveLength(2);
    // For the server's tunnel 0x7193, type 4, result 1.
    expect(parseControlMessage(stop)).toMatchObject({ tunnel: 0x7193, type: 4 });
  });

  it('reads SoftEther, a demanded secret and a refusal', () => {
    expect(l2tpQuestion.read(SOFTETHER_L2TP)).toMatchObject({ product: 'L2TP' });
    expect(l2tpQuestion.read(Buffer.concat([XL2TPD, hex('800800000009ffff')]))).toBeUndefined();
    const challenge = hex('800a0000000b01020304');
    const asked = Buffer.concat([XL2TPD, challenge]);
    asked.writeUInt16BE(asked.length, 2);
    expect(l2tpQuestion.read(asked)?.fields).toContainEqual(['tunnel-authentication', 'demanded']);
    const refusal = hex('c802001c000100000000000180080000000000048008000000010004');
    expect(l2tpQuestion.read(refusal)).toEqual({
      name: 'l2tp',
      access: 'turned-away',
      fields: [['result', '4']],
      concerns: [],
    });
  });
});

describe('PPTP', () => {
  it('names the server', async () => {
    const server = await tcpServer(playing(PPTPD));
    const facts = await askTcp(pptpQuestion, server.port);
    server.close();
    expect(facts).toEqual({
      name: 'pptp',
      access: 'unknown',
      product: 'linux',
      fields: [
        ['host-name', 'local'],
        ['vendor', 'linux'],
        ['firmware', '1'],
      ],
      concerns: [],
    });
  });

  it('byte by byte, and tells who is turned away', async () => {
    const refusing = Buffer.from(PPTPD);
    refusing[14] = 4;
    const server = await tcpServer(drippingFirst(refusing));
    expect(await askTcp(pptpQuestion, server.port)).toMatchObject({ access: 'turned-away' });
    server.close();
    const otherType = Buffer.from(PPTPD);
    otherType[9] = 4;
    expect(pptpQuestion.read(otherType)).toBeUndefined();
    expect(encodeStartRequest()).toHaveLength(156);
    expect(pptpQuestion.read(encodeStartRequest())).toBeUndefined();
  });
});

describe('DTLS', () => {
  it('sees the demand for a cookie', async () => {
    const server = await udpServer(() => [OPENSSL]);
    const facts = await askUdp(dtlsQuestion, server.port, { answerTimeoutMs: 100 });
    server.close();
    expect(facts).toEqual({
      name: 'dtls',
      access: 'unknown',
      fields: [
        ['version', '1.0'],
        ['answer', 'cookie'],
      ],
      concerns: [],
    });
  });

  it('reads a ServerHello without a cookie, and an alert', () => {
    // RFC 6347 §4.2: record, handshake 2 of 38 bytes in one fragment, version, random, no session, suite, no compression.
    const hello = hex('16fefd00000000000000000032020000260000000000000026fefd', '11'.repeat(32), '00c02f00');
    expect(dtlsQuestion.read(hello)).toMatchObject({
      fields: [
        ['version', '1.2'],
        ['answer', 'server-hello'],
        ['cipher', '0xc02f'],
      ],
      concerns: ['amplifier'],
    });
    expect(dtlsQuestion.read(hex('15fefd000000000000000000020228'))).toMatchObject({
      fields: [
        ['version', '1.2'],
        ['answer', 'alert'],
        ['alert', '40'],
      ],
    });
    expect(dtlsQuestion.read(hex('15fefd00000000000000000002022800'))).toBeUndefined();
    expect(dtlsQuestion.read(encodeClientHello(Buffer.alloc(32, 5)))).toBeUndefined();
  });
});

describe('RDP over UDP', () => {
  it('answers what it was asked, and much more of it', async () => {
    const server = await udpServer((request) => [
      Buffer.concat([request.subarray(8, 12), SYN_ACK.subarray(4)]),
    ]);
    const facts = await askUdp(rdpUdpQuestion, server.port, { answerTimeoutMs: 100 });
    server.close();
    expect(facts).toEqual({
      name: 'rdp-udp',
      access: 'unknown',
      fields: [['version', '2']],
      concerns: ['amplifier'],
    });
    expect(server.requests[0]).toHaveLength(16);
  });

  it('takes no other number, no echo and no padding of other bytes', async () => {
    const server = await udpServer(() => [SYN_ACK]);
    expect(await askUdp(rdpUdpQuestion, server.port, { answerTimeoutMs: 40 })).toBeUndefined();
    server.close();
    expect(parseSynAck(encodeSyn(7))).toBeUndefined();
    expect(parseSynAck(SYN_ACK.subarray(0, 20))).toMatchObject({ version: 2, size: 20 });
    expect(rdpUdpQuestion.read(Buffer.concat([SYN_ACK.subarray(0, 100), Buffer.of(1)]))).toBeUndefined();
  });
});

describe.each([
  ['openvpn over UDP', openvpnDatagramQuestion, [OPENVPN]],
  ['openvpn', openvpnQuestion, [SOFTETHER_OPENVPN]],
  ['l2tp', l2tpQuestion, [XL2TPD, SOFTETHER_L2TP]],
  ['pptp', pptpQuestion, [PPTPD]],
  ['dtls', dtlsQuestion, [OPENSSL]],
  ['rdp-udp', rdpUdpQuestion, [SYN_ACK]],
] as const)('%s', (_, question, captures) => {
  it('is bounded, never throws, and takes nothing else for itself', () => {
    const read = (bytes: Uint8Array) => question.read(bytes);
    for (const capture of captures) {
      expect(read(capture)).toBeDefined();
      expect(read(capture.subarray(0, 11))).toBeUndefined();
    }
    expectBounded(question, captures);
    for (const other of OTHER_SERVERS) expect(read(other)).toBeUndefined();
    for (const other of [OPENVPN, SOFTETHER_OPENVPN, XL2TPD, PPTPD, OPENSSL, SYN_ACK])
      if (!captures.some((capture) => capture === other) && other !== XL2TPD)
        expect(read(other)).toBeUndefined();
  });
});

describe.each([openvpnQuestion, pptpQuestion])('$protocol', (question) => {
  it.each(HOSTILE_PEERS)('ends on %s', async (_, play) => {
    const server = await tcpServer(play);
    const { facts, held } = await askTcpWithTls(question, server.port, { answerTimeoutMs: 150 });
    server.close();
    expect([facts, held]).toEqual([undefined, 0]);
  });
});

describe.each([openvpnDatagramQuestion, l2tpQuestion, dtlsQuestion, rdpUdpQuestion])(
  '$protocol over UDP',
  (question) => {
    it.each([
      ['silence', () => []],
      ['an echo', (request: Uint8Array) => [request]],
      ['garbage', () => [Buffer.alloc(300, 0xa5), Buffer.alloc(0), Buffer.alloc(1400)]],
    ] as const)('ends on %s', async (_, play) => {
      const server = await udpServer(play);
      expect(await askUdp(question, server.port, { answerTimeoutMs: 40 })).toBeUndefined();
      server.close();
    });
  },
);
