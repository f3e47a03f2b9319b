import { afterEach, describe, expect, it } from 'vitest';
import {
  encodeGet,
  parseAnswer as parseAjpAnswer,
} from '../../../../src/observe/probe/protocols/ajp/packets.ts';
import { ajpQuestion } from '../../../../src/observe/probe/protocols/ajp/question.ts';
import { damewareQuestion } from '../../../../src/observe/probe/protocols/dameware/question.ts';
import { parseListAnswer } from '../../../../src/observe/probe/protocols/java-rmi/packets.ts';
import { javaRmiQuestion } from '../../../../src/observe/probe/protocols/java-rmi/question.ts';
import { jdwpQuestion } from '../../../../src/observe/probe/protocols/jdwp/question.ts';
import { landeskRcQuestion } from '../../../../src/observe/probe/protocols/landesk-rc/question.ts';
import { libvirtQuestion } from '../../../../src/observe/probe/protocols/libvirt/question.ts';
import { pcAnywhereQuestion } from '../../../../src/observe/probe/protocols/pcanywhere/question.ts';
import { pulseAudioQuestion } from '../../../../src/observe/probe/protocols/pulseaudio/question.ts';
import { rCommandQuestion } from '../../../../src/observe/probe/protocols/r-commands/question.ts';
import {
  encodeGreeting,
  parseAnswer as parseRadminAnswer,
} from '../../../../src/observe/probe/protocols/radmin/packets.ts';
import { radminQuestion } from '../../../../src/observe/probe/protocols/radmin/question.ts';
import { parseResponse } from '../../../../src/observe/probe/protocols/rustdesk/packets.ts';
import { rustDeskQuestion } from '../../../../src/observe/probe/protocols/rustdesk/question.ts';
import { encodeLink, parseLinkReply } from '../../../../src/observe/probe/protocols/spice/packets.ts';
import { spiceQuestion } from '../../../../src/observe/probe/protocols/spice/question.ts';
import { teamViewerQuestion } from '../../../../src/observe/probe/protocols/teamviewer/question.ts';
import { parseSetup, xorgVersion } from '../../../../src/observe/probe/protocols/x11/packets.ts';
import { x11Question } from '../../../../src/observe/probe/protocols/x11/question.ts';
import { xdmcpQuestion } from '../../../../src/observe/probe/protocols/xdmcp/question.ts';
import { askTcp, askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';
import * as captures from './service-captures.ts';
import { DAMEWARE, LANDESK, RADMIN, REXEC, RUSTDESK, TEAMVIEWER } from './service-peers.ts';
import { playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function playTcp(play: Parameters<typeof tcpServer>[0]): Promise<number> {
  const server = await tcpServer(play);
  open.push(server);
  return server.port;
}

describe('X11', () => {
  it('sees an open display', async () => {
    expect(await askTcp(x11Question, await playTcp(playing(captures.X11_OPEN)))).toEqual({
      name: 'x11',
      access: 'open',
      product: 'The X.Org Foundation',
      version: '21.1.7',
      fields: [
        ['release', '12101007'],
        ['screens', '1'],
      ],
      concerns: ['no-authentication-type', 'runs-commands', 'clear-text'],
    });
  });

  it('sees that a key is asked for, or that our address may not come in', () => {
    expect(x11Question.read(captures.X11_REFUSED)).toMatchObject({ access: 'strong' });
    expect(
      x11Question.read(hex('00160b0000000600', Buffer.from('No protocol specified\n\0\0').toString('hex')))
        ?.access,
    ).toBe('strong');
    const refused = 'Client is not authorized to connect to Server';
    const answer = Buffer.concat([
      Uint8Array.of(0, refused.length, 11, 0, 0, 0, 12, 0),
      Buffer.from(refused.padEnd(48, '\0')),
    ]);
    expect(x11Question.read(answer)).toMatchObject({ access: 'strong', fields: [['refusal', refused]] });
  });

  it('reads a demand for more authentication, and takes no text with a 2 before it for one', () => {
    const demand = Buffer.from('More please\0');
    expect(x11Question.read(Buffer.concat([hex('0200000000000300'), demand]))?.fields).toEqual([
      ['refusal', 'More please'],
    ]);
    expect(x11Question.read(Buffer.concat([hex('0241424344450300'), demand]))).toBeUndefined();
  });

  it('waits for the vendor, and believes no length that does not fit', () => {
    for (let length = 0; length < 60; length += 1)
      expect(parseSetup(captures.X11_OPEN.subarray(0, length))).toBe('more');
    const wrong = Buffer.from(captures.X11_OPEN);
    wrong.writeUInt16LE(2, 6);
    expect(parseSetup(wrong)).toBeUndefined();
  });

  it.each([
    [12_101_007, '21.1.7'],
    [70_000_000, '7.0.0'],
    [11_906_000, '1.19.6'],
    [4300, undefined],
    [40_100_000, undefined],
    [336_000_000, undefined],
  ])('reads release %i as %s', (release, version) => {
    expect(xorgVersion(release)).toBe(version);
  });
});

describe('XDMCP', () => {
  it('sees who is willing', async () => {
    const server = await udpServer(() => [captures.XDMCP_WILLING]);
    open.push(server);
    expect(await askUdp(xdmcpQuestion, server.port)).toEqual({
      name: 'xdmcp',
      access: 'password',
      fields: [
        ['answer', 'willing'],
        ['host-name', 'vm'],
        ['status', 'Willing to manage'],
      ],
      concerns: ['clear-text', 'cleartext-password-offered'],
    });
    expect(Buffer.from(server.requests[0] ?? []).toString('hex')).toBe('00010002000100');
  });

  it('sees who is not, and takes nothing else for it', () => {
    expect(xdmcpQuestion.read(hex('000100060008', '0002766d', '00026e6f'))).toMatchObject({
      access: 'turned-away',
    });
    for (const other of OTHER_SERVERS) expect(xdmcpQuestion.read(other)).toBeUndefined();
    for (let length = 0; length < captures.XDMCP_WILLING.length; length += 1)
      expect(xdmcpQuestion.read(captures.XDMCP_WILLING.subarray(0, length))).toBeUndefined();
    expectBounded(xdmcpQuestion, [captures.XDMCP_WILLING]);
  });
});

describe('AJP', () => {
  it('sees a container that serves strangers', async () => {
    expect(await askTcp(ajpQuestion, await playTcp(playing(captures.AJP_PONG, captures.AJP_PAGE)))).toEqual({
      name: 'ajp',
      access: 'open',
      fields: [
        ['status', '200'],
        ['title', 'Lab &amp; page'],
        ['secret', 'not required'],
      ],
      concerns: ['clear-text'],
    });
  });

  it('sees one that wants its secret, and its version', async () => {
    const facts = await askTcp(
      ajpQuestion,
      await playTcp(playing(captures.AJP_PONG, captures.AJP_FORBIDDEN)),
    );
    expect(facts).toMatchObject({ access: 'turned-away', product: 'Apache Tomcat', version: '10.1.60' });
    expect(facts?.fields).not.toContainEqual(['secret', 'not required']);
  });

  it('knows one that only answers the ping', async () => {
    expect(
      await askTcp(ajpQuestion, await playTcp(playing(captures.AJP_PONG)), { answerTimeoutMs: 100 }),
    ).toMatchObject({
      access: 'unknown',
      fields: [],
    });
  });

  it('says that it comes from nowhere, never from the machine itself', () => {
    const request = Buffer.from(encodeGet('www.example.jp', 8009)).toString('latin1');
    expect(request).toContain('192.0.2.1');
    expect(request).not.toContain('127.0.0.1');
    expect(Buffer.from(request, 'latin1').readUInt16BE(2)).toBe(request.length - 4);
    expect(encodeGet('x'.repeat(5000), 1).length).toBeLessThan(700);
  });

  it('takes no other packets for an answer', () => {
    expect(parseAjpAnswer(hex('4142', '0000'))).toBeUndefined();
    expect(parseAjpAnswer(hex('4142', '0002', '0501'))).toBeUndefined();
    expect(parseAjpAnswer(hex('4142', '0003', '040200'))).toBeUndefined();
    expect(parseAjpAnswer(captures.AJP_PAGE.subarray(0, 20))).toBe('more');
    expectBounded(
      {
        read: (received) => {
          const answer = parseAjpAnswer(received);
          expect(typeof answer === 'object' ? answer.body.length : 0).toBeLessThanOrEqual(8192);
          return undefined;
        },
      },
      [captures.AJP_PAGE, captures.AJP_FORBIDDEN],
    );
  });
});

describe('Java', () => {
  it('knows a debugger port, waiting or not', async () => {
    for (const answer of [text('JDWP-Handshake'), captures.JDWP_WAITING]) {
      const port = await playTcp((socket, count) =>
        count === 1 ? playing(answer)(socket) : void socket.end(),
      );
      expect(await askTcp(jdwpQuestion, port)).toMatchObject({
        access: 'open',
        concerns: ['runs-commands', 'clear-text'],
      });
    }
    expect(jdwpQuestion.read(text('JDWP-Handshake\r\n is the protocol'))).toBeUndefined();
  });

  it('lists the names of a registry', async () => {
    expect(await askTcp(javaRmiQuestion, await playTcp(playing(captures.RMI_ACK, captures.RMI_JMX)))).toEqual(
      {
        name: 'java-rmi',
        access: 'open',
        fields: [['bound-name', 'jmxrmi']],
        concerns: ['data-shown', 'clear-text'],
      },
    );
    const empty = await askTcp(javaRmiQuestion, await playTcp(playing(captures.RMI_ACK, captures.RMI_EMPTY)));
    expect(empty?.fields).toEqual([['registry', 'empty']]);
  });

  it('believes no acknowledgement whose host is no host', () => {
    expect(javaRmiQuestion.read(captures.RMI_ACK)?.name).toBe('java-rmi');
    expect(javaRmiQuestion.read(hex('4e0003', '612f62', '00000001'))).toBeUndefined();
    expect(javaRmiQuestion.read(Buffer.concat([captures.RMI_ACK, hex('00')]))).toBeUndefined();
  });

  it('reads an exception and a class with a code base', () => {
    expect(parseListAnswer(hex('51aced0005770f02', '00'.repeat(14)))).toEqual({ names: undefined });
    const withCodeBase = Buffer.from(captures.RMI_JMX)
      .toString('hex')
      .replace('02000070', '0200007400056c6f63616c');
    expect(parseListAnswer(hex(withCodeBase))).toEqual({ names: ['jmxrmi'] });
    for (let length = 0; length < captures.RMI_JMX.length; length += 1)
      expect(parseListAnswer(captures.RMI_JMX.subarray(0, length))).toBe('more');
  });
});

describe('SPICE', () => {
  it('reads how one may log in, and says no more', () => {
    expect(spiceQuestion.read(captures.SPICE_LINK)).toEqual({
      name: 'spice',
      access: 'unknown',
      fields: [
        ['protocol-version', '2.2'],
        ['authentication', 'spice'],
      ],
      concerns: ['clear-text'],
    });
    expect(encodeLink()).toHaveLength(38);
  });

  it('reads a refusal without TLS', () => {
    const refused = Buffer.concat([
      hex('52454451', '02000000', '02000000', 'b2000000', '05000000'),
      Buffer.alloc(174),
    ]);
    expect(spiceQuestion.read(refused)).toMatchObject({ concerns: [] });
    expect(spiceQuestion.read(refused)?.fields).toContainEqual(['error', '5']);
    expect(parseLinkReply(refused.subarray(0, 100))).toBe('more');
  });
});

describe('rlogin, rsh, rexec', () => {
  it('sends one zero byte and reads the refusal', async () => {
    const said: Buffer[] = [];
    const port = await playTcp((socket) => {
      socket.on('data', (data) => {
        said.push(data);
        socket.write(REXEC);
      });
    });
    expect(await askTcp(rCommandQuestion, port)).toEqual({
      name: 'r-command',
      access: 'turned-away',
      fields: [
        ['service', 'rexec'],
        ['refusal', 'Where are you?'],
      ],
      concerns: ['runs-commands', 'clear-text'],
    });
    expect(Buffer.concat(said).toString('hex')).toBe('00');
  });

  it.each([
    ['\u0001rlogind: Permission denied.\r\n', 'rlogin'],
    ['\u0001remshd: getservbyname\n', 'rsh'],
    ['\u0001Permission denied.\n', 'r-command'],
    ['\u0001It is late.\n', undefined],
    ['Permission denied.\n', undefined],
  ])('reads %j as %s', (words, service) => {
    expect(rCommandQuestion.read(text(words))?.fields[0]?.[1]).toBe(service);
  });
});

describe('libvirt and PulseAudio', () => {
  it('sees libvirt without a log-in', () => {
    expect(libvirtQuestion.read(captures.LIBVIRT_NONE)).toMatchObject({
      access: 'open',
      fields: [['authentication', 'none']],
      concerns: ['no-authentication-type', 'runs-commands', 'clear-text'],
    });
    expect(libvirtQuestion.read(captures.LIBVIRT_SASL)).toMatchObject({
      access: 'password',
      concerns: ['clear-text'],
    });
  });

  it('sees whether PulseAudio serves strangers', () => {
    expect(pulseAudioQuestion.read(captures.PULSE_SERVED)).toMatchObject({
      access: 'open',
      product: 'PulseAudio',
      version: '16.1',
      fields: [
        ['user-name', 'root'],
        ['host-name', 'vm'],
      ],
    });
    expect(pulseAudioQuestion.read(captures.PULSE_REFUSED)).toMatchObject({ access: 'strong', fields: [] });
  });
});

describe('remote control', () => {
  it('knows Radmin by length and sum of its answer', () => {
    expect(radminQuestion.read(RADMIN)).toMatchObject({ access: 'password', fields: [['generation', '3']] });
    const second = hex('0100000025', '09000110', '0801000908', '00'.repeat(32));
    expect(radminQuestion.read(second)?.fields).toEqual([['generation', '2']]);
    expect(radminQuestion.read(hex('0100000009', '0000104f', '2f100000040000001c'))).toMatchObject({
      access: 'turned-away',
    });
    const wrongSum = Buffer.from(RADMIN);
    wrongSum[8] = 0x13;
    expect(radminQuestion.read(wrongSum)).toBeUndefined();
    expect(parseRadminAnswer(RADMIN.subarray(0, 20))).toBe('more');
    expect(Buffer.from(encodeGreeting()).toString('hex')).toBe('01000000010000000808');
  });

  it('knows TeamViewer, DameWare and LANDesk by their packets', () => {
    expect(teamViewerQuestion.read(TEAMVIEWER)?.product).toBe('TeamViewer');
    expect(teamViewerQuestion.read(Buffer.concat([TEAMVIEWER, hex('00')]))).toBeUndefined();
    expect(teamViewerQuestion.read(hex('1724100400', '00000000'))).toBeUndefined();
    expect(damewareQuestion.read(DAMEWARE)?.name).toBe('dameware');
    expect(damewareQuestion.read(Buffer.concat([DAMEWARE, hex('0000')]))).toBeUndefined();
    expect(landeskRcQuestion.read(LANDESK)?.product).toBe('LANDesk remote control');
  });

  it('hears the name of a pcAnywhere host', async () => {
    const answer = Buffer.from('NRSRV01____________________AHM_3___\0', 'latin1');
    const server = await udpServer(() => [answer]);
    open.push(server);
    expect(await askUdp(pcAnywhereQuestion, server.port)).toMatchObject({
      name: 'pcanywhere',
      fields: [['host-name', 'SRV01']],
    });
    expect(Buffer.from(server.requests[0] ?? []).toString()).toBe('NQ');
    for (const other of OTHER_SERVERS) expect(pcAnywhereQuestion.read(other)).toBeUndefined();
    expectBounded(pcAnywhereQuestion, [answer]);
  });

  it('asks RustDesk for our port', async () => {
    const said: Buffer[] = [];
    const port = await playTcp((socket) => {
      socket.on('data', (data) => {
        said.push(data);
        socket.write(RUSTDESK);
      });
    });
    expect(await askTcp(rustDeskQuestion, port)).toMatchObject({
      name: 'rustdesk',
      product: 'RustDesk server',
      fields: [],
    });
    expect(Buffer.concat(said).toString('hex')).toBe('0ca20100');
    expect(parseResponse(hex('8d00', 'ca0120', '41'.repeat(32)))).toEqual({ isSealed: true });
    expect(parseResponse(RUSTDESK)).toEqual({ isSealed: false });
    expect(parseResponse(hex('1c', 'aa0104', '08d08604'))).toBeUndefined();
    expect(parseResponse(hex('1c', 'aa0104', '08ffff7f'))).toBeUndefined();
    expect(parseResponse(hex('1c', 'aa0105', '08d08603'))).toBeUndefined();
  });
});
