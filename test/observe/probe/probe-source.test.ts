import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRange } from '../../../src/lib/address.ts';
import type { Observation, SweepResult } from '../../../src/model/observation.ts';
import type { Scope } from '../../../src/model/scope.ts';
import type { SourceCoverage } from '../../../src/model/snapshot.ts';
import { createProbeSource, type ProbeSourceOptions } from '../../../src/observe/probe/probe-source.ts';
import type { SourceContext } from '../../../src/observe/source.ts';
import { scopeOf, siteOf } from '../../scope/scope-fixture.ts';
import { serve, type TestServer } from './loopback.ts';
import { keepsNothing } from '../../../src/observe/source.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function smtp(host: string, port = 0): Promise<TestServer> {
  const server = await serve(
    (socket) => {
      socket.write('220 mail.example.jp ESMTP Postfix\r\n');
      socket.on('data', (data) =>
        socket.write(
          data.toString().startsWith('EHLO') ? '250-mail.example.jp\r\n250 STARTTLS\r\n' : '221 bye\r\n',
        ),
      );
    },
    host,
    port,
  );
  servers.push(server);
  return server;
}

interface Result {
  readonly coverage: SourceCoverage;
  readonly observations: readonly Observation[];
  readonly sweeps: readonly SweepResult[];
  readonly done: readonly string[];
}

async function look(
  scope: Scope,
  options: Partial<ProbeSourceOptions> = {},
  context: Partial<SourceContext> = {},
): Promise<Result> {
  const observations: Observation[] = [];
  const sweeps: SweepResult[] = [];
  const done: string[] = [];
  const source = createProbeSource({
    enabled: true,
    discoverOnly: false,
    webRequests: [],
    hinted: () => new Set(),
    ...options,
  });
  const coverage = await source.run({
    scope,
    now: () => new Date(),
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    progress: () => undefined,
    alreadyDone: new Set(),
    earlier: { observations: [], sweeps: [] },
    record: {
      ...keepsNothing,
      observation: (observation) => observations.push(observation),
      sweep: (results) => sweeps.push(...results),
      done: (unit) => done.push(unit),
    },
    ...context,
  });
  return { coverage, observations, sweeps, done };
}

const scopeAt = (ports: number[], over: Partial<Scope> = {}): Scope =>
  scopeOf({
    sites: [siteOf(['127.88.0.0/30'])],
    ...over,
    probe: { ...scopeOf().probe, ports, connectTimeoutMs: 400 },
  });

describe('observe/probe/probe-source', () => {
  it('finds and names a service, and says what it looked at', async () => {
    const server = await smtp('127.88.0.1');
    const { coverage, observations, sweeps } = await look(scopeAt([server.port]));
    expect(observations).toMatchObject([
      { address: '127.88.0.1', port: server.port, protocol: 'smtp', status: 'open', source: 'probe' },
    ]);
    expect(coverage).toMatchObject({ state: 'complete', addresses: 4, looked: 4, answered: 4 });
    expect(coverage.lookedAt).toMatchObject({
      ports: `${server.port}`,
      addresses: ['127.88.0.0-127.88.0.3'],
      unfinished: [],
    });
    expect(sweeps.flatMap(({ open }) => open)).toEqual([server.port]);
  });

  it('sends nothing to what is excluded, although a range holds it', async () => {
    const server = await smtp('127.88.0.2');
    const { coverage, observations } = await look(
      scopeAt([server.port], { exclusions: [parseRange('127.88.0.2')] }),
    );
    expect(server.connections()).toBe(0);
    expect(observations).toEqual([]);
    expect(coverage.notLooked).toEqual([{ what: '127.88.0.2', reason: 'excluded', count: 1 }]);
    expect(coverage.lookedAt?.addresses).toEqual(['127.88.0.0-127.88.0.1', '127.88.0.3']);
  });

  it('sends nothing at all in a passive run, or without permission', async () => {
    const server = await smtp('127.88.0.1');
    expect((await look(scopeAt([server.port]), { enabled: false })).coverage).toMatchObject({
      state: 'off',
      reason: 'passive',
    });
    expect((await look(scopeAt([server.port], { permission: undefined }))).coverage).toMatchObject({
      state: 'off',
      reason: 'no-permission',
    });
    expect(server.connections()).toBe(0);
  });

  it('reports a window that is closed as a failed look, not as nothing found', async () => {
    const server = await smtp('127.88.0.1');
    const day = (new Date().getUTCDay() + 3) % 7;
    const { coverage } = await look(
      scopeAt([server.port], { timezone: 'UTC', windows: [{ days: [day], from: 0, to: 60 }] }),
    );
    expect(server.connections()).toBe(0);
    expect(coverage).toMatchObject({ state: 'failed', reason: 'outside-window', looked: 0 });
    expect(coverage.refusedByScope).toBeGreaterThan(0);
  });

  it('looks at one place only when asked to', async () => {
    const server = await smtp('127.88.0.1');
    await smtp('127.88.0.2', server.port);
    const { coverage, observations } = await look(scopeAt([1, 2, 3]), {
      only: { address: '127.88.0.1', port: server.port },
    });
    expect(observations.map(({ address }) => address)).toEqual(['127.88.0.1']);
    expect(coverage.lookedAt).toMatchObject({ addresses: ['127.88.0.1'], ports: `${server.port}` });
  });

  it('does not look at a place outside the scope, even when asked to', async () => {
    const { coverage } = await look(scopeAt([80]), { only: { address: '127.89.0.1', port: 80 } });
    expect(coverage.requests).toBe(0);
    expect(coverage.notLooked).toEqual([{ what: '127.89.0.1', reason: 'not-in-scope', count: 1 }]);
    expect(coverage.state).toBe('failed');
  });

  it('resumes: talks to doors found before the kill, does not ask again what has been asked', async () => {
    const server = await smtp('127.88.0.1');
    const first = await look(scopeAt([server.port]));
    const before = server.connections();
    const again = await look(
      scopeAt([server.port]),
      {},
      {
        alreadyDone: new Set(first.done),
        earlier: { observations: first.observations, sweeps: first.sweeps },
      },
    );
    expect(server.connections()).toBe(before);
    expect(again.observations).toEqual([]);
    const killed = await look(
      scopeAt([server.port]),
      {},
      { alreadyDone: new Set(first.done), earlier: { observations: [], sweeps: first.sweeps } },
    );
    expect(killed.observations.map(({ protocol }) => protocol)).toEqual(['smtp']);
    expect(killed.coverage.lookedAt).toEqual(first.coverage.lookedAt);
  });

  it('does not take the watermark of another plan for its own', async () => {
    const server = await smtp('127.88.0.1');
    const done = (await look(scopeAt([server.port]), { only: { address: '127.88.0.3', port: server.port } }))
      .done;
    expect(done.length).toBeGreaterThan(0);
    const { observations, coverage } = await look(scopeAt([server.port]), {}, { alreadyDone: new Set(done) });
    expect(observations.length).toBe(1);
    expect(coverage.requests).toBeGreaterThanOrEqual(4);
  });

  it('ends when it is stopped, and lists what it did not come to', async () => {
    const stop = new AbortController();
    stop.abort();
    const { coverage } = await look(scopeAt([22, 80]), {}, { signal: stop.signal });
    expect(coverage).toMatchObject({ state: 'failed', reason: 'interrupted', looked: 0 });
    expect(coverage.lookedAt?.unfinished.length).toBe(4);
  });

  it('only listens on the ports of raw printing: what is sent there comes out on paper', async () => {
    const received: Buffer[] = [];
    const printer = await serve(
      (socket) => socket.on('data', (data) => received.push(data)),
      '127.88.0.1',
      9100,
    );
    servers.push(printer);
    const redirecting = await serve(
      (socket) => {
        socket.on('data', () =>
          socket.end('HTTP/1.1 302 Found\r\nLocation: http://127.88.0.1:9100/\r\nContent-Length: 0\r\n\r\n'),
        );
      },
      '127.88.0.1',
      8080,
    );
    servers.push(redirecting);
    const { observations } = await look(scopeAt([9100, 8080]));
    const at = (port: number): Observation | undefined => observations.find((one) => one.port === port);
    expect(at(9100)).toMatchObject({
      status: 'open',
      protocol: 'unknown',
      note: expect.stringContaining('printer'),
    });
    expect(at(8080)?.facts.http?.notFollowed).toMatchObject([{ location: 'http://127.88.0.1:9100/' }]);
    expect(Buffer.concat(received).toString()).toBe('');
    expect(printer.connections()).toBe(1);
  });

  it('does not sweep a large IPv6 range, but looks at the addresses named in it', async () => {
    const scope = scopeAt([80], {
      sites: [siteOf(['fd00:1::/64'])],
      expected: [],
    });
    const { coverage } = await look(scope);
    expect(coverage.notLooked).toEqual([{ what: 'fd00:1::/64', reason: 'ipv6-too-large', count: 1 }]);
    expect(coverage.requests).toBe(0);
  });
});
