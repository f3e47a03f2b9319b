import { afterEach, describe, expect, it, vi } from 'vitest';
import { Dialer } from '../../../src/observe/probe/dialer.ts';
import { DialError } from '../../../src/observe/probe/connection.ts';
import { Guard } from '../../../src/scope/guard.ts';
import { scopeOf, siteOf } from '../../scope/scope-fixture.ts';
import { serve, type TestServer } from './loopback.ts';

const lookup = vi.hoisted(() => vi.fn<(name: string) => Promise<{ address: string; family: number }[]>>());
vi.mock('node:dns/promises', () => ({ lookup }));

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

function setUp(
  ranges = ['127.0.0.1', '127.99.0.0/28'],
  signal = new AbortController().signal,
): { dialer: Dialer; guard: Guard } {
  const guard = new Guard(scopeOf({ sites: [siteOf(ranges)] }), () => new Date());
  return {
    guard,
    dialer: new Dialer({
      guard,
      limits: { rate: 10_000, perHost: 4, total: 64 },
      signal,
      caps: { received: 5000, evidence: 100 },
    }),
  };
}

async function listen(...parameters: Parameters<typeof serve>): Promise<TestServer> {
  const server = await serve(...parameters);
  servers.push(server);
  return server;
}

describe('observe/probe/dialer', () => {
  it('connects inside the scope and reads up to what was asked for', async () => {
    const server = await listen((socket) => socket.write('SSH-2.0-x\r\nrest'));
    const connection = await setUp().dialer.dial('127.0.0.1', server.port, 1000);
    const line = await connection.read((bytes) => (bytes.includes(10) ? bytes.indexOf(10) + 1 : false), 1000);
    expect(Buffer.from(line.bytes).toString()).toBe('SSH-2.0-x\r\n');
    expect(Buffer.from((await connection.read((bytes) => bytes.length >= 4, 1000)).bytes).toString()).toBe(
      'rest',
    );
    connection.close();
  });

  it('sends nothing to an address outside the scope, and counts the refusal', async () => {
    const server = await listen(() => undefined, '127.98.0.1');
    const { dialer, guard } = setUp();
    await expect(dialer.dial('127.98.0.1', server.port, 500)).rejects.toMatchObject({
      status: 'refused-by-scope',
    });
    expect(dialer.attempts).toBe(0);
    expect(server.connections()).toBe(0);
    expect(guard.refusals.byReason.get('not-in-scope')).toBe(1);
  });

  it('refuses a name of which one address lies outside', async () => {
    lookup.mockResolvedValue([
      { address: '127.0.0.1', family: 4 },
      { address: '127.98.0.1', family: 4 },
    ]);
    await expect(setUp().dialer.dialName('mixed.example.jp', 80, 500)).rejects.toThrow(/in no range/);
  });

  it('connects to the address it checked: a second answer of the name server does not matter', async () => {
    const inside = await listen(() => undefined, '127.0.0.1');
    const outside = await listen(() => undefined, '127.98.0.1', inside.port);
    lookup.mockReset();
    lookup.mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }]);
    lookup.mockResolvedValue([{ address: '127.98.0.1', family: 4 }]);
    const connection = await setUp().dialer.dialName('rebind.example.jp', inside.port, 500);
    expect(connection.address).toBe('127.0.0.1');
    connection.close();
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(outside.connections()).toBe(0);
  });

  it('calls a refused connection closed and a silent one no answer', async () => {
    const server = await listen(() => undefined);
    await server.close();
    const { dialer } = setUp(['127.0.0.1', '192.0.2.1']);
    await expect(dialer.dial('127.0.0.1', server.port, 500)).rejects.toMatchObject({ status: 'closed' });
  });

  it('ends what waits when the run is stopped', async () => {
    const stop = new AbortController();
    const { dialer } = setUp(['127.0.0.1'], stop.signal);
    stop.abort();
    await expect(dialer.dial('127.0.0.1', 9, 500)).rejects.toBeInstanceOf(DialError);
    expect(dialer.attempts).toBe(0);
  });

  it('stops an endless stream at the byte cap and keeps bounded evidence', async () => {
    const server = await listen((socket) => {
      const pour = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(1000, 65)));
        if (!socket.destroyed) socket.once('drain', pour);
      };
      pour();
    });
    const connection = await setUp().dialer.dial('127.0.0.1', server.port, 500);
    const { bytes, ended } = await connection.read(() => false, 3000);
    expect(ended).toBe('limit');
    expect(bytes.length).toBe(5000);
    const evidence = connection.evidence('stream');
    expect(Buffer.from(evidence.received, 'base64').length).toBe(100);
    expect(evidence).toMatchObject({ truncated: true, receivedBytes: 5000 });
    connection.close();
  });

  it('returns what came when a slow server drips', async () => {
    const server = await listen((socket) => {
      const timer = setInterval(() => socket.write('x'), 30);
      socket.on('close', () => clearInterval(timer));
    });
    const connection = await setUp().dialer.dial('127.0.0.1', server.port, 500);
    const { ended, bytes } = await connection.read(() => false, 200);
    expect(ended).toBe('timeout');
    expect(bytes.length).toBeGreaterThan(0);
    connection.close();
  });

  it('gives every place back: many dials, one host, no starvation', async () => {
    const server = await listen((socket) => socket.end('bye'));
    const { dialer } = setUp();
    const one = async (): Promise<string> => {
      const connection = await dialer.dial('127.0.0.1', server.port, 1000);
      const { bytes } = await connection.read(() => false, 1000);
      connection.close();
      connection.close();
      return Buffer.from(bytes).toString();
    };
    const answers = await Promise.all(Array.from({ length: 60 }, one));
    expect(answers.every((answer) => answer === 'bye')).toBe(true);
    expect(dialer.highestPerHost).toBeLessThanOrEqual(4);
  });

  it('survives a reset in the middle of a read', async () => {
    const server = await listen((socket) => {
      socket.write('half');
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    const connection = await setUp().dialer.dial('127.0.0.1', server.port, 500);
    const { bytes, ended } = await connection.read(() => false, 1000);
    expect(ended).toBe('closed');
    expect(Buffer.from(bytes).toString()).toBe('half');
    connection.write(Buffer.from('into the void'));
    connection.close();
  });
});
