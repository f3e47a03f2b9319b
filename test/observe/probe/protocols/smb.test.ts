import { afterEach, describe, expect, it } from 'vitest';
import {
  encodeSessionRequest,
  frame,
  parseSessionResponse,
  unframe,
} from '../../../../src/observe/probe/protocols/smb/framing.ts';
import { smbQuestion } from '../../../../src/observe/probe/protocols/smb/question.ts';
import * as smb1 from '../../../../src/observe/probe/protocols/smb/smb1.ts';
import * as smb2 from '../../../../src/observe/probe/protocols/smb/smb2.ts';
import type { Reading, TcpLine } from '../../../../src/observe/probe/question.ts';
import { DC, answerOf, answersOf, asRecorded, turnsOf } from './directory-recorded.ts';
import { askTcp, askTcpWithTls } from './line.ts';
import { OTHER_SERVERS, expectBounded, hex } from './mutated.ts';
import { HOSTILE_PEERS, drippingFirst, tcpServer } from './tcp-server.ts';

const DEFAULT = 'smbd 4.17.12-Debian, default';
const OLD = 'smbd 4.17.12-Debian, server min protocol = NT1';
const STRICT = 'smbd 4.17.12-Debian, server signing = mandatory';

let server: Awaited<ReturnType<typeof tcpServer>> | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

describe('SMB against recorded Samba', () => {
  it('says what a server of today offers and that it refuses SMB1', async () => {
    server = await tcpServer(asRecorded(DEFAULT));
    const { facts, held } = await askTcpWithTls(smbQuestion, server.port);
    expect(held).toBe(0);
    expect(facts).toEqual({
      name: 'smb',
      access: 'unknown',
      fields: [
        ['dialect', '3.1.1'],
        ['signing', 'enabled'],
        ['encryption', 'offered'],
        ['cipher', 'AES-128-GCM'],
        ['signing-algorithm', 'AES-GMAC'],
        ['server-guid', '656c6966-702d-616c-696e-000000000000'],
        ['server-guid-text', 'file-plain'],
        ['system-time', expect.stringMatching(/^2026-11-21T03:2\d/)],
        ['smb1', 'refused'],
        ['computer-name', 'FILE-PLAIN'],
        ['domain-name', 'FILE-PLAIN'],
        ['dns-computer-name', 'vm'],
        ['os-build', '6.1.0'],
      ],
      concerns: ['signing-not-required'],
    });
  });

  it('tells SMB1 and the version that it gives away', async () => {
    server = await tcpServer(asRecorded(OLD));
    const facts = await askTcp(smbQuestion, server.port);
    expect(facts).toMatchObject({ product: 'Samba', version: '4.17.12-Debian' });
    expect(facts?.concerns).toEqual(['smb1', 'signing-not-required']);
    expect(facts?.fields).toEqual(
      expect.arrayContaining([
        ['smb1', 'accepted'],
        ['smb1-signing', 'disabled'],
        ['smb1-security', 'user'],
        ['native-os', 'Windows 6.1'],
        ['native-lan-manager', 'Samba 4.17.12-Debian'],
      ]),
    );
  });

  it('has nothing to say against required signing', async () => {
    server = await tcpServer(asRecorded(STRICT));
    const facts = await askTcp(smbQuestion, server.port);
    expect(facts?.concerns).toEqual([]);
    expect(facts?.fields).toContainEqual(['signing', 'required']);
  });

  it('finds a server that has SMB1 only', async () => {
    const turns = turnsOf(OLD).slice(2);
    server = await tcpServer((socket) => {
      socket.on('data', (request) => {
        const turn = turns.find(([sent]) => sent.equals(request));
        if (turn === undefined) socket.destroy();
        else socket.write(turn[1]);
      });
    });
    const facts = await askTcp(smbQuestion, server.port);
    expect(facts?.product).toBe('Samba');
    expect(facts?.fields[0]).toEqual(['smb1', 'accepted']);
    expect(facts?.fields).toContainEqual(['computer-name', 'FILE-OLD']);
  });

  it('waits for an answer that comes one byte at a time', async () => {
    server = await tcpServer(drippingFirst(answerOf(DEFAULT)));
    const facts = await askTcp(smbQuestion, server.port, { answerTimeoutMs: 300 });
    expect(facts?.fields[0]).toEqual(['dialect', '3.1.1']);
    expect(facts?.fields).toContainEqual(['smb1', 'silent']);
  });
});

/** A line at port 139 that answers from `turns`; only what SMB needs of a line. */
function sessionLine(turns: readonly (readonly [Uint8Array, Uint8Array])[]): {
  line: TcpLine;
  sent: Uint8Array[];
} {
  const sent: Uint8Array[] = [];
  const line: TcpLine = {
    address: '127.0.0.1',
    port: 139,
    hostNames: [],
    isTls: false,
    exchange: async <T>(request: Uint8Array | undefined, parse: (received: Uint8Array) => Reading<T>) => {
      if (request !== undefined) sent.push(request);
      const turn = turns.find(([asked]) => request !== undefined && Buffer.compare(asked, request) === 0);
      const reading = turn === undefined ? undefined : parse(turn[1]);
      return reading === 'more' ? undefined : reading;
    },
    isOver: false,
    again: () => undefined,
    startTls: async () => false,
  };
  return { line, sent };
}

describe('NetBIOS sessions', () => {
  it('asks for one on port 139 before each negotiation', async () => {
    const accepted = answerOf(`${DC}, netbios session`);
    const { line, sent } = sessionLine([[encodeSessionRequest(), accepted], ...turnsOf(DEFAULT)]);
    const facts = await smbQuestion.ask(line);
    expect(facts?.fields).toContainEqual(['netbios-session', 'accepted']);
    expect(facts?.fields).toContainEqual(['smb1', 'refused']);
    expect(sent.filter(({ length }) => length === 72)).toHaveLength(2);
  });

  it('goes on without one when the name is refused', async () => {
    const refused = hex('8300000182');
    const { line } = sessionLine([[encodeSessionRequest(), refused], ...turnsOf(DEFAULT)]);
    const facts = await smbQuestion.ask(line);
    expect(facts?.fields).toContainEqual(['netbios-session', 'called-name-not-present']);
    expect(facts?.fields).toContainEqual(['dialect', '3.1.1']);
  });

  it('tells a refusal alone, and writes names as RFC 1001 has them', async () => {
    const { line } = sessionLine([[encodeSessionRequest(), hex('8300000180')]]);
    expect((await smbQuestion.ask(line))?.fields).toEqual([
      ['netbios-session', 'not-listening-on-called-name'],
    ]);
    expect(Buffer.from(encodeSessionRequest()).toString('latin1', 5, 37)).toBe(
      'CKFDENECFDEFFCFGEFFCCACACACACACA',
    );
    expect(parseSessionResponse(hex('82'))).toBe('more');
    expect(parseSessionResponse(hex('8200000100'))).toBeUndefined();
    expect(parseSessionResponse(hex('84000000'))).toBeUndefined();
  });
});

describe('SMB packets', () => {
  const captures = answersOf(DEFAULT, OLD, STRICT);

  it('reads every recorded answer by itself', () => {
    expect(captures.map((capture) => smbQuestion.read(capture)?.name)).toEqual(captures.map(() => 'smb'));
    expect(smbQuestion.read(answerOf(DEFAULT, 1))?.fields).toContainEqual(['os-build', '6.1.0']);
  });

  it('reads what a server of 3.1.1 picks, also what Samba has not got', () => {
    // The recorded answer with the contexts that MS-SMB2 2.2.4.1 describes: AES-256-GCM, LZ77 and LZ4, AES-CMAC.
    const recorded = answerOf(DEFAULT).subarray(4);
    const contexts = hex(
      '0100260000000000010020000100',
      '5e'.repeat(32),
      '0000',
      '0200040000000000010004000000000003000c0000000000',
      '020000000000000002000500',
      '00000000',
      '080004000000000001000100',
    );
    const answer = Buffer.concat([recorded.subarray(0, 128), contexts]);
    answer.writeUInt16LE(4, 64 + 6);
    answer.writeUInt32LE(128, 64 + 60);
    expect(smb2.parseNegotiateResponse(answer)).toMatchObject({
      dialect: '3.1.1',
      cipher: 'AES-256-GCM',
      compression: 'LZ77',
      signingAlgorithm: 'AES-CMAC',
    });
  });

  it('reads the refusal of SMB1 and the answer of a server without Unicode', () => {
    expect(smb1.parseNegotiateResponse(answerOf(DEFAULT, 2).subarray(4))).toEqual({ accepted: false });
    const header = hex('ff534d4273160000c0880000', '00'.repeat(20));
    const words = hex('04ff0000000000', '0000');
    const texts = Buffer.from('Unix\0Samba 3.0.37\0OFFICE\0', 'latin1');
    const count = Buffer.from([texts.length, 0]);
    const facts = smbQuestion.read(frame(Buffer.concat([header, words, count, texts])));
    expect(facts).toMatchObject({ product: 'Samba', version: '3.0.37', concerns: ['smb1'] });
  });

  it('takes no other server for SMB, and not its own requests', () => {
    for (const other of OTHER_SERVERS) expect(smbQuestion.read(other)).toBeUndefined();
    for (const [sent] of turnsOf(OLD)) expect(smbQuestion.read(sent)).toBeUndefined();
    expect(unframe(hex('00ffffff'))).toBeUndefined();
    expect(unframe(hex('00000100', 'aa'.repeat(8)))).toBeUndefined();
    expect(unframe(hex('0000'))).toBe('more');
  });

  it('never throws, and never says more than the model allows', () => expectBounded(smbQuestion, captures));

  it.each(HOSTILE_PEERS)('ends with nothing at %s', async (_, play) => {
    server = await tcpServer(play);
    const { facts, held } = await askTcpWithTls(smbQuestion, server.port, { answerTimeoutMs: 200 });
    expect([facts, held]).toEqual([undefined, 0]);
  });
});
