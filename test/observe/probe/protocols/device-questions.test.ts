import { describe, expect, it } from 'vitest';
import { adbQuestion, encodeConnect } from '../../../../src/observe/probe/protocols/adb/question.ts';
import { encodeReadProperty, PROPERTY } from '../../../../src/observe/probe/protocols/bacnet/packets.ts';
import { bacnetQuestion } from '../../../../src/observe/probe/protocols/bacnet/question.ts';
import { checkPointTopologyQuestion } from '../../../../src/observe/probe/protocols/check-point-topology/question.ts';
import { encodeListIdentity } from '../../../../src/observe/probe/protocols/ethernet-ip/packets.ts';
import {
  ethernetIpDatagramQuestion,
  ethernetIpQuestion,
} from '../../../../src/observe/probe/protocols/ethernet-ip/question.ts';
import { encodeReadIdentification } from '../../../../src/observe/probe/protocols/modbus/packets.ts';
import { modbusQuestion } from '../../../../src/observe/probe/protocols/modbus/question.ts';
import { encodeTypeRequest, slpQuestion } from '../../../../src/observe/probe/protocols/slp/question.ts';
import { smartInstallQuestion } from '../../../../src/observe/probe/protocols/smart-install/question.ts';
import { stratumQuestion } from '../../../../src/observe/probe/protocols/stratum/question.ts';
import { ubiquitiQuestion } from '../../../../src/observe/probe/protocols/ubiquiti/question.ts';
import { askTcp, askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';
import { drippingFirst, HOSTILE_PEERS, playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

/** python3-pymodbus 3.0.0~rc1. */
const PYMODBUS = hex('4a690000001b002b0e0183000003000850796d6f646275730102504d0203332e30');
const MODBUS_REFUSAL = hex('4a690000000300ab01');
/** A set-top box that lets everybody debug it: the first answer in config/products/iot/adb.yaml, one byte of which is missing. */
const ADB_OPEN_CUT = Buffer.from(
  'Q05YTgEAAAEAEAAAVQAAABAgAAC8saexZGV2aWNlOjpyby5wcm9kdWN0Lm5hbWU9Ym94O3JvLnByb2R1Y3QubW9kZWw9VFY7cm8ucHJvZHVjdC5kZXZpY2U9Ym94OwA=',
  'base64',
);
const ADB_OPEN = Buffer.from(ADB_OPEN_CUT);
ADB_OPEN.writeUInt32LE(ADB_OPEN.length - 24, 12);
const ADB_KEY = Buffer.from('QVVUSAEAAAAAAAAAFAAAABAgAAC8saexYWFhYWFhYWFhYWFhYWFhYWFhYWE=', 'base64');
const SMART_INSTALL = hex('000000040000000000000003000000080000000100000000');
/** In the form that metasploit's checkpoint_hostname reads; names are made up. */
const TOPOLOGY = Buffer.concat([
  hex('0000003600000002'),
  Buffer.from('CN=fw-example,O=mgmt.example.jp.abc123\0\0', 'latin1'),
]);
/** CIP volume 2, §2-4.2.3, with the identity of an example device of vendor 1. */
const LOGIX = hex(
  '63003a0000000000000000000000000000000000000000000100',
  '0c003400',
  '01000002af12c0a80a320000000000000000',
  '01000e0036001413600049b4be00',
  '13',
  Buffer.from('1769-L35E Ethernet ').toString('hex'),
  '03',
);
const bacnetValue = (property: number, value: string): Uint8Array => {
  const apdu = Buffer.concat([
    hex('30690c0c0200007b19'),
    Buffer.of(property),
    hex('3e75'),
    Buffer.of(value.length + 1, 0),
    Buffer.from(value),
    hex('3f'),
  ]);
  return Buffer.concat([hex('810a00'), Buffer.of(apdu.length + 6), hex('0100'), apdu]);
};
const item = (kind: number, value: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.of(kind, 0, value.length), value]);
const UBIQUITI_ITEMS = Buffer.concat([
  item(0x02, hex('788a2021ae7bc0a80114')),
  item(0x01, hex('788a2021ae7b')),
  item(0x03, Buffer.from('XM.ar7240.v5.5.8.20991.131022.1743')),
  item(0x0b, Buffer.from('roof-link')),
  item(0x0c, Buffer.from('N5B')),
  item(0x14, Buffer.from('NanoBridge M5')),
]);
const UBIQUITI = Buffer.concat([Buffer.of(1, 0, 0, UBIQUITI_ITEMS.length), UBIQUITI_ITEMS]);
const SLP_TYPES = 'service:VMwareInfrastructure,service:wbem:https';
const SLP = Buffer.concat([
  hex('020a000046', '0000', '000000', '4a69', '0002', '656e', '0000'),
  Buffer.of(0, SLP_TYPES.length),
  Buffer.from(SLP_TYPES),
]);
SLP.writeUIntBE(SLP.length, 2, 3);

describe('Modbus', () => {
  it('reads the identification of pymodbus, one byte at a time', async () => {
    const server = await tcpServer(drippingFirst(PYMODBUS));
    expect(await askTcp(modbusQuestion, server.port)).toEqual({
      name: 'modbus',
      access: 'open',
      product: 'PM',
      version: '3.0',
      fields: [
        ['unit', '0'],
        ['maker', 'Pymodbus'],
        ['product-code', 'PM'],
        ['revision', '3.0'],
      ],
      concerns: ['no-authentication-type', 'data-shown'],
    });
    server.close();
  });

  it('tries the other numbers of the device before it believes a refusal', async () => {
    const units: number[] = [];
    const server = await tcpServer((socket) => {
      socket.on('data', (data) => {
        units.push(data[6] ?? -1);
        socket.write(MODBUS_REFUSAL);
      });
    });
    expect(await askTcp(modbusQuestion, server.port)).toMatchObject({
      access: 'unknown',
      fields: [
        ['unit', '0'],
        ['exception', '1'],
      ],
    });
    server.close();
    expect(units).toEqual([0, 255, 1]);
  });

  it('only reads, and is asked on its own port only', () => {
    expect(Buffer.from(encodeReadIdentification(0)).toString('hex')).toBe('4a6900000005002b0e0100');
    expect(modbusQuestion).toMatchObject({ ports: [502], elsewhere: 'never' });
  });
});

describe('ADB', () => {
  it('reads the banner of a device that wants no key', async () => {
    const server = await tcpServer(playing(ADB_OPEN));
    expect(await askTcp(adbQuestion, server.port)).toEqual({
      name: 'adb',
      access: 'open',
      product: 'TV',
      fields: [
        ['answer', 'connected'],
        ['state', 'device'],
        ['name', 'box'],
        ['model', 'TV'],
        ['device', 'box'],
      ],
      concerns: ['runs-commands', 'no-authentication-type'],
    });
    server.close();
    expect(adbQuestion.read(ADB_OPEN_CUT)).toMatchObject({ access: 'open', product: 'TV' });
    expect(adbQuestion.read(ADB_KEY)).toMatchObject({ access: 'strong', concerns: [] });
  });

  it('sends the connect packet of protocol.txt', () => {
    expect(Buffer.from(encodeConnect()).toString('hex')).toBe(
      '434e584e00000001001000000700000032020000bcb1a7b1686f73743a3a00',
    );
  });
});

describe('Cisco Smart Install', () => {
  it('has one answer', async () => {
    const server = await tcpServer(drippingFirst(SMART_INSTALL));
    expect(await askTcp(smartInstallQuestion, server.port)).toMatchObject({
      access: 'open',
      concerns: ['runs-commands', 'no-authentication-type'],
    });
    server.close();
  });
});

describe('Check Point topology', () => {
  it('reads the two names', async () => {
    const server = await tcpServer(playing(hex('59000000'), TOPOLOGY));
    expect(await askTcp(checkPointTopologyQuestion, server.port)).toEqual({
      name: 'check-point-topology',
      access: 'open',
      fields: [
        ['firewall', 'fw-example'],
        ['management', 'mgmt.example.jp.abc123'],
      ],
      concerns: ['data-shown'],
    });
    server.close();
  });

  it('takes no certificate of a web server for it', () => {
    expect(checkPointTopologyQuestion.read(text('CN=www.example.jp,O=Example'))).toBeUndefined();
  });
});

describe('EtherNet/IP', () => {
  it('reads the identity over UDP and TCP', async () => {
    const datagrams = await udpServer(() => [encodeListIdentity(), LOGIX]);
    const facts = await askUdp(ethernetIpDatagramQuestion, datagrams.port);
    datagrams.close();
    expect(facts).toEqual({
      name: 'ethernet-ip',
      access: 'open',
      product: '1769-L35E Ethernet',
      version: '20.19',
      fields: [
        ['vendor-id', '1'],
        ['vendor', 'Rockwell Automation/Allen-Bradley'],
        ['device-type', '14'],
        ['product-code', '54'],
        ['revision', '20.19'],
        ['serial', '00beb449'],
        ['own-address', '192.168.10.50'],
      ],
      concerns: ['no-authentication-type', 'data-shown'],
    });
    const server = await tcpServer(drippingFirst(LOGIX));
    expect(await askTcp(ethernetIpQuestion, server.port)).toEqual(facts);
    server.close();
  });
});

describe('BACnet', () => {
  const properties: Readonly<Record<number, string>> = {
    [PROPERTY.vendor]: 'Tridium',
    [PROPERTY.model]: 'NiagaraAX Station',
    [PROPERTY.name]: 'AHU-1',
    [PROPERTY.firmware]: '3.8.38',
  };

  it('reads one property after the other', async () => {
    const server = await udpServer((request) => {
      const property = request[16] ?? 0;
      return [bacnetValue(property, properties[property] ?? '')];
    });
    expect(await askUdp(bacnetQuestion, server.port)).toEqual({
      name: 'bacnet',
      access: 'open',
      product: 'NiagaraAX Station',
      version: '3.8.38',
      fields: [
        ['instance', '123'],
        ['vendor', 'Tridium'],
        ['model', 'NiagaraAX Station'],
        ['object-name', 'AHU-1'],
        ['firmware', '3.8.38'],
      ],
      concerns: ['no-authentication-type', 'data-shown'],
    });
    server.close();
  });

  it('asks what other tools ask, and once only when nothing comes', async () => {
    expect(Buffer.from(encodeReadProperty(0x79)).toString('hex')).toBe('810a001101040005690c0c023fffff1979');
    const server = await udpServer(() => []);
    expect(await askUdp(bacnetQuestion, server.port, { answerTimeoutMs: 40 })).toBeUndefined();
    server.close();
    expect(server.requests).toHaveLength(2);
  });

  it('knows a device that refuses', () => {
    expect(bacnetQuestion.read(hex('810a000d010050690c91009120'))).toMatchObject({
      access: 'unknown',
      concerns: [],
    });
    expect(bacnetQuestion.read(hex('810a0009010060690a'))).toMatchObject({ name: 'bacnet' });
  });
});

describe('Ubiquiti discovery', () => {
  it('measures what four octets bring', async () => {
    const server = await udpServer(() => [UBIQUITI]);
    expect(await askUdp(ubiquitiQuestion, server.port)).toEqual({
      name: 'ubiquiti',
      access: 'open',
      product: 'NanoBridge M5',
      version: '5.5.8',
      fields: [
        ['discovery', '1'],
        ['platform', 'N5B'],
        ['model', 'NanoBridge M5'],
        ['firmware', 'XM.ar7240.v5.5.8.20991.131022.1743'],
        ['host-name', 'roof-link'],
        ['mac', '78:8a:20:21:ae:7b'],
        ['own-address', '192.168.1.20'],
      ],
      concerns: ['data-shown', 'amplifier'],
    });
    server.close();
  });
});

describe('SLP', () => {
  it('reads the kinds of service', async () => {
    const server = await udpServer((request) => [request, SLP]);
    expect(await askUdp(slpQuestion, server.port)).toEqual({
      name: 'slp',
      access: 'open',
      fields: [
        ['service-type', 'service:VMwareInfrastructure'],
        ['service-type', 'service:wbem:https'],
      ],
      concerns: ['data-shown'],
    });
    server.close();
  });

  it('asks in the form of RFC 2608 §10.1', () => {
    expect(Buffer.from(encodeTypeRequest()).toString('hex')).toBe(
      '020900001d00000000004a690002656e0000ffff000764656661756c74',
    );
  });
});

describe('stratum', () => {
  it.each([
    [
      '{"id":1,"result":[[["mining.notify","ae6812eb4cd7735a302a8a9dd95cf71f"]],"08000002",4],"error":null}',
      'subscribed',
    ],
    ['{"id":null,"method":"mining.set_difficulty","params":[1024]}', 'subscribed'],
    ['{"id":1,"jsonrpc":"2.0","error":{"code":-1,"message":"Unauthenticated"},"result":null}', 'refused'],
  ])('%s: %s', async (line, answer) => {
    const server = await tcpServer(playing(text(line, '')));
    expect((await askTcp(stratumQuestion, server.port))?.fields).toContainEqual(['answer', answer]);
    server.close();
  });

  it('is no other JSON-RPC server', () => {
    for (const line of [
      '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}',
      '{"id":1,"result":true}',
      '[1,2]',
      '{',
    ])
      expect(stratumQuestion.read(text(line, ''))).toBeUndefined();
  });
});

describe('all of them', () => {
  const questions = [
    [modbusQuestion, [PYMODBUS, MODBUS_REFUSAL]],
    [adbQuestion, [ADB_OPEN, ADB_KEY]],
    [smartInstallQuestion, [SMART_INSTALL]],
    [checkPointTopologyQuestion, [TOPOLOGY]],
    [ethernetIpQuestion, [LOGIX]],
    [bacnetQuestion, [bacnetValue(PROPERTY.vendor, 'Tridium')]],
    [ubiquitiQuestion, [UBIQUITI]],
    [slpQuestion, [SLP]],
    [stratumQuestion, [text('{"id":null,"method":"mining.notify","params":[]}', '')]],
  ] as const;

  it.each(questions)('$protocol is bounded whatever comes, and no other', (question, captures) => {
    expectBounded(question, captures);
    for (const capture of captures) expect(question.read(capture)?.name).toBe(question.protocol);
    const others = questions.filter(([other]) => other !== question).flatMap(([, list]) => [...list]);
    for (const other of [...OTHER_SERVERS, ...others]) expect(question.read(other)).toBeUndefined();
  });

  it.each(HOSTILE_PEERS)('hang on nothing: %s', async (_, play) => {
    for (const [question] of questions) {
      if (!('elsewhere' in question)) continue;
      const server = await tcpServer(play);
      expect(await askTcp(question, server.port, { answerTimeoutMs: 40 })).toBeUndefined();
      server.close();
    }
  });
});
