import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../../../src/observe/probe/tcp/http/answer.ts';
import { decodeContent } from '../../../../../src/observe/probe/tcp/http/content-encoding.ts';
import { parseLenient, startsLikeHttp } from '../../../../../src/observe/probe/tcp/http/lenient.ts';
import { hostHeader, resolveTarget } from '../../../../../src/observe/probe/tcp/http/origin.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('parseLenient', () => {
  it('reads what a strict parser refuses', () => {
    const text =
      'HTTP/1.0 200\nServer: old\x01dev\x80\nno colon here\nX-Folded: a\n  b\nServer : two\n\n<html>hello';
    expect(parseLenient(bytes(text))).toEqual({
      status: 200,
      headers: [
        ['Server', 'old\x01dev\x80'],
        ['X-Folded', 'a b'],
        ['Server', 'two'],
      ],
      body: bytes('<html>hello'),
      truncated: false,
    });
  });

  it('reads HTTP/0.9 when it is plainly a page', () => {
    expect(parseLenient(bytes('<HTML><TITLE>x</TITLE>'))).toMatchObject({ status: 0, headers: [] });
    expect(parseLenient(bytes('\r\n<!DOCTYPE html><p>'))).toMatchObject({ status: 0 });
  });

  it.each([
    'SSH-2.0-x\r\n',
    '220 ftp\r\n',
    "<?xml version='1.0'?><stream:stream>",
    'RTSP/1.0 200 OK\r\n\r\n',
    '',
    'HTTP/1.1 20\r\n',
    '<p>',
  ])('does not take %s for HTTP', (text) => {
    expect(parseLenient(bytes(text))).toBeUndefined();
    expect(startsLikeHttp(bytes(text))).toBe(false);
  });

  it('puts chunks together and notices when the last one is missing', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n';
    expect(parseLenient(bytes(`${head}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n`))).toMatchObject({
      body: bytes('abcde'),
      truncated: false,
    });
    expect(parseLenient(bytes(`${head}3\r\nabc\r\n9\r\nde`))).toMatchObject({
      body: bytes('abcde'),
      truncated: true,
    });
    expect(parseLenient(bytes(`${head}<html>not chunked`))).toMatchObject({
      body: bytes('<html>not chunked'),
    });
  });

  it('obeys Content-Length', () => {
    expect(parseLenient(bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc'))).toMatchObject({
      body: bytes('ab'),
      truncated: false,
    });
    expect(parseLenient(bytes('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'))).toMatchObject({
      truncated: true,
    });
  });

  it('bounds a flood of headers', () => {
    const flood = parseLenient(bytes(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}\r\n`));
    expect(flood?.status).toBe(200);
    expect(flood?.headers).toHaveLength(256);
    expect(flood?.truncated).toBe(true);
  });

  it('never throws; random, cut and damaged answers', () => {
    const good = bytes(
      'HTTP/1.1 200 OK\r\nServer: x\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    );
    const damaged = fc
      .tuple(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length))
      .map(([at, value, length]) => {
        const copy = Buffer.from(good);
        copy[at] = value;
        return copy.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), (input) => {
        const answer = parseLenient(input);
        if (answer === undefined) return;
        expect(answer.body.length).toBeLessThanOrEqual(input.length);
        expect(answer.status === 0 || (answer.status >= 0 && answer.status <= 999)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes linear time', () => {
    const before = performance.now();
    for (const part of ['\r\n', '\n', ' ', 'a:', '1\r\na\r\n', '1\n', '0'])
      parseLenient(
        bytes(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${part.repeat(1_000_000 / part.length)}`),
      );
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('decodeContent', () => {
  const text = bytes('<title>hello</title>'.repeat(10));

  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
    ['identity', text],
    ['', text],
    ['unknown', text],
    ['gzip', text],
  ])('undoes %s', async (encoding, body) => {
    expect(await decodeContent(body, encoding, 1000)).toMatchObject({ bytes: text });
  });

  it('stops a bomb at the limit', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)));
    const decoded = await decodeContent(bomb, 'gzip, gzip', 1000);
    expect(decoded.bytes).toHaveLength(1000);
    expect(decoded.truncated).toBe(true);
  });

  it('gives what could be decoded of a cut body', async () => {
    const big = bytes(Array.from({ length: 5000 }, (_, i) => `line ${i * 7919}`).join('\n'));
    const decoded = await decodeContent(gzipSync(big).subarray(0, 8000), 'gzip', 1_000_000);
    expect(decoded.bytes.length).toBeGreaterThan(1000);
    expect(big.subarray(0, decoded.bytes.length).equals(Buffer.from(decoded.bytes))).toBe(true);
  });

  it('never throws', async () => {
    const encoding = fc.constantFrom('gzip', 'deflate', 'br', 'gzip, br', 'x', 'gzip,gzip,gzip');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), encoding, async (body, name) => {
        const decoded = await decodeContent(body, name, 100);
        expect(decoded.bytes.length).toBeLessThanOrEqual(100);
        const page = await readAnswer(
          { status: 200, headers: [['Content-Encoding', name]], body, truncated: false },
          '/',
        );
        expect(page.answer.bodyBytes).toBe(page.bytes.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('resolveTarget', () => {
  const origin = { scheme: 'https', host: '192.0.2.1', port: 8443 } as const;

  it.each([
    ['/a?b=c#d', 'https', '192.0.2.1', 8443, '/a?b=c'],
    ['x', 'https', '192.0.2.1', 8443, '/dir/x'],
    ['http://Other.Example./', 'http', 'other.example', 80, '/'],
    ['//user:secret@[::ffff:c000:201]/p', 'https', '192.0.2.1', 443, '/p'],
    ['https://[2001:DB8::1]:444/日本', 'https', '2001:db8::1', 444, '/%E6%97%A5%E6%9C%AC'],
    ['http://0xc0000201/', 'http', '192.0.2.1', 80, '/'],
  ])('%s', (location, scheme, host, port, path) => {
    expect(resolveTarget(location, origin, '/dir/page')).toEqual({ origin: { scheme, host, port }, path });
  });

  it.each(['https://', 'javascript:alert(1)', 'ftp://x/', `/${'a'.repeat(5000)}`, 'http://x:0/'])(
    '%s leads nowhere',
    (location) => {
      expect(resolveTarget(location, origin, '/')).toHaveProperty('reason');
    },
  );

  it('never throws, and gives paths that can be sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.string({ unit: 'binary' })), (location) => {
        const target = resolveTarget(location, origin, '/');
        if (!('reason' in target)) expect(target.path).toMatch(/^\/[\x21-\x7e]*$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('writes the port only when it is needed', () => {
    expect(hostHeader({ scheme: 'https', host: 'a.example', port: 443 })).toBe('a.example');
    expect(hostHeader({ scheme: 'http', host: '2001:db8::1', port: 443 })).toBe('[2001:db8::1]:443');
  });
});
