import { afterEach, describe, expect, it } from 'vitest';
import { withDeadline } from '../../../../src/observe/probe/tcp/deadline.ts';
import { contextFor, serve, type Loopback } from './context.ts';

let server: Loopback | undefined;
afterEach(() => server?.close());

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the time for one port', () => {
  it('ends every read when it is over, and no connection is opened after it', async () => {
    server = await serve(() => undefined);
    const outer = contextFor(server.port);
    const timed = withDeadline(outer, 150);
    const connection = await timed.context.dial();
    const { ended } = await connection.read(() => false, 5000);
    expect(ended).toBe('closed');
    expect(outer.held()).toBe(0);
    await expect(timed.context.dial()).rejects.toMatchObject({ name: 'DialError', status: 'no-answer' });
    timed.end();
  });

  it('does not run while we wait for a connection', async () => {
    server = await serve(() => undefined);
    const outer = contextFor(server.port);
    const busy = { ...outer, dial: () => sleep(300).then(() => outer.dial()) };
    const timed = withDeadline(busy, 200);
    const connection = await timed.context.dial();
    expect((await connection.read(() => false, 50)).ended).toBe('timeout');
    timed.end();
    expect(outer.held()).toBe(0);
  });

  it('ends a conversation whose bytes come one at a time, long before its time is over', async () => {
    server = await serve((socket) => {
      const timer = setInterval(() => socket.write('x'), 700);
      socket.on('close', () => clearInterval(timer));
    });
    const timed = withDeadline(contextFor(server.port), 60_000);
    const connection = await timed.context.dial();
    const began = performance.now();
    expect((await connection.read(() => false, 30_000)).ended).toBe('closed');
    expect(performance.now() - began).toBeLessThan(6000);
    expect(timed.dripped()).toBe(true);
    timed.end();
  }, 15_000);

  it('waits for a slow line that sends whole words', async () => {
    server = await serve((socket) => {
      const timer = setInterval(() => socket.write('User name: '), 400);
      socket.on('close', () => clearInterval(timer));
    });
    const timed = withDeadline(contextFor(server.port), 60_000);
    const connection = await timed.context.dial();
    expect((await connection.read(() => false, 4500)).ended).toBe('timeout');
    expect(timed.dripped()).toBe(false);
    timed.end();
  }, 15_000);

  it('shortens waits towards its end, but leaves a least one', async () => {
    const outer = contextFor(1, { answerTimeoutMs: 10_000, greetingTimeoutMs: 400 });
    const timed = withDeadline(outer, 1000);
    expect(timed.context.answerTimeoutMs).toBeLessThanOrEqual(1000);
    expect(timed.context.greetingTimeoutMs).toBe(400);
    await sleep(600);
    expect(timed.context.answerTimeoutMs).toBe(500);
    timed.end();
  });
});
