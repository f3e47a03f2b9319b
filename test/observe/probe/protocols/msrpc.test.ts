import { afterEach, describe, expect, it } from 'vitest';
import {
  encodeBind,
  parseBindAnswer,
  parseLookup,
} from '../../../../src/observe/probe/protocols/msrpc/packets.ts';
import { msrpcQuestion } from '../../../../src/observe/probe/protocols/msrpc/question.ts';
import { DC, answerOf, answersOf, asRecorded, turnsOf } from './directory-recorded.ts';
import { askTcp, askTcpWithTls } from './line.ts';
import { OTHER_SERVERS, expectBounded, hex, mutationsOf } from './mutated.ts';
import { HOSTILE_PEERS, drippingFirst, tcpServer } from './tcp-server.ts';
import fc from 'fast-check';

const SAMBA = `${DC}, msrpc`;

let server: Awaited<ReturnType<typeof tcpServer>> | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

describe('MSRPC endpoint mapper against recorded Samba', () => {
  it('lists what can be reached, and the names of the server', async () => {
    server = await tcpServer(asRecorded(SAMBA));
    const { facts, held } = await askTcpWithTls(msrpcQuestion, server.port);
    expect(held).toBe(0);
    expect(facts).toMatchObject({ name: 'msrpc', access: 'unknown', concerns: ['data-shown'] });
    expect(facts?.fields.slice(0, 8)).toEqual([
      ['bind', 'accepted'],
      ['computer-name', 'DC01'],
      ['domain-name', 'CORP'],
      ['dns-computer-name', 'dc01.corp.example'],
      ['dns-domain-name', 'corp.example'],
      ['os-build', '6.1.0'],
      ['system-time', expect.stringMatching(/^2026-11-21T03:27/)],
      ['endpoints', '53'],
    ]);
    expect(facts?.fields).toContainEqual(['endpoint', 'ncacn_ip_tcp:49152 netlogon, mgmt']);
    expect(facts?.fields).toContainEqual(['endpoint', String.raw`ncacn_np:\pipe\samr samr, mgmt`]);
  });

  it('is content with a bind that is refused', async () => {
    const refusal = hex('05000d03100000001800000001000000', '0400010500000000');
    server = await tcpServer((socket) => socket.on('data', () => socket.write(refusal)));
    expect(await askTcp(msrpcQuestion, server.port)).toEqual({
      name: 'msrpc',
      access: 'unknown',
      fields: [['bind', 'refused']],
      concerns: [],
    });
  });

  it('is content with a bind when the list is refused', async () => {
    const fault = hex('05000323100000002000000002000000', '00000000000000000500000000000000');
    const bind = answerOf(SAMBA);
    server = await tcpServer((socket) =>
      socket.on('data', (request) => socket.write(request[2] === 0 ? fault : bind)),
    );
    expect((await askTcp(msrpcQuestion, server.port))?.fields).toEqual([['bind', 'accepted']]);
  });

  it('reads an answer that comes one byte at a time', async () => {
    server = await tcpServer(drippingFirst(answerOf(SAMBA)));
    const facts = await askTcp(msrpcQuestion, server.port, { answerTimeoutMs: 300 });
    expect(facts?.fields).toEqual([['bind', 'accepted']]);
  });
});

describe('MSRPC packets', () => {
  const captures = answersOf(SAMBA);
  const list = answerOf(SAMBA, 1);

  it('reads every entry with interface, version, annotation and binding', () => {
    const endpoints = parseLookup(list);
    if (endpoints === undefined || endpoints === 'more') throw new Error('no list');
    expect(endpoints).toHaveLength(53);
    expect(endpoints.find(({ annotation }) => annotation === 'netlogon')).toEqual({
      uuid: '12345678-1234-abcd-ef00-01234567cffb',
      version: '1.0',
      annotation: 'netlogon',
      binding: 'ncacn_ip_tcp:49152',
    });
  });

  it('waits for the last fragment', () => {
    expect(parseLookup(list.subarray(0, list.length - 1))).toBe('more');
    const first = list.readUInt16LE(8);
    expect(first).toBeLessThan(list.length);
    expect(parseLookup(list.subarray(0, first))).toBe('more');
  });

  it('keeps the challenge behind the bind answer', () => {
    const answer = parseBindAnswer(answerOf(SAMBA, 2));
    expect(answer).toMatchObject({ accepted: true, address: '135' });
    const request = Buffer.from(encodeBind(Buffer.alloc(40)));
    expect([request.readUInt16LE(8), request.readUInt16LE(10)]).toEqual([request.length, 40]);
  });

  it('takes no other server for MSRPC, and not its own requests', () => {
    const binary = [hex('0500'), hex('05000203'), hex('0500', '00'.repeat(40)), hex('05000c0310000000ffff')];
    for (const other of [...OTHER_SERVERS, ...binary, ...turnsOf(SAMBA).map(([sent]) => sent)]) {
      expect(msrpcQuestion.read(other)).toBeUndefined();
    }
  });

  it('never throws, and never says more than the model allows', () => {
    expectBounded(msrpcQuestion, captures);
    fc.assert(
      fc.property(mutationsOf([list]), (bytes) => {
        const endpoints = parseLookup(bytes);
        if (endpoints === undefined || endpoints === 'more') return;
        expect(endpoints.length).toBeLessThanOrEqual(512);
        for (const { annotation } of endpoints) expect(annotation.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  it.each(HOSTILE_PEERS)('ends with nothing at %s', async (_, play) => {
    server = await tcpServer(play);
    const { facts, held } = await askTcpWithTls(msrpcQuestion, server.port, { answerTimeoutMs: 200 });
    expect([facts, held]).toEqual([undefined, 0]);
  });
});
