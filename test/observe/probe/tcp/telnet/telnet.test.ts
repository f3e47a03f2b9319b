import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { optionName, parseTelnet, refuseAll } from '../../../../../src/observe/probe/tcp/telnet/packets.ts';
import { probeTelnet } from '../../../../../src/observe/probe/tcp/telnet/probe.ts';
import { decodeText } from '../../../../../src/observe/probe/tcp/text.ts';
import { contextFor, serve, type Loopback } from '../context.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
let server: Loopback | undefined;
afterEach(() => server?.close());

describe('telnet stream', () => {
  it('is taken apart into commands and text', () => {
    const stream = parseTelnet(hex('fffd18 6c6f fffa1801fff0 67 ffff fff1 fffb01 ff'));
    expect(stream.options).toEqual([
      { command: 'DO', option: 24 },
      { command: 'WILL', option: 1 },
    ]);
    expect(Buffer.from(stream.text)).toEqual(hex('6c6f67ff'));
    expect([1, 24, 200].map(optionName)).toEqual(['ECHO', 'TERMINAL-TYPE', 'option 200']);
  });

  it('refuses offers and requests, and leaves refusals alone', () => {
    const { options } = parseTelnet(hex('fffd18 fffb01 fffc03 fffe05'));
    expect(Buffer.from(refuseAll(options))).toEqual(hex('fffc18 fffe01'));
  });

  it('keeps text without commands as it is, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { text, options } = parseTelnet(bytes);
        if (!bytes.includes(255)) expect(Buffer.from(text)).toEqual(Buffer.from(bytes));
        expect(text.length + options.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('text of devices', () => {
  it('is read in the encodings of old Japanese devices', () => {
    expect(decodeText(hex('a5eda5b0a5a4a5f3'))).toBe('ログイン');
    expect(decodeText(hex('838d834f83438393'))).toBe('ログイン');
    expect(decodeText(Buffer.from('ログイン'))).toBe('ログイン');
    expect(decodeText(hex('63616ee9'))).toBe('cané');
    expect(decodeText(Buffer.from('aログイン'), 1)).toBe('a');
  });
});

describe('telnet conversation', () => {
  it('refuses every option over several rounds and reads the prompt', async () => {
    // As inetutils telnetd does it: it negotiates first and prints its issue text when that is over.
    const rounds = ['fffd18 fffd20 fffd23 fffd27', 'fffb03 fffd01 fffd1f fffb05 fffd21'].map(hex);
    server = await serve((socket) => {
      let next = 1;
      socket.write(rounds[0] ?? '');
      socket.on('data', () => {
        if (next < rounds.length) socket.write(rounds[next] ?? '');
        else if (next === rounds.length) socket.write('Debian GNU/Linux 12\r\nhost login: ');
        next += 1;
      });
    });
    const context = contextFor(server.port, { answerTimeoutMs: 1500 });
    const { facts, status } = await probeTelnet(context, await context.dial());
    expect(status).toBe('open');
    expect(facts.telnet?.text).toBe('Debian GNU/Linux 12\r\nhost login: ');
    expect(facts.telnet?.options.slice(0, 2)).toEqual([
      { command: 'DO', option: 'TERMINAL-TYPE' },
      { command: 'DO', option: 'TERMINAL-SPEED' },
    ]);
    // Nothing but WONT and DONT ever goes out.
    expect(server.received[0]).toEqual(hex('fffc18 fffc20 fffc23 fffc27 fffe03 fffc01 fffc1f fffe05 fffc21'));
    expect(context.held()).toBe(0);
  });

  it('leaves a server alone that negotiates for ever', async () => {
    server = await serve((socket) => {
      socket.write(hex('fffd18'));
      socket.on('data', () => socket.write(hex('fffd18')));
    });
    const context = contextFor(server.port, { answerTimeoutMs: 300 });
    const { facts } = await probeTelnet(context, await context.dial());
    expect(facts.telnet?.options.length).toBeGreaterThan(1);
    expect(server.received[0]?.length).toBeLessThanOrEqual(9);
  });

  it('ends a stream that never pauses', async () => {
    server = await serve((socket) => {
      socket.write(hex('fffd18'));
      const timer = setInterval(() => socket.write('x'.repeat(4000)), 5);
      socket.on('close', () => clearInterval(timer));
    });
    const context = contextFor(server.port, { answerTimeoutMs: 1000 });
    const { facts } = await probeTelnet(context, await context.dial());
    expect(facts.telnet?.text.length).toBeLessThanOrEqual(2048);
    expect(context.held()).toBe(0);
  });
});
