import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  clientFrame,
  parseGreeting,
  parseSecurityFrames,
  upgradeRequest,
} from '../../../../src/observe/probe/protocols/vnc-websocket/packets.ts';
import {
  mentionsVncWebSocket,
  vncWebSocketQuestion,
} from '../../../../src/observe/probe/protocols/vnc-websocket/question.ts';
import { askTcp, askTcpWithTls } from './line.ts';
import { expectBounded, hex, OTHER_SERVERS, text } from './mutated.ts';

/** qemu-system-x86 7.2+dfsg-7+deb12u18: `-vnc …,websocket=5700`. */
const QEMU = text(
  'HTTP/1.1 101 Switching Protocols',
  'Server: QEMU VNC',
  'Date: Sat, 21 Nov 2026 03:08:27 GMT',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: SCo0iJhHWE74ahOo6nCo+rrihfU=',
  'Sec-WebSocket-Protocol: binary',
  '',
  '\x82\x0cRFB 003.008\n',
);
/** What the same says to any other path. */
const QEMU_404 = text(
  'HTTP/1.1 404 Not Found',
  'Server: QEMU VNC',
  'Date: Sat, 21 Nov 2026 03:08:27 GMT',
  'Connection: close',
  '',
  '',
);
/** websockify 0.10.0+dfsg1-4+b1. */
const WEBSOCKIFY = text(
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: SCo0iJhHWE74ahOo6nCo+rrihfU=',
  'Sec-WebSocket-Protocol: binary',
  '',
  '\x82\x0cRFB 003.008\n',
);
/** cockpit-ws 287.1 to the same request. */
const COCKPIT = text('HTTP/1.1 403 Forbidden', 'Connection: close', '', '<html></html>');
const TYPES_NONE = hex('82020101');
const TYPES_PASSWORD = hex('82020102');

/** QEMU's greeting with one thing different. */
function changed(from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(QEMU).toString('latin1').replace(from, to), 'latin1');
}

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** Answers the n-th write of a client with the n-th part; connections are counted. */
async function server(
  answers: (path: string) => readonly Uint8Array[],
  send: (socket: Socket, bytes: Uint8Array) => unknown = (socket, bytes) => socket.write(bytes),
): Promise<{ port: number; heard: Buffer[]; paths: string[] }> {
  const heard: Buffer[] = [];
  const paths: string[] = [];
  const listening = createServer((socket) => {
    let parts: readonly Uint8Array[] = [];
    let next = 0;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard.push(bytes);
      const path = /^GET (\S+) /.exec(bytes.toString('latin1'))?.[1];
      if (path !== undefined) {
        paths.push(path);
        parts = answers(path);
        next = 0;
      }
      const part = parts[next];
      next += 1;
      if (part === undefined) socket.end();
      else send(socket, part);
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => listening.close() });
  return { port: (listening.address() as AddressInfo).port, heard, paths };
}

describe('frames', () => {
  it('asks as RFC 6455 wants it', () => {
    expect(Buffer.from(upgradeRequest('192.0.2.1:5700', '/')).toString('latin1')).toBe(
      'GET / HTTP/1.1\r\nHost: 192.0.2.1:5700\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: c2VraXNoby12bmMtd3MtMQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: binary\r\n\r\n',
    );
  });

  it('masks what the client sends', () => {
    const frame = clientFrame(Buffer.from('RFB 003.008\n'));
    expect(frame).toHaveLength(18);
    expect([...frame.subarray(0, 2)]).toEqual([0x82, 0x8c]);
    const mask = frame.subarray(2, 6);
    const plain = frame.subarray(6).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    expect(Buffer.from(plain).toString()).toBe('RFB 003.008\n');
  });

  it('reads the greeting of QEMU and of websockify, and waits while it is not whole', () => {
    expect(parseGreeting(QEMU)).toMatchObject({ server: 'QEMU VNC', version: { text: '003.008' } });
    expect(parseGreeting(WEBSOCKIFY)).toMatchObject({ server: undefined, version: { text: '003.008' } });
    for (let length = 0; length < WEBSOCKIFY.length; length += 1)
      expect(parseGreeting(WEBSOCKIFY.subarray(0, length))).toBe('more');
  });

  it('puts together what lies in several frames, and passes over a ping', () => {
    const head = WEBSOCKIFY.subarray(0, WEBSOCKIFY.length - 14);
    const pieces = hex('0204', '52464220', '8900', '8008', '3030332e3030380a');
    expect(parseGreeting(Buffer.concat([head, pieces]))).toMatchObject({ version: { text: '003.008' } });
    expect(parseSecurityFrames(TYPES_NONE, 8)).toEqual({ types: [1] });
    expect(parseSecurityFrames(hex('82'), 8)).toBe('more');
  });

  it.each([
    ['another key', changed('SCo0', 'XCo0')],
    ['another protocol inside', changed('RFB 003', 'SSH-2.0')],
    ['a masked frame', changed('\x82\x0c', '\x82\x8c')],
    ['a good-bye', changed('\x82\x0c', '\x88\x0c')],
    ['a text frame', changed('\x82\x0c', '\x81\x0c')],
    ['a frame of 64 bit', changed('\x82\x0c', '\x82\x7f')],
    ['a refusal', COCKPIT],
    ['the wrong path', QEMU_404],
  ])('does not take %s for it', (_name, bytes) => {
    expect(parseGreeting(bytes)).toBeUndefined();
    expect(vncWebSocketQuestion.read(bytes)).toBeUndefined();
  });

  it('takes no other server for one, and stays within bounds whatever comes', () => {
    for (const other of OTHER_SERVERS) expect(vncWebSocketQuestion.read(other)).toBeUndefined();
    expectBounded(vncWebSocketQuestion, [QEMU, WEBSOCKIFY]);
  });
});

describe('the question', () => {
  it('finds the screen of QEMU that asks for nothing, and sends no more than a version', async () => {
    const { port, heard, paths } = await server((path) => (path === '/' ? [QEMU, TYPES_NONE] : [QEMU_404]));
    expect(await askTcp(vncWebSocketQuestion, port)).toEqual({
      name: 'vnc-websocket',
      access: 'open',
      product: 'QEMU VNC',
      fields: [
        ['rfb-version', '003.008'],
        ['security-type', 'None'],
        ['path', '/'],
      ],
      concerns: ['no-authentication-type', 'clear-text'],
    });
    expect(paths).toEqual(['/']);
    expect(heard).toHaveLength(2);
    expect(heard[1]).toEqual(Buffer.from(clientFrame(Buffer.from('RFB 003.008\n'))));
  });

  it('asks for noVNC’s own path where the first leads nowhere', async () => {
    const { port, paths } = await server((path) => (path === '/' ? [COCKPIT] : [WEBSOCKIFY, TYPES_PASSWORD]));
    const facts = await askTcp(vncWebSocketQuestion, port);
    expect(paths).toEqual(['/', '/websockify']);
    expect(facts).toMatchObject({ access: 'password', concerns: ['clear-text'] });
    expect(facts?.fields).toContainEqual(['path', '/websockify']);
  });

  it('says that it was turned away', async () => {
    const refusal = Buffer.concat([hex('821400', '0000000f'), Buffer.from('Too many\x1b fail.')]);
    const { port } = await server(() => [WEBSOCKIFY, refusal]);
    expect(await askTcp(vncWebSocketQuestion, port)).toMatchObject({
      access: 'turned-away',
      fields: [
        ['rfb-version', '003.008'],
        ['path', '/'],
        ['refusal', 'Too many␛ fail.'],
      ],
    });
  });

  it('says what it knows when the server falls silent after its greeting', async () => {
    const { port } = await server(() => [WEBSOCKIFY]);
    expect(await askTcp(vncWebSocketQuestion, port)).toMatchObject({ access: 'unknown', concerns: [] });
  });

  it('reads one byte at a time', async () => {
    const { port } = await server(
      () => [WEBSOCKIFY, TYPES_NONE],
      async (socket, bytes) => {
        for (const byte of bytes) {
          socket.write(Uint8Array.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    );
    expect(await askTcp(vncWebSocketQuestion, port)).toMatchObject({ access: 'open' });
  });

  it.each([
    ['silence', [new Uint8Array()]],
    ['a close', []],
    ['garbage', [Buffer.alloc(4000, 0x82)]],
    ['a stream without end', [Buffer.alloc(200_000, 'HTTP/1.1 101 x\r\nA: b\r\n')]],
  ])('gives up on %s and holds nothing', async (_name, parts) => {
    const { port } = await server(() => parts);
    const result = await askTcpWithTls(vncWebSocketQuestion, port, { answerTimeoutMs: 200 });
    expect(result).toMatchObject({ facts: undefined, held: 0 });
  });
});

describe('the hint in a page', () => {
  const page = {
    method: 'GET',
    path: '/',
    status: 200,
    headers: [] as [string, string][],
    body: '',
    bodyBytes: 0,
  };
  const answer = { ...page, bodySha256: '', truncated: false };

  it('is the title of noVNC, a listing of its files, or the server', () => {
    const hints = [
      { ...answer, title: 'noVNC' },
      { ...answer, body: '<li><a href="vnc.html">vnc.html</a></li>' },
      { ...answer, headers: [['Server', 'WebSockify Python/3.11.7']] as [string, string][] },
      { ...answer, headers: [['server', 'QEMU VNC']] as [string, string][] },
    ];
    for (const hint of hints) expect(mentionsVncWebSocket({ answers: [hint] })).toBe(true);
    expect(mentionsVncWebSocket({ answers: [{ ...answer, title: 'How to use noVNCs' }, answer] })).toBe(
      false,
    );
    expect(mentionsVncWebSocket({ answers: [{ ...answer, title: 'noVNC', control: true }] })).toBe(false);
  });
});
