import { createServer, type AddressInfo, type Server } from 'node:net';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { askWeb } from '../../../../../src/observe/probe/tcp/http/ask-web.ts';
import { methodsOf } from '../../../../../src/observe/probe/tcp/http/methods.ts';
import { HttpMethods } from '../../../../../src/model/web.ts';
import { testContext } from '../tls/probe-context.ts';

/** Answers of Debian's servers to "OPTIONS /"; the names say package and version. */
const captures = JSON.parse(
  readFileSync(new URL('../../../../fixtures/web/options.json', import.meta.url), 'utf8'),
) as Record<string, { status: number; headers: [string, string][] }>;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('methodsOf', () => {
  it('reads what real servers offer', () => {
    const read = Object.fromEntries(Object.entries(captures).map(([name, one]) => [name, methodsOf(one)]));
    expect(read).toEqual({
      'nginx-light 1.22.1-9+deb12u10': undefined,
      'lighttpd 1.4.69-1': { status: 200, allow: ['OPTIONS', 'GET', 'HEAD', 'POST'], dav: [] },
      'lighttpd 1.4.69-1 mod_webdav': {
        status: 200,
        allow: ['PROPFIND', 'DELETE', 'MKCOL', 'PUT', 'MOVE', 'COPY', 'OPTIONS', 'GET', 'HEAD', 'POST'],
        dav: ['1', '3'],
      },
      'python3 3.11 http.server': undefined,
      'tomcat10 10.1.60-1~deb12u1': { status: 200, allow: ['OPTIONS', 'GET', 'HEAD', 'POST'], dav: [] },
      'jetty9 9.4.57': { status: 200, allow: ['GET', 'HEAD', 'POST', 'OPTIONS'], dav: [] },
      'apache2 2.4.71-1~deb12u1': {
        status: 200,
        allow: ['GET', 'POST', 'OPTIONS', 'HEAD', 'TRACE'],
        dav: [],
      },
      'apache2 2.4.71-1~deb12u1 mod_dav': {
        status: 200,
        allow: [
          'OPTIONS',
          'GET',
          'HEAD',
          'POST',
          'DELETE',
          'TRACE',
          'PROPFIND',
          'PROPPATCH',
          'COPY',
          'MOVE',
          'LOCK',
          'UNLOCK',
        ],
        dav: ['1', '2', '<http://apache.org/dav/propset/fs/1>'],
      },
    });
  });

  it('joins IIS’s two headers and drops what is no method', () => {
    const headers: [string, string][] = [
      ['Allow', 'OPTIONS, TRACE, GET'],
      ['public', 'get, PUT, , <script>, a b'],
    ];
    expect(methodsOf({ status: 200, headers })?.allow).toEqual(['OPTIONS', 'TRACE', 'GET', 'PUT']);
  });

  it('is bounded whatever the headers hold', () => {
    const header = fc.tuple(
      fc.constantFrom('Allow', 'DAV', 'Public'),
      fc.string({ unit: 'binary', maxLength: 3000 }),
    );
    fc.assert(
      fc.property(fc.array(header, { maxLength: 40 }), (headers) => {
        const read = methodsOf({ status: 200, headers });
        if (read === undefined) return;
        HttpMethods.parse(read);
        expect(read.allow.length).toBeLessThanOrEqual(32);
        expect(read.dav.length).toBeLessThanOrEqual(32);
        for (const name of [...read.allow, ...read.dav]) expect(name).toMatch(/^[!-~]{1,80}$/);
      }),
    );
    const long: [string, string][] = [['DAV', 'x,'.repeat(50_000)]];
    expect(methodsOf({ status: 200, headers: long })?.dav).toHaveLength(32);
  });

  it('is asked for by askWeb, once, and on a connection that is dropped for it nothing else is lost', async () => {
    const lines: string[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        const line = data.toString('latin1').split('\r\n', 1)[0] ?? '';
        lines.push(line);
        if (line.startsWith('OPTIONS')) socket.destroy();
        else socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno');
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const context = testContext((server.address() as AddressInfo).port);
    const look = await askWeb(context, 'http');
    expect(look?.facts.methods).toBeUndefined();
    expect(look?.facts.answers).toHaveLength(2);
    // Once more on a fresh connection: the kept one may have been closed for a reason of its own.
    expect(lines.filter((line) => line.startsWith('OPTIONS / HTTP/1.1'))).toHaveLength(2);
    expect(context.open()).toBe(0);
  });
});
