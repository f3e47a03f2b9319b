import { describe, expect, it } from 'vitest';
import {
  encodeDiscovery,
  parseAnswer,
  resourcesOf,
} from '../../../../src/observe/probe/protocols/coap/packets.ts';
import { coapQuestion } from '../../../../src/observe/probe/protocols/coap/question.ts';
import {
  encodeReadVariables,
  encodeTimeRequest,
} from '../../../../src/observe/probe/protocols/ntp/packets.ts';
import { ntpQuestion } from '../../../../src/observe/probe/protocols/ntp/question.ts';
import { encodeBinding, parseBinding } from '../../../../src/observe/probe/protocols/stun/packets.ts';
import { stunQuestion } from '../../../../src/observe/probe/protocols/stun/question.ts';
import { askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS } from './mutated.ts';
import { udpServer } from './udp-server.ts';

// The origin timestamp in both captures was "Hello123"; ours stands in its place, as the servers copy it.
const ORIGIN = '73656b6973686f21';
/** chrony 4.3-2+deb12u3, local stratum 8. */
const CHRONY = hex(
  '240800e600000000000000007f7f0101eeab8b8e8773d74e',
  ORIGIN,
  'eeab8b8f8bcd855deeab8b8f8bd172fe',
);
/** ntpsec 1.2.2+dfsg1-1+deb12u1 before it has the time, and its variables. */
const NTPSEC = hex(
  'e40000e8000000000000000c494e49540000000000000000',
  ORIGIN,
  'eeab8c23ffb322d5eeab8c23ffb825aa',
);
const NTPSEC_VARIABLES = Buffer.concat([
  hex('e6820001c016000000000159'),
  Buffer.from(
    'leap=3, stratum=16, precision=-24, rootdelay=0.000, rootdisp=0.195,\r\nrefid=INIT, reftime=0x00000000.00000000, tc=0, peer=0, offset=0.000000,\r\nfrequency=0.000000, sys_jitter=0.000000, clk_jitter=0.000060,\r\nclock=0xeeab8c23.ffc29129, processor="x86_64",\r\nsystem="Linux/6.18.44-fc-v669", version="ntpd ntpsec-1.2.2",\r\nclk_wander=0.000000, mintc=0\r\n\0\0\0',
    'latin1',
  ),
]);
/** coturn 4.6.1-1. */
const COTURN = hex(
  '0101003c2112a44273656b6973686f2d7374756e',
  '002000080001e38a5e12a443',
  '000100080001c2987f000001',
  '802b000800010d967f4d010f',
  '80220014436f7475726e2d342e362e312027476f72737427',
);
/** coap-server-notls of libcoap 4.3.1-1; message id and token are ours. */
const LIBCOAP = hex(
  '64454a6973656b69c128ff',
  '3c2f3e3b7469746c653d2247656e6572616c20496e666f223b63743d302c3c2f74696d653e3b69663d22636c6f636b223b72743d22',
  '7469636b73223b7469746c653d22496e7465726e616c20436c6f636b223b63743d303b6f62732c3c2f6173796e633e3b63743d302c',
  '3c2f6578616d706c655f646174613e3b7469746c653d224578616d706c652044617461223b63743d303b6f6273',
);

describe('NTP', () => {
  it('reads the time of chrony', async () => {
    const server = await udpServer((request) => (request.length === 48 ? [CHRONY] : []));
    const facts = await askUdp(ntpQuestion, server.port, { answerTimeoutMs: 60 });
    server.close();
    expect(facts).toEqual({
      name: 'ntp',
      access: 'unknown',
      fields: [
        ['ntp-version', '4'],
        ['stratum', '8'],
        ['reference', '127.127.1.1'],
      ],
      concerns: [],
    });
  });

  it('measures what the variables of NTPsec make of twelve octets', async () => {
    const server = await udpServer((request) => (request.length === 48 ? [NTPSEC] : [NTPSEC_VARIABLES]));
    const facts = await askUdp(ntpQuestion, server.port);
    server.close();
    expect(facts).toEqual({
      name: 'ntp',
      access: 'open',
      product: 'ntpd ntpsec',
      version: '1.2.2',
      fields: [
        ['ntp-version', '4'],
        ['stratum', '0'],
        ['kiss', 'INIT'],
        ['control', 'answers'],
        ['version-text', 'ntpd ntpsec-1.2.2'],
        ['system', 'Linux/6.18.44-fc-v669'],
        ['processor', 'x86_64'],
      ],
      concerns: ['data-shown', 'amplifier'],
    });
    expect(server.requests.map(({ length }) => length)).toEqual([48, 12]);
  });

  it('wants its own timestamp back', async () => {
    const stale = Uint8Array.from(CHRONY);
    stale[24] = 0;
    const server = await udpServer(() => [stale]);
    expect(await askUdp(ntpQuestion, server.port, { answerTimeoutMs: 60 })).toBeUndefined();
    server.close();
    expect(ntpQuestion.read(stale)?.name).toBe('ntp');
  });

  it('takes nothing else for it', () => {
    const echoes = [encodeTimeRequest(), encodeReadVariables(), Buffer.alloc(48), Buffer.alloc(48, 0x24)];
    for (const other of [...OTHER_SERVERS, ...echoes]) expect(ntpQuestion.read(other)).toBeUndefined();
  });

  it('is bounded whatever comes', () => expectBounded(ntpQuestion, [CHRONY, NTPSEC, NTPSEC_VARIABLES]));
});

describe('STUN', () => {
  it('reads the software of coturn', async () => {
    const server = await udpServer(() => [COTURN]);
    const facts = await askUdp(stunQuestion, server.port);
    server.close();
    expect(facts).toEqual({
      name: 'stun',
      access: 'unknown',
      product: 'Coturn',
      version: '4.6.1',
      fields: [
        ['software', "Coturn-4.6.1 'Gorst'"],
        ['response-origin', '127.77.1.15:3478'],
      ],
      concerns: [],
    });
    expect(server.requests[0]).toHaveLength(20);
  });

  it('waits for the rest, and takes nothing else for it', () => {
    for (let length = 1; length < COTURN.length; length += 1)
      expect(parseBinding(COTURN.subarray(0, length))).toBe('more');
    for (const other of [...OTHER_SERVERS.filter(({ length }) => length > 0), encodeBinding()])
      expect(stunQuestion.read(other)).toBeUndefined();
  });

  it('is bounded whatever comes', () => expectBounded(stunQuestion, [COTURN]));
});

describe('CoAP', () => {
  it('reads the resources of libcoap', async () => {
    const server = await udpServer(() => [LIBCOAP]);
    const facts = await askUdp(coapQuestion, server.port);
    server.close();
    expect(facts).toEqual({
      name: 'coap',
      access: 'open',
      fields: [
        ['code', '2.05'],
        ['resource', '/'],
        ['resource', '/time'],
        ['resource', '/async'],
        ['resource', '/example_data'],
      ],
      concerns: ['data-shown'],
    });
    expect(server.requests[0]).toEqual(Buffer.from(encodeDiscovery()));
  });

  it('needs a list of links from a stranger, or its own token', () => {
    const refusal = hex('64814a6973656b69');
    expect(coapQuestion.read(refusal)).toMatchObject({ access: 'password', fields: [['code', '4.01']] });
    expect(coapQuestion.read(hex('64814a6973656b6a'))).toBeUndefined();
    expect(parseAnswer(hex('6481'))).toBeUndefined();
    expect(resourcesOf('hello')).toBeUndefined();
    for (const other of [...OTHER_SERVERS, encodeDiscovery()])
      expect(coapQuestion.read(other)).toBeUndefined();
  });

  it('is bounded whatever comes', () => expectBounded(coapQuestion, [LIBCOAP]));
});
