import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../src/observe/probe/connection.ts';
import { converse } from '../../../../src/observe/probe/tcp/converse.ts';
import { planFor } from '../../../../src/observe/probe/tcp/plan.ts';
import { contextFor, serve, type Loopback } from './context.ts';

const certificates = resolve(import.meta.dirname, '../../../fixtures/certs');
const pem = {
  key: readFileSync(resolve(certificates, 'rdp-server.key'), 'utf8'),
  cert: readFileSync(resolve(certificates, 'rdp-server.crt'), 'utf8'),
};
let server: Loopback | undefined;

afterEach(() => server?.close());

/** RFC 8446 §5.1: the type of a record that begins a handshake. */
const TLS_HANDSHAKE = 22;
const PAGE = '<html><title>Router</title></html>';
const page = (body = PAGE, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

/** A web server: an answer to what looks like a request, a 400 to anything else. */
function web(socket: Socket | TLSSocket): void {
  socket.once('data', (sent: Buffer) =>
    socket.end(sent.toString('latin1').startsWith('GET ') ? page() : page('', '400 Bad Request')),
  );
}

function tls(socket: Socket, onSecure: (inner: TLSSocket) => void): void {
  const inner = new TLSSocket(socket, { isServer: true, ...pem, minVersion: 'TLSv1.2' });
  inner.on('error', () => undefined);
  inner.once('secure', () => onSecure(inner));
}

function smtp(socket: Socket | TLSSocket): void {
  socket.write('220 mx.example ESMTP\r\n');
  socket.on('data', (sent: Buffer) => {
    if (sent.toString().startsWith('EHLO')) socket.write('250 mx.example\r\n');
    else if (sent.toString().startsWith('QUIT')) socket.end('221 bye\r\n');
  });
}

async function look(onConnection: (socket: Socket, number: number) => void, port?: number) {
  server = await serve(onConnection);
  const context = contextFor(server.port, { ...(port === undefined ? {} : { port }), answerTimeoutMs: 600 });
  const began = performance.now();
  const result = await converse(context);
  expect(context.held()).toBe(0);
  return { ...result, dials: context.dials(), ms: performance.now() - began };
}

describe('identification by answer', () => {
  it('a server that speaks at once is not asked anything else', async () => {
    const result = await look((socket) =>
      socket.write('RFB 003.003\n', () => socket.write(Buffer.from([0, 0, 0, 2]))),
    );
    expect(result).toMatchObject({ protocol: 'vnc', status: 'open' });
    // On a machine under load the greeting may come after the head start, and then TLS is tried beside it.
    const asked = (server?.received ?? []).filter((sent) => sent.length > 0 && sent[0] !== TLS_HANDSHAKE);
    expect(asked.map((sent) => sent.subarray(0, 3).toString('latin1'))).toEqual(['RFB', 'RFB']);
  });

  it('a web server on a port of its own', async () => {
    const result = await look(web);
    expect(result).toMatchObject({ protocol: 'http', facts: { http: { scheme: 'http' } } });
    expect(result.facts.http?.answers[0]).toMatchObject({ status: 200, title: 'Router' });
  });

  it('a web server behind TLS', async () => {
    const result = await look((socket) => tls(socket, web));
    expect(result).toMatchObject({ protocol: 'https', facts: { http: { scheme: 'https' } } });
    expect(result.facts.tls?.certificates[0]?.subject).toBe('CN=KS-TS01.corp.kakuu.example');
  });

  it('a mail server behind TLS', async () => {
    const result = await look((socket) => tls(socket, smtp), 465);
    expect(result).toMatchObject({ protocol: 'smtps', facts: { greeting: { protocol: 'smtp' } } });
    expect(result.facts.tls?.handshake).toBe('complete');
  });

  it('TLS with something silent inside', async () => {
    const result = await look((socket) => tls(socket, () => undefined), 443);
    expect(result).toMatchObject({ protocol: 'tls', status: 'open' });
    expect(result.facts.tls?.certificates).toHaveLength(1);
  });

  it('RDP on a port of its own', async () => {
    const result = await look((socket) =>
      socket.once('data', (sent) => {
        if (sent[0] === 3) socket.write(Buffer.from('0300000b06d00000123400', 'hex'));
        else socket.destroy();
      }),
    );
    expect(result).toMatchObject({ protocol: 'rdp', facts: { rdp: { noNegotiation: true } } });
  });
});

describe('the port number', () => {
  it('decides the order and never the answer', async () => {
    expect([3389, 443, 80, 12345].map((port) => planFor(port)[0])).toEqual(['rdp', 'tls', 'web', 'listen']);
    for (const port of [3389, 443, 80]) {
      const result = await look(smtp, port);
      expect([port, result.protocol]).toEqual([port, 'smtp']);
      await server?.close();
    }
  });

  it('RDP is asked first on 3389, with nothing before it', async () => {
    const result = await look(
      (socket) => socket.once('data', () => socket.write(Buffer.from('0300000b06d00000123400', 'hex'))),
      3389,
    );
    expect(result).toMatchObject({ protocol: 'rdp', dials: 1 });
  });

  it('a web server on 3389 and on 443 is a web server', async () => {
    for (const port of [3389, 443]) {
      expect((await look(web, port)).protocol).toBe('http');
      await server?.close();
    }
  });
});

describe('an answer to the wrong question', () => {
  it('HTTP asked of a TLS port leads to TLS', async () => {
    const wrong = page('<h1>400</h1>The plain HTTP request was sent to HTTPS port', '400 Bad Request');
    const behind = await serve((socket) => tls(socket, web));
    const result = await look((socket) => {
      socket.once('data', (sent) => {
        if (sent[0] !== 22) {
          socket.end(wrong);
          return;
        }
        const through = connect(behind.port, '127.0.0.1', () => through.write(sent));
        through.on('error', () => undefined);
        through.pipe(socket).pipe(through);
      });
    }, 8080);
    await behind.close();
    expect(result.protocol).toBe('https');
    expect(result.facts.tls?.handshake).toBe('complete');
  });

  it('text that belongs to no protocol is kept', async () => {
    const result = await look((socket) =>
      socket.once('data', () => socket.write('ERROR 42 no such verb\r\n')),
    );
    expect(result).toMatchObject({ protocol: 'unknown', status: 'open' });
    expect(result.facts.greeting).toMatchObject({
      protocol: 'unknown-text',
      text: expect.stringContaining('ERROR 42'),
    });
  });

  it('our own words that come back are no text of the server', async () => {
    const result = await look((socket) => socket.pipe(socket));
    expect(result).toMatchObject({ protocol: 'unknown', facts: {} });
  });
});

describe('room for one connection to the host', () => {
  it.each([
    ['http', web],
    ['https', (socket: Socket) => tls(socket, web)],
    ['smtp', smtp],
    ['unknown', () => undefined],
  ] as const)('is enough for %s', async (protocol, onConnection) => {
    server = await serve(onConnection);
    const free = contextFor(server.port, { answerTimeoutMs: 500 });
    let turn = Promise.resolve();
    const dial = (): Promise<Connection> => {
      const wait = turn.then(async () => {
        while (free.held() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
        return free.dial();
      });
      turn = wait.then(() => undefined);
      return wait;
    };
    expect(await converse({ ...free, dial })).toMatchObject({ protocol });
    expect(free.held()).toBe(0);
  });
});

describe('servers that say nothing of use', () => {
  it('silence', async () => {
    const result = await look(() => undefined);
    expect(result).toMatchObject({ protocol: 'unknown', status: 'open', facts: {} });
    expect(result.evidence.length).toBeGreaterThan(0);
    expect(result.ms).toBeLessThan(5000);
  });

  it('closing at once', async () => {
    const result = await look((socket) => socket.end());
    expect(result).toMatchObject({
      protocol: 'unknown',
      status: 'open',
      note: 'the server closed the connection without a word',
    });
  });

  it('an endless stream of bytes', async () => {
    const noise = Buffer.alloc(16_384, 0x81);
    const result = await look((socket) => {
      const timer = setInterval(() => socket.write(noise), 2);
      socket.on('close', () => clearInterval(timer));
    });
    expect(result).toMatchObject({ protocol: 'unknown', facts: {} });
    expect(result.ms).toBeLessThan(5000);
  });

  it('one byte after the other', async () => {
    const banner = 'SSH-2.0-OpenSSH_9.2p1 drip\r\n';
    const result = await look((socket) => {
      let at = 0;
      const timer = setInterval(() => socket.write(banner[at++ % banner.length] ?? ''), 100);
      socket.on('close', () => clearInterval(timer));
    });
    expect(result.protocol).toBe('ssh');
    expect(result.ms).toBeLessThan(5000);
  });

  it('nothing there', async () => {
    server = await serve(() => undefined);
    const { port } = server;
    await server.close();
    expect(await converse(contextFor(port))).toMatchObject({
      protocol: 'unknown',
      status: 'closed',
      evidence: [],
    });
  });

  it('a run that was stopped', async () => {
    server = await serve(() => undefined);
    const context = contextFor(server.port, { signal: AbortSignal.abort() });
    expect(await converse(context)).toMatchObject({ status: 'aborted' });
    expect(context.dials()).toBe(0);
  });
});
