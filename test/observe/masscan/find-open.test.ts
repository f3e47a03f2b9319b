import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRange } from '../../../src/lib/address.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { findOpenPlaces, type MasscanLook } from '../../../src/observe/masscan/find-open.ts';
import { OpenPlaces } from '../../../src/observe/masscan/open-places.ts';
import { createProbeSource } from '../../../src/observe/probe/probe-source.ts';
import { Guard } from '../../../src/scope/guard.ts';
import { scopeOf, siteOf } from '../../scope/scope-fixture.ts';
import { serve, type TestServer } from '../probe/loopback.ts';
import { fakeTools, runSource, watchedContext, type FakeTools } from '../tools/fake-tool.ts';

const line = (ip: string, port: number): string => `Discovered open port ${port}/tcp on ${ip}          `;
const say = (...lines: string[]): string => `cat <<'EOT'\n${lines.join('\n')}\nEOT`;
const scope = (over: Partial<Scope> = {}): Scope =>
  scopeOf({ sites: [siteOf(['127.99.0.0/30'])], masscan: { use: true, rate: 500 }, ...over });

let tools: FakeTools = fakeTools();
const servers: TestServer[] = [];
afterEach(async () => {
  tools.remove();
  tools = fakeTools();
  for (const server of servers.splice(0)) await server.close();
});

async function find(
  over: Parameters<typeof watchedContext>[0] = {},
  targets = ['127.99.0.0', '127.99.0.1', '::1'],
) {
  const watched = watchedContext({ scope: scope(), ...over });
  const { context } = watched;
  const look = await findOpenPlaces({
    context,
    guard: new Guard(context.scope, context.now),
    targets,
    ports: [22, 80],
  });
  return { ...watched, look };
}

function isLook(look: unknown): asserts look is MasscanLook {
  if (typeof look !== 'object' || look === null || !('isDark' in look))
    throw new Error(`no look: ${JSON.stringify(look)}`);
}

describe('masscan before the own discovery', () => {
  it('is run over the IPv4 places with the exclusions, and tells which were silent', async () => {
    tools.put(
      'masscan',
      say(
        line('127.99.0.1', 80),
        'Discovered closed port 22/tcp on 127.99.0.0',
        line('192.0.2.1', 22),
        'nonsense',
        line('127.99.0.1', 9999),
      ),
    );
    const exclusions = [parseRange('127.99.0.2-127.99.0.3')];
    const { look, done } = await find({ scope: scope({ exclusions }) });
    isLook(look);
    expect(readFileSync(join(tools.folder, 'calls'), 'utf8')).toBe(
      '127.99.0.0-127.99.0.1 -p22,80 --rate 500 --retries 1 --wait 5 --exclude 127.99.0.2/31\n',
    );
    expect(look.isDark('127.99.0.1', 80)).toBe(false);
    expect(look.isDark('127.99.0.1', 22)).toBe(true);
    expect(look.isDark('127.99.0.0', 22)).toBe(true);
    // Nobody asked these.
    expect(look.isDark('::1', 22)).toBe(false);
    expect(look.isDark('127.99.0.0', 443)).toBe(false);
    expect(look.sent).toBe(8);
    tools.put('masscan', 'exit 1');
    const resumed = await find({ scope: scope({ exclusions }), alreadyDone: new Set(done) });
    isLook(resumed.look);
    expect(resumed.look.isDark('127.99.0.1', 80)).toBe(false);
    expect(resumed.look.isDark('127.99.0.1', 22)).toBe(true);
    expect(resumed.look.sent).toBe(0);
  });

  it.each([
    ['lacks the right to raw sockets', 'echo "FAIL: permission denied" >&2; exit 1', 'no-raw-sockets'],
    [
      'fails otherwise',
      `${say(line('127.99.0.1', 80))}\necho "FAIL: could not determine default interface" >&2; exit 1`,
      'tool-failed',
    ],
    ['is killed', 'kill -9 $$', 'tool-failed'],
    ['finds nothing at all, which proves nothing', 'exit 0', undefined],
  ])('leaves the places to the own discovery when it %s', async (_, lines, reason) => {
    tools.put('masscan', lines);
    const { look, done, said } = await find();
    expect(look).toEqual({ reason });
    expect(done).toEqual([]);
    expect(said.join('')).toContain('the own discovery looks at every place itself');
  });

  it('is sent off when it has come to its end and hangs', async () => {
    const noise = (seconds: number): string =>
      `printf 'rate:  0.00-kpps, 100.00%% done, waiting ${seconds}-secs, found=1       \\r' >&2`;
    tools.put('masscan', `${say(line('127.99.0.1', 80))}\n${noise(3)}\n${noise(-2)}\nexec sleep 60`);
    const { look } = await find();
    isLook(look);
    expect(look.isDark('127.99.0.1', 80)).toBe(false);
  });

  it('leaves them to it when masscan is not installed', async () => {
    tools.remove();
    tools = fakeTools(true);
    expect((await find()).look).toEqual({ reason: 'not-installed' });
  });

  it('is not run outside the windows, nor for IPv6', async () => {
    tools.put('masscan', 'exit 0');
    const windows = [{ days: [0], from: 60, to: 120 }];
    const now = (): Date => new Date('2026-11-20T12:00:00Z');
    expect((await find({ scope: scope({ windows, timezone: 'UTC' }), now })).look).toEqual({
      reason: 'outside-window',
    });
    expect((await find({}, ['::1'])).look).toEqual({ reason: undefined });
    expect(existsSync(join(tools.folder, 'calls'))).toBe(false);
  });

  it('takes any bytes for its output', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.constant('\n'), fc.constant(line('10.0.0.1', 22)))),
        (parts) => {
          const places = new OpenPlaces(['10.0.0.1'], [22]);
          places.push(Buffer.from(parts.join('')));
          places.end();
          expect(places.size).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('the own discovery behind masscan', () => {
  const look = (over: Partial<Scope>) =>
    runSource(
      createProbeSource({ enabled: true, discoverOnly: true, webRequests: [], hinted: () => new Set() }),
      { scope: scope(over) },
    );

  it('asks only what masscan found, and says what was looked at', async () => {
    const [heard, unheard] = [
      await serve(() => undefined, '127.99.0.1'),
      await serve(() => undefined, '127.99.0.2'),
    ];
    servers.push(heard, unheard);
    tools.put('masscan', say(line('127.99.0.1', heard.port), line('127.99.0.3', unheard.port)));
    const ports = [heard.port, unheard.port].toSorted((a, b) => a - b);
    const { coverage } = await look({ probe: { ...scopeOf().probe, ports } });
    expect(heard.connections()).toBe(1);
    expect(unheard.connections()).toBe(0);
    expect(coverage).toMatchObject({ state: 'complete', addresses: 4, looked: 4, answered: 2 });
    expect(coverage.lookedAt).toMatchObject({
      addresses: ['127.99.0.0-127.99.0.3'],
      unfinished: [],
      responding: expect.arrayContaining([
        { address: '127.99.0.1', open: `${heard.port}`, closed: '' },
        { address: '127.99.0.3', open: '', closed: `${unheard.port}` },
      ]) as unknown,
    });
    expect(coverage.notLooked).toEqual([]);
  });

  it('looks by itself when masscan cannot, and notes why', async () => {
    const server = await serve(() => undefined, '127.99.0.2');
    servers.push(server);
    tools.put('masscan', 'echo "FAIL: permission denied" >&2; exit 1');
    const { coverage } = await look({ probe: { ...scopeOf().probe, ports: [server.port] } });
    expect(server.connections()).toBe(1);
    expect(coverage).toMatchObject({ state: 'complete', looked: 4 });
    expect(coverage.notLooked).toEqual([{ what: 'masscan', reason: 'no-raw-sockets', count: 0 }]);
  });
});
