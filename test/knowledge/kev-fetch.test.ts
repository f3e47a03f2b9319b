import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchKev, KEV_URL, type Fetched, type FetchOptions } from '../../src/knowledge/kev-fetch.ts';
import { bytesOf, catalogue } from './kev.ts';

const CERTS = new URL('../fixtures/certs/', import.meta.url);
const tls = {
  key: readFileSync(new URL('company-web.key', CERTS)),
  cert: readFileSync(new URL('company-web.crt', CERTS)),
};
const PATH = new URL(KEV_URL).pathname;
const LIST = bytesOf(catalogue());

const servers: Server[] = [];
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(scheme: 'http' | 'https', answer: RequestListener): Promise<string> {
  const server = scheme === 'http' ? createHttp(answer) : createHttps(tls, answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The certificates of the fixtures are signed by nobody. */
async function get(origin: string, options: FetchOptions = {}): Promise<Fetched> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  agents.push(dispatcher);
  return fetchKev({ origin, dispatcher, ...options });
}

const reason = (fetched: Fetched): string => (fetched.ok ? 'taken' : fetched.reason);

describe('fetchKev', () => {
  it('asks for the one path, says who it is, and takes the list plain or packed', async () => {
    const asked: unknown[] = [];
    const origin = await listen('https', ({ url, headers, method }, response) => {
      asked.push([method, url, headers['user-agent']]);
      const packed = asked.length > 1;
      response.writeHead(200, packed ? { 'content-encoding': 'gzip' } : {});
      response.end(packed ? gzipSync(LIST) : LIST);
    });
    expect(await get(origin)).toMatchObject({ ok: true, bytes: LIST, url: `${origin}${PATH}` });
    expect(await get(origin)).toMatchObject({ ok: true, bytes: gzipSync(LIST) });
    expect(asked[0]).toEqual(['GET', PATH, 'sekisho']);
  });

  it('follows a redirect on the same host, three at most', async () => {
    const origin = await listen('https', ({ url = '' }, response) => {
      const hops = Number(/hop=(\d)/.exec(url)?.[1] ?? 0);
      if (hops === 3) response.end(LIST);
      else response.writeHead(302, { location: `/feeds/new.json?hop=${hops + 1}` }).end('moved');
    });
    expect(await get(origin)).toMatchObject({ ok: true, url: `${origin}/feeds/new.json?hop=3` });
    const round = await listen(
      'https',
      (_, response) => void response.writeHead(301, { location: '/again' }).end(),
    );
    expect(reason(await get(round))).toContain('sends on more than 3 times');
  });

  it('follows no redirect out of TLS, to another host, with a password, or to nowhere', async () => {
    let reached = 0;
    const plain = await listen('http', (_, response) => {
      reached += 1;
      response.end(LIST);
    });
    const other = await listen('https', (_, response) => {
      reached += 1;
      response.end(LIST);
    });
    for (const to of [
      `${plain}/x`,
      `${other}/x`,
      'https://user:secret@127.0.0.1/',
      'file:///etc/passwd',
      'http://[',
      '',
    ]) {
      const origin = await listen(
        'https',
        (_, response) => void response.writeHead(302, { location: to }).end(),
      );
      const answer = reason(await get(origin));
      expect(answer, to).toMatch(/which is not followed$|sends on more/);
    }
    expect(reached).toBe(0);
  });

  it.each([403, 404, 429, 500, 503])('does not take the page of a status %i', async (status) => {
    const origin = await listen('http', (_, response) => void response.writeHead(status).end(LIST));
    expect(reason(await get(origin))).toContain(`HTTP status ${status}`);
  });

  it('refuses an encoding that was not asked for', async () => {
    const origin = await listen(
      'http',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'br' }).end(LIST),
    );
    expect(reason(await get(origin))).toContain('"br"');
  });

  it('ends at the size and at the time given, however slowly the bytes come', async () => {
    const endless = await listen('http', (_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(4096, 0x20)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(reason(await get(endless, { mostBytes: 100_000 }))).toContain('more than 100000 bytes');
    const slow = await listen('http', (_, response) => {
      const timer = setInterval(() => response.write('{'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const began = performance.now();
    expect(reason(await get(slow, { timeoutMs: 300 }))).toContain('has not sent the whole list');
    expect(performance.now() - began).toBeLessThan(5000);
    const silent = await listen('http', () => undefined);
    expect(reason(await get(silent, { timeoutMs: 300 }))).toContain('has not sent the whole list');
  });

  it('does not take half an answer for a list', async () => {
    const origin = await listen('http', ({ socket }, response) => {
      response.writeHead(200, { 'content-length': LIST.length });
      response.write(LIST.subarray(0, 100), () => socket.destroy());
    });
    expect(reason(await get(origin))).toContain('before the whole list had come');
  });

  it('says why there is no connection, and trusts no certificate that nobody signed', async () => {
    const closed = await listen('http', () => undefined);
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    expect(reason(await get(closed))).toContain('refuses the connection');
    const origin = await listen('https', (_, response) => void response.end(LIST));
    expect(reason(await fetchKev({ origin }))).toContain('is not trusted');
    const nameless = new Agent({
      connect: {
        lookup: (_host, _options, done) =>
          done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []),
      },
    });
    agents.push(nameless);
    expect(reason(await fetchKev({ dispatcher: nameless }))).toContain(
      'the name www.cisa.gov cannot be resolved',
    );
  });
});
