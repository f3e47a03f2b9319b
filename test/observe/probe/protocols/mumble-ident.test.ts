import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../../src/observe/probe/protocols/ident/packets.ts';
import { identQuestion } from '../../../../src/observe/probe/protocols/ident/question.ts';
import { parsePing, parseVersion } from '../../../../src/observe/probe/protocols/mumble/packets.ts';
import {
  mumblePingQuestion,
  mumbleQuestion,
} from '../../../../src/observe/probe/protocols/mumble/question.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
// mumble-server 1.3.4-4 of Debian 12: the first message inside TLS, and the answer to a ping.
const VERSION = Buffer.concat([
  hex('00000000003208848604'),
  hex('1207'),
  Buffer.from('1.3.4-4'),
  hex('1a03'),
  Buffer.from('X11'),
  hex('221e'),
  Buffer.from('Debian GNU/Linux 12 (bookworm)'),
]);
const PING = hex('0001030473656b6973686f3100000000000003e800011940');

describe('Mumble', () => {
  it('reads the version that the server sends by itself', () => {
    expect(mumbleQuestion.read(VERSION)).toMatchObject({
      name: 'mumble',
      product: 'Mumble server',
      version: '1.3.4',
      fields: [
        ['release', '1.3.4-4'],
        ['system', 'X11 Debian GNU/Linux 12 (bookworm)'],
      ],
    });
  });

  it('reads the answer to a ping', () => {
    expect(mumblePingQuestion.read(PING)).toMatchObject({
      version: '1.3.4',
      fields: [
        ['users', '0'],
        ['maximum', '1000'],
      ],
    });
  });

  it('waits for the rest of a message, and believes no other bytes', () => {
    for (let end = 0; end < VERSION.length; end += 1) {
      expect(parseVersion(VERSION.subarray(0, end))).toBe('more');
    }
    for (let end = 0; end < PING.length; end += 1) expect(parsePing(PING.subarray(0, end))).toBeUndefined();
    expect(parseVersion(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))).toBeUndefined();
    expect(parseVersion(Buffer.alloc(64))).toBeUndefined();
  });

  it('never throws, and takes no noise for an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parsePing(bytes)).toBeUndefined();
        parseVersion(bytes);
        parseVersion(Buffer.concat([hex('00000000'), bytes]));
      }),
    );
  });

  it('bounds what it shows of a mutated message', () => {
    fc.assert(
      fc.property(fc.nat(VERSION.length - 1), fc.nat(255), (at, byte) => {
        const mutated = Buffer.from(VERSION);
        mutated[at] = byte;
        const facts = mumbleQuestion.read(mutated);
        for (const [, value] of facts?.fields ?? []) expect(value.length).toBeLessThanOrEqual(256);
      }),
    );
  });
});

describe('ident', () => {
  // oidentd 2.5.0 of Debian 12.
  const REPLY = Buffer.from('0,0:ERROR:INVALID-PORT\r\n');

  it('reads an error', () => {
    expect(identQuestion.read(REPLY)).toMatchObject({ name: 'ident', fields: [['error', 'INVALID-PORT']] });
  });

  it('reads a name', () => {
    expect(identQuestion.read(Buffer.from('0 , 0 : USERID : UNIX : nobody\r\n'))).toMatchObject({
      fields: [['user', 'UNIX : nobody']],
    });
  });

  it('waits for the line, and believes no other', () => {
    for (let end = 1; end < REPLY.length; end += 1) expect(parseReply(REPLY.subarray(0, end))).toBe('more');
    expect(parseReply(Buffer.from('220 ftp ready\r\n'))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const reply = parseReply(bytes);
        expect(reply === undefined || reply === 'more').toBe(true);
      }),
    );
  });
});
