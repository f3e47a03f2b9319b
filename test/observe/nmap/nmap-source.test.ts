import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRange } from '../../../src/lib/address.ts';
import type { NmapSettings, Scope } from '../../../src/model/scope.ts';
import { createNmapSource } from '../../../src/observe/nmap/nmap-source.ts';
import { scopeOf, siteOf } from '../../scope/scope-fixture.ts';
import { fakeTools, runSource, type FakeTools } from '../tools/fake-tool.ts';

const settings: NmapSettings = {
  use: true,
  ports: [22, 2121],
  options: ['-sV'],
  scripts: ['banner'],
  timeoutMinutes: 5,
};
const scope = (over: Partial<Scope> = {}): Scope =>
  scopeOf({ sites: [siteOf(['127.99.0.0/30'])], nmap: settings, ...over });
const source = createNmapSource({ enabled: true });

const HEAD = '<?xml version="1.0"?><nmaprun scanner="nmap" start="1795202100">';
const hostXml = (address: string, rest = ''): string =>
  `<host endtime="1795202142"${rest}><status state="up"/><address addr="${address}" addrtype="ipv4"/><ports><port protocol="tcp" portid="22"><state state="open"/></port></ports></host>`;
const FOUR = [0, 1, 2, 3].map((last) => hostXml(`127.99.0.${last}`)).join('');
const END = '<runstats><finished exit="success"/></runstats></nmaprun>';
const say = (xml: string): string => `cat <<'XML'\n${xml}\nXML`;

let tools: FakeTools = fakeTools();
afterEach(() => {
  tools.remove();
  tools = fakeTools();
});
const calls = (): string[] => {
  const file = join(tools.folder, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
};

describe('nmap as a source', () => {
  it('reads what nmap prints, says what was looked at, and marks the work as done', async () => {
    tools.put(
      'nmap',
      `cat > '${tools.folder}/targets'\necho 'WARNING: percent of something' >&2\n${say(HEAD + FOUR + END)}`,
    );
    const { coverage, observations, done, said } = await runSource(source, { scope: scope() });
    expect(coverage).toMatchObject({
      source: 'nmap',
      vantage: 'here',
      state: 'complete',
      addresses: 4,
      looked: 4,
      answered: 4,
      requests: 4,
      refusedByScope: 0,
    });
    expect(
      observations.map(({ address, source: name, vantage, file }) => [address, name, vantage, file]),
    ).toEqual([0, 1, 2, 3].map((last) => [`127.99.0.${last}`, 'nmap', 'here', undefined]));
    expect(done).toHaveLength(1);
    expect(said.join('')).toContain('percent of something');
    expect(readFileSync(join(tools.folder, 'targets'), 'utf8')).toBe(
      '127.99.0.0\n127.99.0.1\n127.99.0.2\n127.99.0.3\n',
    );
    expect(calls()).toEqual([
      '-oX - -n -Pn --disable-arp-ping --noninteractive --stats-every 5s --max-rate 1000 --host-timeout 5m -p 22,2121 -sV --script banner -iL -',
    ]);
    const again = await runSource(source, { scope: scope(), alreadyDone: new Set(done) });
    expect(calls()).toHaveLength(1);
    expect(again.coverage).toMatchObject({ state: 'complete', looked: 4 });
  });

  it('leaves exclusions out, twice, and takes IPv6 in a call of its own', async () => {
    tools.put('nmap', `cat >> '${tools.folder}/targets'\n${say(HEAD + END)}`);
    const exclusions = [parseRange('127.99.0.1-127.99.0.2')];
    const sites = [siteOf(['127.99.0.0/30', '::1'])];
    const { coverage } = await runSource(source, { scope: scope({ exclusions, sites }) });
    expect(readFileSync(join(tools.folder, 'targets'), 'utf8')).toBe('127.99.0.0\n127.99.0.3\n::1\n');
    expect(calls()[0]).toContain('--exclude 127.99.0.1,127.99.0.2');
    expect(calls()[1]).toMatch(/^-oX - -6 /);
    // A whole answer without the hosts that were asked about is no look at them.
    expect(coverage).toMatchObject({ state: 'failed', reason: 'unfinished', looked: 0 });
    expect(coverage.notLooked).toContainEqual({
      what: '127.99.0.1-127.99.0.2',
      reason: 'excluded',
      count: 2,
    });
  });

  it.each([
    ['is switched off', { nmap: { ...settings, use: false } }, true, 'switched-off'],
    ['is not asked for by a passive run', {}, false, 'passive'],
    ['has no permission', { permission: undefined }, true, 'no-permission'],
  ] as const)('starts nothing when it %s', async (_, over, enabled, reason) => {
    tools.put('nmap', 'exit 0');
    const { coverage } = await runSource(createNmapSource({ enabled }), { scope: scope(over) });
    expect(coverage).toMatchObject({ state: 'off', reason });
    expect(calls()).toEqual([]);
  });

  it('starts nothing outside the time windows', async () => {
    tools.put('nmap', 'exit 0');
    const windows = [{ days: [0], from: 60, to: 120 }];
    const { coverage } = await runSource(source, {
      scope: scope({ windows, timezone: 'UTC' }),
      now: () => new Date('2026-11-20T12:00:00Z'),
    });
    expect(coverage).toMatchObject({ state: 'failed', reason: 'outside-window', looked: 0 });
    expect(calls()).toEqual([]);
  });

  it('is told in a sentence when nmap is not installed', async () => {
    tools.remove();
    tools = fakeTools(true);
    const { coverage, said } = await runSource(source, { scope: scope() });
    expect(coverage).toMatchObject({ state: 'off', reason: 'not-installed', looked: 0 });
    expect(coverage.notLooked).toEqual([
      { what: '127.99.0.0, 127.99.0.1, 127.99.0.2, 127.99.0.3', reason: 'not-installed', count: 4 },
    ]);
    expect(said.join('')).toContain('nmap is not installed');
  });

  it.each([
    ['prints nothing', ''],
    ['prints what is no XML', 'echo nonsense'],
    [
      'says that it failed',
      say(`${HEAD}<runstats><finished exit="error" errormsg="no script engine"/></runstats></nmaprun>`),
    ],
    ['ends with exit code 1', `${say(HEAD + END)}\nexit 1`],
    ['is killed', 'kill -9 $$'],
  ])('has failed when nmap %s', async (_, lines) => {
    tools.put('nmap', `cat > /dev/null\n${lines}`);
    const { coverage, done } = await runSource(source, { scope: scope() });
    expect(coverage).toMatchObject({ state: 'failed', reason: 'tool-failed', looked: 0, answered: 0 });
    expect(coverage.notLooked).toEqual([
      { what: '127.99.0.0, 127.99.0.1, 127.99.0.2, 127.99.0.3', reason: 'tool-failed', count: 4 },
    ]);
    expect(done).toEqual([]);
  });

  it('keeps the hosts of an output that ends too soon, and does not call it whole', async () => {
    tools.put(
      'nmap',
      `cat > /dev/null\n${say(`${HEAD}${hostXml('127.99.0.0')}${hostXml('127.99.0.1', ' timedout="true"')}<host><status`)}`,
    );
    const { coverage, observations } = await runSource(source, { scope: scope() });
    expect(observations).toHaveLength(2);
    expect(coverage).toMatchObject({ state: 'partial', reason: 'tool-failed', looked: 1 });
    expect(coverage.notLooked[0]?.count).toBe(3);
  });

  it('gives up after two failures in a row, and says so of the rest', async () => {
    tools.put('nmap', 'cat > /dev/null\nexit 1');
    const { coverage } = await runSource(source, { scope: scope({ sites: [siteOf(['127.99.0.0/24'])] }) });
    expect(calls()).toHaveLength(2);
    expect(coverage.notLooked).toEqual([expect.objectContaining({ reason: 'tool-failed', count: 256 })]);
  });

  it('leaves out an address that it was not asked about', async () => {
    tools.put('nmap', `cat > /dev/null\n${say(HEAD + FOUR + hostXml('192.0.2.1') + END)}`);
    const { observations, coverage } = await runSource(source, { scope: scope() });
    expect(observations).toHaveLength(4);
    expect(coverage.state).toBe('complete');
  });

  it('ends nmap on Ctrl-C, one that does not want to as well, and keeps what was read', async () => {
    tools.put(
      'nmap',
      `trap '' TERM\ncat > /dev/null\n${say(`${HEAD}${hostXml('127.99.0.0')}`)}\necho $$ > '${tools.folder}/pid'\nsleep 60 & wait`,
    );
    const stop = new AbortController();
    const running = runSource(source, { scope: scope(), signal: stop.signal });
    while (!existsSync(join(tools.folder, 'pid'))) await new Promise((done) => setTimeout(done, 20));
    stop.abort();
    const { coverage, observations } = await running;
    expect(observations.map(({ address }) => address)).toEqual(['127.99.0.0']);
    expect(coverage).toMatchObject({ state: 'partial', reason: 'interrupted', looked: 1 });
    expect(isAlive(Number(readFileSync(join(tools.folder, 'pid'), 'utf8')))).toBe(false);
  }, 15_000);

  it('ends nmap when its time is up', async () => {
    tools.put('nmap', 'cat > /dev/null\nexec sleep 60');
    const short = { ...settings, timeoutMinutes: 0.005 };
    const { coverage } = await runSource(source, { scope: scope({ nmap: short }) });
    expect(coverage).toMatchObject({ state: 'failed', reason: 'unfinished' });
  });

  it('leaves no handlers behind, gives nmap no key, and survives much noise', async () => {
    process.env['SHODAN_API_KEY'] = 'SECRET';
    process.env['NMAP_ARGS'] = '-A';
    tools.put(
      'nmap',
      `cat > /dev/null\nenv > '${tools.folder}/env'\nhead -c 3000000 /dev/zero | tr '\\0' e >&2\n${say(HEAD + FOUR + END)}`,
    );
    const count = (): number[] =>
      ['SIGINT', 'SIGTERM', 'uncaughtException'].map((name) => process.listenerCount(name));
    const before = count();
    const { coverage } = await runSource(source, { scope: scope() });
    delete process.env['SHODAN_API_KEY'];
    delete process.env['NMAP_ARGS'];
    expect(count()).toEqual(before);
    expect(coverage.state).toBe('complete');
    const environment = readFileSync(join(tools.folder, 'env'), 'utf8');
    expect(environment).toContain('PATH=');
    expect(environment).not.toMatch(/SECRET|NMAP_ARGS/);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
