import { afterEach, describe, expect, it } from 'vitest';
import {
  UNKNOWN_EXTENSION,
  encodeAsRequest,
  parseError,
  parseFramedError,
  withLength,
} from '../../../../src/observe/probe/protocols/kerberos/packets.ts';
import {
  kerberosDatagramQuestion,
  kerberosQuestion,
} from '../../../../src/observe/probe/protocols/kerberos/question.ts';
import { DC, answerOf, answersOf, turnsOf } from './directory-recorded.ts';
import { askTcp, askTcpWithTls, askUdp } from './line.ts';
import { OTHER_SERVERS, expectBounded, hex } from './mutated.ts';
import { HOSTILE_PEERS, drippingFirst, tcpServer } from './tcp-server.ts';
import { udpServer } from './udp-server.ts';

const SAMBA = `${DC}, kerberos`;
const MIT = 'krb5-kdc 1.20.1';
const HEIMDAL = 'heimdal-kdc 7.8';

let server: { readonly port: number; close: () => void } | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

/** The request has a number of its own each time, so that the turn counts and not the bytes. */
async function ask(name: string) {
  const [first, second] = answersOf(name);
  server = await tcpServer((socket) => {
    socket.on('data', (request) => {
      const isExtension = Buffer.compare(request, UNKNOWN_EXTENSION) === 0;
      const answer = isExtension ? second : first;
      if (answer === undefined) socket.end();
      else socket.write(answer);
    });
  });
  return askTcp(kerberosQuestion, server.port);
}

describe('Kerberos against recorded servers', () => {
  it('learns the realm of MIT from its refusal of a length', async () => {
    expect(await ask(MIT)).toEqual({
      name: 'kerberos',
      access: 'unknown',
      fields: [
        ['error', 'KDC_ERR_C_PRINCIPAL_UNKNOWN'],
        ['error-text', 'NULL_CLIENT'],
        ['server-time', expect.stringMatching(/^2026-11-21T03:27:2\d\.000Z$/)],
        ['realm', 'SEKISHO.INVALID'],
        ['service', 'krbtgt/SEKISHO.INVALID'],
        ['own-realm', 'MIT.EXAMPLE'],
      ],
      concerns: [],
    });
  });

  it('tells Heimdal and Samba apart by error and text', async () => {
    const heimdal = await ask(HEIMDAL);
    expect(heimdal?.fields.slice(0, 2)).toEqual([
      ['error', 'KRB_ERR_GENERIC'],
      ['error-text', 'No client in request'],
    ]);
    // Its refusal of the length says "<unspecified realm>".
    expect(heimdal?.fields.map(([name]) => name)).not.toContain('own-realm');
    server?.close();
    expect((await ask(SAMBA))?.fields.slice(0, 2)).toEqual([
      ['error', 'KDC_ERR_C_PRINCIPAL_UNKNOWN'],
      ['error-text', 'No client in request'],
    ]);
  });

  it('asks the same over UDP, without the length and without a name', async () => {
    const answer = answerOf(`${DC}, kerberos over UDP`);
    const udp = await udpServer(() => [answer]);
    server = udp;
    const facts = await askUdp(kerberosDatagramQuestion, udp.port);
    expect(facts?.fields).toContainEqual(['server-time', '2026-11-21T03:27:24.000Z']);
    const [request] = udp.requests;
    expect(request?.[0]).toBe(0x6a);
    // cname [1] of the request body is absent: kdc-options [0] are followed by realm [2].
    expect(Buffer.from(request ?? []).toString('hex')).toContain('a00703050000000000a211');
  });
});

describe('Kerberos packets', () => {
  const captures = answersOf(SAMBA, MIT, HEIMDAL);

  it('has the length before the message and asks for another number each time', () => {
    const request = withLength(encodeAsRequest(1));
    expect(Buffer.from(request).readUInt32BE(0)).toBe(request.length - 4);
    expect(Buffer.compare(encodeAsRequest(1), encodeAsRequest(2))).not.toBe(0);
  });

  it('waits for the whole and refuses what follows it', () => {
    const whole = answerOf(MIT);
    expect(parseFramedError(whole.subarray(0, 3))).toBe('more');
    expect(parseFramedError(whole.subarray(0, whole.length - 1))).toBe('more');
    expect(parseFramedError(hex('7fffffff'))).toBeUndefined();
    expect(parseError(Buffer.concat([whole.subarray(4), hex('00')]))).toBeUndefined();
    expect(parseError(whole.subarray(4))?.realm).toBe('SEKISHO.INVALID');
  });

  it('reads the refusal of Windows, which has no text, and no date that is none', () => {
    // As nmap-service-probes has it: error 68, realm and service as they were asked for.
    const windows =
      '7e4a3048a003020105a10302011ea411180f32303236303232393132303030305aa50502030186a0a603020144a9041b024e4daa17' +
      '3015a003020100a10e300c1b066b72627467741b024e4d';
    const leapless = parseError(hex(windows));
    expect(leapless).toBeUndefined();
    const facts = kerberosDatagramQuestion.read(hex(windows.replace('3032323931', '3032323831')));
    expect(facts?.fields).toEqual([
      ['error', 'KDC_ERR_WRONG_REALM'],
      ['server-time', '2026-02-28T12:00:00.000Z'],
      ['realm', 'NM'],
      ['service', 'krbtgt/NM'],
    ]);
  });

  it('takes no other server for Kerberos, and not its own requests', () => {
    for (const other of [...OTHER_SERVERS, ...turnsOf(MIT).map(([sent]) => sent)]) {
      expect(kerberosQuestion.read(other)).toBeUndefined();
      expect(kerberosDatagramQuestion.read(other)).toBeUndefined();
    }
  });

  it('never throws, and never says more than the model allows', () => {
    expectBounded(kerberosQuestion, captures);
    expectBounded(
      kerberosDatagramQuestion,
      captures.map((capture) => capture.subarray(4)),
    );
  });

  it('reads an answer that comes one byte at a time', async () => {
    server = await tcpServer(drippingFirst(answerOf(MIT)));
    expect((await askTcp(kerberosQuestion, server.port, { answerTimeoutMs: 300 }))?.name).toBe('kerberos');
  });

  it.each(HOSTILE_PEERS)('ends with nothing at %s', async (_, play) => {
    server = await tcpServer(play);
    const { facts, held } = await askTcpWithTls(kerberosQuestion, server.port, { answerTimeoutMs: 200 });
    expect([facts, held]).toEqual([undefined, 0]);
  });
});
