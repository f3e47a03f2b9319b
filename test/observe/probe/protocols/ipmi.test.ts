import { describe, expect, it } from 'vitest';
import {
  encodeCapabilitiesRequest,
  encodePing,
  parseCapabilities,
} from '../../../../src/observe/probe/protocols/ipmi/packets.ts';
import { ipmiQuestion } from '../../../../src/observe/probe/protocols/ipmi/question.ts';
import { askUdp } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS } from './mutated.ts';
import { udpServer } from './udp-server.ts';

// ipmi_sim of openipmi 2.0.33-1+b1, with a user without a name and every way to log in, and with md5 only.
const LAX = hex('0600ff0700000000000000000010811c6320003800019706030000000007');
const STRICT = hex('0600ff0700000000000000000010811c632000380001840403000000001c');
const PONG = hex('0600ff06000011be40000010000011be000000008100000000000000');

describe('authentication capabilities', () => {
  it('asks outside any session', () => {
    expect(Buffer.from(encodeCapabilitiesRequest()).toString('hex')).toBe(
      '0600ff07000000000000000000092018c88100388e04b5',
    );
    expect(Buffer.from(encodePing()).toString('hex')).toBe('0600ff06000011be80000000');
  });

  it('reads a controller that lets everybody try', () => {
    expect(ipmiQuestion.read(LAX)).toEqual({
      name: 'ipmi',
      access: 'unknown',
      fields: [
        ['ipmi', '2.0'],
        ['authentication-type', 'none'],
        ['authentication-type', 'md2'],
        ['authentication-type', 'md5'],
        ['authentication-type', 'straight-password'],
        ['user', 'without-name'],
        ['user', 'with-name'],
      ],
      concerns: ['no-authentication-type', 'anonymous-user', 'cleartext-password-offered'],
    });
  });

  it('reads one that wants a user and a password', () => {
    expect(ipmiQuestion.read(STRICT)).toEqual({
      name: 'ipmi',
      access: 'password',
      fields: [
        ['ipmi', '2.0'],
        ['authentication-type', 'md5'],
        ['user', 'with-name'],
      ],
      concerns: [],
    });
  });

  it('reads the presence pong', () => {
    expect(ipmiQuestion.read(PONG)).toEqual({ name: 'ipmi', access: 'unknown', fields: [], concerns: [] });
  });

  it('takes nothing else for an answer', () => {
    const requests = [encodeCapabilitiesRequest(), encodePing()];
    for (const other of [...OTHER_SERVERS, ...requests]) expect(ipmiQuestion.read(other)).toBeUndefined();
    for (let length = 0; length < LAX.length; length += 1)
      expect(parseCapabilities(LAX.subarray(0, length))).toBeUndefined();
    for (let at = 13; at < LAX.length; at += 1) {
      const broken = Uint8Array.from(LAX);
      broken[at] = (broken[at] ?? 0) ^ 0x10;
      expect(parseCapabilities(broken)).toBeUndefined();
    }
  });

  it('is bounded whatever comes', () => expectBounded(ipmiQuestion, [LAX, STRICT, PONG]));

  it('pings a controller that says nothing about its ways', async () => {
    const server = await udpServer((request) => (request[3] === 6 ? [PONG] : []));
    expect((await askUdp(ipmiQuestion, server.port, { answerTimeoutMs: 60 }))?.name).toBe('ipmi');
    server.close();
  });
});
