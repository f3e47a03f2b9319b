import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE, sshString } from '../../../../../src/observe/probe/tcp/ssh/packets.ts';
import {
  encodeNoneRequest,
  encodeServiceRequest,
  parseAuthBanner,
  parseAuthFailure,
  parseDisconnect,
} from '../../../../../src/observe/probe/tcp/ssh/userauth.ts';
import { banner, disconnect, failure } from './small-server.ts';

describe('what we ask', () => {
  it('is the method "none" and carries no other field', () => {
    expect(Buffer.from(encodeServiceRequest()).toString('latin1')).toBe('\x05\0\0\0\x0cssh-userauth');
    expect(Buffer.from(encodeNoneRequest()).toString('latin1')).toBe(
      '\x32\0\0\0\x07sekisho\0\0\0\x0essh-connection\0\0\0\x04none',
    );
  });
});

describe('the list of methods', () => {
  it('comes in the order of the server, with the flag', () => {
    expect(parseAuthFailure(failure('publickey,password'))).toEqual({
      methods: ['publickey', 'password'],
      partialSuccess: false,
    });
    expect(parseAuthFailure(failure('password', true))?.partialSuccess).toBe(true);
    expect(parseAuthFailure(failure(''))?.methods).toEqual([]);
  });

  it('never holds "none": a server that refuses lets nobody in', () => {
    expect(parseAuthFailure(failure('none,password,none'))?.methods).toEqual(['password']);
  });

  it('is bounded and printable', () => {
    const many = Array.from({ length: 500 }, (_, i) => `m${i}`).join(',');
    expect(parseAuthFailure(failure(many))?.methods).toHaveLength(32);
    expect(parseAuthFailure(failure('a b,\x1b[31m,password,password,é'))?.methods).toEqual(['password']);
    expect(parseAuthFailure(failure('x'.repeat(5000)))?.methods).toEqual(['x'.repeat(64)]);
  });

  it('is not read from what is cut short or another message', () => {
    const whole = failure('publickey,password');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (cut) => {
        expect(parseAuthFailure(whole.subarray(0, cut))).toBeUndefined();
      }),
    );
    expect(parseAuthFailure(Uint8Array.of(MESSAGE.userauthSuccess))).toBeUndefined();
  });
});

describe('text', () => {
  it('of the banner is UTF-8 and bounded', () => {
    expect(parseAuthBanner(banner('関係者以外の接続を禁じる\r\n'))).toBe('関係者以外の接続を禁じる');
    expect(parseAuthBanner(banner('y'.repeat(30_000)))).toHaveLength(2048);
    expect(parseAuthBanner(banner('text').subarray(0, 7))).toBeUndefined();
  });

  it('of a disconnect is made fit to show', () => {
    expect(parseDisconnect(disconnect(2, 'Too many\x1b[2J authentication\r\nfailures'))).toBe(
      'the server disconnected (2): Too many␛[2J authentication failures',
    );
    expect(parseDisconnect(Uint8Array.of(MESSAGE.disconnect))).toBe('the server disconnected');
    expect(parseDisconnect(disconnect(2, 'z'.repeat(5000)))?.length).toBeLessThan(250);
  });

  it('never throws on bytes of strangers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1, 51, 53), (bytes, message) => {
        const payload = Buffer.concat([Uint8Array.of(message), bytes]);
        for (const parse of [parseAuthFailure, parseAuthBanner, parseDisconnect]) parse(payload);
        parseAuthFailure(
          Buffer.concat([Uint8Array.of(51), sshString(bytes), Uint8Array.of(0)]),
        )?.methods.forEach((name) => expect(name).toMatch(/^[\x21-\x7e]{1,64}$/));
      }),
    );
  });
});
