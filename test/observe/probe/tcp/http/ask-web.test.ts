import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpFacts } from '../../../../../src/model/facts.ts';
import { askWeb, type WebLook } from '../../../../../src/observe/probe/tcp/http/ask-web.ts';
import { testContext, type TestContext } from '../tls/probe-context.ts';
import { identity } from '../tls/tls-server.ts';
import { encodeJapanese } from './japanese.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** HTTP server that notes every request. */
async function web(handler: RequestListener): Promise<{ port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createHttp((request, response) => {
    seen.push(request);
    handler(request, response);
  });
  return { port: await listen(server), seen };
}

/** Raw server: what it is asked goes to `answer`, what that returns goes out. */
async function raw(answer: (request: string, socket: Socket) => void): Promise<number> {
  return listen(createTcp((socket) => socket.on('data', (data) => answer(data.toString('latin1'), socket))));
}

const paths = (look: WebLook | undefined): string[] => (look?.facts.answers ?? []).map(({ path }) => path);
const hex = (): string => '00112233';
const notFound = (response: ServerResponse): void => {
  response.statusCode = 404;
  response.end('<h1>Not Found</h1>');
};

async function look(context: TestContext, scheme: 'http' | 'https' = 'http'): Promise<WebLook | undefined> {
  const result = await askWeb(context, scheme, undefined, hex);
  if (result !== undefined) HttpFacts.parse(result.facts);
  expect(context.open()).toBe(0);
  expect(context.mostOpen()).toBeLessThanOrEqual(1);
  return result;
}

describe('askWeb', () => {
  it('asks in order, over one connection, with honest headers', async () => {
    const icon = Buffer.concat([Buffer.from([0, 0, 1, 0]), Buffer.alloc(100, 3)]);
    const { port, seen } = await web((request, response) => {
      if (request.url === '/')
        response.setHeader('X-Mixed-Case', 'Kept').end('<title>Top</title><link rel=icon href=/i.ico>');
      else if (request.url === '/i.ico') response.end(icon);
      else if (request.url === '/always') response.end('always');
      else if (request.url === '/hinted') response.end('hinted');
      else notFound(response);
    });
    const context = testContext(port, {
      webRequests: [
        { path: '/hinted', when: 'hinted', productId: 'seen' },
        { path: '/not-hinted', when: 'hinted', productId: 'other' },
        { path: '/always', when: 'always', productId: 'x' },
        { path: '/', when: 'always', productId: 'x' },
        { path: '/always', when: 'always', productId: 'y' },
      ],
      hinted: (facts) =>
        new Set(facts.http?.answers.some(({ title }) => title === 'Top') === true ? ['seen'] : []),
    });
    const result = await look(context);
    expect(seen.map(({ url }) => url)).toEqual([
      '/',
      '/i.ico',
      '/sekisho-control-00112233',
      '/always',
      '/hinted',
      '/',
    ]);
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET', 'GET', 'OPTIONS']);
    expect(paths(result)).toEqual(['/', '/sekisho-control-00112233', '/always', '/hinted']);
    expect(result?.facts).toMatchObject({
      scheme: 'http',
      host: `127.0.0.1:${port}`,
      catchAll: false,
      notFollowed: [],
    });
    expect(result?.facts.answers[1]).toMatchObject({ control: true, status: 404 });
    expect(result?.facts.favicon).toMatchObject({ path: '/i.ico', bytes: 104 });
    expect(result?.facts.answers[0]?.headers).toContainEqual(['X-Mixed-Case', 'Kept']);
    expect(context.dialled()).toBe(1);
    const [first] = seen;
    expect(first?.headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'accept-language': 'ja,en;q=0.8',
      'accept-encoding': 'gzip, deflate',
    });
    expect(first?.headers['user-agent']).toMatch(
      /^Mozilla\/5\.0 \(compatible; sekisho\/\d[\w.-]*; boundary self-check\)$/,
    );
    expect(result?.evidence.map(({ label }) => label).slice(0, 2)).toEqual(['http GET /', 'http GET /i.ico']);
    const evidence = Buffer.from(result?.evidence[0]?.received ?? '', 'base64').toString();
    expect(evidence).toMatch(/^HTTP\/1\.1 200 OK\r\nX-Mixed-Case: Kept[\s\S]*<title>Top/);
    expect(Buffer.from(result?.evidence[0]?.sent ?? '', 'base64').toString()).toMatch(
      /^GET \/ HTTP\/1\.1\r\n/,
    );
  });

  it('uses TLS, the host name and the first connection', async () => {
    const hosts: (string | undefined)[] = [];
    const server = createHttps(identity('device'), (request, response) => {
      hosts.push(request.headers.host, (request.socket as unknown as { servername: string }).servername);
      response.end('<title>secure</title>');
    });
    const port = await listen(server);
    const context = testContext(port, { hostNames: ['GW.own.example'] });
    const first = await context.dial();
    const result = await askWeb(context, 'https', first, hex);
    expect(result?.facts).toMatchObject({ scheme: 'https', host: `gw.own.example:${port}`, catchAll: true });
    expect(hosts.slice(0, 2)).toEqual([`gw.own.example:${port}`, 'gw.own.example']);
    expect(context.dialled()).toBe(1);
    expect(context.open()).toBe(0);
  });

  it.each(['SSH-2.0-OpenSSH_9.6\r\n', '220 mail ESMTP\r\n', '\x16\x03\x01', ''])(
    'is undefined for a server that says %j',
    async (text) => {
      const port = await raw((_request, socket) => socket.end(text, 'latin1'));
      const context = testContext(port);
      expect(await look(context)).toBeUndefined();
      expect(context.dialled()).toBe(1);
    },
  );

  it('is undefined for silence and for https without TLS', async () => {
    const silent = await raw(() => undefined);
    expect(await look(testContext(silent, { answerTimeoutMs: 100 }))).toBeUndefined();
    const plain = await web((_request, response) => response.end('x'));
    expect(await look(testContext(plain.port), 'https')).toBeUndefined();
  });

  it.each([
    ['UTF8', 'UTF-8'],
    ['SJIS', 'Shift_JIS'],
    ['EUCJP', 'EUC-JP'],
    ['JIS', 'ISO-2022-JP'],
  ] as const)('reads a title in %s', async (code, label) => {
    const page = encodeJapanese('<html><head><title>遠隔監視システム　ログイン</title></head></html>', code);
    const { port } = await web((request, response) => {
      response
        .setHeader('Content-Type', request.url === '/' ? 'text/html' : `text/html; charset=${label}`)
        .end(page);
    });
    const result = await look(testContext(port));
    expect(result?.facts.answers.map(({ title }) => title)).toEqual([
      '遠隔監視システム ログイン',
      '遠隔監視システム ログイン',
    ]);
  });
});

describe('askWeb, redirects', () => {
  const redirect = (response: ServerResponse, location: string): void => {
    response.writeHead(302, { Location: location }).end();
  };

  it('follows on the same server by header, script and meta, five times at most', async () => {
    const { port } = await web((request, response) => {
      const url = request.url ?? '';
      if (url === '/') response.end('<script>top.location="/a"</script>');
      else if (url === '/a') redirect(response, `http://127.0.0.1:${port}/b?c=1`);
      else if (url === '/b?c=1')
        response.end('<title>end</title><meta http-equiv=refresh content="0;url=/never">');
      else notFound(response);
    });
    expect(paths(await look(testContext(port)))).toEqual(['/', '/a', '/b?c=1', '/sekisho-control-00112233']);
    const chain = await web((request, response) => redirect(response, `${request.url}x`));
    const chained = await look(testContext(chain.port));
    expect(paths(chained)).toEqual([
      '/',
      '/x',
      '/xx',
      '/xxx',
      '/xxxx',
      '/xxxxx',
      '/sekisho-control-00112233',
    ]);
  });

  it('ends in a loop', async () => {
    const { port } = await web((_request, response) => redirect(response, '/'));
    expect(paths(await look(testContext(port)))).toEqual(['/', '/sekisho-control-00112233']);
  });

  it('writes down what it does not follow, and contacts nobody', async () => {
    const other = await web((_request, response) => response.end('never'));
    const { port } = await web((_request, response) =>
      redirect(response, `http://elsewhere.example:${other.port}/x`),
    );
    const result = await look(testContext(port));
    expect(result?.facts.notFollowed).toEqual([
      { location: `http://elsewhere.example:${other.port}/x`, reason: 'elsewhere.example is not in scope' },
    ]);
    expect(other.seen).toHaveLength(0);
    expect(paths(result)).toEqual(['/', '/sekisho-control-00112233']);
  });

  it('does not stay with a name that leads to another address', async () => {
    const { port } = await web((_request, response) => redirect(response, 'http://far.own.example/'));
    const context = testContext(port);
    let closed = 0;
    const dialTo: TestContext['dialTo'] = async () => {
      const connection = await context.dial();
      return Object.create(connection, {
        address: { value: '127.0.0.2' },
        close: { value: () => ((closed += 1), connection.close()) },
      }) as typeof connection;
    };
    const result = await look({ ...context, dialTo });
    expect(result?.facts.notFollowed[0]?.reason).toContain('another address');
    expect(closed).toBe(1);
  });

  it('follows to another port of this address, marks the answer, and asks no known paths here', async () => {
    const secure = createHttps(identity('device'), (_request, response) =>
      response.end('<title>Login</title>'),
    );
    const securePort = await listen(secure);
    const { port, seen } = await web((request, response) =>
      redirect(response, `https://127.0.0.1:${securePort}${request.url}`),
    );
    const result = await look(
      testContext(port, { webRequests: [{ path: '/always', when: 'always', productId: 'x' }] }),
    );
    expect(result?.facts.scheme).toBe('http');
    expect(result?.facts.answers.map(({ origin, path, title }) => [origin, path, title])).toEqual([
      [undefined, '/', undefined],
      [`https://127.0.0.1:${securePort}`, '/', 'Login'],
      [undefined, '/sekisho-control-00112233', undefined],
    ]);
    expect(seen.map(({ url }) => url)).not.toContain('/always');
  });

  it('goes on under the proper name of the same port', async () => {
    const { port, seen } = await web((request, response) => {
      if (request.headers.host?.startsWith('127.') === true)
        redirect(response, `http://www.own.example:${port}/`);
      else response.end('<title>named</title>');
    });
    const result = await look(testContext(port));
    expect(result?.facts.host).toBe(`www.own.example:${port}`);
    expect(result?.facts.answers.map(({ origin, title }) => [origin, title])).toEqual([
      [undefined, undefined],
      [undefined, 'named'],
      [undefined, 'named'],
    ]);
    expect(seen.at(-1)?.headers.host).toBe(`www.own.example:${port}`);
  });
});

describe('askWeb, hostile and old servers', () => {
  it('cuts an endless body and goes on', async () => {
    const { port } = await web((request, response) => {
      if (request.url !== '/') return void response.end('short');
      const chunk = Buffer.alloc(65_536, 'a');
      const pump = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pump);
      pump();
    });
    const result = await look(testContext(port));
    expect(result?.facts.answers[0]).toMatchObject({ truncated: true, bodyBytes: 131_072 });
    expect(result?.facts.answers[0]?.body).toHaveLength(131_072);
    expect(paths(result)).toHaveLength(2);
    expect(Buffer.from(result?.evidence[0]?.received ?? '', 'base64').length).toBeLessThanOrEqual(32_768);
  });

  it('unpacks gzip, and no bomb', async () => {
    const { port } = await web((request, response) => {
      const body = request.url === '/' ? Buffer.alloc(40_000_000, '<') : Buffer.from('<title>zipped</title>');
      response.setHeader('Content-Encoding', 'gzip').end(gzipSync(body));
    });
    const result = await look(testContext(port));
    expect(result?.facts.answers[0]).toMatchObject({ truncated: true, bodyBytes: 131_072 });
    expect(result?.facts.answers[1]?.title).toBe('zipped');
  });

  it('stops waiting for a dripping body and keeps what came', async () => {
    const { port } = await web((_request, response) => {
      response.write('<title>slow</title>');
      const timer = setInterval(() => response.write('.'), 30);
      response.on('close', () => clearInterval(timer));
    });
    const before = performance.now();
    const result = await look(testContext(port, { answerTimeoutMs: 200 }));
    expect(result?.facts.answers[0]).toMatchObject({ title: 'slow', truncated: true });
    // Two in a row are enough.
    expect(result?.evidence).toHaveLength(2);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('recognises a device whose headers never end', async () => {
    const port = await raw((_request, socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nServer: flood\r\n${'X: y\r\n'.repeat(20_000)}`),
    );
    const result = await look(testContext(port, { answerTimeoutMs: 300 }));
    expect(result?.facts.answers[0]).toMatchObject({ status: 200, truncated: true });
    expect(result?.facts.answers[0]?.headers[0]).toEqual(['Server', 'flood']);
    expect(result?.facts.answers[0]?.headers.length).toBeLessThanOrEqual(256);
  });

  it('recognises a device that drips its headers', async () => {
    const port = await raw((_request, socket) => {
      socket.write('HTTP/1.1 401 Unauthorized\r\nServer: drip\r\n');
      const timer = setInterval(() => socket.write('X'), 30);
      socket.on('close', () => clearInterval(timer));
    });
    const result = await look(testContext(port, { answerTimeoutMs: 200 }));
    expect(result?.facts.answers[0]).toMatchObject({ status: 401, truncated: true });
  });

  it.each([
    ['without reason phrase, with bare line feeds', 'HTTP/1.0 200\nServer: old\n\n<title>Old</title>'],
    [
      'with control characters in a header',
      'HTTP/1.1 200 OK\r\nServer: a\x01b\x00c\r\n\r\n<title>Old</title>',
    ],
    [
      'with a line that is no header',
      'HTTP/1.1 200 OK\r\nthis is no header\r\nServer: x\r\n\r\n<title>Old</title>',
    ],
    [
      'with both lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 18\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n<title>Old</title>\r\n0\r\n\r\n',
    ],
    ['of HTTP/0.9', '<html><title>Old</title></html>'],
  ])('reads an answer %s', async (_name, text) => {
    const port = await raw((_request, socket) => socket.end(text, 'latin1'));
    const context = testContext(port);
    const result = await look(context);
    expect(result?.facts.answers[0]?.title).toBe('Old');
    // One connection to find out, then one per request.
    expect(context.dialled()).toBeLessThanOrEqual(5);
  });

  it('asks again when a kept connection was closed', async () => {
    const port = await raw((request, socket) => {
      // Claims to keep the connection, and resets it at the second request.
      if (request.startsWith('GET / ')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else if (socket.bytesWritten > 0) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno');
    });
    const result = await look(testContext(port));
    expect(result?.facts.answers.map(({ status }) => status)).toEqual([200, 404]);
  });

  it('dials again after Connection: close', async () => {
    const { port } = await web((_request, response) => response.setHeader('Connection', 'close').end('x'));
    const context = testContext(port);
    expect(paths(await look(context))).toHaveLength(2);
    // Start page, icon, made-up path, OPTIONS.
    expect(context.dialled()).toBe(4);
  });

  it('stops after two requests in a row without an answer, and asks for no more than 24 pages', async () => {
    const webRequests = Array.from({ length: 40 }, (_, i) => ({
      path: `/p${i}`,
      when: 'always' as const,
      productId: 'x',
    }));
    const dying = await web((request, response) =>
      request.url === '/' ? response.end('ok') : response.socket?.destroy(),
    );
    await look(testContext(dying.port, { webRequests }));
    expect(new Set(dying.seen.map(({ url }) => url)).size).toBe(3);
    const patient = await web((_request, response) => response.end('ok'));
    const result = await look(testContext(patient.port, { webRequests }));
    expect(patient.seen.filter(({ method }) => method === 'GET')).toHaveLength(24);
    expect(patient.seen.at(-1)?.method).toBe('OPTIONS');
    expect(patient.seen).toHaveLength(25);
    expect(result?.facts.answers).toHaveLength(23);
  });

  it('keeps room for what the first answers hint at', async () => {
    const webRequests = [
      ...Array.from({ length: 40 }, (_, i) => ({ path: `/p${i}`, when: 'always' as const, productId: 'x' })),
      { path: '/version', when: 'hinted' as const, productId: 'y' },
    ];
    const { port } = await web((_request, response) => response.end('ok'));
    expect(
      paths(
        await look(
          testContext(port, {
            webRequests,
            hinted: () => new Set(webRequests.map(({ productId }) => productId)),
          }),
        ),
      ),
    ).toContain('/version');
  });

  it('tells a catch-all from a soft 404', async () => {
    const all = await web((_request, response) => response.end('<html><title>Welcome</title></html>'));
    expect((await look(testContext(all.port)))?.facts.catchAll).toBe(true);
    const soft = await web((_request, response) => response.end('<html><title>404 Not Found</title></html>'));
    expect((await look(testContext(soft.port)))?.facts.catchAll).toBe(false);
  });

  it('takes no page for an icon', async () => {
    const { port } = await web((_request, response) =>
      response.setHeader('Content-Type', 'image/x-icon').end('<html>404</html>'),
    );
    expect((await look(testContext(port)))?.facts.favicon).toBeUndefined();
  });
});
