import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { Dialer } from '../../src/observe/probe/dialer.ts';
import { Guard } from '../../src/scope/guard.ts';
import { scopeOf, siteOf } from '../scope/scope-fixture.ts';

/** Accepts and resets at once, in a thread of its own: it goes on while this one is busy. */
const SERVER = `
const { createServer } = require('node:net');
const server = createServer((socket) => socket.resetAndDestroy());
server.listen(0, '127.89.1.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port));
`;

let worker: Worker | undefined;
afterEach(async () => {
  await worker?.terminate();
});

it('knows a port as open that accepts and resets before we come to look', async () => {
  worker = new Worker(SERVER, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const dialer = new Dialer({
    guard: new Guard(scopeOf({ sites: [siteOf(['127.89.1.1'])] }), () => new Date()),
    limits: { rate: 1000, perHost: 4, total: 64 },
    signal: new AbortController().signal,
  });
  for (let round = 0; round < 5; round += 1) {
    const attempting = dialer.attempt('127.89.1.1', port, 1000);
    // Far enough for the SYN to be sent; then busy while handshake and reset arrive.
    while (dialer.attempts <= round)
      await new Promise((done) => {
        setTimeout(done, 0);
      });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    const attempt = await attempting;
    expect(attempt.status).toBe('open');
    if (attempt.status !== 'open') return;
    const { bytes, ended } = await attempt.connection.read(() => false, 500);
    expect([bytes.length, ended]).toEqual([0, 'closed']);
    attempt.connection.close();
  }
  // Every place was given back: four were held at most.
  expect(dialer.highestPerHost).toBe(1);
});
