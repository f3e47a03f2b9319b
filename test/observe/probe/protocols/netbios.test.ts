import { afterEach, describe, expect, it } from 'vitest';
import {
  encodeNodeStatusRequest,
  parseNodeStatus,
} from '../../../../src/observe/probe/protocols/netbios/packets.ts';
import { netbiosNameQuestion } from '../../../../src/observe/probe/protocols/netbios/question.ts';
import { DC, answerOf } from './directory-recorded.ts';
import { askUdp } from './line.ts';
import { OTHER_SERVERS, expectBounded, hex } from './mutated.ts';
import { udpServer } from './udp-server.ts';

let server: Awaited<ReturnType<typeof udpServer>> | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

/** Samba 4.17.12 as a domain controller; its transaction number is 0x1234. */
const STATUS = answerOf(`${DC}, node status`);

function answerTo(request: Uint8Array): Uint8Array {
  return Buffer.concat([request.subarray(0, 2), STATUS.subarray(2)]);
}

describe('NetBIOS name service', () => {
  it('tells names and roles of a recorded domain controller', async () => {
    server = await udpServer((request) => [answerTo(request)]);
    expect(await askUdp(netbiosNameQuestion, server.port)).toEqual({
      name: 'netbios',
      access: 'unknown',
      fields: [
        ['computer-name', 'DC01'],
        ['domain-name', 'CORP'],
        ['role', 'file-server'],
        ['role', 'domain-controller'],
        ['role', 'domain-master-browser'],
        ['role', 'messenger'],
        ['name', 'DC01<00>'],
        ['name', 'DC01<03>'],
        ['name', 'DC01<20>'],
        ['name', 'CORP<1b>'],
        ['name', 'CORP<1c> group'],
        ['name', 'CORP<00> group'],
        ['name', '__SAMBA__<00> group'],
        ['name', '__SAMBA__<20> group'],
        ['hardware-address', expect.stringMatching(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/)],
      ],
      concerns: [],
    });
  });

  it('passes over an answer to somebody else', async () => {
    server = await udpServer((request) => {
      const other = Buffer.from(answerTo(request));
      other[0] = (other[0] ?? 0) ^ 1;
      return [other];
    });
    expect(await askUdp(netbiosNameQuestion, server.port, { answerTimeoutMs: 100 })).toBeUndefined();
  });

  it('asks for the name "*" as RFC 1002 says', () => {
    expect(Buffer.from(encodeNodeStatusRequest(1)).toString('hex')).toBe(
      `00010000000100000000000020434b${'41'.repeat(30)}0000210001`,
    );
  });

  it('believes only what is whole', () => {
    for (let length = 0; length < 57 + 18 * 8; length += 1) {
      expect(parseNodeStatus(STATUS.subarray(0, length)), `${length}`).toBeUndefined();
    }
    const noAddress = Buffer.from(STATUS);
    noAddress.fill(0, 57 + 18 * 8, 57 + 18 * 8 + 6);
    expect(parseNodeStatus(noAddress)?.hardwareAddress).toBeUndefined();
  });

  it('takes no other answer, and not its own request', () => {
    const refused = hex('80f0801200010000000000002043', '4b', '41'.repeat(30), '0000210001');
    for (const other of [...OTHER_SERVERS, refused, encodeNodeStatusRequest(7)]) {
      expect(netbiosNameQuestion.read(other)).toBeUndefined();
    }
  });

  it('never throws, and never says more than the model allows', () =>
    expectBounded(netbiosNameQuestion, [STATUS]));
});
