import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../../../src/model/facts.ts';
import { IndicatorCheck, type IndicatorPath } from '../../../../../src/model/web.ts';
import { askWeb } from '../../../../../src/observe/probe/tcp/http/ask-web.ts';
import { isSameAnswer } from '../../../../../src/observe/probe/tcp/http/likeness.ts';
import { testContext } from '../tls/probe-context.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const text = { ja: '例', en: 'example' };
const path = (name: string, change: Partial<IndicatorPath> = {}): IndicatorPath => ({
  id: `example ${name}`,
  path: name,
  method: 'GET',
  statuses: [200, 204, 206, 405, 500],
  contains: undefined,
  products: [],
  campaign: text,
  about: text,
  source: { publisher: 'Example', url: 'https://example.jp/', date: '2025-01-01' },
  ...change,
});
const SHELL = '/aspnet_client/shell.aspx';

interface Asked {
  readonly check: IndicatorCheck | undefined;
  readonly seen: readonly string[];
}

async function ask(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  paths: readonly IndicatorPath[],
  hinted: readonly string[] = [],
): Promise<Asked> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    expect(request.headers['content-length'] ?? '0').toBe('0');
    handler(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const context = Object.assign(
    testContext((server.address() as AddressInfo).port, { hinted: () => new Set(hinted) }),
    { webShellPaths: paths },
  );
  const look = await askWeb(context, 'http', undefined, () => randomBytes(8).toString('hex'));
  expect(context.open()).toBe(0);
  const check = look?.facts.indicators;
  if (check !== undefined) IndicatorCheck.parse(check);
  return { check, seen };
}

const notFound = (response: ServerResponse): void => {
  response.statusCode = 404;
  response.end('<title>404 Not Found</title>');
};
/** A site whose only special page is the one asked for. */
const site =
  (special: string, answer: (response: ServerResponse) => void, otherwise = notFound) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/') response.end('<title>Top</title>');
    else if (request.url === special) answer(response);
    else otherwise(response);
  };

describe('the opt-in look for paths of campaigns', () => {
  it('is not made unless it is switched on', async () => {
    const { check, seen } = await ask(
      site(SHELL, (response) => response.end('x')),
      [],
    );
    expect(check).toBeUndefined();
    expect(seen.join()).not.toContain('aspnet');
  });

  it('tells of a path that answers unlike its neighbours, and of nothing else', async () => {
    const { check, seen } = await ask(
      site(SHELL, (response) => response.end('OAB: ExternalUrl')),
      [path('/aspnet_client/web.aspx'), path(SHELL)],
    );
    expect(check).toEqual({
      asked: 2,
      skipped: [],
      answers: [
        {
          id: `example ${SHELL}`,
          method: 'GET',
          path: SHELL,
          status: 200,
          bodyBytes: 16,
          control: {
            path: expect.stringMatching(/^\/aspnet_client\/sekisho[0-9a-f]{8}\.aspx$/),
            status: 404,
            bodyBytes: 28,
          },
          campaign: text,
          about: text,
          source: { publisher: 'Example', url: 'https://example.jp/', date: '2025-01-01' },
        },
      ],
    });
    // Two neighbours for the folder, both paths, and path and neighbour once more.
    expect(seen.filter((line) => line.includes('aspnet_client'))).toHaveLength(6);
    expect(new Set(seen.map((line) => line.split(' ')[0]))).toEqual(new Set(['GET', 'OPTIONS']));
  });

  it.each([
    ['an empty 200', (response: ServerResponse) => response.end()],
    ['an error of the script', (response: ServerResponse) => response.writeHead(500).end('Server Error')],
    ['a page that takes POST only', (response: ServerResponse) => response.writeHead(405).end()],
  ])('counts %s', async (_name, answer) => {
    expect((await ask(site(SHELL, answer), [path(SHELL)])).check?.answers).toHaveLength(1);
  });

  it.each([
    ['a refusal', (response: ServerResponse) => response.writeHead(403).end('x')],
    ['a redirect', (response: ServerResponse) => response.writeHead(302, { Location: '/login' }).end()],
    ['an overloaded server', (response: ServerResponse) => response.writeHead(503).end('busy')],
    [
      'a firewall’s page with status 200',
      (response: ServerResponse) => response.end('The requested URL was rejected. Your support ID is: 77'),
    ],
    [
      'a page that says there is nothing',
      (response: ServerResponse) => response.end('<title>Page not found</title>'),
    ],
    ['a connection that is cut', (response: ServerResponse) => void response.socket?.destroy()],
  ])('does not count %s', async (_name, answer) => {
    expect((await ask(site(SHELL, answer), [path(SHELL)])).check?.answers).toEqual([]);
  });

  it('takes no soft 404 for a page', async () => {
    const soft = (request: IncomingMessage, response: ServerResponse): void => {
      const token = randomBytes(12).toString('hex');
      response.end(
        `<title>Oops</title><p>We could not find ${request.url}. Try the search below or go back to the start page. ${token}`,
      );
    };
    const only = (request: IncomingMessage, response: ServerResponse): void =>
      // Only in this folder: elsewhere the server says 404, so it is no catch-all.
      request.url?.startsWith('/aspnet_client/') === true ? soft(request, response) : notFound(response);
    const { check } = await ask(only, [path(SHELL), path('/aspnet_client/web.aspx')]);
    expect(check).toEqual({ asked: 2, skipped: [], answers: [] });
  });

  it('finds a page among soft 404s', async () => {
    const handler = site(
      SHELL,
      (response) => response.end('<form><input name=cmd><input type=submit value=run></form>'),
      (response) =>
        response.end('<title>404</title>Nothing is here, please go back to the start page of the site'),
    );
    expect((await ask(handler, [path(SHELL)])).check?.answers).toHaveLength(1);
  });

  it('asks nothing of a server that answers every path with a page', async () => {
    const { check, seen } = await ask(
      (_request, response) => response.setHeader('Content-Type', 'text/html').end('<title>App</title>'),
      [path(SHELL)],
    );
    expect(check).toEqual({ asked: 0, skipped: ['catch-all'], answers: [] });
    expect(seen.join()).not.toContain('aspnet');
  });

  it('leaves out what it cannot compare with', async () => {
    let turn = 0;
    const { check } = await ask(
      (request, response) => {
        if (request.url?.includes('aspnet') !== true) return notFound(response);
        turn += 1;
        return response.writeHead(turn % 2 === 0 ? 200 : 404).end(`page number ${'abcdef'.repeat(turn)}`);
      },
      [path(SHELL)],
    );
    expect(check).toEqual({ asked: 0, skipped: ['unstable'], answers: [] });
  });

  it('does not count what is answered so only once', async () => {
    let asked = 0;
    const { check } = await ask(
      site(SHELL, (response) => {
        asked += 1;
        return asked === 1 ? response.writeHead(500).end('restarting') : notFound(response);
      }),
      [path(SHELL)],
    );
    expect(asked).toBe(2);
    expect(check?.answers).toEqual([]);
  });

  it('asks only of the products that the server hints at', async () => {
    const paths = [
      path(SHELL, { products: ['microsoft-exchange'] }),
      path('/irj/helper.jsp', { products: ['sap-netweaver'] }),
    ];
    const { check, seen } = await ask(site('', notFound), paths, ['sap-netweaver']);
    expect(check?.asked).toBe(1);
    expect(seen.join()).not.toContain('aspnet');
    expect((await ask(site('', notFound), paths)).check).toEqual({ asked: 0, skipped: [], answers: [] });
  });

  it('sends HEAD where the page must not be read, and compares what it says', async () => {
    const one = path('/_layouts/15/spinstall0.aspx', { method: 'HEAD' });
    const handler = site(one.path, (response) =>
      response.setHeader('Content-Type', 'text/html').end('machine key'),
    );
    const { check, seen } = await ask(handler, [one]);
    expect(check?.answers).toMatchObject([
      { method: 'HEAD', status: 200, bodyBytes: 0, control: { status: 404 } },
    ]);
    const about = seen.filter((line) => line.includes('_layouts'));
    expect(about.length).toBeGreaterThan(0);
    expect(about.every((line) => line.startsWith('HEAD '))).toBe(true);
  });

  it('wants the text that an entry names', async () => {
    const one = path('/%25', { statuses: [404], contains: '<h1>404 Not Found</h1>' });
    const implanted = site(
      '/%25',
      (response) => response.writeHead(404).end('<h1>404 Not Found</h1><hr>nginx'),
      (response) =>
        response
          .setHeader('Content-Type', 'text/html')
          .end('<script>window.onload=function(){ url ="/webui"; }</script>'),
    );
    expect((await ask(implanted, [one])).check?.answers).toHaveLength(1);
    const clean = site('/%25', (response) => response.writeHead(404).end('gone'));
    expect((await ask(clean, [one])).check?.answers).toEqual([]);
    // A server that says so to everything.
    const plain = site('', notFound, (response) => response.writeHead(404).end('<h1>404 Not Found</h1>'));
    expect((await ask(plain, [one])).check?.answers).toEqual([]);
  });

  it('tells a 404 of its own from the others where the entry says so', async () => {
    const one = path('/human2.aspx', { statuses: [200, 404, 500] });
    const lemurloot = site('/human2.aspx', (response) => response.writeHead(404).end());
    expect((await ask(lemurloot, [one])).check?.answers).toMatchObject([{ status: 404, bodyBytes: 0 }]);
    expect((await ask(site('', notFound), [one])).check?.answers).toEqual([]);
  });

  it('keeps a hidden name hidden, and stops after 90 requests', async () => {
    const hidden = await ask(site('', notFound), [path('/vpn/theme/.theme.php')]);
    expect(
      hidden.seen.filter((line) => /^GET \/vpn\/theme\/\.sekisho[0-9a-f]{8}\.php$/.test(line)),
    ).toHaveLength(2);
    const many = Array.from({ length: 200 }, (_, n) => path(`/a/shell${n}.php`));
    const { check, seen } = await ask(site('', notFound), many);
    expect(check?.skipped).toEqual(['no-room']);
    expect(seen.filter((line) => line.includes(' /a/')).length).toBeLessThanOrEqual(90);
    expect(check?.asked).toBeGreaterThan(50);
  });

  it('gives up on a server that stops answering', async () => {
    const { check, seen } = await ask(
      site('', notFound, (response) => {
        if (response.req.url?.startsWith('/a/') === true) response.socket?.destroy();
        else notFound(response);
      }),
      Array.from({ length: 20 }, (_, n) => path(`/a/shell${n}.php`)),
    );
    expect(check).toEqual({ asked: 0, skipped: ['no-room'], answers: [] });
    expect(new Set(seen.filter((line) => line.includes(' /a/'))).size).toBeLessThanOrEqual(3);
  });
});

describe('isSameAnswer', () => {
  const page = (body: string, change: Partial<HttpAnswer> = {}): HttpAnswer => ({
    method: 'GET',
    path: '/a.php',
    status: 200,
    headers: [],
    body,
    bodyBytes: Buffer.byteLength(body),
    bodySha256: body,
    truncated: false,
    ...change,
  });

  it('compares words, not tokens or the path that is repeated', () => {
    const one = page('Sorry, /a.php is not on this server. id 5f4dcc3b5aa765d6');
    expect(
      isSameAnswer(one, page('Sorry, /b.php is not on this server. id 7c6a180b36896a0a', { path: '/b.php' })),
    ).toBe(true);
    expect(isSameAnswer(one, page('<form>command upload password</form>'))).toBe(false);
    expect(isSameAnswer(one, { ...one, status: 404 })).toBe(false);
    expect(isSameAnswer(page(''), page('x y z'))).toBe(false);
    expect(isSameAnswer(page('ページがありません'), page('ページがありません。'))).toBe(true);
  });

  it('compares kind and size after HEAD', () => {
    const head = (type: string, length?: number): HttpAnswer =>
      page('', {
        method: 'HEAD',
        headers: [
          ['Content-Type', type],
          ...(length === undefined ? [] : [['Content-Length', `${length}`] as [string, string]]),
        ],
      });
    expect(isSameAnswer(head('text/html', 1000), head('TEXT/HTML', 1010))).toBe(true);
    expect(isSameAnswer(head('text/html', 1000), head('text/html', 9000))).toBe(false);
    expect(isSameAnswer(head('text/html'), head('text/html', 9000))).toBe(true);
    expect(isSameAnswer(head('text/html'), head('text/plain'))).toBe(false);
  });

  it('is the same both ways round, and every answer is like itself', () => {
    const any = fc.string({ maxLength: 200 }).map((body) => page(body));
    fc.assert(
      fc.property(any, any, (a, b) => isSameAnswer(a, a) && isSameAnswer(a, b) === isSameAnswer(b, a)),
    );
  });
});
