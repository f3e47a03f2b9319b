import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProbeResult } from '../../../../src/observe/probe/probe.ts';
import { otherQuestions, planFor } from '../../../../src/observe/probe/tcp/plan.ts';
import { askEverything, isNotUnderstood } from '../../../../src/observe/probe/tcp/second-look.ts';
import { contextFor, serve, type Loopback } from './context.ts';

let server: Loopback | undefined;

afterEach(() => server?.close());

const SILENT: ProbeResult = { protocol: 'unknown', status: 'open', facts: {}, evidence: [] };

async function look(onConnection: (socket: Socket) => void, before = SILENT, over = {}) {
  server = await serve(onConnection);
  const context = contextFor(server.port, { answerTimeoutMs: 300, ...over });
  const result = await askEverything(context, before);
  expect(context.held()).toBe(0);
  return { result, dials: context.dials(), received: server.received };
}

describe('second look', () => {
  it('is for what is open and not understood', () => {
    expect(isNotUnderstood(SILENT)).toBe(true);
    expect(isNotUnderstood({ ...SILENT, protocol: 'tls' })).toBe(false);
    expect(isNotUnderstood({ ...SILENT, protocol: 'ssh' })).toBe(false);
    expect(isNotUnderstood({ ...SILENT, status: 'closed' })).toBe(false);
  });

  it('asks every question that may be asked anywhere, each on a connection of its own, and nothing of a silent port becomes a fact', async () => {
    const { result, dials } = await look(() => undefined);
    expect(dials).toBeGreaterThanOrEqual(otherQuestions(1).length);
    expect(dials).toBeLessThan(2 * otherQuestions(1).length);
    expect(result).toEqual(SILENT);
  });

  it('finds a protocol on a port of its own', async () => {
    const answer = Buffer.from('+PONG\r\n');
    const { result } = await look((socket) =>
      socket.on('data', (sent) => {
        if (/PING/i.test(sent.toString('latin1'))) socket.write(answer);
      }),
    );
    expect(result.protocol).toBe('redis');
  });

  it('asks inside TLS where the first look found TLS', async () => {
    const folder = resolve(import.meta.dirname, '../../../fixtures/certs');
    const key = readFileSync(resolve(folder, 'rdp-server.key'), 'utf8');
    const cert = readFileSync(resolve(folder, 'rdp-server.crt'), 'utf8');
    const heard: string[] = [];
    const { result } = await look(
      (socket) => {
        const inner = new TLSSocket(socket, { isServer: true, key, cert });
        inner.on('error', () => undefined);
        inner.on('data', (sent: Buffer) => {
          heard.push(sent.toString('latin1'));
          if (/PING/i.test(sent.toString('latin1'))) inner.write('+PONG\r\n');
        });
      },
      { ...SILENT, protocol: 'tls' },
    );
    expect(result.protocol).toBe('redis');
    expect(heard.length).toBeGreaterThan(0);
  });

  it('sends nothing to a raw printing port', async () => {
    const { dials } = await look(() => undefined, SILENT, { port: 9100 });
    expect(dials).toBe(0);
    expect(planFor(9100)).toContain('listen');
  });

  it('ends an endless stream', async () => {
    const began = performance.now();
    await look((socket) => {
      const push = (): void => {
        if (!socket.destroyed) socket.write(Buffer.alloc(65_536, 0xa5), () => setImmediate(push));
      };
      push();
    });
    expect(performance.now() - began).toBeLessThan(25_000);
  }, 30_000);
});
