import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withKeptList } from '../../src/cli/advisory-list.ts';
import { kbStatusCommand } from '../../src/cli/kb-status.ts';
import { kbUpdateCommand } from '../../src/cli/kb.ts';
import { AppError } from '../../src/lib/app-error.ts';
import { addDays } from '../../src/lib/time.ts';
import { bytesOf, catalogue, row, ROWS, shipped } from '../knowledge/kev.ts';
import { sekisho } from './command.ts';

let folder = '';
let data = '';
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-kb-'));
  data = join(folder, 'data');
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command with the small knowledge of the tests. A refusal has the code of the AppError in place of a number. */
async function run(
  what: 'status' | 'update',
  options: { file?: string; force?: boolean; json?: boolean } = {},
  given: { now?: string; environment?: Record<string, string> } = {},
): Promise<Outcome & { readonly error?: string }> {
  const out: string[] = [];
  const said: string[] = [];
  const input = {
    shipped,
    environment: { SEKISHO_DATA: data, ...given.environment },
    terminal: {
      result: (text: string) => void out.push(text),
      say: (text: string) => void said.push(text),
      isInteractive: false,
    },
    now: () => new Date(given.now ?? '2026-11-20T00:00:00Z'),
  };
  const outcome = (code: number): Outcome => ({ code, stdout: out.join('\n'), stderr: said.join('\n') });
  try {
    if (what === 'update') return outcome(await kbUpdateCommand(options, input));
    kbStatusCommand(options, input);
    return outcome(0);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...outcome(-1), stderr: error.message, error: error.code };
  }
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, content instanceof Uint8Array ? content : bytesOf(content));
  return path;
}

/** A stand-in for CISA on this machine. */
async function cisa(answer: RequestListener): Promise<{ environment: Record<string, string> }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    environment: { SEKISHO_KEV_ORIGIN: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
  };
}

const kept = (): string => readFileSync(join(data, 'known-exploited.json'), 'utf8');
const released = (at: string): object =>
  catalogue(ROWS, { catalogVersion: at, dateReleased: `${at}T12:00:00Z` });

describe('sekisho kb update', () => {
  it('takes over a list from a file, plain or packed, and tells what it changes', async () => {
    const plain = await run('update', { file: file('kev.json', catalogue()), json: true });
    expect(plain).toMatchObject({ code: 0 });
    expect(JSON.parse(plain.stdout)).toMatchObject({ result: 'updated', entries: 4, withoutRange: 1 });
    expect(plain.stderr).toContain('Took over the known-exploited list 2026.11.10');
    expect(plain.stderr).toContain('No longer in the list: CVE-2023-55555.');
    const packed = await run('update', {
      file: file('kev.json.gz', gzipSync(bytesOf(released('2026-11-11')))),
    });
    expect(packed.code).toBe(0);
    expect(kept()).toContain('"catalogVersion":"2026-11-11"');
  });

  it('fetches it from CISA, and says so when it is the same', async () => {
    const asked: (string | undefined)[] = [];
    const stand = await cisa(({ url }, response) => {
      asked.push(url);
      response.end(bytesOf(catalogue()));
    });
    expect((await run('update', {}, stand)).code).toBe(0);
    const before = kept();
    const again = await run('update', { json: true }, stand);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('there already');
    expect(JSON.parse(again.stdout)).toMatchObject({ result: 'same' });
    expect(kept()).toBe(before);
    expect(asked).toEqual(Array(2).fill('/sites/default/files/feeds/known_exploited_vulnerabilities.json'));
  });

  it.each<[string, RequestListener, string]>([
    [
      'a log-in page',
      (_, response) => void response.end('<html>Please log in</html>'),
      'is a web page, not the list',
    ],
    [
      'half a list',
      (_, response) => void response.end(bytesOf(catalogue()).subarray(0, 300)),
      'in the middle of the JSON',
    ],
    ['an error', (_, response) => void response.writeHead(503).end(), 'HTTP status 503'],
    [
      'a list cut in its count',
      (_, response) => void response.end(bytesOf(catalogue(ROWS, { count: 1400 }))),
      'it is not whole',
    ],
  ])('keeps the old list and exits 30 on %s', async (_what, answer, reason) => {
    await run('update', { file: file('kev.json', catalogue()) });
    const before = kept();
    const { code, stderr } = await run('update', {}, await cisa(answer));
    expect(code).toBe(30);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('The one of 2026-11-10 stays in use.');
    expect(stderr).toContain('sekisho kb update --file FILE');
    expect(kept()).toBe(before);
    expect(readdirSync(data)).toEqual(['known-exploited.json']);
  });

  it('exits 30 without a network, and names the list that is used', async () => {
    const stand = await cisa(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const { code, stderr } = await run('update', {}, stand);
    expect(code).toBe(30);
    expect(stderr).toContain('refuses the connection');
    expect(stderr).toContain('The one that ships, of 2026-08-07, stays in use.');
  });

  it('refuses a file that is no list, and leaves everything as it is', async () => {
    await run('update', { file: file('kev.json', catalogue()) });
    const before = kept();
    for (const content of [
      '<html>',
      '{"a":',
      catalogue([]),
      catalogue([row('CVE-1')]),
      Buffer.from([0x1f, 0x8b, 8]),
    ]) {
      const { error, stderr } = await run('update', { file: file('bad', content), force: true });
      expect(error).toBe('usage');
      expect(stderr).toContain('bad');
      expect(stderr).toContain('Nothing was changed.');
    }
    expect((await run('update', { file: join(folder, 'none.json') })).error).toBe('no-file');
    expect((await run('update', { file: folder })).error).toBe('no-file');
    expect(kept()).toBe(before);
  });

  it('goes back to an older list only by --force, and never behind what ships', async () => {
    await run('update', { file: file('kev.json', released('2026-11-11')) });
    const older = file('older.json', catalogue());
    const refused = await run('update', { file: older });
    expect(refused.error).toBe('usage');
    expect(refused.stderr).toMatch(/is of 2026-11-10, older than the one kept \(2026-11-11\).*--force/);
    expect(kept()).toContain('2026-11-11T12');
    expect((await run('update', { file: older, force: true })).code).toBe(0);
    expect(kept()).toContain('2026-11-10T17');
    const ancient = file(
      'ancient.json',
      catalogue(ROWS.slice(0, 2), { dateReleased: '2026-08-06T00:00:00Z' }),
    );
    const never = await run('update', { file: ancient, force: true });
    expect(never.error).toBe('usage');
    expect(never.stderr).toContain('older than what this sekisho ships with (2026-08-07)');
    expect(never.stderr).not.toContain('--force');
  });

  it('keeps the newer list when CISA, by a cache on the way, gives an older one: nothing is wrong', async () => {
    await run('update', { file: file('kev.json', released('2026-11-11')) });
    const { code, stderr } = await run(
      'update',
      {},
      await cisa((_, response) => void response.end(bytesOf(catalogue()))),
    );
    expect(code).toBe(0);
    expect(stderr).toContain('older than the one kept');
    expect(kept()).toContain('2026-11-11T12');
  });

  it('says that a folder cannot be written, or that there is none', async () => {
    writeFileSync(data, 'in the way');
    const list = file('kev.json', catalogue());
    const blocked = await run('update', { file: list });
    expect(blocked.error).toBe('write-failed');
    expect(blocked.stderr).toContain('in the way');
    const homeless = await run('update', { file: list }, { environment: { SEKISHO_DATA: '' } });
    expect(homeless.error).toBe('usage');
    expect(homeless.stderr).toContain('set SEKISHO_DATA');
  });

  it('lets nobody but this machine stand in for CISA', async () => {
    for (const origin of [
      'https://evil.example',
      'http://192.0.2.1',
      'http://127.0.0.1.evil.example',
      'file:///x',
    ]) {
      const { error } = await run('update', {}, { environment: { SEKISHO_KEV_ORIGIN: origin } });
      expect(error).toBe('not-loopback');
    }
  });
});

describe('sekisho kb status', () => {
  it('tells the shipped list and its age, and what to do when it is old', async () => {
    const fresh = await run('status', {}, { now: '2026-08-21T23:00:00Z' });
    expect(fresh.stdout).toContain('as shipped, of 2026-08-07; 14 days old.');
    expect(fresh.stdout).not.toContain('what became known since');
    const old = await run('status', {}, { now: '2026-08-22T00:00:00Z' });
    expect(old.stdout).toMatch(/15 days old: what became known since is missing.*sekisho kb update/);
    expect(old.stdout).toContain(data);
  });

  it('tells the kept list, the entries without a range, and the makers', async () => {
    const rows = [
      ...ROWS,
      row('CVE-2026-77777', { product: 'FortClient', knownRansomwareCampaignUse: 'Known' }),
    ];
    await run('update', { file: file('kev.json', catalogue(rows)) });
    const { stdout } = await run('status');
    expect(stdout).toContain('2026.11.10, released 2026-11-10T17:04:19Z, 5 entries; 10 days old.');
    expect(stdout).toContain(
      '1 new entry for products that sekisho knows, with no range of releases yet: it makes no finding.',
    );
    expect(stdout).toContain('  CVE-2026-33333  2026-10-10  Fortress, FortOS  (fortress)');
    expect(stdout).toContain('other products of makers that sekisho knows: Fortress 1.');
    expect(stdout).toContain('other makers: 1.');
    const json = JSON.parse((await run('status', { json: true })).stdout) as object;
    expect(json).toMatchObject({
      date: '2026-11-10',
      ageDays: 10,
      stale: false,
      state: 'kept',
      withdrawn: ['CVE-2023-55555'],
      changed: ['CVE-2024-11111', 'CVE-2025-22222'],
      withoutRange: [{ cve: 'CVE-2026-33333', productIds: ['fortress'] }],
      otherOfVendor: { Fortress: 1 },
      others: 1,
    });
  });

  it('does not let a name of the list steer the terminal', async () => {
    const rows = [...ROWS, row('CVE-2026-77777', { product: 'FortOS \u001b[2J\nall clear' })];
    await run('update', { file: file('kev.json', catalogue(rows)) });
    const { stdout } = await run('status');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toMatch(/^all clear/m);
  });

  it('tells a list that cannot be used, and one that is older than what ships', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'known-exploited.json'), '{"schema":1');
    expect((await run('status')).stdout).toMatch(
      /as shipped[^]*ends in the middle of the JSON.*so it is not used/,
    );
    const old = catalogue(ROWS.slice(0, 2), { dateReleased: '2026-08-07T00:00:00Z' });
    await run('update', { file: file('old.json', old) });
    const newer = { ...shipped, advisoryData: '2026-09-01' };
    const said: string[] = [];
    const terminal = {
      result: (text: string) => void said.push(text),
      say: () => undefined,
      isInteractive: false,
    };
    kbStatusCommand(
      {},
      { shipped: newer, environment: { SEKISHO_DATA: data }, terminal, now: () => new Date('2026-09-02') },
    );
    expect(said.join('\n')).toMatch(
      /as shipped, of 2026-09-01[^]*older than the shipped one, so it is not used/,
    );
  });
});

describe('the list in every other command', () => {
  const said: string[] = [];
  const terminal = {
    result: () => undefined,
    say: (text: string) => void said.push(text),
    isInteractive: false,
  };
  beforeEach(() => void said.splice(0));

  it('is merged where it is kept, and nothing is said', async () => {
    await run('update', { file: file('kev.json', catalogue()) });
    const knowledge = withKeptList(shipped, { SEKISHO_DATA: data }, terminal);
    expect(knowledge.advisoryData).toBe('2026-11-10');
    expect(knowledge.advisoryList?.catalogVersion).toBe('2026.11.10');
    expect(said).toEqual([]);
  });

  it('gives way to what ships when it is broken, and that is told', () => {
    mkdirSync(data);
    writeFileSync(join(data, 'known-exploited.json'), 'not a list');
    expect(withKeptList(shipped, { SEKISHO_DATA: data }, terminal)).toBe(shipped);
    expect(said.join('\n')).toMatch(
      /^warning: .*known-exploited\.json is not JSON.*of 2026-08-07.*kb update/,
    );
    expect(withKeptList(shipped, {}, terminal)).toBe(shipped);
  });

  it('is told by the commands as they are called, with exit code 2 for a file that is no list', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const environment = { SEKISHO_DATA: data };
    const bad = await sekisho(['kb', 'update', '--file', file('bad.json', '<html>')], environment);
    expect(bad).toMatchObject({ code: 2, stdout: '' });
    const rows = [row('CVE-2026-33333', { dateAdded: addDays(today, -1) })];
    const list = file('kev.json', catalogue(rows, { dateReleased: `${today}T00:00:00Z` }));
    // One row is far less than the product files know: only by force.
    expect((await sekisho(['kb', 'update', '--file', list], environment)).stderr).toContain(
      'does not look whole',
    );
    expect((await sekisho(['kb', 'update', '--file', list, '--force'], environment)).code).toBe(0);
    const status = await sekisho(['kb', 'status', '--json'], environment);
    expect(JSON.parse(status.stdout)).toMatchObject({ date: today, ageDays: 0, stale: false, state: 'kept' });
    const org = join(folder, 'org.yaml');
    writeFileSync(
      org,
      `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [127.87.0.0/30] }
permission: { by: director, reference: "1", valid-until: 2099-01-01 }
shodan: { use: no }
`,
    );
    const scan = await sekisho(
      ['scan', org, '--passive', '--json', '--reports', join(folder, 'reports')],
      environment,
    );
    expect(JSON.parse(scan.stdout)).toMatchObject({
      advisoryData: { date: today, ageDays: 0, stale: false },
    });
    expect(scan.stderr).not.toContain('kb update');
    expect((await sekisho(['kb'], environment)).code).toBe(2);
    expect((await sekisho(['kb', 'update', '--url', 'http://127.0.0.1'], environment)).code).toBe(2);
  });
});
