import { describe, expect, it } from 'vitest';
import { ircQuestion } from '../../../../src/observe/probe/protocols/irc/question.ts';
import { mikrotikApiQuestion } from '../../../../src/observe/probe/protocols/mikrotik-api/question.ts';
import { askTcp } from './line.ts';
import { expectBounded, OTHER_SERVERS, text } from './mutated.ts';
import { drippingFirst, HOSTILE_PEERS, tcpServer } from './tcp-server.ts';

/** ngircd 26.1-1+deb12u1. */
const NGIRCD = text(':irc.example.jp CAP * LS :multi-prefix', '');
const NOTICE = text(':irc.example.net NOTICE * :*** Looking up your hostname...', '');
const NOT_LOGGED_IN = Buffer.from('\x06!fatal\x0dnot logged in\x00', 'latin1');
const TRAP = Buffer.from('\x05!trap\x15=message=no such item\x00', 'latin1');

describe('IRC', () => {
  it('reads the capabilities of ngircd, one byte at a time', async () => {
    const server = await tcpServer(drippingFirst(NGIRCD));
    expect(await askTcp(ircQuestion, server.port)).toEqual({
      name: 'irc',
      access: 'unknown',
      fields: [
        ['server', 'irc.example.jp'],
        ['capabilities', 'multi-prefix'],
      ],
      concerns: [],
    });
    server.close();
  });

  it('takes a notice for a greeting, and nothing else that begins with a colon', () => {
    expect(ircQuestion.read(NOTICE)?.fields).toContainEqual(['server', 'irc.example.net']);
    for (const other of [
      ...OTHER_SERVERS,
      text(':irc PRIVMSG x', ''),
      text('CAP LS 302', ''),
      text('ERROR', ''),
    ])
      expect(ircQuestion.read(other)).toBeUndefined();
    expectBounded(ircQuestion, [NGIRCD, NOTICE]);
  });
});

describe('the API of RouterOS', () => {
  it('says that nobody is logged in', async () => {
    const server = await tcpServer(drippingFirst(NOT_LOGGED_IN));
    expect(await askTcp(mikrotikApiQuestion, server.port)).toEqual({
      name: 'mikrotik-api',
      access: 'password',
      fields: [['message', 'not logged in']],
      concerns: [],
    });
    server.close();
    expect(mikrotikApiQuestion.read(TRAP)?.fields).toEqual([['message', 'no such item']]);
  });

  it('is bounded, and nothing else', () => {
    expectBounded(mikrotikApiQuestion, [NOT_LOGGED_IN, TRAP]);
    const request = Buffer.from('\x05/quit\x00', 'latin1');
    for (const other of [...OTHER_SERVERS, request]) expect(mikrotikApiQuestion.read(other)).toBeUndefined();
  });
});

it.each(HOSTILE_PEERS)('hang on nothing: %s', async (_, play) => {
  for (const question of [ircQuestion, mikrotikApiQuestion]) {
    const server = await tcpServer(play);
    expect(await askTcp(question, server.port, { answerTimeoutMs: 40 })).toBeUndefined();
    server.close();
  }
});
