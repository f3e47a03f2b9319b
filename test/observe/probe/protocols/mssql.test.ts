import { afterEach, describe, expect, it } from 'vitest';
import {
  encodePrelogin,
  parseInstances,
  parsePreloginAnswer,
} from '../../../../src/observe/probe/protocols/mssql/packets.ts';
import {
  mssqlBrowserQuestion,
  mssqlQuestion,
} from '../../../../src/observe/probe/protocols/mssql/question.ts';
import { askTcp, askTcpWithTls, askUdp } from './line.ts';
import { OTHER_SERVERS, expectBounded, hex } from './mutated.ts';
import { HOSTILE_PEERS, drippingFirst, playing, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

let server: { readonly port: number; close: () => void } | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

/** SQL Server 2019 as published (nerva, and config/products/database/mssql.yaml); the byte is the encryption. */
const prelogin = (encryption: string): Uint8Array =>
  hex(
    '0401003000000100',
    '00001f0006010025000102002600010300270000040027000105002800',
    '00ff',
    `0f0007d00000${encryption}0000`,
  );
const response = (text: string): Uint8Array =>
  Buffer.concat([Uint8Array.of(5, text.length & 0xff, text.length >> 8), Buffer.from(text, 'latin1')]);
const TWO_INSTANCES = response(
  'ServerName;DB01;InstanceName;MSSQLSERVER;IsClustered;No;Version;15.0.2000.5;tcp;1433;;' +
    String.raw`ServerName;DB01;InstanceName;ACCOUNTS;IsClustered;Yes;Version;10.50.6000.34;np;\\DB01\pipe\MSSQL$ACCOUNTS\sql\query;tcp;49210;;`,
);

describe('SQL Server', () => {
  it.each([
    ['00', 'login-only', []],
    ['01', 'on', []],
    ['02', 'not-supported', ['clear-text']],
    ['03', 'required', []],
  ])('tells version and encryption %s', async (byte, encryption, concerns) => {
    server = await tcpServer(playing(prelogin(byte)));
    expect(await askTcp(mssqlQuestion, server.port)).toEqual({
      name: 'mssql',
      access: 'password',
      product: 'Microsoft SQL Server',
      version: '15.0.2000',
      fields: [['encryption', encryption]],
      concerns,
    });
  });

  it('sends options that stand where its list says', () => {
    const request = encodePrelogin();
    expect(Buffer.from(request).readUInt16BE(2)).toBe(request.length);
    // Turned into an answer, the request can be read by the same rules.
    const mirrored = Uint8Array.from(request);
    mirrored[0] = 4;
    expect(parsePreloginAnswer(mirrored)).toEqual({
      version: '15.0.0',
      encryption: 'login-only',
      federated: false,
    });
  });

  it('reads options as tedious 18 writes them, log-in by an identity provider included', () => {
    const payload = hex(
      '00001f000601002500010200260001030027000404002b000106002c0001ff',
      '100003e800060100000000000001',
    );
    const head = hex('04010000000001', '00');
    head[3] = head.length + payload.length;
    const facts = mssqlQuestion.read(Buffer.concat([head, payload]));
    expect(facts?.version).toBe('16.0.1000');
    expect(facts?.fields).toEqual([
      ['encryption', 'on'],
      ['federated-login', 'yes'],
    ]);
  });

  it('refuses options that point outside, lack the version or have another size', () => {
    const whole = Buffer.from(prelogin('00'));
    for (const [at, value] of [
      [10, 0xff],
      [8, 9],
      [12, 5],
      [0, 3],
      [1, 0],
      [whole.length - 3, 4],
    ] as const) {
      const changed = Buffer.from(whole);
      changed[at] = value;
      expect(parsePreloginAnswer(changed), `${at}`).toBeUndefined();
    }
    for (let length = 0; length < whole.length; length += 1) {
      expect(parsePreloginAnswer(whole.subarray(0, length))).toBe('more');
    }
  });

  it('lists the instances that the browser names', async () => {
    const udp = await udpServer(() => [TWO_INSTANCES]);
    server = udp;
    const facts = await askUdp(mssqlBrowserQuestion, udp.port);
    expect(udp.requests.map((request) => Buffer.from(request).toString('hex'))).toEqual(['03']);
    expect(facts).toEqual({
      name: 'mssql-browser',
      access: 'unknown',
      product: 'Microsoft SQL Server',
      version: '15.0.2000.5',
      fields: [
        ['server-name', 'DB01'],
        ['instance', 'MSSQLSERVER 15.0.2000.5 tcp 1433'],
        ['instance', String.raw`ACCOUNTS 10.50.6000.34 tcp 49210 np \\DB01\pipe\MSSQL$ACCOUNTS\sql\query`],
        ['clustered', 'yes'],
        ['amplification', String(TWO_INSTANCES.length)],
      ],
      concerns: ['amplifier'],
    });
  });

  it('believes no list of another length, or without instances', () => {
    expect(parseInstances(TWO_INSTANCES.subarray(0, 80))).toBeUndefined();
    expect(parseInstances(response('ServerName;DB01;;'))).toBeUndefined();
    expect(parseInstances(response(';'.repeat(3000)))).toBeUndefined();
    expect(parseInstances(response('ServerName;A;InstanceName;B;Version;1;;'.repeat(100)))).toHaveLength(16);
  });

  it('takes no other server for SQL Server', () => {
    for (const other of [...OTHER_SERVERS, encodePrelogin(), hex('040100'), hex('04010009000001000')]) {
      expect(mssqlQuestion.read(other)).toBeUndefined();
      expect(mssqlBrowserQuestion.read(other)).toBeUndefined();
    }
  });

  it('never throws, and never says more than the model allows', () => {
    expectBounded(mssqlQuestion, [prelogin('00'), prelogin('02')]);
    expectBounded(mssqlBrowserQuestion, [TWO_INSTANCES]);
  });

  it('reads an answer that comes one byte at a time', async () => {
    server = await tcpServer(drippingFirst(prelogin('03')));
    expect((await askTcp(mssqlQuestion, server.port))?.version).toBe('15.0.2000');
  });

  it.each(HOSTILE_PEERS)('ends with nothing at %s', async (_, play) => {
    server = await tcpServer(play);
    const { facts, held } = await askTcpWithTls(mssqlQuestion, server.port, { answerTimeoutMs: 200 });
    expect([facts, held]).toEqual([undefined, 0]);
  });
});
